"""Small programs that random ones were cut down to, of numbers and their types: each once gave another result than NumPy, or
stopped the compiler. Of masks and index arrays, and of loops and branches: test_found_by_fuzzing_places.py, _flow.py."""

import numpy as np
import pytest

import thalweg
from support import agree, check, outcome
from tolerance import same_bits


def rebound_to_itself(a, b):
    for i in range(len(a)):
        a = a
        b[-2] = -2.5
    return b


def division_without_elements(a, m, n):
    return a * (m / n)


def constant_out_of_bounds_without_elements(a, k):
    return a + k


def square_of_truth(a):
    return np.square(a), a ** 2, np.conj(a)


def power_by_argument(a, p):
    return a ** p


def cut_inserted(a):
    v = a[None, None, :]
    return v[-2:3:-2], v[:, -2:3:-2], v[:, -1:3:-1], v[-3:-1], v[1:0:-1]


def dead_branch_with_a_counter(b, q):
    n = b.shape[0]
    if 5.59 < False:
        n = n | 8
    return np.not_equal(q, n)


def item(a, b, v):
    a[0] = v
    b[1:] = v
    return a, b


def clipped(a, low, high):
    return np.clip(a, low, high)


def in_place_with_more_dimensions(a, b):
    a[0] *= b
    return a


def two_kinds(a, b):
    return np.copysign(a, b), np.copysign(b, a)


def parts(x):
    return np.real(x), np.imag(x), np.fabs(x)


def chained(a):
    return a[0] < a[1] < a[2], 0 < len(a) < 9


def reshaped_scalar(a):
    return np.reshape(a.sum(), (1,))


def negative_power(a, b):
    return a ** b


def masked_with_scalar(a, k, n):
    a[a > 2] = k // n
    return a


def chosen(a, k):
    return np.where(a < 2, a, k)


def without_nans(a, b):
    return np.fmax(a, b), np.fmin(b, a)


def element_by_array(a, b):
    a[0] = b
    return a


NOTHING = np.zeros(0)
CASES = [
    (rebound_to_itself, [(np.zeros((3, 0)), np.zeros(13, np.int64)), (np.zeros((3, 0)), np.zeros(1, np.int64))]),
    (division_without_elements, [(NOTHING, 1, 0), (NOTHING, 1, 2), (np.ones(2), 1, 0)]),
    (constant_out_of_bounds_without_elements, [(np.zeros(0, np.int32), 2**40), (np.zeros(2, np.int32), 2**40)]),
    (square_of_truth, [(np.array([True, False]),)]),
    (power_by_argument, [(np.array([-np.inf, 2.0, -0.0]), p) for p in (0.5, 2.0, -1.0, 3, 2, -1)]),
    (power_by_argument, [(np.array([True, False]), 2)]),
    (power_by_argument, [(np.array([True, False]), 3)]),
    (cut_inserted, [(np.ones(3),)]),
    (dead_branch_with_a_counter, [(np.ones(3), 2.5)]),
    (clipped, [(5, np.int32(3), 7), (2**40, np.int32(3), 7), (np.array([True, False]), 7, np.array([3, 4], np.uint16))]),
    (in_place_with_more_dimensions, [(np.ones((2, 3)), np.ones((1, 3)))]),
    (two_kinds, [(np.array([1, 2], np.uint16), np.array([3, -4], np.int8)), (np.array([1, 2], np.int16), -0.5)]),
    (parts, [(3,), (2.5,), (np.int16(3),), (np.array([1, -2]),)]),
    (chained, [(np.array([1.0, 2.0, 3.0]),)]),
    (reshaped_scalar, [(np.ones(3),)]),
    (negative_power, [(np.array([3], np.int8), np.array([-2], np.int32)), (np.array([3]), np.int64(-2)),
                      (np.zeros(0, np.int64), np.int64(-2)), (3, np.array([-2]))]),
    (masked_with_scalar, [(NOTHING, 1, 0), (np.ones(3), 7, 2)]),
    (chosen, [(np.array([1, 2], np.uint32), -3), (np.array([1, 2], np.int8), 300)]),
    (without_nans, [(np.array([complex(1, np.nan), 3, complex(np.nan, 1), 4j]), np.array([2, complex(np.nan, 0), np.nan, 3]))]),
    (element_by_array, [(np.zeros(2), np.ones(1))]),
]


@pytest.mark.parametrize("function, calls", CASES, ids=[f"{f.__name__}-{k}" for k, (f, _) in enumerate(CASES)])
def test_equals_numpy(function, calls):
    for arguments in calls:
        check(function, arguments, same_bits)


