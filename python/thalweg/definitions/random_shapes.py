"""What methods of generators take: shapes, element types, parameters of distributions."""

import numpy as np

from thalweg.definitions.parts import is_complex


def float_kind(dtype):
    kind = np.empty(0, dtype).dtype
    if not (kind == np.float64 or kind == np.float32):
        raise TypeError("Unsupported dtype for random numbers")
    return kind


def parameter(value):
    """A parameter of a distribution, as float64."""
    if isinstance(value, (tuple, list)):
        return real_numbers(np.array(value))
    return float(value) if np.ndim(value) == 0 else real_numbers(value)


def real_numbers(values):
    if is_complex(values.dtype):
        raise NotImplementedError("a distribution with complex parameters is an error in NumPy")
    return values.astype(np.float64)


def demand_no_sign(value):
    """ValueError where NumPy says that a scale is below 0: it looks at the sign, and takes NaN."""
    if np.any(np.logical_and(np.signbit(value), np.logical_not(np.isnan(value)))):
        raise ValueError("scale < 0")


def space(size, first, second):
    """An array for what is drawn with these parameters; ValueError where they do not fit the size."""
    shape = np.broadcast_shapes(np.shape(first), np.shape(second))
    if size is None:
        return np.empty(shape, np.float64)
    numbers = np.empty(size, np.float64)
    np.broadcast_to(np.empty(shape, np.bool_), numbers.shape)
    return numbers


DEFINITIONS = {}  # of NumPy: none
