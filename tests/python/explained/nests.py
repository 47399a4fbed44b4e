"""Programs whose explanations are golden files."""

import numpy as np

import thalweg

N, M = thalweg.symbol("N"), thalweg.symbol("M")


@thalweg.program
def statements(a: thalweg.float64[N, M], w: thalweg.float64[M], out: thalweg.float64[N, M]):
    t = a * 2.0
    u = t + w
    out[:] = u - 1.0
    return np.sum(out, axis=1)


@thalweg.program
def sweep(a: thalweg.float64[N, M], total: thalweg.float64[N]):
    for i in range(1, N):
        total[i] += total[i - 1]
    for i, j in thalweg.map[0:N, 0:M]:
        a[i, j] = a[i, j] + total[i]


@thalweg.program
def product(a: thalweg.float64[N, M], b: thalweg.float64[M, N]):
    return np.max(a @ b)


@thalweg.program
def scalars(n: int):
    k = 1
    while k < n:
        k = 2 * k + 1
    return k
