"""Methods of ufuncs: `outer`."""

import numpy as np


def add_outer(A, B):
    return np.reshape(A, A.shape + (1,) * B.ndim) + B


def subtract_outer(A, B):
    return np.reshape(A, A.shape + (1,) * B.ndim) - B


def multiply_outer(A, B):
    return np.reshape(A, A.shape + (1,) * B.ndim) * B


def divide_outer(A, B):
    return np.reshape(A, A.shape + (1,) * B.ndim) / B


def minimum_outer(A, B):
    return np.minimum(np.reshape(A, A.shape + (1,) * B.ndim), B)


def maximum_outer(A, B):
    return np.maximum(np.reshape(A, A.shape + (1,) * B.ndim), B)


DEFINITIONS = {"numpy.add.outer": add_outer, "numpy.subtract.outer": subtract_outer,
               "numpy.multiply.outer": multiply_outer, "numpy.divide.outer": divide_outer,
               "numpy.minimum.outer": minimum_outer, "numpy.maximum.outer": maximum_outer}
