"""The norm that needs no decomposition, in NumPy's steps (numpy/linalg/_linalg.py)."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import flattened, is_complex, is_inexact


def norm(x, ord=None, axis=None, keepdims=False):
    if ord is not None or x.ndim == 0 or isinstance(axis, tuple) or isinstance(axis, list):
        raise NotImplementedError("np.linalg.norm with ord, of numbers or over a tuple of axes is not supported")
    a = x if is_inexact(x.dtype) else x.astype(np.float64)
    if axis is not None:
        place = normalize_axis_index(axis, x.ndim)
        return np.sqrt(np.sum(np.real(np.conj(a) * a), axis=place, keepdims=keepdims))
    flat = flattened(a)
    if is_complex(a.dtype):
        square = np.dot(np.real(flat), np.real(flat)) + np.dot(np.imag(flat), np.imag(flat))
    else:
        square = np.dot(flat, flat)
    return np.full((1,) * x.ndim, np.sqrt(square)) if keepdims else np.sqrt(square)


DEFINITIONS = {"numpy.linalg.norm": norm}
