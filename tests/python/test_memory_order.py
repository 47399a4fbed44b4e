"""The order in memory of new arrays: NumPy's, which follows the operands. It shows in what reshape and ravel share."""

import numpy as np
import pytest

import thalweg


def joined(a, b, x):
    return (np.concatenate((a, b)), np.stack((a, b)), np.stack((a, b), axis=-1), np.vstack((a.T, b.T)), np.hstack((a, b * 2)),
            np.concatenate((a, np.broadcast_to(x, (2, 5)))))


def computed(a, b, x):
    return a * 2, a + b, a.T + 1, -b, np.where(a > 0, a, b), a + b.T.T * 2 + x, (a + x) * b, a > b, np.minimum(a, b)


def copied(a, b, x):
    return np.copy(a), a.copy(), np.array(b), a.astype(np.float32), a.astype(np.float64), np.zeros_like(b), np.full_like(a, 3)


def a_view_or_not(a, b, x):
    v = a * 2
    w = v.reshape(-1)
    v[0, 0] = 9
    u = b.T * 2
    t = u.T.reshape(-1)
    t[1] = 7
    return v, w, u, t


def logical(a, b, x):
    v = np.logical_xor(a > 0, True)
    w = v.reshape(-1)
    v[:] *= False
    return v, w


def as_it_lies(a, b, x):
    v = a + b
    return v.ravel(order="K"), v.ravel(order="F"), v.ravel(order="A"), (a.T * 2).ravel(order="K")


def outer(a, b, x):
    v = x[:, None] * x[None, :]
    return v, v.T + 1, v + v.T


def three_dimensions(a, b, x):
    v = a[:, None, :] * b[None, :, :]
    w = v.transpose(2, 0, 1) + 1
    u = np.where(w > 3, w, 0.5)
    return w, u, u.reshape(-1), u.ravel(order="K"), np.zeros_like(w)


def in_a_loop(a, b, x):
    v = a * 1
    for i in range(a.shape[0]):
        v = v * 2 + b
    w = v.reshape(-1)
    v[0, 0] = 100
    return v, w


def two_in_a_loop(a, b, x):
    v, u = a.T * 1, b.T * 1
    for i in range(a.shape[0]):
        v, u = u + 1, v * 2
    w = v.T.reshape(-1)
    v[0, 0] = 100
    return v, u, w


LAYOUTS = {"rows": np.ascontiguousarray, "columns": np.asfortranarray, "gaps": lambda m: np.repeat(m, 2, 1)[:, ::2],
           "backwards": lambda m: m[::-1].copy()[::-1], "columns backwards": lambda m: np.asfortranarray(m[:, ::-1])[:, ::-1]}


@pytest.mark.parametrize("function", [computed, joined, copied, a_view_or_not, logical, as_it_lies, outer, three_dimensions, in_a_loop,
                                      two_in_a_loop], ids=lambda f: f.__name__)
@pytest.mark.parametrize("first", LAYOUTS)
@pytest.mark.parametrize("second", ["rows", "columns"])
def test_values_and_strides_are_those_of_numpy(function, first, second):
    rng = np.random.default_rng(3)
    a, b, x = LAYOUTS[first](rng.normal(size=(4, 5))), LAYOUTS[second](rng.normal(size=(4, 5))), rng.normal(size=5)
    found, expected = thalweg.program(function, strict=False)(a, b, x), function(a, b, x)
    for k, (f, e) in enumerate(zip(found, expected)):
        assert np.array_equal(f, e), k
        assert f.strides == e.strides, k


def turned(a, n):
    v = a * 1
    i = 0
    while i < n:
        v = v.T + i
        i += 1
    w = v.reshape(-1)
    v[0, 0] = 100
    return v, w


def by_the_way_taken(a, n):
    v = a.T * 2 if n > 2 else a * 2
    u = v + 1
    w = u.reshape(-1)
    u[0, 0] = 100
    return u, w


@pytest.mark.parametrize("function", [turned, by_the_way_taken], ids=lambda f: f.__name__)
def test_an_order_that_depends_on_the_way_taken_is_not_guessed(function):
    with pytest.raises(thalweg.UnsupportedError, match="order in memory"):
        thalweg.program(function, strict=True)(np.ones((3, 3)), 3)
    program = thalweg.program(function, strict=False)
    for n in range(5):
        a = np.arange(9.0).reshape(3, 3)
        for f, e in zip(program(a, n), function(a, n)):
            assert np.array_equal(f, e) and f.strides == e.strides
