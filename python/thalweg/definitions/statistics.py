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


def rows_of(m, rowvar, kind):
    """Variables in rows, of an element type of at least double precision."""
    if m.ndim == 1:
        return m.astype(kind)[None, :]
    return (m if rowvar else np.transpose(m)).astype(kind)


def covariances(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, dtype=None):
    if fweights is not None or aweights is not None or dtype is not None:
        raise NotImplementedError("np.cov with weights or a dtype is not supported")
    if m.ndim == 0 or m.ndim == 1 and y is None:
        raise NotImplementedError("np.cov of one variable is an array of no dimensions, which is not supported")
    if m.ndim > 2:
        raise NotImplementedError("np.cov of more than 2 dimensions is an error in NumPy")
    if y is None:
        x = rows_of(m, rowvar, np.result_type(m, np.float64(0)))
        if x.shape[0] == 1:
            raise ValueError("np.cov of one variable is an array of no dimensions, which is not supported")
    else:
        if y.ndim != 1 and (y.ndim != 2 or not rowvar):
            raise NotImplementedError("np.cov with y of these dimensions is not supported")
        kind = np.result_type(m, y, np.float64(0))
        x = np.concatenate((rows_of(m, rowvar, kind), rows_of(y, rowvar, kind)), axis=0)
    less = ddof if ddof is not None else 0 if bias else 1
    apart = x - np.mean(x, axis=1, keepdims=True)
    return np.dot(apart, np.conj(np.transpose(apart))) * np.true_divide(1, max(x.shape[1] - less, 0))


def correlations(x, y=None, rowvar=True, dtype=None):
    c = covariances(x, y, rowvar, False, None, None, None, dtype)
    deviations = np.empty(c.shape[0])
    for k in range(c.shape[0]):
        deviations[k] = np.sqrt(np.real(c[k, k]))
    c = c / deviations[:, None] / deviations[None, :]
    if np.iscomplexobj(c):
        return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1)
    return np.clip(c, -1, 1)


DEFINITIONS = {"numpy.var": variance, "numpy.std": deviation, "numpy.cov": covariances, "numpy.corrcoef": correlations}
