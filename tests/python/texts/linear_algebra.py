"""Matrix and vector products, triangular solve."""

import numpy as np

from . import text, uniform


def _gemm(rng, NI, NJ, NK):
    return [1.5, 1.2, uniform(rng, NI, NJ), uniform(rng, NI, NK), uniform(rng, NK, NJ)]


@text(dict(NI=20, NJ=22, NK=24), _gemm, exact=False, terms=lambda a: a[3].shape[1])
def gemm(alpha, beta, C, A, B):
    C[:] = alpha * A @ B + beta * C


@text(dict(M=20, N=25), lambda rng, M, N: [uniform(rng, M, N), uniform(rng, N)], exact=False,
      terms=lambda a: a[0].size)
def atax(A, x):
    return (A @ x) @ A


@text(dict(M=20, N=25), lambda rng, M, N: [uniform(rng, N, M), uniform(rng, M), uniform(rng, N)], exact=False,
      terms=lambda a: max(a[0].shape))
def bicg(A, p, r):
    return r @ A, A @ p


def _mvt(rng, N):
    return [uniform(rng, N), uniform(rng, N), uniform(rng, N), uniform(rng, N), uniform(rng, N, N)]


@text(dict(N=30), _mvt, exact=False, terms=lambda a: a[0].size)
def mvt(x1, x2, y_1, y_2, A):
    x1 += A @ y_1
    x2 += y_2 @ A


@text(dict(N=30), lambda rng, N: [1.5, 1.2, uniform(rng, N, N), uniform(rng, N, N), uniform(rng, N)], exact=False,
      terms=lambda a: a[4].size)
def gesummv(alpha, beta, A, B, x):
    return alpha * A @ x + beta * B @ x


def _trisolv(rng, N):
    return [uniform(rng, N, N) + N * np.eye(N), uniform(rng, N), uniform(rng, N)]


@text(dict(N=30), _trisolv, exact=False, terms=lambda a: a[1].size)
def trisolv(L, x, b):
    for i in range(x.shape[0]):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
