"""Methods `reduce` of ufuncs: elements along axes combined from the first to the last."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.compiler import memory_order
from thalweg.definitions.parts import is_complex, is_inexact
from thalweg.definitions.ufunc_parts import demand_binary, demand_one_order, in_type, loop_type, put, step_type

# What may go through several axes, and of these what begins with a value of its own.
REORDERABLE = ("bitwise_and", "bitwise_or", "bitwise_xor", "logical_xor", "gcd", "hypot", "logaddexp", "logaddexp2",
               "fmax", "fmin", "add", "multiply", "minimum", "maximum", "logical_and", "logical_or")
WITH_IDENTITY = ("bitwise_and", "bitwise_or", "bitwise_xor", "logical_xor", "gcd", "hypot", "logaddexp", "logaddexp2",
                 "add", "multiply", "logical_and", "logical_or")


def axes_of(axis, shape):
    found = ()
    if axis is None:
        for d, n in enumerate(shape):
            found = found + (d,)
        return found
    for each in axis if isinstance(axis, tuple) else (axis,):
        place = normalize_axis_index(each, len(shape))
        if place in found:
            raise ValueError("duplicate value in 'axis'")
        found = found + (place,)
    return found


def initial_as(initial, kind):
    """The initial value in the type of the result."""
    given = np.result_type(initial)
    if np.ndim(initial) != 0 or is_inexact(given) and not is_inexact(kind) and kind != np.bool_:
        raise NotImplementedError("an initial value that the type of the result does not hold is not supported")
    if is_complex(given) and not is_complex(kind):
        raise NotImplementedError("an initial value that the type of the result does not hold is not supported")
    first = np.empty(1, kind)
    first[0] = initial
    return first[0]


def identity_of(name, kind):
    if name == "bitwise_and":
        return np.invert(np.zeros(1, kind))[0]
    if name == "logaddexp" or name == "logaddexp2":
        return np.full((1,), -np.inf, kind)[0]
    return np.zeros(1, kind)[0]


def in_front(x, axes):
    """The axes as one, before the others."""
    if x.ndim == 1:
        return x
    if len(axes) == 1:
        return np.moveaxis(x, axes[0], 0)
    order = axes
    count = 1
    rest = ()
    for d, n in enumerate(x.shape):
        if d in axes:
            count = count * n
        else:
            order = order + (d,)
            rest = rest + (n,)
    return np.reshape(np.copy(np.transpose(x, order)), (count,) + rest)


def from_the_first(ufunc, rows):
    n = rows.shape[0]
    if n == 0:
        raise ValueError("zero-size array to reduction operation which has no identity")
    if rows.ndim == 1:
        total = rows[0]
        for k in range(1, n):
            total = ufunc(total, rows[k])
        return total
    lines = np.copy(rows[0])
    for k in range(1, n):
        lines[...] = ufunc(lines, rows[k])
    return lines


def from_a_value(ufunc, rows, first):
    if rows.ndim == 1:
        total = first
        for k in range(rows.shape[0]):
            total = ufunc(total, rows[k])
        return total
    lines = np.full(rows.shape[1:], first)
    for k in range(rows.shape[0]):
        lines[...] = ufunc(lines, rows[k])
    return lines


def where_it_holds(ufunc, rows, first, mask):
    if rows.ndim == 1:
        total = first
        for k in range(rows.shape[0]):
            if mask[k]:
                total = ufunc(total, rows[k])
        return total
    lines = np.full(rows.shape[1:], first)
    for k in range(rows.shape[0]):
        ufunc(lines, rows[k], out=lines, where=mask[k])
    return lines


def with_kept(total, shape, axes, keepdims):
    if not keepdims:
        return total
    kept = ()
    for d, n in enumerate(shape):
        kept = kept + (1 if d in axes else n,)
    return np.full(kept, total) if np.ndim(total) == 0 else np.reshape(total, kept)


def by_function(name, array, axes, kind, keepdims, first, where):
    """What has a function of its own."""
    if name == "add":
        return np.sum(array, axis=axes, dtype=kind, keepdims=keepdims, initial=first, where=where)
    if name == "multiply":
        return np.prod(array, axis=axes, dtype=kind, keepdims=keepdims, initial=first, where=where)
    if name == "minimum":
        return np.min(in_type(array, kind), axis=axes, keepdims=keepdims, initial=first, where=where)
    if name == "maximum":
        return np.max(in_type(array, kind), axis=axes, keepdims=keepdims, initial=first, where=where)
    if name == "logical_and":
        total = np.all(array, axis=axes, keepdims=keepdims, where=where)
        return total if first is None else np.logical_and(first, total)
    total = np.any(array, axis=axes, keepdims=keepdims, where=where)
    return total if first is None else np.logical_or(first, total)


def along_the_fastest(array, axes):
    """Does NumPy's inner loop go along the axes? The innermost of the dimensions that have elements along them does."""
    for d in reversed(memory_order(array)):
        if array.shape[d] > 1:
            return d in axes
    return True


