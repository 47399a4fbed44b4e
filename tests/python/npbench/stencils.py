"""Finite differences and sweeps on regular grids; the functions are the texts that other tests use, too."""

import numpy as np
from texts.stencils import fdtd_2d, hdiff, heat_3d, jacobi_1d, jacobi_2d
from texts.sweeps import adi, seidel_2d, vadv

from .kernel import Kernel, grid


def _adi(rng, TSTEPS, N):
    return TSTEPS, grid(lambda i, j: (i + N - j) / N, N, N)


def _fdtd_2d(rng, TMAX, NX, NY):
    return (TMAX, grid(lambda i, j: i * (j + 1) / NX, NX, NY), grid(lambda i, j: i * (j + 2) / NY, NX, NY),
            grid(lambda i, j: i * (j + 3) / NX, NX, NY), grid(lambda i: i, TMAX))


def _heat_3d(rng, TSTEPS, N):
    A = grid(lambda i, j, k: (i + j + (N - k)) * 10 / N, N, N, N)
    return TSTEPS, A, A.copy()


def _jacobi_1d(rng, TSTEPS, N):
    return TSTEPS, grid(lambda i: (i + 2) / N, N), grid(lambda i: (i + 3) / N, N)


def _jacobi_2d(rng, TSTEPS, N):
    return TSTEPS, grid(lambda i, j: (i * (j + 2) + 2) / N, N, N), grid(lambda i, j: (i * (j + 3) + 3) / N, N, N)


def _seidel_2d(rng, TSTEPS, N):
    return TSTEPS, grid(lambda i, j: (i * (j + 2) + 2) / N, N, N)


def _hdiff(rng, I, J, K):
    return rng.random((I + 4, J + 4, K)), np.zeros((I, J, K)), rng.random((I, J, K))


def _vadv(rng, I, J, K):
    return (rng.random((I, J, K)), rng.random((I, J, K)), rng.random((I + 1, J, K)), rng.random((I, J, K)),
            rng.random((I, J, K)), 3.0 / 20.0)


KERNELS = [
    Kernel(adi, _adi), Kernel(fdtd_2d, _fdtd_2d), Kernel(heat_3d, _heat_3d), Kernel(jacobi_1d, _jacobi_1d),
    Kernel(jacobi_2d, _jacobi_2d), Kernel(seidel_2d, _seidel_2d), Kernel(hdiff, _hdiff), Kernel(vadv, _vadv),
]
