"""Random programs on single numbers, Python's and NumPy's of all kinds, against NumPy: values and classes of all results.

    python -m random_numbers [--first SEED] [--count N] [--compiled] [--show SEED]

Names change their class in branches and loops; operators, builtins and functions of one or two numbers do the rest. The
graphs are interpreted, some 100 programs a second, or with --compiled run as machine code. Half of them are refused,
most for a name that is of one class on one way and of another on the other.
"""

import math
import random
import sys

import numpy as np

from random_programs import LineWriter, held_against_numpy, search

DTYPES = ["int8", "uint8", "int16", "int32", "uint32", "int64", "uint64", "float32", "float64", "bool", "complex128"]
ATOMS = ["p", "q", "s", "t", "z", "a[0]", "a[-1]", "len(a)", "a.size", "a.ndim", "a.max()", "a.sum()", "0", "1", "2", "3", "-1", "2.5",
         "0.0", "True", "False", "1e10", "100", "200"]
KINDS = ["int8", "uint8", "int32", "int64", "uint64", "float32", "float64", "bool_"]
OF_ONE = ("floor ceil sqrt abs sign positive negative square round rint trunc isnan isfinite real imag conj invert logical_not int64 "
          "float64 float32 int8 bool_ asarray sum max exp fix nan_to_num isreal copy signbit reciprocal any all prod mean").split()
OF_TWO = ("add subtract multiply minimum maximum divide floor_divide mod fmod equal less logical_and logical_or bitwise_and copysign "
          "fmin heaviside arctan2 gcd float_power").split()
CONDITIONS = ["c", "d", "not c", "c and d", "p > 0", "len(a) > 1", "a.size == 0", "s > 1"]
CLASSES = ["int", "float", "bool", "np.integer", "np.floating", "np.ndarray", "np.generic"]
OF_ARRAYS = ["b.sum()", "b.max()", "b.dtype.type(1)", "b.astype(np.int64)[0]", "b[::-1][0]", "z * 1", "b.any()", "b.mean()", "b.size",
             "b[0]", "(b > 1).sum()", "np.where(b > 1, b, s)[0]", "z[()]", "b.tolist()[0]", "b.item(0)", "np.append(b, s)[-1]",
             "np.dot(b, b)", "np.cumsum(b)[-1]", "b.argmax()", "b.std()"]
OF_LISTS = ["l[0]", "l[-1]", "l[p % 2]", "sum(l)", "len(l)", "max(l)", "l[0] + l[1]", "np.array(l)[0]", "np.sum(l)"]
HELPED = ["u", "v", "u + v", "u * v", "-u", "abs(u)", "float(u)", "max(u, v)", "u if v else v", "np.minimum(u, v)", "v - u"]
RANGES = ["range(p)", "range(len(a))", "range(3)", "range(p, 3)", "a", "a", "a[1:]", "(1, 2.5)", "[s, t]"]
PAIRS = ["enumerate(a)", "zip(a, b)", "enumerate([s, t])", "zip(range(3), a)", "enumerate(a[1:], p)"]


