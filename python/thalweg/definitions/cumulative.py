"""Sums and products of all elements so far, taken in order as NumPy does."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import flattened, is_complex, is_inexact, sum_type, takes_all


def cumulative_sum(a, axis=None, dtype=None, out=None):
    if out is not None:
        raise NotImplementedError("np.cumsum with out is not supported")
    if dtype is not None and is_complex(a.dtype) and not is_complex(dtype):
        raise NotImplementedError("this dtype would drop the imaginary parts")
    flat = takes_all(a, axis)
    x = flattened(a) if flat else a
    place = 0 if flat else normalize_axis_index(axis, a.ndim)
    total = np.empty(x.shape, sum_type(a) if dtype is None else dtype)
    n = x.shape[place]
    into = np.swapaxes(total, place, -1)
    of = np.swapaxes(x, place, -1)
    if n > 0:
        into[..., 0] = of[..., 0]
    if x.ndim == 1:
        for k in range(1, n):
            total[k] = total[k - 1] + x[k].astype(total.dtype)
    else:
        for k in range(1, n):
            into[..., k] = into[..., k - 1] + of[..., k].astype(total.dtype)
    return total


def cumulative_product(a, axis=None, dtype=None, out=None):
    if out is not None:
        raise NotImplementedError("np.cumprod with out is not supported")
    if dtype is not None and is_complex(a.dtype) and not is_complex(dtype):
        raise NotImplementedError("this dtype would drop the imaginary parts")
    flat = takes_all(a, axis)
    x = flattened(a) if flat else a
    place = 0 if flat else normalize_axis_index(axis, a.ndim)
    total = np.empty(x.shape, sum_type(a) if dtype is None else dtype)
    n = x.shape[place]
    into = np.swapaxes(total, place, -1)
    of = np.swapaxes(x, place, -1)
    if n > 0:
        into[..., 0] = of[..., 0]
    if x.ndim == 1:
        for k in range(1, n):
            total[k] = total[k - 1] * x[k].astype(total.dtype)
    else:
        for k in range(1, n):
            into[..., k] = into[..., k - 1] * of[..., k].astype(total.dtype)
    return total


def with_start(x, axis, include_initial, kind, identity):
    """The place for the results, and the axis, which one dimension need not name."""
    if np.ndim(x) > 1 and axis is None:
        raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
    place = 0 if axis is None else normalize_axis_index(axis, x.ndim)
    shape = ()
    for d, n in enumerate(x.shape):
        shape = shape + (n + 1 if include_initial and d == place else n,)
    out = np.full(shape, identity, kind)
    return out, place


def array_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    if out is not None or np.ndim(x) == 0:
        raise NotImplementedError("np.cumulative_sum with out, or of a number, is not supported")
    if not include_initial and np.ndim(x) == 1:
        return np.cumsum(x, axis=axis, dtype=dtype)
    total, place = with_start(x, axis, include_initial, sum_type(x) if dtype is None else dtype, 0)
    np.swapaxes(total, place, -1)[..., 1 if include_initial else 0:] = np.swapaxes(
        np.cumsum(x, axis=place, dtype=dtype), place, -1)
    return total


def array_product(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    if out is not None or np.ndim(x) == 0:
        raise NotImplementedError("np.cumulative_prod with out, or of a number, is not supported")
    if not include_initial and np.ndim(x) == 1:
        return np.cumprod(x, axis=axis, dtype=dtype)
    total, place = with_start(x, axis, include_initial, sum_type(x) if dtype is None else dtype, 1)
    np.swapaxes(total, place, -1)[..., 1 if include_initial else 0:] = np.swapaxes(
        np.cumprod(x, axis=place, dtype=dtype), place, -1)
    return total


def nan_cumulative_sum(a, axis=None, dtype=None, out=None):
    if is_inexact(a.dtype):
        return np.cumsum(np.where(np.isnan(a), 0, a), axis=axis, dtype=dtype, out=out)
    return np.cumsum(a, axis=axis, dtype=dtype, out=out)


def nan_cumulative_product(a, axis=None, dtype=None, out=None):
    if is_inexact(a.dtype):
        return np.cumprod(np.where(np.isnan(a), 1, a), axis=axis, dtype=dtype, out=out)
    return np.cumprod(a, axis=axis, dtype=dtype, out=out)


DEFINITIONS = {"numpy.cumsum": cumulative_sum, "numpy.cumprod": cumulative_product,
               "numpy.cumulative_sum": array_sum, "numpy.cumulative_prod": array_product,
               "numpy.nancumsum": nan_cumulative_sum, "numpy.nancumprod": nan_cumulative_product}