VALUES = [np.float64("nan"), float("nan"), np.float64(1e30), 3e9, np.float64(-3e9), np.float32(300), np.int64(300),
          np.uint64(2**63), np.int64(-2), 2**40, True, np.float64(-2147483648.5)]


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64, np.uint8, np.uint64, np.bool_, np.float32])
def test_items_are_converted_as_numpy_does(dtype):
    program = thalweg.program(item)
    for value in VALUES:
        if np.dtype(dtype).kind == "u" and isinstance(value, np.floating) and not 0 <= value < 256:
            continue   # what C leaves open
        arguments = (np.zeros(3, dtype), np.zeros(2, dtype), value)
        expected, found = outcome(item, arguments), outcome(program, arguments)
        assert agree(found, expected, same_bits), f"{value!r}: {found} instead of {expected}"


def bool_or_not(a, p):
    return a ** p


def test_power_of_truth_depends_on_the_exponent():
    program = thalweg.program(bool_or_not)
    a = np.array([True, False])
    for p in (3, 2, 0, 2):
        assert program(a, p).dtype == (a ** p).dtype


def square_in_place(a):
    a[...] = a @ a
    return a + 0


def product_in_place(a):
    a[:] = np.dot(a, a)
    return a


def powers(a):
    x = np.copy(a)
    for i in range(3):
        x[...] = x @ x
    return x


def column_of_sums(a):
    a[:, 0] = a.sum(axis=1)
    a[1:] = a[:-1].max(axis=0)
    return a


@pytest.mark.parametrize("function", [square_in_place, product_in_place, powers, column_of_sums], ids=lambda f: f.__name__)
def test_products_and_sums_in_place(function):
    mine = np.random.default_rng(0).integers(0, 9, (5, 5)).astype(float)
    theirs = mine.copy()
    np.testing.assert_array_equal(thalweg.program(function)(mine), function(theirs))
    np.testing.assert_array_equal(mine, theirs)


def test_ravel_copies_what_has_gaps():
    def f(a):
        return np.ravel(a), a.ravel(order="F"), a.ravel("K"), a.reshape(-1)

    def g(a):
        return np.ravel(a), a.reshape(-1)

    for a in (np.arange(6.0)[::-1], np.arange(6.0)[::2], np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(2, 3).T):
        if a.ndim == 1:
            pairs = zip(thalweg.program(g)(a), g(a))
        else:
            pairs = zip(thalweg.program(f)(a), f(a))
        for mine, theirs in pairs:
            np.testing.assert_array_equal(mine, theirs)
            assert np.shares_memory(mine, a) == np.shares_memory(theirs, a)


def test_the_bounds_of_clip_may_be_beyond_the_type():
    def f(a, p, q):
        return np.clip(a, p, q), np.clip(a, -4, 9), np.clip(a, 2, 300)

    program = thalweg.program(f)
    for a in (np.array([5, 200], np.uint8), np.array([-5, 100], np.int8)):
        for p, q in ((-4, 9), (0, 300), (-1000, 7)):
            for mine, theirs in zip(program(a, p, q), f(a, p, q), strict=True):
                assert mine.dtype == theirs.dtype
                np.testing.assert_array_equal(mine, theirs)
        with pytest.raises(OverflowError):
            program(a, 300, 400)


def test_not_gives_a_python_bool():
    def f(a):
        return not a[0], (not a[1] > 3) + 1, not np.bool_(True)

    for a in (np.array([0, 5]), np.array([2.0, 1.0])):
        for mine, theirs in zip(thalweg.program(f)(a), f(a), strict=True):
            assert mine == theirs and type(mine) is type(theirs)


@thalweg.program
def largest_or_least(a, b):
    return {"maximum": np.maximum(a, b), "minimum": np.minimum(a, b), "fmax": np.fmax(a, b), "fmin": np.fmin(a, b)}


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_which_zero_clip_leaves(dtype):
    """One bound for all elements keeps the zero of the array, bounds of their own take its place."""
    values = np.array([-0.0, 0.0, 1.0, -1.0, np.nan], dtype)
    clip = thalweg.program(clipped)
    for low in values:
        for high in values:
            for shape in ((), (1,), (1, 1), (5,)):
                for x in (values, values[:1], values[1:2], values[0]):
                    if np.size(x) == 1 and shape != ():
                        continue   # then it depends on the numbers of dimensions
                    bounds = (low, high) if shape == () else (np.full(shape, low), np.full(shape, high))
                    assert same_bits(np.asarray(clip(x, *bounds)), np.asarray(np.clip(x, *bounds))), (x, bounds)
                assert same_bits(np.asarray(clip(x, low, None)), np.asarray(np.clip(x, low, None))), (x, low)
            # fmax and fmin of other types depend on the length in NumPy (docs/runtime.md)
            for both in (np.maximum, np.minimum, *((np.fmax, np.fmin) if dtype is np.float16 else ())):
                found = largest_or_least(values, high)[both.__name__]
                assert same_bits(found, both(values, high)), (both, high)


