"""Singular values and vectors.

A matrix is made bidiagonal by reflections from both sides and then diagonal by rotations (Golub and Kahan 1965; the
shift of zero where a value is tiny: Demmel and Kahan 1990). Singular values have an error of at most about n times eps
times the largest of them. Singular vectors are orthonormal and give the matrix within the same bound, but they are
unique only up to a factor of size 1 that u and vh share, and those of equal values, of zero, and those that
full_matrices adds, only in what they span: they differ from NumPy's in that. NaN is a LinAlgError, and infinity makes
values of NaN, as in NumPy.
"""

import numpy as np

from thalweg.definitions.eigenvalues import EPS, SWEEPS, exchange, largest_of, negligible, rotation, turn
from thalweg.definitions.eigenvalues import decomposed as eigen
from thalweg.definitions.parts import deny, matrix_type, places, real_type, solution_type
from thalweg.definitions.reflections import accumulate, conjugated, reflector, shift_of

SVDResult = type(np.linalg.svd(np.eye(1)))


def to_bidiagonal(a, diagonal, above, left, of_left, right, of_right):
    """The diagonal and what stands above it, of p^H a q for the products p and q of the reflections; no fewer rows."""
    n = a.shape[1]
    for k in range(n):
        v = np.copy(a[k:, k])
        size, factor = reflector(v)
        left[k, k:] = v
        of_left[k] = factor
        diagonal[k] = size
        above[k] = 0
        a[k:, k + 1:] -= (np.conj(factor) * v)[:, None] * (conjugated(v) @ a[k:, k + 1:])
        if k + 1 < n:
            w = np.conj(a[k, k + 1:])
            beside, other = reflector(w)
            right[k + 1, k + 1:] = w
            of_right[k + 1] = other
            above[k] = beside
            a[k + 1:, k + 1:] -= (a[k + 1:, k + 1:] @ w)[:, None] * (other * conjugated(w))


def first_term(diagonal, above, first, last):
    """Of the step's first rotation: the diagonal's, shifted by the least singular value of the last two rows."""
    f, g, h = np.abs(diagonal[last - 1]), above[last - 1], np.abs(diagonal[last])
    top = diagonal[first]
    larger = (np.hypot(f + h, g) + np.hypot(f - h, g)) / 2
    if top == 0 or larger == 0:
        return top
    shift = np.minimum(f, h) * (np.maximum(f, h) / larger)
    ratio = shift / top
    if ratio * ratio < EPS:
        return top
    return (np.abs(top) - shift) * (np.copysign(1.0, top) + ratio)


def sweep(diagonal, above, left, right, first, last):
    """A step of QR from first to last."""
    f = first_term(diagonal, above, first, last)
    g = above[first]
    for i in range(first, last):
        cosine, sine, length = rotation(f, g)
        if i > first:
            above[i - 1] = length
        f = cosine * diagonal[i] + sine * above[i]
        beside = cosine * above[i] - sine * diagonal[i]
        below = cosine * diagonal[i + 1]
        turn(right, i, cosine, sine)
        cosine, sine, length = rotation(f, sine * diagonal[i + 1])
        diagonal[i] = length
        f = cosine * beside + sine * below
        diagonal[i + 1] = cosine * below - sine * beside
        g = sine * above[i + 1]
        above[i + 1] = cosine * above[i + 1]
        turn(left, i, cosine, sine)
    above[last - 1] = f


def diagonalise(diagonal, above, left, right):
    """The singular values, falling, of a bidiagonal matrix; left and right are turned and exchanged along."""
    n = diagonal.shape[0]
    last = n - 1
    sweeps = 0
    while last >= 0:
        first = last
        while first > 0 and not negligible(above[first - 1], diagonal[first - 1], diagonal[first]):
            first -= 1
        if sweeps == SWEEPS or not np.isfinite(diagonal[last]):
            raise np.linalg.LinAlgError("SVD did not converge")
        sweeps += 1
        if first == last:
            last -= 1
            sweeps = 0
        else:
            if first > 0:
                above[first - 1] = 0
            sweep(diagonal, above, left, right, first, last)
    for k in range(n):
        if diagonal[k] < 0:
            diagonal[k] = -diagonal[k]
            right[k] = -right[k]
    for k in range(n):
        place = k
        for i in range(k + 1, n):
            if diagonal[i] > diagonal[place]:
                place = i
        if place != k:
            value = diagonal[k]
            diagonal[k] = diagonal[place]
            diagonal[place] = value
            exchange(left, k, place)
            exchange(right, k, place)


