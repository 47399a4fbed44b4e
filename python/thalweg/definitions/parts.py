"""What several definitions need: parts along an axis, kinds of element types, errors that depend on values."""

import numpy as np


def along(a, axis, begin, end):
    """a[begin:end] along an axis, as a view."""
    return np.swapaxes(np.swapaxes(a, axis, -1)[..., begin:end], axis, -1)


def flattened(a):
    """The elements in one dimension, only to be read."""
    return a if np.ndim(a) == 1 else np.ravel(np.copy(a))


def is_float(dtype):
    if dtype == np.float16:
        raise NotImplementedError("float16 is not supported here")
    return dtype == np.float64 or dtype == np.float32


def is_complex(dtype):
    return dtype == np.complex128 or dtype == np.complex64


def is_inexact(dtype):
    return is_float(dtype) or is_complex(dtype)


def sum_type(a):
    """The type in which NumPy adds and multiplies up elements of a."""
    return np.sum(np.empty(0, a.dtype)).dtype


def demand(holds):
    """ValueError where NumPy raises one because `holds` is false."""
    np.empty(0 if holds else -1)


def inside(index, size):
    """The place of an index that may be negative; IndexError where it is out of bounds."""
    np.empty(size, np.bool_)[index]
    return index + size if index < 0 else index
