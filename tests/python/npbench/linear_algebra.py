"""Products of dense matrices and vectors, whole, triangular and symmetric, and one sparse product."""

import numpy as np
from texts.linear_algebra import atax, bicg, gemm, gesummv, mvt

from .kernel import Kernel, grid


def gemver(alpha, beta, A, u1, v1, u2, v2, w, x, y, z):
    A += np.outer(u1, v1) + np.outer(u2, v2)
    x += beta * y @ A + z
    w += alpha * A @ x


def k2mm(alpha, beta, A, B, C, D):
    D[:] = alpha * A @ B @ C + beta * D


def k3mm(A, B, C, D):
    return A @ B @ C @ D


def doitgen(NR, NQ, NP, A, C4):
    A[:] = np.reshape(np.reshape(A, (NR, NQ, 1, NP)) @ C4, (NR, NQ, NP))


def symm(alpha, beta, C, A, B):
    below = np.empty((C.shape[1], ), dtype=C.dtype)
    C *= beta
    for i in range(C.shape[0]):
        for j in range(C.shape[1]):
            C[:i, j] += alpha * B[i, j] * A[i, :i]
            below[j] = B[:i, j] @ A[i, :i]
        C[i, :] += alpha * B[i, :] * A[i, i] + alpha * below


def syrk(alpha, beta, C, A):
    for i in range(A.shape[0]):
        C[i, :i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, :i + 1] += alpha * A[i, k] * A[:i + 1, k]


def syr2k(alpha, beta, C, A, B):
    for i in range(A.shape[0]):
        C[i, :i + 1] *= beta
        for k in range(A.shape[1]):
            C[i, :i + 1] += A[:i + 1, k] * alpha * B[i, k] + B[:i + 1, k] * alpha * A[i, k]


def trmm(alpha, A, B):
    for i in range(B.shape[0]):
        for j in range(B.shape[1]):
            B[i, j] += np.dot(A[i + 1:, i], B[i + 1:, j])
    B *= alpha


def spmv(A_row, A_col, A_val, x):
    y = np.empty(A_row.size - 1, A_val.dtype)
    for i in range(A_row.size - 1):
        cols = A_col[A_row[i]:A_row[i + 1]]
        vals = A_val[A_row[i]:A_row[i + 1]]
        y[i] = vals @ x[cols]
    return y


def _gemm(rng, NI, NJ, NK):
    return (1.5, 1.2, grid(lambda i, j: (i * j + 1) % NI / NI, NI, NJ), grid(lambda i, k: i * (k + 1) % NK / NK, NI, NK),
            grid(lambda k, j: k * (j + 2) % NJ / NJ, NK, NJ))


def _atax(rng, M, N):
    return grid(lambda i, j: (i + j) % N / (5 * M), M, N), grid(lambda i: 1 + i / N, N)


def _bicg(rng, M, N):
    return grid(lambda i, j: i * (j + 1) % N / N, N, M), grid(lambda i: i % M / M, M), grid(lambda i: i % N / N, N)


def _mvt(rng, N):
    vectors = [grid(lambda i: (i + shift) % N / N, N) for shift in (0, 1, 3, 4)]
    return *vectors, grid(lambda i, j: i * j % N / N, N, N)


def _gesummv(rng, N):
    return (1.5, 1.2, grid(lambda i, j: (i * j + 1) % N / N, N, N), grid(lambda i, j: (i * j + 2) % N / N, N, N),
            grid(lambda i: i % N / N, N))


def _gemver(rng, N):
    def ramp(divisor):
        return grid(lambda i: (i + 1) / N / divisor, N)

    return (1.5, 1.2, grid(lambda i, j: i * j % N / N, N, N), grid(lambda i: i, N), ramp(4.0), ramp(2.0), ramp(6.0),
            np.zeros(N), np.zeros(N), ramp(8.0), ramp(9.0))


def _k2mm(rng, NI, NJ, NK, NL):
    return (1.5, 1.2, grid(lambda i, j: (i * j + 1) % NI / NI, NI, NK), grid(lambda i, j: i * (j + 1) % NJ / NJ, NK, NJ),
            grid(lambda i, j: (i * (j + 3) + 1) % NL / NL, NJ, NL), grid(lambda i, j: i * (j + 2) % NK / NK, NI, NL))


def _k3mm(rng, NI, NJ, NK, NL, NM):
    return (grid(lambda i, j: (i * j + 1) % NI / (5 * NI), NI, NK),
            grid(lambda i, j: (i * (j + 1) + 2) % NJ / (5 * NJ), NK, NJ),
            grid(lambda i, j: i * (j + 3) % NL / (5 * NL), NJ, NM),
            grid(lambda i, j: (i * (j + 2) + 2) % NK / (5 * NK), NM, NL))


def _doitgen(rng, NR, NQ, NP):
    return NR, NQ, NP, grid(lambda i, j, k: (i * j + k) % NP / NP, NR, NQ, NP), grid(lambda i, j: i * j % NP / NP, NP, NP)


def _symm(rng, M, N):
    lower = grid(lambda i, j: (i + j) % 100 / M, M, M)
    lower[np.triu_indices(M, 1)] = -999
    return 1.5, 1.2, grid(lambda i, j: (i + j) % 100 / M, M, N), lower, grid(lambda i, j: (N + i - j) % 100 / M, M, N)


def _syrk(rng, M, N):
    return 1.5, 1.2, grid(lambda i, j: (i * j + 2) % N / M, N, N), grid(lambda i, j: (i * j + 1) % N / N, N, M)


def _syr2k(rng, M, N):
    return (1.5, 1.2, grid(lambda i, j: (i * j + 3) % N / M, N, N), grid(lambda i, j: (i * j + 1) % N / N, N, M),
            grid(lambda i, j: (i * j + 2) % M / M, N, M))


def _trmm(rng, M, N):
    lower = np.tril(grid(lambda i, j: i * j % M / M, M, M), -1) + np.eye(M)
    return 1.5, lower, grid(lambda i, j: (N + i - j) % N / N, M, N)


def _spmv(rng, M, N, nnz):
    """Distinct random positions, row by row, as compressed rows."""
    rows, columns = np.divmod(np.sort(rng.choice(M * N, nnz, replace=False)), N)
    starts = np.searchsorted(rows, np.arange(M + 1)).astype(np.uint32)
    return starts, columns.astype(np.uint32), rng.random(nnz), rng.random(N)


KERNELS = [
    Kernel(gemm, _gemm, lambda a: a[3].shape[1]),
    Kernel(atax, _atax, lambda a: sum(a[0].shape)),
    Kernel(bicg, _bicg, lambda a: max(a[0].shape)),
    Kernel(mvt, _mvt, lambda a: a[0].size),
    Kernel(gesummv, _gesummv, lambda a: a[4].size),
    Kernel(gemver, _gemver, lambda a: 2 * a[3].size),
    Kernel(k2mm, _k2mm, lambda a: a[2].shape[1] + a[4].shape[0]),
    Kernel(k3mm, _k3mm, lambda a: a[0].shape[1] + a[2].shape[0] + a[3].shape[0]),
    Kernel(doitgen, _doitgen, lambda a: a[4].shape[0]),
    Kernel(symm, _symm, lambda a: a[3].shape[0]),
    Kernel(syrk, _syrk, lambda a: a[3].shape[1]),
    Kernel(syr2k, _syr2k, lambda a: 2 * a[3].shape[1]),
    Kernel(trmm, _trmm, lambda a: a[1].shape[0]),
    Kernel(spmv, _spmv, lambda a: a[2].size),
]
