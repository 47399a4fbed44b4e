"""Shortest paths, pairs of a folded strand, a check sum: integers only, every bit is NumPy's."""

import numpy as np

from .kernel import Kernel, grid


def floyd_warshall(path):
    for k in range(path.shape[0]):
        path[:] = np.minimum(path[:], np.add.outer(path[:, k], path[k, :]))


def match(b1, b2):
    if b1 + b2 == 3:
        return 1
    else:
        return 0


def nussinov(N, seq):
    table = np.zeros((N, N), np.int32)
    for i in range(N - 1, -1, -1):
        for j in range(i + 1, N):
            if j - 1 >= 0:
                table[i, j] = max(table[i, j], table[i, j - 1])
            if i + 1 < N:
                table[i, j] = max(table[i, j], table[i + 1, j])
            if j - 1 >= 0 and i + 1 < N:
                if i < j - 1:
                    table[i, j] = max(table[i, j], table[i + 1, j - 1] + match(seq[i], seq[j]))
                else:
                    table[i, j] = max(table[i, j], table[i + 1, j - 1])
            for k in range(i + 1, j):
                table[i, j] = max(table[i, j], table[i, k] + table[k + 1, j])
    return table


def crc16(data, poly=0x8408):
    crc = 0xFFFF
    for b in data:
        cur_byte = 0xFF & b
        for _ in range(0, 8):
            if (crc & 0x0001) ^ (cur_byte & 0x0001):
                crc = (crc >> 1) ^ poly
            else:
                crc >>= 1
            cur_byte >>= 1
    crc = (~crc & 0xFFFF)
    crc = (crc << 8) | ((crc >> 8) & 0xFF)
    return crc & 0xFFFF


def _floyd_warshall(rng, N):
    path = grid(lambda i, j: i * j % 7 + 1, N, N, dtype=np.int32)
    total = np.add.outer(np.arange(N), np.arange(N))
    path[(total % 13 == 0) | (total % 7 == 0) | (total % 11 == 0)] = 999
    return (path, )


def _nussinov(rng, N):
    return N, grid(lambda i: (i + 1) % 4, N, dtype=np.int32)


KERNELS = [
    Kernel(floyd_warshall, _floyd_warshall),
    Kernel(nussinov, _nussinov),
    Kernel(crc16, lambda rng, N: (rng.integers(0, 256, size=(N, ), dtype=np.uint8), )),
]
