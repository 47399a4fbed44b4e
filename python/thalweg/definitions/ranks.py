"""What follows from singular values: ranks, condition numbers, inverses of matrices that need not have one."""

import numpy as np

from thalweg.definitions.norms import of_matrices
from thalweg.definitions.parts import demand, demand_square, deny, is_inexact, matrix_type, places, real_type
from thalweg.definitions.singular_values import EPS, decomposed
from thalweg.definitions.solving import solved

UNSAID = ()


def epsilon(dtype):
    return 2.0**-23 if dtype == np.float32 or dtype == np.complex64 else EPS


def of_each(tolerance):
    """A tolerance beside the values of its matrix, in double precision also if it is Python's number."""
    return np.full((1,), tolerance) if np.ndim(tolerance) == 0 else tolerance[..., None]


def matrix_rank(A, tol=None, hermitian=False, *, rtol=None):
    if tol is not None and rtol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    if np.ndim(A) < 2:
        return int(np.any(A != 0))
    values = np.linalg.svd(A, compute_uv=False, hermitian=hermitian)
    if tol is not None:
        return np.count_nonzero(values > of_each(tol), axis=-1)
    if rtol is not None:
        return np.count_nonzero(values > values[..., :1] * of_each(rtol), axis=-1)
    return np.count_nonzero(values > values[..., :1] * (max(A.shape[-2], A.shape[-1]) * epsilon(A.dtype)), axis=-1)


def inverse(a):
    """The inverse in double precision, NaN where there is none."""
    n = a.shape[-1]
    x = np.empty((places(a.shape[:-2]), n, n), matrix_type(a))
    x[...] = np.reshape(a, x.shape)
    y = np.empty(x.shape, x.dtype)
    for s in range(x.shape[0]):
        found = solved(x[s], np.eye(n))
        y[s] = found[:n] if n > 0 and found[n, 0] == 0 else np.nan
    return np.reshape(y, a.shape)


def condition_number(x, p=None):
    if np.ndim(x) < 2:
        deny(x)
        return np.sum(np.abs(x))
    if x.shape[-1] == 0 or x.shape[-2] == 0:
        raise np.linalg.LinAlgError("cond is not defined on empty arrays")
    if p is None or isinstance(p, int) and (p == 2 or p == -2):
        _, values, _ = decomposed(x, False, False)
        found = values[..., -1] / values[..., 0] if p is not None and p < 0 else values[..., 0] / values[..., -1]
        return np.where(np.isnan(found), np.array(np.inf, found.dtype), found)
    demand_square(x)
    size = of_matrices(x if is_inexact(x.dtype) else x.astype(np.float64), p, x.ndim - 2, x.ndim - 1, False)
    other = of_matrices(inverse(x), p, x.ndim - 2, x.ndim - 1, False)
    found = (size * other).astype(real_type(x))
    singular = np.logical_and(np.isnan(found), np.logical_not(np.isnan(size)))
    return np.where(singular, np.array(np.inf, found.dtype), found)


def pseudo_inverse(a, rcond=None, hermitian=False, *, rtol=UNSAID):
    if np.ndim(a) < 2:
        deny(a)
        return a
    said = not isinstance(rtol, tuple)
    if rcond is not None and said:
        raise ValueError("`rtol` and `rcond` can't be both set.")
    if not is_inexact(a.dtype):
        if rcond is None and rtol is None:
            raise NotImplementedError("np.linalg.pinv of integers with rtol=None is an error in NumPy")
        demand(a.shape[-2] > 0 and a.shape[-1] > 0)  # of no elements NumPy makes integers
    tolerance = np.full((1,), 1e-15)
    if rcond is not None:
        tolerance = of_each(rcond)
    elif said and rtol is not None:
        tolerance = of_each(rtol)
    elif said:
        tolerance = np.full((1,), max(a.shape[-2], a.shape[-1]) * epsilon(a.dtype), real_type(a))
    if np.ndim(tolerance) > 1:
        raise NotImplementedError("np.linalg.pinv with several tolerances is not supported")
    u, values, vh = np.linalg.svd(a, False, True, hermitian)
    large = values > tolerance * values[..., :1]
    inverted = np.where(large, 1 / values, np.zeros(1, values.dtype))
    m, n, least = a.shape[-2], a.shape[-1], values.shape[-1]
    count = places(a.shape[:-2])
    u = np.reshape(u * inverted[..., None, :], (count, m, least))
    vh = np.reshape(vh, (count, least, n))
    out = np.empty((count, n, m), u.dtype)
    for s in range(count):
        out[s] = np.conj(np.transpose(u[s] @ vh[s]))
    return np.reshape(out, a.shape[:-2] + (n, m))


DEFINITIONS = {"numpy.linalg.matrix_rank": matrix_rank, "numpy.linalg.cond": condition_number,
               "numpy.linalg.pinv": pseudo_inverse}
