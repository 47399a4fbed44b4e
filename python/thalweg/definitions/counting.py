"""Counts and places of elements: nonzero, bincount, histogram."""

import numpy as np

from thalweg.definitions.parts import demand, flattened, is_complex, is_inexact


def count_nonzero(a, axis=None, keepdims=False):
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


def count_each(x, weights=None, minlength=0):
    if np.ndim(x) != 1 or is_inexact(x.dtype) or x.dtype == np.uint64:
        raise NotImplementedError("np.bincount of other than integers in 1 dimension is an error in NumPy")
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
        first, last = float(ends[0]), float(ends[1])
        demand(not first > last)
    demand(bool(np.isfinite(first)) and bool(np.isfinite(last)))
    same = first == last
    return first - 0.5 if same else first, last + 0.5 if same else last


def bin_of(value, edges, first, last, bins):
    """The equal bin of a value between first and last: NumPy scales, and then compares with the edges."""
    at = min(int((value - first) / (last - first) * bins), bins - 1)
    if value < edges[at]:
        at -= 1
    elif at != bins - 1 and value >= edges[at + 1]:
        at += 1
    return at


def count_evenly(a, edges, first, last, bins):
    counts = np.zeros(bins, np.int64)
    for k in range(a.shape[0]):
        value = np.float64(a[k])
        if value >= first and value <= last:
            counts[bin_of(value, edges, first, last, bins)] += 1
    return counts


def weigh_evenly(a, weights, edges, first, last, bins):
    """Sums of weights in equal bins, in NumPy's order: blocks of 65536 elements (numpy/lib/_histograms_impl.py)."""
    sums = np.zeros(bins)
    for begin in range(0, a.shape[0], 65536):
        part = np.zeros(bins)
        for k in range(begin, min(begin + 65536, a.shape[0])):
            value = np.float64(a[k])
            if value >= first and value <= last:
                part[bin_of(value, edges, first, last, bins)] += weights[k]
        sums += part
    return sums


def histogram(a, bins=10, range=None, density=None, weights=None):
    if is_complex(a.dtype) or a.dtype == np.bool_:
        raise NotImplementedError("np.histogram of complex numbers or bool is not supported")
    if weights is not None and (np.ndim(bins) != 0 or weights.dtype != np.float64 or weights.ndim != a.ndim):
        raise NotImplementedError("np.histogram with weights needs float64 weights and a number of bins")
    if isinstance(bins, tuple) or isinstance(bins, list):
        raise NotImplementedError("np.histogram with a tuple of edges is not supported")
    x = flattened(a)
    if np.ndim(bins) == 0:
        if a.dtype != np.float64:
            raise NotImplementedError("np.histogram with a number of bins, of other than float64, is not supported")
        demand(bins >= 1)
        first, last = outer_edges(x, range)
        edges = np.linspace(first, last, bins + 1)
        demand(bool(np.all(edges[:-1] < edges[1:])))
        if weights is None:
            counts = count_evenly(x, edges, first, last, bins)
        else:
            for extent, other in zip(a.shape, weights.shape):
                demand(extent == other)
            counts = weigh_evenly(x, flattened(weights), edges, first, last, bins)
    else:
        edges = bins
        demand(bool(np.all(np.logical_not(bins[:-1] > bins[1:]))))
        ordered = np.sort(x)
        up_to = np.searchsorted(ordered, bins)
        up_to[-1] = np.searchsorted(ordered, bins[-1], side="right")
        counts = np.diff(up_to)
    if density:
        return counts / np.diff(edges) / np.sum(counts), edges
    return counts, edges


DEFINITIONS = {"numpy.count_nonzero": count_nonzero, "numpy.flatnonzero": flat_nonzero, "numpy.nonzero": nonzero,
               "numpy.argwhere": places_nonzero, "numpy.bincount": count_each, "numpy.histogram": histogram}
