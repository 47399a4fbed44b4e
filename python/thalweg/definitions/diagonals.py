"""Diagonals and triangles of matrices: filled, and the places of their elements."""

import numpy as np

from thalweg.definitions.parts import demand, demand_writable


def fill_diagonal(a, val, wrap=False):
    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    if a.ndim > 4:
        raise NotImplementedError("np.fill_diagonal of more than 4 dimensions is not supported")
    n = a.shape[0]
    if a.ndim == 2:
        n = min(n, a.shape[1])
    else:
        for extent in a.shape:
            demand(extent == n)
    values = np.ravel(np.array(val, a.dtype))
    count = values.shape[0]
    demand_writable(a)
    if wrap and a.ndim == 2:
        columns = a.shape[1]
        for i in range(a.shape[0] if count > 0 else 0):
            if i % (columns + 1) < columns:
                a[i, i % (columns + 1)] = values[(i - i // (columns + 1)) % count]
    else:
        for i in range(n if count > 0 else 0):
            if a.ndim == 2:
                a[i, i] = values[i % count]
            elif a.ndim == 3:
                a[i, i, i] = values[i % count]
            else:
                a[i, i, i, i] = values[i % count]


def diagonal_places(n, ndim=2):
    return (np.arange(n),) * ndim


def diagonal_places_of(arr):
    if arr.ndim < 2:
        raise ValueError("input array must be at least 2-d")
    for extent in arr.shape:
        demand(extent == arr.shape[0])
    return diagonal_places(arr.shape[0], arr.ndim)


def places_between(n, m, k, above):
    """Rows and columns of the elements on and above diagonal k of n times m, or on and below it."""
    columns = max(m, 0)
    count = 0
    for i in range(n):
        edge = min(max(i + k, 0), columns) if above else min(max(i + k + 1, 0), columns)
        count += columns - edge if above else edge
    rows = np.empty(count, np.int64)
    places = np.empty(count, np.int64)
    at = 0
    for i in range(n):
        edge = min(max(i + k, 0), columns) if above else min(max(i + k + 1, 0), columns)
        begin, end = (edge, columns) if above else (0, edge)
        for j in range(begin, end):
            rows[at] = i
            places[at] = j
            at += 1
    return rows, places


def lower_places(n, k=0, m=None):
    return places_between(n, n if m is None else m, k, False)


def upper_places(n, k=0, m=None):
    return places_between(n, n if m is None else m, k, True)


def lower_places_of(arr, k=0):
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return places_between(arr.shape[0], arr.shape[1], k, False)


def upper_places_of(arr, k=0):
    if arr.ndim != 2:
        raise ValueError("input array must be 2-d")
    return places_between(arr.shape[0], arr.shape[1], k, True)


def masked_places(n, mask_func, k=0):
    return np.nonzero(mask_func(np.ones((n, n), np.int64), k) != 0)


DEFINITIONS = {"numpy.fill_diagonal": fill_diagonal, "numpy.diag_indices": diagonal_places,
               "numpy.diag_indices_from": diagonal_places_of, "numpy.tril_indices": lower_places,
               "numpy.triu_indices": upper_places, "numpy.tril_indices_from": lower_places_of,
               "numpy.triu_indices_from": upper_places_of, "numpy.mask_indices": masked_places}
