"""Random programs: parameters, statements, what they return; every line was run by NumPy at the sample size."""

import collections
import copy
import dataclasses
import re

import numpy as np

from . import language, values
from .expressions import ARITHMETIC, BITWISE, SYMBOLS, Expressions


SLICES_WRITTEN = re.compile(r"^(\s*\w+\[[^\]=]*:[^\]=]*\]) = (.+)$")   # a[::2] = a[:3]
VALUES = (np.ndarray, np.generic, bool, int, float, complex)   # what expressions are made of


@dataclasses.dataclass
class Program:
    seed: int
    parameters: list
    lines: list
    results: list                      # (name, rule, magnitude)
    counts: collections.Counter

    def text(self, oracle=False):
        """The function's text; the oracle returns the magnitudes of its sums as well."""
        names = [name for name, _, _ in self.results]
        extra = [magnitude for _, _, magnitude in self.results if magnitude] if oracle else []
        head = f"def program({', '.join(p.name for p in self.parameters)}):\n"
        lines = [line.removeprefix("# ") if oracle else line for line in self.lines if oracle or line[0] != "#"]
        lines = [returned(line, oracle) if "@return" in line else line for line in lines]
        if oracle:   # in place it is wrong in NumPy itself for far negative strides (docs/runtime.md)
            lines = [re.sub(r"np\.negative\((\w+), out=\1\b", r"np.negative(\1.copy(), out=\1", line) for line in lines]
            lines = [SLICES_WRITTEN.sub(r"\1 = apart(\2)", line) for line in lines]   # so it is where memory overlaps
        body = "".join(f"    {line}\n" for line in lines)
        return head + body + f"    return ({', '.join(names + extra)},)\n"

    def describe(self):
        return f"seed {self.seed}: ({', '.join(p.text() for p in self.parameters)})\n{self.text()}"


def returned(line, oracle):
    """The early return behind a mark: of the results, for the oracle of the magnitudes as well."""
    before, _, rest = line.partition("@return ")
    results, _, extra = rest.partition("|")
    return f"{before}return ({results} {extra if oracle else ''})"


