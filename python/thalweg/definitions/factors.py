"""Triangular factors of square matrices, in blocks of columns so that most of the work is in products of matrices.

Determinants from them are NumPy's: logarithms of the diagonal summed in its order. Factors L and U with partial pivoting
(rows exchanged as LAPACK does: the first of the largest |re| + |im|) have a relative backward error of at most n times
eps times the growth of the elements; those of Cholesky at most n times eps, without growth.
"""

import numpy as np

from thalweg.definitions.parts import demand_square, deny, is_complex, matrix_type, places, real_type, solution_type

SlogdetResult = type(np.linalg.slogdet(np.eye(1)))

BLOCK = 16


def pivot_size(x):
    return np.abs(np.real(x)) + np.abs(np.imag(x)) if np.iscomplexobj(x) else np.abs(x)


def factor_columns(a, order, first, end):
    """The factors of the columns first to end, over all rows from first on; whether all pivots differ from zero."""
    n = a.shape[0]
    regular = True
    for k in range(first, end):
        place = k
        largest = pivot_size(a[k, k])
        for i in range(k + 1, n):
            size = pivot_size(a[i, k])
            if size > largest:
                largest = size
                place = i
        order[k] = place
        if place != k:
            row = np.copy(a[k])
            a[k] = a[place]
            a[place] = row
        if largest == 0:
            regular = False
        else:
            for i in range(k + 1, n):
                factor = a[i, k] / a[k, k]
                a[i, k] = factor
                a[i, k + 1:end] -= factor * a[k, k + 1:end]
    return regular


def factor(a, order):
    """Puts L (below the diagonal, its ones left out) and U into a; row k was exchanged with row order[k], k rising.

    False where U has a zero on its diagonal.
    """
    n = a.shape[0]
    regular = True
    for first in range(0, n, BLOCK):
        end = min(first + BLOCK, n)
        found = factor_columns(a, order, first, end)
        regular = regular and found
        for i in range(first + 1, end):
            for k in range(first, i):
                a[i, end:] -= a[i, k] * a[k, end:]
        a[end:, end:] -= a[end:, first:end] @ a[first:end, end:]
    return regular


def sign_and_log(a, order):
    """Of the determinant of a, which is overwritten."""
    regular = factor(a, order)
    sign = np.ones(1, a.dtype)[0]
    log = np.zeros(1, real_type(a))[0]
    for k in range(a.shape[0]):
        if order[k] != k:
            sign = -sign
        size = np.abs(a[k, k])
        if is_complex(a.dtype):
            sign = sign * (a[k, k] / size)
        elif a[k, k] < 0:
            sign = -sign
        log += np.log(size)
    if not regular:
        sign = np.zeros(1, a.dtype)[0]
        log = np.full(1, -np.inf, real_type(a))[0]
    return sign, log


def signs_and_logs(a):
    demand_square(a)
    n = a.shape[-1]
    order = np.empty(n, np.int64)
    x = np.empty(a.shape, matrix_type(a))
    x[...] = a
    if a.ndim == 2:
        return sign_and_log(x, order)
    leading = a.shape[:-2]
    count = places(leading)
    stack = np.reshape(x, (count, n, n))
    signs = np.empty(count, x.dtype)
    logs = np.empty(count)
    for s in range(count):
        sign, log = sign_and_log(stack[s], order)
        signs[s] = sign
        logs[s] = log
    return np.reshape(signs, leading), np.reshape(logs, leading)


def sign_and_log_of_determinant(a):
    if np.ndim(a) < 2:
        deny(a)
        return SlogdetResult(0.0, 0.0)
    signs, logs = signs_and_logs(a)
    return SlogdetResult(signs.astype(solution_type(a)), logs.astype(real_type(a)))


def determinant(a):
    if np.ndim(a) < 2:
        deny(a)
        return 0.0
    signs, logs = signs_and_logs(a)
    return (signs * np.exp(logs)).astype(solution_type(a))


def cholesky_factor(a):
    """Puts the upper factor U, whose conjugated transpose times U is a, into a, of which the upper triangle is read."""
    n = a.shape[0]
    for first in range(0, n, BLOCK):
        end = min(first + BLOCK, n)
        a[first:end, first:] -= np.conj(np.transpose(a[:first, first:end])) @ a[:first, first:]
        for k in range(first, end):
            a[k, k:] -= np.conj(a[first:k, k]) @ a[first:k, k:]
            pivot = np.real(a[k, k])
            if pivot <= 0:
                raise np.linalg.LinAlgError("Matrix is not positive definite")
            root = np.sqrt(pivot)
            a[k, k] = root
            a[k, k + 1:] /= root
    for i in range(1, n):
        a[i, :i] = 0


def cholesky(a, /, *, upper=False):
    if np.ndim(a) < 2:
        deny(a)
        return a
    demand_square(a)
    n = a.shape[-1]
    x = np.empty(a.shape, matrix_type(a))
    x[...] = a if upper else np.conj(np.swapaxes(a, -1, -2))
    if a.ndim == 2:
        cholesky_factor(x)
    else:
        stack = np.reshape(x, (places(a.shape[:-2]), n, n))
        for s in range(stack.shape[0]):
            cholesky_factor(stack[s])
    out = np.empty(a.shape, solution_type(a))
    out[...] = x if upper else np.conj(np.swapaxes(x, -1, -2))
    return out


DEFINITIONS = {"numpy.linalg.slogdet": sign_and_log_of_determinant, "numpy.linalg.det": determinant,
               "numpy.linalg.cholesky": cholesky}
