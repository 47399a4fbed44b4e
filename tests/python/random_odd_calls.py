"""Single calls, operations and statements with arguments of kinds that do not belong there, against NumPy.

    python -m random_odd_calls [--first SEED] [--count N] [--compiled] [--show SEED]

Every public function that is compiled, methods, Python's own functions, subscripts, operators and assignments; by position and by name,
None, strings, empty tuples, types, nested and ragged lists, axes that are out of range or no integers. NumPy's result, or an
error; never another result, never a crash.
"""

import inspect
import random
import sys

import numpy as np

from random_calls import arguments_of, copies, unlike
from random_programs import LineWriter, held_against_numpy, search
from thalweg import _thalweg
from thalweg.definitions.index import FAMILY_OF

# What is not settled: elements nobody has set, the signs of singular vectors and the like; and what is no function of values.
LEFT_OUT = "numpy.empty numpy.empty_like numpy.linalg.svd numpy.linalg.qr numpy.linalg.eigh numpy.ndarray numpy.errstate".split()
USUAL = ["a", "a", "a", "b", "c", "x", "x", "s", "k", "a.T", "2", "3", "0.5", "[1, 2, 3]", "x > 0", "(2, 3)", "[a, a]", "1"]
ODD = """None True () [] (1,) 'abc' slice(None) np.float64 -1 -7 1j 2.5 np.nan {} ... [[1,2],[3]] np len [None] a[:0] np.zeros((0,2))
    [True,False] 'C' range(3) [1.5] b[0] np.int8(-1) 'int32' float complex bool int np.int16 (0,0) (a,b) [0,-1] (lambda+t:+t) [x,x[:1]]
    np.float64(1.0) np.bool_(True) np.newaxis ((1,2),(0,1)) [[],[]] a[0,0] False 0 0.0 -0.0 np.inf""".split()
OF_NAME = {name: values.split() for name, values in (line.split(": ", 1) for line in """
axis: 0 1 -1 None (0,1) (0,0) 2 -3 5 'x' True 1.0 np.int8(0) () (1,) [0] (0,None) k
axes: (0,1) (1,0) None 0 1 (0,0) (0,) (0,1,2) (-1,0) [1,0] 'x' ((0,),(1,)) (5,6) (1.0,0)
dtype: np.float32 np.int64 'float64' 'no' None float int bool complex np.int8 3 np.uint16 [] object str
keepdims: True False None 1 0 'x' a
order: 'C' 'F' 'A' 'K' 'X' None 1
casting: 'safe' 'unsafe' 'same_kind' 'no' 'x' None
mode: 'raise' 'wrap' 'clip' 'full' 'same' 'valid' 'constant' 'edge' 'x' None 0
kind: 'quicksort' 'stable' 'mergesort' 'x' None 3
side: 'left' 'right' 'x' None 0
method: 'linear' 'nearest' 'lower' 'higher' 'midpoint' 'x' None
ddof: 0 1 2.5 -1 None 'x' True 5
out: None a x 3
where: True False None a>0 x>0 'x' 1 a
initial: 0 1 None 'x' 2.5 1j a
n: 1 2 3 0 -1 None 2.5 'x' 5 True k
k: 0 1 -1 5 None 2.5 'x' True k
bins: 3 0 -1 [0,1,2] [2,1] 'auto' None 2.5 x
shape: (2,3) 4 (-1,) () (2,-1) None 'x' 2.5 [3,2] (0,2) k (1.0,2) -3
ord: None 1 2 'fro' 'nuc' np.inf -1 0 'x'
norm: None 'ortho' 'forward' 'backward' 'x' 1
indexing: 'ij' 'xy' 'x' None
copy: True False None 0
indices_or_sections: 2 3 [1] 0 [] (1,2) -1 'x' 2.5 None [1.0] k
repeats: 2 [1,2] 0 -1 None 2.5 x True (1,2,3)
shift: 1 -1 (1,2) None 2.5 'x' k [1] True
pad_width: 1 (1,2) ((1,2),(0,1)) -1 None 2.5 0 'x' ((1,),(2,))
q: 50 0.25 [25,75] 1.5 -1 None 'x' x 1j
deg: 1 2 0 -1 None 2.5 'x'
num: 3 0 -1 None 2.5 'x' 1 k
reps: 2 (2,1) 0 -1 None 2.5 (1,2,3) [] 'x'
source: 0 1 -1 (0,1) None 5 'x' [1]
destination: 0 1 -1 (0,1) None 5 'x' [1]
subscripts: 'ij->ji' 'ii' 'i,i' 'ij,jk' 'ij->' 'x' '' None
""".strip().splitlines())}


