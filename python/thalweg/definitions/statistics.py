"""Variance and deviation in NumPy's two passes (numpy/_core/_methods.py); covariances as one product."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand, is_inexact
from thalweg.errors import UnsupportedError


def count_along(a, axis):
    """How many elements a reduction takes together."""
    if axis is None:
        return a.size
    if not isinstance(axis, tuple):
        return a.shape[normalize_axis_index(axis, a.ndim)]
    count = 1
    for each in axis:
        count = count * a.shape[normalize_axis_index(each, a.ndim)]
    return count


def squares(apart):
    """The squared sizes of numbers."""
    if np.iscomplexobj(apart):
        return np.real(apart) * np.real(apart) + np.imag(apart) * np.imag(apart)
    return apart * apart


def variance(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    if out is not None or dtype is not None and not is_inexact(dtype) or np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("np.var and np.std with out, or a dtype of integers or beside complex numbers, "
                                  "is not supported")
    less = ddof
    if correction is not None:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        less = correction
    kind = dtype if dtype is not None else a.dtype if is_inexact(a.dtype) else np.float64
    if isinstance(where, bool):
        if not where:
            raise NotImplementedError("np.var and np.std of nothing are not supported")
        middle = mean
        if mean is None and kind == np.float16:  # from a sum that is rounded
            middle = (np.sum(a, axis=axis, dtype=kind, keepdims=True) / np.float64(count_along(a, axis))).astype(kind)
        elif mean is None:
            middle = np.mean(a, axis=axis, dtype=kind, keepdims=True)
        total = np.sum(squares(a - middle), axis=axis, dtype=dtype, keepdims=keepdims)
        freedom = max(count_along(a, axis) - less, 0.0 if isinstance(less, float) else 0)
        if total.dtype == np.float16:
            return (total / np.float64(freedom)).astype(np.float16)
        return total / freedom
    if np.ndim(where) > np.ndim(a):
        raise ValueError("input operand has more dimensions than allowed by the axis remapping")
    chosen = np.empty(a.shape, np.bool_)
    chosen[...] = where
    middle = mean
    if mean is None:
        count = np.sum(chosen, axis=axis, keepdims=True)
        middle = (np.sum(np.where(chosen, a, 0), axis=axis, dtype=kind, keepdims=True) / count).astype(kind)
    square = squares(a - middle)
    total = np.sum(np.where(chosen, square, 0), axis=axis, dtype=dtype, keepdims=keepdims)
    freedom = np.maximum(np.sum(chosen, axis=axis, keepdims=keepdims) - less, 0)
    return (total / freedom).astype(total.dtype)


def deviation(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    return np.sqrt(variance(a, axis, dtype, out, ddof, keepdims, where=where, mean=mean, correction=correction))


def rows_of(m, rowvar, kind):
    """Variables in rows, of an element type."""
    if m.ndim == 1:
        return m.astype(kind)[None, :]
    return (m if rowvar else np.transpose(m)).astype(kind)


def demand_weights(weights, observations, whole):
    """What NumPy demands of weights of observations."""
    if whole and not bool(np.all(weights == np.rint(weights))):
        raise TypeError("fweights must be integer")
    if weights.shape[0] != observations:
        raise ValueError("incompatible numbers of samples and weights (in NumPy a RuntimeError)")
    demand(not bool(np.any(weights < 0)))


def covariances(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    if m.ndim == 0 or m.ndim == 1 and y is None:
        raise NotImplementedError("np.cov of one variable is an array of no dimensions, which is not supported")
    if m.ndim > 2 or y is not None and (y.ndim > 2 or y.ndim == 0):
        raise NotImplementedError("np.cov of other than 1 or 2 dimensions is not supported")
    if dtype is not None and not is_inexact(dtype) or np.iscomplexobj(m) and dtype is not None:
        raise NotImplementedError("np.cov with a dtype of integers, or beside complex numbers, is not supported")
    kind = dtype
    if dtype is None:
        kind = np.result_type(m, np.float64(0)) if y is None else np.result_type(m, y, np.float64(0))
    x = rows_of(m, rowvar, kind)
    if y is None:
        if x.shape[0] == 1:
            raise UnsupportedError("np.cov of one variable is an array of no dimensions, which is not supported")
    else:
        if y.ndim == 2 and not rowvar and y.shape[0] == 1 and y.shape[1] > 1:
            raise UnsupportedError("np.cov of columns with a y of one row, which NumPy does not turn, is not supported")
        x = np.concatenate((x, rows_of(y, rowvar, kind)), axis=0)
    less = ddof if ddof is not None else 0 if bias else 1
    if fweights is None and aweights is None:
        apart = x - np.mean(x, axis=1, keepdims=True)
        product = np.dot(apart, np.conj(np.transpose(apart)))
        return product * np.true_divide(1, max(x.shape[1] - less, 0)).astype(np.real(x).dtype)
    weights = np.ones(x.shape[1])
    if fweights is not None and fweights.ndim != 1 or aweights is not None and aweights.ndim != 1:
        raise NotImplementedError("np.cov with weights of other than 1 dimension is an error in NumPy")
    if fweights is not None:
        counts = fweights.astype(np.float64)
        demand_weights(counts, x.shape[1], True)
        weights = counts
    if aweights is not None:
        shares = aweights.astype(np.float64)
        demand_weights(shares, x.shape[1], False)
        weights = weights * shares
    total = np.sum(weights)
    some_zero = bool(total == 0)
    1 / (0 if some_zero else 1)
    freedom = total if less == 0 else total - less
    if aweights is not None and less != 0:
        freedom = total - less * np.sum(weights * aweights.astype(np.float64)) / total
    apart = x - (np.sum(x * weights, axis=1, keepdims=True) / total).astype(x.dtype)
    product = np.dot(apart, np.conj(np.transpose(apart * weights)))
    return product * np.true_divide(1, np.maximum(freedom, 0)).astype(np.real(x).dtype)


def correlations(x, y=None, rowvar=True, *, dtype=None):
    c = covariances(x, y, rowvar, False, dtype=dtype)
    deviations = np.empty(c.shape[0], np.real(c).dtype)
    for k in range(c.shape[0]):
        deviations[k] = np.sqrt(np.real(c[k, k]))
    c = c / deviations[:, None] / deviations[None, :]
    if np.iscomplexobj(c):
        return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1)
    return np.clip(c, -1, 1)


DEFINITIONS = {"numpy.var": variance, "numpy.std": deviation, "numpy.cov": covariances, "numpy.corrcoef": correlations}
