"""PCG64, the bit generator behind numpy.random.default_rng: PCG XSL RR 128/64 of M. E. O'Neill (PCG: a family of simple
fast space-efficient statistically good algorithms for random number generation, 2014).

A generator's state is an array of six uint64: the state's upper and lower half, the increment's, whether half of a
number is kept for the next that needs 32 bits only, and that half.
"""

import numpy as np

MULTIPLIER_HIGH, MULTIPLIER_LOW = np.uint64(2549297995355413924), np.uint64(4865540595714422341)


def high_product(a, b):
    """The upper 64 bits of a product of two uint64."""
    a_low, a_high = a & 0xFFFFFFFF, a >> 32
    b_low, b_high = b & 0xFFFFFFFF, b >> 32
    middle = a_high * b_low + (a_low * b_low >> 32)
    other = a_low * b_high + (middle & 0xFFFFFFFF)
    return a_high * b_high + (middle >> 32) + (other >> 32)


def advanced(high, low, add_high, add_low):
    """The state after this one."""
    next_low = low * MULTIPLIER_LOW + add_low
    carry = next_low < add_low
    next_high = high * MULTIPLIER_LOW + low * MULTIPLIER_HIGH + high_product(low, MULTIPLIER_LOW) + add_high + carry
    return next_high, next_low


def drawn(high, low):
    """What a state gives."""
    mixed, turn = high ^ low, high >> 58
    return (mixed >> turn) | (mixed << ((64 - turn) & 63))


def next_64(state):
    high, low = advanced(state[0], state[1], state[2], state[3])
    state[0] = high
    state[1] = low
    return drawn(high, low)


def next_32(state):
    """A uint64 below 2 ** 32: the lower half of what is drawn, and the next time the upper half."""
    value = state[5]
    if state[4] == 0:
        whole = next_64(state)
        value = whole & 0xFFFFFFFF
        state[5] = whole >> 32
    state[4] = 1 - state[4]
    return value


def to_double(bits):
    """A float64 in [0, 1)."""
    return (bits >> 11) * (1.0 / 9007199254740992.0)


def to_single(bits):
    """A float32 in [0, 1) of 32 bits."""
    return np.float32(bits >> 8) * np.float32(1.0 / 16777216.0)


DEFINITIONS = {}  # of NumPy: none, this is what generators are made of
