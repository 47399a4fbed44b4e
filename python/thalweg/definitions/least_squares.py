"""Least squares by singular values, as LAPACK's dgelsd finds them.

The residual b - a x differs from the least one by about n times eps times |a| |x|, so that x differs by the condition
number of a times as much, and by its square where the residual is large.
"""

import numpy as np

from thalweg.definitions.parts import matrix_type, real_type, solution_type
from thalweg.definitions.reflections import conjugated
from thalweg.definitions.singular_values import EPS, decomposed


def lstsq(a, b, rcond=None):
    """The residuals are as many as the right sides or none: that depends on the rank, as in NumPy."""
    if np.ndim(a) != 2 or np.ndim(b) < 1 or np.ndim(b) > 2:
        raise NotImplementedError("np.linalg.lstsq of other than a matrix and a vector or matrix is an error in NumPy")
    m, n = a.shape
    if b.shape[0] != m:
        raise np.linalg.LinAlgError("Incompatible dimensions")
    sides = b.shape[1] if b.ndim == 2 else 1
    matrix_type(a)
    matrix_type(b)
    mixed = np.complex128 if np.iscomplexobj(a) or np.iscomplexobj(b) else np.float64
    result = np.empty(0, np.result_type(np.empty(0, solution_type(a)), np.empty(0, solution_type(b))))
    x = a.astype(mixed)
    given = min(m, b.shape[0])  # all of them
    y = np.empty((m, sides), mixed)
    y[:given] = np.reshape(b, (b.shape[0], sides))[:given]
    u, values, vh = decomposed(x, False, True)
    tolerance = EPS * max(m, n) if rcond is None else rcond
    if tolerance <= 0 or tolerance >= 1:
        tolerance = EPS / 2
    large = values > tolerance * values[:1]
    rank = np.sum(large)
    inverted = np.where(large, 1 / values, 0.0)
    found = conjugated(np.transpose(vh)) @ (inverted[:, None] * (conjugated(np.transpose(u)) @ y))
    rest = y - x @ found
    squares = np.sum(np.real(conjugated(rest) * rest), axis=0).astype(real_type(result))
    residuals = squares[:sides if rank == n and m > n else 0]
    solution = found.astype(result.dtype)
    return solution if b.ndim == 2 else solution[:, 0], residuals, np.int32(rank), values.astype(real_type(result))


DEFINITIONS = {"numpy.linalg.lstsq": lstsq}
