"""Temporaries whose size follows the variable of a loop, and carried arrays whose size follows the turns of an outer one."""

import numpy as np
import pytest

import thalweg
from support import agree, function_from, outcome
from tolerance import same_bits

SUMS = """
def f(a, b, c, p):
    n = len(b)
    for i in {}:
        c[i] = np.sum({} * 2)
"""
RANGES = ["range(n)", "range(1, n, 2)", "range(n - 1, -1, -3)", "range(0, n, p)", "range(p, n, p + 1)", "range(n - 1, -1, -p)"]
PARTS = ["a[i:, 0]", "a[:i, 1]", "(a[:i] > i)", "b[::i + 1]", "np.sort(b[i:])", "np.outer(b[:i], b[i:])"]

NEIGHBOURS = """
def f(a, b, c, p):
    for i in {}:
        b[i] = np.count_nonzero(a[i:, 0] * 2)
    for {} in {}:
        c[{}] += b[{}] + np.count_nonzero(a[{}:, 1] * 2)
"""
PAIRS = [("range(len(a))", "i", "range(len(a))", "i"), ("range(len(a))", "j", "range(len(a))", "j"),
         ("range(1, len(a))", "i", "range(len(a) - 1)", "i + 1"), ("range(1, len(a))", "k", "range(len(a) - 1)", "k + 1"),
         ("range(1, len(a), 2)", "i", "range(1, len(a), 2)", "i"), ("range(1, len(a), 2)", "j", "range(1, len(a), 2)", "j")]

BEHIND = """
def f(a, b, c, p):
    i = 0
    for i in range(0, len(b), p):
        t = b[:i] + 1
        c[i] = t.sum()
    u = b[:i] * 3
    return u, u.sum()
"""
CARRIED = """
def f(a, b, c, p):
    u = a[:, 0] + 1
    for j in range({}):
        for k in range(p):
            u = u + k
            c[j] += u.sum()
        u = {}
    return u.copy(), u * 2
"""


def calls():
    rng = np.random.default_rng(7)
    for n, p in ((6, 1), (13, 3), (70, 2), (1, 4), (0, 1), (500, 7)):
        yield [rng.integers(-9, 9, (n, 5)).astype(float), rng.integers(-9, 9, n).astype(float), np.zeros(n), p]


def as_numpy(text):
    function = function_from("import numpy as np\n" + text, f"<{text}>")
    program = thalweg.program(function, strict=True)
    for arguments in calls():
        expected = outcome(function, arguments)
        for run in (program, program.interpret) if len(arguments[1]) < 100 else (program,):
            found = outcome(run, arguments)
            assert agree(found, expected, same_bits), (arguments, found, expected)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("counted", RANGES)
def test_a_temporary_has_the_size_of_its_turn(counted, part):
    as_numpy(SUMS.format(counted, part))


@pytest.mark.parametrize("pair", PAIRS)
def test_neighbours_have_temporaries_of_their_own(pair):
    first, variable, second, place = pair
    as_numpy(NEIGHBOURS.format(first, variable, second, place, place, variable))


def test_a_loop_leaves_its_variable():
    as_numpy(BEHIND)


@pytest.mark.parametrize("kept", ["u[1:].copy()", "np.append(u, j)", "u[u > j]", "np.concatenate((u[1:], u[:2]))"])
@pytest.mark.parametrize("turns", ["3", "p", "len(b) % 5"])
def test_what_an_inner_loop_changes_takes_another_size(kept, turns):
    as_numpy(CARRIED.format(turns, kept))


def test_a_part_of_what_an_inner_loop_changes_is_to_be_copied():
    """The inner loop's memory has the size of the outer loop's turn: a view of it does not last."""
    program = thalweg.program(function_from("import numpy as np\n" + CARRIED.format("p", "u[1:]"), "<carried>"), strict=True)
    with pytest.raises(thalweg.CompileError, match=r"copy it: u = u\.copy\(\)"):
        program(np.ones((4, 5)), np.ones(4), np.ones(4), 2)