def parameters_of(function):
    """(names by position that are required, the others), as NumPy's own signature says."""
    if isinstance(function, np.ufunc):
        return [f"x{k}" for k in range(function.nin)], ["out", "where", "dtype", "casting", "order"]
    found = inspect.signature(function).parameters.values()
    needed = [each.name for each in found if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) and each.default is each.empty]
    if any(each.kind is each.VAR_POSITIONAL for each in found):
        needed += ["args", "args"]
    return needed, [each.name for each in found if each.default is not each.empty and each.kind is not each.POSITIONAL_ONLY]


def functions():
    """Text of the function, required and other parameters."""
    for path in sorted({*FAMILY_OF, *(each[0] for each in _thalweg.known_functions())}):
        if not path.startswith("numpy.") or path.startswith(("numpy.random", "numpy.ufunc", "numpy.ndarray")) or path in LEFT_OUT:
            continue
        function = np
        for part in path.split(".")[1:]:
            function = getattr(function, part, None)
        if callable(function) and not isinstance(function, type):
            try:
                yield ("np" + path[5:], *parameters_of(function))
            except ValueError:    # arange, where, dot and others say nothing
                yield "np" + path[5:], ["x", "y"], ["axis", "dtype", "out"]


FUNCTIONS = list(functions())


def signature(text):
    """(name, required, other parameters) of name(required)+another."""
    call, *others = text.split("+")
    name, needed = call.rstrip(")").split("(")
    return name, [each for each in needed.split(",") if each], others


# Methods of arrays and numbers, and Python's own functions: name(required)+another+another. "list.zip" is list(zip(...)).
METHODS = """sum()+axis+dtype+out+keepdims min()+axis+out+keepdims mean()+axis+dtype+out reshape(shape)+order transpose()
    astype(dtype)+order+casting+copy argmax()+axis+out cumsum()+axis+dtype clip(a_min,a_max)+out copy()+order flatten()+order
    ravel()+order repeat(repeats)+axis round()+decimals squeeze()+axis swapaxes(axis,axis) take(indices)+axis+mode item(axis) fill(x)
    sort()+axis+kind argsort()+axis+kind dot(x) any()+axis diagonal()+k+axis1+axis2 nonzero() std()+axis+ddof tolist() conj()
    searchsorted(x)+side trace()+k put(indices,x)+mode compress(x)+axis is_integer() bit_count() nosuch() view()+dtype append(x)
    index(x)""".split()
PYTHONS = """len(x) abs(x) int(x) float(x) bool(x) complex(x)+x round(x)+decimals sum(x)+start min(x)+x max(x,x)+key divmod(x,x) pow(x,x)+x
    isinstance(x,dtype) tuple(x) list(x) any(x) all(x) str(x) sorted(x) hash(x) callable(x) list.zip(x,x) list.range(x)+x+x
    list.enumerate(x)+start list.reversed(x) list.map(x,x) type(x)""".split()
UFUNCS = """np.add.reduce(x)+axis+dtype+out+keepdims+initial+where np.multiply.accumulate(x)+axis+dtype+out
    np.maximum.reduce(x)+axis+keepdims+initial np.subtract.outer(x,x) np.add.reduceat(x,x)+axis np.add.at(x,x,x)
    np.logical_and.reduce(x)+axis+keepdims np.power.outer(x,x)+dtype np.negative.at(x,x) np.less.outer(x,x)
    np.bitwise_or.reduce(x)+axis+initial np.hypot.reduce(x)+axis""".split()
