"""np.unique along an axis: the different slices, in the order of their elements."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import places


def order_of_rows(rows):
    """Rows in the order of their first elements, then of the second ones, and so on; equal ones stay in order."""
    if rows.shape[1] == 0:
        return np.arange(rows.shape[0])
    return np.lexsort(np.transpose(rows)[::-1])


def differ(ordered):
    """Whether each row differs from the one before it; NaN differs from NaN."""
    new = np.ones(ordered.shape[0], np.bool_)
    for k in range(1, ordered.shape[0]):
        new[k] = bool(np.any(ordered[k] != ordered[k - 1]))
    return new


def run_lengths(new):
    """How many rows follow each that is marked, itself included."""
    starts = np.flatnonzero(new)
    lengths = np.empty(starts.shape[0], np.int64)
    lengths[:-1] = starts[1:] - starts[:-1]
    lengths[-1:] = new.shape[0] - starts[-1:]
    return lengths


def unique_along(ar, return_index, return_inverse, return_counts, axis):
    place = normalize_axis_index(axis, ar.ndim)
    moved = np.moveaxis(ar, place, 0)
    rows = np.reshape(np.copy(moved), (moved.shape[0], places(moved.shape[1:])))
    order = order_of_rows(rows)
    ordered = rows[order]
    new = differ(ordered)
    kept = ordered[new]
    values = np.moveaxis(np.reshape(kept, (kept.shape[0],) + moved.shape[1:]), 0, place)
    found = (np.copy(values),)
    if return_index:
        found = found + (order[new],)
    if return_inverse:
        inverse = np.empty(rows.shape[0], np.int64)
        inverse[order] = np.cumsum(new) - 1
        found = found + (inverse,)
    if return_counts:
        found = found + (run_lengths(new),)
    return found if len(found) > 1 else found[0]


DEFINITIONS = {"numpy.unique.rows": unique_along}
