"""Random loops of loops, whose temporaries have the size of a turn, against NumPy.

    python -m random_nests [--first SEED] [--count N] [--compiled] [--show SEED]

Every program takes arrays of small whole numbers and keeps them small, so that sums come out the same in any order.
Statements read and write slices, sums and temporaries in terms of the variables of the loops around them; loops follow
one another and share data.
"""

import linecache
import sys
import warnings

import numpy as np

import thalweg
from program_fuzz.outcomes import function_of, run
from random_programs import LineWriter, search

RANGES = ["range(n)", "range(1, n)", "range(1, n, 2)", "range(n - 1, -1, -1)", "range(n - 2, 0, -2)", "range(n - 1)",
          "range(p, n)", "range(0, n, p + 1)", "range(0, n, 3)", "range(2, n + 1)", "range(p, n - 1, 2)", "range(3)",
          "range(n - 1, -1, -p - 1)", "range(p, n, n // 3 + 1)", None, None]   # None: a while loop
INNER = ["range({v})", "range({v}, n)", "range({v}, n, 2)", "range(4)", "range({v} + 1, n)", "range(n)",
         "range({v} - 1, -1, -1)", "range(0, {v}, 3)", "range(0, {v}, p + 1)", "range({v}, -1, -p - 1)",
         "range({v}, n, {v} + 1)"]
CUTS = ["{v}:", ":{v}", "{v}:{v} + 3", "::{v} + 1", "1:{v} + 1", ":", "{v}::2", ":{v}:-1", "n - {v}:", "{v}:{v}", "p:", "{v} % 4:"]
BETWEEN = ["b[1:] = c[1:] * 2", "d = b + c", "c[...] = np.flip(b)", "e += 1", "s += b.sum()"]
CARRIED = {1: ["np.zeros(1)", "b * 2", "a[:, 0] + p", "np.ones(p + 1)"], 2: ["a * 1", "e + p", "np.zeros((3, 2))", "a[:, 1:].T + 1"]}
CALLS = ((6, 1, "apart"), (0, 0, "apart"), (1, 2, "apart"), (13, 3, "shifted"), (2, 0, "equal"), (70, 2, "apart"),
         (9, 4, "strided"), (40, 0, "apart"), (33, 1, "shifted"))   # n, p, how b and d lie, or all
EXACT = 2.0 ** 50   # larger sums are rounded, by their order
ROUNDED = "rounded"   # then nothing is known, and the program does not count as compiled


