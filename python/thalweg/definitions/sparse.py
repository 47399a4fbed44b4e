"""Products of matrices of scipy.sparse, in the order of SciPy's kernels: every sum starts from zero and takes its
products as they are stored, so results have the same bits. `rows` is the extent of the result, `kind` its dtype."""

import numpy as np

from thalweg.definitions.places import element, inside, product


def csr_vector(data, indices, indptr, x, rows, kind):
    """A @ x, row by row."""
    stored = data.shape[0]
    out = np.empty(rows, kind)
    for i in range(rows):
        total = kind(0)
        for k in range(inside(indptr[i], stored), inside(indptr[i + 1], stored)):
            total += product(kind(data[k]), kind(element(x, indices[k])))
        out[i] = total
    return out


def csr_matrix(data, indices, indptr, x, rows, kind):
    """A @ X: every row is a sum of rows of X."""
    stored = data.shape[0]
    out = np.zeros((rows, x.shape[1]), kind)
    for i in range(rows):
        for k in range(inside(indptr[i], stored), inside(indptr[i + 1], stored)):
            factor = kind(data[k])
            j = inside(indices[k], x.shape[0] - 1)
            for c in range(x.shape[1]):
                out[i, c] += product(factor, kind(x[j, c]))
    return out


def csc_vector(data, indices, indptr, x, rows, kind):
    """A @ x, column by column."""
    stored = data.shape[0]
    out = np.zeros(rows, kind)
    for j in range(x.shape[0]):
        factor = kind(x[j])
        for k in range(inside(indptr[j], stored), inside(indptr[j + 1], stored)):
            out[inside(indices[k], rows - 1)] += product(kind(data[k]), factor)
    return out


def csc_matrix(data, indices, indptr, x, rows, kind):
    """A @ X, column by column of A, for 16 columns of X at a time."""
    stored, columns = data.shape[0], x.shape[1]
    out = np.zeros((rows, columns), kind)
    for strip in range((columns + 15) // 16):
        for j in range(x.shape[0]):
            for k in range(inside(indptr[j], stored), inside(indptr[j + 1], stored)):
                factor = kind(data[k])
                i = inside(indices[k], rows - 1)
                for c in range(16 * strip, min(16 * strip + 16, columns)):
                    out[i, c] += product(factor, kind(x[j, c]))
    return out


def coo_vector(data, row, col, x, rows, kind):
    """A @ x, element by element."""
    out = np.zeros(rows, kind)
    for k in range(data.shape[0]):
        out[inside(row[k], rows - 1)] += product(kind(data[k]), kind(element(x, col[k])))
    return out


def coo_matrix(data, row, col, x, rows, kind):
    """A @ X, element by element of A, for 16 columns of X at a time; SciPy passes over the zeros that are stored."""
    columns = x.shape[1]
    out = np.zeros((rows, columns), kind)
    for strip in range((columns + 15) // 16):
        for k in range(data.shape[0]):
            factor = kind(data[k])
            i, j = inside(row[k], rows - 1), inside(col[k], x.shape[0] - 1)
            if factor != 0:
                for c in range(16 * strip, min(16 * strip + 16, columns)):
                    out[i, c] += product(factor, kind(x[j, c]))
    return out


DEFINITIONS = {
    "scipy.sparse.csr.vector": csr_vector, "scipy.sparse.csr.matrix": csr_matrix,
    "scipy.sparse.csc.vector": csc_vector, "scipy.sparse.csc.matrix": csc_matrix,
    "scipy.sparse.coo.vector": coo_vector, "scipy.sparse.coo.matrix": coo_matrix,
}
