"""The stages of a discrete Fourier transform whose length is a product of small factors.

They are Stockham's: each reads one half of a scratch array and writes the other, in an order that needs no permutation
at the end (C. Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992). Real and imaginary parts stand
apart, and the lines that are transformed together have their elements side by side. A stage sees the half it reads as
r parts of `left` groups of `together` elements, r being its factor, and stores groups of r parts.
"""

import numpy as np

LARGEST_RADIX = 47
SINE_3 = np.sin(np.pi / 3)
SINE_5, SINE_5_2 = np.sin(2 * np.pi / 5), np.sin(np.pi / 5)
COSINE_5, COSINE_5_2 = np.cos(2 * np.pi / 5), -np.cos(np.pi / 5)


def fill_roots(roots, n):
    """Cosines and sines of 2 pi k / n, computed of at most pi / 4: there they are as exact as their arguments."""
    turn = 8 * np.arange(roots.shape[1])
    half = np.minimum(turn, 8 * n - turn)
    quarter = np.minimum(half, 4 * n - half)
    angle = np.minimum(quarter, 2 * n - quarter) * (np.pi / (4 * n))
    swapped = quarter > n
    cosine = np.where(swapped, np.sin(angle), np.cos(angle))
    sine = np.where(swapped, np.cos(angle), np.sin(angle))
    roots[0] = np.where(half > 2 * n, -cosine, cosine)
    roots[1] = np.where(turn > 4 * n, -sine, sine)


def stage_of_2(data, roots, left, together, now):
    x = np.reshape(data, (2, 2, 2, left, together))
    m, t = x.shape[3], x.shape[4]
    y = np.reshape(data, (2, 2, m, 2, t))
    w = np.reshape(roots, (2, 2, m, -1))
    to = 1 - now
    for p in range(m):
        c, s = w[0, 0, p, 0], w[1, 0, p, 0]
        for q in range(t):
            a, b = x[now, 0, 0, p, q], x[now, 0, 1, p, q]
            e, f = x[now, 1, 0, p, q], x[now, 1, 1, p, q]
            y[to, 0, p, 0, q] = a + b
            y[to, 1, p, 0, q] = e + f
            y[to, 0, p, 1, q] = (a - b) * c + (e - f) * s
            y[to, 1, p, 1, q] = (e - f) * c - (a - b) * s


def stage_of_3(data, roots, left, together, now):
    x = np.reshape(data, (2, 2, 3, left, together))
    m, t = x.shape[3], x.shape[4]
    y = np.reshape(data, (2, 2, m, 3, t))
    w = np.reshape(roots, (2, 3, m, -1))
    to = 1 - now
    for p in range(m):
        c1, s1 = w[0, 0, p, 0], w[1, 0, p, 0]
        c2, s2 = c1 * c1 - s1 * s1, 2 * c1 * s1
        for q in range(t):
            a, b, c = x[now, 0, 0, p, q], x[now, 0, 1, p, q], x[now, 0, 2, p, q]
            e, f, g = x[now, 1, 0, p, q], x[now, 1, 1, p, q], x[now, 1, 2, p, q]
            even, even_i = a - (b + c) * 0.5, e - (f + g) * 0.5
            odd, odd_i = (f - g) * SINE_3, (c - b) * SINE_3
            y[to, 0, p, 0, q] = a + (b + c)
            y[to, 1, p, 0, q] = e + (f + g)
            y[to, 0, p, 1, q] = (even + odd) * c1 + (even_i + odd_i) * s1
            y[to, 1, p, 1, q] = (even_i + odd_i) * c1 - (even + odd) * s1
            y[to, 0, p, 2, q] = (even - odd) * c2 + (even_i - odd_i) * s2
            y[to, 1, p, 2, q] = (even_i - odd_i) * c2 - (even - odd) * s2


