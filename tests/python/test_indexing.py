"""Indices and slices that only the call knows: negative, out of range, any step; NumPy's result or its exception type."""

import itertools

import numpy as np
import pytest

import thalweg
from support import agree, call, check
from tolerance import same_bits


def element(a, i):
    return a[i]


def element_of_two(a, i, k):
    return a[i, k], a[i][k], a[k][i]


def set_element(a, i):
    a[i] = 7.0
    a[i - 1] += a[i]
    return a


def window(a, start, stop):
    return a[start:stop], a[start:], a[:stop], a[stop:start].sum()


def window_step(a, start, stop, step):
    return a[start:stop:step]


def window_known_steps(a, start, stop):
    return a[start:stop:2], a[start:stop:-1], a[start:stop:-3], a[start::-2], a[:stop:-1]


def write_window(a, start, stop):
    a[start:stop] = 3.0
    a[start:stop] += 1.0
    return a


def write_window_step(a, start, stop, step):
    a[start:stop:step] *= 2.0
    return a


def window_of_window(a, start, stop):
    b = a[start:]
    c = b[:stop]
    d = c[::-1]
    d[:2] = -1.0
    return d, b[1:], c[start:stop]


def move_window(a, start, stop):
    a[start:stop] = a[start + 1:stop + 1]
    return a


def two_dimensions(a, start, stop):
    b = a[start:stop, stop:]
    b += 1.0
    return b, a[start, 1:], a[1:, stop], a[:, start:stop].sum(axis=0)


def loop_window(a, n, k):
    s = 0.0
    for i in range(n):
        s += a[i - k]
        a[i] = a[-i] + a[n - i - 1:].sum()
    return s


def loop_down(a, n, k):
    for i in range(n, -1, -k):
        a[i] = a[i - 1] + i
    return a


def gather(a, indices):
    return a[indices]


A = np.arange(5.0) + 1
SMALL = range(-8, 9)


def sweep(function, make, values, budget=3):
    """All values against NumPy when compiled, some of them when interpreted; few builds."""
    program = thalweg.program(function)
    for k, chosen in enumerate(values):
        expected = call(function, [*make(), *chosen])
        found = call(program, [*make(), *chosen])
        assert agree(found, expected, same_bits), (chosen, found, expected)
        if k % 17 == 0:
            found = call(program.interpret, [*make(), *chosen])
            assert agree(found, expected, same_bits), (chosen, found, expected)
    assert len(program.builds) <= budget, [build["why"] for build in program.explain()]


@pytest.mark.parametrize("function", [element, set_element], ids=lambda f: f.__name__)
def test_one_index(function):
    sweep(function, lambda: [A.copy()], [(i,) for i in SMALL] + [(2 ** 40,), (-2 ** 40,), (2 ** 63 - 1,), (-2 ** 63,)])
    sweep(function, lambda: [np.zeros(0)], [(i,) for i in (-1, 0, 1)])


def test_two_indices():
    sweep(element_of_two, lambda: [np.arange(12.0).reshape(3, 4)], itertools.product(range(-5, 6), repeat=2))


@pytest.mark.parametrize("function", [window, window_known_steps, write_window, window_of_window, move_window],
                         ids=lambda f: f.__name__)
def test_windows(function):
    sweep(function, lambda: [A.copy()], itertools.product(SMALL, repeat=2))


@pytest.mark.parametrize("function", [window_step, write_window_step], ids=lambda f: f.__name__)
def test_steps(function):
    values = list(itertools.product((-8, -5, -3, -1, 0, 2, 4, 5, 7), (-7, -5, -2, 0, 1, 5, 9), (-6, -2, -1, 0, 1, 2, 3)))
    sweep(function, lambda: [A.copy()], values)
    sweep(function, lambda: [A.copy()], [(2 ** 62, -2 ** 62, -1), (-2 ** 62, 2 ** 62, 2), (0, 5, 2 ** 62), (4, -9, -2 ** 62)])


def test_windows_in_two_dimensions():
    sweep(two_dimensions, lambda: [np.arange(20.0).reshape(4, 5)], itertools.product(range(-6, 7), repeat=2))


@pytest.mark.parametrize("function", [loop_window, loop_down], ids=lambda f: f.__name__)
def test_in_loops(function):
    sweep(function, lambda: [A.copy()], itertools.product(range(-1, 7), (-6, -1, 1, 2, 5)))


@pytest.mark.parametrize("make", [lambda a: a[::-1], lambda a: np.repeat(a, 2)[::2], lambda a: np.broadcast_to(a[:1], (5,))],
                         ids=["reversed", "gaps", "stride 0"])
def test_other_strides(make):
    for function in (window, window_known_steps):
        sweep(function, lambda: [make(A.copy())], itertools.product((-7, -2, 0, 3, 8), repeat=2))
    sweep(element, lambda: [make(A.copy())], [(i,) for i in SMALL])


@pytest.mark.parametrize("dtype", ["i1", "i4", "u2", "i8", "u8"])
def test_gathered(dtype):
    inside = np.array([0, 4, 1], dtype)
    check(gather, [A, inside], same_bits)
    for bad in (5, 100) + (() if dtype[0] == "u" else (-1, -5, -6)):
        check(gather, [A, np.array([0, bad], dtype)], same_bits)
    check(gather, [np.zeros(0), np.zeros(0, dtype)], same_bits)
    check(gather, [np.zeros(0), np.zeros(1, dtype)], same_bits)


@pytest.mark.parametrize("index", [np.int8(-1), np.uint8(4), np.int64(-5), np.uint64(2), np.int32(7), np.uint64(2 ** 63), True], ids=repr)
def test_numpy_scalars_as_indices(index):
    program = thalweg.program(element)
    expected = call(element, [A, index])
    if isinstance(index, bool):
        with pytest.raises(thalweg.CompileError):
            program(A, index)
        return
    for engine in (program, program.interpret):
        assert agree(call(engine, [A, index]), expected, same_bits)
