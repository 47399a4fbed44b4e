"""Universal functions written as definitions, parts of numbers among them, and their outer, reduce and accumulate."""

import numpy as np
import pytest

import thalweg
from definition_grid import ALL, FLOATS, LONG, Cases, compare, run, values, within

cases = Cases()
SOME = [(0,), (5,), (2, 3)] if LONG else [(0,), (2, 3)]
WIDE = ("f8", "i4", "f4", "i8", "u8")  # of smaller types NumPy makes float16
INTEGERS = ("i4", "u1", "i8", "u8", "i1", "u4")
MIXED = (("f8", "f4"), ("i4", "u1"), ("f4", "f8"), ("i8", "i8"), ("i1", "u1"), ("u8", "u8"))


@cases(SOME, types=WIDE)
def taken_apart(a):
    return *np.modf(a), *np.frexp(a), np.spacing(a)


@cases(SOME, types=WIDE)
def neighbours(a):
    return np.nextafter(a, 0), np.nextafter(a, a[::-1]), np.nextafter(1.0, a)


@cases([((4,), (4,)), ((2, 3), (3,)), ((0,), (1,))],
       types=(("f8", "i4"), ("f4", "i8"), ("i4", "i1"), ("f8", "u1"), ("f4", "?")))
def scaled(a, n):
    return np.ldexp(a, n), np.ldexp(a, -1), np.ldexp(2.5, n)


@cases([((4,), (4,)), ((2, 3), (3,)), ((0,), (1,)), ((3,), (2,))], types=MIXED[1:2] + MIXED[3:] + (("i4", "i8"),))
def divisors(a, b):
    return np.gcd(a, b), np.lcm(a, b), np.gcd(a, 6), np.lcm(4, b)


@cases(SOME, types=INTEGERS + ("?",))
def bits(a):
    return np.bitwise_count(a)


@cases([((4,), (4,)), ((2, 3), (3,)), ((3,), (2,))], types=MIXED + (("?", "?"),))
def quotients(a, b):
    return *np.divmod(a, b), *np.divmod(a, 3)


@cases(SOME, types=WIDE, same=within(16))
def exponents(a):
    return np.logaddexp2(a, a), np.logaddexp2(a, 1.0), np.logaddexp2(a[::-1], a)


@cases([((2,), (3,)), ((2, 3), (4,)), ((0,), (2,))], types=MIXED)
def outer_arithmetic(a, b):
    return np.add.outer(a, b), np.divide.outer(a, b), np.remainder.outer(a, b), np.less.outer(a, b), np.fmin.outer(a, 2)


@cases([((2,), (3,)), ((2, 3), (2,))], types=MIXED[:1] + MIXED[2:3], same=within(8))
def outer_functions(a, b):
    return np.hypot.outer(a, b), np.arctan2.outer(a, b), np.logical_or.outer(a, b), *np.divmod.outer(a, b)


@cases([((2,), (3,)), ((2, 3), (2,))], types=(("i4", "i4"), ("u1", "i8")))
def outer_integers(a, b):
    return np.gcd.outer(a, b), np.bitwise_or.outer(a, b), np.power.outer(a, 2), np.equal.outer(a, b)


@cases(SOME + [(0, 3), (2, 3, 4)] * LONG, types=ALL, same=within(100))
def reduced(a):
    return np.add.reduce(a), np.multiply.reduce(a, axis=-1), np.add.reduce(a, axis=None, keepdims=True), \
        np.add.reduce(a, initial=3), np.multiply.reduce(a, initial=2)


@cases(SOME + [(0, 3), (3, 0)], types=("f8", "i4", "f4", "u1"))
def extremes(a):
    return np.minimum.reduce(a, initial=7), np.maximum.reduce(a, axis=-1, initial=1, keepdims=True), \
        np.minimum.reduce(a, axis=None, initial=2)


@cases([(5,), (2, 3), (0, 3)], types=("f8", "i4", "f4", "u1"))
def extremes_of_some(a):
    return np.minimum.reduce(a, axis=-1), np.maximum.reduce(a, keepdims=True)


@cases(SOME + [(2, 3, 4)] * LONG, types=("f8", "?", "i4", "c16"))
def truths(a):
    return np.logical_and.reduce(a), np.logical_or.reduce(a, axis=-1, keepdims=True), \
        np.logical_or.reduce(a, initial=True)


@cases(SOME + [(2, 3, 4)] * LONG, types=("f8", "i1", "f4", "?", "u8"))
def accumulated(a):
    return np.add.accumulate(a), np.multiply.accumulate(a, axis=-1), np.maximum.accumulate(a), \
        np.minimum.accumulate(a, axis=-1)


