"""Linear equations between tensors: those between the matrices and vectors of their elements."""

import numpy as np

from thalweg.definitions.parts import places


def tensor_inverse(a, ind=2):
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    if np.ndim(a) == 0:
        raise TypeError("reshape() takes exactly 1 argument (0 given)")
    rows = places(a.shape[:ind])
    columns = places(a.shape[ind:])
    if columns == 0:
        raise ValueError("cannot reshape array of size 0 into shape (0,newaxis)")
    matrix = np.reshape(np.copy(a), (rows, columns))
    return np.reshape(np.linalg.inv(matrix), a.shape[ind:] + a.shape[:ind])


def tensor_solution(a, b, axes=None):
    order, moved = (), ()
    if axes is not None:
        moved = axes if isinstance(axes, tuple) or isinstance(axes, list) else (axes,)
    for each in moved:
        if each < 0 or each >= a.ndim:
            raise NotImplementedError("np.linalg.tensorsolve with these axes is an error in NumPy")
    for d, _ in enumerate(a.shape):
        order = order + (d,)
    for each in moved:  # to the end, one after the other, also twice
        kept = ()
        for d in order:
            if d != each:
                kept = kept + (d,)
        order = kept + (each,)
    turned = a if axes is None else np.transpose(a, order)
    shape = turned.shape[-(a.ndim - np.ndim(b)):]
    extent = places(shape)
    if a.size != extent * extent:
        raise np.linalg.LinAlgError(
            "Input arrays must satisfy the requirement prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])")
    matrix = np.reshape(np.copy(turned), (extent, extent))
    return np.reshape(np.linalg.solve(matrix, np.ravel(np.copy(b))), shape)


DEFINITIONS = {"numpy.linalg.tensorinv": tensor_inverse, "numpy.linalg.tensorsolve": tensor_solution}
