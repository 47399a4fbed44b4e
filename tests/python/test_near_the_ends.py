"""Numbers near the ends of 64 bits: in comparisons with sizes, as indices, bounds of slices and ranges, and diagonals."""

import itertools

import numpy as np
import pytest

import thalweg
from support import agree, function_from, outcome
from tolerance import same_bits

ENDS = (2 ** 63 - 1, 2 ** 63 - 3, -2 ** 63, -2 ** 63 + 2, 2 ** 62, 0, 1, -1, 5, -2 ** 31)

COMPARISONS = [
    "p < q", "p <= q - 3 if q > 0 else p > q + 3", "p < len(a) - 7", "p > len(a) - 7", "p == len(a) - 7", "p != len(a) + 7",
    "p < -len(a)", "not p <= len(a) - 7", "not (p >= len(a) + 7 and q < len(a))", "1 if not p <= len(a) + 7 else 2",
    "p in (q, 1, len(a) - 9)", "p < q < len(a) - 3", "2 * len(a) > p", "np.where(p <= len(a) - 7, a, 255)",
    "min(p, q, len(a) - 9)", "bool(q - 3 - p + 3) if (p > 0) == (q > 0) and q > -2 ** 62 else True",
]
PLACES = [
    "a[1:-2][p]", "a[:-3][p]", "a[1:-2].item(p)", "np.take(a[1:-1], p)", "a.reshape(-1, 5)[:, p]", "a[1:-2][p:q]",
    "a[1:-2][p:q:-2]", "a[3:][:p:-1]", "a[::p]", "len(a[8:q:p])", "np.split(a[1:-1], [p, q])[1]", "np.delete(a, slice(p, q))",
    "np.insert(a[1:-1], p, 3.0)", "np.roll(a[1:-1], p)", "np.take(a[1:-1], p, mode='clip')",
    "np.sum(a, axis=p)", "np.eye(3, 4, p)", "np.tri(3, 4, p)", "np.triu(np.ones((4, 4)), p)", "np.tril(np.ones((3, 3)), p)",
    "np.reshape(a, p)", "a.reshape(p, q)", "np.zeros(0).reshape(p, 0)", "a[:1].reshape(p, p)", "np.arange(max(min(p, 5), -9), 9, 3)",
    "np.rot90(np.ones((2, 3)), p)", "np.diagonal(np.ones((4, 4)), max(p, -9))",
]
LOOPS = ["range(p, len(a) - 7)", "range(len(a) - 7, p)", "range(p, q)", "range(p, q, 3)", "range(p, q, -3)", "range(p, 5, q)",
         "range(p, len(a) - 7, -2)"]

LOOP = """
def f(a, p, q):
    s = 0.0
    for i in {}:
        s += 1.5 * i
        if s < -5.0 or s > 5.0:
            break
    return s
"""
NUMBERED = """
def f(a, p, q):
    last = 0
    for k, x in enumerate(a[:3], p):
        last = k
    return last
"""
AT = """
def f(a, p, q):
    places = np.array([p, q])
    s = 0.0
    for k in range(2):
        s += a[1:-2][places[k]]
    return s, a[1:-2][places]
"""


def as_numpy(text, pairs, run):
    """Where Python's ints would leave 64 bits, "no" is an answer; of ordinary numbers it is none."""
    function = function_from("import numpy as np\n" + text, f"<{text}>")
    program = thalweg.program(function, strict=True)
    for p, q in pairs:
        arguments = np.arange(10.0) + 1, p, q
        found, expected = outcome(run(program), arguments), outcome(function, arguments)
        refused = found[0] is OverflowError and max(abs(p), abs(q)) >= 2 ** 31
        assert refused or agree(found, expected, same_bits), (p, q, found, expected)


def pairs_of(text):
    return list(itertools.product(ENDS, ENDS if "q" in text else (1,)))


@pytest.mark.parametrize("expression", COMPARISONS + PLACES)
def test_expressions_at_the_ends(expression):
    as_numpy(f"def f(a, p, q):\n    return {expression}\n", pairs_of(expression), lambda program: program.interpret)


@pytest.mark.parametrize("expression", COMPARISONS[2:4] + COMPARISONS[13:14] + PLACES[:1] + PLACES[5:6] + PLACES[17:18])
def test_compiled_expressions_at_the_ends(expression):
    as_numpy(f"def f(a, p, q):\n    return {expression}\n", pairs_of(expression), lambda program: program)


@pytest.mark.parametrize("loop", LOOPS)
def test_ranges_at_the_ends(loop):
    as_numpy(LOOP.format(loop), pairs_of(loop), lambda program: program.interpret)


@pytest.mark.parametrize("loop", LOOPS[3:5])
def test_compiled_ranges_at_the_ends(loop):
    as_numpy(LOOP.format(loop), pairs_of(loop), lambda program: program)


@pytest.mark.parametrize("compiled", [False, True])
def test_indices_at_the_ends(compiled):
    as_numpy(AT, pairs_of("q"), lambda program: program if compiled else program.interpret)


@pytest.mark.parametrize("compiled", [False, True])
def test_enumerations_at_the_ends(compiled):
    as_numpy(NUMBERED, pairs_of(""), lambda program: program if compiled else program.interpret)