def stage_of_4(data, roots, left, together, now):
    x = np.reshape(data, (2, 2, 4, left, together))
    m, t = x.shape[3], x.shape[4]
    y = np.reshape(data, (2, 2, m, 4, t))
    w = np.reshape(roots, (2, 4, m, -1))
    to = 1 - now
    for p in range(m):
        c1, s1 = w[0, 0, p, 0], w[1, 0, p, 0]
        c2, s2 = c1 * c1 - s1 * s1, 2 * c1 * s1
        c3, s3 = c1 * c2 - s1 * s2, c1 * s2 + s1 * c2
        for q in range(t):
            a, b, c, d = x[now, 0, 0, p, q], x[now, 0, 1, p, q], x[now, 0, 2, p, q], x[now, 0, 3, p, q]
            e, f, g, h = x[now, 1, 0, p, q], x[now, 1, 1, p, q], x[now, 1, 2, p, q], x[now, 1, 3, p, q]
            y[to, 0, p, 0, q] = (a + c) + (b + d)
            y[to, 1, p, 0, q] = (e + g) + (f + h)
            y[to, 0, p, 1, q] = ((a - c) + (f - h)) * c1 + ((e - g) - (b - d)) * s1
            y[to, 1, p, 1, q] = ((e - g) - (b - d)) * c1 - ((a - c) + (f - h)) * s1
            y[to, 0, p, 2, q] = ((a + c) - (b + d)) * c2 + ((e + g) - (f + h)) * s2
            y[to, 1, p, 2, q] = ((e + g) - (f + h)) * c2 - ((a + c) - (b + d)) * s2
            y[to, 0, p, 3, q] = ((a - c) - (f - h)) * c3 + ((e - g) + (b - d)) * s3
            y[to, 1, p, 3, q] = ((e - g) + (b - d)) * c3 - ((a - c) - (f - h)) * s3


def stage_of_5(data, roots, left, together, now):
    x = np.reshape(data, (2, 2, 5, left, together))
    m, t = x.shape[3], x.shape[4]
    y = np.reshape(data, (2, 2, m, 5, t))
    w = np.reshape(roots, (2, 5, m, -1))
    to = 1 - now
    for p in range(m):
        c1, s1 = w[0, 0, p, 0], w[1, 0, p, 0]
        c2, s2 = c1 * c1 - s1 * s1, 2 * c1 * s1
        c3, s3 = c1 * c2 - s1 * s2, c1 * s2 + s1 * c2
        c4, s4 = c2 * c2 - s2 * s2, 2 * c2 * s2
        for q in range(t):
            a, e = x[now, 0, 0, p, q], x[now, 1, 0, p, q]
            b, c = x[now, 0, 1, p, q] + x[now, 0, 4, p, q], x[now, 0, 2, p, q] + x[now, 0, 3, p, q]
            f, g = x[now, 1, 1, p, q] + x[now, 1, 4, p, q], x[now, 1, 2, p, q] + x[now, 1, 3, p, q]
            d, h = x[now, 0, 4, p, q] - x[now, 0, 1, p, q], x[now, 0, 3, p, q] - x[now, 0, 2, p, q]
            i, j = x[now, 1, 1, p, q] - x[now, 1, 4, p, q], x[now, 1, 2, p, q] - x[now, 1, 3, p, q]
            even, even_i = a + b * COSINE_5 + c * COSINE_5_2, e + f * COSINE_5 + g * COSINE_5_2
            twice, twice_i = a + b * COSINE_5_2 + c * COSINE_5, e + f * COSINE_5_2 + g * COSINE_5
            odd, odd_i = i * SINE_5 + j * SINE_5_2, d * SINE_5 + h * SINE_5_2
            skew, skew_i = i * SINE_5_2 - j * SINE_5, d * SINE_5_2 - h * SINE_5
            y[to, 0, p, 0, q] = a + b + c
            y[to, 1, p, 0, q] = e + f + g
            y[to, 0, p, 1, q] = (even + odd) * c1 + (even_i + odd_i) * s1
            y[to, 1, p, 1, q] = (even_i + odd_i) * c1 - (even + odd) * s1
            y[to, 0, p, 2, q] = (twice + skew) * c2 + (twice_i + skew_i) * s2
            y[to, 1, p, 2, q] = (twice_i + skew_i) * c2 - (twice + skew) * s2
            y[to, 0, p, 3, q] = (twice - skew) * c3 + (twice_i - skew_i) * s3
            y[to, 1, p, 3, q] = (twice_i - skew_i) * c3 - (twice - skew) * s3
            y[to, 0, p, 4, q] = (even - odd) * c4 + (even_i - odd_i) * s4
            y[to, 1, p, 4, q] = (even_i - odd_i) * c4 - (even - odd) * s4


