"""Methods of ufuncs: `outer`, the ufunc of each element of A with each of B."""

import numpy as np


def strong(x):
    """A Python number as NumPy's: `outer` makes arrays of its arguments first."""
    return np.full((1,), x)[0] if np.ndim(x) == 0 and not isinstance(x, np.generic) else x


def apart(A, B):
    """A with as many dimensions of extent 1 behind its own as B has."""
    return np.reshape(A, A.shape + (1,) * np.ndim(B)) if np.ndim(A) > 0 and np.ndim(B) > 0 else strong(A)


def add_outer(A, B):
    return np.add(apart(A, B), strong(B))


def subtract_outer(A, B):
    return np.subtract(apart(A, B), strong(B))


def multiply_outer(A, B):
    return np.multiply(apart(A, B), strong(B))


def divide_outer(A, B):
    return np.divide(apart(A, B), strong(B))


def floor_divide_outer(A, B):
    return np.floor_divide(apart(A, B), strong(B))


def remainder_outer(A, B):
    return np.remainder(apart(A, B), strong(B))


def power_outer(A, B):
    return np.power(apart(A, B), strong(B))


def float_power_outer(A, B):
    return np.float_power(apart(A, B), strong(B))


def minimum_outer(A, B):
    return np.minimum(apart(A, B), strong(B))


def maximum_outer(A, B):
    return np.maximum(apart(A, B), strong(B))


def fmin_outer(A, B):
    return np.fmin(apart(A, B), strong(B))


def fmax_outer(A, B):
    return np.fmax(apart(A, B), strong(B))


def fmod_outer(A, B):
    return np.fmod(apart(A, B), strong(B))


def hypot_outer(A, B):
    return np.hypot(apart(A, B), strong(B))


def arctan2_outer(A, B):
    return np.arctan2(apart(A, B), strong(B))


def copysign_outer(A, B):
    return np.copysign(apart(A, B), strong(B))


def nextafter_outer(A, B):
    return np.nextafter(apart(A, B), strong(B))


def heaviside_outer(A, B):
    return np.heaviside(apart(A, B), strong(B))


def logaddexp_outer(A, B):
    return np.logaddexp(apart(A, B), strong(B))


def logaddexp2_outer(A, B):
    return np.logaddexp2(apart(A, B), strong(B))


def equal_outer(A, B):
    return np.equal(apart(A, B), strong(B))


def not_equal_outer(A, B):
    return np.not_equal(apart(A, B), strong(B))


def less_outer(A, B):
    return np.less(apart(A, B), strong(B))


def less_equal_outer(A, B):
    return np.less_equal(apart(A, B), strong(B))


def greater_outer(A, B):
    return np.greater(apart(A, B), strong(B))


def greater_equal_outer(A, B):
    return np.greater_equal(apart(A, B), strong(B))


def logical_and_outer(A, B):
    return np.logical_and(apart(A, B), strong(B))


def logical_or_outer(A, B):
    return np.logical_or(apart(A, B), strong(B))


def logical_xor_outer(A, B):
    return np.logical_xor(apart(A, B), strong(B))


def bitwise_and_outer(A, B):
    return np.bitwise_and(apart(A, B), strong(B))


def bitwise_or_outer(A, B):
    return np.bitwise_or(apart(A, B), strong(B))


def bitwise_xor_outer(A, B):
    return np.bitwise_xor(apart(A, B), strong(B))


def left_shift_outer(A, B):
    return np.left_shift(apart(A, B), strong(B))


def right_shift_outer(A, B):
    return np.right_shift(apart(A, B), strong(B))


def gcd_outer(A, B):
    return np.gcd(apart(A, B), strong(B))


def lcm_outer(A, B):
    return np.lcm(apart(A, B), strong(B))


def ldexp_outer(A, B):
    return np.ldexp(apart(A, B), strong(B))


def divmod_outer(A, B):
    return np.divmod(apart(A, B), strong(B))


DEFINITIONS = {"numpy.add.outer": add_outer, "numpy.subtract.outer": subtract_outer,
               "numpy.multiply.outer": multiply_outer, "numpy.divide.outer": divide_outer,
               "numpy.floor_divide.outer": floor_divide_outer, "numpy.remainder.outer": remainder_outer,
               "numpy.power.outer": power_outer, "numpy.float_power.outer": float_power_outer,
               "numpy.minimum.outer": minimum_outer, "numpy.maximum.outer": maximum_outer,
               "numpy.fmin.outer": fmin_outer, "numpy.fmax.outer": fmax_outer, "numpy.fmod.outer": fmod_outer,
               "numpy.hypot.outer": hypot_outer, "numpy.arctan2.outer": arctan2_outer,
               "numpy.copysign.outer": copysign_outer, "numpy.nextafter.outer": nextafter_outer,
               "numpy.heaviside.outer": heaviside_outer, "numpy.logaddexp.outer": logaddexp_outer,
               "numpy.logaddexp2.outer": logaddexp2_outer, "numpy.equal.outer": equal_outer,
               "numpy.not_equal.outer": not_equal_outer, "numpy.less.outer": less_outer,
               "numpy.less_equal.outer": less_equal_outer, "numpy.greater.outer": greater_outer,
               "numpy.greater_equal.outer": greater_equal_outer, "numpy.logical_and.outer": logical_and_outer,
               "numpy.logical_or.outer": logical_or_outer, "numpy.logical_xor.outer": logical_xor_outer,
               "numpy.bitwise_and.outer": bitwise_and_outer, "numpy.bitwise_or.outer": bitwise_or_outer,
               "numpy.bitwise_xor.outer": bitwise_xor_outer, "numpy.left_shift.outer": left_shift_outer,
               "numpy.right_shift.outer": right_shift_outer, "numpy.gcd.outer": gcd_outer,
               "numpy.lcm.outer": lcm_outer, "numpy.ldexp.outer": ldexp_outer, "numpy.divmod.outer": divmod_outer}
