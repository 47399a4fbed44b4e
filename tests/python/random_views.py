"""Random programs on arrays that share memory, against NumPy: values, classes, order in memory and what results share.

    python -m random_views [--first SEED] [--count N] [--compiled] [--show SEED]

Views of views, statements that write into them, names that take turns in branches and loops. Values are small whole
numbers, so that sums come out the same in any order.
"""

import ast
import sys

import numpy as np

from program_fuzz.outcomes import run
from random_programs import LineWriter, held_against_numpy, search
from support import function_from

CUTS = ["1:", ":-1", "::2", "::-1", ":p", "p:", "1:3", ":", "-2:", "p:p + 2", "2:", ":0"]
VIEWS = {1: ["{v}[{c}]", "{v}[{c}]", "{v}[{c}]", "{v}[::-1]", "{v}.reshape(-1)", "np.flip({v})", "np.ravel({v})", "{v}.real", "{v}[...]",
             "np.squeeze({v})", "np.asarray({v})", "np.atleast_1d({v})", "{m}[{i}]", "{m}[:, {i}]", "{m}.ravel()", "{m}.reshape(-1)",
             "{m}.T[{i}]", "np.diag({m})", "{m}.diagonal()", "{m}[{i}, {c}]", "{m}[{c}, {i}]", "{m}.flatten()", "{v}[np.newaxis][0]"],
         2: ["{m}[{c}]", "{m}[:, {c}]", "{m}[{c}, {c}]", "{m}.T", "{m}[::-1, ::-1]", "np.transpose({m})", "{m}.swapaxes(0, 1)",
             "np.atleast_2d({v})", "{v}[None]", "{v}[:, None]", "np.expand_dims({v}, 0)", "np.rot90({m})", "np.fliplr({m})",
             "{v}.reshape(1, -1)", "{v}.reshape(-1, 1)", "{m}.reshape({m}.shape[1], -1)", "np.moveaxis({m}, 0, 1)", "{m}.T[{c}]",
             "np.asarray({m})", "{m}.real", "np.broadcast_to({v}, (2, {v}.size))"]}
COPIES = {1: ["{v}.copy()", "{v} * 1", "{v} + {w}", "np.array({v})", "{m}.sum(axis=0)", "np.sort({v})", "np.append({v}, p)", "np.where({v} > 0, {v}, p)",
              "np.zeros_like({v})", "{v}[{v} > 0]", "np.cumsum({v})", "np.concatenate(({v}, {w}))", "{v}.astype(np.float64)", "{m}[:, 0] + p",
              "np.repeat({v}, 2)", "np.maximum({v}, p)", "{m}.flatten()", "np.roll({v}, p)", "{m}.max(axis=1)"],
          2: ["{m}.copy()", "{m} + 1", "{m} + {o}", "np.outer({v}, {w})", "np.zeros((3, 2))", "{m}[[0, -1]]", "np.stack(({v}, {v}))", "{m} * {m}",
              "np.vstack(({m}, {m}))", "np.where({m} > 0, {m}, {o})", "{m}.T.copy()", "np.tile({v}, (2, 1))", "{m} - {m}.T", "np.array({m})"]}
WRITES = {1: ["{v} += {x}", "{v}[...] = {x}", "{v}[{c}] = {x}", "{v}[{c}] += {x}", "{v}[{c}] -= {w}[{c}]", "{v}[{i}] = {s}", "{v}[{i}] += {s}",
              "{v}[:-1] = {v}[1:]", "{v}[1:] += {v}[:-1]", "{v}[...] = {v}[::-1]", "{v}.sort()", "{v}.fill(p)", "np.add({v}, {x}, out={v})",
              "np.copyto({v}, {x})", "{v}[{v} > 0] = {s}", "{v}[[0, -1]] += 1", "np.subtract({v}, 1, out={w})", "{v} -= {v}[{i}]",
              "{v}[{c}], {w}[{c}] = {w}[{c}], {v}[{c}]", "{v} *= -1", "np.add({v}, {v}, out={w})", "{v}[::2] = {w}[::2]", "np.cumsum({v}, out={v})"],
          2: ["{m} += {v}", "{m}[...] = {o}", "{m}[{c}] = {s}", "{m}[:, {i}] = {v}", "{m}[{i}] += {v}", "{m}[{c}, {c}] -= 1", "{m}[:] = {m}.T",
              "{m}[1:] = {m}[:-1]", "{m} -= {o}", "{m}.T[{i}] = {v}", "np.add({m}, {o}, out={m})", "{m}[{m} > 0] -= 1", "{m}[{i}, {i}] = {s}",
              "np.multiply({m}, -1, out={o})", "{m}[:, ::2] += {s}", "np.fill_diagonal({m}, {s})", "{m}[[0, -1], 0] = {s}", "{m} *= 2 - p",
              "{m}[:, 0], {m}[:, -1] = {m}[:, -1], {m}[:, 0]", "{m}[...] = {v}"]}
