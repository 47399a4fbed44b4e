"""Methods `at` of ufuncs: each place is updated in turn, so that one that comes again is updated again."""

import numpy as np

from thalweg.definitions.parts import demand_writable, is_complex, is_inexact


def as_index(given):
    line = np.array(given) if isinstance(given, (tuple, list)) else given
    if is_inexact(np.result_type(line)):
        raise IndexError("only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or "
                         "boolean arrays are valid indices")
    return line


def places_in(a, indices):
    """One array of places for each of the first dimensions; a mask stands for as many as it has."""
    index = ()
    for each in indices if isinstance(indices, tuple) else (indices,):
        line = as_index(each)
        if np.ndim(line) == 0:
            index = index + (np.full((1,), line),)
        elif line.dtype == np.bool_:
            for d, n in enumerate(line.shape):
                if n != 0 and a.shape[len(index) + d] != n:
                    raise IndexError("boolean index did not match indexed array")
            index = index + np.nonzero(line)
        else:
            index = index + (line,)
    if len(index) > a.ndim:
        raise IndexError("too many indices for array")
    return index


def together(index):
    """Index arrays in one shape."""
    zeros = 0 * index[0]
    for each in index[1:]:
        zeros = zeros + 0 * each
    return tuple([each + zeros for each in index])


def spread(values, shape):
    wide = np.empty(shape, values.dtype)
    wide[...] = values
    return wide


def at(ufunc, a, indices, b=None):
    if ufunc.nout > 1 or ufunc.nin != (1 if b is None else 2):
        raise ValueError("at is only supported for functions of these operands and of one result")
    if b is None:
        return update_each(ufunc, a, indices)
    if isinstance(indices, list) and len(indices) == 0:
        return None
    index = places_in(a, indices)
    if len(index) > 1:
        index = together(index)
    single = not isinstance(b, (tuple, list)) and np.ndim(b) == 0
    values = np.full((1,), b) if single else np.array(b) if isinstance(b, (tuple, list)) else b
    if len(index) > 3 or is_complex(values.dtype) and not is_complex(a.dtype):
        raise NotImplementedError("at of a ufunc with more than 3 index arrays, or of complex numbers into others, "
                                  "is not supported")
    rest = a.shape[len(index):]
    lines = [np.ravel(np.copy(each)) for each in index]  # which a may share memory with
    count = lines[0].shape[0]
    demand_writable(a)
    if values.ndim > index[0].ndim + len(rest):
        raise ValueError("array is not broadcastable to correct shape")
    if single:
        for k in range(count):
            change(ufunc, a, lines, k, values[0])
    elif values.ndim <= len(rest):
        row = np.copy(values)
        for k in range(count):
            change(ufunc, a, lines, k, row)
    else:
        each = np.reshape(spread(values, index[0].shape + rest), (count,) + rest)
        for k in range(count):
            change(ufunc, a, lines, k, each[k])
    return None


def update_each(ufunc, a, indices):
    if isinstance(indices, list) and len(indices) == 0:
        return None
    index = places_in(a, indices)
    if len(index) > 3:
        raise NotImplementedError("at of a ufunc with more than 3 index arrays is not supported")
    if len(index) > 1:
        index = together(index)
    lines = [np.ravel(np.copy(each)) for each in index]  # which a may share memory with
    demand_writable(a)
    for k in range(lines[0].shape[0]):
        if len(lines) == 1:
            a[lines[0][k]] = ufunc(a[lines[0][k]]).astype(a.dtype)
        elif len(lines) == 2:
            a[lines[0][k], lines[1][k]] = ufunc(a[lines[0][k], lines[1][k]]).astype(a.dtype)
        else:
            place = (lines[0][k], lines[1][k], lines[2][k])
            a[place] = ufunc(a[place]).astype(a.dtype)
    return None


def multiply_row(a, k, values):
    """Element by element: NumPy's `at` multiplies complex numbers as scalars are, not as arrays (docs/runtime.md)."""
    if a.ndim == 1:
        a[k] = (a[k] * values).astype(a.dtype)
        return
    row = a[k]  # in bounds also where it is empty
    for j in range(row.shape[0]):
        factor = values if np.ndim(values) == 0 else values[j if values.shape[0] > 1 else 0]
        row[j] = (row[j] * factor).astype(a.dtype)


def change(ufunc, a, lines, k, value):
    if ufunc is np.multiply and is_complex(a.dtype):
        if len(lines) > 1 or a.ndim > 2:
            raise NotImplementedError("np.multiply.at of complex numbers in more than 2 dimensions, or by more than one "
                                      "index array, is not supported")
        multiply_row(a, lines[0][k], value)
    elif len(lines) == 1:
        a[lines[0][k]] = ufunc(a[lines[0][k]], value).astype(a.dtype)
    elif len(lines) == 2:
        a[lines[0][k], lines[1][k]] = ufunc(a[lines[0][k], lines[1][k]], value).astype(a.dtype)
    else:
        place = (lines[0][k], lines[1][k], lines[2][k])
        a[place] = ufunc(a[place], value).astype(a.dtype)


DEFINITIONS = {"numpy.ufunc.at": at}
