"""Functions of a program applied along axes: to every line in turn, or axis by axis."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand
from thalweg.definitions.parts import places as places_of
from thalweg.definitions.taking import as_array


def line(lines, k):
    """Line k, in C order of the other dimensions, as a view."""
    if lines.ndim == 2:
        return lines[k]
    if lines.ndim == 3:
        return lines[k // lines.shape[1], k % lines.shape[1]]
    return lines[k // (lines.shape[1] * lines.shape[2]), k // lines.shape[2] % lines.shape[1], k % lines.shape[2]]


def store(into, lead, k, value):
    if len(lead) == 1:
        into[k] = value
    elif len(lead) == 2:
        into[k // lead[1], k % lead[1]] = value
    else:
        into[k // (lead[1] * lead[2]), k // lead[2] % lead[1], k % lead[2]] = value


def along_axis(func1d, axis, arr, first_argument=None, second_argument=None):
    args = (first_argument, second_argument)[:(first_argument is not None) + (second_argument is not None)]
    place = normalize_axis_index(axis, arr.ndim)
    if arr.ndim > 4:
        raise NotImplementedError("np.apply_along_axis of more than 4 dimensions is not supported")
    if arr.ndim == 1:
        only = as_array(func1d(arr, *args))
        return np.reshape(np.full((1,), only), ()) if np.ndim(only) == 0 else np.array(only)
    lines = np.moveaxis(arr, place, -1)
    lead = lines.shape[:-1]
    count = places_of(lead)
    demand(count > 0)
    first = as_array(func1d(line(lines, 0), *args))
    found = np.empty(lead + np.shape(first), np.result_type(first))
    store(found, lead, 0, first)
    for k in range(1, count):
        store(found, lead, k, as_array(func1d(line(lines, k), *args)))
    order = ()
    for d, _ in enumerate(lead):
        order = order + (d,)
    inner = ()
    for d, _ in enumerate(np.shape(first)):
        inner = inner + (len(lead) + d,)
    return np.transpose(found, order[:place] + inner + order[place:])


def over_axes(func, a, axes):
    found = a
    for axis in axes if isinstance(axes, (tuple, list)) else (axes,):
        place = normalize_axis_index(axis, a.ndim)
        result = func(found, place)
        if np.ndim(result) == found.ndim:
            found = result
        elif np.ndim(result) == found.ndim - 1:
            found = np.full((1,), result) if np.ndim(result) == 0 else np.expand_dims(result, place)
        else:
            raise ValueError("function is not returning an array of the correct shape")
    return found


DEFINITIONS = {"numpy.apply_along_axis": along_axis, "numpy.apply_over_axes": over_axes}
