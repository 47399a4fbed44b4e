"""A name that means arrays of different sizes, strides or memory by the way taken."""

import numpy as np
import pytest

from support import check_sharing


def step_or_rest(a, n):
    if n > 2:
        b = a[::2]
    else:
        b = a[1:]
    b[0] = 5
    return b


def masked_or_made(a, n):
    if n > 2:
        b = a[a > 3]
    elif n > 1:
        b = a * 2
    else:
        b = np.zeros(n + 3)
    c = b + 1
    return b, c, b.sum(), c[::-1], b.shape[0]


def transposed_or_made(a, n):
    m = a.reshape(2, 5)
    if n > 2:
        b = m.T
    else:
        b = m * 3
    b += 1
    for i in range(b.shape[0]):
        b[i, 0] = i
    return b, b @ b.T


def some_way_returns(a, n):
    if a[0] > n:
        return a[:3]
    if n > 3:
        return a[1:]
    return np.zeros(2)


def in_a_loop(a, n):
    s = 0.0
    b = a
    for i in range(n):
        if i % 2 == 0:
            b = a[i:]
        else:
            b = a[:i] * 2
        s += b.sum()
        if b.size > 3:
            b[3] += 1
    return s


def twice(a, n):
    if n > 2:
        b = a[n:]
    else:
        b = a[:n]
    if n > 1:
        c = b[1:]
    else:
        c = np.concatenate((b, b))
    return c, b


def reversed_or_not(a, n):
    b = a[::-1] if n > 2 else a
    b[:2] = b[2:4] + n
    return b


FUNCTIONS = [step_or_rest, masked_or_made, transposed_or_made, some_way_returns, in_a_loop, twice, reversed_or_not]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_as_numpy(function):
    check_sharing(function)
