"""The polynomial that is nearest to points, by the sum of squares.

The powers of x, scaled to length 1, are made triangular by reflections (Householder's), and the singular values of the
triangle found by one-sided rotations (Hestenes', Jacobi's). As in NumPy, those below len(x) eps of the largest are left
out.
"""

import numpy as np

from thalweg.definitions.parts import demand, is_complex


def make_triangular(a, n):
    """Reflects, so that the first n rows of a become lower triangular (a has the equations in its columns)."""
    for k in range(min(a.shape[1], n)):
        v = np.copy(a[k, k:])
        length = np.sqrt(np.dot(v, v))
        if length > 0:
            v[0] += np.copysign(length, v[0])
            scale = 2.0 / np.dot(v, v)
            for j in range(k, a.shape[0]):
                a[j, k:] -= v * (scale * np.dot(v, a[j, k:]))
            a[k, k + 1:] = 0


def rotate_apart(w, size):
    """Rotates the rows of w until their first parts, of that size, are at right angles to one another."""
    turning = True
    rounds = 0
    while turning and rounds < 60:
        turning = False
        rounds += 1
        for p in range(w.shape[0]):
            for q in range(p + 1, w.shape[0]):
                alpha = np.dot(w[p, :size], w[p, :size])
                beta = np.dot(w[q, :size], w[q, :size])
                gamma = np.dot(w[p, :size], w[q, :size])
                if np.abs(gamma) > 1e-16 * np.sqrt(alpha * beta):
                    turning = True
                    zeta = (beta - alpha) / (2.0 * gamma)
                    t = np.copysign(1.0, zeta) / (np.abs(zeta) + np.sqrt(1.0 + zeta * zeta))
                    c = 1.0 / np.sqrt(1.0 + t * t)
                    before = np.copy(w[p])
                    w[p] = c * (before - t * w[q])
                    w[q] = c * (t * before + w[q])


def least_squares(a, n, smallest):
    """x for which the rows of a from n on are nearest to x times those before; a is overwritten.

    Singular values of at most `smallest` times the largest are left out; LAPACK's xLALSD takes a share outside (0, 1) for eps.
    """
    make_triangular(a, n)
    size = min(a.shape[1], n)
    w = np.zeros((n, size + n))
    w[:, :size] = a[:n, :size]
    for k in range(n):
        w[k, size + k] = 1.0
    rotate_apart(w, size)
    lengths = np.sqrt(np.sum(w[:, :size] * w[:, :size], axis=1))
    bound = (smallest if 0 < smallest < 1 else 1.1102230246251565e-16) * np.max(lengths)
    x = np.zeros((a.shape[0] - n, n))
    for k in range(n):
        if lengths[k] > bound:
            for j in range(x.shape[0]):
                x[j] += w[k, size:] * (np.dot(w[k, :size], a[n + j, :size]) / lengths[k] / lengths[k])
    return x


def fit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    if full or cov:
        raise NotImplementedError("np.polyfit with full or cov is not supported")
    if np.ndim(deg) != 0 or np.ndim(x) != 1 or np.ndim(y) < 1 or np.ndim(y) > 2:
        raise NotImplementedError("np.polyfit of these dimensions is not supported")
    if is_complex(np.result_type(x, y)):
        raise NotImplementedError("np.polyfit of complex numbers is not supported")
    if y.dtype == np.float16:
        raise TypeError("array type float16 is unsupported in linalg")
    demand(deg >= 0)
    if x.shape[0] == 0:
        raise TypeError("expected non-empty vector for x")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    n = deg + 1
    both = np.empty((n + (1 if y.ndim == 1 else y.shape[1]), x.shape[0]))
    powers = both[:n]
    powers[deg] = 1.0
    for k in range(deg):
        powers[deg - 1 - k] = powers[deg - k] * x
    both[n:] = y[None, :] if y.ndim == 1 else np.transpose(y)
    if w is not None:
        if w.ndim != 1:
            raise TypeError("expected a 1-d array for weights")
        if w.shape[0] != y.shape[0]:
            raise TypeError("expected w and y to have the same length")
        both *= w
        if y.dtype == np.float32:  # NumPy weighs these in place
            both[n:] = both[n:].astype(np.float32)
    scale = np.sqrt(np.sum(powers * powers, axis=1))
    powers /= scale[:, None]
    if not bool(np.all(np.isfinite(powers))):
        raise np.linalg.LinAlgError("SVD did not converge in Linear Least Squares")
    eps = 1.1920928955078125e-07 if x.dtype == np.float32 else 2.220446049250313e-16
    if x.dtype == np.float16:
        eps = 0.0009765625
    c = least_squares(both, n, x.shape[0] * eps if rcond is None else rcond)
    c /= scale
    return c[0] if y.ndim == 1 else np.transpose(c)


DEFINITIONS = {"numpy.polyfit": fit}
