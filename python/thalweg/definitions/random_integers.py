"""Integers between two bounds: D. Lemire, Fast random integer generation in an interval (ACM TOMACS 29, 2019), in as
few bits as NumPy takes for an element type.

What is drawn is a number up to `span`; `first` is added in arithmetic that wraps.
"""

import numpy as np

from thalweg.definitions.random_bits import high_product, next_32, next_64


def below_32(state, span):
    """A number up to span, which is less than 2 ** 32 - 1."""
    count = span + 1
    product = next_32(state) * count
    if (product & 0xFFFFFFFF) < count:
        least = (0xFFFFFFFF - span) % count
        while (product & 0xFFFFFFFF) < least:
            product = next_32(state) * count
    return product >> 32


def below_64(state, span):
    """A number up to span, which is less than 2 ** 64 - 1."""
    count = span + 1
    bits = next_64(state)
    if bits * count < count:
        least = (np.uint64(0xFFFFFFFFFFFFFFFF) - span) % count
        while bits * count < least:
            bits = next_64(state)
    return high_product(bits, count)


def up_to(state, span):
    """A number up to span, in 32 bits where it has no more."""
    if span == 0:
        return np.uint64(0)
    if span < 0xFFFFFFFF:
        return below_32(state, span)
    if span == 0xFFFFFFFF:
        return next_32(state)
    if span == 0xFFFFFFFFFFFFFFFF:
        return next_64(state)
    return below_64(state, span)


def fill_from_32(state, out, first, span):
    for k in range(out.shape[0]):
        out[k] = (first + below_32(state, span)).astype(out.dtype)


def fill_with_32(state, out, first):
    for k in range(out.shape[0]):
        out[k] = (first + next_32(state)).astype(out.dtype)


def fill_from_64(state, out, first, span):
    for k in range(out.shape[0]):
        out[k] = (first + below_64(state, span)).astype(out.dtype)


def fill_with_64(state, out, first):
    for k in range(out.shape[0]):
        out[k] = (first + next_64(state)).astype(out.dtype)


def fill_from_parts(state, out, first, span, bits):
    """Of 8 or 16 bits each: all parts of a draw of 32 are used, from the lowest."""
    largest = np.uint64(2**bits - 1)
    count = span + 1
    least = (largest - span) % count
    kept, left = np.uint64(0), 0
    for k in range(out.shape[0]):
        missing = True
        while missing:
            if left == 0:
                kept = next_32(state)
                left = 32 // bits
            else:
                kept = kept >> bits
            left -= 1
            product = (kept & largest) * count
            missing = bool((product & largest) < least)
            out[k] = (first + (product >> bits)).astype(out.dtype)


def fill_truths(state, out):
    kept, left = np.uint64(0), 0
    for k in range(out.shape[0]):
        if left == 0:
            kept = next_32(state)
            left = 32
        else:
            kept = kept >> 1
        left -= 1
        out[k] = (kept & 1) != 0


def bound(value):
    """A bound as a Python int."""
    if not (isinstance(value, int) or isinstance(value, np.integer)):
        raise NotImplementedError("integers() between bounds that are not single ints is not supported")
    return value if isinstance(value, int) else int(value)


def limits(kind):
    """The least and the largest number of an integer type."""
    if kind == np.bool_:
        return 0, 1
    if kind == np.int8:
        return -(2**7), 2**7 - 1
    if kind == np.int16:
        return -(2**15), 2**15 - 1
    if kind == np.int32:
        return -(2**31), 2**31 - 1
    if kind == np.int64:
        return -(2**63), 2**63 - 1
    if kind == np.uint8:
        return 0, 2**8 - 1
    if kind == np.uint16:
        return 0, 2**16 - 1
    if kind == np.uint32:
        return 0, 2**32 - 1
    if kind == np.uint64:
        return 0, 2**64 - 1
    raise TypeError("Unsupported dtype for integers")


def wrapped(value):
    """A Python int modulo 2 ** 64."""
    if value >= 2**63:
        return np.uint64(value)
    return np.int64(value).astype(np.uint64)


def fill_integers(state, out, low, last):
    """Numbers from low to last, both of them Python ints that the type of out has.

    Where the bounds are known, so is which of the loops it takes. Halves of bounds never leave 64 bits.
    """
    first = wrapped(low)
    span = wrapped(last) - first
    if low == last:
        out[:] = first.astype(out.dtype)
    elif out.dtype == np.bool_:
        fill_truths(state, out)
    elif out.itemsize < 4:
        fill_from_parts(state, out, first, span, 8 * out.itemsize)
    elif last // 2 - low // 2 < 2**31 - 1:
        fill_from_32(state, out, first, span)
    elif out.itemsize == 4:
        fill_in_full(state, out, first, span)
    elif span == 0xFFFFFFFFFFFFFFFF:
        fill_with_64(state, out, first)
    elif span <= 0xFFFFFFFF:
        fill_in_full(state, out, first, span)
    else:
        fill_from_64(state, out, first, span)


def fill_in_full(state, out, first, span):
    """A span of all 32 bits, or of one or two numbers less."""
    if span == 0xFFFFFFFF:
        fill_with_32(state, out, first)
    else:
        fill_from_32(state, out, first, span)


def integers(state, low, high=None, size=None, dtype=np.int64, endpoint=False):
    kind = np.empty(0, dtype).dtype
    least, largest = limits(kind)
    first = 0 if high is None else bound(low)
    end = bound(low if high is None else high)
    if first < least:
        raise ValueError("low is out of bounds for the type")
    if endpoint:
        if first > end:
            raise ValueError("low > high")
        last = end
    else:
        if first >= end:
            raise ValueError("low >= high")
        last = end - 1
    if last > largest:
        raise ValueError("high is out of bounds for the type")
    numbers = np.empty(1 if size is None else size, kind)
    fill_integers(state, np.reshape(numbers, -1), first, last)
    if size is not None:
        return numbers
    number = numbers[0]
    if dtype is int:
        return int(number)
    return bool(number) if dtype is bool else number


DEFINITIONS = {"numpy.random.Generator.integers": integers}
