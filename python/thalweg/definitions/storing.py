"""Stores through masks and arrays of indices, in NumPy's order."""

import numpy as np


def masked(a, mask, values):
    """a[mask] = values: `values` has one element, or one for each true one."""
    last = values.shape[0] - 1
    k = 0
    if a.ndim == 1:
        for i in range(a.shape[0]):
            if mask[i]:
                a[i] = values[min(k, last)]
                k += 1
    elif a.ndim == 2:
        for i in range(a.shape[0]):
            for j in range(a.shape[1]):
                if mask[i, j]:
                    a[i, j] = values[min(k, last)]
                    k += 1
    elif a.ndim == 3:
        for i in range(a.shape[0]):
            for j in range(a.shape[1]):
                for m in range(a.shape[2]):
                    if mask[i, j, m]:
                        a[i, j, m] = values[min(k, last)]
                        k += 1
    else:
        raise NotImplementedError("storing an array through a mask of more than 3 dimensions is not supported")


def scattered(a, indices, values):
    """a[indices] = values. As in NumPy nothing is written where an index is out of bounds."""
    if len(indices) == 1:
        (i,) = indices
        for k in range(i.shape[0]):
            a[i[k]]
        if np.ndim(values) == 0:
            for k in range(i.shape[0]):
                a[i[k]] = values
        else:
            for k in range(i.shape[0]):
                a[i[k]] = values[k]
    elif len(indices) == 2:
        i, j = indices
        for k in range(i.shape[0]):
            a[i[k], j[k]]
        if np.ndim(values) == 0:
            for k in range(i.shape[0]):
                a[i[k], j[k]] = values
        else:
            for k in range(i.shape[0]):
                a[i[k], j[k]] = values[k]
    elif len(indices) == 3:
        h, i, j = indices
        for k in range(h.shape[0]):
            a[h[k], i[k], j[k]]
        if np.ndim(values) == 0:
            for k in range(h.shape[0]):
                a[h[k], i[k], j[k]] = values
        else:
            for k in range(h.shape[0]):
                a[h[k], i[k], j[k]] = values[k]
    elif len(indices) == 4:
        g, h, i, j = indices
        for k in range(g.shape[0]):
            a[g[k], h[k], i[k], j[k]]
        if np.ndim(values) == 0:
            for k in range(g.shape[0]):
                a[g[k], h[k], i[k], j[k]] = values
        else:
            for k in range(g.shape[0]):
                a[g[k], h[k], i[k], j[k]] = values[k]
    else:
        raise NotImplementedError("assignment through index arrays into more than 4 dimensions is not supported")


DEFINITIONS = {"numpy.place.masked": masked, "numpy.put.scattered": scattered}
