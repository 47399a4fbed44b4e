"""Values between given points, by the formula and special cases of NumPy's C code."""

import numpy as np

from thalweg.definitions.parts import demand, flattened


def between_points(x, xp, fp, left, right):
    """The value at one place; xp rises."""
    n = xp.shape[0]
    low = 0
    high = n
    while low < high:
        middle = low + (high - low) // 2
        if xp[middle] <= x:
            low = middle + 1
        else:
            high = middle
    j = min(max(low - 1, 0), n - 1)
    k = min(j + 1, n - 1)
    slope = (fp[k] - fp[j]) / (xp[k] - xp[j])
    value = slope * (x - xp[j]) + fp[j]
    value = np.where(np.isnan(value), slope * (x - xp[k]) + fp[k], value)
    value = np.where(np.logical_and(np.isnan(value), fp[j] == fp[k]), fp[j], value)
    value = np.where(np.logical_or(xp[j] == x, j == n - 1), fp[j], value)
    value = np.where(x < xp[0], left, np.where(x > xp[n - 1], right, value))
    return np.where(np.isnan(x), np.where(n == 1, fp[0], x), value)


def around(xp, fp, period):
    """The points of one period in order, with the last one before them and the first one behind."""
    n = xp.shape[0]
    folded = np.mod(xp, period)
    order = np.argsort(folded, kind="stable")
    at = np.empty(n + 2)
    of = np.empty(n + 2)
    at[1:-1] = folded[order]
    of[1:-1] = fp[order]
    at[0] = at[n] - period
    of[0] = of[n]
    at[n + 1] = at[1] + period
    of[n + 1] = of[1]
    unclear = np.logical_and(at[2:-1] == at[1:-2], of[2:-1] != of[1:-2])
    if bool(np.any(unclear)):
        raise ValueError("np.interp with a period: which of two values in one place counts is open in NumPy")
    return at, of


def interpolate_parts(x, xp, fp, left, right, period):
    """Of complex numbers: the real and the imaginary parts, each like real numbers."""
    if period is not None:
        raise NotImplementedError("np.interp of complex numbers with a period is not supported")
    first = fp[0] if left is None else left
    last = fp[-1] if right is None else right
    real = interpolate_numbers(x, xp, np.real(fp), np.real(first), np.real(last), None)
    imaginary = interpolate_numbers(x, xp, np.imag(fp), np.imag(first), np.imag(last), None)
    if np.ndim(x) == 0:
        out = np.empty(1, np.complex128)
        out.real = real
        out.imag = imaginary
        return out[0]
    out = np.empty(x.shape, np.complex128)
    out.real = real
    out.imag = imaginary
    return out


def interpolate(x, xp, fp, left=None, right=None, period=None):
    if np.iscomplexobj(x) or np.iscomplexobj(xp):
        raise NotImplementedError("np.interp at complex numbers is an error in NumPy, but for scalars")
    if np.iscomplexobj(fp):
        return interpolate_parts(x, xp, fp, left, right, period)
    return interpolate_numbers(x, xp, fp, left, right, period)


def interpolate_numbers(x, xp, fp, left, right, period):
    if np.ndim(xp) != 1 or np.ndim(fp) != 1:
        raise NotImplementedError("np.interp of points not in 1 dimension is an error in NumPy")
    demand(xp.shape[0] > 0 and xp.shape[0] == fp.shape[0])
    at = xp.astype(np.float64)
    of = fp.astype(np.float64)
    if period is not None:
        demand(period != 0)
        length = np.abs(np.float64(period))
        at, of = around(at, of, length)
        return interpolate_in(np.mod(x, length), at, of, of[0], of[-1])
    first = of[0] if left is None else np.float64(left)
    last = of[-1] if right is None else np.float64(right)
    return interpolate_in(x, at, of, first, last)


def interpolate_in(x, at, of, first, last):
    if np.ndim(x) == 0:
        return np.float64(between_points(np.float64(x), at, of, first, last))
    flat = flattened(x).astype(np.float64)
    out = np.empty(flat.shape[0])
    for k in range(flat.shape[0]):
        out[k] = between_points(flat[k], at, of, first, last)
    return np.reshape(out, x.shape)


DEFINITIONS = {"numpy.interp": interpolate}