def test_clip_of_complex_numbers():
    parts = [0.0, -0.0, 1.0, np.nan]
    values = np.array([complex(x, y) for x in parts for y in parts])

    def same(a, b):
        return np.array_equal(a, b, equal_nan=True) and not np.any((np.signbit(a) != np.signbit(b)) & ~np.isnan(a))

    clip = thalweg.program(clipped)
    for low in values:
        for high in values:
            for bounds in ((low, high), (low, np.full(16, high)), (np.full(16, low), np.full(16, high))):
                found, expected = clip(values, *bounds), np.clip(values, *bounds)
                assert same(found.real, expected.real) and same(found.imag, expected.imag), bounds


@thalweg.program
def products_of_scalars(a, b, p):
    s = a[0] * b[0]
    for i in range(len(a)):
        s += a[i] * b[i] * p
        s *= a[0]
    return s, a[1] * p, p * b[2] * a[1], a * b, a[:1] * b[:1]


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_products_of_complex_scalars_are_not_fused(dtype):
    rng = np.random.default_rng(5)
    for _ in range(20):
        a, b = ((rng.normal(size=4) + 1j * rng.normal(size=4)).astype(dtype) for _ in range(2))
        for p in (dtype(1.5 - 0.25j), 0.3 + 0.7j, 1.1, dtype(0).real.dtype.type(0.1), np.float32(0.1)):
            check(products_of_scalars, (a, b, p), same_bits)


# ---- found with NumPy's functions and more statements among the random programs -----------------------------------


def product_at(z, places):
    np.multiply.at(z, places, z[0])


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_products_at_places_are_those_of_scalars(dtype):
    rng = np.random.default_rng(3)
    for shape in ((50,), (50, 3)):
        z = (rng.random(shape) - 0.5 + 1j * (rng.random(shape) - 0.5)).astype(dtype)
        mine, other = z.copy(), z.copy()
        thalweg.program(product_at)(mine, np.arange(50))
        product_at(other, np.arange(50))
        assert np.array_equal(mine, other)


def counts_of_unsigned(a):
    return np.bincount(a.astype(np.uint64))


def test_bincount_of_uint64():
    assert np.array_equal(thalweg.program(counts_of_unsigned)(np.array([0, 2, 2])), [1, 0, 2])


def complex_beside_float64(c, a):
    f = a[0]
    return c * f, c + f, c - f, c / f, f * c, f - c, c == f, f == c, c != f, c * np.float32(2), c + np.complex128(1)


def test_python_complex_computes_with_float64():
    found, expected = thalweg.program(complex_beside_float64)(1 + 2j, np.array([2.5])), complex_beside_float64(1 + 2j, np.array([2.5]))
    assert found == expected
    assert [type(x) for x in found] == [type(x) for x in expected]
    with pytest.raises(ZeroDivisionError):
        thalweg.program(complex_beside_float64)(1 + 2j, np.array([0.0]))


def last_of_a_tuple(b, p):
    i = b[0]
    for i in (1, 2, 3):
        if p < i:
            break
    return i


def parts_of_complex_scalars(b, p):
    z = b * (1.5 + 2j)
    return int(z[1]), float(z[2]), float(np.complex64(4))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", [last_of_a_tuple, parts_of_complex_scalars])
@pytest.mark.parametrize("p", [0.5, 2.5, 9.0])
def test_types_of_loop_variables_and_of_parts(function, p):
    found, expected = thalweg.program(function)(np.arange(3), p), function(np.arange(3), p)
    assert repr(found) == repr(expected)


def number_behind_an_array(v):
    return np.hstack((v, 4.5)), np.hstack((1, v)), np.hstack((2, 3)), np.vstack((1, 2))


def test_joining_numbers():
    program = thalweg.program(number_behind_an_array)
    for n in (0, 1, 3):
        for found, expected in zip(program(np.ones(n)), number_behind_an_array(np.ones(n))):
            assert found.dtype == expected.dtype and np.array_equal(found, expected)


def medians_as_items(a, c):
    a[1:3] = np.median(c[:-1])
    return a


def test_a_median_is_stored_as_a_scalar():
    a = np.arange(5, dtype=np.int16)
    check(medians_as_items, (a, np.array([4, 2, 9], np.uint16)), same_bits)
    check(medians_as_items, (a, np.array([np.nan, 1.0])), same_bits)
    for c in (np.array([4], np.uint16), np.array([np.nan, 1.0])):
        for run in (medians_as_items, thalweg.program(medians_as_items)):
            with pytest.raises(ValueError, match="cannot convert float NaN to integer"):
                run(a, c)
