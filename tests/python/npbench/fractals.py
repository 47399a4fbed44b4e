"""Escape times of the Mandelbrot set: on the whole grid, and on the points that are still inside."""

import numpy as np

from .kernel import Kernel


def mandelbrot1(xmin, xmax, ymin, ymax, xn, yn, maxiter, horizon=2.0):
    X = np.linspace(xmin, xmax, xn, dtype=np.float64)
    Y = np.linspace(ymin, ymax, yn, dtype=np.float64)
    C = X + Y[:, None] * 1j
    N = np.zeros(C.shape, dtype=np.int64)
    Z = np.zeros(C.shape, dtype=np.complex128)
    for n in range(maxiter):
        inside = np.less(abs(Z), horizon)
        N[inside] = n
        Z[inside] = Z[inside]**2 + C[inside]
    N[N == maxiter - 1] = 0
    return Z, N


def mandelbrot2(xmin, xmax, ymin, ymax, xn, yn, itermax, horizon=2.0):
    Xi, Yi = np.mgrid[0:xn, 0:yn]
    X = np.linspace(xmin, xmax, xn, dtype=np.float64)[Xi]
    Y = np.linspace(ymin, ymax, yn, dtype=np.float64)[Yi]
    C = X + Y * 1j
    counts = np.zeros(C.shape, dtype=np.int64)
    escaped = np.zeros(C.shape, dtype=np.complex128)
    Xi = Xi.reshape(xn * yn)
    Yi = Yi.reshape(xn * yn)
    C = C.reshape(xn * yn)
    Z = np.zeros(C.shape, np.complex128)
    for i in range(itermax):
        if not len(Z):
            break
        np.multiply(Z, Z, Z)
        np.add(Z, C, Z)
        out = abs(Z) > horizon
        counts[Xi[out], Yi[out]] = i + 1
        escaped[Xi[out], Yi[out]] = Z[out]
        np.logical_not(out, out)
        Z = Z[out]
        Xi, Yi = Xi[out], Yi[out]
        C = C[out]
    return escaped.T, counts.T


def _area(rng, xmin, xmax, XN, ymin, ymax, YN, maxiter, horizon):
    return xmin, xmax, ymin, ymax, XN, YN, maxiter, horizon


KERNELS = [Kernel(mandelbrot1, _area, lambda a: 2.0**a[6]), Kernel(mandelbrot2, _area, lambda a: 2.0**a[6])]
