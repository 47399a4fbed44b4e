"""Functions of np.linalg that are products and views: powers, chains of products, and NumPy's newer names."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand_square, deny


def power(a, n):
    """By squaring, in NumPy's order, n being known when compiling; a itself where it is 1."""
    if np.ndim(a) < 2:
        deny(a)
        return a
    if np.ndim(n) != 0 or not isinstance(n, (int, np.integer)):
        raise NotImplementedError("np.linalg.matrix_power to other than an integer is an error in NumPy")
    demand_square(a)
    if n == 0:
        one = np.empty(a.shape, a.dtype)
        one[...] = np.eye(a.shape[-1]).astype(a.dtype)
        return one
    if n == 1:
        return a
    if n == -1:
        return np.linalg.inv(a)
    x = np.linalg.inv(a) if n < 0 else a
    left = -n if n < 0 else n
    if left == 2:
        return x @ x
    if left == 3:
        return x @ x @ x
    square, result = x, x
    started = False
    for _ in (0,) * left:  # decided when compiling
        if left % 2 == 1:
            result = result @ square if started else square
            started = True
        left = left // 2
        if left > 0:
            square = square @ square
    return result


def chain(arrays):
    """np.dot of two, or of three with the parentheses that cost less."""
    if len(arrays) == 2:
        return np.dot(arrays[0], arrays[1])
    if len(arrays) == 4:
        return chain_of_four(arrays[0], arrays[1], arrays[2], arrays[3])
    if len(arrays) != 3:
        raise NotImplementedError("np.linalg.multi_dot is supported for two, three and four arrays")
    a, b, c = arrays[0], arrays[1], arrays[2]
    if b.ndim != 2 or a.ndim < 1 or a.ndim > 2 or c.ndim < 1 or c.ndim > 2:
        raise NotImplementedError("np.linalg.multi_dot of these dimensions is an error in NumPy")
    rows = a.shape[0] if a.ndim == 2 else 1
    columns = c.shape[1] if c.ndim == 2 else 1
    if rows * b.shape[1] * (b.shape[0] + columns) < b.shape[0] * columns * (rows + b.shape[1]):
        return np.dot(np.dot(a, b), c)
    return np.dot(a, np.dot(b, c))


def chain_of_four(a, b, c, d):
    """With the parentheses that cost least; the first of equals, as the last product goes from left to right."""
    if b.ndim != 2 or c.ndim != 2 or a.ndim < 1 or a.ndim > 2 or d.ndim < 1 or d.ndim > 2:
        raise NotImplementedError("np.linalg.multi_dot of these dimensions is an error in NumPy")
    p = a.shape[0] if a.ndim == 2 else 1
    q, r, s = b.shape[0], b.shape[1], c.shape[1]
    t = d.shape[1] if d.ndim == 2 else 1
    front_left, front_right = p * r * (q + s), q * s * (p + r)  # (a b) c, a (b c)
    back_left, back_right = q * s * (r + t), r * t * (q + s)  # (b c) d, b (c d)
    first = back_left if back_left < back_right else back_right
    last = front_left if front_left < front_right else front_right
    alone = p * q * t + first  # a (b c d)
    halves = p * q * r + r * s * t + p * r * t  # (a b) (c d)
    end = last + p * s * t  # (a b c) d
    if alone <= halves and alone <= end:
        if back_left < back_right:
            return np.dot(a, np.dot(np.dot(b, c), d))
        return np.dot(a, np.dot(b, np.dot(c, d)))
    if halves <= end:
        return np.dot(np.dot(a, b), np.dot(c, d))
    if front_left < front_right:
        return np.dot(np.dot(np.dot(a, b), c), d)
    return np.dot(np.dot(a, np.dot(b, c)), d)


def outer(x1, x2, /):
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise NotImplementedError("np.linalg.outer of other than 1 dimension is an error in NumPy")
    return np.outer(x1, x2)


def cross(x1, x2, /, *, axis=-1):
    for size in (x1.shape[axis], x2.shape[axis]):
        if normalize_axis_index(min(size, 4), 5) != 3:  # a build for each, as np.cross makes them
            raise ValueError("Both input arrays must be (arrays of) 3-dimensional vectors")
    if axis == -1:
        return np.cross(x1, x2)
    if np.ndim(x1) != np.ndim(x2):
        raise NotImplementedError("np.linalg.cross along an axis is supported for arrays of equally many dimensions")
    place = normalize_axis_index(axis, x1.ndim)
    return np.swapaxes(np.cross(np.swapaxes(x1, place, -1), np.swapaxes(x2, place, -1)), place, -1)


def trace(x, /, *, offset=0, dtype=None):
    if np.ndim(x) < 2:
        raise ValueError("diag requires an array of at least two dimensions")
    above, below = max(offset, 0), max(-offset, 0)
    n = max(min(x.shape[-2] - below, x.shape[-1] - above), 0)
    diagonals = np.empty(x.shape[:-2] + (n,), x.dtype)
    for i in range(n):
        diagonals[..., i] = x[..., i + below, i + above]
    return np.sum(diagonals, axis=-1, dtype=dtype)


def transposed(x, /):
    if np.ndim(x) < 2:
        raise ValueError("Input array must be at least 2-dimensional, but it is 1")
    return np.swapaxes(x, -1, -2)


def product(x1, x2, /):
    return np.matmul(x1, x2)


def tensordot(x1, x2, /, *, axes=2):
    return np.tensordot(x1, x2, axes)


def conjugated(x):
    return np.conj(x) if np.iscomplexobj(x) else x


def vector_product(x1, x2, /, *, axis=-1):
    """Sums over an axis of products with the first conjugated."""
    if np.ndim(x1) == 0 or np.ndim(x2) == 0:
        raise NotImplementedError("np.vecdot of numbers is an error in NumPy")
    x, y = np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1)
    if x1.ndim == 1 and x2.ndim == 1:
        return np.dot(conjugated(x), y)
    np.reshape(np.empty(x.shape[-1], np.bool_), y.shape[-1])
    return np.matmul(conjugated(x)[..., None, :], y[..., None])[..., 0, 0]


def matrix_vector(x1, x2, /):
    if np.ndim(x1) < 2 or np.ndim(x2) < 1:
        raise NotImplementedError("np.matvec of fewer dimensions is an error in NumPy")
    return np.matmul(x1, x2[..., None])[..., 0]


def vector_matrix(x1, x2, /):
    if np.ndim(x1) < 1 or np.ndim(x2) < 2:
        raise NotImplementedError("np.vecmat of fewer dimensions is an error in NumPy")
    return np.matmul(conjugated(x1)[..., None, :], x2)[..., 0, :]


DEFINITIONS = {"numpy.linalg.matrix_power": power, "numpy.linalg.multi_dot": chain, "numpy.linalg.outer": outer,
               "numpy.linalg.cross": cross, "numpy.linalg.trace": trace, "numpy.linalg.matrix_transpose": transposed,
               "numpy.matrix_transpose": transposed, "numpy.linalg.matmul": product,
               "numpy.linalg.tensordot": tensordot, "numpy.linalg.vecdot": vector_product,
               "numpy.vecdot": vector_product, "numpy.matvec": matrix_vector, "numpy.vecmat": vector_matrix}
