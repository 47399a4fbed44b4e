"""Powers by a number that is 0.5: NumPy takes the root, of which -infinity's is NaN and a negative zero's negative, where the
number is Python's and the array an operator's, and in its loops of float32 and float64; elsewhere the power."""

import numpy as np
import pytest

import thalweg
from tolerance import same_bits

NUMBERS = [np.inf, -np.inf, -0.0, 4.0, -4.0]
EXPONENTS = [0.5, np.float64(0.5), np.float32(0.5), np.float16(0.5), np.array(0.5), np.array(0.5, np.float32), 0.5 + 0j]


def by_operator(a, y):
    return a ** y


def by_function(a, y):
    return np.power(a, y)


def in_place(a, y):
    a **= y
    return a


def by_a_constant(a, y):
    return np.power(a, 0.5), a ** 0.5, a ** np.float64(0.5)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("y", EXPONENTS, ids=lambda y: f"{type(y).__name__} {getattr(y, 'dtype', '')}")
@pytest.mark.parametrize("function", [by_operator, by_function, in_place, by_a_constant])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.complex128, np.complex64])
def test_equals_numpy(function, y, dtype):
    program = thalweg.program(function)
    for of in (lambda a: a, lambda a: a[1], lambda a: a[2], lambda a: a[1:2]):
        a = of(np.array(NUMBERS, dtype))
        if function is in_place and (a.ndim == 0 or np.result_type(a, y) != a.dtype and np.iscomplexobj(y)):
            continue
        expected, found = function(a.copy(), y), program(a.copy(), y)
        for f, e in zip(*([x] if function is not by_a_constant else x for x in (found, expected)), strict=True):
            if np.iscomplexobj(e):
                assert type(f) is type(e) and f.dtype == e.dtype
                assert np.allclose(f, e, rtol=1e-5, equal_nan=True), (f, e)
            else:
                assert same_bits(f, e), (f, e)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("y", [np.float64(2), np.float64(-1), np.float32(2), 2.0, -1.0])
def test_squares_and_reciprocals_to_the_bit(y):
    x = np.random.default_rng(5).standard_normal(1000) * 37
    for a in (x, x.astype(np.float32)):
        assert same_bits(thalweg.program(by_operator)(a, y), a ** y)
        assert same_bits(thalweg.program(by_function)(a, y), np.power(a, y))
