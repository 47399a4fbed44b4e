"""Variance and deviation, in NumPy's two passes (numpy/_core/_methods.py)."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index


def variance(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    if dtype is not None or out is not None:
        raise NotImplementedError("np.var and np.std with dtype or out is not supported")
    apart = a - np.mean(a, axis=axis, keepdims=True)
    if np.iscomplexobj(apart):
        square = np.real(apart * np.conj(apart))
    else:
        square = apart * apart
    total = np.sum(square, axis=axis, keepdims=keepdims)
    if axis is None:
        count = a.size
    elif isinstance(axis, tuple):
        count = 1
        for each in axis:
            count = count * a.shape[normalize_axis_index(each, a.ndim)]
    else:
        count = a.shape[normalize_axis_index(axis, a.ndim)]
    return total / max(count - ddof, 0)


def deviation(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return np.sqrt(np.var(a, axis=axis, dtype=dtype, out=out, ddof=ddof, keepdims=keepdims))


DEFINITIONS = {"numpy.var": variance, "numpy.std": deviation}
