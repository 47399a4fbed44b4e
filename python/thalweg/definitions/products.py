"""Products of stacks of matrices."""

import numpy as np


def stacked(a, b):
    """a @ b where one of them has more than two dimensions: one product for each place in the leading ones."""
    if b.ndim == 2:
        if a.ndim == 3:
            out = np.empty((a.shape[0], a.shape[1], b.shape[1]), dtype=(a[0, 0, :1] * b[0, :1]).dtype)
            for i in range(a.shape[0]):
                out[i] = a[i] @ b
            return out
        if a.ndim == 4:
            out = np.empty((a.shape[0], a.shape[1], a.shape[2], b.shape[1]), dtype=(a[0, 0, 0, :1] * b[0, :1]).dtype)
            for i in range(a.shape[0]):
                for j in range(a.shape[1]):
                    out[i, j] = a[i, j] @ b
            return out
    if a.ndim == 3 and b.ndim == 3:
        out = np.empty((max(a.shape[0], b.shape[0]), a.shape[1], b.shape[2]), dtype=(a[:1, 0, 0] * b[:1, 0, 0]).dtype)
        for i in range(out.shape[0]):
            out[i] = a[min(i, a.shape[0] - 1)] @ b[min(i, b.shape[0] - 1)]
        return out
    raise NotImplementedError("a product of arrays of these dimensions is not supported")


DEFINITIONS = {"numpy.matmul.stacked": stacked}
