"""The same elements in another arrangement: turned, tiled, put behind one another; views where NumPy gives views."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index


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


def at_least_1d(a):
    return np.reshape(a, (1,)) if np.ndim(a) == 0 else a


def at_least_2d(a):
    if np.ndim(a) == 0:
        return np.reshape(a, (1, 1))
    return a[None, :] if a.ndim == 1 else a


def tile(A, reps):
    of = np.full((1,), A) if np.ndim(A) == 0 else A
    if not isinstance(reps, (tuple, list)) and np.ndim(reps) != 0:
        raise NotImplementedError("np.tile with an array of repetitions is not supported")
    times = tuple(reps) if isinstance(reps, (tuple, list)) else (reps,)
    if len(times) == 0 and np.ndim(A) == 0:
        return np.reshape(np.full((1,), A), ())
    times = (1,) * (of.ndim - len(times)) + times
    shape = (1,) * (len(times) - of.ndim) + of.shape
    spread = ()
    source = ()
    full = ()
    for place, n in enumerate(shape):
        spread = spread + (times[place], n)
        source = source + (1, n)
        full = full + (times[place] * n,)
    out = np.empty(spread, of.dtype)
    out[...] = np.reshape(of, source)
    return np.reshape(out, full)


def append(arr, values, axis=None):
    if axis is None:
        return np.concatenate((np.ravel(arr), np.ravel(values)))
    return np.concatenate((arr, values), axis=axis)


def column_stack(tup):
    columns = ()
    for given in tup:
        each = np.array(given) if isinstance(given, (tuple, list)) else given
        columns = columns + (np.reshape(each, (np.size(each), 1)) if np.ndim(each) < 2 else each,)
    return np.concatenate(columns, axis=1)


DEFINITIONS = {"numpy.rot90": quarter_turns, "numpy.atleast_1d.one": at_least_1d,
               "numpy.atleast_2d.one": at_least_2d,
               "numpy.tile": tile, "numpy.append": append, "numpy.column_stack": column_stack}