class Writer(language.Language):
    """Writes one program; `names` holds the value of each name at the sample size after the lines so far."""

    def __init__(self, seed):
        self.rng = np.random.default_rng([seed, 77])
        self.counts = collections.Counter()
        self.lines, self.results = [], []
        self.parameters = self.draw_parameters()
        sizes = dict(SYMBOLS)
        layouts = {p.name: "plain" for p in self.parameters}
        self.names = dict(zip([p.name for p in self.parameters], [
            self.sample(p, sizes, layouts) for p in self.parameters]))
        self.draw = Expressions(self.rng, self.names, self.counts)
        self.fresh = 0

    def sample(self, parameter, sizes, layouts):
        if parameter.kind == "array":
            return values.array(self.rng, parameter.dtype, tuple(
                sizes[e] if isinstance(e, str) else e for e in parameter.extents), layouts[parameter.name])
        value = values.scalar(self.rng, parameter)
        return int(self.rng.integers(0, 4)) if parameter.kind == "int" else value

    def draw_parameters(self):
        out = []
        for name in "abcd"[:self.rng.integers(1, 4)]:
            rank = int(self.rng.choice([0, 1, 1, 1, 2, 2, 2, 3], p=[.02, .2, .16, .17, .15, .15, .1, .05]))
            extents = tuple(str(self.rng.choice(list(SYMBOLS))) if self.rng.random() < 0.9 else 1 for _ in range(rank))
            dtype = values.draw_dtype(self.rng)
            if out and self.rng.random() < 0.4:   # like the one before, so that they meet (and alias)
                dtype, extents = out[-1].dtype, out[-1].extents
            out.append(values.Parameter(name, "array", dtype, extents))
        if self.rng.random() < 0.5:
            for name in "pq"[:self.rng.integers(1, 3)]:
                kind = str(self.rng.choice(["int", "int", "float", "bool", "complex", "numpy", "numpy"],
                                           p=[.25, .15, .2, .06, .04, .15, .15]))
                out.append(values.Parameter(name, kind, values.draw_dtype(self.rng) if kind == "numpy" else None))
        return out

    # ---- lines -------------------------------------------------------------------------------------------------

    def run(self, lines):
        """The names after these lines at the sample size, or None where NumPy refuses them."""
        names = copy.deepcopy(self.names)   # one memo: views stay views of the copies
        try:
            with np.errstate(all="ignore"):
                scope = {"np": np, **names}   # one scope, as in a function: comprehensions see it
                exec("\n".join(lines), scope)
        except Exception:
            return None
        names = {k: v for k, v in scope.items() if k != "np" and not k.startswith("__")}
        if any(type(v) is int and not -2**63 <= v < 2**63 for v in names.values()):
            return None
        return names

    def add(self, lines, kind):
        names = self.run(lines)
        if names is None:
            return False
        self.names.clear()
        self.names.update({k: v for k, v in names.items() if k != "_" and isinstance(v, VALUES)})
        self.lines += lines
        self.counts["statement: " + kind] += 1
        return True

    def new_name(self):
        self.fresh += 1
        return f"v{self.fresh}"

    def assign(self):
        term = self.draw.expression(3)
        again = self.draw.known() if self.draw.chance(0.15) else []
        return self.add([f"{self.draw.pick(again) if again else self.new_name()} = {term.text}"],
                        "re-binding" if again else "assignment")

    def bind_view(self):
        name = self.draw.array_name()
        if name is None:
            return False
        text = self.draw.subscript(self.names[name], fancy=False)
        form = self.draw.pick([name + text, name + text, name + ".T", f"{name}.reshape(-1)"])
        return self.add([f"{self.new_name()} = {form}"], "view")

    def approximate(self):
        term = self.draw.approximate()
        if term is None:
            return False
        name = self.new_name()
        frozen = [f"{name} = {term.text}"]
        if term.magnitude:
            frozen.append(f"# {name}_magnitude = {term.magnitude}")
        if not self.add(frozen, "approximate"):
            return False
        self.draw.inexact.add(name)
        self.results.append((name, term.rule, f"{name}_magnitude" if term.magnitude else ""))
        return True

    def target(self):
        name = self.draw.array_name()
        if name is None:
            return None
        return name + self.draw.subscript(self.names[name])

    def store(self):
        target = self.target()
        if target is None:
            return False
        return self.add([f"{target} = {self.draw.expression(2).text}"], "store")

    def augmented(self):
        target = self.target() if self.draw.chance(0.6) else self.draw.pick(self.draw.known())
        if target is None:
            return False
        operator = self.draw.pick(ARITHMETIC[:6] + ARITHMETIC[:3] + BITWISE[:3])
        return self.add([f"{target} {operator}= {self.draw.expression(2).text}"], "augmented " + operator + "=")

    def store_part(self):
        name = self.draw.array_name(lambda v: v.dtype.kind == "c")
        if name is None:
            return False
        place = self.draw.subscript(self.names[name], fancy=False) if self.draw.chance(0.5) else ""
        return self.add([f"{name}.{self.draw.pick(['real', 'imag'])}{place} {self.draw.pick(['=', '+=', '*='])} "
                         f"{self.draw.expression(2).text}"], "store of a part")

    def local_function(self):
        term, other = self.draw.expression(2), self.draw.expression(1)
        name = self.new_name()
        lines = [f"def f_{name}(x, y={other.text}):", f"    z = x {self.draw.pick(['+', '*', '-'])} y",
                 f"    return {self.draw.pick(['z', 'z, x', 'x if len(np.shape(z)) > 9 else z'])}",
                 f"{name} = f_{name}({term.text})"]
        if "z, x" in lines[2]:
            lines[3] = f"{name}, {self.new_name()} = f_{name}({term.text})"
        return self.add(lines, "def")

    def unpacked(self):
        terms = [self.draw.expression(2).text for _ in range(2)]
        names = [self.new_name() for _ in terms]
        return self.add([f"{', '.join(names)} = {', '.join(terms)}"], "tuple assignment")

    def scalar_test(self):
        for _ in range(20):
            test = self.draw.comparison(1)
            if test is not None and not test.is_array and np.ndim(test.value) == 0:
                return test.text
        return "len(%s) > 3" % self.draw.array_name(lambda v: True) if self.draw.array_name() else "True"

    def same_type(self, name):
        """A line that gives `name` another value of the same type and shape."""
        value = self.names[name]
        if type(value) in (int, bool):   # products of Python ints grow without bound in loops
            return f"{name} = {name} {self.draw.pick('+-|^')} {self.draw.literal(values.integer(self.rng, True))}"
        for _ in range(20):
            term = self.draw.expression(2)
            if type(term.value) is type(value) and term.kind == np.asarray(value).dtype.kind and \
                    np.shape(term.value) == np.shape(value) and np.asarray(value).dtype == np.asarray(term.value).dtype:
                return f"{name} = {term.text}"
        return f"{name} = {name}"

    def inner(self):
        """One line for a body of a branch or a loop; most of them run at the sample size, whether they are reached or not."""
        form = self.draw.rng.random()
        if form < 0.45:
            target = self.target()
            if target:
                line = f"{target} {self.draw.pick(['=', '+=', '*=', '-=', '='])} {self.draw.expression(2).text}"
                if self.draw.chance(0.1) or self.run([line]) is not None:
                    return line
        return self.same_type(self.draw.pick(self.draw.known()))

    def branch(self):
        lines = [f"if {self.scalar_test()}:"] + ["    " + self.inner() for _ in range(self.rng.integers(1, 3))]
        if self.draw.chance(0.6):
            lines += ["else:"] + ["    " + self.inner() for _ in range(self.rng.integers(1, 3))]
        return self.add(lines, "if")

    def loop(self):
        array = self.draw.array_name()
        if array is None:
            return False
        form = self.rng.random()
        counter, before = "i", []
        if form < 0.4:
            head = self.draw.pick([f"for i in range(len({array})):", f"for i in range({array}.shape[0] - 1):",
                                   f"for i in range(len({array}) - 1, -1, -1):", f"for i in range(1, len({array}), 2):"])
            kind = "for range"
        elif form < 0.6:
            head, kind = f"for i in {array}:", "for array"
        elif form < 0.7:
            head, kind = f"for j, i in enumerate({array}):", "for enumerate"
        elif form < 0.8:
            head, kind = f"for i, j in zip({array}, reversed({array})):", "for zip reversed"
        elif form < 0.9:
            head, kind = "for i in (1, 2, 3):", "for tuple"
        else:
            before = ["i = 0"]
            head, kind = f"while i < {self.draw.pick(['3', f'len({array})'])}:", "while"
        names = self.run(before + [head, "    i += 1" if before else "    pass"])
        if names is None or "i" not in names:
            return False
        added = [n for n in ("i", "j") if n in names and n not in self.names]
        for name in added:
            self.names[name] = names[name]
        body = []
        for _ in range(self.rng.integers(1, 4)):
            line = self.inner()
            if not line.startswith(("i ", "j ")):
                body.append("    " + line)
        if self.draw.chance(0.2):
            body.insert(int(self.rng.integers(0, len(body) + 1)),
                        f"    if {self.scalar_test()}: {self.draw.pick(['break', 'continue'])}")
            if kind == "while" and "continue" in " ".join(body):
                body = [line.replace("continue", "break") for line in body]
        if kind == "while":
            body.append("    i += 1")
        for name in added:
            del self.names[name]
        if not body or not self.add(before + [head] + body, kind):
            return False
        for name in ("i", "j"):   # not bound where the loop does not run
            if name in added and not (kind in ("while", "for tuple") and name == "i"):
                self.names.pop(name, None)
        return True

    def write(self):
        for name, extent in SYMBOLS.items():
            for p in self.parameters:
                if p.kind == "array" and extent in [SYMBOLS.get(e) for e in p.extents] and name not in self.names and \
                        self.draw.chance(0.35):
                    self.add([f"{name} = {p.name}.shape[{p.extents.index(name)}]"], "shape")
        wanted = int(self.rng.integers(1, 6))
        for _ in range(40):
            if wanted == 0:
                break
            wanted -= bool(getattr(self, self.draw.pick(STATEMENTS))())
        exact = [n for n in self.names if n not in self.draw.inexact and n not in SYMBOLS]
        chosen = [n for n in exact if n.startswith("v") or self.draw.chance(0.4)]
        self.results = [(n, "exact", "") for n in chosen] + self.results
        if not self.results:
            self.results = [(exact[0], "exact", "")]
        self.early()
        return self.results


STATEMENTS = (["assign"] * 9 + ["store"] * 4 + ["augmented"] * 4 + ["branch"] * 3 + ["loop"] * 4 + ["bind_view"] * 2 +
              ["approximate"] * 5 + ["store_part", "local_function", "unpacked"] + language.STATEMENTS)


def make(seed):
    """The program of a seed."""
    writer = Writer(seed)
    writer.write()
    for parameter in writer.parameters:
        writer.counts["parameter: " + (parameter.kind if parameter.kind != "array" else f"{parameter.dtype} array")] += 1
        if parameter.kind == "array":
            writer.counts[f"rank: {len(parameter.extents)}"] += 1
    return Program(seed, writer.parameters, writer.lines, writer.results, writer.counts)
