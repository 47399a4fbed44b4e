"""Random expressions over the names of a program; NumPy's value at one sample size says what each of them is.

An expression is a `Term`: its text, its value at the sample size, and how close to NumPy it must come: `exact` ones
agree in every bit; the others (elementary functions, sums of floats in another order) carry a rule, and are not used in
other expressions, as what follows would amplify what is allowed.
"""

import dataclasses
import re

import numpy as np

from . import values
from .library import Library

SYMBOLS = {"n": 5, "m": 6, "k": 7}
ARITHMETIC = ["+", "-", "*", "/", "//", "%", "**"]
COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]
BITWISE = ["&", "|", "^", "<<", ">>"]
ROUNDED = ["floor", "ceil", "trunc", "rint"]
ONE = ["abs", "negative", "square", "sign", "conj", "real", "imag"]
TWO = ["minimum", "maximum", "fmin", "fmax", "add", "subtract", "multiply", "divide", "floor_divide", "remainder",
       "fmod", "copysign", "greater", "less_equal", "equal", "not_equal", "logical_and", "logical_or", "logical_xor"]
PREDICATES = ["isnan", "isfinite", "isinf", "signbit", "logical_not"]
FUNCTIONS = ["sin", "cos", "tan", "exp", "log", "log2", "log10", "log1p", "expm1", "exp2", "sinh", "cosh", "tanh",
             "arcsin", "arccos", "arctan", "sqrt", "cbrt"]
REDUCTIONS = ["sum", "prod", "min", "max", "any", "all", "argmin", "argmax", "mean", "count_nonzero"]


@dataclasses.dataclass
class Term:
    text: str
    value: object
    rule: str = "exact"       # exact | function | sum
    magnitude: str = ""       # of a sum: an expression for the sum of absolute values

    @property
    def is_array(self):
        return isinstance(self.value, np.ndarray) and self.value.ndim > 0

    @property
    def kind(self):
        return np.asarray(self.value).dtype.kind

    @property
    def is_python(self):
        return type(self.value) in (int, float, bool, complex)


def endless(a, b):
    """Could `a ** b` or `a << b` be a Python int without bound?"""
    return type(a.value) in (int, bool) and type(b.value) in (int, bool) and not (b.text.isdigit() and b.value < 70)


def size_of(term):
    """Absolute values, of the least integer too."""
    return f"np.abs({term.text} * 1.0)"