@cases([(6,), (2, 5), (1,), (0,)], types=("i8", "i4", "i1", "f8"))
def unwrapped_by_integers(a):
    return np.unwrap(a, period=4), np.unwrap(a, period=6), np.unwrap(a, period=5), np.unwrap(a, 3, period=4)


@cases([(4,), (2, 3), (1,)], types=("f8", "i4", "i1"))
def with_ends(a):
    return (np.ediff1d(a, to_begin=-9, to_end=np.array([8, 9])), np.ediff1d(a, to_end=[1, 2]),
            np.ediff1d(a, to_begin=a), np.ediff1d(a, 5, a))


@thalweg.program
def slopes(a, d):
    y = [1.0, 1.5, 3.5]
    return np.gradient(a, d, y), np.gradient(a, [0, 2], y), np.gradient(a, y, axis=1)


def test_slopes_over_lists():
    compare(slopes, (np.array([[1, 2, 6], [3, 4, 5]]), 2.0))


@cases.mark
def test_equals_numpy(case):
    run(case)


HARD = np.array([0.0, -0.0, 5e-324, -5e-324, 2.0**-1022, 2.0**-1021, 2.0**-969, 1e-300, 1.0, -1.0, 2.0, 1 - 2.0**-53,
                 3.0, 1.7976931348623157e308, np.inf, -np.inf, np.nan, -1.5 * 2.0**-1022, 2.0**1023, -0.75, 1e22])


@pytest.mark.parametrize("kind", FLOATS)
def test_at_the_ends_of_the_range(kind):
    @thalweg.program
    def apart(a):
        return *np.frexp(a), *np.modf(a), np.spacing(a), np.nextafter(a, np.inf), np.nextafter(a, -np.inf)

    @thalweg.program
    def scale(a, n):
        return np.ldexp(a, n)

    random = np.random.default_rng(1)
    with np.errstate(all="ignore"):
        wild = random.random(20000 if LONG else 2000) * 2.0**random.integers(-1074, 1023, 20000 if LONG else 2000)
        powers = 2.0**np.arange(-1074, 1024)
        all_of_them = np.concatenate((HARD, -HARD, wild, -wild, powers, powers * (1 - 2.0**-53))).astype(kind)
        if kind == "f4":
            bits = random.integers(0, 2**32, 20000, dtype=np.uint64).astype(np.uint32).view(np.float32)
            all_of_them = np.concatenate((all_of_them, bits, np.float32(2.0)**np.arange(-149, 128).astype("f4")))
    compare(apart, (all_of_them,))
    for n in (random.integers(-2200, 2200, all_of_them.shape), random.integers(-60, 60, all_of_them.shape)):
        compare(scale, (all_of_them, n))
    compare(scale, (all_of_them[:, None], np.array([-2**40, -1074, -1023, -53, 0, 52, 1023, 1024, 2**40])))


def test_numbers():
    @thalweg.program
    def of_floats(x, y):
        return *np.modf(x), *np.frexp(x), np.spacing(x), np.nextafter(x, y), *np.divmod(x, y), np.logaddexp2(x, x), \
            np.ldexp(x, 3)

    @thalweg.program
    def of_integers(x, y):
        return np.gcd(x, y), np.lcm(x, y), np.bitwise_count(x), *np.divmod(x, y)

    for arguments in ((1.5, 2), (np.float32(-0.75), 1.0), (3, -2.5), (np.float64(0), np.float32(1)), (np.inf, 1.0)):
        compare(of_floats, arguments)
    for arguments in ((12, 18), (-12, np.int32(18)), (0, 0), (np.int64(7), 0), (np.uint32(21), 14)):
        compare(of_integers, arguments)


def test_least_integers():
    @thalweg.program
    def of_least(a, b):
        return np.gcd(a, b), np.lcm(a, b), np.bitwise_count(a), *np.divmod(a, b)

    for kind in (np.int8, np.int64):
        least = np.iinfo(kind).min
        a = np.array([least, least, least, least, 0, 6], kind)
        compare(of_least, (a, np.array([-1, 6, least, 0, least, 4], kind)))


def test_refusals():
    @thalweg.program
    def of_floats(a):
        return np.gcd(a, 2)

    @thalweg.program
    def over_all(a):
        return np.add.accumulate(a, axis=None)

    for program, shape, error in ((of_floats, (3,), TypeError), (over_all, (2, 3), ValueError)):
        with pytest.raises(error):
            program(values(shape, "f8"))