class Writer(LineWriter):
    def __init__(self, seed):
        super().__init__(seed)
        self.names = 0

    def fresh(self, base):
        self.names += 1
        return f"{base}{self.names}"

    # ---- expressions over the loop variables vs
    def cut(self, vs):
        return self.random.choice(CUTS).format(v=self.random.choice(vs))

    def vector(self, vs):
        v, cut = self.random.choice(vs), self.cut(vs)
        x = self.pick(f"a[{cut}, {self.pick('0', '1', 'p', '-1')}]", f"a[{v} % n, {self.pick(':', '1:', '::-1', 'p:')}]",
                      f"b[{cut}]", f"c[{cut}]", f"d[{cut}]", f"e[{cut}, {v} % n]", f"e[{v} % n, {cut}]")
        return self.pick(x, x, x, f"({x} * 2)", f"({x} + {v})", f"({x} - p)", f"np.sort({x})", f"np.cumsum({x})",
                         f"({x} > {self.pick('0', v)})", f"np.append({x}, {v})")

    def matrix(self, vs):
        v, cut = self.random.choice(vs), self.cut(vs)
        x = self.pick(f"a[{cut}]", f"a[{cut}, 1:]", f"e[{cut}]", f"e[{cut}, {self.cut(vs)}]", f"np.zeros(({v} + 1, p + 2))",
                      f"np.outer({self.vector(vs)}, {self.vector(vs)})", f"np.ones((3, {v} % 4))")
        return self.pick(f"({x} * 2)", f"({x} + {v})", f"{x}.T", f"({x} - 1).T.copy()")

    def scalar(self, vs):
        v, w = self.random.choice(vs), self.random.choice(vs)
        total = f"{self.pick('np.sum', 'np.count_nonzero', 'np.size', 'np.any')}({self.vector(vs)}) % 97"
        return self.pick(total, total, total, f"np.max(np.append({self.vector(vs)}, {self.pick('0', v)}))",
                         f"np.sum({self.matrix(vs)}) % 97", f"b[{v} % n]", f"c[{v} - 1]", f"a[{v} % n, p]", f"e[{v} % n, {w} % n]",
                         v, f"{v} * 2", "p", "3")

    def target(self, vs):
        v, w, cut = self.random.choice(vs), self.random.choice(vs), self.cut(vs)
        return self.pick(f"b[{v} % n]", f"b[{v} - 1]", f"c[{v} % n]", f"c[n - 1 - {v} % n]", f"c[{v} // 2]", f"e[{v} % n, 0]",
                         f"e[{v} % n, {w} % n]", f"b[{cut}]", f"d[{v} % n]", f"a[{v} % n, 1]", "s", "s", f"e[{v} % n, {cut}]",
                         f"a[4:{v}, p]")

    # ---- statements; temporaries: [(name, rank)]
    def new_temporary(self, vs, temporaries, indent):
        name, rank = self.fresh("t"), self.pick(1, 2)
        self.line(indent, f"{name} = {self.vector(vs) if rank == 1 else self.matrix(vs)}")
        temporaries.append((name, rank))

    def change_temporary(self, vs, temporaries, indent):
        (t, rank), v = self.random.choice(temporaries), self.random.choice(vs)
        others = [name for name, other in temporaries if other == rank and name != t]
        if others and self.chance(0.4):
            other = self.random.choice(others)
            change = self.pick(f"{t}, {other} = {other}, {t}", f"{t} = {other} + {t}[:1]", f"{t} = {other}", f"{t} = {other} * 1")
        elif rank == 1:
            change = self.pick(f"{t}[1:] -= 2", f"{t}[...] = {v}", f"{t}[:{v} % 3] = p", f"{t} = {t} % 7 * 2",
                               f"{t} = np.append({t}, {v})", f"{t} = {t}[1:]", f"{t} = {t} + {v}")
        else:
            change = self.pick(f"{t}[1:] = 2", f"{t}[:, :1] = {v}", f"{t} = {t}[:, ::-1]", f"{t} = {t}.T", f"{t} = {t} + {v}",
                               f"{t} = {t}[{v} % 2:]")
        self.line(indent, change)

    def read_temporary(self, vs, temporaries, indent):
        t, _ = self.random.choice(temporaries)
        value = self.pick(f"np.sum({t}) % 97", f"np.count_nonzero({t} * 2)", f"{t}.size", f"{t}.shape[0]", f"np.sum({t}[1:]) % 89")
        self.line(indent, f"{self.target(vs)} += {value}")

    def inner_loop(self, vs, temporaries, indent):
        free = [v for v in "ijk" if v not in vs]
        v = self.random.choice(free[:2])
        self.line(indent, f"for {v} in {self.random.choice(INNER).format(v=self.random.choice(vs))}:")
        self.body([*vs, v], list(temporaries), indent + 1)

    def branch(self, vs, temporaries, indent):
        v = self.random.choice(vs)
        self.line(indent, f"if {self.pick(f'{v} % 2 == 0', f'{v} > p', f'b[{v} % n] > 0')}:")
        self.statement(vs, list(temporaries), indent + 1, loops=False)
        if self.chance(0.3):
            self.line(indent + 1, self.pick("continue", "break"))

    def assignment(self, vs, indent):
        target = self.target(vs)
        self.line(indent, f"{target} {'+=' if target == 's' else self.pick('=', '=', '+=', '-=')} {self.scalar(vs)}")

    def statement(self, vs, temporaries, indent, loops=True):
        kind = self.random.random()
        if kind < 0.13:
            self.new_temporary(vs, temporaries, indent)
        elif kind < 0.28 and temporaries:
            self.change_temporary(vs, temporaries, indent)
        elif kind < 0.4 and temporaries:
            self.read_temporary(vs, temporaries, indent)
        elif kind < 0.54 and loops and len(vs) < 3:
            self.inner_loop(vs, temporaries, indent)
        elif kind < 0.6 and loops:
            self.branch(vs, temporaries, indent)
        else:
            self.assignment(vs, indent)

    def body(self, vs, temporaries, indent):
        for _ in range(self.random.randint(1, 3)):
            self.statement(vs, temporaries, indent)

    def outer_loop(self):
        v, counted, carried = self.pick("i", "i", "j"), self.random.choice(RANGES), []
        while self.chance(0.3):
            rank = self.pick(1, 1, 2)
            carried.append((self.fresh("u"), rank))
            value = self.random.choice(CARRIED[rank])
            self.line(1, f"{carried[-1][0]} = {value}")
        if counted:
            self.line(1, f"for {v} in {counted}:")
            self.body([v], list(carried), 2)
        else:
            self.line(1, f"{v} = {self.pick('0', '1', 'p')}")
            self.line(1, f"while {v} < n:")
            first = len(self.lines)
            self.body([v], list(carried), 2)
            self.lines[first:] = [line.replace("continue", "break") for line in self.lines[first:]]   # it has to end
            self.line(2, f"{v} += {self.pick('1', '2', 'p + 1', f'{v} + 1')}")
        for name, _ in carried:
            self.line(1, f"s += np.sum({name})")
        if self.chance(0.1):
            self.line(1, f"s += np.sum(b[:{v}] * 2)")

    def program(self):
        self.line(0, "def program(a, b, c, d, e, p):")
        self.line(1, "n = len(b)")
        self.line(1, "s = 0.0")
        for _ in range(self.random.randint(1, 3)):
            if self.chance(0.12):
                self.line(1, self.random.choice(BETWEEN))
            else:
                self.outer_loop()
        self.line(1, "return s, d")
        return "\n".join(self.lines) + "\n"


