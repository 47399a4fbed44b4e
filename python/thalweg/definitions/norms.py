"""Norms in NumPy's steps (numpy/linalg/_linalg.py); those of singular values have their error."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import flattened, is_complex, is_inexact


def is_text(ord):
    return ord is not None and not isinstance(ord, int) and not isinstance(ord, float)


def greatest(a, axis, keepdims):
    """The greatest of what is not negative; 0 of nothing."""
    if a.shape[axis] == 0:
        return np.sum(a, axis=axis, keepdims=keepdims)
    return np.max(a, axis=axis, keepdims=keepdims)


def of_vectors(a, ord, axis, keepdims):
    if ord is None or ord == 2:
        return np.sqrt(np.sum(np.real(np.conj(a) * a), axis=axis, keepdims=keepdims))
    if ord == np.inf:
        return greatest(np.abs(a), axis, keepdims)
    if ord == -np.inf:
        return np.min(np.abs(a), axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum((a != 0).astype(np.real(a).dtype), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.abs(a), axis=axis, keepdims=keepdims)
    root = np.full((1,), 1 / ord, a.dtype)[0] if a.dtype == np.float16 else 1 / ord
    return np.sum(np.abs(a)**ord, axis=axis, keepdims=keepdims)**root


def of_values(a, ord, row, column, keepdims):
    """The greatest or least singular value of matrices, or the sum of them."""
    if a.dtype == np.float16:
        raise TypeError("array type float16 is unsupported in linalg")
    axes, shape = (), ()
    for d, n in enumerate(a.shape):
        one = d == row or d == column
        axes, shape = axes + (() if one else (d,)), shape + (1 if one else n,)
    values = np.linalg.svdvals(np.transpose(a, axes + (row, column)))
    if is_text(ord):
        found = np.sum(values, axis=-1)
    else:
        found = greatest(values, -1, False) if ord > 0 else np.min(values, axis=-1)
    return np.reshape(np.full((1,), found) if a.ndim == 2 else found, shape) if keepdims else found


def of_sums(a, summed, other, keepdims, of_greatest):
    sums = np.sum(np.abs(a), axis=summed, keepdims=True)
    found = greatest(sums, other, True) if of_greatest else np.min(sums, axis=other, keepdims=True)
    return found if keepdims else np.sum(found, axis=(summed, other))  # of one element each


def of_matrices(a, ord, row, column, keepdims):
    if ord is None or is_text(ord) and (ord == "fro" or ord == "f"):
        return np.sqrt(np.sum(np.real(np.conj(a) * a), axis=(row, column), keepdims=keepdims))
    if is_text(ord) and ord == "nuc" or isinstance(ord, int) and (ord == 2 or ord == -2):
        return of_values(a, ord, row, column, keepdims)
    if isinstance(ord, int) and (ord == 1 or ord == -1):
        return of_sums(a, row, column, keepdims, ord > 0)
    if isinstance(ord, float):  # no number of this kind is known when compiling
        if ord != np.inf and ord != -np.inf:
            raise ValueError("np.linalg.norm of matrices has the ord 1, -1, 2 and -2 only as Python's int here")
        return of_sums(a, column, row, keepdims, True) if ord > 0 else of_sums(a, column, row, keepdims, False)
    raise NotImplementedError("np.linalg.norm of matrices has the ord None, 'fro', 'nuc', 1, -1, 2, -2, inf and -inf")


def norm(x, ord=None, axis=None, keepdims=False):
    if isinstance(axis, list):
        raise NotImplementedError("np.linalg.norm over a list of axes is an error in NumPy")
    if np.ndim(x) == 0:
        if ord is not None or axis is not None or keepdims:
            raise NotImplementedError("np.linalg.norm of a number is supported without further arguments")
        return norm_of_line(np.full((1,), x))
    a = x if is_inexact(x.dtype) else x.astype(np.float64)
    frobenius = x.ndim == 2 and is_text(ord) and (ord == "fro" or ord == "f")
    if axis is None and (ord is None or frobenius or x.ndim == 1 and not is_text(ord) and ord == 2):
        found = norm_of_line(flattened(a))
        return np.full((1,) * x.ndim, found) if keepdims else found
    axes = axis if isinstance(axis, tuple) else (axis,)
    if axis is None:
        axes = (0, 1) if x.ndim == 2 else (0,) * x.ndim
    if len(axes) == 1:
        if is_text(ord):
            raise NotImplementedError("np.linalg.norm of vectors with a named ord is an error in NumPy")
        return of_vectors(a, ord, normalize_axis_index(axes[0], x.ndim), keepdims)
    if len(axes) != 2:
        raise NotImplementedError("np.linalg.norm over more than 2 axes is an error in NumPy")
    row, column = normalize_axis_index(axes[0], x.ndim), normalize_axis_index(axes[1], x.ndim)
    if row == column:
        raise NotImplementedError("np.linalg.norm over one axis twice is an error in NumPy")
    return of_matrices(a, ord, row, column, keepdims)


def norm_of_line(x):
    a = x if is_inexact(x.dtype) else x.astype(np.float64)
    if is_complex(a.dtype):
        return np.sqrt(np.dot(np.real(a), np.real(a)) + np.dot(np.imag(a), np.imag(a)))
    return np.sqrt(np.dot(a, a))


def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return norm(x, ord, (-2, -1), keepdims)


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    if isinstance(axis, tuple):
        return over_several_axes(x, axis, keepdims, ord)
    if axis is None:
        found = norm(flattened(x), ord, 0)
        return np.full((1,) * np.ndim(x), found) if keepdims and np.ndim(x) > 0 else found
    return norm(x, ord, axis, keepdims)


def over_several_axes(x, axis, keepdims, ord):
    """Of vectors whose elements stand along several axes."""
    taken = ()
    terms = 1
    for each in axis:
        taken = taken + (normalize_axis_index(each, x.ndim),)
        terms = terms * x.shape[each]
    left, shape, with_ones = (), (), ()
    for d, n in enumerate(x.shape):
        if d in taken:
            with_ones = with_ones + (1,)
        else:
            left, shape, with_ones = left + (d,), shape + (n,), with_ones + (n,)
    found = norm(np.reshape(np.copy(np.transpose(x, taken + left)), (terms,) + shape), ord, 0)
    if keepdims:
        return np.reshape(np.full((1,), found) if len(left) == 0 else found, with_ones)
    return found


DEFINITIONS = {"numpy.linalg.norm": norm, "numpy.linalg.matrix_norm": matrix_norm,
               "numpy.linalg.vector_norm": vector_norm}
