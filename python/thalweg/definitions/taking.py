"""Elements taken at places along an axis, and chosen among arrays."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand, flattened, is_inexact
from thalweg.definitions.parts import places as places_of


def taken(a, places, axis, mode="raise"):
    """The elements at places, in one dimension, along an axis: a new array in C order.

    Places out of bounds are no error where no line is there to take from.
    """
    out = np.empty(a.shape[:axis] + places.shape + a.shape[axis + 1:], a.dtype)
    if (mode == "raise" and places_of(a.shape[:axis]) > 0) or out.size > 0:
        np.swapaxes(out, axis, -1)[...] = np.swapaxes(a, axis, -1)[..., places]
    return out


def as_array(items):
    return np.array(items) if isinstance(items, (tuple, list)) else items


def within(indices, n, mode):
    """Places that lie in 0 to n, as the mode says; what is no place yet is found by the access itself."""
    if mode == "wrap":
        return indices % max(n, 1)
    if mode == "clip":
        return np.minimum(np.maximum(indices, 0), max(n - 1, 0))
    if mode != "raise":
        raise ValueError("clipmode must be one of 'clip', 'raise', or 'wrap'")
    return indices


def as_places(indices):
    """As the integers that NumPy indexes with: bool as 0 and 1."""
    if is_inexact(np.result_type(indices)) and np.isscalar(indices):
        raise NotImplementedError("a float as an index is cut to an integer by NumPy, which is not supported")
    if is_inexact(np.result_type(indices)):
        raise TypeError("Cannot cast array data to dtype('int64') according to the rule 'same_kind'")
    return np.int64(indices) if np.ndim(indices) == 0 else indices.astype(np.int64)


def take(a, indices, axis=None, out=None, mode="raise"):
    x = np.ravel(a) if axis is None or np.ndim(a) == 0 else a
    place = 0 if axis is None else normalize_axis_index(axis, x.ndim)
    lead, rest = x.shape[:place], x.shape[place + 1:]
    if isinstance(indices, (tuple, list)) and len(indices) == 0:
        found = np.empty(lead + (0,) + rest, x.dtype)
    elif np.ndim(as_array(indices)) == 0:
        at = within(as_places(indices), x.shape[place], mode)
        found = x[at] if x.ndim == 1 else np.reshape(taken(x, np.full((1,), at), place, mode), lead + rest)
    elif isinstance(indices, (tuple, list)) and is_inexact(np.result_type(as_array(indices))):
        raise NotImplementedError("floats as indices are cut to integers by NumPy, which is not supported")
    else:
        places = as_places(as_array(indices))
        line = within(np.ravel(places), x.shape[place], mode)
        found = np.reshape(taken(x, line, place, mode), lead + places.shape + rest)
    if out is None:
        return found
    if out.dtype != x.dtype or out.ndim != np.ndim(found):
        raise NotImplementedError("np.take into an array of another type or rank is not supported")
    for extent, other in zip(out.shape, found.shape):
        demand(extent == other)
    out[...] = found
    return out


def places_beside(arr, indices, axis):
    """The index that has `indices` along an axis and every place along the others."""
    if indices.ndim != arr.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    if is_inexact(indices.dtype) or indices.dtype == np.bool_:
        raise IndexError("`indices` must be an integer array")
    index = ()
    for d, n in enumerate(arr.shape):
        line = np.reshape(np.arange(n), (1,) * d + (n,) + (1,) * (arr.ndim - 1 - d))
        index = index + (indices if d == axis else line,)
    return index


def take_along_axis(arr, indices, axis=-1):
    x = np.ravel(arr) if axis is None else arr
    return x[places_beside(x, indices, 0 if axis is None else normalize_axis_index(axis, x.ndim))]


def put_along_axis(arr, indices, values, axis):
    if axis is None and arr.ndim != 1:
        raise NotImplementedError("np.put_along_axis with axis=None of several dimensions is not supported")
    arr[places_beside(arr, indices, 0 if axis is None else normalize_axis_index(axis, arr.ndim))] = values


def compress(condition, a, axis=None, out=None):
    chosen = as_array(condition)
    if out is not None:
        raise NotImplementedError("np.compress with out is not supported")
    if np.ndim(chosen) != 1:
        raise ValueError("condition must be a 1-d array")
    x = np.ravel(a) if axis is None else a
    return taken(x, np.flatnonzero(chosen), 0 if axis is None else normalize_axis_index(axis, x.ndim))


def extract(condition, arr):
    return flattened(arr)[np.flatnonzero(condition)]


def choose(a, choices, out=None, mode="raise"):
    given = as_array(a)
    kind = np.result_type(given)
    if out is not None or not isinstance(choices, (tuple, list)):
        raise NotImplementedError("np.choose with out, or among the rows of an array, is not supported")
    if is_inexact(kind) or kind == np.uint64:
        raise TypeError("Cannot cast array data to dtype('int64') according to the rule 'safe'")
    n = len(choices)
    options = tuple([as_array(each) for each in choices])
    which = within(as_places(given), n, mode)
    if mode == "raise":
        demand(bool(np.all(np.logical_and(which >= 0, which < n))))
    common = np.result_type(*options)
    found = np.where(which == n - 1, options[n - 1], options[n - 1]).astype(common)
    for k, each in enumerate(options[:-1]):
        found = np.where(which == k, each, found)
    return found


DEFINITIONS = {"numpy.take": take, "numpy.take_along_axis": take_along_axis,
               "numpy.put_along_axis": put_along_axis, "numpy.compress": compress, "numpy.extract": extract,
               "numpy.choose": choose}
