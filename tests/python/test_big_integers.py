"""Python ints beyond 64 bits as constants: exact among themselves, NumPy's answer or error beside arrays."""

import numpy as np
import pytest

import thalweg
from support import check
from tolerance import same_bits

BIG = 10 ** 20
HUGE = 10 ** 400


def floats(a):
    return a + 10 ** 20, 10 ** 20 - a, a * 2 ** 63, a / 10 ** 30, 10 ** 30 / a, a // 2 ** 70, a ** 2 ** 64, np.maximum(a, -2 ** 65)


def float_comparisons(a):
    return a < 10 ** 20, a >= 2 ** 64, a == 10 ** 20, a != 2 ** 63, 10 ** 20 > a, np.where(a > 0, a, 10 ** 20)


def literal(a):
    return a + 100000000000000000000, a * -9223372036854775809, a - 18446744073709551616


def ints_add(a):
    return a + 10 ** 20


def ints_divide(a):
    return a / 10 ** 20, 10 ** 20 / a


def ints_compare(a):
    return a < 10 ** 20, a <= -10 ** 20, a == 10 ** 20, a != 10 ** 20, 10 ** 20 > a, 2 ** 63 <= a, a > -2 ** 63 - 1


def unsigned(a):
    return a + 2 ** 63, a < 2 ** 63, a == 2 ** 63, a >= 2 ** 64 - 1, a | 2 ** 63


def unsigned_too_large(a):
    return a + 2 ** 64


def bools_compare(a):
    return a < 10 ** 20


def store_float(a):
    a[0] = 10 ** 20
    a[1:] = 2 ** 63
    return a


def folded(a):
    return (10 ** 20 / 3, 2 ** 70 % 7, -(2 ** 70) % 7, 2 ** 70 // 3 ** 35, -(2 ** 70) // 3 ** 35, 10 ** 20 - 10 ** 20 + 5, 2 ** 64 - 2 ** 64 + 1,
            2 ** 100 >> 95, (1 << 70) // 2 ** 65, 10 ** 20 > 10 ** 19, 10 ** 20 == 10 ** 20, -10 ** 20 < 5, 3 < 2 ** 64, 1.5 + 10 ** 20,
            2.0 * 10 ** 20, 10 ** 20 * 1.0, float(10 ** 20), bool(10 ** 20), not 10 ** 20, 10 ** 40 / 10 ** 38, 1 / 10 ** 20,
            abs(-10 ** 20) / 7, 12345678901234567890 % 97, -9223372036854775808, 7 / 12345678901234567891, 2 ** 53 / 10 ** 22)


def float_scalar_comparisons(x):
    return (x < 10 ** 20, x <= 10 ** 20, x == 10 ** 20, x < 10 ** 20 + 1, x > 10 ** 20 + 1, x >= 2 ** 64 + 1, x == 2 ** 64 + 1, x != 2 ** 64 + 1,
            x < 2 ** 64 - 1, x > 2 ** 64 - 1, x < 10 ** 400, x > -10 ** 400, x > 10 ** 400)


def int_scalar_comparisons(n):
    return n < 10 ** 20, n == 10 ** 20, n > -10 ** 20, n != 2 ** 64, 2 ** 63 > n, n >= 2 ** 63


def global_constant(a):
    return a * BIG + BIG, BIG / 3, BIG > 5


def named(a):
    big = 10 ** 20
    small = big // 10 ** 15
    return a * big, small


def slices(a):
    return a[:10 ** 20], a[-10 ** 20:], a[10 ** 20:], a[2:10 ** 30:2], a[10 ** 20::-1]


def too_large_for_a_float(a):
    return a + 10 ** 400


def folded_too_large():
    return 10 ** 400 / 3


def division_by_zero():
    return 10 ** 20 / (2 ** 64 - 2 ** 64)


def shift(n):
    return n << 70


def stays(n):
    return n + 10 ** 20


F = np.array([0.5, -3.0, 1e20, 1e25, 2.0 ** 63])


