"""Functions of single elements, and questions that compare them."""

import numpy as np

from thalweg.definitions.float_parts import largest_of
from thalweg.definitions.parts import is_complex, is_float, is_inexact, wider
from thalweg.errors import UnsupportedError


def near(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    y = b if np.iscomplexobj(b) else b * 1.0  # Python's stays Python's
    within = np.logical_and(abs(a - y) <= atol + rtol * abs(y), np.isfinite(y))
    same = np.logical_or(within, a == y)
    if equal_nan:
        return np.logical_or(same, np.logical_and(np.isnan(a), np.isnan(y)))
    return same


def all_near(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return bool(np.all(np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan)))


def all_equal(a1, a2, equal_nan=False):
    if a1.ndim != a2.ndim:
        return False
    if a1.ndim > 3:
        raise NotImplementedError("np.array_equal of more than 3 dimensions is not supported")
    same = False
    if a1.ndim == 0 or a1.shape[0] == a2.shape[0]:
        if a1.ndim < 2 or a1.shape[1] == a2.shape[1]:
            if a1.ndim < 3 or a1.shape[2] == a2.shape[2]:
                if equal_nan and is_inexact(a1.dtype) and is_inexact(a2.dtype):
                    same = bool(np.all(np.logical_or(a1 == a2, np.logical_and(np.isnan(a1), np.isnan(a2)))))
                else:
                    same = bool(np.all(a1 == a2))
    return same


def numbers_for(x, nan, posinf, neginf):
    """Of real numbers."""
    largest = largest_of(x.dtype)
    above = largest if posinf is None else posinf
    below = -largest if neginf is None else neginf
    numbers = np.where(np.isnan(x), nan, x)
    numbers = np.where(x == np.inf, above, numbers)
    return np.where(x == -np.inf, below, numbers).astype(x.dtype)


def nan_to_number(x, copy=True, nan=0.0, posinf=None, neginf=None):
    if is_inexact(np.result_type(x)):
        for each in (nan, posinf, neginf):
            if each is not None and np.ndim(each) > np.ndim(x):
                raise ValueError("could not broadcast input array")
            if each is not None and np.ndim(each) > 0:
                np.empty(x.shape)[...] = np.real(each)
    if copy is not None and not copy and np.ndim(x) == 0:
        raise ValueError("Unable to avoid copy while creating an array as requested.")
    given = np.full((1,), x)[0] if np.ndim(x) == 0 else x
    if is_complex(given.dtype):
        if not copy:
            raise NotImplementedError("np.nan_to_num of complex numbers with copy=False is not supported")
        for one in (nan, 0.0 if posinf is None else posinf, 0.0 if neginf is None else neginf):
            if not bool(np.all(np.isfinite(one))):
                raise UnsupportedError("np.nan_to_num of complex numbers into what is not finite is not supported")
        real = numbers_for(np.real(given), nan, posinf, neginf)
        imaginary = numbers_for(np.imag(given), nan, posinf, neginf)
        size = np.abs(real) + 1j * np.abs(imaginary)
        above = np.where(np.signbit(imaginary), np.conj(size), size)
        left = np.where(np.signbit(imaginary), -size, -np.conj(size))
        return np.where(np.signbit(real), left, above).astype(given.dtype)  # with the signs of zeros
    if not is_float(given.dtype):
        return x if not copy else given if np.ndim(x) == 0 else np.copy(x)
    if copy or np.ndim(x) == 0:
        return numbers_for(given, nan, posinf, neginf)
    x[...] = numbers_for(x, nan, posinf, neginf)
    return x


def sinc(x):
    y = np.multiply(np.pi, x)
    least = 1e-20
    if y.dtype == np.float16:
        least = 0.0009765625
    elif y.dtype == np.float64:
        least = 2.220446049250313e-16
    elif y.dtype == np.float32:
        least = 1.1920928955078125e-07
    y = np.where(y != 0, y, least)
    return np.sin(y) / y


def heaviside(x1, x2):
    kind = np.copysign(x1, x2).dtype
    step = np.where(x1 < 0, 0.0, np.where(x1 > 0, 1.0, x2))
    return np.where(np.isnan(x1), x1, step).astype(kind)


def to_radians(x):
    y = np.copysign(x, x)  # as a float
    if y.dtype == np.float16:
        return (y.astype(np.float32) * (np.pi / 180.0)).astype(np.float16)
    return y * (np.pi / 180.0)


def to_degrees(x):
    y = np.copysign(x, x)
    if y.dtype == np.float32:
        return y * 57.295776  # NumPy divides in single precision
    if y.dtype == np.float16:
        return (y.astype(np.float32) * 57.295776).astype(np.float16)
    return y * (180.0 / np.pi)


def float_power(x1, x2):
    if np.iscomplexobj(x1) or np.iscomplexobj(x2):
        return np.power(np.array(x1, np.complex128), np.array(x2, np.complex128))
    return np.power(np.multiply(x1, 1.0).astype(np.float64), np.multiply(x2, 1.0).astype(np.float64))


def log_add_exp(x1, x2):
    kind = np.copysign(x1, x2).dtype
    a = wider(np.add(x1, 0.0).astype(kind))
    b = wider(np.add(x2, 0.0).astype(kind))
    apart = a - b
    larger = np.where(apart > 0, a, b) + np.log1p(np.exp(-np.abs(apart)))
    return np.where(a == b, a + 0.693147180559945309417, np.where(np.isnan(apart), apart, larger)).astype(kind)


def log_add_exp_2(x1, x2):
    kind = np.copysign(x1, x2).dtype
    a = wider(np.add(x1, 0.0).astype(kind))
    b = wider(np.add(x2, 0.0).astype(kind))
    apart = a - b
    larger = np.where(apart > 0, a, b) + 1.4426950408889634 * np.log1p(np.exp2(-np.abs(apart)))
    return np.where(a == b, a + 1.0, np.where(np.isnan(apart), apart, larger)).astype(kind)


def towards_zero(x):
    return np.trunc(x)


def is_negative_infinity(x, out=None):
    if np.iscomplexobj(x):
        raise TypeError("This operation is not supported for complex values because it would be ambiguous.")
    return np.logical_and(np.isinf(x), np.signbit(x), out)


def is_positive_infinity(x, out=None):
    if np.iscomplexobj(x):
        raise TypeError("This operation is not supported for complex values because it would be ambiguous.")
    return np.logical_and(np.isinf(x), np.logical_not(np.signbit(x)), out)


def angle(z, deg=False):
    if np.iscomplexobj(z):
        turned = np.arctan2(np.imag(z), np.real(z))
    else:
        turned = np.arctan2(0, z)
    return turned * (180 / np.pi) if deg else turned


DEFINITIONS = {"numpy.isclose": near, "numpy.allclose": all_near, "numpy.array_equal": all_equal,
               "numpy.nan_to_num": nan_to_number, "numpy.sinc": sinc, "numpy.heaviside": heaviside,
               "numpy.deg2rad": to_radians, "numpy.radians": to_radians, "numpy.rad2deg": to_degrees,
               "numpy.degrees": to_degrees, "numpy.logaddexp": log_add_exp, "numpy.angle": angle,
               "numpy.float_power": float_power, "numpy.logaddexp2": log_add_exp_2, "numpy.fix": towards_zero,
               "numpy.isneginf": is_negative_infinity, "numpy.isposinf": is_positive_infinity}
