"""Counts and places of elements: nonzero, bincount, histogram."""

import numpy as np

from thalweg.definitions.parts import demand, flattened, is_complex, is_float, is_inexact
from thalweg.errors import UnsupportedError


def count_nonzero(a, axis=None, *, keepdims=False):
    return np.sum(np.not_equal(a, 0), axis=axis, keepdims=keepdims)


def flat_nonzero(a):
    flat = flattened(a)
    return np.arange(flat.shape[0])[flat != 0]


def nonzero(a):
    if a.ndim == 0:
        raise NotImplementedError("np.nonzero of no dimensions is an error in NumPy")
    chosen = a != 0
    places = ()
    for d, n in enumerate(a.shape):
        index = np.empty(a.shape, np.int64)
        index[...] = np.reshape(np.arange(n), (1,) * d + (n,) + (1,) * (a.ndim - 1 - d))
        places = places + (index[chosen],)
    return places


def places_nonzero(a):
    found = np.nonzero(a)
    out = np.empty((found[0].shape[0], a.ndim), np.int64)
    for d, each in enumerate(found):
        out[:, d] = each
    return out


def count_each(x, /, weights=None, minlength=0):
    if np.ndim(x) != 1:
        raise ValueError("object too deep for desired array")
    if is_inexact(x.dtype):
        raise TypeError("Cannot cast array data to dtype('int64') according to the rule 'safe'")
    demand(minlength >= 0)
    places = x.astype(np.int64)
    largest = 0
    least = 0
    for each in places:
        largest = max(largest, int(each) + 1)
        least = min(least, int(each))
    demand(least >= 0)
    size = max(largest, minlength)
    if weights is None:
        counts = np.zeros(size, np.int64)
        for each in places:
            counts[each] += 1
        return counts
    if is_complex(weights.dtype):
        raise NotImplementedError("np.bincount with complex weights is an error in NumPy")
    demand(weights.shape[0] == x.shape[0] and x.shape[0] > 0)  # of no elements NumPy makes integers
    sums = np.zeros(size)
    for k in range(x.shape[0]):
        sums[places[k]] += np.float64(weights[k])
    return sums


def outer_edges(a, ends):
    """The first and the last edge, as float64."""
    if ends is None:
        first, last = 0.0, 1.0
        if a.shape[0] > 0:
            first, last = float(np.min(a)), float(np.max(a))
    else:
        if len(ends) != 2:
            raise ValueError("too many values to unpack (expected 2)")
        first, last = float(ends[0]), float(ends[1])
        demand(not first > last)
    demand(bool(np.isfinite(first)) and bool(np.isfinite(last)))
    same = first == last
    return first - 0.5 if same else first, last + 0.5 if same else last


def bin_of(value, edges, first, width, bins):
    """The equal bin of a value within the width from first on: NumPy scales, and then compares with the edges."""
    at = min(int((value - first) / width * bins), bins - 1)
    if value < edges[at]:
        at -= 1
    elif at != bins - 1 and value >= edges[at + 1]:
        at += 1
    return at


def count_evenly(a, edges, first, last, width, bins):
    counts = np.zeros(bins, np.int64)
    for k in range(a.shape[0]):
        value = a[k].astype(edges.dtype)
        if value >= first and value <= last:
            counts[bin_of(value, edges, first, width, bins)] += 1
    return counts


def weigh_evenly(a, weights, edges, first, last, width, bins):
    """Sums of weights in equal bins, in NumPy's order: blocks of 65536 elements (numpy/lib/_histograms_impl.py)."""
    sums = np.zeros(bins, weights.dtype)
    for begin in range(0, a.shape[0], 65536):
        part = np.zeros(bins)
        for k in range(begin, min(begin + 65536, a.shape[0])):
            value = a[k].astype(edges.dtype)
            if value >= first and value <= last:
                part[bin_of(value, edges, first, width, bins)] += np.float64(weights[k])
        sums += part.astype(weights.dtype)
    return sums


def count_between(a, edges):
    ordered = np.sort(a)
    up_to = np.searchsorted(ordered, edges)
    up_to[-1:] = np.searchsorted(ordered, edges[-1:], side="right")
    return np.diff(up_to)


def weigh_between(a, weights, edges):
    """Sums of weights between any edges, as differences of sums so far, in blocks as NumPy's."""
    total = np.zeros(edges.shape[0], weights.dtype)
    for begin in range(0, a.shape[0], 65536):
        part = a[begin:begin + 65536]
        order = np.argsort(part, kind="stable")
        so_far = np.cumsum(weights[begin:begin + 65536][order])
        ordered = part[order]
        up_to = np.searchsorted(ordered, edges)
        up_to[-1:] = np.searchsorted(ordered, edges[-1:], side="right")
        sums = np.zeros(so_far.shape[0] + 1, so_far.dtype)
        sums[1:] = so_far
        total += sums[up_to].astype(weights.dtype)
    return np.diff(total)


