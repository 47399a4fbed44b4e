"""Eigenvalues and eigenvectors of symmetric and Hermitian matrices.

A matrix is made tridiagonal by reflections (as in LAPACK's dsytd2) and then diagonal by rotations (QL with implicit
shifts: Dubrulle, Martin and Wilkinson, Handbook for Automatic Computation, II/4). Eigenvalues have an error of at most
about n times eps times the largest of them. Eigenvectors are orthonormal and satisfy a v = v w within the same bound,
but they are unique only up to a factor of size 1, and those of equal eigenvalues only in what they span: they differ
from NumPy's in that. What is not finite is a LinAlgError, where NumPy's result is not a number in some cases.
"""

import numpy as np

from thalweg.definitions.parts import demand_square, deny, matrix_type, places, real_type, solution_type
from thalweg.definitions.reflections import accumulate, conjugated, reflector, shift_of

EighResult = type(np.linalg.eigh(np.eye(1)))

EPS = 2.0**-52
SWEEPS = 60


def fill(a, lower):
    """Makes a Hermitian from one of its triangles."""
    for i in range(a.shape[0]):
        a[i, i] = np.real(a[i, i])
        if lower:
            a[i, i + 1:] = np.conj(a[i + 1:, i])
        else:
            a[i + 1:, i] = np.conj(a[i, i + 1:])


def largest_of(a):
    """The largest size of an element; NaN if there is one."""
    largest = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            size = np.abs(a[i, j])
            if largest == largest and not size <= largest:
                largest = size
    return largest


def to_tridiagonal(a, diagonal, beside, reflections, factors):
    """The diagonal and what stands beside it, which is real, of q^H a q, where the reflections have the product q."""
    n = a.shape[0]
    for k in range(n):
        diagonal[k] = np.real(a[k, k])
        beside[k] = 0
        if k + 1 < n:
            v = np.copy(a[k + 1:, k])
            size, factor = reflector(v)
            reflections[k + 1, k + 1:] = v
            factors[k + 1] = factor
            beside[k] = size
            x = factor * (a[k + 1:, k + 1:] @ v)
            w = x - (factor * np.dot(conjugated(x), v) / 2) * v
            a[k + 1:, k + 1:] -= v[:, None] * conjugated(w) + w[:, None] * conjugated(v)


def rotation(f, g):
    """Cosine and sine that turn (f, g) to (length, 0), and the length."""
    length = np.hypot(f, g)
    if length == 0:
        return np.float64(1), np.float64(0), length
    return f / length, g / length, length


def negligible(beside, one, other):
    """Whether what stands beside two elements of the diagonal may be taken for zero; not NaN."""
    return np.abs(beside) <= EPS * (np.abs(one) + np.abs(other))


def turn(rows, i, cosine, sine):
    """Turns the rows i and i + 1."""
    for j in range(rows.shape[1]):
        f = rows[i, j]
        g = rows[i + 1, j]
        rows[i, j] = cosine * f + sine * g
        rows[i + 1, j] = cosine * g - sine * f


def exchange(rows, i, k):
    for j in range(rows.shape[1]):
        value = rows[i, j]
        rows[i, j] = rows[k, j]
        rows[k, j] = value


def sweep(diagonal, beside, rows, first, last):
    """A step of QL between first and last, shifted by an eigenvalue of the first two rows."""
    g = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first])
    g = diagonal[last] - diagonal[first] + beside[first] / (g + np.copysign(np.hypot(g, 1), g))
    cosine, sine, less = np.float64(1), np.float64(1), np.float64(0)
    for back in range(last - first):
        i = last - 1 - back
        b = cosine * beside[i]
        cosine, sine, length = rotation(g, sine * beside[i])
        beside[i + 1] = length
        g = diagonal[i + 1] - less
        r = (diagonal[i] - g) * sine + 2 * cosine * b
        less = sine * r
        diagonal[i + 1] = g + less
        g = cosine * r - b
        turn(rows, i, cosine, -sine)
    diagonal[first] -= less
    beside[first] = g
    beside[last] = 0


def diagonalise(diagonal, beside, rows):
    """The eigenvalues, rising, of a tridiagonal matrix; rows are turned and exchanged along."""
    n = diagonal.shape[0]
    for first in range(n):
        last = n
        sweeps = 0
        while last > first:
            last = first
            while beside[last] != 0 and not negligible(beside[last], diagonal[last], diagonal[last + 1]):
                last += 1
            if last > first:
                if sweeps == SWEEPS:
                    raise np.linalg.LinAlgError("Eigenvalues did not converge")
                sweeps += 1
                sweep(diagonal, beside, rows, first, last)
    for k in range(n):
        place = k
        for i in range(k + 1, n):
            if diagonal[i] < diagonal[place]:
                place = i
        if place != k:
            value = diagonal[k]
            diagonal[k] = diagonal[place]
            diagonal[place] = value
            exchange(rows, k, place)


def decomposed(a, UPLO, vectors):
    lower = UPLO == "L" or UPLO == "l"
    if not lower and UPLO != "U" and UPLO != "u":
        raise ValueError("UPLO argument must be 'L' or 'U'")
    demand_square(a)
    n = a.shape[-1]
    count = places(a.shape[:-2])
    x = np.empty(a.shape, matrix_type(a))
    x[...] = a
    stack = np.reshape(x, (count, n, n))
    reflections = np.empty((n, n), x.dtype)
    factors = np.empty(n, x.dtype)
    values = np.empty((count, n), real_type(a))
    out = np.empty((count, n, n), solution_type(a))
    diagonal = np.empty(n)
    beside = np.empty(n)
    rows = np.empty((n, n if vectors else 0), x.dtype)
    for s in range(count):
        fill(stack[s], lower)
        shift = shift_of(largest_of(stack[s]))
        stack[s] *= shift
        to_tridiagonal(stack[s], diagonal, beside, reflections, factors)
        if vectors:
            rows[...] = np.eye(n)
            accumulate(reflections[1:, 1:], factors[1:], rows[1:, 1:])
        diagonalise(diagonal, beside, rows)
        values[s] = diagonal / shift
        if vectors:
            out[s] = np.transpose(rows)
    return np.reshape(values, a.shape[:-1]), np.reshape(out, a.shape)


def eigenvalues(a, UPLO="L"):
    if np.ndim(a) < 2:
        deny(a)
        return a
    values, _ = decomposed(a, UPLO, False)
    return values


def eigenvectors(a, UPLO="L"):
    if np.ndim(a) < 2:
        deny(a)
        return a, a
    values, vectors = decomposed(a, UPLO, True)
    return EighResult(values, vectors)


DEFINITIONS = {"numpy.linalg.eigvalsh": eigenvalues, "numpy.linalg.eigh": eigenvectors}
