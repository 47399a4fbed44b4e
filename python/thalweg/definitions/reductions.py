"""Methods of ufuncs that go through an axis: `reduce`, which begins at the first axis, and `accumulate`."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import is_complex, is_inexact


def initial_as(initial, kind):
    """The initial value in the type of the result."""
    if np.ndim(initial) != 0 or is_inexact(np.result_type(initial)) and not is_inexact(kind):
        raise NotImplementedError("an initial value that the type of the result does not hold is not supported")
    if is_complex(np.result_type(initial)) and not is_complex(kind):
        raise NotImplementedError("an initial value that the type of the result does not hold is not supported")
    return np.full((1,), initial, kind)[0]


def add_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    if out is not None and initial is not None:
        raise NotImplementedError("reduce with both out and initial is not supported")
    total = np.sum(array, axis=axis, dtype=dtype, out=out, keepdims=keepdims)
    return total if initial is None else total + initial_as(initial, total.dtype)


def multiply_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    if out is not None and initial is not None:
        raise NotImplementedError("reduce with both out and initial is not supported")
    total = np.prod(array, axis=axis, dtype=dtype, out=out, keepdims=keepdims)
    return total if initial is None else total * initial_as(initial, total.dtype)


def reduced(shape, axis, keepdims):
    """The shape after a reduction over the axis, or over all."""
    left = ()
    for d, n in enumerate(shape):
        gone = axis is None
        for each in axis if isinstance(axis, tuple) else () if axis is None else (axis,):
            gone = gone or normalize_axis_index(each, len(shape)) == d
        if not gone:
            left = left + (n,)
        elif keepdims:
            left = left + (1,)
    return left


def minimum_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    if out is not None and initial is not None:
        raise NotImplementedError("reduce with both out and initial is not supported")
    if dtype is not None:
        raise NotImplementedError("np.minimum.reduce with dtype is not supported")
    if initial is None:
        return np.min(array, axis=axis, out=out, keepdims=keepdims)
    first = initial_as(initial, array.dtype)
    if array.size > 0:
        return np.minimum(np.min(array, axis=axis, keepdims=keepdims), first)
    return np.minimum(np.full(reduced(array.shape, axis, keepdims), initial, array.dtype), first)


def maximum_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    if out is not None and initial is not None:
        raise NotImplementedError("reduce with both out and initial is not supported")
    if dtype is not None:
        raise NotImplementedError("np.maximum.reduce with dtype is not supported")
    if initial is None:
        return np.max(array, axis=axis, out=out, keepdims=keepdims)
    first = initial_as(initial, array.dtype)
    if array.size > 0:
        return np.maximum(np.max(array, axis=axis, keepdims=keepdims), first)
    return np.maximum(np.full(reduced(array.shape, axis, keepdims), initial, array.dtype), first)


def and_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    if dtype is not None or out is not None:
        raise NotImplementedError("np.logical_and.reduce with dtype or out is not supported")
    total = np.all(array, axis=axis, keepdims=keepdims)
    return total if initial is None else np.logical_and(total, initial)


def or_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    if dtype is not None or out is not None:
        raise NotImplementedError("np.logical_or.reduce with dtype or out is not supported")
    total = np.any(array, axis=axis, keepdims=keepdims)
    return total if initial is None else np.logical_or(total, initial)


def check_axis(axis):
    if axis is None:
        raise ValueError("accumulate does not allow multiple axes")


def add_accumulate(array, axis=0, dtype=None, out=None):
    check_axis(axis)
    return np.cumsum(array, axis=axis, dtype=dtype, out=out)


def multiply_accumulate(array, axis=0, dtype=None, out=None):
    check_axis(axis)
    return np.cumprod(array, axis=axis, dtype=dtype, out=out)


def minimum_accumulate(array, axis=0, dtype=None, out=None):
    check_axis(axis)
    if dtype is not None or out is not None:
        raise NotImplementedError("np.minimum.accumulate with dtype or out is not supported")
    found = np.copy(array)
    into = np.swapaxes(found, axis, -1)
    for k in range(1, into.shape[-1]):
        into[..., k] = np.minimum(into[..., k - 1], into[..., k])
    return found


def maximum_accumulate(array, axis=0, dtype=None, out=None):
    check_axis(axis)
    if dtype is not None or out is not None:
        raise NotImplementedError("np.maximum.accumulate with dtype or out is not supported")
    found = np.copy(array)
    into = np.swapaxes(found, axis, -1)
    for k in range(1, into.shape[-1]):
        into[..., k] = np.maximum(into[..., k - 1], into[..., k])
    return found


DEFINITIONS = {"numpy.add.reduce": add_reduce, "numpy.multiply.reduce": multiply_reduce,
               "numpy.minimum.reduce": minimum_reduce, "numpy.maximum.reduce": maximum_reduce,
               "numpy.logical_and.reduce": and_reduce, "numpy.logical_or.reduce": or_reduce,
               "numpy.add.accumulate": add_accumulate, "numpy.multiply.accumulate": multiply_accumulate,
               "numpy.minimum.accumulate": minimum_accumulate, "numpy.maximum.accumulate": maximum_accumulate}
