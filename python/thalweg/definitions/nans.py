"""Reductions that leave out NaNs, in NumPy's steps (numpy/lib/_nanfunctions_impl.py)."""

import numpy as np

from thalweg.definitions.parts import demand, is_complex, is_inexact


def nan_sum(a, axis=None, dtype=None, out=None, keepdims=False):
    if is_inexact(a.dtype):
        return np.sum(np.where(np.isnan(a), 0, a), axis=axis, dtype=dtype, out=out, keepdims=keepdims)
    return np.sum(a, axis=axis, dtype=dtype, out=out, keepdims=keepdims)


def nan_product(a, axis=None, dtype=None, out=None, keepdims=False):
    if is_inexact(a.dtype):
        return np.prod(np.where(np.isnan(a), 1, a), axis=axis, dtype=dtype, out=out, keepdims=keepdims)
    return np.prod(a, axis=axis, dtype=dtype, out=out, keepdims=keepdims)


def nan_min(a, axis=None, out=None, keepdims=False):
    if is_complex(a.dtype) or out is not None:
        raise NotImplementedError("np.nanmin of complex numbers, or with out, is not supported")
    if not is_inexact(a.dtype):
        return np.min(a, axis=axis, keepdims=keepdims)
    least = np.min(np.where(np.isnan(a), np.inf, a), axis=axis, keepdims=keepdims)
    return np.where(np.all(np.isnan(a), axis=axis, keepdims=keepdims), np.nan, least)


def nan_max(a, axis=None, out=None, keepdims=False):
    if is_complex(a.dtype) or out is not None:
        raise NotImplementedError("np.nanmax of complex numbers, or with out, is not supported")
    if not is_inexact(a.dtype):
        return np.max(a, axis=axis, keepdims=keepdims)
    most = np.max(np.where(np.isnan(a), -np.inf, a), axis=axis, keepdims=keepdims)
    return np.where(np.all(np.isnan(a), axis=axis, keepdims=keepdims), np.nan, most)


def nan_mean(a, axis=None, dtype=None, out=None, keepdims=False):
    if not is_inexact(a.dtype):
        return np.mean(a, axis=axis, dtype=dtype, out=out, keepdims=keepdims)
    if dtype is not None or out is not None:
        raise NotImplementedError("np.nanmean with dtype or out is not supported")
    count = np.sum(np.logical_not(np.isnan(a)), axis=axis, keepdims=keepdims)
    total = np.sum(np.where(np.isnan(a), 0, a), axis=axis, keepdims=keepdims)
    return (total / count).astype(a.dtype)


def nan_variance(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    if not is_inexact(a.dtype):
        return np.var(a, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims)
    if dtype is not None or out is not None:
        raise NotImplementedError("np.nanvar with dtype or out is not supported")
    missing = np.isnan(a)
    count = np.sum(np.logical_not(missing), axis=axis, keepdims=keepdims)
    apart = np.where(missing, 0, (a - np.nanmean(a, axis=axis, keepdims=True)).astype(a.dtype))
    if is_complex(a.dtype):
        square = np.real(apart * np.conj(apart))
    else:
        square = apart * apart
    total = np.sum(square, axis=axis, keepdims=keepdims)
    freedom = count - ddof
    return np.where(freedom <= 0, np.nan, (total / freedom).astype(square.dtype))


def nan_deviation(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return np.sqrt(np.nanvar(a, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims))


def place_of_least(a, axis=None, out=None, *, keepdims=False):
    if is_complex(a.dtype) or out is not None:
        raise NotImplementedError("np.nanargmin of complex numbers, or with out, is not supported")
    if not is_inexact(a.dtype):
        return np.argmin(a, axis=axis, keepdims=keepdims)
    demand(a.size == 0 or not bool(np.any(np.all(np.isnan(a), axis=axis))))
    return np.argmin(np.where(np.isnan(a), np.inf, a), axis=axis, keepdims=keepdims)


def place_of_most(a, axis=None, out=None, *, keepdims=False):
    if is_complex(a.dtype) or out is not None:
        raise NotImplementedError("np.nanargmax of complex numbers, or with out, is not supported")
    if not is_inexact(a.dtype):
        return np.argmax(a, axis=axis, keepdims=keepdims)
    demand(a.size == 0 or not bool(np.any(np.all(np.isnan(a), axis=axis))))
    return np.argmax(np.where(np.isnan(a), -np.inf, a), axis=axis, keepdims=keepdims)


DEFINITIONS = {"numpy.nansum": nan_sum, "numpy.nanprod": nan_product, "numpy.nanmin": nan_min, "numpy.nanmax": nan_max,
               "numpy.nanmean": nan_mean, "numpy.nanvar": nan_variance, "numpy.nanstd": nan_deviation,
               "numpy.nanargmin": place_of_least, "numpy.nanargmax": place_of_most}
