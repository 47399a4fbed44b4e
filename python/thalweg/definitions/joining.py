"""Arrays put together: along a third dimension, from nested lists of blocks; arrays given more dimensions for it."""

import numpy as np

from thalweg.definitions.parts import widened


def at_least_3d(a):
    if np.ndim(a) == 0:
        return np.reshape(a, (1, 1, 1))
    if a.ndim == 1:
        return a[None, :, None]
    return a[:, :, None] if a.ndim == 2 else a


def depth_stack(tup):
    return np.concatenate([at_least_3d(each) for each in tup], axis=2)


def nesting(arrays):
    """How deep lists are nested; ValueError where one is empty, or where not all are as deep as the first."""
    if isinstance(arrays, tuple):
        raise TypeError("arrays is a tuple. Only lists can be used to arrange blocks")
    if not isinstance(arrays, list):
        return 0
    if len(arrays) == 0:
        raise ValueError("List at arrays cannot be empty")
    if not isinstance(arrays[0], list):
        return 1
    return 2 if not isinstance(arrays[0][0], list) else 3


def most_dimensions(items):
    most = 0
    for each in items:
        if isinstance(each, list):
            raise ValueError("List depths are mismatched")
        if isinstance(each, tuple):
            raise TypeError("arrays is a tuple. Only lists can be used to arrange blocks")
        most = max(most, np.ndim(each))
    return most


def joined_row(items, ndim):
    return np.concatenate([widened(each, ndim) for each in items], axis=-1)


def items_of(arrays):
    if not isinstance(arrays, list):
        raise ValueError("List depths are mismatched")
    if len(arrays) == 0:
        raise ValueError("List at arrays cannot be empty")
    return arrays


def joined_rows(rows, ndim):
    return np.concatenate([joined_row(row, ndim) for row in rows], axis=-2)


def block(arrays):
    depth = nesting(arrays)
    if depth == 0:
        return np.reshape(np.full((1,), arrays), ()) if np.ndim(arrays) == 0 else np.array(arrays)
    if depth == 1:
        return joined_row(arrays, max(1, most_dimensions(arrays)))
    most = depth
    if depth == 2:
        for row in arrays:
            most = max(most, most_dimensions(items_of(row)))
        return joined_rows(arrays, most)
    for plane in arrays:
        for row in items_of(plane):
            most = max(most, most_dimensions(items_of(row)))
    return np.concatenate([joined_rows(plane, most) for plane in arrays], axis=-3)


DEFINITIONS = {"numpy.atleast_3d.one": at_least_3d, "numpy.dstack": depth_stack,
               "numpy.block": block}
