"""Random expressions of NumPy's functions on small arrays of all kinds, against NumPy: values, types, order in memory.

    python -m random_calls [--first SEED] [--count N] [--compiled] [--show SEED]

No statements but one or two assignments: what single functions make of each other's results, of numbers, of arrays
with no, one or zero elements along a dimension, in rows and in columns.
"""

import random
import sys

import numpy as np

from random_programs import LineWriter, held_against_numpy, search

KINDS = ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool", "complex128",
         "complex64"]
ATOMS = ["a", "a", "a", "b", "b", "c", "x", "x", "s", "k", "a.T", "a.T", "2", "-1", "0.5", "True", "1j", "np.float32(2)", "np.int8(3)",
         "np.uint8(200)", "[1, 2, 3]"]
OF_ONE = """abs negative positive sign square sqrt rint floor ceil trunc conj real imag isnan isfinite isinf signbit reciprocal
    logical_not invert exp fabs exp2 nan_to_num isreal iscomplex angle fix round sort argsort cumsum cumprod ravel squeeze flip fliplr
    flipud transpose diff unique atleast_1d atleast_2d atleast_3d copy array asarray zeros_like ones_like triu tril ascontiguousarray
    asfortranarray flatnonzero rot90 diagonal diag diagflat nancumsum bitwise_count ediff1d nonzero gradient sort_complex""".split()
OF_TWO = """add subtract multiply divide floor_divide mod fmod minimum maximum fmin fmax equal not_equal less greater logical_and logical_or
    logical_xor bitwise_and bitwise_or bitwise_xor hypot arctan2 copysign heaviside gcd lcm dot inner outer append isclose union1d
    intersect1d setdiff1d isin vdot matmul broadcast_arrays vecdot array_equal allclose convolve correlate cross extract""".split()
REDUCED = """sum prod max min mean std var any all argmax argmin ptp nansum nanmax nanmin nanmean nanprod count_nonzero median average
    nanvar nanmedian""".split()
AXES = ["", "", ", axis=0", ", axis=-1", ", axis=1", ", axis=(0, 1)", ", axis=0, keepdims=True", ", keepdims=True"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "<", "==", "!=", "&", "|", ">", "@"]
SUBSCRIPTS = ["[0]", "[-1]", "[1:]", "[::-1]", "[:, 0]", "[..., 0]", "[None]", "[:, None]", "[::2]", "[:1]", "[:0]", "[..., ::-1]", "[x > 0]",
              "[[0, -1]]", "[:, 1:]", "[..., None]", "[()]"]
ATTRIBUTES = """T real imag sum() max() copy() ravel() reshape(-1) reshape(1,-1) flatten() mean() any() all() cumsum() dtype.type(2) size shape
    ndim round() conj() swapaxes(0,-1) min(axis=-1) sum(axis=0) argmax() clip(0,2) dot(x) squeeze() nonzero() item() tolist() repeat(2)
    std() var(axis=0) prod()""".split()
OTHERS = ["np.where({e}, {e}, {e})", "np.power({e}, 2)", "np.power({e}, 0.5)", "np.power({e}, x)", "np.left_shift({e}, 1)", "({e} ** 2)",
          "np.right_shift({e}, np.uint8(1))", "np.float_power({e}, 2)", "np.ldexp({e}, 2)", "np.concatenate(({e}, {e}))", "np.stack(({e}, {e}))",
          "np.concatenate(({e}, {e}), axis=-1)", "np.stack(({e}, {e}), axis=-1)", "np.hstack(({e}, {e}))", "np.vstack(({e}, {e}))",
          "np.dstack(({e}, {e}))", "np.column_stack(({e}, {e}))", "np.searchsorted(np.sort(np.ravel({e})), {e})", "np.take({e}, 0)",
          "np.take({e}, [0, -1], axis=0)", "np.take({e}, [[0], [1]])", "np.tensordot({e}, {e}, 1)", "np.compress([True, False, True], {e})",
          "np.clip({e}, {e}, {e})", "np.full((2, 3), {e})", "np.repeat({e}, 2)", "np.repeat({e}, 2, axis=0)", "np.tile({e}, (2, 1))", "np.pad({e}, 1)",
          "np.roll({e}, 1)", "np.roll({e}, 1, axis=0)", "(np.broadcast_to({e}, (2, 3)) * 1)", "np.expand_dims({e}, -1)", "np.insert({e}, 1, {e})",
          "np.delete({e}, 0)", "np.linspace({e}, {e}, 3)", "np.arange({e})", "np.meshgrid({e}, {e})[0]", "np.percentile({e}, 50)",
          "np.histogram({e}, 3)[0]", "np.sum({e}, dtype=np.{t})", "np.array([{e}, {e}])", "np.moveaxis({e}, 0, -1)", "np.array_split({e}, 2)[1]",
          "np.interp({e}, [0, 1, 2], [3, 4, 6])", "np.select([{e}], [{e}])", "np.rollaxis({e}, 1)", "np.bincount({e})", "np.unwrap({e})",
          "np.digitize({e}, [0, 1, 2])", "np.add.reduce({e})", "np.multiply.outer({e}, {e})", "np.add.accumulate({e})", "np.trace({e})",
          "np.quantile({e}, 0.25, axis=0)", "np.resize({e}, (2, 2))", "np.choose([0, 1], ({e}, {e}))", "np.result_type({e}, {e}) == np.float64",
          "len({e})", "float({e})", "int({e})", "abs({e})", "divmod({e}, {e})[0]", "max({e}, {e})", "round({e})", "bool({e})", "(-({e}))", "(~({e}))",
          "(not ({e}))", "({e}).astype(np.{t})", "np.vander({e}, 3)", "np.correlate({e}, {e}, 'same')"]