SCALARS = ["p", "2", "-1", "{v}[{i}]", "{v}.sum()", "{m}[{i}, {i}]", "len({v})", "{m}.shape[1]", "{v}.max()", "{m}.sum()", "s"]
LOOPS = ["for i in range(len({v})):", "for i in range(p):", "for i in range(1, len({v})):", "for row in {m}:", "for x in {v}:",
         "for i in range(3):", "for i in (0, 1):", "for i in (1, 2, 0):", "for i, row in enumerate({m}):", "for row, x in zip({m}, {v}):"]
INSIDE = {"i": ["{v}[i] = {v}[i - 1] + 1", "{v}[i] += {s}", "{v}[:i] += 1", "{m}[i % len({m})] = {v}", "s += {v}[i]", "{v}[i], {v}[0] = {v}[0], {v}[i]"],
          "row": ["row += 1", "row[...] = {v}", "s += row.sum()", "row[0] = s", "row[::-1] -= row", "row = row + 1"],
          "x": ["s += x", "{v}[0] = x", "{v}[-1] += x"]}
CONDITIONS = ["p > 1", "s > 0", "{v}[0] > 0", "len({v}) > 2", "{m}.shape[0] == 2", "{v}.sum() > 3", "{m}.size > 4"]


class Writer(LineWriter):
    def __init__(self, seed):
        super().__init__(seed)
        self.names = {1: ["u"], 2: ["a"]}

    def fill(self, pattern):
        """{v} {w}: vectors, {m} {o}: matrices, {c}: a cut, {i}: an index, {s}: a number, {x}: a number or a vector; each drawn anew."""
        draws = {"v": lambda: self.pick(*self.names[1]), "w": lambda: self.pick(*self.names[1]), "m": lambda: self.pick(*self.names[2]),
                 "o": lambda: self.pick(*self.names[2]), "c": lambda: self.pick(*CUTS), "i": lambda: self.pick("0", "-1", "1", "p"),
                 "s": lambda: self.fill(self.pick(*SCALARS)), "x": lambda: self.fill(self.pick("{s}", "{v}", "{w} + 1", "{v}[0]"))}
        while True:
            begin = pattern.find("{")
            if begin < 0:
                return pattern
            pattern = pattern[:begin] + draws[pattern[begin + 1]]() + pattern[begin + 3:]

    def new_name(self, indent):
        rank = self.pick(1, 1, 2)
        source = VIEWS if self.chance(0.65) else COPIES
        value = self.fill(self.pick(*source[rank]))
        name = self.pick("u", "v", "w") if rank == 1 else self.pick("a", "b", "c")
        self.line(indent, f"{name} = {value}")
        if name not in self.names[rank]:
            self.names[rank].append(name)

    def write(self, indent):
        self.line(indent, self.fill(self.pick(*WRITES[self.pick(1, 2)])))

    def exchange(self, indent):
        names = self.names[self.pick(1, 2)]
        if len(names) > 1:
            one, other = self.random.sample(names, 2)
            self.line(indent, self.pick(f"{one}, {other} = {other}, {one}", f"{one} = {other}"))
        else:
            self.write(indent)

    def branch(self, indent):
        before = {rank: list(names) for rank, names in self.names.items()}
        self.line(indent, f"if {self.fill(self.pick(*CONDITIONS))}:")
        self.statement(indent + 1)
        one = self.names
        self.names = {rank: list(names) for rank, names in before.items()}
        if self.chance(0.6):
            self.line(indent, "else:")
            self.statement(indent + 1)
        self.names = {rank: [name for name in names if name in self.names[rank]] for rank, names in one.items()}

    def loop(self, indent):
        before = {rank: list(names) for rank, names in self.names.items()}
        head = self.pick(*LOOPS)
        self.line(indent, self.fill(head))
        kinds = [kind for kind in INSIDE if f" {kind}" in head.split(" in ")[0]]
        for _ in range(self.random.randint(1, 2)):
            if self.chance(0.5):
                self.line(indent + 1, self.fill(self.pick(*INSIDE[self.pick(*kinds)])))
            else:
                self.statement(indent + 1)
        self.names = before

    def statement(self, indent):
        kind = self.random.random()
        if kind < 0.33:
            self.new_name(indent)
        elif kind < 0.7 or indent > 2:
            self.write(indent)
        elif kind < 0.78:
            self.exchange(indent)
        elif kind < 0.83:
            self.line(indent, f"s += {self.fill('{s}')}")
        elif kind < 0.91:
            self.branch(indent)
        else:
            self.loop(indent)

    def program(self):
        self.line(0, "import numpy as np\n\ndef program(a, u, p):\n    s = 0")
        for _ in range(self.random.randint(2, 7)):
            self.statement(1)
        names = [*self.names[1], *self.names[2]]
        self.random.shuffle(names)
        self.line(1, f"return s, {', '.join(names[:self.random.randint(1, 4)])}")
        return "\n".join(self.lines) + "\n"


