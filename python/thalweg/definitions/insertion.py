"""Elements taken out of an array and put into it at places along an axis; another size; zeros at the ends left out."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.order_statistics import axes_of
from thalweg.definitions.parts import along, demand, flattened, is_inexact, widened
from thalweg.definitions.taking import taken


def is_several(obj):
    return isinstance(obj, (tuple, list)) or np.ndim(obj) != 0


def place_in(index, n):
    """A place from 0 to n, which counts from the end where it is negative."""
    at = index + n if index < 0 else index
    if at < 0 or at > n:
        raise IndexError("index is out of bounds for axis")
    return at


def masked_places(mask, n):
    if mask.ndim != 1:
        raise ValueError("boolean array argument obj must be one dimensional")
    return np.flatnonzero(mask)


def places_of(part, n):
    """The places that a slice names."""
    return np.arange(n)[part]


def delete(arr, obj, axis=None):
    a = flattened(arr) if axis is None else arr
    place = 0 if axis is None else normalize_axis_index(axis, a.ndim)
    n = a.shape[place]
    if isinstance(obj, slice):
        left = np.ones(n, np.bool_)
        left[obj] = False
        return taken(a, np.flatnonzero(left), place)
    if not is_several(obj):
        if np.result_type(obj) == np.bool_:
            raise ValueError("boolean array argument obj to delete must be one dimensional and match the axis length")
        at = place_in(obj, n)
        if at == n:
            raise IndexError("index is out of bounds for axis")
        return np.concatenate((along(a, place, 0, at), along(a, place, at + 1, n)), axis=place)
    if isinstance(obj, (tuple, list)) and len(obj) == 0:
        return np.copy(a)
    places = np.array(obj) if isinstance(obj, (tuple, list)) else obj
    kept = np.ones(n, np.bool_)
    if places.dtype == np.bool_:
        demand(places.ndim == 1 and places.shape[0] == n)
        kept = np.logical_not(places)
    elif is_inexact(places.dtype):
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    else:
        kept[flattened(places)] = False
    return taken(a, np.flatnonzero(kept), place)


def insert_slab(a, at, values, axis):
    """All of the values at one place."""
    n = a.shape[axis]
    count = values.shape[axis]
    out = np.empty(a.shape[:axis] + (n + count,) + a.shape[axis + 1:], a.dtype)
    along(out, axis, 0, at)[...] = along(a, axis, 0, at)
    along(out, axis, at, at + count)[...] = values
    along(out, axis, at + count, n + count)[...] = along(a, axis, at, n)
    return out


def sources(indices, n, count):
    """For each place of the result which of the values comes there, -1 where one of the n old elements does."""
    last = indices.shape[0] - 1
    before = np.zeros(n + 2, np.int64)
    for k in range(count):
        before[place_in(int(indices[min(k, last)]), n) + 1] += 1
    for i in range(n + 1):
        before[i + 1] += before[i]
    source = np.full(n + count, -1)
    for k in range(count):
        at = place_in(int(indices[min(k, last)]), n)
        source[at + before[at]] = k
        before[at] += 1
    return source


def insert_each(a, indices, values, axis):
    """Each value at its own place, in the order given where places are equal; of one place all values."""
    n = a.shape[axis]
    m = values.shape[axis]
    count = m if indices.shape[0] == 1 else indices.shape[0]
    demand(m == count or m == 1)
    source = sources(indices, n, count)
    out = np.empty(a.shape[:axis] + (n + count,) + a.shape[axis + 1:], a.dtype)
    into, of, new = np.swapaxes(out, axis, -1), np.swapaxes(a, axis, -1), np.swapaxes(values, axis, -1)
    old = 0
    for k in range(n + count):
        if source[k] < 0:
            into[..., k] = of[..., old]
            old += 1
        else:
            into[..., k] = new[..., min(int(source[k]), m - 1)]
    return out


def insert(arr, obj, values, axis=None):
    a = flattened(arr) if axis is None else arr
    place = 0 if axis is None else normalize_axis_index(axis, a.ndim)
    given = np.array(values, a.dtype)
    if np.ndim(given) > a.ndim:
        raise NotImplementedError("np.insert of values of more dimensions than the array is not supported")
    new = np.reshape(given, (1,) * a.ndim) if given.ndim == 0 else widened(given, a.ndim)
    n = a.shape[place]
    if isinstance(obj, slice):
        return insert_each(a, places_of(obj, n), new, place)
    if not is_several(obj):
        if np.result_type(obj) == np.bool_:
            raise NotImplementedError("np.insert at a bool is an error in NumPy")
        return insert_slab(a, place_in(obj, n), np.moveaxis(new, 0, place), place)
    if isinstance(obj, (tuple, list)) and len(obj) == 0:
        return np.copy(a)
    places = np.array(obj) if isinstance(obj, (tuple, list)) else obj
    if places.ndim != 1:
        raise ValueError("index array argument obj to insert must be one dimensional or scalar")
    if is_inexact(places.dtype):
        if places.shape[0] == 1:
            raise TypeError("slice indices must be integers")
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    return insert_each(a, np.flatnonzero(places) if places.dtype == np.bool_ else places, new, place)


def resize(a, new_shape):
    """The elements again and again, in order, until the new shape is full; of no elements zeros."""
    of = np.ravel(a)
    if isinstance(new_shape, np.ndarray):
        raise NotImplementedError("a shape in an array is not supported: write a tuple of extents")
    shape = tuple(new_shape) if isinstance(new_shape, (tuple, list)) else (new_shape,)
    if len(shape) == 0:
        raise NotImplementedError("np.resize to 0 dimensions is not supported")
    out = np.empty(shape, of.dtype)
    into = np.ravel(out)
    n = of.shape[0]
    total = into.shape[0]
    if n == 0:
        into[:] = 0
    else:
        for begin in range(0, total, max(n, 1)):
            end = min(begin + n, total)
            into[begin:end] = of[:end - begin]
    return out


def trim_box(filt, front, back, axes):
    """Along each of the axes, what is nothing but zeros at the ends; nothing is left where all are zero."""
    begins, ends = (), ()
    for d, n in enumerate(filt.shape):
        others = ()
        for other, _ in enumerate(filt.shape):
            if other != d:
                others = others + (other,)
        used = np.any(filt != 0, axis=others)
        first, end = 0, n
        while first < n and not used[first]:
            first += 1
        while end > first and not used[end - 1]:
            end -= 1
        empty = first == n
        begins = begins + (0 if empty or not front else first,)
        ends = ends + (0 if empty else end if back else n,)
    index = ()
    for d, _ in enumerate(filt.shape):
        index = index + (slice(begins[d], ends[d]) if d in axes else slice(None),)
    return filt[index]


def trim_zeros(filt, trim="fb", axis=None):
    if isinstance(filt, (tuple, list)):
        raise NotImplementedError("np.trim_zeros of a list is a list, which is not supported: give an array")
    if filt.ndim == 0:
        raise NotImplementedError("np.trim_zeros of no dimensions is not supported")
    if trim != "fb" and trim != "bf" and trim != "f" and trim != "b" and trim != "FB" and trim != "F" and trim != "B":
        raise ValueError("unexpected character(s) in `trim`")
    front = trim != "b" and trim != "B"
    back = trim != "f" and trim != "F"
    if filt.ndim > 1:
        return trim_box(filt, front, back, axes_of(axis, filt.ndim))
    if axis is not None:
        normalize_axis_index(axis, 1)
    first = 0
    end = filt.shape[0]
    if front:
        while first < end and filt[first] == 0:
            first += 1
    if back:
        while end > first and filt[end - 1] == 0:
            end -= 1
    return filt[first:end]


DEFINITIONS = {"numpy.delete": delete, "numpy.insert": insert, "numpy.resize": resize,
               "numpy.trim_zeros": trim_zeros}
