"""Methods `accumulate` and `reduceat` of ufuncs: the results so far along an axis, and those of its parts."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.ufunc_parts import (
    demand_array, demand_binary, demand_one_order, in_type, loop_type, put, step_type)


def only_axis(axis, ndim):
    if axis is None and ndim != 1 or isinstance(axis, tuple) and len(axis) != 1:
        raise ValueError("this method does not allow multiple axes")
    return normalize_axis_index(axis[0] if isinstance(axis, tuple) else 0 if axis is None else axis, ndim)


def accumulate(ufunc, array, axis=0, dtype=None, out=None):
    demand_binary(ufunc)
    demand_array(array)
    place = only_axis(axis, array.ndim)
    kind = loop_type(ufunc, array, dtype)
    if ufunc.__name__ == "add":
        return put(out, np.cumsum(array, axis=place, dtype=kind))
    if ufunc.__name__ == "multiply":
        return put(out, np.cumprod(array, axis=place, dtype=kind))
    total = np.copy(in_type(array, kind))
    if total.ndim == 1:
        for k in range(1, total.shape[0]):
            total[k] = ufunc(total[k - 1], total[k])
    else:
        rows = np.swapaxes(total, 0, place)
        for k in range(1, rows.shape[0]):
            rows[k] = ufunc(rows[k - 1], rows[k])
    return put(out, total)


def bounds_in(indices, n):
    """Where the parts begin."""
    begins = np.array(indices) if isinstance(indices, (tuple, list)) else indices
    if np.ndim(begins) != 1:
        raise NotImplementedError("indices of reduceat must be a line of integers")
    if isinstance(indices, (tuple, list)) and len(indices) == 0:
        return np.empty(0, np.int64)
    if begins.dtype == np.uint64:
        raise TypeError("Cannot cast array data from dtype('uint64') to dtype('int64') according to the rule 'safe'")
    if np.result_type(begins, np.empty(0, np.int64)) != np.int64:
        raise NotImplementedError("indices of reduceat must be a line of integers")
    places = begins.astype(np.int64)
    for i in range(places.shape[0]):
        if places[i] < 0 or places[i] >= n:
            raise IndexError("index out-of-bounds in reduceat")
    return places


def reduceat(ufunc, array, indices, axis=0, dtype=None, out=None):
    demand_binary(ufunc)
    demand_array(array)
    place = only_axis(axis, array.ndim)
    kind = loop_type(ufunc, array, dtype)
    demand_one_order(ufunc, kind)
    x = in_type(in_type(array, kind), step_type(ufunc, kind))
    begins = bounds_in(indices, x.shape[place])
    count = begins.shape[0]
    shape = ()
    for d, n in enumerate(x.shape):
        shape = shape + (count if d == place else n,)
    total = np.empty(shape, x.dtype)
    n = x.shape[place]
    if x.ndim == 1:
        for i in range(count):
            end = begins[i + 1] if i + 1 < count else n
            found = x[begins[i]]
            for k in range(begins[i] + 1, end):
                found = ufunc(found, x[k])
            total[i] = found
    else:
        rows = np.swapaxes(x, 0, place)
        into = np.swapaxes(total, 0, place)
        for i in range(count):
            end = begins[i + 1] if i + 1 < count else n
            into[i] = rows[begins[i]]
            for k in range(begins[i] + 1, end):
                into[i] = ufunc(into[i], rows[k])
    return put(out, in_type(total, kind))


DEFINITIONS = {"numpy.ufunc.accumulate": accumulate, "numpy.ufunc.reduceat": reduceat}
