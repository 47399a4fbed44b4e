"""Arrays with more elements around them, axis after axis: constants, edges, ramps, the elements mirrored or again."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import along, demand, is_complex, is_float


def pad(array, pad_width, mode="constant", *, constant_values=None, stat_length=None, end_values=None, reflect_type=None):
    if (constant_values is not None and mode != "constant" or end_values is not None and mode != "linear_ramp"
            or stat_length is not None and mode not in ("maximum", "minimum", "mean", "median")
            or reflect_type is not None and mode != "reflect" and mode != "symmetric"):
        raise ValueError("unsupported keyword arguments for this mode")
    if (mode != "constant" and mode != "edge" and mode != "wrap" and mode != "reflect" and mode != "symmetric"
            and mode != "empty" and mode != "linear_ramp" and mode != "maximum" and mode != "minimum"
            and mode != "mean" and mode != "median"):
        raise ValueError("mode is not supported")
    if mode == "linear_ramp" or mode == "maximum" or mode == "minimum" or mode == "mean" or mode == "median":
        if is_complex(array.dtype) or array.dtype == np.bool_:
            raise NotImplementedError("np.pad of complex numbers or bool with this mode is not supported")
    odd = reflect_type is not None and reflect_type == "odd"
    if reflect_type is not None and not odd and reflect_type != "even":
        raise NotImplementedError("np.pad with this reflect_type is not supported")
    if odd and array.dtype == np.bool_:
        raise NotImplementedError("np.pad of bool with reflect_type='odd' is not supported")
    if array.ndim == 0:
        raise NotImplementedError("np.pad of no dimensions is not supported")
    if isinstance(pad_width, dict):
        before, after = pairs(array.ndim, widths_of_axes(array.ndim, pad_width))
    else:
        if not isinstance(pad_width, (tuple, list)) and np.ndim(pad_width) != 0:
            raise NotImplementedError("np.pad with an array of widths is not supported")
        before, after = pairs(array.ndim, pad_width)
    shape = ()
    for width in before + after:
        if not isinstance(width, (int, np.int64, np.int32)):
            raise NotImplementedError("np.pad by other than int, int32 and int64 is not supported: write int(width)")
    for d, n in enumerate(array.shape):
        demand(before[d] >= 0 and after[d] >= 0)
        if mode != "constant" and mode != "empty":
            demand(n > 0 or before[d] == 0 and after[d] == 0)
        shape = shape + (before[d] + n + after[d],)
    out = np.empty(shape, array.dtype)
    inner = out
    for d, n in enumerate(array.shape):
        inner = along(inner, d, before[d], before[d] + n)
    inner[...] = array
    if mode == "empty":
        return out
    firsts, lasts = settings(array.ndim, is_small(array.dtype), mode, constant_values, stat_length, end_values)
    for d, n in enumerate(array.shape):
        x = out
        for later, extent in enumerate(array.shape):
            if later > d:
                x = along(x, later, before[later], before[later] + extent)
        if odd:
            mirror_at_edges(np.swapaxes(x, d, -1), before[d], n, after[d], mode == "symmetric")
        else:
            extend(np.swapaxes(x, d, -1), before[d], n, after[d], mode, firsts[d], lasts[d])
    return out


def widths_of_axes(ndim, pad_width):
    """A pair for each axis; axes that are not named get nothing."""
    widths = ()
    for d, _ in enumerate((0,) * ndim):
        pair = (0, 0)
        for axis, width in pad_width.items():
            if normalize_axis_index(axis, ndim) == d:
                pair = width if isinstance(width, tuple) else (width, width)
                if isinstance(width, list) or len(pair) != 2:
                    raise NotImplementedError("np.pad by a width that is no integer and no pair is an error in NumPy")
        widths = widths + (pair,)
    return widths


def is_small(kind):
    return kind == np.float32 or kind == np.float16


def settings(ndim, small, mode, constant_values, stat_length, end_values):
    """What the mode takes for both sides of every axis."""
    if mode == "constant":
        return pairs(ndim, 0 if constant_values is None else as_elements(constant_values))
    if mode == "linear_ramp":
        if isinstance(end_values, (tuple, list)) and isinstance(end_values[0], (tuple, list)) and small:
            raise NotImplementedError("np.pad of float32 or float16 to ramps of a pair for each axis is refused")
        return pairs(ndim, 0 if end_values is None else end_values)
    return pairs(ndim, stat_length)


def as_elements(given):
    """One number, or two, as NumPy's: a Python int beyond the elements' type is none of its errors then."""
    if np.isscalar(given):
        return np.array(given)[()]
    if isinstance(given, (tuple, list)) and len(given) == 2 and np.isscalar(given[0]) and np.isscalar(given[1]):
        both = np.array(given)
        return both[0], both[1]
    return given


def pairs(ndim, given):
    """What one number, a pair, or a pair for each axis says of the sides in front and those behind."""
    firsts, lasts = (), ()
    if isinstance(given, (tuple, list)) and isinstance(given[0], (tuple, list)):
        if len(given) != 1 and len(given) != ndim:
            raise ValueError("operands could not be broadcast together")
    for d, _ in enumerate((0,) * ndim):
        pair = given
        if isinstance(given, (tuple, list)) and isinstance(given[0], (tuple, list)):
            pair = given[0] if len(given) == 1 else given[d]
        one = not isinstance(pair, (tuple, list))
        if not one and len(pair) > 2:
            raise ValueError("operands could not be broadcast together")
        firsts = firsts + (pair if one else pair[0],)
        lasts = lasts + (pair if one else pair[len(pair) - 1],)
    return firsts, lasts


def extend(x, before, n, after, mode, first, last):
    """Fills the last axis of x on both sides of the n elements that are there."""
    end = before + n
    if mode == "constant":
        x[..., :before] = first
        x[..., end:] = last
    elif mode == "edge":
        for k in range(before):
            x[..., k] = x[..., before]
        for k in range(after):
            x[..., end + k] = x[..., end - 1]
    elif mode == "wrap":
        period = max(n, 1)
        for k in range(before):
            x[..., k] = x[..., before + (k - before) % period]
        for k in range(after):
            x[..., end + k] = x[..., before + k % period]
    elif mode == "reflect" or mode == "symmetric":
        for k in range(before):
            x[..., k] = x[..., before + mirrored(k - before, n, mode)]
        for k in range(after):
            x[..., end + k] = x[..., before + mirrored(n + k, n, mode)]
    elif mode == "linear_ramp":
        if before > 0:
            x[..., :before] = ramp(x[..., before:before + 1], first, before)
        if after > 0:
            x[..., end:] = ramp(x[..., end - 1:end], last, after)[..., ::-1]
    elif before > 0 or after > 0:
        statistics(x, before, n, mode, first, last)


def mirror_at_edges(x, before, n, after, symmetric):
    """Both sides in turn, as far as the elements that are there reach; what is mirrored goes on beyond the edge."""
    left, right = before, after
    total = before + n + after
    if n == 1:
        x[..., :before] = x[..., before:before + 1]
        x[..., before + n:] = x[..., before:before + 1]
        left, right = 0, 0
    while left > 0 or right > 0:
        there = total - left - right
        if symmetric:
            there = there // max(n, 1) * n
        else:
            there = (there - 1) // max(n - 1, 1) * (n - 1)
        apart = 0 if symmetric else 1
        if left > 0:
            count = min(there, left)
            for k in range(count):
                x[..., left - 1 - k] = 2 * x[..., left] - x[..., left + apart + k]
            left -= count
        if right > 0:
            end = total - right
            count = min(there, right)
            for k in range(count):
                x[..., end + k] = 2 * x[..., end - 1] - x[..., end - 1 - apart - k]
            right -= count


def mirrored(place, n, mode):
    """Which of n elements is read at a place, if they are read forwards and back in turn."""
    if mode == "reflect":
        period = max(2 * (n - 1), 1)
        return min(place % period, period - place % period)
    period = max(2 * n, 1)
    return min(place % period, period - 1 - place % period)


def ramp(edge, end, count):
    """Numbers in equal steps from the end value to the edge, which is not reached: np.linspace's way of computing."""
    start = np.float64(end)
    delta = edge - start
    step = delta / count
    places = np.arange(count).astype(np.float64)
    flat = bool(np.any(step == 0))
    values = np.where(flat, places / count * delta, places * step) + start
    return values if is_float(edge.dtype) else np.floor(values)


def statistics(x, before, n, mode, first, last):
    left = n if first is None else min(first, n)
    right = n if last is None else min(last, n)
    demand(left > 0 and right > 0)
    x[..., :before] = statistic(x[..., before:before + left], mode)
    x[..., before + n:] = statistic(x[..., before + n - right:before + n], mode)


def statistic(part, mode):
    if mode == "maximum":
        return np.max(part, axis=-1, keepdims=True)
    if mode == "minimum":
        return np.min(part, axis=-1, keepdims=True)
    mean = np.median(part, axis=-1, keepdims=True) if mode == "median" else np.mean(part, axis=-1, keepdims=True)
    return mean if is_float(part.dtype) else np.rint(mean)


DEFINITIONS = {"numpy.pad": pad}
