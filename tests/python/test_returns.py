"""Loops that are left by return, and their else blocks."""

import numpy as np
import pytest

import thalweg
from support import leaves


def first_above(a, n):
    for i in range(len(a)):
        if a[i] > n:
            return i
    return -1


def pair_in_two_loops(a, n):
    for i in range(n):
        for j in range(n):
            if a[i] + a[j] == 5:
                return i, j
        a[i] += 1
    return 0, 0


def endless(a, n):
    while True:
        a = a[1:]
        if len(a) < 3 + n:
            return a * 2


def two_returns_or_else(a, n):
    for i in range(n):
        x = a * i
        if x[1] > 2:
            return x
        if x[2] > 3:
            return x[1:]
    else:
        return a


def else_unless_broken(a, n):
    for i in range(n):
        if a[i] > 2:
            break
        a[i] = 7
    else:
        a[0] = 100
    return a


def else_inside_a_loop(a, n):
    s = 0
    for i in range(n):
        for j in range(i):
            if a[j] > 2:
                break
            s += 1
        else:
            s += 10
            continue
        s += 100
    return s


def found_or_raise(a, n):
    for x in a:
        if x > n:
            return x
    raise ValueError(f"none above {n}")


def find(a, v):
    for i in range(a.shape[0]):
        if a[i] == v:
            return i
    return -1


def in_a_callee(a, n):
    t = 0
    for k in range(n):
        t += find(a, k) * 2
    return t


def loop_in_a_branch(a, n):
    if n > 1:
        for i in range(n):
            if a[i] > 1:
                return a[i]
        a[0] = 3
    return a[0]


def array_of_an_earlier_turn(a, n):
    x = a
    for i in range(n):
        y = x
        x = x + 1
        if x[0] > 2:
            return y
    return x


def else_of_while(a, n):
    i = 0
    while i < n:
        if a[i] > 3:
            return i
        i += 1
    else:
        i = -5
    return i


def best_so_far(a, n):
    best = a[0]
    for i in range(n):
        if a[i] > best:
            best = a[i]
            if best > 4:
                return best, i
    return best, -1


def none_or_nothing(a, n):
    for i in range(n):
        if i == 2:
            return None
        a[i] = 9


def endless_around(a, n):
    while True:
        n += 1
        for j in range(n):
            if j > 3:
                return j, a[j:]
            if j > 100:
                raise KeyError(j)


def returns_breaks_and_else(a, n):
    count = 0
    for i in range(n):
        if i > 3:
            return i
        for j in range(i):
            if j == 2:
                return j * 10
            if a[j] > 2:
                break
        else:
            count += 1
    return count


FUNCTIONS = [
    first_above, pair_in_two_loops, endless, two_returns_or_else, else_unless_broken, else_inside_a_loop,
    found_or_raise, in_a_callee, loop_in_a_branch, array_of_an_earlier_turn, else_of_while, best_so_far,
    none_or_nothing, endless_around, returns_breaks_and_else
]
ARRAYS = [lambda: np.arange(10.0), lambda: np.arange(20.0)[::2], lambda: np.arange(10.0)[::-1]]


def seen(function, a, n):
    try:
        return function(a, n), a
    except Exception as error:
        return error, a


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_as_numpy(function):
    program = thalweg.program(function)
    for make in ARRAYS:
        for n in (0, 1, 2, 3, 4, 5, 8):
            expected = seen(function, make(), n)
            for run in (program, program.interpret):
                found = seen(run, make(), n)
                np.testing.assert_array_equal(found[1], expected[1])
                if isinstance(expected[0], Exception):
                    assert type(found[0]) is type(expected[0]) and found[0].args == expected[0].args
                    continue
                for mine, theirs in zip(leaves(found[0]), leaves(expected[0]), strict=True):
                    assert type(mine) is type(theirs)
                    np.testing.assert_array_equal(mine, theirs)


def test_one_build_for_all_places():
    program = thalweg.program(first_above)
    for n in (1, 4, 7, 20):
        assert program(np.arange(10.0), n) == (n + 1 if n < 9 else -1)
    assert len(program.builds) == 1


def test_refused_in_a_map():
    @thalweg.program
    def f(a):
        for i in thalweg.map[0:4]:
            if a[i] > 2:
                return i
            a[i] = 1

    with pytest.raises(thalweg.UnsupportedError, match="return inside a map"):
        f(np.ones(4))
