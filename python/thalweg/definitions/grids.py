"""New arrays with a pattern: grids of coordinates, padded arrays, diagonals, powers."""

import numpy as np

from thalweg.definitions.parts import demand, flattened


def mesh(x, y=None, z=None, copy=True, sparse=False, indexing="xy"):
    if not copy:
        raise NotImplementedError("np.meshgrid with copy=False is not supported")
    if indexing != "xy" and indexing != "ij":
        raise NotImplementedError("np.meshgrid with this indexing is an error in NumPy")
    swapped = indexing == "xy"
    given = (x,) if y is None else (x, y) if z is None else (x, y, z)
    grids = ()
    for k, one in enumerate(given):
        place = (1 - k if k < 2 else k) if swapped and len(given) > 1 else k
        flat = np.reshape(flattened(one), (1,) * place + (np.size(one),) + (1,) * (len(given) - 1 - place))
        shape = ()
        for d, _ in enumerate(given):
            source = (1 - d if d < 2 else d) if swapped and len(given) > 1 else d
            shape = shape + (1 if sparse and d != place else np.size(given[source]),)
        grid = np.empty(shape, one.dtype)
        grid[...] = flat
        grids = grids + (grid,)
    return grids


def indices(dimensions, dtype=np.int64, sparse=False):
    if sparse:
        raise NotImplementedError("np.indices with sparse is not supported")
    out = np.empty((len(dimensions),) + dimensions, dtype)
    for k, n in enumerate(dimensions):
        out[k] = np.reshape(np.arange(n), (n,) + (1,) * (len(dimensions) - 1 - k))
    return out


def from_function(function, shape, dtype=np.float64):
    return function(*np.indices(shape, dtype))


def triangle(N, M=None, k=0, dtype=np.float64):
    columns = N if M is None else M
    return (np.arange(N)[:, None] >= np.arange(columns) - k).astype(dtype)


def diagonal_matrix(v, k=0):
    if v.ndim != 1:
        raise NotImplementedError("np.diag of a matrix is a read-only view, which is not supported")
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


def pad(array, pad_width, mode="constant", constant_values=0):
    if mode != "constant" and mode != "edge" and mode != "reflect" and mode != "wrap":
        raise NotImplementedError("np.pad with this mode is not supported")
    if isinstance(constant_values, tuple) or np.ndim(constant_values) != 0:
        raise NotImplementedError("np.pad with several constants is not supported")
    if array.ndim == 0 or not isinstance(pad_width, tuple) and np.ndim(pad_width) != 0:
        raise NotImplementedError("np.pad of no dimensions, or with an array of widths, is not supported")
    before, after = widths(array.ndim, pad_width)
    shape = ()
    for d, n in enumerate(array.shape):
        demand(before[d] >= 0 and after[d] >= 0)
        if mode != "constant":
            demand(n > 0 or before[d] == 0 and after[d] == 0)
        shape = shape + (before[d] + n + after[d],)
    out = np.full(shape, constant_values, array.dtype) if mode == "constant" else np.empty(shape, array.dtype)
    inner = out
    for d, n in enumerate(array.shape):
        inner = np.swapaxes(np.swapaxes(inner, d, -1)[..., before[d]:before[d] + n], d, -1)
    inner[...] = array
    if mode != "constant" and array.size > 0:
        for d, n in enumerate(array.shape):
            extend(np.swapaxes(out, d, -1), before[d], n, after[d], mode)
    return out


def widths(ndim, pad_width):
    """What np.pad's pad_width says: the numbers before and behind, for each axis."""
    before, after = (), ()
    for d, _ in enumerate((0,) * ndim):
        pair = pad_width
        if isinstance(pad_width, tuple) and isinstance(pad_width[0], tuple):
            pair = pad_width[0] if len(pad_width) == 1 else pad_width[d]
        one = not isinstance(pair, tuple)
        before = before + (pair if one else pair[0],)
        after = after + (pair if one else pair[len(pair) - 1],)
    return before, after


def extend(x, before, n, after, mode):
    """Fills the last axis of x on both sides of the n elements that are there."""
    if mode == "edge":
        for k in range(before):
            x[..., k] = x[..., before]
        for k in range(after):
            x[..., before + n + k] = x[..., before + n - 1]
    elif mode == "wrap":
        period = max(n, 1)
        for k in range(before):
            x[..., k] = x[..., before + (k - before) % period]
        for k in range(after):
            x[..., before + n + k] = x[..., before + k % period]
    else:
        for k in range(before):
            x[..., k] = x[..., before + mirrored(before - k, n)]
        for k in range(after):
            x[..., before + n + k] = x[..., before + mirrored(n + k, n)]


def mirrored(distance, n):
    """The place of what lies `distance` behind the first of n elements, which are read forwards and back in turn."""
    period = max(2 * (n - 1), 1)
    return min(distance % period, period - distance % period)


DEFINITIONS = {"numpy.meshgrid": mesh, "numpy.indices": indices, "numpy.fromfunction": from_function,
               "numpy.tri": triangle, "numpy.diag": diagonal_matrix, "numpy.diagflat": flat_diagonal,
               "numpy.vander": powers, "numpy.pad": pad}