class Expressions(Library):
    """Draws terms; `names` are the values at the sample size of what the program has bound so far."""

    def __init__(self, rng, names, counts):
        self.rng, self.names, self.counts = rng, names, counts
        self.inexact = set()   # names that hold what is not exact

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, items):
        return items[self.rng.integers(len(items))]

    def term(self, text, rule="exact", magnitude=""):
        """The term of a text, or None where NumPy refuses it at the sample size."""
        try:
            with np.errstate(all="ignore"):
                value = eval(text, {"np": np, **self.names})
        except Exception:
            return None
        if not isinstance(value, (np.ndarray, np.generic, bool, int, float, complex)):
            return None
        if isinstance(value, np.ndarray) and value.size > 4000 or np.asarray(value).dtype.kind not in "biufc":
            return None
        if type(value) is int and not -2**63 <= value < 2**63:
            return None
        return Term(text, value, rule, magnitude)

    def known(self, want=lambda value: True):
        return [name for name, value in self.names.items() if name not in self.inexact and want(value)]

    def array_name(self, want=lambda value: True):
        found = self.known(lambda v: isinstance(v, np.ndarray) and v.ndim > 0 and want(v))
        return self.pick(found) if found else None

    # ---- leaves ------------------------------------------------------------------------------------------------

    def leaf(self):
        draw = self.rng.random()
        if draw < 0.62:
            found = self.known()
            return self.term(self.pick(found)) if found else None
        if draw < 0.75:
            name = self.array_name()
            return self.term(name + self.subscript(self.names[name])) if name else None
        if draw < 0.84:
            return self.term(self.literal(values.integer(self.rng)))
        if draw < 0.92:
            value = values.real(self.rng)
            return self.term(self.literal(value))
        if draw < 0.98:
            dtype = values.draw_dtype(self.rng)
            if dtype.kind == "c":
                return self.term(f"np.{dtype}({abs(values.integer(self.rng, True))})")
            value = values.integer(self.rng, True) if dtype.kind in "biu" else values.real(self.rng)
            value = abs(value) if dtype.kind in "u" else value
            return self.term(f"np.{dtype.name if dtype.kind != 'b' else 'bool_'}({self.literal(value).strip('()')})")
        return self.term(self.pick(["True", "False", "1j"]))

    def literal(self, value):
        if isinstance(value, float) and not np.isfinite(value):
            return "np.nan" if np.isnan(value) else "np.inf" if value > 0 else "(-np.inf)"
        return f"({value!r})" if value < 0 or str(value).startswith("-") else repr(value)

    def index(self, extent):
        """One integer index: constant, or from a name that fits at the sample size."""
        if self.chance(0.35):
            found = self.known(lambda v: (type(v) is int or isinstance(v, np.integer)) and -extent <= v < extent)
            if found:
                return self.pick(found)
        return str(int(self.rng.integers(-min(3, extent), min(3, extent)))) if extent else "0"

    def slice(self):
        def bound():
            if self.chance(0.45):
                return ""
            found = self.known(lambda v: type(v) is int)
            return self.pick(found) if found and self.chance(0.15) else str(int(self.rng.integers(-4, 6)))
        step = self.pick(["", "", "", "", ":2", ":-1", ":-2", ":3"])
        return f"{bound()}:{bound()}{step}"

    def subscript(self, value, fancy=True):
        draw = self.rng.random()
        if fancy and draw < 0.10:
            masks = [t for t in self.known(lambda v: isinstance(v, np.ndarray) and v.dtype == bool and
                                           v.shape == value.shape[:v.ndim] and v.ndim > 0)]
            if masks:
                self.counts["index: mask"] += 1
                return f"[{self.pick(masks)}]"
            if value.dtype.kind in "iuf":
                base = [name for name, v in self.names.items() if v is value]
                if base:
                    self.counts["index: mask"] += 1
                    return f"[{base[0]} {self.pick(COMPARISONS)} {values.integer(self.rng, True)}]"
        if fancy and draw < 0.2:
            arrays = self.known(lambda v: isinstance(v, np.ndarray) and v.dtype.kind in "iu" and v.ndim > 0 and
                                np.all((v >= -value.shape[0]) & (v < value.shape[0])))
            if arrays:
                self.counts["index: array"] += 1
                return f"[{self.pick(arrays)}]"
        parts, axis = [], 0
        while axis < value.ndim and self.chance(0.85):
            form = self.rng.random()
            if form < 0.35:
                parts.append(self.index(value.shape[axis]))
                self.counts["index: integer"] += 1
            elif form < 0.88:
                parts.append(self.slice())
                self.counts["index: slice"] += 1
            elif form < 0.95 or "..." in parts:
                parts.append("None")
                self.counts["index: newaxis"] += 1
                axis -= 1
            else:
                parts.append("...")
                self.counts["index: ellipsis"] += 1
                axis = max(axis, value.ndim - int(self.rng.integers(0, 2)) - 1)
            axis += 1
            if len(parts) > 4:
                break
        return f"[{', '.join(parts or [':'])}]"

    # ---- compound ----------------------------------------------------------------------------------------------

    def expression(self, depth=3):
        """An exact term."""
        for _ in range(12):
            if depth <= 0 or self.chance(0.12):
                found = self.leaf()
            else:
                form = self.pick(FORMS)
                found = getattr(self, form)(depth - 1)
            if found is not None and found.rule == "exact":
                return found
        return self.term("1")

    def count(self, text):
        self.counts["operation: " + text] += 1

    def binary(self, depth):
        a, b = self.expression(depth), self.expression(depth)
        operator = self.pick(ARITHMETIC)
        if operator == "**" and endless(a, b):
            return None
        inexact = "fc" if operator == "**" else "c" if operator == "/" else ""
        result = self.term(f"({a.text} {operator} {b.text})")
        if result is None or result.kind in inexact or ("c" in (a.kind, b.kind) and operator in ("**", "/")):
            return None
        self.count(operator)
        return result

    def square_power(self, depth):
        a = self.expression(depth)
        if not a.is_array:
            return None
        self.count("** 2")
        return self.term(f"({a.text} ** 2)")

    def bitwise(self, depth):
        a, b = self.expression(depth), self.expression(depth)
        operator = self.pick(BITWISE)
        if operator == "<<" and endless(a, b):
            return None
        result = self.term(f"({a.text} {operator} {b.text})") if a.kind in "biu" and b.kind in "biu" else None
        if result is not None:
            self.count(operator)
        return result

    def unary(self, depth):
        a = self.expression(depth)
        operator = "~" if a.kind in "biu" and self.chance(0.4) else "-"
        if type(a.value) is bool:
            return None
        self.count("unary " + operator)
        return self.term(f"({operator}{a.text})")

    def comparison(self, depth):
        a, b = self.expression(depth), self.expression(depth)
        operator = self.pick(COMPARISONS)
        self.count(operator)
        return self.term(f"({a.text} {operator} {b.text})")

    def chained(self, depth):
        terms = [self.expression(depth - 1) for _ in range(3)]
        if any(t.is_array for t in terms):
            return None
        self.count("chained comparison")
        chain = f"{terms[0].text} {self.pick(COMPARISONS)} {terms[1].text} {self.pick(COMPARISONS)} {terms[2].text}"
        return self.term(f"bool({chain})")   # Python's bool or NumPy's by the way taken: documented, it is NumPy's here

    def logical(self, depth):
        a, b = self.expression(depth), self.expression(depth)
        if a.is_array or b.is_array:
            return None
        operator = self.pick(["and", "or", "not"])
        self.count(operator)
        return self.term(f"(not {a.text})" if operator == "not" else f"({a.text} {operator} {b.text})")

    def conditional(self, depth):
        test, a, b = self.expression(depth), self.expression(depth), self.expression(depth)
        if test.is_array or (type(a.value), a.kind) != (type(b.value), b.kind) or np.shape(a.value) != np.shape(b.value):
            return None
        self.count("conditional expression")
        return self.term(f"({a.text} if {test.text} else {b.text})")

    def call_one(self, depth):
        a = self.expression(depth)
        name = self.pick(ONE + ROUNDED + PREDICATES + ["sqrt"])
        if a.kind == "c" and name in ("abs", "sign", "sqrt"):
            return None
        self.count(name)
        # the sign of a NaN is not compared anywhere (docs/runtime.md)
        return self.term(f"np.signbit(np.where(np.isnan({a.text}), 1, {a.text}))" if name == "signbit" else
                         f"np.{name}({a.text})")

    def call_two(self, depth):
        a, b = self.expression(depth), self.expression(depth)
        name = self.pick(TWO)
        sign = f"np.where(np.isnan({b.text}), 1, {b.text})" if name == "copysign" else b.text
        # which zero fmax and fmin take follows from the length (docs/runtime.md): + 0 leaves one
        zero = " + 0" if name in ("fmax", "fmin") else ""
        result = self.term(f"(np.{name}({a.text}, {sign}){zero})")
        if result is None or (result.kind == "c" and name == "divide"):
            return None
        self.count(name)
        return result

    def call_where(self, depth):
        test, a, b = self.comparison(depth) or self.expression(depth), self.expression(depth), self.expression(depth)
        self.count("where")
        return self.term(f"np.where({test.text}, {a.text}, {b.text})")

    def call_clip(self, depth):
        a, low, high = self.expression(depth), self.expression(0), self.expression(0)
        self.count("clip")
        return self.term(f"(np.clip({a.text}, {low.text}, {high.text}) + 0)")

    def builtin(self, depth):
        a = self.expression(depth)
        name = self.pick(["abs", "int", "float", "bool", "min", "max", "round"])
        if a.is_array and name != "abs" or (a.kind == "c" and name == "abs"):
            return None
        b = self.expression(0)
        if name in ("min", "max"):
            if b.is_array or (type(a.value) is not type(b.value)):
                return None
            self.count(name + "()")
            return self.term(f"{name}({a.text}, {b.text})")
        if name == "round" and not a.is_python:
            return None
        self.count(name + "()")
        return self.term(f"{name}({a.text})")

    def astype(self, depth):
        a = self.expression(depth)
        dtype = values.draw_dtype(self.rng)
        # what C leaves open (floats that do not fit the integer) is open in NumPy as well
        if not a.is_array or (a.kind == "c" and dtype.kind != "c") or (a.kind == "f" and dtype.kind in "iu"):
            return None
        self.count("astype")
        return self.term(f"{a.text}.astype(np.{dtype.name if dtype.kind != 'b' else 'bool_'})")

    def reduction(self, depth):
        a = self.expression(depth)
        if not a.is_array:
            return None
        name = self.pick(REDUCTIONS)
        if name == "mean" or (name in ("sum", "prod") and a.kind in "fc"):
            return None
        if a.kind == "c" and name in ("min", "max", "argmin", "argmax"):
            return None
        self.count(name)
        # which of two zeros is the least follows from the blocks (docs/runtime.md): + 0 leaves one
        zero = " + 0" if name in ("min", "max") and a.kind == "f" else ""
        return self.term(f"({self.reduce_text(name, a)}{zero})")

    def reduce_text(self, name, a):
        options = ""
        if self.chance(0.55):
            axis = int(self.rng.integers(-a.value.ndim, a.value.ndim))
            options = f", axis={axis}"
        if self.chance(0.2) and name not in ("argmin", "argmax", "count_nonzero"):
            options += ", keepdims=True"
        method = self.chance(0.3) and name != "count_nonzero"
        return f"{a.text}.{name}({options[2:]})" if method else f"np.{name}({a.text}{options})"

    def form(self, what, forms, *terms):
        """One of the texts; it is counted with `a` and `b` for the terms, and without its numbers."""
        text = self.pick(forms)
        counted = text
        for term, name in zip(terms, "ab"):
            counted = re.sub(rf"(?<!\w){re.escape(term.text)}(?!\w)", name, counted)
        self.count(what + re.sub(r"-?\d+", "1", counted))
        return self.term(text)

    def shaped(self, depth):
        a = self.expression(depth)
        if not a.is_array:
            return None
        n = a.value.ndim
        axis = int(self.rng.integers(-n, n))
        forms = [f"{a.text}.T", f"np.transpose({a.text})", f"{a.text}.reshape(-1)", f"np.ravel({a.text})",
                 f"{a.text}.flatten()", f"np.expand_dims({a.text}, {axis})", f"np.copy({a.text})", f"{a.text}.copy()",
                 f"np.flip({a.text}, axis={axis})", f"np.repeat({a.text}, {self.rng.integers(0, 4)}, axis={axis})",
                 f"np.zeros_like({a.text})", f"np.ones_like({a.text})", f"{a.text}.shape[{axis}]", f"{a.text}.size",
                 f"len({a.text})", f"np.swapaxes({a.text}, 0, {axis})", f"np.squeeze({a.text})", f"{a.text}.real",
                 f"np.full_like({a.text}, 3)", f"np.sum({a.text} != 0)"]
        if n == 2:
            forms += [f"np.triu({a.text})", f"np.tril({a.text}, {self.rng.integers(-2, 3)})", f"np.fliplr({a.text})",
                      f"{a.text}.transpose(1, 0)", f"np.trace({a.text} > 0)"]
        return self.form("shape: ", forms, a)

    def viewed(self, depth):
        """Views by index maps, and arrays as they are."""
        a = self.expression(depth)
        if not a.is_array:
            return None
        forms = [f"{a.text}.real", f"{a.text}.imag", f"np.real({a.text})", f"np.imag({a.text})", f"np.asarray({a.text})",
                 f"np.broadcast_to({a.text}, (2,) + {a.text}.shape)", f"np.ascontiguousarray({a.text})"]
        if a.value.ndim > 1:
            forms += [f"np.diagonal({a.text})", f"np.diagonal({a.text}, {self.rng.integers(-2, 3)})",
                      f"np.einsum('ij->ji', {a.text})" if a.value.ndim == 2 and a.kind != "b" else f"np.asarray({a.text})"]
        return self.form("view: ", forms, a)

    def collected(self, depth):
        """Lists, tuples, dictionaries, comprehensions, functions made inside."""
        a, b = self.expression(depth), self.expression(depth)
        forms = [f"[{a.text}, {b.text}][{self.rng.integers(-2, 2)}]", f"{{'x': {a.text}, 'y': {b.text}}}['y']",
                 f"(lambda x, y={b.text}: x)({a.text})", f"(lambda x: x + 1)({a.text})", f"({a.text}, {b.text})[-1]",
                 f"[{a.text} * t for t in (1, 2, 3)][1]", f"max([{self.rng.integers(0, 9)}, 4])"]
        if not a.is_array and not b.is_array:
            forms += [f"np.array([{a.text}, {b.text}])", f"np.array({a.text})", f"sum([1, 2, {self.rng.integers(0, 9)}])"]
        if a.is_array:
            forms += [f"np.stack([{a.text} * t for t in (1, 2)])", f"np.where([True, False, True][0], {a.text}, 0)"]
        return self.form("collection: ", forms, a, b)

    def joined(self, depth):
        a = self.expression(depth)
        if not a.is_array:
            return None
        b = self.expression(depth)
        axis = int(self.rng.integers(0, a.value.ndim))
        text = self.pick([f"np.concatenate(({a.text}, {b.text}), axis={axis})", f"np.stack(({a.text}, {b.text}))",
                          f"np.hstack(({a.text}, {b.text}))", f"np.vstack(({a.text}, {b.text}))",
                          f"np.concatenate([{a.text}, {a.text}])"])
        self.count(text.split("(")[0])
        return self.term(text)

    def created(self, _):
        dtype = values.draw_dtype(self.rng)
        option = f", dtype=np.{dtype.name if dtype.kind != 'b' else 'bool_'}" if self.chance(0.5) else ""
        known = [name for name in SYMBOLS if name in self.names] or ["4"]
        one = self.pick(known)
        extents = self.pick([one, f"({one}, {self.pick(known)})", f"({one},)", "3", "(2, 3)"])
        text = self.pick([f"np.zeros({extents}{option})", f"np.ones({extents}{option})",
                          f"np.full({extents}, {self.literal(values.integer(self.rng, True))}{option})",
                          f"np.arange({one}{option})", f"np.arange(1, {one}, 2{option})", f"np.eye({one})",
                          f"np.arange({one}, -1, -1{option})", f"np.arange({self.rng.integers(-300, 4)}, {one}, 7{option})",
                          f"np.asarray([{self.literal(values.integer(self.rng, True))}, 2.5]{option})", f"np.arange({one}) * 0.5"])
        self.count(text.split("(")[0])
        return self.term(text)

    # ---- what is close to NumPy only ---------------------------------------------------------------------------

    def approximate(self):
        """A term with a rule; only results are made of it."""
        a = self.expression(2)
        draw = self.rng.random()
        if self.chance(0.4):
            return self.library_close()
        if draw < 0.35:
            name = self.pick(FUNCTIONS)
            if a.kind == "c":
                return None
            self.count(name)
            return self.term(f"np.{name}({a.text})", "function")
        if draw < 0.42:
            b = self.expression(2)
            if "c" in (a.kind, b.kind) or endless(a, b):
                return None
            self.count("**")
            return self.term(f"({a.text} ** {b.text})", "function")
        if draw < 0.47:
            b = self.expression(2)
            name = self.pick(["arctan2", "hypot"])
            self.count(name)
            return self.term(f"np.{name}({a.text}, {b.text})", "function") if "c" not in (a.kind, b.kind) else None
        if draw < 0.75:
            if not a.is_array or a.kind not in "fciub":
                return None
            name = self.pick(["sum", "prod", "mean"])
            text = self.reduce_text(name, Term("it", a.value))
            self.count(name)
            # of products the largest partial one counts
            size = f"np.maximum({size_of(a)}, 1)" if name == "prod" else size_of(a)
            return self.term(text.replace("it", a.text, 1), "sum", text.replace("it", size, 1))
        b = self.expression(2)
        if not (a.is_array and b.is_array):
            return None
        self.count("@")
        form = self.pick(["({} @ {})", "np.dot({}, {})", "np.matmul({}, {})", "np.outer({}, {})", "np.inner({}, {})"])
        return self.term(form.format(a.text, b.text), "sum", form.format(size_of(a), size_of(b)))


FORMS = (["binary"] * 9 + ["comparison"] * 2 + ["call_two"] * 3 + ["call_one"] * 3 + ["call_where"] * 2 +
         ["unary"] * 2 + ["bitwise", "bitwise", "chained", "logical", "conditional", "call_clip", "builtin", "astype",
                          "astype", "reduction", "reduction", "shaped", "shaped", "viewed", "collected", "joined", "created", "square_power"] +
         ["library"] * 6)
