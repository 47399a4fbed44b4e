"""Arrays as sets: their different elements, and what two of them have in common or apart.

With assume_unique these find what is right where elements differ; where not, NumPy's results depend on its way there.
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import flattened, is_float, is_inexact
from thalweg.definitions.searching import place_left
from thalweg.definitions.unique_rows import run_lengths, unique_along
from thalweg.errors import UnsupportedError

UniqueAllResult = type(np.unique_all(np.zeros(1)))
UniqueCountsResult = type(np.unique_counts(np.zeros(1)))
UniqueInverseResult = type(np.unique_inverse(np.zeros(1)))


def first_of_equals(ordered, equal_nan):
    """Whether each element of a sorted array differs from the one before it."""
    new = np.ones(ordered.shape[0], np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    if equal_nan and is_inexact(ordered.dtype):
        new[1:] = np.logical_and(new[1:], np.logical_not(np.isnan(ordered[:-1])))
    return new


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True):
    if not sorted and not is_float(ar.dtype):
        raise NotImplementedError("the order of np.unique with sorted=False comes from NumPy's hash tables")
    if axis is not None:
        if ar.ndim != 1:
            return unique_along(ar, return_index, return_inverse, return_counts, axis)
        normalize_axis_index(axis, 1)
    flat = flattened(ar)
    if not return_index and not return_inverse:
        ordered = np.sort(flat)
        new = first_of_equals(ordered, equal_nan)
        return (ordered[new], run_lengths(new)) if return_counts else ordered[new]
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    new = first_of_equals(ordered, equal_nan)
    found = (ordered[new],)
    if return_index:
        found = found + (order[new],)
    if return_inverse:
        if not return_index and not equal_nan and is_inexact(ar.dtype):
            if np.count_nonzero(np.isnan(flat)) > 1:
                raise UnsupportedError("the inverse of several NaNs that count as different is open in NumPy, "
                                 "which is not supported")
        inverse = np.empty(flat.shape[0], np.int64)
        inverse[order] = np.cumsum(new) - 1
        found = found + (np.reshape(inverse, ar.shape),)
    if return_counts:
        found = found + (run_lengths(new),)
    return found


def unique_all(x):
    return UniqueAllResult(*unique(x, True, True, True, equal_nan=False))


def unique_counts(x):
    return UniqueCountsResult(*unique(x, False, False, True, equal_nan=False))


def unique_inverse(x):
    return UniqueInverseResult(*unique(x, False, True, False, equal_nan=False))


def unique_values(x):
    return unique(x, equal_nan=False, sorted=False)


def intersection(ar1, ar2, assume_unique=False, return_indices=False):
    if not return_indices:
        one = flattened(ar1) if assume_unique else np.unique(ar1)
        other = flattened(ar2) if assume_unique else np.unique(ar2)
        both = np.sort(np.concatenate((one, other)))
        return both[:-1][both[1:] == both[:-1]]
    if assume_unique:
        one, other = flattened(ar1), flattened(ar2)
    else:
        one, places = np.unique(ar1, return_index=True)
        other, other_places = np.unique(ar2, return_index=True)
    both = np.concatenate((one, other))
    order = np.argsort(both, kind="stable")
    both = both[order]
    twice = both[1:] == both[:-1]
    first, second = order[:-1][twice], order[1:][twice] - one.shape[0]
    if assume_unique:
        return both[:-1][twice], first, second
    return both[:-1][twice], places[first], other_places[second]


def union(ar1, ar2):
    """In the type of both; Python's numbers are weak, as np.concatenate takes them."""
    kind = np.result_type(ar1, ar2)
    return np.unique(np.concatenate((in_line(ar1, kind), in_line(ar2, kind))))


def in_line(x, kind):
    return (np.reshape(np.array(x), (1,)) if np.ndim(x) == 0 else flattened(x)).astype(kind)


def difference(ar1, ar2, assume_unique=False):
    one = flattened(ar1) if assume_unique else np.unique(ar1)
    return one[np.isin(one, ar2, invert=True)]


def symmetric_difference(ar1, ar2, assume_unique=False):
    if assume_unique and (np.ndim(ar1) == 0 or np.ndim(ar2) == 0):
        raise NotImplementedError("np.setxor1d of a number that is said to be unique is not supported")
    one = flattened(ar1) if assume_unique else np.unique(ar1)
    other = flattened(ar2) if assume_unique else np.unique(ar2)
    both = np.sort(np.concatenate((one, other)))
    apart = np.ones(both.shape[0] + 1, np.bool_)
    apart[1:-1] = both[1:] != both[:-1]
    return both[np.logical_and(apart[1:], apart[:-1])]


def is_in(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    if kind is not None and kind != "sort" and kind != "table":
        raise NotImplementedError("np.isin of this kind is an error in NumPy")
    common = np.result_type(element, test_elements)
    if common == np.float64 and not is_float(element.dtype) and not is_float(test_elements.dtype):
        raise NotImplementedError("np.isin of signed and unsigned 64-bit integers depends on NumPy's way there")
    whole = not is_inexact(common)
    if kind == "table":
        if not whole:
            raise NotImplementedError("np.isin of kind 'table' of other than integers is an error in NumPy")
        if test_elements.size > 0 and spans_too_much(test_elements):
            raise ValueError("the range of values exceeds the maximum of the data type (in NumPy a RuntimeError)")
    x = flattened(element).astype(common)
    ordered = np.sort(flattened(test_elements).astype(common))
    found = np.empty(x.shape[0], np.bool_)
    n = ordered.shape[0]
    for k in range(x.shape[0]):
        value = x[k]
        place = place_left(ordered, value)
        holds = False
        if place < n:
            holds = bool(ordered[place] == value)
        found[k] = holds != bool(invert)
    return np.reshape(found, element.shape)


def spans_too_much(a):
    """Whether the difference of the largest and the smallest element does not fit into the type."""
    return a.dtype != np.bool_ and np.max(a) - np.min(a) < 0


DEFINITIONS = {"numpy.unique": unique, "numpy.unique_all": unique_all, "numpy.unique_counts": unique_counts,
               "numpy.unique_inverse": unique_inverse, "numpy.unique_values": unique_values,
               "numpy.intersect1d": intersection, "numpy.union1d": union, "numpy.setdiff1d": difference,
               "numpy.setxor1d": symmetric_difference, "numpy.isin": is_in}
