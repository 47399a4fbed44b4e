"""Products of stacks of matrices."""

import numpy as np


def stacked(a, b):
    """a @ b where one of them has more than two dimensions: one product for each place in the leading ones."""
    # Both are matrices from here on; that they fit is checked where there is no product at all, too.
    if a.ndim >= 3 and b.ndim == 2:
        np.empty((0, a.shape[-1])) @ np.empty(b.shape)
        if a.ndim == 3:
            out = np.empty((a.shape[0], a.shape[1], b.shape[1]), dtype=np.result_type(a, b))
            for i in range(a.shape[0]):
                out[i] = a[i] @ b
            return out
        if a.ndim == 4:
            out = np.empty((a.shape[0], a.shape[1], a.shape[2], b.shape[1]), dtype=np.result_type(a, b))
            for i in range(a.shape[0]):
                for j in range(a.shape[1]):
                    out[i, j] = a[i, j] @ b
            return out
    if a.ndim == 3 and b.ndim == 3:
        np.empty((0, a.shape[2])) @ np.empty((b.shape[1], 0))
        places = (np.empty(a.shape[0]) + np.empty(b.shape[0])).shape[0]  # extents of 1 are broadcast
        out = np.empty((places, a.shape[1], b.shape[2]), dtype=np.result_type(a, b))
        for i in range(places):
            out[i] = a[min(i, a.shape[0] - 1)] @ b[min(i, b.shape[0] - 1)]
        return out
    raise NotImplementedError("a product of arrays of these dimensions is not supported")


DEFINITIONS = {"numpy.matmul.stacked": stacked}
