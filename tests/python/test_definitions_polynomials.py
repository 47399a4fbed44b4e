"""Polynomials, convolutions and windows against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, Cases, compare, run, values, within

cases = Cases()
KINDS = ("f8", "i4", "f4", "c16", "i8", "u1")
PAIRS = [((3,), (3,)), ((1,), (4,)), ((5,), (2,))]
MIXED = (("f8", "f4"), ("i4", "i8"), ("f4", "f4"), ("c16", "f8"), ("u1", "i1"))
near = within(50)


def some(several, count=1):
    """All of them in long runs, else the first."""
    return several if LONG else several[:count]


@cases([(1,), (4,)], types=("f8", "i4", "f4", "i8", "u1", "?"), same=near)
def from_roots(a):
    return np.poly(a), np.poly([1, 2.5]), np.poly((3, 1, -2))


@cases(PAIRS + [((0,), (2,))], types=MIXED + (("?", "i4"),))
def sums(a, b):
    return np.polyadd(a, b), np.polysub(b, a), np.polyadd(a, 2), np.polysub([1, 2], b)


@cases([((5,), (2,)), ((2,), (0,))] + PAIRS[:2] * LONG, types=some(MIXED), same=near)
def convolved(a, b):
    return np.convolve(a, b), np.convolve(a, b, "same"), np.convolve(b, a, mode="valid")


@cases([((5,), (2,)), ((2,), (4,))] + (PAIRS[:2] + [((4,), (4,)), ((2,), (0,))]) * LONG,
       types=some(MIXED[3:] + MIXED[:3]), same=near)
def correlated(a, b):
    return np.correlate(a, b), np.correlate(a, b, "same"), np.correlate(b, a, mode="full")


@cases([((2,), (5,)), ((1,), (1,))][:1 + LONG], types=some((("?", "?"), ("?", "f4"))), same=near)
def of_bools(a, b):
    return np.convolve(a, b), np.convolve(3, a)


@cases([(1,), (4,), (0,)], types=KINDS)
def derived(a):
    return np.polyder(a), np.polyder(a, 2), np.polyder(a, m=0)


@cases([(1,), (4,), (0,)], types=KINDS, same=near)
def integrated(a):
    return np.polyint(a), np.polyint(a, 2, k=[1, 2]), np.polyint(a, m=3, k=2.5), np.polyint(a, 2)


@cases(PAIRS, types=MIXED[:3] + MIXED[4:], same=near)
def divided(a, b):
    q, r = np.polydiv(a, b)
    return q, r


@cases([((3,), (4,)), ((1,), (2, 3)), ((4,), (0,))], types=(("f8", "f8"), ("i4", "f8"), ("f4", "i4"), ("c16", "f4")),
       same=within(4))
def valued(p, x):
    return np.polyval(p, x), np.polyval([2, -1, 3], x), np.polyval((1.5, 2), 3)


@cases.mark
def test_equals_numpy(case):
    run(case)


@pytest.mark.parametrize("a, b", [([0, 0, 1, 2], [0, 3]), ([0, 0], [0, 1]), ([1.0, 0, 2], [2.0]), ([0.0], [5.0, 1])])
def test_leading_zeros(a, b):
    @thalweg.program
    def product(a, b):
        return np.polymul(a, b)

    compare(product, (np.array(a), np.array(b)), near)


@pytest.mark.parametrize("u, v", [([1.0, -3, 2], [1.0, -1]), ([1.0, 0, 0, 1e-9], [1.0, 0]), ([3, 5, 2], [2, 1]),
                                  ([2.0, 1], [1.0, 2, 3]), ([1.0, 2], [0.0, 1]), ([0.0, 1, 1], [1.0]),
                                  ([1.0, 2, np.nan], [1.0, 1])])
def test_remainders(u, v):
    @thalweg.program
    def divide(u, v):
        q, r = np.polydiv(u, v)
        return q, r

    compare(divide, (np.array(u), np.array(v)))


def test_wrong_values():
    @thalweg.program
    def negative(a):
        return np.polyder(a, -1)

    @thalweg.program
    def too_few(a):
        return np.polyint(a, 3, k=[1, 2])

    @thalweg.program
    def complex_roots(a):
        return np.poly(a * 1j)

    for program in (negative, too_few):
        compare(program, (np.ones(3),))
    with pytest.raises(NotImplementedError) as caught:
        complex_roots(np.ones(3))
    assert caught.value.code == "TW1085" and "np.poly" in str(caught.value)


@thalweg.program
def fitted(x, y):
    return np.polyfit(x, y, 3)


@thalweg.program
def weighted(x, y, w):
    return np.polyfit(x, y, 2, w=w)


@thalweg.program
def line(x, y, deg):
    return np.polyfit(x, y, deg, rcond=1e-10)


def test_fits():
    """Within the condition of the scaled powers times eps, as both are from backward stable methods."""
    random = np.random.default_rng(5)
    for dtype, bound in some((("f8", 1e-12), ("f4", 2e-4), ("i4", 1e-12))):
        x = (np.linspace(-2, 5, 40) * (3 if dtype == "i4" else 1)).astype(dtype)
        for shape in ((40,), (40, 2)):
            y = (random.random(shape) * 9).astype(dtype)
            found, expected = (fitted(x, y), np.polyfit(x, y, 3)) if LONG or y.ndim == 1 else (x, x)
            assert found.dtype == expected.dtype and found.shape == expected.shape
            np.testing.assert_allclose(found, expected, rtol=0, atol=bound * np.max(np.abs(expected)))
            w = np.linspace(1, 2, 40)
            found, expected = weighted(x, y, w), np.polyfit(x, y, 2, w=w)
            assert found.dtype == expected.dtype and found.shape == expected.shape
            np.testing.assert_allclose(found, expected, rtol=0, atol=bound * np.max(np.abs(expected)))


def test_fits_of_less_than_full_rank():
    for x in some((np.array([1.0, 1, 2, 2]), np.ones(4), np.array([1.0, 2]))):
        y = np.arange(len(x)) + 1.5
        with np.errstate(all="ignore"), pytest.warns(np.exceptions.RankWarning):
            expected = np.polyfit(x, y, 3)
        np.testing.assert_allclose(fitted(x, y), expected, atol=1e-13)


def test_fits_of_wrong_sizes():
    compare(line, (np.arange(4.0), np.ones(4), 1), within(100))
    compare(line, (np.arange(4.0), np.ones(3), 1))
    compare(line, (np.arange(4.0), np.ones(4), -1))
    compare(line, (np.array([0.0, np.inf, 1]), np.ones(3), 1))
    if LONG:
        compare(line, (np.ones(0), np.ones(0), 1))
        compare(line, (np.zeros(3), np.ones(3), 1))
        compare(weighted, (np.arange(4.0), np.ones(4), np.ones(3)))

    @thalweg.program
    def with_covariances(x, y):
        return np.polyfit(x, y, 1, cov=True)

    with pytest.raises(NotImplementedError):
        with_covariances(np.arange(4.0), np.ones(4))


@thalweg.program
def windows(n):
    return np.bartlett(n), np.blackman(n), np.hamming(n), np.hanning(n)


@thalweg.program
def kaiser(n, beta):
    return np.kaiser(n, beta)


@thalweg.program
def bessel(x):
    return np.i0(x)


def test_windows():
    for n in (-2, 0, 1, 2, 5, 8, 100) if LONG else (0, 1, 2, 5):
        compare(windows, (n,), within(4))
        for beta in (0.0, 2.5, 8, 14.5, -3):
            compare(kaiser, (n, beta), within(16))


def test_bessel():
    x = np.concatenate((np.linspace(-30, 30, 500), [0.0, -0.0, 8.0, -8.0, 8.0000001, 700, 720, np.inf, np.nan]))
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(bessel(x), np.i0(x), rtol=32 * 2**-52)
    for kind, bound in (("f4", 1e-5), ("i8", 1e-14), ("?", 1e-14)):
        for shape in ((0,), (4,), (2, 3)):
            found, expected = bessel(values(shape, kind)), np.i0(values(shape, kind))
            assert found.dtype == expected.dtype and found.shape == expected.shape
            np.testing.assert_allclose(found, expected, rtol=bound)
