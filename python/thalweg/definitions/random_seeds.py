"""Generators and how seeds become their states: numpy.random.SeedSequence and the seeding of PCG64.

The hash is M. E. O'Neill's (Developing a seed_seq alternative, pcg-random.org 2015), with the constants that NumPy has.
"""

import numpy as np

from thalweg.definitions.compiler import object_of, parts_of
from thalweg.definitions.random_bits import advanced

POOL = 4
PLACES = tuple(range(16))  # of the 32-bit words of an int
START_A, FACTOR_A = np.uint32(0x43B0D7E5), np.uint32(0x931E8875)
START_B, FACTOR_B = np.uint32(0x8B51F9DD), np.uint32(0x58F38DED)
MIX_LEFT, MIX_RIGHT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)


def hashed(value, constant):
    """A word's hash, where constant is the one for the next word already."""
    product = value * constant
    return product ^ (product >> 16)


def mixed(x, y):
    both = MIX_LEFT * x - MIX_RIGHT * y
    return both ^ (both >> 16)


def pool_of(words, count):
    """What a seed's words are mixed into."""
    pool = np.empty(POOL, np.uint32)
    constant = START_A
    for k in range(POOL):
        word = words[k] ^ constant  # there are four at least, the last of them 0
        constant = constant * FACTOR_A
        pool[k] = hashed(word, constant)
    for k in range(POOL):
        for to in range(POOL):
            if k != to:
                word = pool[k] ^ constant
                constant = constant * FACTOR_A
                pool[to] = mixed(pool[to], hashed(word, constant))
    for k in range(POOL, count):
        for to in range(POOL):
            word = words[k] ^ constant
            constant = constant * FACTOR_A
            pool[to] = mixed(pool[to], hashed(word, constant))
    return pool


def state_of(words, count):
    """The state of PCG64 that has been seeded with these words."""
    pool = pool_of(words, count)
    constant = START_B
    given = np.zeros(4, np.uint64)
    for k in range(8):
        word = pool[k % POOL] ^ constant
        constant = constant * FACTOR_B
        given[k // 2] |= np.left_shift(np.uint64(hashed(word, constant)), np.uint64(32 * (k % 2)))
    add_high = (given[2] << 1) | (given[3] >> 63)
    add_low = (given[3] << 1) | np.uint64(1)
    low = add_low + given[1]
    high, low = advanced(add_high + given[0] + (low < add_low), low, add_high, add_low)
    state = np.zeros(6, np.uint64)
    state[0] = high
    state[1] = low
    state[2] = add_high
    state[3] = add_low
    return state


def add_words(words, count, seed):
    """Puts an int behind the words that there are, the lowest 32 bits first; how many there are then."""
    if not (isinstance(seed, int) or isinstance(seed, np.integer)):
        raise TypeError("SeedSequence expects int or sequence of ints for entropy")
    if seed < 0:
        raise ValueError("expected non-negative integer")
    if isinstance(seed, np.integer) or seed < 2**64:
        wide = np.uint64(seed)
        words[count] = np.uint32(wide & 0xFFFFFFFF)
        if wide > 0xFFFFFFFF:
            words[count + 1] = np.uint32(wide >> 32)
            return count + 2
        return count + 1
    if seed >= 2**512:
        raise NotImplementedError("seeds of more than 512 bits are not supported")
    more = 0
    for place in PLACES:
        if seed >= 2 ** (32 * place):
            words[count + place] = np.uint32((seed >> 32 * place) % 2**32)
            more = place + 1
    return count + more


def seeded(seed):
    """The state for what default_rng and PCG64 take as a seed."""
    if seed is None:
        raise NotImplementedError("a generator without a seed is not supported: its numbers differ from call to call")
    if isinstance(seed, list) or isinstance(seed, tuple):
        words = np.zeros(len(PLACES) * len(seed) + POOL, np.uint32)
        count = 0
        for item in seed:
            count = add_words(words, count, item)
        return state_of(words, count)
    if isinstance(seed, str):
        raise TypeError("SeedSequence expects int or sequence of ints for entropy")
    if np.ndim(seed) == 1:
        words = np.zeros(2 * seed.shape[0] + POOL, np.uint32)
        count = 0
        for k in range(seed.shape[0]):
            count = add_words(words, count, seed[k])
        return state_of(words, count)
    if np.ndim(seed) > 1:
        raise NotImplementedError("seeds in an array of more than 1 dimension are not supported")
    words = np.zeros(len(PLACES) + POOL, np.uint32)
    return state_of(words, add_words(words, 0, seed))


def bit_generator(seed=None):
    return object_of("numpy.random.PCG64", seeded(seed))


def generator(bit_generator):
    if not isinstance(bit_generator, np.random.PCG64):
        raise NotImplementedError("a generator of other bits than PCG64's is not supported")
    (state,) = parts_of(bit_generator)
    return object_of("numpy.random.Generator", state)


def default_generator(seed=None):
    if isinstance(seed, np.random.Generator):
        return seed
    if isinstance(seed, np.random.PCG64):
        return generator(seed)
    return object_of("numpy.random.Generator", seeded(seed))


DEFINITIONS = {"numpy.random.PCG64": bit_generator, "numpy.random.Generator": generator,
               "numpy.random.default_rng": default_generator}
