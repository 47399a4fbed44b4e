"""Sorting by merging, which keeps the order of equals, NaNs last; searching in what is sorted."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand, flattened, is_complex, is_float


def before(left, right):
    """Whether an element comes before another in sorted order."""
    if is_float(left.dtype):
        return np.logical_or(left < right, np.logical_and(right != right, left == left))
    return left < right


def sort_line(x, spare):
    """Sorts one dimension; spare is as long."""
    n = x.shape[0]
    width = 1
    while width < n:
        for lo in range(0, n, 2 * width):
            mid = min(lo + width, n)
            hi = min(lo + 2 * width, n)
            i = lo
            j = mid
            for k in range(lo, hi):
                left = x[min(i, n - 1)]
                right = x[min(j, n - 1)]
                if j < hi and (i >= mid or before(right, left)):
                    spare[k] = right
                    j += 1
                else:
                    spare[k] = left
                    i += 1
        x[:] = spare
        width = 2 * width


def order_line(x, order, spare, spare_order):
    """Sorts one dimension and puts into order where each element stood."""
    n = x.shape[0]
    order[:] = np.arange(n)
    width = 1
    while width < n:
        for lo in range(0, n, 2 * width):
            mid = min(lo + width, n)
            hi = min(lo + 2 * width, n)
            i = lo
            j = mid
            for k in range(lo, hi):
                left = x[min(i, n - 1)]
                right = x[min(j, n - 1)]
                if j < hi and (i >= mid or before(right, left)):
                    spare[k] = right
                    spare_order[k] = order[j]
                    j += 1
                else:
                    spare[k] = left
                    spare_order[k] = order[i]
                    i += 1
        x[:] = spare
        order[:] = spare_order
        width = 2 * width


def sort(a, axis=-1, kind=None, order=None, stable=None):
    if order is not None or is_complex(a.dtype) or a.ndim > 3:
        raise NotImplementedError("np.sort of complex numbers, or of more than 3 dimensions, is not supported")
    out = np.copy(flattened(a) if axis is None else a)
    lines = np.swapaxes(out, 0 if axis is None else normalize_axis_index(axis, a.ndim), -1)
    spare = np.empty(lines.shape[-1], a.dtype)
    if out.ndim == 1:
        sort_line(lines, spare)
    elif out.ndim == 2:
        for i in range(lines.shape[0]):
            sort_line(lines[i], spare)
    else:
        for i in range(lines.shape[0]):
            for j in range(lines.shape[1]):
                sort_line(lines[i, j], spare)
    return out


def order_of(a, axis=-1, kind=None, order=None, stable=None):
    if stable is None and kind != "stable" and kind != "mergesort" or stable is not None and not stable:
        raise NotImplementedError("np.argsort without kind='stable' leaves open where equal elements go")
    if order is not None or is_complex(a.dtype) or a.ndim > 2:
        raise NotImplementedError("np.argsort of complex numbers, or of more than 2 dimensions, is not supported")
    keys = np.copy(flattened(a) if axis is None else a)
    place = 0 if axis is None else normalize_axis_index(axis, a.ndim)
    places = np.empty(keys.shape, np.int64)
    lines = np.swapaxes(keys, place, -1)
    into = np.swapaxes(places, place, -1)
    spare = np.empty(lines.shape[-1], a.dtype)
    spare_order = np.empty(lines.shape[-1], np.int64)
    if keys.ndim == 1:
        order_line(lines, into, spare, spare_order)
    else:
        for i in range(lines.shape[0]):
            order_line(lines[i], into[i], spare, spare_order)
    return places


def place_left(a, value):
    """The first place in sorted a whose element is not before the value."""
    low = 0
    high = a.shape[0]
    while low < high:
        middle = low + (high - low) // 2
        if before(a[middle], value):
            low = middle + 1
        else:
            high = middle
    return low


def place_right(a, value):
    """The first place in sorted a whose element is behind the value."""
    low = 0
    high = a.shape[0]
    while low < high:
        middle = low + (high - low) // 2
        if before(value, a[middle]):
            high = middle
        else:
            low = middle + 1
    return low


def places_of(a, v, side="left", sorter=None):
    if sorter is not None or np.ndim(a) != 1 or np.iscomplexobj(a) or np.iscomplexobj(v):
        raise NotImplementedError("np.searchsorted with a sorter, or of complex numbers, is not supported")
    if side != "left" and side != "right":
        raise NotImplementedError("np.searchsorted with this side is an error in NumPy")
    kind = np.result_type(a, np.multiply(v, 1)) if np.ndim(v) == 0 else np.result_type(a, v)
    x = a.astype(kind)
    if np.ndim(v) == 0:
        value = np.multiply(v, 1).astype(kind)
        return np.int64(place_left(x, value) if side == "left" else place_right(x, value))
    values = flattened(v).astype(kind)
    places = np.empty(values.shape[0], np.int64)
    for k in range(values.shape[0]):
        places[k] = place_left(x, values[k]) if side == "left" else place_right(x, values[k])
    return np.reshape(places, v.shape)


def bins_of(x, bins, right=False):
    if np.iscomplexobj(x) or np.ndim(bins) != 1:
        raise NotImplementedError("np.digitize of complex numbers or without bins in 1 dimension is an error in NumPy")
    rising = bool(np.all(bins[1:] >= bins[:-1]))
    falling = bool(np.all(bins[1:] <= bins[:-1]))
    demand(rising or falling)
    side = "left" if right else "right"
    up = np.searchsorted(bins, x, side=side)
    down = bins.shape[0] - np.searchsorted(bins[::-1], x, side=side)
    return np.where(rising, up, down)


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None):
    if return_index or return_inverse or return_counts or axis is not None:
        raise NotImplementedError("np.unique gives only the values here")
    ordered = np.sort(ar, None)
    new = np.ones(ordered.shape[0], np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    if is_float(ordered.dtype):
        new[1:] = np.logical_and(new[1:], np.logical_not(np.isnan(ordered[:-1])))  # one NaN is kept
    return ordered[new]


DEFINITIONS = {"numpy.sort": sort, "numpy.argsort": order_of, "numpy.searchsorted": places_of,
               "numpy.digitize": bins_of, "numpy.unique": unique}
