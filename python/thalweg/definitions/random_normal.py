"""Normally distributed numbers, by NumPy's ziggurat."""

import numpy as np

from thalweg.definitions.compiler import libm_exp, libm_log1p
from thalweg.definitions.random_bits import advanced, drawn, next_32, to_double, to_single
from thalweg.definitions.random_shapes import demand_no_sign, float_kind, parameter, space
from thalweg.definitions.random_tables import (
    NORMAL_HEIGHTS,
    NORMAL_HEIGHTS_32,
    NORMAL_SURELY,
    NORMAL_SURELY_32,
    NORMAL_TAIL,
    NORMAL_WIDTHS,
    NORMAL_WIDTHS_32,
)

TAIL, TAIL_INVERSE = np.float64(NORMAL_TAIL), np.float64(0.27366123732975827)
TAIL_32, TAIL_INVERSE_32 = np.float32(NORMAL_TAIL), np.float32(0.27366123732975827)


def fill_normals(state, out):
    high, low, add_high, add_low = state[0], state[1], state[2], state[3]
    for k in range(out.shape[0]):
        missing = True
        while missing:
            high, low = advanced(high, low, add_high, add_low)
            bits = drawn(high, low)
            layer, upwards = np.int64(bits & 0xFF), (bits & 0x100) == 0
            place = (bits >> 9) & 0xFFFFFFFFFFFFF
            x = place * NORMAL_WIDTHS[layer]
            x = x if upwards else -x
            out[k] = x
            missing = bool(place >= NORMAL_SURELY[layer])
            if missing:
                high, low = advanced(high, low, add_high, add_low)
                u = to_double(drawn(high, low))
                if layer > 0:
                    top, bottom = NORMAL_HEIGHTS[layer - 1], NORMAL_HEIGHTS[layer]
                    missing = not (top - bottom) * u + bottom < libm_exp(-0.5 * x * x)
                else:
                    while missing:
                        beyond = -TAIL_INVERSE * libm_log1p(-u)
                        high, low = advanced(high, low, add_high, add_low)
                        y = -libm_log1p(-to_double(drawn(high, low)))
                        out[k] = TAIL + beyond if (place & 0x100) == 0 else -(TAIL + beyond)
                        missing = not y + y > beyond * beyond
                        if missing:
                            high, low = advanced(high, low, add_high, add_low)
                            u = to_double(drawn(high, low))
    state[0] = high
    state[1] = low


def fill_singles(state, out):
    """The same in float32, which takes 32 bits at a time."""
    for k in range(out.shape[0]):
        missing = True
        while missing:
            bits = next_32(state)
            layer, upwards = np.int64(bits & 0xFF), (bits & 0x100) == 0
            place = bits >> 9
            x = np.float32(place) * NORMAL_WIDTHS_32[layer]
            x = x if upwards else -x
            out[k] = x
            missing = bool(place >= NORMAL_SURELY_32[layer])
            if missing:
                u = to_single(next_32(state))
                if layer > 0:
                    top, bottom = NORMAL_HEIGHTS_32[layer - 1], NORMAL_HEIGHTS_32[layer]
                    wide = np.float64(x)
                    missing = not np.float64((top - bottom) * u + bottom) < libm_exp(-0.5 * wide * wide)
                else:
                    while missing:
                        beyond = -TAIL_INVERSE_32 * libm_log1p(-u)
                        y = -libm_log1p(-to_single(next_32(state)))
                        out[k] = TAIL_32 + beyond if (place & 0x100) == 0 else -(TAIL_32 + beyond)
                        missing = not y + y > beyond * beyond
                        if missing:
                            u = to_single(next_32(state))


def standard_normal(state, size=None, dtype=np.float64, out=None):
    if out is not None:
        raise NotImplementedError("standard_normal() with out is not supported")
    numbers = np.empty(1 if size is None else size, float_kind(dtype))
    if numbers.dtype == np.float64:
        fill_normals(state, np.reshape(numbers, -1))
    else:
        fill_singles(state, np.reshape(numbers, -1))
    return float(numbers[0]) if size is None else numbers


def normal(state, loc=0.0, scale=1.0, size=None):
    center, width = parameter(loc), parameter(scale)
    demand_no_sign(width)
    if size is None and np.ndim(center) == 0 and np.ndim(width) == 0:
        return float(center + width * standard_normal(state))
    numbers = space(size, center, width)
    fill_normals(state, np.reshape(numbers, -1))
    numbers[...] = center + width * numbers
    return numbers


DEFINITIONS = {"numpy.random.Generator.standard_normal": standard_normal, "numpy.random.Generator.normal": normal}
