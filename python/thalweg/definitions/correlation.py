"""Sums of products of shifted sequences: convolve and correlate, as direct sums."""

import numpy as np

from thalweg.definitions.parts import demand
from thalweg.definitions.polynomials import line

BLOCK = 1024  # places of the result that are summed at a time, so that they stay near the processor


def sums(x, y, first, count):
    """Places first to first + count of the convolution of x and y, which is no longer than x."""
    n = x.shape[0]
    m = y.shape[0]
    out = np.zeros(count, x.dtype)
    for start in range(0, count, BLOCK):
        end = min(start + BLOCK, count)
        for j in range(0, m, 4):
            if j + 4 <= m and start + first >= j + 3 and end + first <= j + n:  # four terms for each place
                for t in range(start, end):
                    k = t + first - j
                    out[t] += y[j] * x[k] + y[j + 1] * x[k - 1] + y[j + 2] * x[k - 2] + y[j + 3] * x[k - 3]
            else:
                for k in range(j, min(j + 4, m)):
                    for t in range(max(start, k - first), min(end, k + n - first)):
                        out[t] += y[k] * x[t + first - k]
    return out


def placed(x, y, mode, even):
    """The part of the convolution of x and y that the mode says; `even`: what "same" leaves out before it."""
    kind = np.result_type(x, y)
    if kind == np.float16:
        return placed_in(x, y, np.float32, mode, even).astype(kind)
    return placed_in(x, y, kind, mode, even)


def placed_in(x, y, kind, mode, even):
    """The same, summed in an element type."""
    n = x.shape[0]
    m = y.shape[0]
    demand(n > 0 and m > 0)
    longer = np.empty(max(n, m), kind)
    shorter = np.empty(min(n, m), kind)
    if n < m:
        longer[:] = y
        shorter[:] = x
    else:
        longer[:] = x
        shorter[:] = y
    if mode == "full":
        return sums(longer, shorter, 0, n + m - 1)
    if mode == "same":
        return sums(longer, shorter, even, max(n, m))
    if mode == "valid":
        return sums(longer, shorter, min(n, m) - 1, max(n, m) - min(n, m) + 1)
    raise NotImplementedError("this mode is not supported: it is an error in NumPy, or a number")


def convolve(a, v, mode="full"):
    x, y = line(a), line(v)
    return placed(x, y, mode, (min(x.shape[0], y.shape[0]) - 1) // 2)


def correlate(a, v, mode="valid"):
    if np.ndim(a) == 0 or np.ndim(v) == 0:
        raise ValueError("object of too small depth for desired array")
    x, y = line(a), line(v)
    shorter = min(x.shape[0], y.shape[0])
    backwards = np.conj(y)[::-1].astype(y.dtype)
    return placed(x, backwards, mode, shorter // 2 if x.shape[0] < y.shape[0] else (shorter - 1) // 2)


DEFINITIONS = {"numpy.convolve": convolve, "numpy.correlate": correlate}
