"""Functions made inside a program: def and lambda, what they see of the names around them, and := and *."""

import numpy as np
import pytest

import thalweg
from support import check


def same(a, b):
    return np.array_equal(a, b, equal_nan=True)


def a_lambda(x):
    f = lambda t: t * 2 + 1
    return f(x)


def what_it_sees_is_looked_up_when_called(x):
    k = 3.0

    def g(t, s=2.0):
        return t * k + s

    y = g(x)
    k = 5.0
    return y + g(x, s=1.0)


def a_default_is_taken_once(x):
    k = 1.0

    def g(t, k=k):
        return t + k

    k = 100.0
    return g(x) + k


def bound_behind_the_def(x):
    def g():
        return c + 1

    c = x * 2
    a = g()
    c = x * 3
    return a + g()


def carried_by_a_loop(x):
    t = 1.0

    def g(v):
        return v * t

    s = 0.0
    for i in range(len(x)):
        s += g(x[i])
        t = t + 0.5
    return s


def made_in_a_loop(x):
    s = 0.0
    for i in range(len(x)):
        t = x[i] * 2
        g = lambda v: v + t
        s += g(1.0)
    return s


def array_carried_by_a_loop(x):
    y = x

    def half():
        return y * 0.5

    for i in range(3):
        y = half() + i
    return y


def through_another_name(x):
    t = x[0]
    f = lambda v: v + t
    g = f
    s = 0.0
    for i in range(3):
        t = t + 1
        s += g(x[i])
    return s


def functions_of_functions(x):
    def apply(f, a):
        return f(f(a))

    return apply(lambda t: t * 1.5, x)


def one_calls_another(x):
    def f(a):
        return a + offset

    def g(a):
        return f(a) * 2

    offset = x[1]
    return g(x)


def returned(x):
    def outer(k):
        k = k + 1

        def inner(t):
            return t * k

        return inner

    return outer(2.0)(x) + outer(x[2])(x)


def two_returned(x):
    def pair(k):
        return (lambda t: t + k), (lambda t: t - k)

    up, down = pair(x[3])
    return up(x) * down(x)


def leaves_early(x):
    def first_above(t, bound):
        for i in range(len(t)):
            if t[i] > bound:
                return i
        return -1

    return first_above(x, 4), first_above(x, 1e9)


def writes_what_it_sees(x):
    def put(i, v):
        x[i] = v

    put(0, 5.0)
    for i in range(3):
        put(i + 1, x[i] * 2)
    return x.sum()


def rest_and_keywords(x):
    def f(a, b, *rest, c=1.0):
        s = a + b * c
        for r in rest:
            s = s + r
        return s, len(rest)

    given = (1.0, 2.0)
    named = {"c": 4.0}
    a, n = f(x, *given, 3.0, **named)
    b, m = f(x, 1.0)
    return a, n, b, m


def unpacked_with_a_star(x):
    first, *middle, last = (1.0, x, 3.0, 4.0)
    (a, *none), b = (2.0,), x
    return middle[0] * first + middle[1] + last + len(middle) + len(none) + b * a


def from_an_array(x):
    a, b = x[:2]
    return np.maximum(*x[:2]) + a * b


def bound_in_an_expression(x):
    if (n := len(x)) > 5:
        y = x * n
    else:
        y = x
    k = 0
    while (s := x[k]) < 5 and k < 3:
        k += 1
    return y, s, k, (m := n + 1) * m


def from_a_function(x):
    return np.fromfunction(lambda i, j: i * 2 + j, (3, len(x)))


PROGRAMS = [a_lambda, what_it_sees_is_looked_up_when_called, a_default_is_taken_once, bound_behind_the_def,
            carried_by_a_loop, made_in_a_loop, array_carried_by_a_loop, through_another_name, functions_of_functions,
            one_calls_another, returned, two_returned, leaves_early, writes_what_it_sees, rest_and_keywords,
            unpacked_with_a_star, from_an_array, bound_in_an_expression, from_a_function]


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("size", [4, 7, 12])
def test_as_numpy(function, size):
    check(function, (np.arange(float(size)),), same)


def calls_itself(x):
    def f(a, n):
        return a if n == 0 else f(a, n - 1)

    return f(x, 3)


def unbound_when_called(x):
    def f():
        return later * 2

    y = f()
    later = x
    return y + later


def one_of_two(x):
    f = (lambda t: t + 1) if x[0] > 5 else (lambda t: t - 1)
    return f(x)


@pytest.mark.parametrize("function, code", [(calls_itself, "TW1030"), (unbound_when_called, "TW1002"),
                                            (one_of_two, "TW1050")])
def test_refused(function, code):
    with pytest.raises(thalweg.CompileError, match=code):
        thalweg.program(function)(np.arange(4.0))


def test_an_error_inside_shows_both_places():
    def program(x):
        def g(t):
            return t @ t[:, None, None, None].T[0] @ None

        return g(x)

    with pytest.raises(Exception, match="called from here"):
        thalweg.program(program)(np.arange(4.0))
