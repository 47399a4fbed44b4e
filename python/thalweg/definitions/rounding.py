"""Rounding to decimal digits, and Python's round."""

import numpy as np

from thalweg.definitions.parts import is_complex, is_inexact


def around(a, decimals=0, out=None):
    """Scaled, rounded to even and scaled back, as NumPy does it (not the nearest decimal number)."""
    kind = np.result_type(a)
    if isinstance(decimals, np.bool_):
        raise TypeError("'numpy.bool' object cannot be interpreted as an integer")
    if out is not None or is_complex(kind) or kind == np.bool_:
        raise NotImplementedError("np.round with out, or of complex numbers or bool, is not supported")
    scale = 10.0 ** abs(decimals)
    if not is_inexact(kind):
        return np.positive(a) if decimals >= 0 else (np.rint(a / scale) * scale).astype(kind)
    if decimals == 0:
        return np.rint(a)
    if decimals > 0:
        return np.rint(a * scale) / scale
    return np.rint(a / scale) * scale


def python_round(number, ndigits=None):
    kind = np.result_type(number)
    if ndigits is not None:
        raise NotImplementedError("round to a number of digits is not supported: np.round scales, round does not")
    if isinstance(number, np.ndarray) or (kind == np.bool_ and isinstance(number, np.generic)):
        raise TypeError("type numpy.ndarray doesn't define __round__ method")
    if is_complex(kind):
        raise TypeError("type complex doesn't define __round__ method")
    return int(np.rint(number)) if is_inexact(kind) else int(number)


def is_real(x):
    return np.imag(x) == 0


def has_imaginary_part(x):
    return np.not_equal(np.imag(x), 0)


DEFINITIONS = {"numpy.around": around, "numpy.round": around, "numpy.isreal": is_real,
               "numpy.iscomplex": has_imaginary_part, "builtins.round": python_round}
