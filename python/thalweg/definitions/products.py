"""Products of stacks of matrices."""

import numpy as np


def spread(n, m):
    """The extent that extents n and m are broadcast to."""
    return (np.empty(n, np.bool_) & np.empty(m, np.bool_)).shape[0]


def of_stacks(a, b):
    """a @ b of stacks of matrices: one product for each place in the leading dimensions, which are broadcast."""
    np.empty((0, a.shape[-1])) @ np.empty((b.shape[-2], 0))  # they fit where there is no product at all, too
    x, y = a, b
    for _ in (0,) * (b.ndim - a.ndim):
        x = x[None]
    for _ in (0,) * (a.ndim - b.ndim):
        y = y[None]
    kind = np.result_type(a, b)
    if x.ndim == 3:
        out = np.empty((spread(x.shape[0], y.shape[0]), x.shape[1], y.shape[2]), kind)
        for i in range(out.shape[0]):
            out[i] = x[min(i, x.shape[0] - 1)] @ y[min(i, y.shape[0] - 1)]
        return out
    if x.ndim == 4:
        rows = spread(x.shape[0], y.shape[0])
        columns = spread(x.shape[1], y.shape[1])
        out = np.empty((rows, columns, x.shape[2], y.shape[3]), kind)
        for i in range(rows):
            for j in range(columns):
                out[i, j] = (x[min(i, x.shape[0] - 1), min(j, x.shape[1] - 1)] @
                             y[min(i, y.shape[0] - 1), min(j, y.shape[1] - 1)])
        return out
    raise NotImplementedError("a product of arrays of more than 4 dimensions is not supported")


def stacked(a, b):
    """a @ b where one of them has more than two dimensions."""
    if a.ndim == 1:
        return of_stacks(a[None, :], b)[..., 0, :]
    if b.ndim == 1:
        return of_stacks(a, b[:, None])[..., 0]
    return of_stacks(a, b)


def number_of(extents):
    count = 1
    for n in extents:
        count = count * n
    return count


def dot(a, b):
    """Sums over the last dimension of a and the last but one of b (its only one): np.dot, one product of matrices."""
    n = a.shape[-1]
    first = np.reshape(np.copy(a), (number_of(a.shape[:-1]), n))
    if b.ndim == 1:
        return np.reshape(first @ b, a.shape[:-1])
    other = np.moveaxis(b, -2, 0)
    found = first @ np.reshape(np.copy(other), (other.shape[0], number_of(other.shape[1:])))
    return np.reshape(found, a.shape[:-1] + other.shape[1:])


DEFINITIONS = {"numpy.matmul.stacked": stacked, "numpy.dot.several": dot}
