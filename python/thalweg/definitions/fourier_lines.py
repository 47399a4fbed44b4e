"""The discrete Fourier transform of all lines along an axis of any length.

A length with a prime factor above LARGEST_RADIX becomes a convolution with a chirp (L. Bluestein, 1970), whose length is
a power of two, or three quarters of one.
"""

import numpy as np

from thalweg.definitions.fourier_stages import LARGEST_RADIX, fill_roots, transform_tile

TOGETHER = 2048  # elements of the lines that are transformed together


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

    Where the sign of the exponent is to be changed a line is laid into the scratch array backwards.
    """
    x = np.reshape(array, (before, n, behind))
    n = x.shape[1]
    lines = x.shape[0] * x.shape[2]
    length = length_inside(n)
    convolved = length > n
    roots = np.empty(length, array.dtype)
    chirp = np.ones(n, array.dtype)
    for last in range(0 if convolved else 1, 2):
        fill_roots(roots, length if last == 1 else 2 * n)
        if last == 0:
            square = 0
            for k in range(n):
                chirp[k] = roots[square] if forward else np.conj(roots[square])
                square = (square + 2 * k + 1) % (2 * n)
    factors = chirp * (scale / length if convolved else scale)
    tiles = -(-lines // max(1, TOGETHER // length))
    together = -(-lines // max(1, tiles))
    data = np.empty(2 * length * together, array.dtype)
    d = np.reshape(data, (2, length, together))
    pairs = np.empty((2, LARGEST_RADIX), array.dtype)
    spectrum = np.empty(length, array.dtype)
    for tile in range(-1 if convolved else 0, tiles):
        ended = 0
        for again in range(2 if convolved and tile >= 0 else 1):
            if again == 1:
                for k in range(d.shape[1]):
                    for side in range(d.shape[2]):
                        d[0, k, side] = d[ended, k, side] * spectrum[k]
            else:
                if convolved:
                    d[0] = 0
                if tile < 0:
                    for k in range(n):
                        d[0, k, 0] = np.conj(chirp[k])
                        d[0, -k, 0] = np.conj(chirp[k])
                else:
                    for side in range(d.shape[2]):
                        line = tile * together + side
                        if line < lines:
                            given = x[line // behind, :, line % behind]
                            if convolved or not forward:
                                d[0, 0, side] = given[0]
                                d[0, :length - n:-1, side] = given[1:] * chirp[1:]
                            else:
                                d[0, :n, side] = given
            ended = transform_tile(data, roots, pairs, together)
        if tile < 0:
            spectrum[:] = d[ended, :, 0]
        else:
            for side in range(d.shape[2]):
                line = tile * together + side
                if line < lines:
                    x[line // behind, :, line % behind] = d[ended, :n, side] * factors
