"""Moments of data sets and averages over rings of an image."""

import numpy as np

from .kernel import Kernel, grid


def correlation(M, float_n, data):
    mean = np.mean(data, axis=0)
    stddev = np.std(data, axis=0)
    stddev[stddev <= 0.1] = 1.0
    data -= mean
    data /= np.sqrt(float_n) * stddev
    corr = np.eye(M, dtype=data.dtype)
    for i in range(M - 1):
        corr[i + 1:M, i] = corr[i, i + 1:M] = data[:, i] @ data[:, i + 1:M]
    return corr


def covariance(M, float_n, data):
    mean = np.mean(data, axis=0)
    data -= mean
    cov = np.zeros((M, M), dtype=data.dtype)
    for i in range(M):
        cov[i:M, i] = cov[i, i:M] = data[:, i] @ data[:, i:M] / (float_n - 1.0)
    return cov


def azimint_hist(data, radius, npt):
    counts = np.histogram(radius, npt)[0]
    weights = np.histogram(radius, npt, weights=data)[0]
    return weights / counts


def azimint_naive(data, radius, npt):
    rmax = radius.max()
    res = np.zeros(npt)
    for i in range(npt):
        inner = rmax * i / npt
        outer = rmax * (i + 1) / npt
        mask = np.logical_and(inner <= radius, radius < outer)
        res[i] = data[mask].mean()
    return res


def _correlation(rng, M, N):
    return M, float(N), grid(lambda i, j: i * j / M + i, N, M)


def _covariance(rng, M, N):
    return M, float(N), grid(lambda i, j: i * j / M, N, M)


def _rings(rng, N, npt):
    return rng.random(N), rng.random(N), npt


KERNELS = [
    Kernel(correlation, _correlation, lambda a: 4 * a[2].shape[0]),
    Kernel(covariance, _covariance, lambda a: 4 * a[2].shape[0]),
    Kernel(azimint_hist, _rings, lambda a: a[0].size),
    Kernel(azimint_naive, _rings, lambda a: a[0].size),
]