def text_of(seed):
    return Writer(seed).program()


def arguments_of(seed, k):
    """a, u, p: by k how they lie, and whether they share memory."""
    rng = np.random.default_rng([seed, k])
    dtype = [np.float64, np.int64, np.float64, np.int32][seed % 4]

    def whole(*shape):
        return rng.integers(-3, 4, shape).astype(dtype)
    n, m = [(3, 3), (2, 4), (4, 2), (1, 3), (3, 1), (2, 2), (5, 3), (0, 2)][int(rng.integers(8))]
    a, u = whole(n, m), whole([m, n, m, 3][int(rng.integers(4))])
    lying = k % 6
    if lying == 1 and n:
        u = a[-1]
    elif lying == 2:
        u = a[:, 0]
    elif lying == 3:
        a = np.asfortranarray(a)
    elif lying == 4:
        a, u = a[::-1], np.repeat(u, 2)[::2]
    elif lying == 5:
        line = whole(n * m + 1)
        a, u = line[1:].reshape(n, m), line[:-1]
    return [a, u, int(rng.integers(0, 4))]


def copies(arguments):
    """The same in other memory: what shares memory still does, in the same layout."""
    bases, out = {}, []
    for each in arguments:
        if not isinstance(each, np.ndarray):
            out.append(each)
            continue
        base = each
        while isinstance(base.base, np.ndarray):
            base = base.base
        copy = bases.setdefault(id(base), base.copy(order="K"))
        offset = each.__array_interface__["data"][0] - base.__array_interface__["data"][0]
        out.append(np.ndarray(each.shape, each.dtype, copy, offset, each.strides) if each.size else each.copy(order="K"))
    return out


def order_of(array):
    return array.flags.c_contiguous, array.flags.f_contiguous, array.flags.writeable


def unlike(found, expected, others, arguments):
    """What differs in values, classes, order in memory, or in what shares memory with what."""
    for k, (f, e) in enumerate(zip(found, expected)):
        if type(f) is not type(e):
            return f"result {k} is {f!r} instead of {e!r}"
        x, y = np.asarray(f), np.asarray(e)
        if x.dtype != y.dtype or x.shape != y.shape or not np.array_equal(x, y, equal_nan=True):
            return f"result {k} is {f!r} instead of {e!r}"
        if isinstance(e, np.ndarray) and e.size > 1 and order_of(f) != order_of(e):
            return f"result {k} lies otherwise: {order_of(f)} instead of {order_of(e)}"
    for k, (f, e) in enumerate(zip(others, arguments)):
        if isinstance(e, np.ndarray) and not np.array_equal(f, e, equal_nan=True):
            return f"argument {k} is {f!r} instead of {e!r} afterwards"
    mine, plain = [*found, *others], [*expected, *arguments]
    for k, one in enumerate(plain):
        for j, other in enumerate(plain[:k]):
            if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
                if np.shares_memory(one, other) != np.shares_memory(mine[k], mine[j]):
                    return f"of {len(expected)} results and the arguments, {j} and {k} share memory: {np.shares_memory(mine[k], mine[j])}"
    return None


class WithCopies(ast.NodeTransformer):
    """x[...] = y as x[...] = np.array(y)."""

    def visit_Assign(self, node):
        if isinstance(node.targets[0], ast.Subscript):
            node.value = ast.Call(ast.Attribute(ast.Name("np", ast.Load()), "array", ast.Load()), [node.value], [])
        return node


def with_copies(text):
    return ast.unparse(ast.fix_missing_locations(WithCopies().visit(ast.parse(text)))) + "\n"


def examine(seed, inputs=12, compiled=False):
    text = text_of(seed)
    copying = function_from(with_copies(text), f"<views with copies {seed}>", "program")

    def unclear(arguments, expected, changed):
        """NumPy copies a line onto one that overlaps it in place, whatever their strides are: a[1] = a[:, 2]."""
        others = copies(arguments)
        found, _ = run(copying, others)
        return found is None or unlike(found, expected, others, changed) is not None
    draws = (arguments_of(seed, k) for k in range(inputs))
    return held_against_numpy(text, f"<views {seed}>", draws, copies, unlike, compiled, unclear)


if __name__ == "__main__":
    sys.exit(search("random_views", text_of, examine, sys.argv[1:]))
