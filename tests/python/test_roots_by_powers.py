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


def by_constants(a):
    return np.power(a, 0.5), a ** 0.5, a ** np.float64(0.5)


TYPES = [np.float64, np.float32, np.float16, np.complex128, np.complex64]


def numbers(dtype):
    """An array, two scalars of it, and a view of one element."""
    a = np.array(NUMBERS, dtype)
    return a, a[1], a[2], a[1:2]


def assert_as_numpy(found, expected):
    if np.iscomplexobj(expected):
        assert type(found) is type(expected) and found.dtype == expected.dtype
        assert np.allclose(found, expected, rtol=1e-5, equal_nan=True), (found, expected)
    else:
        assert same_bits(found, expected), (found, expected)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("y", EXPONENTS, ids=lambda y: f"{type(y).__name__} {getattr(y, 'dtype', '')}")
@pytest.mark.parametrize("function", [by_operator, by_function, in_place])
@pytest.mark.parametrize("dtype", TYPES)
def test_equals_numpy(function, y, dtype):
    program = thalweg.program(function)
    for a in numbers(dtype):
        if function is in_place and (a.ndim == 0 or np.result_type(a, y) != a.dtype and np.iscomplexobj(y)):
            continue
        assert_as_numpy(program(a.copy(), y), function(a.copy(), y))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", TYPES)
def test_constants_equal_numpy(dtype):
    program = thalweg.program(by_constants)
    for a in numbers(dtype):
        for found, expected in zip(program(a), by_constants(a), strict=True):
            assert_as_numpy(found, expected)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("y", [np.float64(2), np.float64(-1), np.float32(2), 2.0, -1.0])
def test_squares_and_reciprocals_to_the_bit(y):
    x = np.random.default_rng(5).standard_normal(1000) * 37
    for a in (x, x.astype(np.float32)):
        assert same_bits(thalweg.program(by_operator)(a, y), a ** y)
        assert same_bits(thalweg.program(by_function)(a, y), np.power(a, y))
