"""The stages of a discrete Fourier transform whose length is a product of small factors.

They are Stockham's: each reads one half of a scratch array and writes the other, in an order that needs no permutation
at the end (C. Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992). The lines that are transformed
together have their elements side by side. A stage sees the half it reads as r parts of `left` groups of `together`
elements, r being its factor, and stores groups of r parts.
"""

import numpy as np

LARGEST_RADIX = 47
SINE_3 = -1j * np.sin(np.pi / 3)
SINE_5, SINE_5_2 = -1j * np.sin(2 * np.pi / 5), -1j * np.sin(np.pi / 5)
COSINE_5, COSINE_5_2 = np.cos(2 * np.pi / 5), -np.cos(np.pi / 5)


def fill_roots(roots, n):
    """exp(-2 pi i k / n): sines and cosines of at most pi / 4, so that they are as exact as their arguments."""
    turn = 8 * np.arange(roots.shape[0])
    half = np.minimum(turn, 8 * n - turn)
    quarter = np.minimum(half, 4 * n - half)
    angle = np.minimum(quarter, 2 * n - quarter) * (np.pi / (4 * n))
    swapped = quarter > n
    cosine = np.where(swapped, np.sin(angle), np.cos(angle))
    sine = np.where(swapped, np.cos(angle), np.sin(angle))
    roots[:] = np.where(half > 2 * n, -cosine, cosine) + np.where(turn > 4 * n, sine, -sine) * 1j


def stage_of_2(data, roots, left, together, now):
    x = np.reshape(data, (2, 2, left, together))
    m, t = x.shape[2], x.shape[3]
    y = np.reshape(data, (2, m, 2, t))
    w = np.reshape(roots, (2, m, -1))
    to = 1 - now
    for p in range(m):
        root = w[0, p, 0]
        for q in range(t):
            a, b = x[now, 0, p, q], x[now, 1, p, q]
            y[to, p, 0, q] = a + b
            y[to, p, 1, q] = (a - b) * root


def stage_of_3(data, roots, left, together, now):
    x = np.reshape(data, (2, 3, left, together))
    m, t = x.shape[2], x.shape[3]
    y = np.reshape(data, (2, m, 3, t))
    w = np.reshape(roots, (3, m, -1))
    to = 1 - now
    for p in range(m):
        one = w[0, p, 0]
        two = one * one
        for q in range(t):
            a, b, c = x[now, 0, p, q], x[now, 1, p, q], x[now, 2, p, q]
            even = a - (b + c) * 0.5
            odd = (b - c) * SINE_3
            y[to, p, 0, q] = a + (b + c)
            y[to, p, 1, q] = (even + odd) * one
            y[to, p, 2, q] = (even - odd) * two


def stage_of_4(data, roots, left, together, now):
    x = np.reshape(data, (2, 4, left, together))
    m, t = x.shape[2], x.shape[3]
    y = np.reshape(data, (2, m, 4, t))
    w = np.reshape(roots, (4, m, -1))
    to = 1 - now
    for p in range(m):
        one = w[0, p, 0]
        two = one * one
        three = two * one
        for q in range(t):
            a, b, c, d = x[now, 0, p, q], x[now, 1, p, q], x[now, 2, p, q], x[now, 3, p, q]
            odd = (b - d) * -1j
            y[to, p, 0, q] = (a + c) + (b + d)
            y[to, p, 1, q] = ((a - c) + odd) * one
            y[to, p, 2, q] = ((a + c) - (b + d)) * two
            y[to, p, 3, q] = ((a - c) - odd) * three


def stage_of_5(data, roots, left, together, now):
    x = np.reshape(data, (2, 5, left, together))
    m, t = x.shape[2], x.shape[3]
    y = np.reshape(data, (2, m, 5, t))
    w = np.reshape(roots, (5, m, -1))
    to = 1 - now
    for p in range(m):
        one = w[0, p, 0]
        two = one * one
        for q in range(t):
            a, b, c, d, e = x[now, 0, p, q], x[now, 1, p, q], x[now, 2, p, q], x[now, 3, p, q], x[now, 4, p, q]
            even, even_2 = a + (b + e) * COSINE_5 + (c + d) * COSINE_5_2, a + (b + e) * COSINE_5_2 + (c + d) * COSINE_5
            odd, odd_2 = (b - e) * SINE_5 + (c - d) * SINE_5_2, (b - e) * SINE_5_2 - (c - d) * SINE_5
            y[to, p, 0, q] = a + (b + e) + (c + d)
            y[to, p, 1, q] = (even + odd) * one
            y[to, p, 2, q] = (even_2 + odd_2) * two
            y[to, p, 3, q] = (even_2 - odd_2) * (two * one)
            y[to, p, 4, q] = (even - odd) * (two * two)


def stage_of_odd(data, roots, r, left, together, now, pairs):
    """Elements v and r - v of a line have the same cosines, and sines of opposite signs."""
    x = np.reshape(data, (2, r, left, together))
    r, m, t = x.shape[1], x.shape[2], x.shape[3]
    y = np.reshape(data, (2, m, r, t))
    w = np.reshape(roots, (r * m, -1))
    to = 1 - now
    for p in range(m):
        for q in range(t):
            first = x[now, 0, p, q]
            total = first
            for v in range(1, r // 2 + 1):
                a, b = x[now, v, p, q], x[now, r - v, p, q]
                pairs[0, v] = a + b
                pairs[1, v] = a - b
                total += a + b
            y[to, p, 0, q] = total
            for k in range(1, r // 2 + 1):
                even = first
                odd = first - first
                at = 0
                for v in range(1, r // 2 + 1):
                    at = at + k if at + k < r else at + k - r
                    root = w[at * m, 0]
                    even += pairs[0, v] * np.real(root)
                    odd += pairs[1, v] * np.imag(root)
                odd = odd * 1j
                y[to, p, k, q] = (even + odd) * w[p * k, 0]
                y[to, p, r - k, q] = (even - odd) * w[p * (r - k), 0]


def transform_tile(data, roots, pairs, together):
    """The transform of as many lines as stand side by side in the first half of data; in which half it ends."""
    left = roots.shape[0]
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
                    stage_of_odd(data, roots, r, left, together, now, pairs)
                together = together * r
                stages += 1
    return stages % 2
