"""The same elements in another arrangement: rolled, turned, tiled, split, axes moved; views where NumPy gives views."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import along, demand, flattened, inside


def roll(a, shift, axis=None):
    if isinstance(shift, tuple) or isinstance(axis, tuple) or np.ndim(shift) != 0:
        raise NotImplementedError("np.roll by several shifts is not supported")
    out = np.empty(a.shape, a.dtype)
    if axis is None:
        flat = flattened(a)
        into = np.ravel(out)
        by = shift % max(a.size, 1)
        into[by:] = flat[:a.size - by]
        into[:by] = flat[a.size - by:]
    else:
        place = normalize_axis_index(axis, a.ndim)
        into = np.swapaxes(out, place, -1)
        of = np.swapaxes(a, place, -1)
        n = a.shape[place]
        by = shift % max(n, 1)
        into[..., by:] = of[..., :n - by]
        into[..., :by] = of[..., n - by:]
    return out


def quarter_turns(m, k=1, axes=(0, 1)):
    if m.ndim < 2:
        raise NotImplementedError("np.rot90 of fewer than 2 dimensions is an error in NumPy")
    first = normalize_axis_index(axes[0], m.ndim)
    second = normalize_axis_index(axes[1], m.ndim)
    if first == second:
        raise NotImplementedError("np.rot90 in a plane of one axis is an error in NumPy")
    if k % 4 == 0:
        return m[:]
    if k % 4 == 2:
        return np.flip(np.flip(m, first), second)
    if k % 4 == 1:
        return np.swapaxes(np.flip(m, second), first, second)
    return np.flip(np.swapaxes(m, first, second), second)


def move_axis(a, source, destination):
    if isinstance(source, tuple) or isinstance(destination, tuple):
        raise NotImplementedError("np.moveaxis of several axes is not supported")
    start = normalize_axis_index(source, a.ndim)
    end = normalize_axis_index(destination, a.ndim)
    order = ()
    for place, _ in enumerate(a.shape):
        if place == end:
            order = order + (start,)
        elif place < min(start, end) or place > max(start, end):
            order = order + (place,)
        else:
            order = order + (place + 1 if start < end else place - 1,)
    return np.transpose(a, order)


def at_least_1d(a):
    return np.full((1,), a) if np.ndim(a) == 0 else a


def at_least_2d(a):
    if np.ndim(a) == 0:
        return np.full((1, 1), a)
    return a[None, :] if a.ndim == 1 else a


def tile(A, reps):
    times = reps if isinstance(reps, tuple) or isinstance(reps, list) else (reps,)
    if A.ndim > len(times):
        times = (1,) * (A.ndim - len(times)) + times
    shape = (1,) * (len(times) - A.ndim) + A.shape
    spread = ()
    source = ()
    full = ()
    for place, n in enumerate(shape):
        spread = spread + (times[place], n)
        source = source + (1, n)
        full = full + (times[place] * n,)
    out = np.empty(spread, A.dtype)
    out[...] = np.reshape(A, source)
    return np.reshape(out, full)


def append(arr, values, axis=None):
    if axis is None:
        return np.concatenate((np.ravel(arr), np.ravel(values)))
    return np.concatenate((arr, values), axis=axis)


def delete(arr, obj, axis=None):
    if isinstance(obj, tuple) or isinstance(obj, list) or np.ndim(obj) != 0:
        raise NotImplementedError("np.delete of several places is not supported")
    a = flattened(arr) if axis is None else arr
    place = 0 if axis is None else normalize_axis_index(axis, a.ndim)
    n = a.shape[place]
    at = inside(obj, n)
    return np.concatenate((along(a, place, 0, at), along(a, place, at + 1, n)), axis=place)


def split_into(ary, sections, axis=0):
    """np.array_split into a number of parts."""
    if isinstance(sections, tuple) or isinstance(sections, list) or np.ndim(sections) != 0:
        raise NotImplementedError("np.split at given places is not supported")
    place = normalize_axis_index(axis, ary.ndim)
    if sections <= 0:
        raise NotImplementedError("np.split into no parts is an error in NumPy")
    n = ary.shape[place]
    each = n // sections
    longer = n % sections
    parts = []
    for k, _ in enumerate((0,) * sections):
        parts = parts + [along(ary, place, k * each + min(k, longer), (k + 1) * each + min(k + 1, longer))]
    return parts


def split(ary, sections, axis=0):
    if isinstance(sections, tuple) or isinstance(sections, list) or np.ndim(sections) != 0:
        raise NotImplementedError("np.split at given places is not supported")
    demand(ary.shape[normalize_axis_index(axis, ary.ndim)] % sections == 0)
    return split_into(ary, sections, axis)


def split_rows(ary, sections):
    if ary.ndim < 2:
        raise NotImplementedError("np.vsplit of fewer than 2 dimensions is an error in NumPy")
    return split(ary, sections, 0)


def split_columns(ary, sections):
    return split(ary, sections, 1 if ary.ndim > 1 else 0)


def column_stack(tup):
    columns = ()
    for each in tup:
        columns = columns + (np.reshape(each, (each.shape[0], 1)) if each.ndim == 1 else each,)
    return np.concatenate(columns, axis=1)


DEFINITIONS = {"numpy.roll": roll, "numpy.rot90": quarter_turns, "numpy.moveaxis": move_axis,
               "numpy.atleast_1d": at_least_1d, "numpy.atleast_2d": at_least_2d, "numpy.tile": tile,
               "numpy.append": append, "numpy.delete": delete, "numpy.array_split": split_into, "numpy.split": split,
               "numpy.vsplit": split_rows, "numpy.hsplit": split_columns, "numpy.column_stack": column_stack}
