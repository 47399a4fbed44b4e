"""Orthogonal factors by Householder's reflections, as LAPACK chooses them (dgeqrf, zgeqrf): q and r equal NumPy's.

With n rows, the columns of q r differ from those of a by at most about n times eps times their length, and q from a
matrix with orthonormal columns by n times eps. They differ from NumPy's by the condition number of a times as much.
"""

import numpy as np

from thalweg.definitions.parts import deny, matrix_type, places, solution_type

QRResult = type(np.linalg.qr(np.eye(1)))


def conjugated(x):
    return np.conj(x) if np.iscomplexobj(x) else x


def shift_of(largest):
    """The power of 2 that takes numbers of this size to where their squares neither overflow nor vanish."""
    if largest < 2.0**-400:
        return 2.0**600
    return 2.0**-600 if largest > 2.0**400 else 1.0


def reflector(v):
    """Of 1 - factor w w^H whose adjoint takes v to (size, 0, ...): size, which is real, and factor; w goes into v."""
    factor = np.zeros(1, v.dtype)[0]
    size = np.real(v[0])
    largest = np.abs(v[0])
    rest = np.abs(np.imag(v[0]))
    for i in range(1, v.shape[0]):
        rest += np.abs(v[i])
        if np.abs(v[i]) > largest:
            largest = np.abs(v[i])
    if rest != 0:
        shift = shift_of(largest)
        square = 0.0
        for i in range(v.shape[0]):
            v[i] *= shift
            square += np.real(conjugated(v[i]) * v[i])
        head = v[0]
        shifted = -np.copysign(np.sqrt(square), size)
        size = shifted / shift
        factor = (shifted - head) / shifted
        for i in range(1, v.shape[0]):
            v[i] /= head - shifted
    v[0] = 1
    return size, factor


def reflect_columns(a, reflections, factors):
    """Puts the upper triangular factor into a, and the vectors w and factors of the reflections into the others."""
    for k in range(factors.shape[0]):
        v = np.copy(a[k:, k])
        size, factor = reflector(v)
        reflections[k, k:] = v
        factors[k] = factor
        a[k, k] = size
        a[k + 1:, k] = 0
        a[k:, k + 1:] -= (np.conj(factor) * v)[:, None] * (conjugated(v) @ a[k:, k + 1:])


def accumulate(reflections, factors, rows):
    """Puts the first columns of the product of the reflections into rows."""
    rows[...] = np.eye(rows.shape[0], rows.shape[1])
    for back in range(factors.shape[0]):
        k = factors.shape[0] - 1 - back
        v = reflections[k, k:]
        rows[k:, k:] -= (rows[k:, k:] @ conjugated(v))[:, None] * (factors[k] * v)


def qr(a, mode="reduced"):
    if mode == "raw" or mode == "full" or mode == "f" or mode == "economic" or mode == "e":
        raise NotImplementedError("np.linalg.qr has the modes 'reduced', 'complete' and 'r' here")
    if np.ndim(a) < 2:
        deny(a)
        return a if mode == "r" else (a, a)
    if mode != "reduced" and mode != "complete" and mode != "r":
        raise ValueError("Unrecognized mode")
    m, n = a.shape[-2], a.shape[-1]
    least = min(m, n)
    columns = m if mode == "complete" else least
    leading = a.shape[:-2]
    count = places(leading)
    x = np.empty(a.shape, matrix_type(a))
    x[...] = a
    stack = np.reshape(x, (count, m, n))
    reflections = np.empty((least, m), x.dtype)
    factors = np.empty(least, x.dtype)
    r = np.empty((count, columns, n), solution_type(a))
    q = np.empty((count, m, columns), solution_type(a))
    rows = np.empty((columns, m), x.dtype)
    for s in range(count):
        reflect_columns(stack[s], reflections, factors)
        r[s] = stack[s, :columns]
        if mode != "r":
            accumulate(reflections, factors, rows)
            q[s] = np.transpose(rows)
    if mode == "r":
        return np.reshape(r, leading + (columns, n))
    return QRResult(np.reshape(q, leading + (m, columns)), np.reshape(r, leading + (columns, n)))


DEFINITIONS = {"numpy.linalg.qr": qr}
