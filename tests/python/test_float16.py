"""float16: every operation in float32, rounded once to half, as in NumPy."""

import numpy as np
import pytest

import thalweg
from tolerance import relative_bound, same_bits

ODD = np.array([np.nan, np.inf, -np.inf, -0.0, 65519.99, 65520, 65536, 1e300, -1e300, 5.96e-8, 2.98e-8,
                2.9802322387695312e-08, 2.9802322387695315e-08, 1 + 2**-11, 1 + 2**-11 + 2**-40, 2049, 2051])


def to_half(d, i, u, b, z):
    return d.astype(np.float16), i.astype(np.float16), u.astype(np.float16), b.astype(np.float16), np.real(z).astype(np.float16)


def from_half(a, b):
    return (a.astype(np.int32), a.astype(np.float64), a.astype(np.float32), a.astype(np.complex64), a.astype(np.bool_),
            b.astype(np.uint8))


def arithmetic(a, b):
    return a + b, a - b, a * b, a / b, a // b, a % b, -a, a ** 2, a * 2.5, 1 - a, a + np.float32(1), a * np.int8(3)


def functions(a, b):
    return (np.sqrt(np.abs(a)), np.exp(a), np.sin(a), np.maximum(a, b), np.minimum(a, b), np.floor(a), np.rint(a),
            np.sign(a), np.copysign(a, b), np.where(a > b, a, b), np.isnan(a), a > b, a == b, np.clip(a, -1, 1))


def places(a, b):
    c = a.copy()
    c[1:] += b[:-1]
    c[c > 3] = 3
    c[0] = 1.0001
    return c, a[a > 0], a[::-1], np.concatenate((a, b)), a[2], c[np.array([0, 1, 1])], np.argmax(a > 0)


def scalars(a, b):
    s = a[0] + b[0]
    for i in range(a.shape[0]):
        s = s * np.float16(0.5) + a[i]
    return s, s * 2, np.float16(3.3) + 1, a[1] > 2


def data(n):
    rng = np.random.default_rng(n)
    return (rng.normal(size=n) * 10).astype(np.float16), (rng.normal(size=n) * 3).astype(np.float16)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", [from_half, arithmetic, functions, places, scalars], ids=lambda f: f.__name__)
def test_equals_numpy(function):
    program = thalweg.program(function)
    for n in (3, 40, 1000):
        for run in (program, program.interpret):
            for mine, theirs in zip(run(*data(n)), function(*data(n)), strict=True):
                assert type(mine) is type(theirs) and same_bits(np.asarray(mine), np.asarray(theirs))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_conversions_round_once():
    rng = np.random.default_rng(1)
    d = np.concatenate([ODD, rng.normal(size=2000) * 10.0 ** rng.integers(-9, 6, 2000),
                        (rng.integers(0, 2**15, 3000).astype(np.uint16).view(np.float16).astype(float) * (1 + 2.0**-11))])
    i = rng.integers(-2**40, 2**40, d.size) // 10 ** rng.integers(0, 12, d.size)
    arguments = d, i, i.astype(np.uint64), d > 0, d + 1j
    program = thalweg.program(to_half)
    for run in (program, program.interpret):
        for mine, theirs in zip(run(*arguments), to_half(*arguments), strict=True):
            assert same_bits(mine, theirs)


def exact_folds(a, b):
    m = a.reshape(2, -1)
    return a.min(), m.max(axis=0, keepdims=True), m.argmax(axis=1), b.argmin(), np.max(b, initial=3), np.any(m, axis=0)


def close_folds(a, b):
    m = a.reshape(2, -1)
    return (a.sum(), m.sum(axis=0), m.prod(axis=1, keepdims=True), np.sum(b, dtype=np.float64), np.sum(b, initial=2),
            np.sum(b, where=a > 0), a.mean(), m.mean(axis=0))


def test_folds():
    for n in (4, 40, 1000):
        a, b = data(n)
        for run in (thalweg.program(exact_folds), thalweg.program(exact_folds).interpret):
            for mine, theirs in zip(run(a, b), exact_folds(a, b), strict=True):
                assert type(mine) is type(theirs) and same_bits(np.asarray(mine), np.asarray(theirs))
        for mine, theirs in zip(thalweg.program(close_folds)(a / 8, b / 8), close_folds(a / 8, b / 8), strict=True):
            assert type(mine) is type(theirs) and np.asarray(mine).dtype == np.asarray(theirs).dtype
            np.testing.assert_allclose(mine, theirs, rtol=1e-2, atol=relative_bound(n, np.float16) * np.abs(b).sum())
