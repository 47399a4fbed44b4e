"""Weighted means and ranges, in NumPy's steps."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand, is_complex, is_float


def range_of(a, axis=None, out=None, keepdims=False):
    if a.dtype == np.bool_:
        raise NotImplementedError("np.ptp of bool is an error in NumPy")
    if out is None:
        return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)
    np.max(a, axis=axis, out=out, keepdims=keepdims)
    return np.subtract(out, np.min(a, axis=axis, keepdims=keepdims), out=out)


def spread_weights(a, weights, axis):
    """The weights in a shape that broadcasts with a, whose lines along the axes they belong to."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    if weights.ndim == a.ndim and (axis is None or len(axes) < a.ndim):
        for extent, other in zip(weights.shape, a.shape):
            if extent != other:
                if axis is None:
                    raise TypeError("Axis must be specified when shapes of a and weights differ.")
                raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if weights.ndim != len(axes):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    places, order, shape = (), (), ()
    for each in axes:
        places = places + (normalize_axis_index(each, a.ndim),)
    for d, n in enumerate(a.shape):
        extent = 1
        for k, place in enumerate(places):
            if place == d:
                order, extent = order + (k,), n
                demand(weights.shape[k] == n)
        shape = shape + (extent,)
    return np.reshape(np.copy(np.transpose(weights, order)), shape)


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        a.size / np.size(mean)   # NumPy asks, and raises where no mean is taken
        if not returned:
            return mean
        count = np.float64(a.size / np.size(mean)).astype(mean.dtype)
        return mean, count if np.ndim(mean) == 0 else np.full(mean.shape, count)
    if is_float(a.dtype) or is_complex(a.dtype):
        kind = np.result_type(a, weights)
    else:
        kind = np.result_type(a, weights, np.float64(0))
    spread = spread_weights(a, weights, axis)
    total = np.sum(spread, axis=axis, dtype=kind, keepdims=keepdims)
    some_zero = bool(np.any(total == 0))
    1 / (0 if some_zero else 1)
    found = np.sum(a.astype(kind) * spread.astype(kind), axis=axis, keepdims=keepdims) / total
    if not returned:
        return found
    if np.ndim(found) == 0:
        return found, total
    each = np.empty(found.shape, kind)
    each[...] = total
    return found, each


DEFINITIONS = {"numpy.ptp": range_of, "numpy.average": average}