MATHS = """math.floor(x) math.ceil(x) math.sqrt(x) math.exp(x) math.sin(x) math.isnan(x) math.isfinite(x) math.hypot(x,x) math.gcd(x,x)
    math.fabs(x) math.copysign(x,x) math.log(x)+x math.trunc(x) math.degrees(x) math.prod(x)+start math.comb(x,x) math.factorial(x)
    math.fmod(x,x)""".split()
OPERATORS = "+ - * / // % ** @ & | ^ << >> < == != and or in is".split() + ["is not", "not in"]


class Writer(LineWriter):
    def value(self, name):
        if name in OF_NAME and self.chance(0.7):
            return self.pick(*OF_NAME[name])
        return self.pick(*(ODD if self.chance(0.3) else USUAL)).replace("+", " ")

    def subscript(self):
        indices = [self.pick("0", "-1", ":", "::2", "1:", "None", "...", "k", "5", self.value(""), self.value(""))
                   for _ in range(self.pick(1, 1, 2, 3))]
        return f"({self.value('')})[{', '.join(indices)}]"

    def text(self):
        """One call, subscript or operation."""
        kind = self.random.random()
        if kind < 0.08:
            return self.subscript()
        if kind < 0.16:
            return f"({self.value('')}) {self.pick(*OPERATORS)} ({self.value('')})"
        if kind < 0.26:
            return f"({self.value('')}).{self.call(*signature(self.pick(*METHODS)))}"
        if kind < 0.30:
            return self.call(*signature(self.pick(*UFUNCS, *MATHS)))
        if kind < 0.36:
            name, needed, others = signature(self.pick(*PYTHONS))
            text = self.call(name.split(".")[-1], needed, others)
            return f"list({text})" if "." in name else text
        return self.call(*self.pick(*FUNCTIONS))

    def call(self, name, needed, others):
        values = [self.value(each) for each in needed]
        if self.chance(0.15):                       # too few, too many
            values = values[:-1] if self.chance(0.5) else [*values, self.value("")]
        elif others and self.chance(0.2):
            values.append(self.value(others[0]))
        for each in self.random.sample(sorted(set(others)), min(len(set(others)), self.pick(0, 0, 1, 1, 2))):
            values.append(f"{each}={self.value(each)}")
        return f"{name}({', '.join(values)})"


    def place(self):
        """What can be assigned to, and a few that cannot."""
        return self.pick("a", "x", "y", "s", "a[0]", "a.T", "x[-1]", "np", "a.real", "a.shape", "(y, z)", "[y, *z]", "a.flat[0]", "a[x]") \
            if self.chance(0.4) else self.subscript()

    def statement(self):
        kind, value = self.random.random(), self.value("")
        if kind < 0.3:
            return f"{self.place()} = {value}"
        if kind < 0.6:
            return f"{self.place()} {self.pick('+', '-', '*', '/', '//', '%', '**', '&', '|', '@', '<<')}= {value}"
        if kind < 0.7:
            return f"y, z = {value}"
        if kind < 0.8:
            return f"for y in {value}: z = y"
        if kind < 0.9:
            return f"{self.pick('if', 'while')} {value}: z = {self.value('')}; {self.pick('return a,', 'return z,')}"
        return f"{self.pick('assert', 'del', 'a[0] =', 'y: float =', 'y = z =', 'return')} {value}"

    def body(self):
        if self.chance(0.2):
            return f"{self.statement()}\n    return a, x, {self.pick('s', 'x', 'y', 'z')}"
        return f"return {self.text()},"


def text_of(seed):
    return f"import math\nimport numpy as np\n\ndef program(a, b, c, x, s, k):\n    {Writer(seed).body()}\n"


def examine(seed, inputs=3, compiled=False):
    text = text_of(seed)
    try:
        compile(text, "<odd call>", "exec")
    except SyntaxError:
        return "no program", None
    draws = [arguments_of(seed, k) for k in range(inputs)]
    if ".fft." in text:  # what an infinite element does to the others follows from the steps; of bool and of n=1 NumPy reads
        draws = [each for each in draws if all(np.isfinite(value).all() for value in each)]  # what nobody has set
    return held_against_numpy(text, f"<odd call {seed}>", draws, copies, unlike, compiled, straight=True)


if __name__ == "__main__":
    sys.exit(search("random_odd_calls", text_of, examine, sys.argv[1:]))