def stage_of_odd(data, roots, r, left, together, now):
    """Elements v and r - v of a line have the same cosines, and sines of opposite signs."""
    x = np.reshape(data, (2, 2, r, left, together))
    r, m, t = x.shape[2], x.shape[3], x.shape[4]
    y = np.reshape(data, (2, 2, m, r, t))
    w = np.reshape(roots, (2, r * m, -1))
    circle = np.reshape(roots, (2, r, -1))
    pairs = np.empty((4, LARGEST_RADIX), data.dtype)
    to = 1 - now
    for p in range(m):
        for q in range(t):
            first, first_i = x[now, 0, 0, p, q], x[now, 1, 0, p, q]
            total, total_i = first, first_i
            for v in range(1, r // 2 + 1):
                a, b = x[now, 0, v, p, q], x[now, 0, r - v, p, q]
                e, f = x[now, 1, v, p, q], x[now, 1, r - v, p, q]
                pairs[0, v], pairs[1, v] = a + b, e + f
                pairs[2, v], pairs[3, v] = e - f, b - a
                total, total_i = total + (a + b), total_i + (e + f)
            y[to, 0, p, 0, q] = total
            y[to, 1, p, 0, q] = total_i
            for k in range(1, r // 2 + 1):
                even, even_i = first, first_i
                odd, odd_i = first - first, first - first
                at = 0
                for v in range(1, r // 2 + 1):
                    at = at + k if at + k < r else at + k - r
                    c, s = circle[0, at, 0], circle[1, at, 0]
                    even, even_i = even + pairs[0, v] * c, even_i + pairs[1, v] * c
                    odd, odd_i = odd + pairs[2, v] * s, odd_i + pairs[3, v] * s
                c, s = w[0, p * k, 0], w[1, p * k, 0]
                y[to, 0, p, k, q] = (even + odd) * c + (even_i + odd_i) * s
                y[to, 1, p, k, q] = (even_i + odd_i) * c - (even + odd) * s
                c, s = w[0, p * (r - k), 0], w[1, p * (r - k), 0]
                y[to, 0, p, r - k, q] = (even - odd) * c + (even_i - odd_i) * s
                y[to, 1, p, r - k, q] = (even_i - odd_i) * c - (even - odd) * s


def transform_tile(data, roots, together):
    """Transforms as many lines as stand side by side in the first half of data; in which half they end."""
    left = roots.shape[1]
    stages = 0
    while left > 1:
        for now in range(2):
            if left > 1:
                r = 4 if left % 4 == 0 else 2
                while left % r != 0:
                    r += 1
                left = left // r
                if r == 4:
                    stage_of_4(data, roots, left, together, now)
                elif r == 2:
                    stage_of_2(data, roots, left, together, now)
                elif r == 3:
                    stage_of_3(data, roots, left, together, now)
                elif r == 5:
                    stage_of_5(data, roots, left, together, now)
                else:
                    stage_of_odd(data, roots, r, left, together, now)
                together = together * r
                stages += 1
    return stages % 2


DEFINITIONS = {}  # of NumPy: none, this is what those in fourier.py are made of
