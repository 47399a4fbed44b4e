"""Functions of whole numbers: divisors, multiples, bits, quotients with remainders."""

import numpy as np

from thalweg.definitions.parts import flattened, is_inexact


def common_divisor(a, b):
    """Euclid's algorithm; the type is that of a."""
    while b != 0:
        rest = np.remainder(a, b)
        a = b
        b = rest
    return np.abs(a)


def common_multiple(a, b):
    divisor = common_divisor(a, b)
    return np.abs(a) * 0 if divisor == 0 else np.floor_divide(np.abs(a), divisor) * np.abs(b)


def whole_type(x1, x2):
    """The element type of both, which must be integers."""
    kind = np.result_type(x1, x2)
    if is_inexact(kind) or kind == np.bool_:
        raise TypeError("ufuncs 'gcd' and 'lcm' take integers")
    return kind


def of_each_two(common, x1, x2):
    kind = whole_type(x1, x2)
    if np.ndim(x1) == 0 and np.ndim(x2) == 0:
        zero = np.zeros(1, kind)[0]
        return common(zero + x1, zero + x2)
    both = np.zeros(np.shape(np.add(x1, x2)), kind)
    of_a = flattened(both + x1)
    of_b = flattened(both + x2)
    out = np.empty(of_a.shape[0], kind)
    for k in range(of_a.shape[0]):
        out[k] = common(of_a[k], of_b[k])
    return np.reshape(out, both.shape)


def divisors(x1, x2):
    return of_each_two(common_divisor, x1, x2)


def multiples(x1, x2):
    return of_each_two(common_multiple, x1, x2)


def count_bits(x):
    """The ones among the bits of |x|: sums in fields of 2, 4 and 8 bits, added up by a product."""
    given = np.multiply(x, 1)
    if is_inexact(given.dtype):
        raise TypeError("ufunc 'bitwise_count' takes integers")
    bits = given if given.dtype == np.uint64 else np.abs(given.astype(np.int64)).astype(np.uint64)
    pairs = bits - ((bits >> 1) & 0x5555555555555555)
    fours = (pairs & 0x3333333333333333) + ((pairs >> 2) & 0x3333333333333333)
    eights = (fours + (fours >> 4)) & 0x0F0F0F0F0F0F0F0F
    return ((eights * 0x0101010101010101) >> 56).astype(np.uint8)


def quotient_and_remainder(x1, x2):
    return np.floor_divide(x1, x2), np.remainder(x1, x2)


DEFINITIONS = {"numpy.gcd": divisors, "numpy.lcm": multiples, "numpy.bitwise_count": count_bits,
               "numpy.divmod": quotient_and_remainder}
