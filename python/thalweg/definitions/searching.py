"""Places in what is sorted: searchsorted, digitize."""

import numpy as np

from thalweg.definitions.parts import demand, flattened
from thalweg.definitions.sorting import before


def place_left(a, value, sorter=None):
    """The first place in sorted a whose element is not before the value."""
    low = 0
    high = a.shape[0]
    while low < high:
        middle = low + (high - low) // 2
        if before(a[middle if sorter is None else sorter[middle]], value):
            low = middle + 1
        else:
            high = middle
    return low


def place_right(a, value, sorter=None):
    """The first place in sorted a whose element is behind the value."""
    low = 0
    high = a.shape[0]
    while low < high:
        middle = low + (high - low) // 2
        if before(value, a[middle if sorter is None else sorter[middle]]):
            high = middle
        else:
            low = middle + 1
    return low


def places_of(a, v, side="left", sorter=None):
    if np.ndim(a) != 1 or side != "left" and side != "right":
        raise NotImplementedError("np.searchsorted in other than 1 dimension, or with this side, is an error in NumPy")
    if sorter is not None:
        if np.ndim(sorter) != 1 or sorter.dtype == np.bool_ or np.result_type(sorter, np.int8(0)) != sorter.dtype:
            raise NotImplementedError("np.searchsorted with a sorter of other than integers is not supported")
        demand(sorter.shape[0] == a.shape[0])
        demand(bool(np.all(sorter >= 0)) and bool(np.all(sorter < a.shape[0])))
    kind = np.result_type(a, np.multiply(v, 1)) if np.ndim(v) == 0 else np.result_type(a, v)
    x = a.astype(kind)
    if np.ndim(v) == 0:
        value = np.full((1,), v)[0].astype(kind)
        return np.int64(place_left(x, value, sorter) if side == "left" else place_right(x, value, sorter))
    values = flattened(v).astype(kind)
    places = np.empty(values.shape[0], np.int64)
    for k in range(values.shape[0]):
        places[k] = place_left(x, values[k], sorter) if side == "left" else place_right(x, values[k], sorter)
    return np.reshape(places, v.shape)


def bins_of(x, bins, right=False):
    return places_among(x, np.array(bins) if isinstance(bins, (tuple, list)) else bins, right)


def places_among(x, bins, right):
    if np.iscomplexobj(x) or np.ndim(bins) != 1 or np.iscomplexobj(bins):
        raise NotImplementedError("np.digitize of complex numbers or without bins in 1 dimension is an error in NumPy")
    edges = bins.astype(np.float64)
    first = 1  # where the edges begin to differ
    while first < edges.shape[0] and bool(edges[first] == edges[0]):
        first += 1
    rising = first >= edges.shape[0] or bool(edges[first - 1] < edges[first])
    demand(not bool(np.any(edges[:-1] > edges[1:] if rising else edges[:-1] < edges[1:])))
    side = "left" if right else "right"
    up = np.searchsorted(bins, x, side=side)
    down = bins.shape[0] - np.searchsorted(bins[::-1], x, side=side)
    return np.where(rising, up, down)


DEFINITIONS = {"numpy.searchsorted": places_of, "numpy.digitize": bins_of}
