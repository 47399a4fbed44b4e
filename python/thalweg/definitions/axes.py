"""Axes in another order, as views; elements rolled along axes."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import along, flattened, is_inexact


def as_tuple(items):
    return tuple(items) if isinstance(items, (tuple, list)) else (items,)


def normalized(axes, ndim):
    places = ()
    for each in axes:
        place = normalize_axis_index(each, ndim)
        if place in places:
            raise ValueError("repeated axis in argument")
        places = places + (place,)
    return places


def move_axis(a, source, destination):
    starts = normalized(as_tuple(source), a.ndim)
    ends = normalized(as_tuple(destination), a.ndim)
    if len(starts) != len(ends):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    others = ()
    for place, _ in enumerate(a.shape):
        if place not in starts:
            others = others + (place,)
    order = ()
    for place, _ in enumerate(a.shape):
        if place in ends:
            for start, end in zip(starts, ends):
                if end == place:
                    order = order + (start,)
        else:
            order = order + (others[0],)
            others = others[1:]
    return np.transpose(a, order)


def roll_axis(a, axis, start=0):
    place = normalize_axis_index(axis, a.ndim)
    end = normalize_axis_index(start, a.ndim) if start < 0 else normalize_axis_index(start, a.ndim + 1)
    return move_axis(a, place, end - 1 if place < end else end)


def roll_over(out, a, shifts, axes):
    """Copies a into out, each axis rolled: parts that stay together are copied together."""
    pairs = ((out, a),)
    for by, axis in zip(shifts, axes):
        n = a.shape[axis]
        split = ()
        for into, of in pairs:
            split = split + ((along(into, axis, by, n), along(of, axis, 0, n - by)),
                             (along(into, axis, 0, by), along(of, axis, n - by, n)))
        pairs = split
    for into, of in pairs:
        into[...] = of


def roll(a, shift, axis=None):
    shifts = as_tuple(shift)
    given = (0,) if axis is None else as_tuple(axis)
    if not isinstance(shift, (tuple, list)) and np.ndim(shift) != 0 or len(given) > 4:
        raise NotImplementedError("np.roll by shifts in an array, or along more than 4 axes, is not supported")
    for by in shifts:
        if is_inexact(np.result_type(by)):
            raise NotImplementedError("np.roll by a float, which NumPy cuts to an integer, is not supported")
    shifts = shifts * len(given) if len(shifts) == 1 else shifts
    given = given * len(shifts) if len(given) == 1 else given
    if len(shifts) != len(given):
        raise ValueError("shape mismatch: objects cannot be broadcast to a single shape")
    of = flattened(a) if axis is None else a
    for one in given:
        normalize_axis_index(one, of.ndim)
    out = np.empty(a.shape, a.dtype)
    into = np.ravel(out) if axis is None else out
    by, axes = (), ()
    for d, n in enumerate(of.shape):
        total = 0
        found = False
        for each, one in zip(shifts, given):
            if normalize_axis_index(one, of.ndim) == d:
                total = total + each
                found = True
        if found:
            by, axes = by + (total % max(n, 1),), axes + (d,)
    roll_over(into, of, by, axes)
    return out


DEFINITIONS = {"numpy.moveaxis": move_axis, "numpy.rollaxis": roll_axis, "numpy.roll": roll}
