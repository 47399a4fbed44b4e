"""The polynomial that is nearest to points, by the sum of squares.

The columns of powers, scaled to length 1, are made triangular by reflections (Householder's), and the triangle's singular
values found by one-sided rotations (Hestenes, Jacobi). As in NumPy, those below len(x) times eps of the largest are left out.
"""

import numpy as np

from thalweg.definitions.parts import demand, is_complex


def make_triangular(a, n):
    """Reflects the rows of a so that its first n columns are upper triangular."""
    for k in range(min(a.shape[0], n)):
        v = np.copy(a[k:, k])
        length = np.sqrt(np.dot(v, v))
        if length > 0:
            v[0] += np.copysign(length, v[0])
            a[k:, k:] -= v[:, None] * (np.dot(v, a[k:, k:]) * (2.0 / np.dot(v, v)))
            a[k + 1:, k] = 0


def rotate_apart(w, rows):
    """Rotates the columns of w until their parts in the first rows are at right angles to one another."""
    turning = True
    rounds = 0
    while turning and rounds < 60:
        turning = False
        rounds += 1
        for p in range(w.shape[1]):
            for q in range(p + 1, w.shape[1]):
                alpha = np.dot(w[:rows, p], w[:rows, p])
                beta = np.dot(w[:rows, q], w[:rows, q])
                gamma = np.dot(w[:rows, p], w[:rows, q])
                if np.abs(gamma) > 1e-16 * np.sqrt(alpha * beta):
                    turning = True
                    zeta = (beta - alpha) / (2.0 * gamma)
                    t = np.copysign(1.0, zeta) / (np.abs(zeta) + np.sqrt(1.0 + zeta * zeta))
                    c = 1.0 / np.sqrt(1.0 + t * t)
                    left = np.copy(w[:, p])
                    w[:, p] = c * (left - t * w[:, q])
                    w[:, q] = c * (t * left + w[:, q])


def least_squares(a, n, smallest):
    """x for which |a[:, :n] x - a[:, n:]| is least; a is overwritten.

    Singular values of at most `smallest` times the largest are left out.
    """
    make_triangular(a, n)
    rows = min(a.shape[0], n)
    w = np.zeros((rows + n, n))
    w[:rows] = a[:rows, :n]
    for k in range(n):
        w[rows + k, k] = 1.0
    rotate_apart(w, rows)
    u = w[:rows]
    sizes = np.sqrt(np.sum(u * u, axis=0))
    bound = smallest * np.max(sizes)
    x = np.zeros((n, a.shape[1] - n))
    for k in range(n):
        if sizes[k] > bound:
            x += w[rows:, k][:, None] * (np.dot(u[:, k], a[:rows, n:]) / sizes[k] / sizes[k])
    return x


def fit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    if full or cov:
        raise NotImplementedError("np.polyfit with full or cov is not supported")
    if np.ndim(deg) != 0 or np.ndim(x) != 1 or np.ndim(y) < 1 or np.ndim(y) > 2:
        raise NotImplementedError("np.polyfit of these dimensions is not supported")
    kind = np.result_type(x, y)
    if is_complex(kind) or np.float16 == x.dtype or np.float16 == y.dtype:
        raise NotImplementedError("np.polyfit of complex numbers or float16 is not supported")
    single = kind == np.float32
    demand(deg >= 0)
    if x.shape[0] == 0:
        raise TypeError("expected non-empty vector for x")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    columns = 1 if y.ndim == 1 else y.shape[1]
    both = np.empty((x.shape[0], deg + 1 + columns))
    powers = both[:, :deg + 1]
    powers[:, deg] = 1.0
    for k in range(deg):
        powers[:, deg - 1 - k] = powers[:, deg - k] * x
    both[:, deg + 1:] = y[:, None] if y.ndim == 1 else y
    if w is not None:
        if w.ndim != 1:
            raise TypeError("expected a 1-d array for weights")
        if w.shape[0] != y.shape[0]:
            raise TypeError("expected w and y to have the same length")
        both *= w[:, None]
    scale = np.sqrt(np.sum(powers * powers, axis=0))
    powers /= scale
    eps = 1.1920928955078125e-07 if x.dtype == np.float32 else 2.220446049250313e-16
    c = least_squares(both, deg + 1, x.shape[0] * eps if rcond is None else rcond)
    c /= scale[:, None]
    c = c.astype(np.float32 if single else np.float64)
    return c[:, 0] if y.ndim == 1 else c


DEFINITIONS = {"numpy.polyfit": fit}
