"""Methods `outer` of ufuncs: the ufunc of each element of A with each of B."""

import numpy as np


def strong(x):
    """A Python number as NumPy's: `outer` makes arrays of its arguments first."""
    return np.full((1,), x)[0] if np.ndim(x) == 0 and not isinstance(x, np.generic) else x


def apart(A, b):
    """A with as many dimensions of extent 1 behind its own as b has."""
    return np.reshape(A, A.shape + (1,) * np.ndim(b)) if np.ndim(A) > 0 and np.ndim(b) > 0 else strong(A)


def outer(ufunc, A, b, out=None, where=True, dtype=None):
    if ufunc.nin != 2:
        raise ValueError("outer product only supported for binary functions")
    if dtype is None:
        return ufunc(apart(A, b), strong(b), out=out, where=where)
    return ufunc(apart(A, b), strong(b), out=out, where=where, dtype=dtype)


DEFINITIONS = {"numpy.ufunc.outer": outer}