def edges_of(a, bins, ends):
    """The edges of bins that are told by their number; the ends, and the width by which NumPy divides."""
    demand(bins >= 1)
    if is_float(a.dtype) and a.dtype != np.float64:
        return edges_of_small(a, bins, ends)
    first, last = outer_edges(a, ends)
    if a.dtype != np.float64:
        demand(first > -9007199254740992.0 and last < 9007199254740992.0)  # integers that are exact as float64
    edges = np.linspace(first, last, bins + 1)
    demand(bool(np.all(edges[:-1] < edges[1:])))
    return edges, first, last, last - first


def edges_of_small(a, bins, ends):
    """Of float32 and float16: between the elements all is in their type, and between Python's numbers the width not."""
    if ends is None:
        first, last = outermost(a)
        edges = np.linspace(first, last, bins + 1)
        if a.shape[0] == 0:
            edges[...] = np.linspace(0.0, 1.0, bins + 1)
    else:
        first, last = outer_edges(a, ends)
        if np.result_type(a, ends[0], ends[1]) != a.dtype:
            raise NotImplementedError("np.histogram of float32 or float16 between wider ends is not supported")
        edges = np.linspace(first, last, bins + 1).astype(a.dtype)
    demand(bool(np.all(np.logical_not(edges[:-1] >= edges[1:]))))
    if ends is None:
        return edges, first, last, finite_width(last - first)
    start, end = np.full((1,), first, a.dtype)[0], np.full((1,), last, a.dtype)[0]
    return edges, start, end, np.float64(last - first)


def finite_width(width):
    if not bool(np.isfinite(width)):
        raise UnsupportedError("np.histogram of numbers whose distance is no number of their type is not supported")
    return width


def outermost(a):
    """The first and the last edge in the type of the elements."""
    lowest, highest = np.zeros(1, a.dtype)[0], np.ones(1, a.dtype)[0]
    if a.shape[0] > 0:
        lowest, highest = np.min(a), np.max(a)
    demand(bool(np.isfinite(lowest)) and bool(np.isfinite(highest)))
    same = bool(lowest == highest)
    half = np.full((1,), 0.5, a.dtype)[0]
    return np.where(same, lowest - half, lowest), np.where(same, highest + half, highest)


def edges_given(a, bins, weights):
    """The edges, if bins is not the number of them; None otherwise."""
    if is_complex(a.dtype) or a.dtype == np.bool_:
        raise NotImplementedError("np.histogram of complex numbers or bool is not supported")
    if weights is not None:
        if weights.ndim != a.ndim or is_complex(weights.dtype) or weights.dtype == np.bool_:
            raise NotImplementedError("np.histogram with complex or bool weights is not supported")
        for extent, other in zip(a.shape, weights.shape):
            demand(extent == other)
    if isinstance(bins, (tuple, list)):
        return np.array(bins)
    if np.ndim(bins) > 1:
        raise NotImplementedError("np.histogram with edges of several dimensions is an error in NumPy")
    return None if np.ndim(bins) == 0 else bins


def histogram(a, bins=10, range=None, density=None, weights=None):
    x = flattened(a)
    edges = edges_given(a, bins, weights)
    if edges is not None:
        demand(bool(np.all(np.logical_not(edges[:-1] > edges[1:]))))
        counts = count_between(x, edges) if weights is None else weigh_between(x, flattened(weights), edges)
    else:
        edges, first, last, width = edges_of(x, bins, range)
        if weights is None:
            counts = count_evenly(x, edges, first, last, width, bins)
        else:
            counts = weigh_evenly(x, flattened(weights), edges, first, last, width, bins)
    if density:
        return counts / np.diff(edges).astype(np.float64) / np.sum(counts), edges
    return counts, edges


def histogram_edges(a, bins=10, range=None, weights=None):
    edges = edges_given(a, bins, weights)
    if edges is not None:
        demand(bool(np.all(np.logical_not(edges[:-1] > edges[1:]))))
        return edges
    edges, _, _, _ = edges_of(flattened(a), bins, range)
    return edges


DEFINITIONS = {"numpy.count_nonzero": count_nonzero, "numpy.flatnonzero": flat_nonzero, "numpy.nonzero": nonzero,
               "numpy.argwhere": places_nonzero, "numpy.bincount": count_each, "numpy.histogram": histogram,
               "numpy.histogram_bin_edges": histogram_edges}
