"""Products of arrays that np.dot does not do: inner, vdot, tensordot, kron, cross."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index


def inner(a, b, /):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return np.dot(a, b)
    if a.ndim > 2 or b.ndim > 2:
        return np.tensordot(a, b, axes=(-1, -1))
    return np.dot(a, np.transpose(b))


def vdot(a, b, /):
    if np.iscomplexobj(a):
        return np.conj(np.ravel(a)) @ np.ravel(b)
    return np.ravel(a) @ np.ravel(b)


def tensordot(a, b, axes=2):
    """One product of matrices: the axes that are summed over at the end of a and at the front of b."""
    if isinstance(axes, tuple) or isinstance(axes, list):
        of_a = axes[0] if isinstance(axes[0], tuple) or isinstance(axes[0], list) else (axes[0],)
        of_b = axes[1] if isinstance(axes[1], tuple) or isinstance(axes[1], list) else (axes[1],)
    else:
        of_a, of_b = (), ()
        for k, _ in enumerate((0,) * axes):
            of_a = of_a + (k - axes,)
            of_b = of_b + (k,)
    if len(of_a) != len(of_b) or len(of_a) > a.ndim or len(of_b) > b.ndim:
        raise NotImplementedError("np.tensordot over these axes is an error in NumPy")
    summed_a, summed_b = (), ()
    for k, _ in enumerate(of_a):
        summed_a = summed_a + (normalize_axis_index(of_a[k], a.ndim),)
        summed_b = summed_b + (normalize_axis_index(of_b[k], b.ndim),)
    free_a, rows, shape = (), 1, ()
    for d, n in enumerate(a.shape):
        found = False
        for each in summed_a:
            found = found or each == d
        if not found:
            free_a, rows, shape = free_a + (d,), rows * n, shape + (n,)
    free_b, columns = (), 1
    for d, n in enumerate(b.shape):
        found = False
        for each in summed_b:
            found = found or each == d
        if not found:
            free_b, columns, shape = free_b + (d,), columns * n, shape + (n,)
    terms = 1
    for k, each in enumerate(summed_a):
        np.reshape(np.empty(a.shape[each], np.bool_), b.shape[summed_b[k]])
        terms = terms * a.shape[each]
    left = np.reshape(np.copy(np.transpose(a, free_a + summed_a)), (rows, terms))
    right = np.reshape(np.copy(np.transpose(b, summed_b + free_b)), (terms, columns))
    return np.reshape(np.dot(left, right), shape)


def kronecker(a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return np.multiply(np.asarray(a), np.asarray(b))
    ndim = max(a.ndim, b.ndim)
    of_a = (1,) * (ndim - a.ndim) + a.shape
    of_b = (1,) * (ndim - b.ndim) + b.shape
    outer, inside, shape = (), (), ()
    for d, n in enumerate(of_a):
        outer = outer + (n, 1)
        inside = inside + (1, of_b[d])
        shape = shape + (n * of_b[d],)
    return np.reshape(np.reshape(a, outer) * np.reshape(b, inside), shape)


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    if axis is not None:
        return np.moveaxis(product_of_vectors(np.moveaxis(a, axis, -1), np.moveaxis(b, axis, -1)), -1, axis)
    if axisa == -1 and axisb == -1 and axisc == -1:
        return product_of_vectors(a, b)
    return np.moveaxis(product_of_vectors(np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)), -1, axisc)


def product_of_vectors(a, b):
    """Of those that lie along the last axes."""
    if a.ndim == 0 or b.ndim == 0 or a.dtype == np.bool_ or b.dtype == np.bool_:
        raise NotImplementedError("np.cross of numbers or of bool is an error in NumPy")
    for size in (a.shape[-1], b.shape[-1]):
        known = normalize_axis_index(min(size, 4), 5)  # a build for each
        if known == 2:
            raise NotImplementedError("np.cross of vectors of 2 elements is not supported")
        if known != 3:
            raise ValueError("incompatible dimensions for cross product")
    x = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    out = np.empty(np.shape(x) + (3,), np.result_type(a, b))
    out[..., 0] = x
    out[..., 1] = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    out[..., 2] = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return out


DEFINITIONS = {"numpy.inner": inner, "numpy.vdot": vdot, "numpy.tensordot": tensordot, "numpy.kron": kronecker,
               "numpy.cross": cross}
