"""What several definitions need: parts along an axis, kinds of element types, errors that depend on values."""

import numpy as np


def along(a, axis, begin, end):
    """a[begin:end] along an axis, as a view."""
    return np.swapaxes(np.swapaxes(a, axis, -1)[..., begin:end], axis, -1)


def takes_all(a, axis):
    """Does this axis name all elements? None does, and 0 or -1 of what has no dimensions."""
    return axis is None or (np.ndim(a) == 0 and (axis == 0 or axis == -1))


def flattened(a):
    """The elements in one dimension, only to be read."""
    return a if np.ndim(a) == 1 else np.ravel(np.copy(a))


def widened(a, ndim):
    """The array with dimensions of 1 put before its own, as a view."""
    return np.reshape(a, (1,) * (ndim - np.ndim(a)) + np.shape(a))


def is_float(dtype):
    return dtype == np.float64 or dtype == np.float32 or dtype == np.float16


def is_complex(dtype):
    return dtype == np.complex128 or dtype == np.complex64


def is_inexact(dtype):
    return is_float(dtype) or is_complex(dtype)


def wider(a):
    """Of float16 the same numbers as float32, in which NumPy computes them; what is not float16 stays."""
    return a.astype(np.float32) if a.dtype == np.float16 else a


def sum_type(a):
    """The type in which NumPy adds and multiplies up elements of a."""
    return np.sum(np.empty(0, a.dtype)).dtype


def demand(holds):
    """ValueError where NumPy raises one because `holds` is false."""
    np.empty(0 if holds else -1)


def demand_writable(a):
    """ValueError where a, of at least one dimension, is read-only; also before a loop over no places."""
    a[:0] = 0


def diagonal_number(k, columns):
    """k; OverflowError where NumPy's range from -k to columns - k leaves 64 bits. Of narrow types it wraps in NumPy."""
    if not isinstance(k, (int, np.int64)):
        raise NotImplementedError("a diagonal by other than an int is not supported: write int(k)")
    if k < -4611686018427387904 and k < columns - 9223372036854775807:
        raise OverflowError("Python int too large to convert to C long")
    return k


def inside(index, size):
    """The place of an index that may be negative; IndexError where it is out of bounds."""
    np.empty(size, np.bool_)[index]
    return index + size if index < 0 else index


def matrix_type(a):
    """The element type in which NumPy's linear algebra computes: always the double one."""
    if a.dtype == np.float16:
        raise TypeError("array type float16 is unsupported in linalg")
    return np.complex128 if is_complex(a.dtype) else np.float64


def solution_type(a):
    """The element type of its results."""
    if a.dtype == np.float16:
        return np.float64  # matrix_type has raised
    return a.dtype if is_inexact(a.dtype) else np.float64


def real_type(a):
    """The element type of sizes of its results."""
    return np.float32 if a.dtype == np.float32 or a.dtype == np.complex64 else np.float64


def deny(a):
    """LinAlgError because a is no matrix."""
    if np.ndim(a) == 0:
        raise np.linalg.LinAlgError("0-dimensional array given. Array must be at least two-dimensional")
    raise np.linalg.LinAlgError("1-dimensional array given. Array must be at least two-dimensional")


def demand_square(a):
    """LinAlgError where the matrices in a are not square."""
    if a.shape[-1] != a.shape[-2]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")


def places(leading):
    """How many matrices a stack has."""
    count = 1
    for extent in leading:
        count = count * extent
    return count