@pytest.mark.parametrize("function, arguments", [
    (floats, [F]), (floats, [F.astype("f4")]), (float_comparisons, [F]), (float_comparisons, [np.array([np.nan, np.inf, -np.inf])]),
    (literal, [F]), (literal, [F + 1j]), (ints_add, [np.arange(3)]), (ints_add, [np.arange(3, dtype="u1")]), (ints_add, [np.int64(3)]),
    (ints_add, [np.float64(3)]), (ints_add, [np.float32(3)]), (ints_divide, [np.arange(1, 4)]), (ints_divide, [np.int32(3)]),
    (ints_compare, [np.arange(3)]), (ints_compare, [np.arange(3, dtype="u1")]), (ints_compare, [np.int16(3)]),
    (unsigned, [np.array([1, 2 ** 63, 2 ** 64 - 1], "u8")]), (unsigned_too_large, [np.array([1], "u8")]), (bools_compare, [np.array([True])]),
    (store_float, [np.zeros(3)]), (store_float, [np.zeros(3, "f4")]), (store_float, [np.zeros(3, bool)]), (store_float, [np.zeros(3, int)]),
    (store_float, [np.zeros(3, complex)]), (folded, [F]), (global_constant, [F]), (named, [F]), (slices, [F]), (too_large_for_a_float, [F]),
    (folded_too_large, []), (division_by_zero, []),
    *[(float_scalar_comparisons, [x]) for x in (1e20, 0.0, 1e300, float("inf"), -float("inf"), float("nan"), 2.0 ** 64,
                                               np.nextafter(1e20, 0), np.nextafter(1e20, 1e30))],
    *[(int_scalar_comparisons, [n]) for n in (0, 2 ** 63 - 1, -2 ** 63)],
])
def test_equals_numpy(function, arguments):
    with np.errstate(all="ignore"):
        check(function, arguments, same_bits)


@pytest.mark.parametrize("function", [shift, stays])
def test_what_leaves_64_bits_when_the_program_runs(function):
    program = thalweg.program(function)
    for engine in (program, program.interpret):
        with pytest.raises(OverflowError):
            engine(3)


def test_a_large_constant_is_no_result():
    program = thalweg.program(lambda_free)
    with pytest.raises(OverflowError):
        program()


def lambda_free():
    return 10 ** 20


@thalweg.program(strict=True)
def compared_with_a_float(n, x):
    k = int(n)
    less, equal = k < x, k == x
    return less, equal, k <= x, k > x, x >= k, x < k, x != k, x > k


@pytest.mark.parametrize("n", [0, -1, 2 ** 53, 2 ** 53 + 1, -2 ** 53 - 1, 2 ** 62 + 1, 2 ** 63 - 1, -2 ** 63, -2 ** 63 + 1])
def test_ints_and_floats_compare_by_value(n):
    floats = [0.0, -0.0, 0.5, -1.0, float(n), np.nextafter(float(n), np.inf), np.nextafter(float(n), -np.inf), 2.0 ** 63,
              -2.0 ** 63, 1e300, -1e300, np.inf, -np.inf, np.nan]
    for x in map(float, floats):
        assert compared_with_a_float(np.int64(n), x) == compared_with_a_float.f(np.int64(n), x), x


def bounded_in_a_branch(p):
    if p == 4:
        q = p + 4
    else:
        q = 1
    return p * 3 + q


def bounded_by_what_came_before(p):
    if p > 10:
        return 0
    if p < -10:
        return p - 1
    return p * 3


@pytest.mark.parametrize("function", [bounded_in_a_branch, bounded_by_what_came_before])
def test_what_a_branch_knows_of_an_int_holds_in_it_only(function):
    for p in (2**62, 1, 4, -2**63, 2**33, -2**40):
        program = thalweg.program(function, strict=True)   # the first call decides what is taken to be common
        if -2**63 <= function(p) < 2**63:
            assert program(p) == function(p)
        else:
            with pytest.raises(OverflowError):
                program(p)


def clipped_elsewhere(c, q, p):
    if p == 4:
        p = p + 4
    else:
        c = np.clip(c, q, p)
    return q


def test_a_bound_of_another_branch_is_checked():
    c = np.arange(5, dtype=np.int32)
    for p in (-2**31 - 1, -2**31, -2**40):
        check(clipped_elsewhere, (c, 5, p), same_bits)


def divided_by_a_power(p):
    return -p % p**7


def divided_by_a_product(p, a):
    return a - p // (p * p * p)


def shifted_by_a_product(p):
    return 1 << p * p * p - 3


def power_of_a_power(p, n):
    return p % p**n


def divided_before_it_grows(p, n):
    return p // n + p * p * p


@pytest.mark.parametrize("function, arguments, error", [
    (divided_by_a_power, (2**31,), OverflowError), (divided_by_a_product, (2**32, np.ones(3)), OverflowError),
    (shifted_by_a_product, (2**32,), OverflowError), (power_of_a_power, (2**31, 7), OverflowError),
    (divided_before_it_grows, (2**32, 0), ZeroDivisionError)])
def test_the_first_of_two_errors_is_raised(function, arguments, error):
    """What leaves 64 bits says so; what the number that is left of it leads to (a division by 0) is no error of the user's."""
    with pytest.raises(error) as found:
        thalweg.program(function, strict=True)(*arguments)
    assert "64-bit" in str(found.value) or error is ZeroDivisionError
