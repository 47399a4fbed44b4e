"""What the methods of ufuncs share: the element type of their loop, arrays in it, the array that takes the result."""

import numpy as np

from thalweg.definitions.parts import is_complex

COMPARISONS = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
LOGICAL = ("logical_and", "logical_or", "logical_xor")
# In float16 NumPy computes these in float32 and rounds where a loop ends, by the layout; here all is rounded once.
ROUNDED_LATE = ("add", "subtract", "multiply", "divide")
# NumPy's vector loops of these combine the first element with the last only (NumPy 2.4 with AVX-512).
VECTOR_LOOPS = ("arctan2", "power")


def demand_binary(ufunc):
    if ufunc.nin != 2:
        raise ValueError("this method is only supported for binary functions")
    if ufunc.nout != 1:
        raise ValueError("this method is only supported for functions returning a single value")


def result_of(ufunc, kind):
    """The element type that the ufunc makes of two operands of one type."""
    return ufunc(np.empty(0, kind), np.empty(0, kind)).dtype


def summed_type(kind):
    return kind if kind == np.float16 else np.sum(np.empty(0, kind)).dtype


def loop_type(ufunc, array, dtype):
    """The element type in which the ufunc combines elements of the array with one another; it is that of the result."""
    name = ufunc.__name__
    if name == "ldexp":
        raise NotImplementedError("this method of np.ldexp is not supported")
    truths = name in COMPARISONS or name in LOGICAL
    if name in COMPARISONS and dtype is None and array.dtype != np.bool_:
        raise TypeError("No loop matching the specified signature and casting was found for this ufunc")
    if dtype is not None:
        kind = np.empty(0, dtype).dtype
    elif truths:
        kind = np.empty(0, np.bool_).dtype
    elif name == "add" or name == "multiply":
        kind = summed_type(array.dtype)
    else:
        kind = result_of(ufunc, array.dtype)
    if (kind if truths else result_of(ufunc, kind)) != (np.bool_ if truths else kind):
        raise TypeError("No loop matching the specified signature and casting was found for this ufunc")
    return kind


def step_type(ufunc, kind):
    """The element type between the steps of `reduce` and `reduceat`."""
    return np.float32 if kind == np.float16 and ufunc.__name__ in ROUNDED_LATE else kind


def demand_one_order(ufunc, kind):
    """Refuses what NumPy reduces differently by layout or machine."""
    if (kind == np.float64 or kind == np.float32) and ufunc.__name__ in VECTOR_LOOPS:
        raise NotImplementedError("what this method computes of floats depends in NumPy on the machine: write a loop")


def in_type(array, kind):
    """The elements in this type, whatever is lost: so reductions cast."""
    if array.dtype == kind:
        return array
    if kind == np.bool_:
        return array != 0
    if is_complex(array.dtype) and not is_complex(kind):
        raise NotImplementedError("this dtype would drop the imaginary parts")
    return array.astype(kind)


def demand_array(array):
    if np.ndim(array) == 0:
        raise TypeError("this method is not supported for a scalar")


def put(out, total):
    """What `out=` asks for: the result is that array."""
    if out is None:
        return total
    if out.dtype != np.result_type(total):
        raise NotImplementedError("out of another dtype than the result's is not supported")
    if out.ndim != np.ndim(total):
        raise ValueError("out has the wrong number of dimensions")
    for d, n in enumerate(np.shape(total)):
        if out.shape[d] != n:
            raise ValueError("out has the wrong shape")
    out[...] = total
    return out


DEFINITIONS = {}  # of NumPy: none, this is what those in the other files of ufuncs are made of
