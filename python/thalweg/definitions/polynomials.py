"""Polynomials by Horner's rule, in NumPy's steps (numpy/lib/_polynomial_impl.py)."""

import numpy as np


def value(p, x):
    """p[0] is the coefficient of the highest power."""
    if np.ndim(p) != 1:
        raise NotImplementedError("np.polyval of coefficients not in 1 dimension is not supported")
    if p.shape[0] == 0:
        raise ValueError("np.polyval of no coefficients is not supported")
    if np.ndim(x) == 0:
        number = np.multiply(x, 1)
        y = np.zeros(1, np.result_type(p, number))
        for k in range(p.shape[0]):
            y[0] = y[0] * number + p[k]
        return y[0]
    y = np.zeros(x.shape, np.result_type(p, x))
    for k in range(p.shape[0]):
        y[...] = y * x + p[k]
    return y


DEFINITIONS = {"numpy.polyval": value}
