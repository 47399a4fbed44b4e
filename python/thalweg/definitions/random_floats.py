"""Numbers in [0, 1), and between two bounds."""

import numpy as np

from thalweg.definitions.random_bits import advanced, drawn, next_32, next_64, to_double, to_single
from thalweg.definitions.random_shapes import demand_no_sign, float_kind, parameter, space


def next_double(state):
    return to_double(next_64(state))


def fill_doubles(state, out):
    high, low, add_high, add_low = state[0], state[1], state[2], state[3]
    for k in range(out.shape[0]):
        high, low = advanced(high, low, add_high, add_low)
        out[k] = to_double(drawn(high, low))
    state[0] = high
    state[1] = low


def fill_singles(state, out):
    for k in range(out.shape[0]):
        out[k] = to_single(next_32(state))


def random(state, size=None, dtype=np.float64, out=None):
    if out is not None:
        raise NotImplementedError("random() with out is not supported")
    kind = float_kind(dtype)
    if size is None:
        return float(next_double(state)) if kind == np.float64 else float(to_single(next_32(state)))
    numbers = np.empty(size, kind)
    if kind == np.float64:
        fill_doubles(state, np.reshape(numbers, -1))
    else:
        fill_singles(state, np.reshape(numbers, -1))
    return numbers


def uniform(state, low=0.0, high=1.0, size=None):
    first = parameter(low)
    extent = parameter(high) - first
    if not np.all(np.isfinite(extent)):
        raise OverflowError("high - low range exceeds valid bounds")
    demand_no_sign(extent)
    if size is None and np.ndim(extent) == 0:
        return float(first + extent * next_double(state))
    numbers = space(size, first, extent)
    fill_doubles(state, np.reshape(numbers, -1))
    numbers[...] = first + extent * numbers
    return numbers


DEFINITIONS = {"numpy.random.Generator.random": random, "numpy.random.Generator.uniform": uniform}
