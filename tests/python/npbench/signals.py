"""A recursive edge filter, a Fourier transform in self-sorting order, and two element-by-element kernels."""

import numpy as np

from .kernel import Kernel, grid, random_complex


def deriche(alpha, imgIn):
    k = (1.0 - np.exp(-alpha))**2 / (1.0 + 2.0 * alpha * np.exp(-alpha) - np.exp(2.0 * alpha))
    a1 = a5 = k
    a2 = a6 = k * np.exp(-alpha) * (alpha - 1.0)
    a3 = a7 = k * np.exp(-alpha) * (alpha + 1.0)
    a4 = a8 = -k * np.exp(-2.0 * alpha)
    b1 = 2.0**(-alpha)
    b2 = -np.exp(-2.0 * alpha)
    c1 = c2 = 1

    y1 = np.empty_like(imgIn)
    y1[:, 0] = a1 * imgIn[:, 0]
    y1[:, 1] = a1 * imgIn[:, 1] + a2 * imgIn[:, 0] + b1 * y1[:, 0]
    for j in range(2, imgIn.shape[1]):
        y1[:, j] = a1 * imgIn[:, j] + a2 * imgIn[:, j - 1] + b1 * y1[:, j - 1] + b2 * y1[:, j - 2]

    y2 = np.empty_like(imgIn)
    y2[:, -1] = 0.0
    y2[:, -2] = a3 * imgIn[:, -1]
    for j in range(imgIn.shape[1] - 3, -1, -1):
        y2[:, j] = a3 * imgIn[:, j + 1] + a4 * imgIn[:, j + 2] + b1 * y2[:, j + 1] + b2 * y2[:, j + 2]

    imgOut = c1 * (y1 + y2)

    y1[0, :] = a5 * imgOut[0, :]
    y1[1, :] = a5 * imgOut[1, :] + a6 * imgOut[0, :] + b1 * y1[0, :]
    for i in range(2, imgIn.shape[0]):
        y1[i, :] = a5 * imgOut[i, :] + a6 * imgOut[i - 1, :] + b1 * y1[i - 1, :] + b2 * y1[i - 2, :]

    y2[-1, :] = 0.0
    y2[-2, :] = a7 * imgOut[-1, :]
    for i in range(imgIn.shape[0] - 3, -1, -1):
        y2[i, :] = a7 * imgOut[i + 1, :] + a8 * imgOut[i + 2, :] + b1 * y2[i + 1, :] + b2 * y2[i + 2, :]

    imgOut[:] = c2 * (y1 + y2)
    return imgOut


def stockham_fft(N, R, K, x, y):
    row, column = np.mgrid[0:R, 0:R]
    butterfly = np.exp(-2.0j * np.pi * row * column / R)
    y[:] = x[:]
    digit, position = np.mgrid[0:R, 0:R**K]
    for i in range(K):
        left = R**i
        right = R**(K - i - 1)
        permuted = np.transpose(np.reshape(y, (left, R, right)), axes=(1, 0, 2))
        twiddle = np.empty((R, left, right), dtype=np.complex128)
        factors = np.exp(-2.0j * np.pi * digit[:, :left] * position[:, :left] / R**(i + 1))
        twiddle[:] = np.repeat(np.reshape(factors, (R, left, 1)), right, axis=2)
        turned = np.reshape(permuted, (N, )) * np.reshape(twiddle, (N, ))
        y[:] = np.reshape(butterfly @ np.reshape(turned, (R, R**(K - 1))), (N, ))


def compute(array_1, array_2, a, b, c):
    return np.clip(array_1, 2, 10) * a + array_2 * b + c


def go_fast(a):
    trace = 0.0
    for i in range(a.shape[0]):
        trace += np.tanh(a[i, i])
    return a + trace


def _deriche(rng, W, H):
    return 0.25, grid(lambda i, j: (313 * i + 991 * j) % 65536 / 65535.0, W, H)


def _stockham_fft(rng, R, K):
    return R**K, R, K, random_complex(rng, R**K), np.zeros(R**K, dtype=np.complex128)


def _compute(rng, M, N):
    return (rng.uniform(0, 1000, size=(M, N)).astype(np.int64), rng.uniform(0, 1000, size=(M, N)).astype(np.int64),
            np.int64(4), np.int64(3), np.int64(9))


KERNELS = [
    Kernel(deriche, _deriche, lambda a: 8 * sum(a[1].shape)),
    Kernel(stockham_fft, _stockham_fft, lambda a: 8 * a[1] * a[2]),
    Kernel(compute, _compute),
    Kernel(go_fast, lambda rng, N: (rng.random((N, N)), ), lambda a: a[0].shape[0]),
]