def reduced(ufunc, array, axes, kind, keepdims, initial, where):
    """In wider steps than the result where NumPy combines a line at once, and in its own where lines with lines."""
    step = step_type(ufunc, kind)
    if step == kind or array.ndim == len(axes) or along_the_fastest(array, axes):
        return reduced_by(ufunc, array, axes, kind, step, keepdims, initial, where)
    return reduced_by(ufunc, array, axes, kind, kind, keepdims, initial, where)


def reduced_by(ufunc, array, axes, kind, step, keepdims, initial, where):
    name = ufunc.__name__
    own = isinstance(initial, str)  # it is not given
    x = in_type(in_type(array, kind), step)
    first = None
    if not own and initial is not None:
        first = in_type(initial_as(initial, kind), x.dtype)
    elif own and name in WITH_IDENTITY:
        first = identity_of(name, kind)
    if not (isinstance(where, bool) and where):
        if np.result_type(where) != np.bool_:
            raise NotImplementedError("where must be an array of bool")
        mask = in_front(np.broadcast_to(where, x.shape), axes)
        total = where_it_holds(ufunc, in_front(x, axes), first, mask)
    elif first is None:
        total = from_the_first(ufunc, in_front(x, axes))
    else:
        total = from_a_value(ufunc, in_front(x, axes), first)
    return with_kept(in_type(total, kind), x.shape, axes, keepdims)


def reduce(ufunc, array, axis=0, dtype=None, out=None, keepdims=False, initial="its own", where=True):
    demand_binary(ufunc)
    name = ufunc.__name__
    if np.ndim(array) == 0:
        raise NotImplementedError("reduce of a number is not supported")
    axes = axes_of(axis, array.shape)
    kind = loop_type(ufunc, array, dtype)
    demand_one_order(ufunc, kind)
    if len(axes) == 0:
        raise NotImplementedError("reduce over no axis is not supported")
    if len(axes) > 1 and name not in REORDERABLE:
        raise ValueError("this reduction operation is not reorderable, so at most one axis may be specified")
    masked = not (isinstance(where, bool) and where)
    own = isinstance(initial, str)
    if masked and (initial is None or own and name not in WITH_IDENTITY):
        raise ValueError("this reduction operation does not have an identity, so to use a where mask one has to "
                         "specify 'initial'")
    if name in ("add", "multiply", "minimum", "maximum", "logical_and", "logical_or"):
        if initial is None and name in WITH_IDENTITY:
            for d in axes:
                if array.shape[d] == 0:
                    raise ValueError("zero-size array to reduction operation which has no identity")
        first = None if own or initial is None else initial_as(initial, kind)
        of = in_type(array, kind) if array.dtype == np.float16 or kind == np.float16 else array
        total = by_function(name, of, axes, kind, keepdims, first, where)
    else:
        total = reduced(ufunc, array, axes, kind, keepdims, initial, where)
    return put(out, total)


DEFINITIONS = {"numpy.ufunc.reduce": reduce}