class Writer(LineWriter):
    def fill(self, pattern, depth):
        while "{" in pattern:
            at = pattern.index("{")
            value = self.expression(depth + 1) if pattern[at + 1] == "e" else self.pick(*KINDS[:-3])
            pattern = pattern[:at] + value + pattern[at + 3:]
        return pattern

    def expression(self, depth=0):
        kind = self.random.random()
        if depth > 2 or kind < 0.22:
            return self.pick(*ATOMS)
        if kind < 0.42:
            pattern = f"np.{self.pick(*OF_ONE)}({{e}})"
        elif kind < 0.54:
            pattern = f"np.{self.pick(*OF_TWO)}({{e}}, {{e}})"
        elif kind < 0.65:
            pattern = f"np.{self.pick(*REDUCED)}({{e}}{self.pick(*AXES)})"
        elif kind < 0.76:
            pattern = f"({{e}} {self.pick(*OPERATORS)} {{e}})"
        elif kind < 0.84:
            pattern = f"({{e}}){self.pick(*SUBSCRIPTS)}"
        elif kind < 0.9:
            pattern = f"({{e}}).{self.pick(*ATTRIBUTES)}"
        else:
            pattern = self.pick(*OTHERS)
        return self.fill(pattern, depth)

    def program(self):
        lines = ["import numpy as np", "", "def program(a, b, c, x, s, k):"]
        for name, probability in (("x", 0.4), ("c", 0.3)):
            if self.random.random() < probability:
                lines.append(f"    {name} = {self.expression(1)}")
        results = [self.expression() for _ in range(self.pick(1, 2))]
        return "\n".join([*lines, f"    return {', '.join(results)},"]) + "\n"


def text_of(seed):
    return Writer(seed).program()


def arguments_of(seed, k):
    """Kinds and ranks by the seed, extents and values by k."""
    kinds, rng = random.Random(seed), np.random.default_rng([seed, k])

    def array(shape, kind):
        values = rng.integers(-4, 6, shape)
        values = (abs(values) if kind[0] in "ub" else values).astype(kind)
        if kind[0] in "fc":
            values = values / np.dtype(kind).type(2)
            if rng.random() < 0.15 and values.size:
                values.flat[0] = [np.nan, np.inf, -np.inf, -0.0][int(rng.integers(4))]
        return values
    of_a, of_b, of_c, of_x, of_s = (kinds.choice(KINDS) for _ in range(5))
    n, m = [(2, 3), (3, 3), (1, 3), (3, 1), (2, 2), (0, 3), (3, 0), (1, 1), (2, 3)][int(rng.integers(9))]
    a, b, c = array((n, m), of_a), array([(n, m), (m,), (m, n), (1, m)][kinds.randrange(4)], of_b), array((2, n, m), of_c)
    x, s = array((m,), of_x), array((1,), of_s)[0]
    if k % 4 == 1:
        a = np.asfortranarray(a)
    if k % 4 == 2:
        b = b[::-1]
    return [a, b, c, x, s, int(rng.integers(-2, 5))]


def copies(arguments):
    return [each.copy(order="K") if isinstance(each, np.ndarray) else each for each in arguments]


def order_of(array):
    return array.flags.c_contiguous, array.flags.f_contiguous


def same(found, expected, coarse):
    """Of one class, type and order in memory (if it is one); values but for what sums and functions round, by the coarsest type."""
    if type(found) is not type(expected):
        return False
    if isinstance(expected, (tuple, list)):
        return len(found) == len(expected) and all(same(f, e, coarse) for f, e in zip(found, expected))
    x, y = np.asarray(found), np.asarray(expected)
    if x.dtype != y.dtype or x.shape != y.shape:
        return False
    if y.size > 1 and y.ndim > 1 and any(order_of(y)) and order_of(x) != order_of(y):
        return False
    if y.dtype.kind not in "fc":
        return bool(np.all(x == y))
    with np.errstate(all="ignore"):
        size = np.abs(y) + np.nanmax(np.where(np.isfinite(y), np.abs(y), 0), initial=0)
        near = np.abs(x - y) <= max(1000 * np.finfo(y.dtype).eps, 16 * coarse) * size
        return bool(np.all(near | (x == y) | (np.isnan(x) & np.isnan(y))))


def unlike(found, expected, _, arguments):
    types = [np.asarray(each).dtype for each in arguments]
    coarse = max([np.finfo(kind).eps for kind in types if kind.kind in "fc"], default=0)
    return None if same(found, expected, coarse) else f"{found!r} instead of {expected!r}"


def examine(seed, inputs=8, compiled=False):
    draws = (arguments_of(seed, k) for k in range(inputs))
    return held_against_numpy(text_of(seed), f"<calls {seed}>", draws, copies, unlike, compiled, straight=True)


if __name__ == "__main__":
    sys.exit(search("random_calls", text_of, examine, sys.argv[1:]))
