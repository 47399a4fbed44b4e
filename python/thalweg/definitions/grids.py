"""New arrays with a pattern: grids of coordinates, diagonals, powers."""

import numpy as np

from thalweg.definitions.parts import diagonal_number, flattened


def mesh(a, b=None, c=None, d=None, *, copy=True, sparse=False, indexing="xy"):
    if not copy:
        raise NotImplementedError("np.meshgrid with copy=False is not supported")
    if indexing != "xy" and indexing != "ij":
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    xi = (a,) if b is None else (a, b) if c is None else (a, b, c) if d is None else (a, b, c, d)
    swapped = indexing == "xy" and len(xi) > 1
    grids = ()
    for k, one in enumerate(xi):
        place = (1 - k if k < 2 else k) if swapped else k
        shape = ()
        for axis, _ in enumerate(xi):
            source = (1 - axis if axis < 2 else axis) if swapped else axis
            shape = shape + (1 if sparse and axis != place else np.size(xi[source]),)
        grid = np.empty(shape, np.result_type(one))
        grid[...] = np.reshape(flattened(one), (1,) * place + (np.size(one),) + (1,) * (len(xi) - 1 - place))
        grids = grids + (grid,)
    return grids


def indices(dimensions, dtype=np.int64, sparse=False):
    if sparse:
        axes = ()
        for k, n in enumerate(dimensions):
            line = np.arange(n, dtype=dtype)
            axes = axes + (np.reshape(line, (1,) * k + (n,) + (1,) * (len(dimensions) - 1 - k)),)
        return axes
    out = np.empty((len(dimensions),) + dimensions, dtype)
    for k, n in enumerate(dimensions):
        out[k] = np.reshape(np.arange(n, dtype=dtype), (n,) + (1,) * (len(dimensions) - 1 - k))
    return out


def from_function(function, shape, *, dtype=np.float64):
    return function(*np.indices(shape, dtype))


def triangle(N, M=None, k=0, dtype=np.float64):
    columns = N if M is None else M
    return (np.arange(N)[:, None] >= np.arange(columns) - diagonal_number(k, columns)).astype(dtype)


def diagonal_matrix(v, k=0):
    if v.ndim == 2:
        return np.diagonal(v, k)
    if v.ndim != 1:
        raise NotImplementedError("np.diag of other than 1 or 2 dimensions is an error in NumPy")
    out = np.zeros((v.shape[0] + abs(k), v.shape[0] + abs(k)), v.dtype)
    for i in range(v.shape[0]):
        out[i + max(-k, 0), i + max(k, 0)] = v[i]
    return out


def flat_diagonal(v, k=0):
    return diagonal_matrix(flattened(v), k)


def powers(x, N=None, increasing=False):
    if x.ndim != 1:
        raise NotImplementedError("np.vander of other than 1 dimension is an error in NumPy")
    columns = x.shape[0] if N is None else N
    out = np.empty((x.shape[0], columns), dtype=np.result_type(x, np.int64(0)))
    into = out if increasing else out[:, ::-1]
    if columns > 0:
        into[:, 0] = 1
    if columns > 1:
        into[:, 1] = x
    for j in range(2, columns):
        into[:, j] = into[:, j - 1] * x
    return out


DEFINITIONS = {"numpy.meshgrid": mesh, "numpy.indices": indices, "numpy.fromfunction": from_function,
               "numpy.tri": triangle, "numpy.diag": diagonal_matrix, "numpy.diagflat": flat_diagonal,
               "numpy.vander": powers}
