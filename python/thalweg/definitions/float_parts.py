"""Floating-point numbers taken apart: fractions and exponents, neighbours, distances to the next number."""

import numpy as np

from thalweg.definitions.parts import is_float, is_inexact


def float_type(kind):
    """The element type, refused where it is none of real numbers."""
    if not is_float(kind):
        raise TypeError("this function takes real numbers")
    return kind


def power_of_two(n):
    """2.0 ** n, exactly, for -1022 <= n <= 1023: a product of the powers that the bits of |n| stand for."""
    k = np.abs(n)
    low = np.left_shift(1, k & 31) * np.where(k & 32 != 0, 2.0**32, 1.0) * np.where(k & 64 != 0, 2.0**64, 1.0)
    power = low * np.where(k & 128 != 0, 2.0**128, 1.0) * np.where(k & 256 != 0, 2.0**256, 1.0)
    power = power * np.where(k & 512 != 0, 2.0**512, 1.0)
    return np.where(n < 0, 1.0 / power, power)


def scaled(x1, x2):
    """x1 * 2 ** x2, rounded once.

    Three factors reach every exponent of double precision. Downwards the first two are 2 ** -969 (the idea of scalbn in
    FreeBSD's and musl's libm): where they round, the third is so small that the result is 0 all the same.
    """
    python = isinstance(x2, int) and not isinstance(x2, np.generic) and np.result_type(x1) != np.bool_
    exponents = np.int32(0) + x2 if python else np.multiply(x2, 1)
    if is_inexact(exponents.dtype) or exponents.dtype == np.uint64:
        raise TypeError("ufunc 'ldexp' takes integers as exponents")
    if isinstance(x1, int) and not isinstance(x1, np.generic) and not isinstance(x2, int):
        raise NotImplementedError("np.ldexp of a Python int by NumPy's integers is a float16, which is not supported")
    x = np.copysign(x1, x1)  # as a float
    if float_type(x.dtype) != np.float64:
        n = np.clip(exponents.astype(np.int64), -400, 400)
        return (x.astype(np.float64) * power_of_two(n)).astype(x.dtype)
    n = np.clip(exponents.astype(np.int64), -3000, 3000)
    first = np.where(n > 1023, 2.0**1023, np.where(n < -1022, 2.0**-969, 1.0))
    rest = np.where(n > 1023, n - 1023, np.where(n < -1022, n + 969, n))
    second = np.where(rest > 1023, 2.0**1023, np.where(rest < -1022, 2.0**-969, 1.0))
    last = np.where(rest > 1023, rest - 1023, np.where(rest < -1022, rest + 969, rest))
    return x * first * second * power_of_two(np.clip(last, -1022, 1023))


def fraction_and_exponent(x):
    """x as fraction * 2 ** exponent with 0.5 <= |fraction| < 1."""
    given = np.copysign(x, x)
    kind = float_type(given.dtype)
    wide = given.astype(np.float64)
    size = np.abs(wide)
    small = size < 2.0**-1022
    regular = np.logical_and(size > 0, np.isfinite(wide))
    normal = np.where(regular, np.where(small, wide * 2.0**54, wide), 1.0)
    near = np.clip(np.floor(np.log2(np.abs(normal))).astype(np.int64), -1022, 1022)  # may be one too large or small
    part = normal * power_of_two(-near) * 0.5
    large = np.abs(part) >= 1.0
    less = np.abs(part) < 0.5
    fraction = np.where(large, part * 0.5, np.where(less, part * 2.0, part))
    exponent = near + 1 + np.where(large, 1, 0) - np.where(less, 1, 0) - np.where(small, 54, 0)
    return np.where(regular, fraction, wide).astype(kind), np.where(regular, exponent, 0).astype(np.int32)


def fraction_and_whole(x):
    given = np.copysign(x, x)
    kind = float_type(given.dtype)
    whole = np.trunc(given)
    return np.copysign(np.where(np.isinf(given), 0.0, given - whole), given).astype(kind), whole


def unit_of(kind):
    """Half the distance from 1 to the next number."""
    return 2.0**-53 if kind == np.float64 else 2.0**-24 if kind == np.float32 else 2.0**-11


def least_of(kind):
    """The least number above 0."""
    return 2.0**-1074 if kind == np.float64 else 2.0**-149 if kind == np.float32 else 2.0**-24


def largest_of(kind):
    return 1.7976931348623157e308 if kind == np.float64 else 3.4028234663852886e38 if kind == np.float32 else 65504.0


def outwards(size):
    """The next number behind |x|, away from zero.

    Rump, Zimmermann, Boldo, Melquiond: Computing predecessor and successor in rounding to nearest (BIT 2009),
    algorithm 2.
    """
    unit, least = unit_of(size.dtype), least_of(size.dtype)
    raised = size / unit
    step = unit * (1.0 + 2.0 * unit)
    middle = (raised + step * raised) * unit
    return np.where(size >= 0.5 * (least / unit / unit), size + step * size,
                    np.where(size < least / unit, size + least, middle))


def inwards(size):
    """The number before |x|, towards zero, by the same algorithm."""
    unit, least = unit_of(size.dtype), least_of(size.dtype)
    raised = size / unit
    step = unit * (1.0 + 2.0 * unit)
    middle = (raised - step * raised) * unit
    finite = np.where(size >= 0.5 * (least / unit / unit), size - step * size,
                      np.where(size < least / unit, size - least, middle))
    return np.where(np.isinf(size), largest_of(size.dtype), finite)


def neighbour(x1, x2):
    """The next number behind x1 in the direction of x2."""
    kind = float_type(np.copysign(x1, x2).dtype)
    least = least_of(kind)
    x = np.multiply(x1, 1.0).astype(kind)
    to = np.multiply(x2, 1.0).astype(kind)
    size = np.abs(x)
    away = np.equal(to > x, x > 0)
    moved = np.copysign(np.where(away, outwards(size), inwards(size)), x)
    found = np.where(x == to, x if kind == np.float16 else to, np.where(x == 0, np.copysign(least, to), moved))
    return np.where(np.logical_or(np.isnan(x), np.isnan(to)), x + to, found).astype(kind)


def distance(x):
    """From x to the next number away from zero, negative below zero; of float16 to the next number above x."""
    given = np.copysign(x, x)
    kind = float_type(given.dtype)
    size = np.abs(given)
    apart = outwards(size) - size
    if kind == np.float16:
        return np.where(given < 0, np.where(np.isinf(size), apart, size - inwards(size)), apart)
    return np.where(given < 0, -apart, apart).astype(kind)


DEFINITIONS = {"numpy.ldexp": scaled, "numpy.frexp": fraction_and_exponent, "numpy.modf": fraction_and_whole,
               "numpy.nextafter": neighbour, "numpy.spacing": distance}