def decompose(a, values, left, right):
    """Of a matrix with no fewer rows than columns: the values and the rows u^T and v^T, which may have no columns."""
    m, n = a.shape
    reflections = np.empty((n, m), a.dtype)
    factors = np.empty(n, a.dtype)
    others = np.empty((n, n), a.dtype)
    of_others = np.empty(n, a.dtype)
    above = np.empty(n)
    largest = largest_of(a)
    shift = shift_of(largest)
    a *= shift
    if largest == np.inf:
        a[...] = 0
        shift = np.nan
    to_bidiagonal(a, values, above, reflections, factors, others, of_others)
    if left.shape[1] > 0:
        accumulate(reflections, factors, left)
        right[...] = np.eye(n)
        accumulate(others[1:, 1:], of_others[1:], right[1:, 1:])
    diagonalise(values, above, left, right)
    values /= shift


def transposed(a):
    return np.conj(np.swapaxes(a, -1, -2))


def decomposed(a, full, vectors):
    if np.ndim(a) < 2:
        deny(a)
    m, n = a.shape[-2], a.shape[-1]
    least = min(m, n)
    most = max(m, n)
    leading = a.shape[:-2]
    count = places(leading)
    x = np.empty((count, most, least), matrix_type(a))
    stack = np.reshape(a, (count, m, n))
    if m >= n:
        x[...] = stack
    else:
        x[...] = transposed(stack)
    values = np.empty((count, least), real_type(a))
    columns = most if full else least
    left = np.empty((columns, most if vectors else 0), x.dtype)
    right = np.empty((least, least if vectors else 0), x.dtype)
    of_rows = m if full else least
    of_columns = n if full else least
    u = np.empty((count, m, of_rows), solution_type(a))
    vh = np.empty((count, of_columns, n), solution_type(a))
    found = np.empty(least)
    for s in range(count):
        decompose(x[s], found, left, right)
        values[s] = found
        if vectors:
            if m >= n:
                u[s] = np.transpose(left)
                vh[s] = np.conj(right)
            else:
                u[s] = np.transpose(right)
                vh[s] = np.conj(left)
    return np.reshape(u, leading + (m, of_rows)), np.reshape(values, leading + (least,)), \
        np.reshape(vh, leading + (of_columns, n))


def of_hermitian(a, vectors):
    """The same of Hermitian matrices, from their eigenvalues and eigenvectors."""
    eigenvalues, eigenvectors = eigen(a, "L", vectors)
    n = a.shape[-1]
    count = places(a.shape[:-2])
    w = np.reshape(eigenvalues, (count, n))
    v = np.reshape(eigenvectors, (count, n, n))
    values = np.empty(w.shape, w.dtype)
    u = np.empty(v.shape, v.dtype)
    vh = np.empty(v.shape, v.dtype)
    for s in range(count):
        low = 0
        high = n - 1
        for k in range(n):
            at = high
            if np.abs(w[s, low]) > np.abs(w[s, high]):
                at = low
                low += 1
            else:
                high -= 1
            values[s, k] = np.abs(w[s, at])
            if vectors:
                u[s, :, k] = v[s, :, at]
                vh[s, k] = np.conj(v[s, :, at]) * np.copysign(1.0, w[s, at])
    return np.reshape(u, a.shape), np.reshape(values, a.shape[:-1]), np.reshape(vh, a.shape)


def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    if np.ndim(a) < 2:
        deny(a)
        return (a, a, a) if compute_uv else a
    u, values, vh = of_hermitian(a, compute_uv) if hermitian else decomposed(a, full_matrices, compute_uv)
    if compute_uv:
        return SVDResult(u, values, vh)
    return values


def singular_values(x, /):
    return svd(x, False, False)


DEFINITIONS = {"numpy.linalg.svd": svd, "numpy.linalg.svdvals": singular_values}
