"""Medians and quantiles, in NumPy's steps; the methods are those of Hyndman and Fan (1996) and four more."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand, is_complex, is_float, places
from thalweg.definitions.sorting import sort_rows


def axes_of(axis, ndim):
    """Which axes are reduced, from 0 on."""
    found = ()
    if axis is None:
        for d, _ in enumerate((0,) * ndim):
            found = found + (d,)
    elif isinstance(axis, tuple):
        for each in axis:
            place = normalize_axis_index(each, ndim)
            if place in found:
                raise NotImplementedError("an axis that is given twice is an error in NumPy")
            found = found + (place,)
    else:
        found = (normalize_axis_index(axis, ndim),)
    return found


def sorted_lines(a, axes):
    """The elements along some axes, sorted, in the last dimension; the other dimensions before it."""
    kept, shape, count = (), (), 1
    for d, n in enumerate(a.shape):
        if d in axes:
            count = count * n
        else:
            kept, shape = kept + (d,), shape + (n,)
    lines = np.reshape(np.copy(np.transpose(a, kept + axes)), (places(shape), count))
    sort_rows(lines)
    return np.reshape(lines, shape + (count,))


def kept_dimensions(value, shape, axes):
    """A result with the reduced axes of length 1."""
    whole = ()
    for d, n in enumerate(shape):
        whole = whole + (1 if d in axes else n,)
    return np.full(whole, value) if np.ndim(value) == 0 else np.reshape(value, whole)


def with_nans(values, lines):
    """NaN where the last of sorted lines is NaN, and the value elsewhere."""
    last = lines[..., -1]
    return np.where(np.isnan(last), last, values) if is_float(lines.dtype) else values


def put_into(out, found):
    """The results in the array that was given for them."""
    if out is None:
        return found
    if np.result_type(found) != out.dtype or out.ndim != np.ndim(found):
        raise NotImplementedError("out= of another type or number of dimensions is not supported")
    out[...] = found
    return out


def mean_of_two(low, high):
    """NumPy's mean of them, which sums float16 in float32."""
    if low.dtype == np.float16:
        return ((low.astype(np.float32) + high.astype(np.float32)) / 2).astype(np.float16)
    return (low + high) / 2


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    if overwrite_input or is_complex(a.dtype):
        raise NotImplementedError("np.median with overwrite_input, or of complex numbers, is not supported")
    axes = axes_of(axis, a.ndim)
    lines = sorted_lines(a, axes)
    n = lines.shape[-1]
    padded = np.empty(lines.shape[:-1] + (max(n, 1),), lines.dtype)  # of no elements it is NaN
    padded[..., :n] = lines
    padded[..., n:] = 0
    low = padded[..., max(n - 1, 0) // 2]
    high = padded[..., min(n // 2, max(n - 1, 0))]
    if is_float(a.dtype):
        middle = np.where(n % 2 == 1, low, mean_of_two(low, high)) + 0  # a mean: no zero is negative
        middle = with_nans(middle, padded)
    else:
        middle = (low.astype(np.float64) + high) / 2
    found = np.where(n == 0, np.nan, middle)
    return put_into(out, kept_dimensions(found, a.shape, axes) if keepdims else found)


DISCRETE = ("inverted_cdf", "closest_observation", "lower", "higher", "nearest")
CONTINUOUS = ("linear", "interpolated_inverted_cdf", "hazen", "weibull", "median_unbiased", "normal_unbiased",
              "averaged_inverted_cdf", "midpoint")


def discrete_place(n, q, method):
    """Which of n sorted elements a discrete method takes."""
    if method == "lower":
        return int(np.floor((n - 1) * q))
    if method == "higher":
        return int(np.ceil((n - 1) * q))
    if method == "nearest":
        return int(np.rint((n - 1) * q))
    at = n * q - 1 if method == "inverted_cdf" else n * q - 1 - 0.5
    below = np.floor(at)
    exact = at == below and (method == "inverted_cdf" or below % 2 == 1)
    return max(int(below if exact else below + 1), 0)


def continuous_place(n, q, method):
    """Where between n sorted elements a continuous method looks."""
    if method == "linear":
        return (n - 1) * q
    if method == "averaged_inverted_cdf":
        return n * q - 1
    if method == "midpoint":
        return 0.5 * (np.floor((n - 1) * q) + np.ceil((n - 1) * q))
    alpha, beta = 0.0, 0.0
    if method == "interpolated_inverted_cdf":
        beta = 1.0
    elif method == "hazen":
        alpha, beta = 0.5, 0.5
    elif method == "median_unbiased":
        alpha, beta = 1 / 3.0, 1 / 3.0
    elif method == "normal_unbiased":
        alpha, beta = 3 / 8.0, 3 / 8.0
    return n * q + (alpha + q * (1 - alpha - beta)) - 1


def quantile_of(lines, q, method):
    """One quantile of each sorted line; as in NumPy it is NaN where infinities of one sign are taken apart."""
    n = lines.shape[-1]
    if method in DISCRETE:
        place = discrete_place(n, q, method)
        return with_nans(lines[place] if lines.ndim == 1 else lines[..., place], lines)
    at = continuous_place(n, q, method)
    below = 0 if at < 0 else int(np.floor(at))
    above = below if at < 0 else below + 1
    if at >= n - 1:
        below = above = -1
    part = at - below
    if method == "averaged_inverted_cdf":
        part = 0 * part + (0.5 if part == 0 else 1.0)  # of the type of q
    elif method == "midpoint":
        part = 0 * part + (0.0 if at % 1 == 0 else 0.5)
    if np.result_type(q, np.float32(0)) == np.float32:
        part = float(part)  # a Python float does not make floats of single precision double
    low = lines[..., below]
    high = lines[..., above]
    apart = high - low
    value = np.where(part >= 0.5, high - apart * (1 - part), low + apart * part)
    return with_nans(value, lines)


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    if overwrite_input or weights is not None:
        raise NotImplementedError("np.quantile with overwrite_input or weights is not supported")
    if method not in DISCRETE and method not in CONTINUOUS:
        raise NotImplementedError("np.quantile with this method is an error in NumPy")
    if is_complex(a.dtype) or a.dtype == np.bool_ and method not in DISCRETE:
        raise NotImplementedError("np.quantile of complex numbers or bool is an error in NumPy")
    at = np.array(q) if isinstance(q, (tuple, list)) else q
    if np.ndim(at) > 1 or np.result_type(at) != np.float64:
        raise NotImplementedError("np.quantile at other than a float, or floats in 1 dimension, is not supported")
    axes = axes_of(axis, a.ndim)
    lines = sorted_lines(a, axes)
    demand(bool(np.all(at >= 0)) and bool(np.all(at <= 1)))
    if np.ndim(at) == 0:
        found = quantile_of(lines, at, method)
        return put_into(out, kept_dimensions(found, a.shape, axes) if keepdims else found)
    several = np.empty((at.shape[0],) + lines.shape[:-1], a.dtype if method in DISCRETE else np.float64)
    for k in range(at.shape[0]):
        several[k] = quantile_of(lines, at[k], method)
    if not keepdims:
        return put_into(out, several)
    whole = ()
    for d, n in enumerate(a.shape):
        whole = whole + (1 if d in axes else n,)
    return put_into(out, np.reshape(several, (at.shape[0],) + whole))


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    at = np.array(q) if isinstance(q, (tuple, list)) else q
    return np.quantile(a, at / 100, axis, out, overwrite_input, method, keepdims, weights=weights)


DEFINITIONS = {"numpy.median": median, "numpy.quantile": quantile, "numpy.percentile": percentile}
