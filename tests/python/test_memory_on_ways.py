"""Memory is asked for on the ways that use it: what NumPy does not make on the way taken needs no room."""

import numpy as np
import pytest

import support
import thalweg

HUGE = 2**50


def in_a_branch(a, n):
    if n < 100:
        a = a + np.ones(n).sum()
    return a


def one_of_two(a, n):
    return np.ones(n) if n < 100 else a


def bound_in_a_branch(a, n):
    b = a
    if n < 100:
        b = np.zeros(n)
        b[0] = a[0]
    return b


def after_a_return(a, n):
    if n >= 100:
        return a + 1
    return np.ones(n)


def a_view_after_a_return(a, n):
    if n >= 100:
        return a * 2
    b = np.ones(n)
    b[0] = 4
    return b[:2]


def in_branches_of_branches(a, n):
    total = a.sum()
    if n > 0:
        total += 1
        if n < 100:
            b = np.linspace(0, 1, n)
            total += (b * b).sum()
            if n == 7:
                c = np.cumsum(b)
                total += c[-1]
    return total


def in_a_branch_of_a_loop(a, n):
    total = 0.0
    for i in range(len(a)):
        total += a[i]
        if n < 100:
            b = np.linspace(a[i], 1, n)
            total += (b * b).sum()
    return total


def in_a_branch_of_a_while(a, n):
    i, total = 0, 0.0
    while i < 3:
        if n < 100 and a[i] > 0:
            b = np.ones((n, 3)) * a[i]
            total += (b @ b.T).sum()
        i += 1
    return total


def by_match(a, n):
    match n:
        case 1:
            a = a[n:] * a[2]
        case 3 | 5:
            a = np.ones(n)
        case _:
            n = n ^ 4
    return a, n


def same(a, b):
    return np.shape(a) == np.shape(b) and np.asarray(a).dtype == np.asarray(b).dtype and np.allclose(a, b, rtol=1e-12)


FUNCTIONS = [in_a_branch, one_of_two, bound_in_a_branch, after_a_return, a_view_after_a_return, in_branches_of_branches,
             in_a_branch_of_a_loop, in_a_branch_of_a_while, by_match]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_ways_not_taken_need_no_memory(function):
    compiled = thalweg.program(function, strict=True)
    for n in (5, HUGE, 7, 3, HUGE):
        support.check(compiled, [np.arange(1.0, 5.0), n], same)


def raises_first(a, n):
    if n >= 100:
        raise ValueError("too many")
    b = np.ones(n)
    b[0] = a[0]
    return b


def asserts_first(a, n):
    assert n < 100, "too many"
    return np.ones(n) + a[0]


@pytest.mark.parametrize("function, error", [(raises_first, ValueError), (asserts_first, AssertionError)])
def test_what_is_raised_before_comes_before(function, error):
    compiled = thalweg.program(function, strict=True)
    np.testing.assert_array_equal(compiled(np.ones(2), 5), function(np.ones(2), 5))
    with pytest.raises(error, match="too many"):
        compiled(np.ones(2), HUGE)


def test_a_fact_of_one_way_is_not_asked_on_another():
    def parts(a, p):
        k = a.shape[0]
        match p:
            case 1:
                a = (a[p] ** p) % (a[p:] + a[2])
            case _:
                k = k ^ 1
        return a, k

    compiled = thalweg.program(parts, strict=True)
    for p in (9, -3, 1, -2**31 - 1, -HUGE):
        support.check(compiled, [np.arange(4) if p == 1 else np.zeros(0, dtype=np.int64), p], same)
