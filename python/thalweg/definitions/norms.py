"""Norms that need no decomposition, in NumPy's steps (numpy/linalg/_linalg.py); which one is a number or None, no text."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import flattened, is_complex, is_inexact


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
    return np.sum(np.abs(a)**ord, axis=axis, keepdims=keepdims)**(1 / ord)


def of_matrices(a, ord, row, column, keepdims):
    if ord is None:
        return np.sqrt(np.sum(np.real(np.conj(a) * a), axis=(row, column), keepdims=keepdims))
    if ord == 1 or ord == -1:
        sums = np.sum(np.abs(a), axis=row, keepdims=True)
        found = greatest(sums, column, True) if ord == 1 else np.min(sums, axis=column, keepdims=True)
        return found if keepdims else np.sum(found, axis=(row, column))  # of one element each
    raise NotImplementedError("np.linalg.norm of matrices is supported without ord and with 1 and -1 (those of the "
                              "transposed matrix are inf and -inf)")


def norm(x, ord=None, axis=None, keepdims=False):
    if np.ndim(x) == 0 or isinstance(axis, list):
        raise NotImplementedError("np.linalg.norm of a number or over a list of axes is not supported")
    a = x if is_inexact(x.dtype) else x.astype(np.float64)
    if axis is None and (ord is None or ord == 2 and x.ndim == 1):
        flat = flattened(a)
        if is_complex(a.dtype):
            square = np.dot(np.real(flat), np.real(flat)) + np.dot(np.imag(flat), np.imag(flat))
        else:
            square = np.dot(flat, flat)
        return np.full((1,) * x.ndim, np.sqrt(square)) if keepdims else np.sqrt(square)
    axes = axis if isinstance(axis, tuple) else (axis,)
    if axis is None:
        axes = (0, 1) if x.ndim == 2 else (0,) * x.ndim
    if len(axes) == 1:
        return of_vectors(a, ord, normalize_axis_index(axes[0], x.ndim), keepdims)
    if len(axes) != 2:
        raise NotImplementedError("np.linalg.norm over more than 2 axes is an error in NumPy")
    row, column = normalize_axis_index(axes[0], x.ndim), normalize_axis_index(axes[1], x.ndim)
    if row == column:
        raise NotImplementedError("np.linalg.norm over one axis twice is an error in NumPy")
    return of_matrices(a, ord, row, column, keepdims)


def matrix_norm(x, keepdims=False, ord=None):
    return norm(x, ord, (-2, -1), keepdims)


def vector_norm(x, axis=None, keepdims=False, ord=2):
    if isinstance(axis, tuple):
        raise NotImplementedError("np.linalg.vector_norm over a tuple of axes is not supported")
    if axis is None:
        found = norm(flattened(x), ord, 0)
        return np.full((1,) * x.ndim, found) if keepdims else found
    return norm(x, ord, axis, keepdims)


DEFINITIONS = {"numpy.linalg.norm": norm, "numpy.linalg.matrix_norm": matrix_norm,
               "numpy.linalg.vector_norm": vector_norm}
