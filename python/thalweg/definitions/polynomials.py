"""Polynomials by their coefficients, the highest power first, in NumPy's steps (numpy/lib/_polynomial_impl.py)."""

import numpy as np

from thalweg.definitions.parts import demand, is_complex, is_float
from thalweg.errors import UnsupportedError


def line(p):
    """Coefficients in one dimension; a number is one of them."""
    if isinstance(p, (tuple, list)):
        return np.array(p)
    if np.ndim(p) == 0:
        return np.full((1,), p)
    if np.ndim(p) != 1:
        raise NotImplementedError("coefficients of a polynomial that are not in 1 dimension are not supported")
    return p


def value(p, x):
    if np.ndim(p) == 0 and not isinstance(p, (tuple, list)):
        raise TypeError("iteration over a 0-d array")
    coefficients = line(p)
    if coefficients.shape[0] == 0:
        raise UnsupportedError("np.polyval of no coefficients is not supported")
    if np.ndim(x) == 0:
        number = np.full((1,), x)[0]
        y = np.zeros(1, np.result_type(coefficients, number))
        for k in range(coefficients.shape[0]):
            y[0] = y[0] * number + coefficients[k]
        return y[0]
    y = np.zeros(x.shape, np.result_type(coefficients, x))
    for k in range(coefficients.shape[0]):
        y[...] = y * x + coefficients[k]
    return y


def from_roots(seq_of_zeros):
    if np.ndim(seq_of_zeros) == 0 and not isinstance(seq_of_zeros, (tuple, list)):
        raise TypeError("the roots of np.poly must be a sequence")
    roots = line(seq_of_zeros)
    if is_complex(roots.dtype):
        raise NotImplementedError("np.poly of complex roots is real or complex by their values, which is not supported")
    if roots.shape[0] == 0:
        raise UnsupportedError("np.poly of no roots is a Python number, which is not supported")
    a = np.zeros(roots.shape[0] + 1, np.float32 if roots.dtype == np.float32 else np.float64)
    a[0] = 1
    for k in range(roots.shape[0]):
        root = roots[k].astype(a.dtype)
        for back in range(k + 1):
            a[k + 1 - back] = a[k + 1 - back] - root * a[k - back]
    return a


def padded(p, size):
    """With zeros before, so that there are so many coefficients."""
    out = np.zeros(size, p.dtype)
    out[size - p.shape[0]:] = p
    return out


def add(a1, a2):
    x, y = line(a1), line(a2)
    size = max(x.shape[0], y.shape[0])
    return padded(x, size) + padded(y, size)


def subtract(a1, a2):
    x, y = line(a1), line(a2)
    size = max(x.shape[0], y.shape[0])
    return padded(x, size) - padded(y, size)


def leading(p):
    """Where the first coefficient stands that is not zero, or the last one."""
    k = 0
    while k < p.shape[0] - 1 and p[k] == 0:
        k += 1
    return k


def multiply(a1, a2):
    """Leading zeros of the factors are left out, as NumPy does."""
    x, y = line(a1), line(a2)
    x, y = padded(x, max(x.shape[0], 1)), padded(y, max(y.shape[0], 1))  # no coefficients are one zero
    return np.convolve(x[leading(x):], y[leading(y):])


def divide(u, v):
    """Quotient and remainder, whose leading terms are left out while they are below 1e-8."""
    x, y = line(u), line(v)
    if is_complex(np.result_type(x, y)):
        raise NotImplementedError("np.polydiv of complex numbers is not supported")
    by = y.astype(y.dtype if is_float(y.dtype) else np.float64)
    kind = np.result_type(x.astype(x.dtype if is_float(x.dtype) else np.float64), by)
    rest = np.copy(x).astype(kind)
    n = by.shape[0]
    demand(rest.shape[0] > 0)
    scale = 1.0 / by[0]
    quotient = np.zeros(max(rest.shape[0] - n + 1, 1), kind)
    for k in range(rest.shape[0] - n + 1):
        factor = scale * rest[k]
        quotient[k] = factor
        rest[k:k + n] -= factor * by
    k = 0
    while k < rest.shape[0] - 1 and np.abs(rest[k]) <= 1e-8:
        k += 1
    return quotient, rest[k:]


def derivative(p, m=1):
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    if np.ndim(p) == 0:
        raise TypeError("len() of unsized object")
    y = line(p)
    for _ in (0,) * m:
        y = y[:-1] * np.arange(y.shape[0] - 1, 0, -1)
    return y


def integral(p, m=1, k=None):
    """k has the constants of the m integrations; one number is for each of them."""
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    if np.ndim(p) == 0:
        raise TypeError("len() of unsized object")
    constants = np.zeros(m) if k is None else line(k)
    if m > 1 and constants.shape[0] == 1:
        constants = np.full((m,), constants[0])
    demand(constants.shape[0] >= m)
    y = line(p)
    for turn, _ in enumerate((0,) * m):
        n = y.shape[0]
        quotient = y / np.arange(n, 0, -1)
        more = np.empty(n + 1, np.result_type(quotient, constants))
        more[:n] = quotient
        more[n] = constants[turn]
        y = more
    return y


DEFINITIONS = {"numpy.polyval": value, "numpy.poly": from_roots, "numpy.polyadd": add, "numpy.polysub": subtract,
               "numpy.polymul": multiply, "numpy.polydiv": divide, "numpy.polyder": derivative,
               "numpy.polyint": integral}
