"""Exponentially distributed numbers, by NumPy's ziggurat."""

import numpy as np

from thalweg.definitions.compiler import libm_exp, libm_log1p
from thalweg.definitions.random_bits import advanced, drawn, to_double
from thalweg.definitions.random_shapes import demand_no_sign, float_kind, parameter, space
from thalweg.definitions.random_tables import (
    EXPONENTIAL_HEIGHTS,
    EXPONENTIAL_SURELY,
    EXPONENTIAL_TAIL,
    EXPONENTIAL_WIDTHS,
)

TAIL = np.float64(EXPONENTIAL_TAIL)


def fill_exponentials(state, out):
    high, low, add_high, add_low = state[0], state[1], state[2], state[3]
    for k in range(out.shape[0]):
        missing = True
        while missing:
            high, low = advanced(high, low, add_high, add_low)
            bits = drawn(high, low)
            layer, place = np.int64((bits >> 3) & 0xFF), bits >> 11
            x = place * EXPONENTIAL_WIDTHS[layer]
            out[k] = x
            missing = bool(place >= EXPONENTIAL_SURELY[layer])
            if missing:
                high, low = advanced(high, low, add_high, add_low)
                u = to_double(drawn(high, low))
                if layer > 0:
                    top, bottom = EXPONENTIAL_HEIGHTS[layer - 1], EXPONENTIAL_HEIGHTS[layer]
                    missing = not (top - bottom) * u + bottom < libm_exp(-x)
                else:
                    out[k] = TAIL - libm_log1p(-u)
                    missing = False
    state[0] = high
    state[1] = low


def standard_exponential(state, size=None, dtype=np.float64, method="zig", out=None):
    if out is not None:
        raise NotImplementedError("standard_exponential() with out is not supported")
    if method != "zig" or float_kind(dtype) != np.float64:
        raise NotImplementedError("standard_exponential() in float32, or by another method, is not supported")
    numbers = np.empty(1 if size is None else size, np.float64)
    fill_exponentials(state, np.reshape(numbers, -1))
    return float(numbers[0]) if size is None else numbers


def exponential(state, scale=1.0, size=None):
    width = parameter(scale)
    demand_no_sign(width)
    if size is None and np.ndim(width) == 0:
        return float(width * standard_exponential(state))
    numbers = space(size, width, 0.0)
    fill_exponentials(state, np.reshape(numbers, -1))
    numbers[...] = width * numbers
    return numbers


DEFINITIONS = {"numpy.random.Generator.standard_exponential": standard_exponential,
               "numpy.random.Generator.exponential": exponential}
