"""The discrete Fourier transform of all lines along an axis of any length.

A length with a prime factor above LARGEST_RADIX becomes a convolution with a chirp (L. Bluestein, 1970), whose length
is a power of two, or three quarters of one.
"""

import numpy as np

from thalweg.definitions.fourier_stages import LARGEST_RADIX, fill_roots, transform_tile

TOGETHER = 8192  # elements of the lines that are transformed together


def length_inside(n):
    """The length in which lines of length n are transformed: n itself, or that of the convolution."""
    rest = n
    for factor in range(2, LARGEST_RADIX + 1):
        while rest % factor == 0:
            rest = rest // factor
    length = n
    if rest > 1:
        length = 4
        while length < 2 * n - 1:
            length = 2 * length
        if 3 * (length // 4) >= 2 * n - 1:
            length = 3 * (length // 4)
    return length


def transform_lines(array, before, n, behind, forward, scale):
    """Transforms a contiguous array, seen as before x n x behind elements, along its middle axis, in place.

    The other sign of the exponent is had by conjugation, before and behind.
    """
    x = np.reshape(array, (before, n, behind))
    n = x.shape[1]
    lines = x.shape[0] * x.shape[2]
    length = length_inside(n)
    convolved = length > n
    real = np.float32 if array.dtype == np.complex64 else np.float64
    roots = np.empty((2, length), real)
    times = np.zeros((2, 2, length if convolved else 0), real)  # chirp, spectrum of the filter
    factors = np.full(n, scale / length if convolved else scale, array.dtype)
    for last in range(0 if convolved else 1, 2):
        fill_roots(roots, length if last == 1 else 2 * n)
        if last == 0:
            square = 0
            for k in range(n):
                times[0, 0, k], times[0, 1, k] = roots[0, square], -roots[1, square]
                factors[k] *= roots[0, square] - roots[1, square] * (1j if forward else -1j)
                square = (square + 2 * k + 1) % (2 * n)
    unit = 1j if forward != convolved else -1j
    tiles = -(-lines // max(1, TOGETHER // length))
    together = max(1, -(-lines // max(1, tiles)))
    data = np.empty(4 * length * together, real)
    d = np.reshape(data, (2, 2, length, together))
    for tile in range(-1 if convolved else 0, tiles):
        ended = 0
        if convolved:
            d[0] = 0
        if tile < 0:
            for k in range(n):
                d[0, 0, k, 0] = d[0, 0, -k, 0] = times[0, 0, k]
                d[0, 1, k, 0] = d[0, 1, -k, 0] = -times[0, 1, k]
        for side in range(d.shape[3]):
            line = tile * together + side
            if 0 <= line and line < lines:
                given = x[line // behind, :, line % behind]
                d[0, 0, :n, side] = np.real(given)
                d[0, 1, :n, side] = np.imag(given) if forward else -np.imag(given)
        for again in range(2 if convolved and tile >= 0 else 1):
            if convolved and tile >= 0:
                for k in range(length):
                    c, s = times[again, 0, k], times[again, 1, k]
                    for side in range(d.shape[3]):
                        a, b = d[ended, 0, k, side], d[ended, 1, k, side]
                        d[0, 0, k, side] = a * c - b * s
                        d[0, 1, k, side] = (a * s + b * c) * (1 - 2 * again)
            ended = transform_tile(data, roots, together)
        if tile < 0:
            times[1] = d[ended, :, :, 0]
        for side in range(d.shape[3]):
            line = tile * together + side
            if 0 <= line and line < lines:
                x[line // behind, :, line % behind] = (d[ended, 0, :n, side] + d[ended, 1, :n, side] * unit) * factors


DEFINITIONS = {}  # of NumPy: none, this is what those in fourier.py are made of
