"""Medians, quantiles and weighted means, in NumPy's steps."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand, flattened, is_complex, is_float


def range_of(a, axis=None, out=None, keepdims=False):
    if out is not None or a.dtype == np.bool_:
        raise NotImplementedError("np.ptp with out, or of bool, is not supported")
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


def average(a, axis=None, weights=None, returned=False, keepdims=False):
    if returned:
        raise NotImplementedError("np.average with returned is not supported")
    if weights is None:
        return np.mean(a, axis=axis, keepdims=keepdims)
    if isinstance(axis, tuple):
        raise NotImplementedError("np.average with weights over several axes is not supported")
    if is_float(a.dtype) or is_complex(a.dtype):
        kind = np.result_type(a, weights)
    else:
        kind = np.result_type(a, weights, np.float64(0))
    if weights.ndim == a.ndim:
        np.reshape(np.empty(weights.shape[0], np.bool_), a.shape[0])
        for d, n in enumerate(a.shape):
            demand(weights.shape[d] == n)
        total = np.sum(weights, axis=axis, dtype=kind, keepdims=keepdims)
        some_zero = bool(np.any(total == 0))
        1 / (0 if some_zero else 1)
        return np.sum(a.astype(kind) * weights.astype(kind), axis=axis, keepdims=keepdims) / total
    if axis is None or weights.ndim != 1:
        raise NotImplementedError("np.average with weights of this shape is an error in NumPy")
    place = normalize_axis_index(axis, a.ndim)
    demand(weights.shape[0] == a.shape[place])
    total = np.sum(weights, dtype=kind)
    some_zero = bool(total == 0)
    1 / (0 if some_zero else 1)
    spread = np.reshape(weights, (1,) * place + (weights.shape[0],) + (1,) * (a.ndim - 1 - place))
    return np.sum(a.astype(kind) * spread.astype(kind), axis=place, keepdims=keepdims) / total


def with_nans(values, lines):
    """NaN where the last of sorted lines is NaN, and the value elsewhere."""
    last = lines[..., -1]
    return np.where(np.isnan(last), last, values) if is_float(lines.dtype) else values


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    if out is not None or overwrite_input or is_complex(a.dtype):
        raise NotImplementedError("np.median with out or overwrite_input, or of complex numbers, is not supported")
    if keepdims or isinstance(axis, tuple):
        raise NotImplementedError("np.median with keepdims or over several axes is not supported")
    place = 0 if axis is None else normalize_axis_index(axis, a.ndim)
    lines = np.sort(flattened(a)) if axis is None else np.swapaxes(np.sort(a, place), place, -1)
    n = lines.shape[-1]
    padded = np.empty(lines.shape[:-1] + (max(n, 1),), lines.dtype)  # of no elements it is NaN
    padded[..., :n] = lines
    low = padded[..., max(n - 1, 0) // 2]
    high = padded[..., min(n // 2, max(n - 1, 0))]
    if is_float(a.dtype):
        middle = np.where(n % 2 == 1, low, (low + high) / 2)
        middle = with_nans(middle, padded)
    else:
        middle = (low.astype(np.float64) + high) / 2
    return np.where(n == 0, np.nan, middle)


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    if out is not None or overwrite_input or method != "linear" or keepdims or isinstance(axis, tuple):
        raise NotImplementedError("np.quantile does only its linear method, over one axis or all")
    if is_complex(a.dtype) or a.dtype == np.bool_ or np.ndim(q) != 0 or np.result_type(q) != np.float64:
        raise NotImplementedError("np.quantile of complex numbers or bool, or at other than a float, is not supported")
    place = 0 if axis is None else normalize_axis_index(axis, a.ndim)
    lines = np.sort(flattened(a)) if axis is None else np.swapaxes(np.sort(a, place), place, -1)
    n = lines.shape[-1]
    demand(bool(q >= 0) and bool(q <= 1))
    at = (n - 1) * q
    below = int(np.floor(at))
    part = at - below
    if at >= n - 1:
        below = n - 1
    low = lines[..., below]
    high = lines[..., min(below + 1, n - 1)]
    apart = high - low
    value = np.where(part >= 0.5, high - apart * (1 - part), low + apart * part)
    return with_nans(value, lines)


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    if np.ndim(q) != 0:
        raise NotImplementedError("np.percentile at several places is not supported")
    return np.quantile(a, q / 100, axis, out, overwrite_input, method, keepdims)


DEFINITIONS = {"numpy.ptp": range_of, "numpy.average": average, "numpy.median": median, "numpy.quantile": quantile,
               "numpy.percentile": percentile}
