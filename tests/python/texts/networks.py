"""Softmax, a small multi-layer perceptron, azimuthal averaging."""

import numpy as np

import thalweg

from . import text, uniform


@text(dict(N=3, H=4, SM=33), lambda rng, N, H, SM: [uniform(rng, N, H, SM, SM, dtype=np.float32)], exact=False,
      terms=lambda a: a[0].shape[-1])
def softmax(x):
    tmp_max = np.max(x, axis=-1, keepdims=True)
    tmp_out = np.exp(x - tmp_max)
    tmp_sum = np.sum(tmp_out, axis=-1, keepdims=True)
    return tmp_out / tmp_sum


def _mlp(rng, C_in, N, S0, S1, S2):
    f = np.float32
    return [uniform(rng, N, C_in, dtype=f), uniform(rng, C_in, S0, dtype=f), uniform(rng, S0, dtype=f),
            uniform(rng, S0, S1, dtype=f), uniform(rng, S1, dtype=f), uniform(rng, S1, S2, dtype=f), uniform(rng, S2, dtype=f)]


@thalweg.program
def relu(x):
    return np.maximum(x, 0)


@thalweg.program
def softmax_rows(x):
    tmp_max = np.max(x, axis=-1, keepdims=True)
    tmp_out = np.exp(x - tmp_max)
    tmp_sum = np.sum(tmp_out, axis=-1, keepdims=True)
    return tmp_out / tmp_sum


@text(dict(C_in=3, N=8, S0=30, S1=20, S2=10), _mlp, exact=False, terms=lambda a: a[1].shape[1] * 4)
def mlp(input, w1, b1, w2, b2, w3, b3):
    x = relu(input @ w1 + b1)
    x = relu(x @ w2 + b2)
    x = softmax_rows(x @ w3 + b3)
    return x


@text(dict(N=400, npt=10), lambda rng, N, npt: [uniform(rng, N), uniform(rng, N), npt], exact=False,
      terms=lambda a: a[0].size)
def azimint_naive(data, radius, npt):
    rmax = radius.max()
    res = np.zeros(npt, dtype=np.float64)
    for i in thalweg.map[0:npt]:
        r1 = rmax * i / npt
        r2 = rmax * (i + 1) / npt
        mask_r12 = np.logical_and((r1 <= radius), (radius < r2))
        values_r12 = data[mask_r12]
        res[i] = values_r12.mean()
    return res
