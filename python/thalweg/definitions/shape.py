"""Elements in other places: flips, triangles, repetitions."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import flattened


def flip(m, axis=None):
    if m.ndim > 3 or isinstance(axis, tuple):
        raise NotImplementedError("np.flip over several axes, or of more than 3 dimensions, is not supported")
    if axis is None:
        if m.ndim == 1:
            return m[::-1]
        return m[::-1, ::-1] if m.ndim == 2 else m[::-1, ::-1, ::-1]
    place = normalize_axis_index(axis, m.ndim)
    if place == 0:
        return m[::-1]
    if place == 1:
        return m[:, ::-1]
    return m[:, :, ::-1]


def flipud(m):
    return m[::-1]


def fliplr(m):
    if m.ndim < 2:
        raise NotImplementedError("np.fliplr of fewer than 2 dimensions is an error in NumPy")
    return m[:, ::-1]


def upper(m, k=0):
    if m.ndim < 2:
        raise NotImplementedError("np.triu of fewer than 2 dimensions is not supported")
    return np.where(np.arange(m.shape[-2])[:, None] <= np.arange(m.shape[-1]) - k, m, np.zeros(1, m.dtype))


def lower(m, k=0):
    if m.ndim < 2:
        raise NotImplementedError("np.tril of fewer than 2 dimensions is not supported")
    return np.where(np.arange(m.shape[-2])[:, None] >= np.arange(m.shape[-1]) - k, m, np.zeros(1, m.dtype))


def repeat(a, repeats, axis=None):
    if np.ndim(repeats) != 0:
        raise NotImplementedError("np.repeat with an array of counts is not supported")
    place = 0 if axis is None else normalize_axis_index(axis, a.ndim)
    extent = a.size if axis is None else a.shape[place]
    repeats = repeats if extent > 0 else max(repeats, 0)  # of nothing any number is taken
    if axis is None or a.ndim == 1:
        flat = flattened(a)
        out = np.empty((flat.shape[0], repeats), dtype=a.dtype)
        out[:] = flat[:, None]
        return np.ravel(out)
    if a.ndim == 2:
        if place == 0:
            out = np.empty((a.shape[0], repeats, a.shape[1]), dtype=a.dtype)
            out[:] = a[:, None, :]
            return np.reshape(out, (a.shape[0] * repeats, a.shape[1]))
        out = np.empty((a.shape[0], a.shape[1], repeats), dtype=a.dtype)
        out[:] = a[:, :, None]
        return np.reshape(out, (a.shape[0], a.shape[1] * repeats))
    if a.ndim == 3:
        if place == 0:
            out = np.empty((a.shape[0], repeats, a.shape[1], a.shape[2]), dtype=a.dtype)
            out[:] = a[:, None]
            return np.reshape(out, (a.shape[0] * repeats, a.shape[1], a.shape[2]))
        if place == 1:
            out = np.empty((a.shape[0], a.shape[1], repeats, a.shape[2]), dtype=a.dtype)
            out[:] = a[:, :, None, :]
            return np.reshape(out, (a.shape[0], a.shape[1] * repeats, a.shape[2]))
        out = np.empty((a.shape[0], a.shape[1], a.shape[2], repeats), dtype=a.dtype)
        out[:] = a[:, :, :, None]
        return np.reshape(out, (a.shape[0], a.shape[1], a.shape[2] * repeats))
    raise NotImplementedError("np.repeat of more than 3 dimensions is not supported")


def trace(a, offset=0):
    if a.ndim != 2 or offset != 0:
        raise NotImplementedError("np.trace with an offset, or of more than 2 dimensions, is not supported")
    n = min(a.shape[0], a.shape[1])
    diagonal = np.empty(n, dtype=a.dtype)
    for i in range(n):
        diagonal[i] = a[i, i]
    return np.sum(diagonal)


DEFINITIONS = {"numpy.flip": flip, "numpy.flipud": flipud, "numpy.fliplr": fliplr, "numpy.triu": upper,
               "numpy.tril": lower, "numpy.repeat": repeat, "numpy.trace": trace}
