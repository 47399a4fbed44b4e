"""Differences of neighbours along an axis: diff, gradient, the trapezoidal rule."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import along, demand, flattened, is_float, is_inexact


def difference(a, n=1, axis=-1, prepend=None, append=None):
    if prepend is not None or append is not None:
        raise NotImplementedError("np.diff with prepend or append is not supported")
    if np.ndim(a) == 0 and n == 0:
        raise NotImplementedError("np.diff of a number is an error in NumPy, or the number itself: n=0")
    if n == 0:
        return a
    if a.ndim == 0 or n < 0:
        raise NotImplementedError("np.diff of no dimensions, or a negative number of times, is an error in NumPy")
    place = normalize_axis_index(axis, a.ndim)
    for _ in (0,) * n:
        if a.dtype == np.bool_:
            a = along(a, place, 1, a.shape[place]) != along(a, place, 0, -1)
        else:
            a = along(a, place, 1, a.shape[place]) - along(a, place, 0, -1)
    return a


def flat_difference(ary, to_end=None, to_begin=None):
    flat = flattened(ary)
    apart = flat[1:] - flat[:-1]
    if to_end is None and to_begin is None:
        return apart
    return np.concatenate((end_of(to_begin, flat.dtype), apart, end_of(to_end, flat.dtype)))


def end_of(given, kind):
    """What stands before or behind the differences, in their type."""
    if given is None:
        return np.empty(0, kind)
    items = flattened(np.array(given))
    if not np.can_cast(items.dtype, kind, "same_kind"):
        raise TypeError("dtype of `to_begin` or `to_end` must be compatible with input `ary` "
                        "under the `same_kind` rule.")
    return items.astype(kind)


def slope(f, dx, place, edge_order):
    """The derivative along one axis, of points dx apart."""
    out = np.empty(f.shape, f.dtype if is_inexact(f.dtype) else np.float64)
    into = np.swapaxes(out, place, -1)
    of = np.swapaxes(f if is_inexact(f.dtype) else f.astype(np.float64), place, -1)
    demand(f.shape[place] > edge_order)
    even_slope(into, of, dx, edge_order)
    return out


def even_slope(into, of, dx, edge_order):
    into[..., 1:-1] = (of[..., 2:] - of[..., :-2]) / (2.0 * dx)
    if edge_order == 1:
        into[..., 0] = (of[..., 1] - of[..., 0]) / dx
        into[..., -1] = (of[..., -1] - of[..., -2]) / dx
    else:
        into[..., 0] = -1.5 / dx * of[..., 0] + 2.0 / dx * of[..., 1] + -0.5 / dx * of[..., 2]
        into[..., -1] = 0.5 / dx * of[..., -3] + -2.0 / dx * of[..., -2] + 1.5 / dx * of[..., -1]


def slope_over(f, x, place, edge_order):
    """The derivative along one axis, of points at x: of the parabola through three neighbours."""
    if np.iscomplexobj(x) or x.dtype == np.bool_ or np.ndim(x) != 1:
        raise NotImplementedError("np.gradient over points that are not real numbers in 1 dimension is not supported")
    out = np.empty(f.shape, f.dtype if is_inexact(f.dtype) else np.float64)
    into = np.swapaxes(out, place, -1)
    of = np.swapaxes(f if is_inexact(f.dtype) else f.astype(np.float64), place, -1)
    demand(x.shape[0] == f.shape[place])
    d = np.diff(x if is_float(x.dtype) else x.astype(np.float64))
    even = bool(np.all(d == d[0]))
    demand(f.shape[place] > edge_order)
    if even:
        even_slope(into, of, d[0], edge_order)
        return out
    left = d[:-1]
    right = d[1:]
    into[..., 1:-1] = (-right / (left * (left + right)) * of[..., :-2] + (right - left) / (left * right) * of[..., 1:-1]
                       + left / (right * (left + right)) * of[..., 2:])
    if edge_order == 1:
        into[..., 0] = (of[..., 1] - of[..., 0]) / d[0]
        into[..., -1] = (of[..., -1] - of[..., -2]) / d[-1]
    else:
        p, q = d[0], d[1]
        into[..., 0] = (-(2.0 * p + q) / (p * (p + q)) * of[..., 0] + (p + q) / (p * q) * of[..., 1]
                        + -p / (q * (p + q)) * of[..., 2])
        p, q = d[-2], d[-1]
        into[..., -1] = (q / (p * (p + q)) * of[..., -3] + -(q + p) / (p * q) * of[..., -2]
                         + (2.0 * q + p) / (q * (p + q)) * of[..., -1])
    return out


def gradient(f, first=None, second=None, third=None, *, axis=None, edge_order=1):
    """first, second, third: one spacing for all axes, or for each axis its spacing or its points."""
    if f.ndim == 0 or f.dtype == np.bool_ or edge_order != 1 and edge_order != 2:
        raise NotImplementedError("np.gradient of no dimensions, of bool, or of this edge_order, is not supported")
    axes = ()
    if axis is None:
        for place, _ in enumerate(f.shape):
            axes = axes + (place,)
    else:
        for each in axis if isinstance(axis, (tuple, list)) else (axis,):
            axes = axes + (normalize_axis_index(each, f.ndim),)
    given = (first,) if second is None else (first, second) if third is None else (first, second, third)
    if len(given) == 1:
        if first is not None and np.ndim(first) > 0 and len(axes) > 1:
            raise TypeError("invalid number of arguments")
    elif len(given) != len(axes):
        raise TypeError("invalid number of arguments")
    slopes = ()
    for k, place in enumerate(axes):
        apart = 1.0 if first is None else given[k if len(given) > 1 else 0]
        if isinstance(apart, (tuple, list)):
            apart = np.array(apart)
        if np.ndim(apart) == 0:
            slopes = slopes + (slope(f, apart, place, edge_order),)
        else:
            slopes = slopes + (slope_over(f, apart, place, edge_order),)
    return slopes[0] if len(slopes) == 1 else slopes


def trapezoid(y, x=None, dx=1.0, axis=-1):
    place = normalize_axis_index(axis, y.ndim)
    both = along(y, place, 1, y.shape[place]) + along(y, place, 0, -1)
    if x is None:
        return np.sum(dx * both / 2.0, axis=axis)  # of what dx may have made of it
    if x.ndim == 1:
        width = np.diff(x)
        return np.sum(np.swapaxes(np.swapaxes(both, place, -1) * width, place, -1) / 2.0, axis=place)
    return np.sum(np.diff(x, axis=axis) * both / 2.0, axis=axis)


def unwrap_integers(p, limit, axis, period):
    """With a period that is one, too; half of an even one goes upwards where the step did."""
    high = period // 2
    d = np.diff(p, axis=axis)
    wrapped = np.mod(d + high, period) - high
    if period % 2 == 0:
        wrapped = np.where(np.logical_and(wrapped == -high, d > 0), high, wrapped)
    correction = np.where(np.abs(d) < limit, 0, wrapped - d)
    up = p.astype(np.result_type(d, period))
    into = np.swapaxes(up, axis, -1)
    into[..., 1:] = np.swapaxes(p, axis, -1)[..., 1:] + np.swapaxes(np.cumsum(correction, axis=axis), axis, -1)
    return up


def unwrap(p, discont=None, axis=-1, *, period=2 * np.pi):
    """Adds multiples of the period so that neighbours differ by at most half of it."""
    half = period / 2
    kind = np.multiply(p, period).dtype
    if kind == np.int64 or kind == np.int32 or kind == np.int16 or kind == np.int8:
        return unwrap_integers(p, half if discont is None else discont, axis, period)
    if not is_float(kind):
        raise NotImplementedError("np.unwrap of unsigned integers, of bool or of complex numbers is not supported")
    d = np.diff(p, axis=axis)
    wrapped = np.mod(d + half, period) - half
    wrapped = np.where(np.logical_and(wrapped == -half, d > 0), half, wrapped)
    correction = np.where(np.abs(d) < (half if discont is None else discont), 0, wrapped - d)
    up = p.astype(wrapped.dtype)
    into = np.swapaxes(up, axis, -1)
    into[..., 1:] = np.swapaxes(p, axis, -1)[..., 1:] + np.swapaxes(np.cumsum(correction, axis=axis), axis, -1)
    return up


DEFINITIONS = {"numpy.diff": difference, "numpy.ediff1d": flat_difference, "numpy.gradient": gradient,
               "numpy.trapezoid": trapezoid, "numpy.unwrap": unwrap}
