"""Medians and quantiles that leave out NaNs, in NumPy's steps (numpy/lib/_nanfunctions_impl.py)."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.order_statistics import mean_of_two, put_into
from thalweg.definitions.parts import demand, flattened, is_complex, is_float, places


def sorted_lines(a, axis):
    """The elements along the axis in rows, sorted, NaNs last."""
    if axis is None:
        return np.reshape(np.sort(flattened(a)), (1, a.size))
    place = normalize_axis_index(axis, a.ndim)
    n = a.shape[place]
    rows = np.copy(np.moveaxis(np.sort(a, place), place, -1))
    return np.reshape(rows, (places(rows.shape[:-1]), n))


def without(shape, axis):
    """The shape without the axis."""
    left = ()
    for d, n in enumerate(shape):
        if d != normalize_axis_index(axis, len(shape)):
            left = left + (n,)
    return left


def count_numbers(row):
    """How many of a sorted row are not NaN."""
    low = 0
    high = row.shape[0]
    while low < high:
        middle = low + (high - low) // 2
        if np.isnan(row[middle]):
            high = middle
        else:
            low = middle + 1
    return low


def shaped(values, a, axis, keepdims):
    """One value for each row, in NumPy's shape."""
    if axis is None or a.ndim == 1:
        if keepdims:
            return np.reshape(values, (1,) * a.ndim)
        return values[0]
    found = np.reshape(values, without(a.shape, axis))
    if keepdims:
        return np.expand_dims(found, axis)
    return found


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    if overwrite_input or isinstance(axis, tuple):
        raise NotImplementedError("np.nanmedian with overwrite_input, or over several axes, is not supported")
    if is_complex(a.dtype) or a.dtype == np.bool_:
        raise NotImplementedError("np.nanmedian of complex numbers or bool is not supported")
    rows = sorted_lines(a, axis)
    values = np.full((rows.shape[0],), np.nan, a.dtype if is_float(a.dtype) else np.float64)
    halved = axis is not None and a.ndim > 1 and rows.shape[1] < 600  # NumPy halves the sum of the two middle ones then
    for k in range(rows.shape[0]):
        count = count_numbers(rows[k])
        if count > 0:
            low = rows[k, (count - 1) // 2].astype(values.dtype)
            high = rows[k, count // 2].astype(values.dtype)
            if halved:
                values[k] = (low + high) / 2
            else:
                values[k] = mean_of_two(low, high) if count % 2 == 0 else low
    return put_into(out, shaped(values, a, axis, keepdims))


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    if overwrite_input or method != "linear" or isinstance(axis, tuple):
        raise NotImplementedError("np.nanquantile does only its linear method, over one axis or all")
    if is_complex(a.dtype) or a.dtype == np.bool_ or np.ndim(q) != 0 or np.result_type(q) != np.float64:
        raise NotImplementedError("np.nanquantile of complex numbers or bool, or at no float, is not supported")
    demand(bool(q >= 0) and bool(q <= 1))
    rows = sorted_lines(a, axis)
    values = np.full((rows.shape[0],), np.nan, np.result_type(np.zeros(1, a.dtype), q))
    for k in range(rows.shape[0]):
        count = count_numbers(rows[k])
        if count > 0:
            at = (count - 1) * q
            below = min(int(np.floor(at)), count - 1)
            part = at - below
            low = rows[k, below]
            high = rows[k, min(below + 1, count - 1)]
            apart = high - low
            values[k] = high - apart * (1 - part) if part >= 0.5 else low + apart * part
    return put_into(out, shaped(values, a, axis, keepdims))


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    if np.ndim(q) != 0:
        raise NotImplementedError("np.nanpercentile at several places is not supported")
    return np.nanquantile(a, q / 100, axis, out, overwrite_input, method, keepdims)


DEFINITIONS = {"numpy.nanmedian": median, "numpy.nanquantile": quantile, "numpy.nanpercentile": percentile}