def text_of(seed):
    return Writer(seed).program()


def arguments_of(seed, n, dtype, lying):
    """Arrays a, b, c, d, e; drawn anew with the same seed they are the same."""
    rng = np.random.default_rng([seed, n])

    def whole(*shape):
        return rng.integers(-4, 5, shape)
    a, b, c, d, e = (whole(n, 5).astype(dtype), whole(n).astype(dtype), whole(n).astype(float), whole(n).astype(dtype),
                     whole(n, n).astype(float))
    if lying == "shifted":
        both = whole(n + 1).astype(dtype)
        b, d = both[:-1], both[1:]
    elif lying == "equal":
        d = b
    elif lying == "strided":
        a, b, c, d, e = np.asfortranarray(a), b[::-1], np.repeat(c, 2)[::2], d[::-1], e.T
    return [a, b, c, d, e]


def difference(found, expected, mine, other):
    (result, error), (want, want_error) = found, expected
    if want_error is not None:
        return None if error is not None and not isinstance(error, RuntimeError) else f"{found} instead of {want_error!r}"
    if error is not None:
        return f"raises {error!r}"
    pairs = list(zip([*result, *mine], [*want, *other]))
    if any(np.any(np.abs(np.asarray(w, float)) > EXACT) for _, w in pairs):
        return ROUNDED
    for f, w in pairs:
        if type(f) is not type(w) or np.asarray(f).dtype != np.asarray(w).dtype or not np.array_equal(f, w):
            return f"{f!r} instead of {w!r}"
    return None


def examine(seed, compiled=True):
    """('compiled', 'refused' or 'rounded', None or what differs) of the program of a seed."""
    text, name = text_of(seed), f"<nests {seed}>"
    plain = function_of(text, name)
    program = thalweg.program(plain, strict=True)
    dtype = (np.float64, np.float64, np.int64, np.int32)[seed % 4]
    try:
        for n, p, lying in CALLS:
            mine, other = arguments_of(seed, n, dtype, lying), arguments_of(seed, n, dtype, lying)
            expected, found = run(plain, [*other, p]), run(program if compiled else program.interpret, [*mine, p])
            if isinstance(found[1], thalweg.CompileError):
                return "refused", None
            what = difference(found, expected, mine, other)
            if what == ROUNDED:
                return ROUNDED, None
            if what is not None:
                return "compiled", f"n = {n}, p = {p}, {lying}: {what}"
        return "compiled", None
    finally:
        linecache.cache.pop(name, None)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(search("random_nests", text_of, examine, sys.argv[1:]))
