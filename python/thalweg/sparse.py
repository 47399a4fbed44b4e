"""Matrices of scipy.sparse as arguments: taken apart into the arrays that they are made of, which are never copied.

SciPy is not imported here: who passes one of its matrices has done so.
"""

import sys

import numpy

_ARRAYS = {"csr": ("data", "indices", "indptr"), "csc": ("data", "indices", "indptr"), "coo": ("data", "row", "col")}
_LARGEST = 2**47  # rows or columns that the compiler reckons with


def _refuse(value, kind, reason, fix):
    raise kind(f"an argument of class scipy.sparse.{type(value).__name__} {reason}; {fix}")


def _arrays_of(value):
    if value.format == "coo":
        return (value.data, *value.coords)
    return value.data, value.indices, value.indptr


def _check_arrays(value, arrays):
    names = _ARRAYS[value.format]
    for name, array in zip(names, arrays):
        if type(array) not in (numpy.ndarray, numpy.memmap) or array.ndim != 1:
            _refuse(value, TypeError, f"has a .{name} that is no numpy.ndarray of one dimension", "rebuild it")
    for name, array in zip(names[1:], arrays[1:]):
        if array.dtype.kind != "i" or array.dtype.itemsize not in (4, 8):
            _refuse(value, TypeError, f"has a .{name} of {array.dtype}", "convert it to int32 or int64")


def _check_lengths(value, arrays):
    names = _ARRAYS[value.format]
    stored = len(arrays[0])
    lines = {"csr": value.shape[0] + 1, "csc": value.shape[1] + 1, "coo": stored}[value.format]
    for name, array, wanted in zip(names[1:], arrays[1:], (stored, lines)):
        if len(array) != wanted:
            _refuse(value, ValueError, f"has a .{name} of {len(array)} elements where {wanted} belong",
                    "A.check_format() says more")
    if max(value.shape) > _LARGEST:
        _refuse(value, ValueError, f"has the shape {value.shape}", f"at most {_LARGEST} rows and columns are supported")


def check(value):
    """Raises what is wrong with the arrays of a matrix, if something is (called by the compiled module)."""
    arrays = _arrays_of(value)
    _check_arrays(value, arrays)
    _check_lengths(value, arrays)


def taken_apart(value):
    """((rows, columns), (data, ...)) of a matrix of scipy.sparse; None of anything else (called by the compiled
    module, which looks whether the arrays fit)."""
    cls = type(value)
    if cls is not getattr(sys.modules.get("scipy.sparse"), cls.__name__, None):
        return None
    if len(value.shape) != 2:
        _refuse(value, TypeError, f"has {len(value.shape)} dimensions", "those of 2 are supported: A.reshape(...)")
    return value.shape, _arrays_of(value)