class Writer(LineWriter):
    def __init__(self, seed):
        super().__init__(seed)
        self.loops = 0
        self.returned = self.pick(0, 0, 1, 2)   # how many values; 0: all names

    # ---- expressions over the names that are bound
    def atom(self, names):
        if names and self.chance(0.4):
            return self.pick(*names)
        return f"np.{self.pick(*KINDS)}({self.pick(*'0123')})" if self.chance(0.04) else self.pick(*ATOMS)

    def condition(self, names):
        if self.chance(0.2):
            return f"{self.atom(names)} > {self.atom(names)}"
        return self.atom(names) if self.chance(0.1) else self.pick(*CONDITIONS)

    def operation(self, one, names):
        kind = self.random.random()
        if kind < 0.5:
            return f"({one()} {self.pick('+', '-', '*', '+', '-', '*', '/', '//', '%')} {one()})"
        if kind < 0.54:
            return f"({one()} ** {self.pick('2', '0.5', '3', 'p', '0', '-1', 'True', '1')})"
        if kind < 0.7:
            return f"({one()} {self.pick('<', '<=', '==', '!=', '>', '>=')} {one()})"
        if kind < 0.78:
            return f"({self.pick('-', '+', 'not ', '~')}{self.atom(names)})"
        if kind < 0.86:
            return f"({one()} {self.pick('and', 'or')} {one()})"
        if kind < 0.94:
            return f"({one()} if {self.condition(names)} else {one()})"
        return f"({one()} {self.pick('&', '|', '^')} {one()})" if self.chance(0.7) else f"({one()} {self.pick('<<', '>>')} {self.pick(*'1p2')})"

    def call(self, one):
        kind = self.random.random()
        if kind < 0.3:
            return f"{self.pick('abs', 'int', 'float', 'bool', 'round')}({one()})"
        if kind < 0.38:
            return f"{self.pick('min', 'max')}({one()}, {one()})"
        if kind < 0.44:
            return f"divmod({one()}, {one()})[{self.pick('0', '1')}]"
        if kind < 0.7:
            return f"np.{self.pick(*OF_ONE)}({one()})"
        if kind < 0.88:
            return f"np.{self.pick(*OF_TWO)}({one()}, {one()})"
        return self.pick(f"({one()}).real", f"({one()}).imag", f"np.clip({one()}, {one()}, {one()})", f"pow({one()}, 2)",
                         f"sum(({one()}, {one()}))", f"({one()}, {one()})[1]", f"[{one()}, {one()}][{self.pick('0', '1', 'p % 2')}]",
                         f"np.array([{one()}, {one()}])[{self.pick('0', '1', 'p % 2')}]", f"({one()} in ({one()}, {one()}))",
                         f"math.{self.pick('sqrt', 'floor', 'ceil', 'trunc', 'fabs')}({one()})", f"np.full(2, {one()})[0]",
                         f"({one()} is None)", f"isinstance({one()}, {self.pick(*CLASSES)})", f"np.where(c, {one()}, {one()})")

    def expression(self, names, depth=0):
        def one():
            return self.expression(names, depth + 1)
        kind = self.random.random()
        if depth > 2 or kind < 0.3:
            return self.atom(names)
        return self.operation(one, names) if kind < 0.72 else self.call(one)

    # ---- statements
    def bind(self, names, indent, value, name=None):
        name = name or self.pick("x", "y", "w")
        self.line(indent, f"{name} = {value}")
        if name not in names:
            names.append(name)

    def assignment(self, names, indent):
        name = self.pick("x", "y", "w")
        if name in names and self.chance(0.4):
            operator = self.pick("+=", "-=", "*=", "+=", "//=", "/=", "|=", "%=")
            self.line(indent, f"{name} {operator} {self.expression(names, 1)}")
        else:
            self.bind(names, indent, self.expression(names), name)

    def other(self, names, indent):
        kind = self.random.randrange(8)
        if kind == 0 and "x" in names and "y" in names:
            self.line(indent, "x, y = y, x")
        elif kind == 1:
            place = self.pick("0", "-1", ":", "1:", "p", "b > 1", "::2")
            self.line(indent, f"b[{place}] {self.pick('=', '+=', '*=', '-=')} {self.expression(names, 1)}")
        elif kind == 2:
            self.line(indent, f"z {self.pick('+=', '*=', '-=')} {self.expression(names, 2)}")
        elif kind == 3:
            self.line(indent, f"l = [{self.expression(names, 1)}, {self.expression(names, 1)}]")
            self.bind(names, indent, self.pick(*OF_LISTS))
        elif kind == 4:
            more = f", {self.expression(names, 1)}" if self.chance(0.5) else ""
            self.bind(names, indent, f"g({self.expression(names, 1)}{more})")
        elif kind == 5:
            parts = [self.expression(names, 2) for _ in range(3)]
            self.bind(names, indent, f"({parts[0]} {self.pick('<', '<=', '==')} {parts[1]} {self.pick('<', '>', '!=')} {parts[2]})")
        elif kind == 6:
            self.bind(names, indent, self.pick(*OF_ARRAYS))
        elif indent == 1 and self.returned:
            values = [self.expression(names, 2) for _ in range(self.returned)]
            self.line(indent, f"if {self.condition(names)}:")
            self.line(indent + 1, f"return {', '.join(values)},")
        else:
            self.assignment(names, indent)

    def branch(self, names, indent):
        one, two = list(names), list(names)
        self.line(indent, f"if {self.condition(names)}:")
        self.statement(one, indent + 1)
        if self.chance(0.7):
            self.line(indent, "else:")
            self.statement(two, indent + 1)
        names += [name for name in one if name in two and name not in names]

    def for_loop(self, names, indent):
        if self.chance(0.2):
            variables, over = ["j", "v"], self.pick(*PAIRS)
        else:
            variables, over = [self.pick("i", "i", "x", "y")], self.pick(*RANGES)
        self.line(indent, f"for {', '.join(variables)} in {over}:")
        inner = list(dict.fromkeys([*names, *variables]))
        for _ in range(self.random.randint(1, 2)):
            self.statement(inner, indent + 1)
        if self.chance(0.15):
            self.line(indent + 1, f"if {self.condition(inner)}: {self.pick('break', 'continue')}")
        if variables == ["i"] and self.chance(0.15) and "i" not in names:
            names.append("i")

    def while_loop(self, names, indent):
        self.loops += 1
        k = f"k{self.loops}"
        self.line(indent, f"{k} = {self.pick('0', 'p', 'np.int64(0)', '0.0', 's')}")
        self.line(indent, f"while {k} < {self.pick('3', 'p', '2.5', 'len(a)')}:")
        self.statement([*names, k], indent + 1)
        self.line(indent + 1, f"{k} = {k} + {self.pick('1', 'np.int64(1)', '1.5', 'np.float64(1)')}")
        names.append(k)

    def statement(self, names, indent):
        kind = self.random.random()
        if kind < 0.2:
            self.other(names, indent)
        elif kind < 0.55 or indent > 2:
            self.assignment(names, indent)
        elif kind < 0.75:
            self.branch(names, indent)
        elif kind < 0.92:
            self.for_loop(names, indent)
        else:
            self.while_loop(names, indent)

    def program(self):
        self.line(0, "import math\nimport numpy as np\n\ndef g(u, v=1):")
        if self.chance(0.5):
            self.line(1, f"if u > v:\n        return {self.pick('u', 'v', 'u + v', 'u - 1', 'u * 2')}")
        self.line(1, f"return {self.pick(*HELPED)}\n")
        self.line(0, "def program(a, z, p, q, s, t, c, d):\n    b = a.copy()")
        names = []
        for _ in range(self.random.randint(1, 6)):
            self.statement(names, 1)
        if not names:
            self.bind(names, 1, self.expression([]), "x")
        results = (names * 2)[:self.returned] if self.returned else names + ["b", "z"][:self.pick(0, 0, 1, 2)]
        self.line(1, f"return {', '.join(results)},")
        return "\n".join(self.lines) + "\n"


