"""Shortest paths, factorisations, a sparse product, and sweeps that carry one plane into the next."""

import numpy as np

import thalweg

from . import text, uniform


def _distances(rng, N):
    return [rng.integers(1, 1000, (N, N)).astype(np.int32)]


@text(dict(N=16), _distances, exact=True)
def floyd_warshall(path):
    for k in range(path.shape[0]):
        path[:] = np.minimum(path, path[:, k, np.newaxis] + path[k, :])


def _dominant(rng, N):
    a = uniform(rng, N, N)
    return [a + a.T + 2 * N * np.eye(N)]


@text(dict(N=14), _dominant, exact=False, terms=lambda a: a[0].shape[0]**2)
def cholesky(A):
    for i in range(A.shape[0]):
        for j in range(i):
            A[i, j] = (A[i, j] - A[i, :j] @ A[j, :j]) / A[j, j]
        A[i, i] = np.sqrt(A[i, i] - A[i, :i] @ A[i, :i])


@text(dict(N=14), _dominant, exact=False, terms=lambda a: a[0].shape[0]**2)
def lu(A):
    n = A.shape[0]
    for i in range(n):
        for j in range(i):
            A[i, j] = (A[i, j] - A[i, :j] @ A[:j, j]) / A[j, j]
        for j in range(i, n):
            A[i, j] = A[i, j] - A[i, :i] @ A[:i, j]


def _sparse(rng, M, N, nnz):
    rows = np.sort(rng.integers(0, max(M, 1), nnz))
    starts = np.searchsorted(rows, np.arange(M + 1)).astype(np.int64)
    return [starts, rng.integers(0, max(N, 1), nnz), uniform(rng, nnz), uniform(rng, N)]


@text(dict(M=12, N=9, nnz=40), _sparse, exact=True)
def spmv(starts, columns, values, x):
    y = np.zeros(starts.shape[0] - 1)
    for i in thalweg.map[0:starts.shape[0] - 1]:
        total = 0.0
        for k in range(starts[i], starts[i + 1]):
            total += values[k] * x[columns[k]]
        y[i] = total
    return y


@text(dict(TSTEPS=4, N=12), lambda rng, TSTEPS, N: [TSTEPS, uniform(rng, N, N)], exact=True)
def seidel_2d(TSTEPS, A):
    N = A.shape[0]
    for t in range(TSTEPS - 1):
        for i in range(1, N - 1):
            A[i, 1:-1] += (A[i - 1, :-2] + A[i - 1, 1:-1] + A[i - 1, 2:] + A[i, 2:] + A[i + 1, :-2] + A[i + 1, 1:-1] +
                           A[i + 1, 2:])
            for j in range(1, N - 1):
                A[i, j] = (A[i, j] + A[i, j - 1]) / 9.0


@text(dict(TSTEPS=3, N=12), lambda rng, TSTEPS, N: [TSTEPS, uniform(rng, N, N)], exact=True)
def adi(TSTEPS, u):
    N = u.shape[0]
    v = np.zeros((N, N))
    p = np.zeros((N, N))
    q = np.zeros((N, N))
    across = 2.0 * (1.0 / TSTEPS) * N * N
    along = (1.0 / TSTEPS) * N * N
    a = -across / 2.0
    b = 1.0 + across
    d = -along / 2.0
    e = 1.0 + along
    for t in range(TSTEPS):
        v[0, 1:-1] = 1.0
        p[1:-1, 0] = 0.0
        q[1:-1, 0] = v[0, 1:-1]
        for j in range(1, N - 1):
            p[1:-1, j] = -a / (a * p[1:-1, j - 1] + b)
            q[1:-1, j] = (-d * u[j, :-2] + (1.0 + 2.0 * d) * u[j, 1:-1] - d * u[j, 2:] - a * q[1:-1, j - 1]) / (
                a * p[1:-1, j - 1] + b)
        v[N - 1, 1:-1] = 1.0
        for j in range(N - 2, 0, -1):
            v[j, 1:-1] = p[1:-1, j] * v[j + 1, 1:-1] + q[1:-1, j]
        u[1:-1, 0] = 1.0
        p[1:-1, 0] = 0.0
        q[1:-1, 0] = u[1:-1, 0]
        for j in range(1, N - 1):
            p[1:-1, j] = -d / (d * p[1:-1, j - 1] + e)
            q[1:-1, j] = (-a * v[:-2, j] + (1.0 + 2.0 * a) * v[1:-1, j] - a * v[2:, j] - d * q[1:-1, j - 1]) / (
                d * p[1:-1, j - 1] + e)
        u[1:-1, N - 1] = 1.0
        for j in range(N - 2, 0, -1):
            u[1:-1, j] = p[1:-1, j] * u[1:-1, j + 1] + q[1:-1, j]


def _vadv(rng, I, J, K):
    return [uniform(rng, I, J, K), uniform(rng, I, J, K), uniform(rng, I + 1, J, K), uniform(rng, I, J, K),
            uniform(rng, I, J, K), 3.0 / 20.0]


@text(dict(I=7, J=6, K=8), _vadv, exact=True)
def vadv(utens_stage, u_stage, wcon, u_pos, utens, dtr_stage):
    I, J, K = utens_stage.shape
    ccol = np.zeros((I, J, K))
    dcol = np.zeros((I, J, K))
    half = 0.5

    above = 0.25 * (wcon[1:, :, 1] + wcon[:-1, :, 1])
    below = above * half
    ccol[:, :, 0] = above * half
    scale = 1.0 / (dtr_stage - ccol[:, :, 0])
    rhs = dtr_stage * u_pos[:, :, 0] + utens[:, :, 0] + utens_stage[:, :, 0] - below * (u_stage[:, :, 1] - u_stage[:, :, 0])
    ccol[:, :, 0] = ccol[:, :, 0] * scale
    dcol[:, :, 0] = rhs * scale

    for k in range(1, K - 1):
        under = -0.25 * (wcon[1:, :, k] + wcon[:-1, :, k])
        above = 0.25 * (wcon[1:, :, k + 1] + wcon[:-1, :, k + 1])
        acol = under * half
        ccol[:, :, k] = above * half
        bcol = dtr_stage - acol - ccol[:, :, k]
        correction = -acol * (u_stage[:, :, k - 1] - u_stage[:, :, k]) - above * half * (
            u_stage[:, :, k + 1] - u_stage[:, :, k])
        rhs = dtr_stage * u_pos[:, :, k] + utens[:, :, k] + utens_stage[:, :, k] + correction
        scale = 1.0 / (bcol - ccol[:, :, k - 1] * acol)
        ccol[:, :, k] = ccol[:, :, k] * scale
        dcol[:, :, k] = (rhs - dcol[:, :, k - 1] * acol) * scale

    acol = -0.25 * (wcon[1:, :, K - 1] + wcon[:-1, :, K - 1]) * half
    bcol = dtr_stage - acol
    rhs = dtr_stage * u_pos[:, :, K - 1] + utens[:, :, K - 1] + utens_stage[:, :, K - 1] - acol * (
        u_stage[:, :, K - 2] - u_stage[:, :, K - 1])
    dcol[:, :, K - 1] = (rhs - dcol[:, :, K - 2] * acol) / (bcol - ccol[:, :, K - 2] * acol)

    column = dcol[:, :, K - 1].copy()
    utens_stage[:, :, K - 1] = dtr_stage * (column - u_pos[:, :, K - 1])
    for k in range(K - 2, -1, -1):
        column = dcol[:, :, k] - ccol[:, :, k] * column
        utens_stage[:, :, k] = dtr_stage * (column - u_pos[:, :, k])
