"""Factorisations and solves of dense systems."""

import numpy as np
from texts.linear_algebra import trisolv
from texts.sweeps import cholesky, lu

from .kernel import Kernel, grid, positive_definite, random_complex


def ludcmp(A, b):
    n = A.shape[0]
    x = np.zeros_like(b)
    y = np.zeros_like(b)
    for i in range(n):
        for j in range(i):
            A[i, j] = (A[i, j] - A[i, :j] @ A[:j, j]) / A[j, j]
        for j in range(i, n):
            A[i, j] -= A[i, :i] @ A[:i, j]
    for i in range(n):
        y[i] = b[i] - A[i, :i] @ y[:i]
    for i in range(n - 1, -1, -1):
        x[i] = (y[i] - A[i, i + 1:] @ x[i + 1:]) / A[i, i]
    return x, y


def durbin(r):
    y = np.empty_like(r)
    alpha = -r[0]
    beta = 1.0
    y[0] = alpha
    for k in range(1, r.shape[0]):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y[:k] += alpha * np.flip(y[:k])
        y[k] = alpha
    return y


def gramschmidt(A):
    n = A.shape[1]
    Q = np.zeros_like(A)
    R = np.zeros((n, n), dtype=A.dtype)
    for k in range(n):
        R[k, k] = np.sqrt(np.dot(A[:, k], A[:, k]))
        Q[:, k] = A[:, k] / R[k, k]
        for j in range(k + 1, n):
            R[k, j] = np.dot(Q[:, k], A[:, j])
            A[:, j] -= Q[:, k] * R[k, j]
    return Q, R


def contour_integral(NR, NM, slab_per_bc, Ham, int_pts, Y):
    P0 = np.zeros((NR, NM), dtype=np.complex128)
    P1 = np.zeros((NR, NM), dtype=np.complex128)
    for z in int_pts:
        Tz = np.zeros((NR, NR), dtype=np.complex128)
        for n in range(slab_per_bc + 1):
            Tz += np.power(z, slab_per_bc / 2 - n) * Ham[n]
        if NR == NM:
            X = np.linalg.inv(Tz)
        else:
            X = np.linalg.solve(Tz, Y)
        if abs(z) < 1.0:
            X = -X
        P0 += X
        P1 += z * X
    return P0, P1


def _trisolv(rng, N):
    return grid(lambda i, j: (i + N - j + 1) * 2 / N, N, N), np.full(N, -999.0), grid(lambda i: i, N)


def _ludcmp(rng, N):
    return positive_definite(N), grid(lambda i: (i + 1) / N / 2.0 + 4.0, N)


def _gramschmidt(rng, M, N):
    A = rng.random((M, N))
    while np.linalg.matrix_rank(A) < N:
        A = rng.random((M, N))
    return (A, )


def _contour_integral(rng, NR, NM, slab_per_bc, num_int_pts):
    return (NR, NM, slab_per_bc, random_complex(rng, slab_per_bc + 1, NR, NR), random_complex(rng, num_int_pts),
            random_complex(rng, NR, NM))


KERNELS = [
    Kernel(trisolv, _trisolv, lambda a: a[1].size**2),
    Kernel(cholesky, lambda rng, N: (positive_definite(N), ), lambda a: a[0].shape[0]**2),
    Kernel(lu, lambda rng, N: (positive_definite(N), ), lambda a: a[0].shape[0]**2),
    Kernel(ludcmp, _ludcmp, lambda a: a[0].size**2),
    Kernel(durbin, lambda rng, N: (grid(lambda i: N + 1 - i, N), ), lambda a: a[0].size, amplifies=True),
    Kernel(gramschmidt, _gramschmidt, lambda a: a[0].size**2),
    Kernel(contour_integral, _contour_integral, lambda a: a[3].size**2),
]
