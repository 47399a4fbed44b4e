"""Elements in other places: flips, triangles, repetitions."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.order_statistics import axes_of
from thalweg.definitions.parts import demand, diagonal_number, flattened, is_inexact


def flip(m, axis=None):
    if np.ndim(m) == 0 and axis is None:
        return np.full((1,), m)[0]
    axes = axes_of(axis, m.ndim)
    index = ()
    for d, _ in enumerate(m.shape):
        index = index + (slice(None, None, -1) if d in axes else slice(None),)
    return m[index]


def flipud(m):
    return m[::-1]


def fliplr(m):
    if m.ndim < 2:
        raise NotImplementedError("np.fliplr of fewer than 2 dimensions is an error in NumPy")
    return m[:, ::-1]


def upper(m, k=0):
    if m.ndim < 2:
        raise NotImplementedError("np.triu of fewer than 2 dimensions is not supported")
    number = diagonal_number(k, m.shape[-1] + 1)
    return np.where(np.arange(m.shape[-2])[:, None] <= np.arange(m.shape[-1]) - number, m, np.zeros(1, m.dtype))


def lower(m, k=0):
    if m.ndim < 2:
        raise NotImplementedError("np.tril of fewer than 2 dimensions is not supported")
    number = diagonal_number(k, m.shape[-1])
    return np.where(np.arange(m.shape[-2])[:, None] >= np.arange(m.shape[-1]) - number, m, np.zeros(1, m.dtype))


def repeat(a, repeats, axis=None):
    of = flattened(a) if axis is None or np.ndim(a) == 0 else a
    place = 0 if axis is None else normalize_axis_index(axis, of.ndim)
    n = of.shape[place]
    lead, rest = of.shape[:place], of.shape[place + 1:]
    if isinstance(repeats, (tuple, list)) or np.ndim(repeats) != 0:
        return repeat_each(of, np.array(repeats) if isinstance(repeats, (tuple, list)) else repeats, place)
    times = repeats if n > 0 else max(repeats, 0)  # of nothing any number is taken
    each = np.broadcast_to(np.reshape(of, lead + (n, 1) + rest), lead + (n, times) + rest)
    return np.reshape(each.copy(), lead + (n * times,) + rest)


def repeat_each(a, counts, axis):
    """Every element, or slice, its own number of times."""
    if is_inexact(counts.dtype) or counts.dtype == np.uint64:
        raise TypeError("Cannot cast array data to dtype('int64') according to the rule 'safe'")
    if counts.ndim != 1:
        raise ValueError("the counts must have one dimension")
    n = a.shape[axis]
    last = counts.shape[0] - 1
    demand(last == 0 or last + 1 == n)
    total = 0
    for k in range(n):
        if counts[min(k, last)] < 0:
            raise ValueError("repeats may not contain negative values.")
        total += int(counts[min(k, last)])
    out = np.empty(a.shape[:axis] + (total,) + a.shape[axis + 1:], a.dtype)
    into, of = np.swapaxes(out, axis, -1), np.swapaxes(a, axis, -1)
    at = 0
    for k in range(n):
        for _ in range(int(counts[min(k, last)])):
            into[..., at] = of[..., k]
            at += 1
    return out


def trace(a, offset=0, axis1=0, axis2=1, dtype=None):
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype)


DEFINITIONS = {"numpy.flip": flip, "numpy.flipud": flipud, "numpy.fliplr": fliplr, "numpy.triu": upper,
               "numpy.tril": lower, "numpy.repeat": repeat, "numpy.trace": trace}
