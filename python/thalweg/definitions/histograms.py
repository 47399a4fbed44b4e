"""Edges of bins, and counts in bins of two and three dimensions, in NumPy's steps (numpy/lib/_histograms_impl.py)."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.counting import outer_edges, outermost
from thalweg.definitions.parts import demand, flattened, is_complex, is_float, is_inexact
from thalweg.definitions.searching import place_right
from thalweg.errors import UnsupportedError


def edges_of(a, bins, ends):
    """The edges that bins stands for: itself, or so many bins between the ends."""
    if np.ndim(bins) == 0:
        if is_inexact(np.result_type(bins)):
            raise TypeError("`bins` must be an integer, a string, or an array")
        if is_complex(a.dtype) or a.dtype == np.bool_:
            raise NotImplementedError("bins between the ends of complex numbers or bool are not supported")
        demand(bins >= 1)
        if ends is None and is_float(a.dtype) and a.dtype != np.float64:
            if a.shape[0] == 0:
                raise UnsupportedError("bins of no numbers of float32 or float16 are not supported")
            first, last = outermost(a)
            return np.linspace(first, last, bins + 1)
        first, last = outer_edges(a, ends)
        return np.linspace(first, last, bins + 1)
    demand(bool(np.all(np.logical_not(bins[:-1] > bins[1:]))))
    return bins


def bin_edges(a, bins=10, range=None, weights=None):
    if isinstance(bins, (tuple, list)):
        raise NotImplementedError("np.histogram_bin_edges takes a number of bins or an array here")
    if weights is not None:
        for extent, other in zip(a.shape, weights.shape):
            demand(extent == other)
    return edges_of(flattened(a), bins, range)


def bin_at(edges, value):
    """The bin, -1 before the first; a value on the last edge is in the last bin."""
    at = place_right(edges, value) - 1
    return at - 1 if value == edges[-1] else at


def add_up(sums, columns, edges, weights):
    """Adds each sample's weight, or 1, to its bin."""
    for k in range(columns[0].shape[0]):
        inside = True
        index = ()
        for d, column in enumerate(columns):
            at = bin_at(edges[d], column[k])
            inside = inside and at >= 0 and at < sums.shape[d]
            index = index + (at,)
        if inside:
            sums[index] += 1.0 if weights is None else np.float64(weights[k])


def by_bins(columns, bins, ends, density, weights):
    """The sums in the bins, and the edges of each column."""
    edges = []
    sizes = ()
    for d, column in enumerate(columns):
        demand(column.shape[0] == columns[0].shape[0])
        each = bins[d] if isinstance(bins, (tuple, list)) else bins
        if isinstance(each, (tuple, list)):
            each = np.array(each)
        edges = edges + [edges_of(column, each, None if ends is None else ends[d])]
        sizes = sizes + (edges[d].shape[0] - 1,)
    if weights is not None:
        if is_complex(weights.dtype):
            raise NotImplementedError("histograms with complex weights are an error in NumPy")
        demand(weights.shape[0] == columns[0].shape[0])
    sums = np.zeros(sizes)
    add_up(sums, columns, edges, weights)
    if density:
        total = np.sum(sums)
        for d, each in enumerate(edges):
            sums = sums / np.reshape(np.diff(each), (1,) * d + (sizes[d],) + (1,) * (len(edges) - 1 - d))
        sums = sums / total
    return sums, edges


def in_two(x, y, bins=10, range=None, density=None, weights=None):
    if np.ndim(x) != 1 or np.ndim(y) != 1:
        raise NotImplementedError("np.histogram2d of other than one dimension is not supported")
    if not isinstance(bins, (tuple, list)) and np.ndim(bins) != 0:
        demand(bins.shape[0] > 2)  # of one or two elements NumPy takes each for a number of bins
    if isinstance(bins, (tuple, list)) and len(bins) != 2:
        raise NotImplementedError("np.histogram2d with a tuple of edges for both axes is not supported")
    kind = np.result_type(x, y)
    sums, edges = by_bins([x.astype(kind), y.astype(kind)], bins, range, density, weights)
    return sums, edges[0], edges[1]


def in_several(sample, bins=10, range=None, density=None, weights=None):
    if isinstance(sample, (tuple, list)):
        columns = list(sample)
    elif np.ndim(sample) != 2:
        raise NotImplementedError("np.histogramdd takes two dimensions, or a list of columns")
    else:
        columns = []
        for k, _ in enumerate((0,) * normalize_axis_index(sample.shape[1], 9)):  # must be known, as an axis must
            columns = columns + [sample[:, k]]
    if len(columns) < 2 or len(columns) > 3:
        raise NotImplementedError("np.histogramdd of other than 2 or 3 columns is not supported")
    if isinstance(bins, (tuple, list)) and len(bins) != len(columns):
        raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    kind = np.result_type(*columns)
    of_kind = []
    for column in columns:
        of_kind = of_kind + [column.astype(kind)]
    return by_bins(of_kind, bins, range, density, weights)


DEFINITIONS = {"numpy.histogram2d": in_two, "numpy.histogramdd": in_several}
