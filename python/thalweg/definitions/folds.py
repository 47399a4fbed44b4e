"""Methods `reduce` of ufuncs that have no reduction of their own: the lines along an axis, one after the other."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.order_statistics import put_into
from thalweg.definitions.parts import flattened


def check_arguments(dtype, axis, ndim, reorderable):
    if dtype is not None or isinstance(axis, (tuple, list)):
        raise NotImplementedError("reduce of this ufunc with dtype, or over several axes in a tuple, is not supported")
    if axis is None and ndim > 1 and not reorderable:
        raise ValueError("reduction operation is not reorderable, so at most one axis may be specified")


def fold(ufunc, array, axis, out, keepdims, initial, identity):
    """From the initial value or the identity on, or from the first line, which there must be then."""
    x = flattened(array) if axis is None else np.moveaxis(array, normalize_axis_index(axis, array.ndim), 0)
    kind = ufunc(np.empty(0, array.dtype), np.empty(0, array.dtype)).dtype
    total = np.empty(x.shape[1:] + (1,), kind)
    lines = x[..., None]
    first = 0
    if initial is not None:
        total[...] = initial
    elif identity is None:
        if x.shape[0] == 0:
            raise ValueError("zero-size array to reduction operation which has no identity")
        total[...] = lines[0]
        first = 1
    else:
        total[...] = 0
        if identity == "all":
            total[...] = np.invert(total)
    for k in range(first, x.shape[0]):
        total[...] = ufunc(total, lines[k])
    found = total[0] if x.ndim == 1 else np.reshape(total, x.shape[1:])
    if keepdims:
        if axis is None:
            return put_into(out, np.reshape(total, (1,) * array.ndim))
        return put_into(out, np.expand_dims(np.reshape(total, x.shape[1:]), normalize_axis_index(axis, array.ndim)))
    return put_into(out, found)


def gcd_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, True)
    return fold(np.gcd, array, axis, out, keepdims, initial, "none")


def lcm_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, True)
    return fold(np.lcm, array, axis, out, keepdims, initial, None)


def and_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, True)
    return fold(np.bitwise_and, array, axis, out, keepdims, initial, "all")


def or_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, True)
    return fold(np.bitwise_or, array, axis, out, keepdims, initial, "none")


def xor_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, True)
    return fold(np.bitwise_xor, array, axis, out, keepdims, initial, "none")


def logical_xor_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, True)
    return fold(np.logical_xor, array, axis, out, keepdims, initial, "none")


def fmin_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, True)
    return fold(np.fmin, array, axis, out, keepdims, initial, None)


def fmax_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, True)
    return fold(np.fmax, array, axis, out, keepdims, initial, None)


def subtract_reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None):
    check_arguments(dtype, axis, array.ndim, False)
    return fold(np.subtract, array, axis, out, keepdims, initial, None)


DEFINITIONS = {"numpy.gcd.reduce": gcd_reduce, "numpy.lcm.reduce": lcm_reduce, "numpy.bitwise_and.reduce": and_reduce,
               "numpy.bitwise_or.reduce": or_reduce, "numpy.bitwise_xor.reduce": xor_reduce,
               "numpy.logical_xor.reduce": logical_xor_reduce, "numpy.fmin.reduce": fmin_reduce,
               "numpy.fmax.reduce": fmax_reduce, "numpy.subtract.reduce": subtract_reduce}
