"""Options of universal functions (out=, where=, dtype=) and their methods against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, attempt, values, within, zeros_alike
from support import check, function_from, leaves
from tolerance import same_bits

UFUNCS = {each.__name__: each for each in vars(np).values()
          if isinstance(each, np.ufunc) and each.nout == 1 and not each.signature and each.__name__ != "isnat"}
BINARY = sorted(name for name, each in UFUNCS.items() if each.nin == 2)
TYPES = ("?", "i1", "u1", "i4", "f2", "f4", "f8", "c8") if LONG else ("i1", "f4", "c8", "?")
# Within 4 ulp each step (absolute: of complex numbers); sums and products in any order. Which of two zeros comes out:
# see docs/numpy.md.
ROUNDED = set("""arccos arccosh arcsin arcsinh arctan arctan2 arctanh cbrt cos cosh exp exp2 expm1 hypot log log10 log1p
    log2 logaddexp logaddexp2 power float_power sin sinh tan tanh add multiply absolute""".split())
OF_ZEROS = {"fmin", "fmax", "minimum", "maximum"}


def alike(name):
    def same(found, expected):
        if found.dtype.kind == "c" and found.dtype == expected.dtype or name in ROUNDED:
            return within(64)(found, expected)
        if name in OF_ZEROS:
            return zeros_alike(found, expected)
        return same_bits(found, expected)
    return same


def program_of(text, parameters):
    lines = ["import numpy as np", "", "", f"def f({parameters}):", f"    return {text}", ""]
    return thalweg.program(function_from("\n".join(lines), f"/{text}"))


def compare(program, arguments, same, told):
    """NumPy and compiled code: results and arguments afterwards, or the family of the error. Is it refused?"""
    copies = [np.array(each) for each in arguments]
    expected, expected_error = attempt(program.f, copies)
    found, error = attempt(program, arguments)
    if isinstance(error, NotImplementedError):
        return True
    families = (TypeError, OverflowError, IndexError, ValueError, type(None))
    family = next(kind for kind in families if isinstance(expected_error, kind))
    assert isinstance(error, family), f"{told}{arguments}: {error!r}, in NumPy {expected_error!r}"
    if error is None:
        assert len(leaves(found)) == len(leaves(expected)), told
        for one, other in zip(leaves(found), leaves(expected)):
            assert type(one) is type(other) and np.shape(one) == np.shape(other), told
            assert same(np.asarray(one), np.asarray(other)), f"{told}{arguments}: {found!r}, in NumPy {expected!r}"
        assert all(map(same, arguments, copies)), told
    return False


@pytest.mark.parametrize("name", sorted(UFUNCS))
def test_where(name):
    operands = "a, b" if UFUNCS[name].nin == 2 else "a"
    program = program_of(f"np.{name}({operands}, out=o, where=m)", operands + ", m, o")
    shapes = [((2, 3), (3,), (2, 3)), ((3,), (2, 1), (2, 3)), ((0,), (1,), (0,)), ((2, 3), (2, 3), (3,))]
    for kind in TYPES if LONG else TYPES[:3]:
        made, _ = attempt(UFUNCS[name], [values((1,), kind)] * UFUNCS[name].nin)
        for shape, of_mask, of_out in shapes if kind == TYPES[1] or LONG else shapes[:1]:
            own = "f4" if made is None else made.dtype.str[1:].replace("b1", "?")
            for out in (own,) if name in ROUNDED else (own, "f4"):
                arguments = [values(shape, kind, True, k) for k in range(UFUNCS[name].nin)]
                arguments += [values(of_mask, "?", seed=3), values(of_out, out, seed=4)]
                refused = compare(program, arguments, alike(name), name)
                assert not refused or kind != "f4"


@pytest.mark.parametrize("name", sorted(UFUNCS))
def test_dtype(name):
    operands = "a, b" if UFUNCS[name].nin == 2 else "a"
    for dtype in ("int8", "float32", "uint8", "bool", "float16", "complex64")[:None if LONG else 2]:
        texts = [f"np.{name}({operands}, dtype=np.{dtype})"]
        if operands == "a, b":
            texts += [f"np.{name}(a, 3, dtype=np.{dtype})", f"np.{name}(a, 2.5, dtype=np.{dtype})"]
        for text in texts:
            program = program_of(text, operands)
            for kind in TYPES if LONG else TYPES[:3]:
                arguments = [values((5,), kind, True, k) for k in range(UFUNCS[name].nin)]
                compare(program, arguments, alike(name), text)


METHODS = {
    "reduce": ["a", "a, axis=-1", "a, 0, np.int8", "a, axis=None, keepdims=True", "a, initial=2",
               "a, where=m, initial=1", "a, axis=(0, -1)", "a, axis=1, initial=None, dtype=np.float32",
               "a, 0, where=m"],
    "accumulate": ["a", "a, axis=-1", "a, dtype=np.float64", "a, axis=(0,)"],
    "reduceat": ["a, [0, 1]", "a, np.array([1, 0]), -1", "a, [0], dtype=np.float32"],
    "outer": ["a, a", "a, 3", "a[0], a, dtype=np.float32",
              "a[0], a[0], out=np.ones((3, 3)), where=m[0] | np.ones((3, 1), bool)"]}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", BINARY)
def test_methods(name, method):
    for k, arguments in enumerate(METHODS[method]):
        if not LONG and k > 0 and (k + BINARY.index(name)) % 4 or "out=" in arguments and name in ROUNDED:
            continue
        program = program_of(f"np.{name}.{method}({arguments})", "a, m")
        for kind in TYPES if LONG or k == 0 and method == "reduce" else TYPES[:2]:
            shapes = [(2, 3), (0, 3), (3, 1)] if LONG or k == 0 and kind == TYPES[1] else [(2, 3)]
            for shape in shapes if method in ("reduce", "accumulate") else shapes[:1]:
                for a in (values(shape, kind, True), values(shape, kind)[:, ::-1])[:None if LONG or k == 0 else 1]:
                    compare(program, [a, values(shape, "?", seed=2)], alike(name), f"{name}.{method}({arguments})")


@pytest.mark.parametrize("name", ["subtract", "divide", "bitwise_xor", "logical_xor", "hypot", "gcd", "fmax", "equal"])
def test_what_is_reduced_is_not_refused(name):
    for text in (f"np.{name}.reduce(a)", f"np.{name}.accumulate(a, axis=1)", f"np.{name}.reduceat(a, [0, 1])"):
        kind = "?" if name == "equal" else "i4"
        assert not compare(program_of(text, "a"), [values((4, 3), kind)], alike(name), text)


@pytest.mark.parametrize("shape", [(0,), (1,), (5,), (40,)])
@pytest.mark.parametrize("name", ["subtract", "bitwise_and", "hypot", "fmin", "gcd", "floor_divide"])
def test_lines(name, shape):
    """One dimension takes its own way through the definitions; so do beginnings that the ufunc has."""
    for text in (f"np.{name}.reduce(a)", f"np.{name}.reduce(a, initial=None)",
                 f"np.{name}.reduce(a, where=a > 1, initial=1)",
                 f"np.{name}.accumulate(a)", f"np.{name}.reduceat(a, np.arange(a.shape[0])[::-2])"):
        for kind in ("i8", "u1"):
            assert not compare(program_of(text, "a"), [values(shape, kind)], alike(name), text)


@pytest.mark.parametrize("name", BINARY + ["negative", "square", "sqrt", "logical_not"])
def test_at(name):
    program = program_of(f"np.{name}.at(a, i, b) or a" if UFUNCS[name].nin == 2 else f"np.{name}.at(a, i) or a",
                         "a, i, b" if UFUNCS[name].nin == 2 else "a, i")
    for kind in ("f8", "i4", "?"):
        arguments = [values((4,), kind), np.array([3, 1, 1, 0])]
        refused = compare(program, arguments + [values((4,), kind, seed=1)] * (UFUNCS[name].nin - 1), alike(name), name)
        assert not refused or kind != "i4"


def test_only_where_the_mask_holds():
    """A negative exponent raises where the mask names it, and nowhere else; what an operand raises is raised anyway."""
    power = program_of("np.power(a, b, out=o, where=m)", "a, b, m, o")
    a, b = np.array([2, 3, 4]), np.array([2, -1, 3])
    for mask in ([True, False, True], [True, True, False], [False, False, False]):
        check(power, (a, b, np.array(mask), np.zeros(3, int)), same_bits)
    indexed = program_of("np.add(a[i], 1, out=o, where=m)", "a, i, m, o")
    for at in (7, 2):
        check(indexed, (a, np.array([0, at]), np.zeros(2, bool), np.zeros(2, int)), same_bits)
    wide = program_of("np.add(a, n, out=o, where=m)", "a, n, m, o")
    for n in (300, 3):
        check(wide, (np.ones(2, np.int8), n, np.zeros(2, bool), np.zeros(2, np.int8)), same_bits)


@pytest.mark.parametrize("text", ["np.sqrt(a, out=a, where=a > 0)",
                                  "np.add(a[1:], a[:-1], out=a[:-1], where=a[1:] > 0)",
                                  "np.multiply(a, 2, out=a[::-1], where=a < 0)", "np.add(1, 2, out=a, where=a > 0)",
                                  "np.negative(a, out=(a,), where=True)", "np.add(a, a, dtype=None)"])
def test_out_that_is_read(text):
    check(program_of(text, "a"), (values((9,), "f8"),), same_bits)


def test_a_number_goes_into_out_as_arrays_do():
    """No int() is asked of it: an integer that is too large wraps."""
    check(program_of("np.add(n, 1, out=o)", "n, o"), (np.int64(300), np.zeros(2, np.int8)), same_bits)


@pytest.mark.parametrize("text", [
    "np.divmod(a, 3, out=(q, r))", "np.divmod(a, 3, q, r, where=a > 4)", "np.divmod(a, 3, out=(None, r))",
    "np.divmod(a, 3, dtype=np.float32)", "np.divmod.outer(a, a[1:], dtype=np.float32)", "np.modf(a / 2, q, r)",
    "np.modf(a / 2, out=(q, r), where=a > 4, dtype=np.float32)", "np.frexp(a, out=(q, r))", "np.modf(a / 2, dtype=int)",
    "np.divmod(a, 3, out=q)", "np.divmod(a, 3, q, out=(q, r))", "np.divmod(a, 3, out=(q, a[:0]))",
    "np.divmod(a, 3, out=(a, r))", "np.modf(a / 2, out=(r, a))", "np.divmod(a, 3, out=(q, r), where=True)"])
def test_two_results(text):
    program = program_of(text, "a, q, r")
    for kind in ("i4", "f8"):
        arguments = [np.arange(1, 8).astype(kind), np.full(7, 20.0), np.full(7, 30.0)]
        assert not compare(program, arguments, same_bits, text)


@pytest.mark.parametrize("text", ["np.degrees(a)", "np.radians(a)", "np.rad2deg(a, out=np.zeros(a.shape, np.float16))"])
def test_all_of_float16(text):
    assert not compare(program_of(text, "a"), [np.arange(1 << 16, dtype=np.uint16).view(np.float16)], same_bits, text)


@pytest.mark.parametrize("a, b, out", [((2, 3), (3, 4), (2, 4)), ((3,), (3, 2), (2,)), ((2, 3, 4), (4, 2), (2, 3, 2)),
                                       ((2, 3), (3, 4), (2, 3)), ((2, 3), (3, 1), (2, 4))])
def test_products_into(a, b, out):
    for text, types in (("np.matmul(a, b, out=o)", ("f8", "f4", "i4")), ("np.dot(a, b, out=o)", ("f8", "f8", "f8"))):
        for kind in types:
            factor = "f8" if kind != "i4" else "i4"
            arguments = [values(a, factor), values(b, factor), values(out, kind)]
            compare(program_of(text, "a, b, o"), arguments, within(50), text)


@pytest.mark.parametrize("text", [
    "np.add(a, a, where=a > 0)", "np.add(a, a, where=np.arange(3), out=a)", "np.ldexp(a, 2, dtype=np.float32)",
    "np.add(a, a, casting='unsafe')", "np.power(np.arange(3), -1, where=a > 0, out=np.zeros(3, int))",
    "np.absolute(a * 1j, dtype=np.float64)", "np.power.reduce(a)", "np.arctan2.reduceat(a, [0])", "np.ldexp.reduce(a)",
    "np.subtract.reduce(a, out=np.zeros((), np.float32))",
    "np.subtract.reduce(a, axis=())", "np.subtract.reduce(a * 1j, dtype=np.float64)",
    "np.subtract.reduce(a, initial=1j)",
    "np.dot(a, a, out=np.zeros((), int))", "np.frexp(a, dtype=np.float32)", "np.modf(a, where=a > 1)"])
def test_refusals(text):
    with pytest.raises(NotImplementedError) as caught:
        program_of(text, "a")(np.arange(3.0) + 1)
    assert caught.value.code in ("TW1085", "TW1100") and "thalweg/definitions" not in str(caught.value)


@pytest.mark.parametrize("text", [
    "np.subtract.reduce(b)", "np.subtract.reduce(b, axis=None)", "np.add.reduce(a, initial=None)",
    "np.add.reduce(b[:0], initial=None)", "np.fmax.reduce(a, where=a > 1)", "np.sin.reduce(a)", "np.divmod.reduce(a)",
    "np.divmod.accumulate(a)", "np.sqrt.outer(a, a)",
    "np.subtract.accumulate(b, axis=None)", "np.subtract.accumulate(a, axis=1)", "np.subtract.reduceat(a, [3])",
    "np.subtract.reduceat(a, [-1])", "np.subtract.reduceat(a, np.array([0], np.uint64))",
    "np.divide.reduce(a, dtype=int)",
    "np.less.reduce(a)", "np.logical_and.reduce(a, dtype=int)", "np.subtract.accumulate(a, out=np.zeros(2))",
    "np.subtract.reduce(b, out=np.zeros(3))", "np.bitwise_xor.reduce(b.astype(int), axis=(0, 0))",
    "np.add.at(a, [5], 1)", "np.add(a, a, a, where=np.ones((2, 3), bool))", "np.sqrt(a, out=np.zeros(3, int))",
    "np.less(a, a, dtype=float)"])
def test_errors(text):
    assert not compare(program_of(text, "a, b"), [np.arange(3.0), np.arange(6.0).reshape(3, 2)], same_bits, text)