def text_of(seed):
    return Writer(seed).program()


def number_of(kind, draw):
    value = draw.choice([0, 1, 2, 3, 5, 7, 1, 2, 100])
    if kind[0] in "if" and draw.random() < 0.3:
        value = -value
    if kind[0] == "f" and draw.random() < 0.4:
        value += 0.5
    if kind[0] == "f" and draw.random() < 0.06:
        value = draw.choice([math.nan, math.inf, -2.25])
    if kind[0] == "u" and draw.random() < 0.1:
        value = 255
    return np.dtype(kind).type(value)


def arguments_of(seed, k):
    """Kinds by the seed, values by k."""
    kinds, draw = random.Random(seed), random.Random(100 * seed + k)
    of_a, of_z, of_s, of_t = (kinds.choice(DTYPES) for _ in range(4))
    a = np.array([number_of(of_a, draw) for _ in range(draw.choice([0, 1, 2, 3, 1, 2]))], of_a)
    s, t = number_of(of_s, draw), number_of(of_t, draw)
    if kinds.random() < 0.3:
        s = s.item()
    return [a, np.array(number_of(of_z, draw)), draw.choice([0, 1, 2, 3, -1, 1, 2]), draw.choice([0.0, 0.5, 2.0, -1.5, 1.0, 3.0]), s, t,
            draw.random() < 0.5, draw.random() < 0.5]


def same(found, expected):
    """Of one class, and equal; floats but for what their functions round, zeros of any sign (of max() by the order in memory)."""
    if type(found) is not type(expected):
        return False
    if isinstance(expected, (tuple, list)):
        return len(found) == len(expected) and all(map(same, found, expected))
    x, y = np.asarray(found), np.asarray(expected)
    if x.dtype != y.dtype or x.shape != y.shape:
        return False
    if y.dtype.kind not in "fc":
        return bool(np.all(x == y))
    with np.errstate(all="ignore"):
        near = np.abs(x - y) <= 64 * np.finfo(y.dtype).eps * np.abs(y)
        return bool(np.all(near | (x == y) | (np.isnan(x) & np.isnan(y)) | (np.isinf(x) & np.isinf(y))))


def copies(arguments):
    return [each.copy() if isinstance(each, np.ndarray) else each for each in arguments]


def unlike(found, expected, *_):
    return None if same(found, expected) else f"{found!r} instead of {expected!r}"


def examine(seed, inputs=10, compiled=False):
    draws = (arguments_of(seed, k) for k in range(inputs))
    return held_against_numpy(text_of(seed), f"<numbers {seed}>", draws, copies, unlike, compiled)


if __name__ == "__main__":
    sys.exit(search("random_numbers", text_of, examine, sys.argv[1:]))
