"""Tuples of index arrays: open grids, places of the flat array and back."""

import numpy as np

from thalweg.definitions.parts import demand, is_inexact
from thalweg.definitions.parts import places as places_of
from thalweg.definitions.taking import as_array


def open_grid(first, second=None, third=None, fourth=None):
    given = (first,)
    for each in (second, third, fourth):
        if each is not None:
            given = given + (each,)
    grids = ()
    for k, each in enumerate(given):
        if isinstance(each, (tuple, list)) and len(each) == 0:
            line = np.empty(0, np.int64)
        else:
            line = as_array(each)
        if np.ndim(line) != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if line.dtype == np.bool_:
            line = np.flatnonzero(line)
        grids = grids + (np.reshape(line, (1,) * k + line.shape + (1,) * (len(given) - 1 - k)),)
    return grids


def integers(index):
    """The index as integers of 64 bits."""
    if is_inexact(np.result_type(index)):
        raise TypeError("only int indices permitted")
    return np.int64(index) if np.ndim(index) == 0 else index.astype(np.int64)


def extents(dims):
    return tuple(dims) if isinstance(dims, (tuple, list)) else (dims,)


def ordered(dims, order):
    """The dimensions, each with its number, the one that changes slowest first."""
    if order != "C" and order != "F":
        raise ValueError("order must be either 'C' or 'F'")
    numbered = ()
    for d, n in enumerate(dims):
        numbered = numbered + ((d, n),) if order == "C" else ((d, n),) + numbered
    return numbered


def to_flat(multi_index, dims, mode="raise", order="C"):
    order = "C" if order is None else order
    shape = extents(dims)
    if not isinstance(multi_index, (tuple, list)):
        demand(np.shape(multi_index)[0] == len(shape))
    elif len(multi_index) != len(shape):
        raise ValueError("parameter multi_index must be a sequence of the length of dims")
    modes = mode if isinstance(mode, tuple) else (mode,) * len(shape)
    flat = np.int64(0)
    for d, n in ordered(shape, order):
        at = integers(as_array(multi_index[d]))
        if modes[d] == "wrap":
            at = at % max(n, 1)
        elif modes[d] == "clip":
            at = np.minimum(np.maximum(at, 0), n - 1)
        elif modes[d] == "raise":
            demand(bool(np.all(np.logical_and(at >= 0, at < n))))
        else:
            raise ValueError("clipmode must be one of 'clip', 'raise', or 'wrap'")
        flat = flat * n + at
    return flat


def from_flat(indices, shape, order="C"):
    order = "C" if order is None else order
    sizes = extents(shape)
    rest = integers(as_array(indices))
    demand(bool(np.all(np.logical_and(rest >= 0, rest < places_of(sizes)))))
    by_place = ()
    for d, n in ordered(sizes, "F" if order == "C" else "C" if order == "F" else order):
        at = rest % max(n, 1)
        rest = rest // max(n, 1)
        by_place = (at,) + by_place if order == "C" else by_place + (at,)
    return by_place


DEFINITIONS = {"numpy.ix_": open_grid, "numpy.ravel_multi_index": to_flat, "numpy.unravel_index": from_flat}
