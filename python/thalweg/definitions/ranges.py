"""Numbers that are evenly spaced by their logarithms."""

import numpy as np

from thalweg.definitions.parts import demand, is_float, widened


def evenly(start, stop, num, endpoint):
    """np.linspace in float64, without its end if so wished."""
    if endpoint:
        return np.linspace(start, stop, num)
    demand(num >= 0)
    apart = np.float64(stop) - np.float64(start)
    step = apart / max(num, 1)
    k = np.arange(num)
    return np.where(step == 0, k / max(num, 1) * apart, k * step) + np.float64(start)


def type_of(start, stop, dtype):
    """The element type of the result."""
    if np.iscomplexobj(start) or np.iscomplexobj(stop):
        raise NotImplementedError("np.logspace of complex numbers is not supported")
    if dtype is not None and not is_float(dtype):
        raise NotImplementedError("np.logspace and np.geomspace in other than float32 and float64 are not supported")
    return np.float64 if dtype is None else dtype


def as_array(given):
    return np.array(given) if isinstance(given, (tuple, list)) else given


def by_exponents(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    kind = type_of(start, stop, dtype)
    if np.iscomplexobj(base):
        raise NotImplementedError("np.logspace with a complex base is not supported")
    first, last, of = as_array(start), as_array(stop), as_array(base)
    if np.result_type(first, last, of, 1.0) != np.float64:
        raise NotImplementedError("np.logspace of float32 is not supported")
    if np.ndim(of) != 0:
        ndim = max(np.ndim(first), np.ndim(last), np.ndim(of))
        exponents = np.linspace(widened(first, ndim), widened(last, ndim), num, endpoint, axis=axis)
        return np.power(np.expand_dims(widened(of, ndim), axis) * 1.0, exponents).astype(kind)
    if np.ndim(first) != 0 or np.ndim(last) != 0:
        return np.power(np.float64(of), np.linspace(first, last, num, endpoint, axis=axis)).astype(kind)
    if axis != 0 and axis != -1:
        raise NotImplementedError("np.logspace along an axis that the result has not is an error in NumPy")
    return np.power(np.float64(base), evenly(start, stop, num, endpoint)).astype(kind)


def complex_ends(start, stop, num, endpoint, dtype):
    """The first number turned to 1, the others with it, and turned back."""
    if np.result_type(start, stop, 1.0) != np.complex128 or dtype is not None and dtype != np.complex128:
        raise NotImplementedError("np.geomspace in other than complex128 is not supported for complex numbers")
    first = np.positive(start, dtype=np.complex128)
    last = np.positive(stop, dtype=np.complex128)
    demand(bool(first != 0) and bool(last != 0))
    sign = np.sign(first)
    out = np.power(10.0, np.linspace(np.log10(first / sign), np.log10(last / sign), num, endpoint))
    if num > 0:
        out[0] = first / sign
    if num > 1 and endpoint:
        out[-1] = last / sign
    return out * sign


def by_ends(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    if np.ndim(start) != 0 or np.ndim(stop) != 0 or axis != 0:
        raise NotImplementedError("np.geomspace from or to arrays is not supported")
    if np.iscomplexobj(start) or np.iscomplexobj(stop):
        return complex_ends(start, stop, num, endpoint, dtype)
    kind = type_of(start, stop, dtype)
    demand(start != 0 and stop != 0)
    first = np.float64(start)
    last = np.float64(stop)
    sign = np.sign(first)
    exponents = evenly(np.log10(first * sign), np.log10(last * sign), num, endpoint)
    out = np.power(10.0, exponents) * sign
    if num > 0:
        out[0] = first
    if num > 1 and endpoint:
        out[-1] = last
    return out.astype(kind)


DEFINITIONS = {"numpy.logspace": by_exponents, "numpy.geomspace": by_ends}
