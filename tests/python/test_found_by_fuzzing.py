"""Small programs that random ones were cut down to: each once gave another result than NumPy, or stopped the compiler."""

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


def masked_by_array(a, b):
    a[a > 0] *= b
    return a


def masked_by_expression(a, b):
    a[a > 0] *= b > 0.5
    return a


def test_an_array_through_a_mask():
    """The values are those of the true places, in order: as many of them, or one."""
    for function, b in ((masked_by_array, np.array([2.0, 3.0])), (masked_by_array, np.ones(1)),
                        (masked_by_expression, np.arange(2.0))):
        mine, theirs = np.array([1.0, -1.0, 4.0]), np.array([1.0, -1.0, 4.0])
        assert np.array_equal(thalweg.program(function)(mine, b), function(theirs, b))
        assert np.array_equal(mine, theirs)
    with pytest.raises(ValueError):
        thalweg.program(masked_by_array)(np.ones(3), np.ones(2))


def test_a_loop_that_never_runs_leaves_no_symbol_behind():
    def f(a, b):
        for k in range(b.shape[0] * 0):
            a[b[k]] = a[b[k] + 1]
        return a

    assert np.array_equal(thalweg.program(f)(np.ones(4), np.arange(3)), np.ones(4))


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


def test_an_array_of_a_branch_that_is_never_taken():
    """Its size is known only there; the name may mean it in the frontend's eyes."""
    def f(a, b, c):
        if 0.5 < -(-1.5):
            b[...] += 1
        else:
            c = np.fmax(np.where(a, c, 1.0), b)
        return c, b + 1

    a, b, c = np.ones(4) > 0, np.ones((8, 4)), np.zeros((8, 4))
    for mine, theirs in zip(thalweg.program(f)(a, b.copy(), c), f(a, b.copy(), c), strict=True):
        np.testing.assert_array_equal(mine, theirs)



def test_a_continue_in_a_loop_that_carries_another_layout():
    """What is assigned on the way to the continue (the strides of the next turn) was lost."""
    def f(b):
        m = b.shape[1]
        for i in range(len(b)):
            b = np.abs(b)
            if m <= 3:
                continue
            b = b + 0.5
        return b

    for shape in (3, 3), (2, 3), (3, 2), (4, 5):
        b = np.asfortranarray(np.random.default_rng(0).normal(size=shape))
        np.testing.assert_array_equal(thalweg.program(f)(b), f(b))


def test_an_array_of_one_element_into_an_element_of_a_branch():
    """NumPy stores it into a bool, and before 2.4 into any number: a raise there would be another program."""
    def f(a, b):
        if b[0] > 0:
            a[0] = b > 1
        return a

    with pytest.raises(thalweg.CompileError, match="sequence"):
        thalweg.program(f)(np.zeros(3, bool), np.ones(1))


def test_a_symbol_of_what_is_never_reached():
    def f(a):
        v = a.reshape(-1)
        for i in (1, 2):
            if np.float32(-2.5) < 4.54:
                continue
            a[a >= -2] = np.floor_divide(3.59 * v, 7)
        return v

    np.testing.assert_array_equal(thalweg.program(f)(np.arange(4)), np.arange(4))


def test_an_index_is_checked_where_no_element_asks_for_it():
    """The indexed array has one element, the result none: broadcast, the index would never be looked at."""
    def f(a, b):
        return b - b[a]

    p = thalweg.program(f)
    np.testing.assert_array_equal(p(np.array([1]), np.arange(3)), np.arange(3) - 1)
    with pytest.raises(IndexError):
        p(np.array([8]), np.zeros(0))


def test_a_masked_update_casts_as_a_ufunc_does():
    """a[mask] op= a number is the ufunc in place on a[mask]: int64 *= float64 is no cast that NumPy makes."""
    def f(a):
        a[a < 3] *= 2.5
        return a

    def g(a):
        a[a < 3] += 2
        return a

    with pytest.raises(TypeError, match="same_kind"):
        thalweg.program(f)(np.arange(5))
    np.testing.assert_array_equal(thalweg.program(f)(np.arange(5.0)), f(np.arange(5.0)))
    np.testing.assert_array_equal(thalweg.program(g)(np.arange(5)), g(np.arange(5)))


def test_the_type_of_a_chained_comparison_that_is_known():
    def f(a):
        return -0.59 >= 3.82 == a[0], 1.5 < 2.5 < a[0], 1.5 < 2.5 < 3.5

    for a in (np.arange(3.0), np.arange(3.0) + 7):
        for mine, theirs in zip(thalweg.program(f)(a), f(a), strict=True):
            assert mine == theirs and type(mine) is type(theirs)


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


def test_operands_of_logical_functions_are_all_evaluated():
    """np.logical_and is a function: its second operand raises though the first one is false."""
    def f(a):
        m = a.shape[0]
        return np.logical_and(np.int64(m), m % m)

    def g(a):
        m = a.shape[0]
        return np.where(m > 2, 1, 5 // m)

    for function in (f, g):
        program = thalweg.program(function)
        assert program(np.zeros(3)) == function(np.zeros(3))
        for run in (program, program.interpret):
            with pytest.raises(ZeroDivisionError):
                run(np.zeros(0))


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


def test_a_later_part_of_a_chain_is_not_asked_in_vain():
    def f(a, p):
        return p == -0.5 < a[0]

    with pytest.raises(thalweg.UnsupportedError) as caught:
        thalweg.program(f)(np.zeros(0), 1.0)
    assert caught.value.code == "TW1020"


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


def imaginary_parts(a):
    return np.imag(a)


def test_what_cannot_be_written_stays_so_behind_a_loop():
    def f(a, b):
        for _ in range(3):
            b = np.maximum(a, 2).imag
        b[:] = 5
        return b

    with pytest.raises(ValueError, match="read-only"):
        f(np.arange(3), np.arange(3))
    with pytest.raises(thalweg.UnsupportedError, match="TW1095"):
        thalweg.program(f, strict=True)(np.arange(3), np.arange(3))
    with pytest.raises(ValueError, match="read-only"), pytest.warns(thalweg.Notice):
        thalweg.program(f, strict=False)(np.arange(3), np.arange(3))
    assert not thalweg.program(imaginary_parts)(np.arange(3)).flags.writeable


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1), (1, 3, 1), (2, 1, 3)])
def test_positions_along_an_axis_beside_ones_of_one_element(shape):
    def f(a):
        return [np.argmin(a + 1, axis) for axis in range(a.ndim)], np.argmax(a[None] * 2, axis=-1), (a[None] + 1).argmin(-2)

    a = np.random.default_rng(3).random(shape)
    program = thalweg.program(f)
    for run in (program, program.interpret):
        found, expected = run(a), f(a)
        for mine, theirs in zip([*found[0], *found[1:]], [*expected[0], *expected[1:]], strict=True):
            np.testing.assert_array_equal(mine, theirs)


def shortened_where_long(a, b):
    if len(a) > 3:
        c = a[:-4] * 2
        b += 1
        a[:len(c)] = c
    for i in range(len(b) - 2):
        d = b[i:-2] + 1
        b[i] = d.sum()
    return a, b


def test_sizes_of_what_is_made_in_a_branch_say_nothing_outside():
    for n in range(9):
        check(shortened_where_long, (np.arange(float(n)), np.arange(2 * n)), same_bits)


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


def unused_item_raises(a, p):
    return [a, np.uint32(2) + p][0]


def unused_item_looks(a, p):
    return [np.where(a[np.array([0, p])], 1, a[0]), a][1]


def unused_value_looks(a, p):
    return {"x": a[np.array([0, p])] + 1, "y": a}["y"]


def length_of_what_raises(a, p):
    return len([a, 1 // (p + 3)])


def class_of_what_raises(a, p):
    return isinstance(1 // (p + 3), int)


def type_of_what_raises(a, p):
    return (np.uint32(2) + p).dtype == np.uint32


@pytest.mark.parametrize("function", [unused_item_raises, unused_item_looks, unused_value_looks, length_of_what_raises,
                                      class_of_what_raises, type_of_what_raises])
def test_what_is_not_used_raises_all_the_same(function):
    program = thalweg.program(function)
    for p in (5, -3):
        try:
            expected = function(np.arange(3.0), p)
        except (ArithmeticError, IndexError) as error:
            with pytest.raises(type(error)):
                program(np.arange(3.0), p)
        else:
            assert np.array_equal(program(np.arange(3.0), p), expected)


def known_break(a, b):
    k = b.shape[0]
    for i in range(len(b)):
        a = b + 1
    for i in range(len(b)):
        a[0] = 1
        if (0 > k) != 2.19:
            break
        a[-1:1:3, 0] -= 1
    return a


def test_what_follows_a_break_that_is_always_taken():
    b = np.arange(9.0).reshape(3, 3)
    assert np.array_equal(thalweg.program(known_break)(b.copy(), b), known_break(b.copy(), b))


def rows_of_the_rest(a):
    return a.reshape(len(a), -1)


def test_unknown_extent_beside_none():
    program = thalweg.program(rows_of_the_rest)
    assert program(np.ones(3)).shape == (3, 1)
    with pytest.raises(ValueError, match="cannot reshape"):
        program(np.ones(0))


def clipped_places(a):
    return np.take(a, [7, -9], axis=1, mode="clip")


def test_places_where_nothing_is_taken():
    assert thalweg.program(clipped_places)(np.zeros((0, 0, 2))).shape == (0, 2, 2)
    with pytest.raises(IndexError):
        thalweg.program(clipped_places)(np.zeros((1, 0, 2)))


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


def parts_of_taken(a, i):
    return (-a[i]).imag


def zeros_like_taken(a, i):
    return np.zeros_like(a[i])


def shape_of_taken(a, i):
    return a[i].shape


def length_of_taken(a, i):
    return len(a[i])


def size_of_taken(a, i):
    return np.size(a[i] * 2)


def type_of_taken(a, i):
    return (a[i] + 1).dtype == a.dtype


@pytest.mark.parametrize("function", [parts_of_taken, zeros_like_taken, shape_of_taken, length_of_taken, size_of_taken,
                                      type_of_taken])
def test_elements_that_are_not_used_are_in_bounds(function):
    program, a = thalweg.program(function), np.arange(3.0)
    assert repr(program(a, np.array([0, 2]))) == repr(function(a, np.array([0, 2])))
    with pytest.raises(IndexError):
        program(a, np.array([0, 7]))


def order_by_a_condition_first(a):
    return np.lexsort((a, a > 0))


def test_exchanged_memory_is_taken_after_the_exchange():
    a = np.array([-1.62, -0.415, 3, 2, -5, 0])
    assert np.array_equal(thalweg.program(order_by_a_condition_first)(a), order_by_a_condition_first(a))


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


def row_that_may_not_be_there(a):
    a[-3, :] = np.zeros((a.shape[1],), dtype=np.float32)
    np.multiply.at(a, np.arange(len(a)), a[-1] * 2)
    return a


def test_nothing_is_written_before_the_check():
    memory = np.ones((9, 4), np.float32)
    program = thalweg.program(row_that_may_not_be_there)
    with pytest.raises(IndexError):
        program(memory[8:])
    assert np.all(memory == 1)
    a = np.ones((3, 4), np.float32)
    assert np.array_equal(program(a.copy()), row_that_may_not_be_there(a))


def number_behind_an_array(v):
    return np.hstack((v, 4.5)), np.hstack((1, v)), np.hstack((2, 3)), np.vstack((1, 2))


def test_joining_numbers():
    program = thalweg.program(number_behind_an_array)
    for n in (0, 1, 3):
        for found, expected in zip(program(np.ones(n)), number_behind_an_array(np.ones(n))):
            assert found.dtype == expected.dtype and np.array_equal(found, expected)


def stored_through_unsigned(a, places):
    a[places] = 7
    return a


@pytest.mark.parametrize("places", [[2**64 - 1, 1], [2**64 - 1], [2**63], [5], []])
def test_unsigned_indices_wrap(places):
    check(stored_through_unsigned, (np.arange(3.0), np.array(places, np.uint64)), same_bits)


def taken_beside_nothing(a):
    return np.take(a, 2, axis=1), np.take(a, [-1, 5], axis=1)


def test_places_are_not_looked_at_where_no_line_is():
    for shape in ((0, 0), (0, 3), (0, 2, 0), (2, 6)):
        check(taken_beside_nothing, (np.ones(shape),), same_bits)
    with pytest.raises(IndexError):
        thalweg.program(taken_beside_nothing)(np.ones((2, 0)))


def later_part(k):
    return k == 2 < 1j


def right_side(k):
    return k == 2 and (2 < 1j)


def one_of_two(k):
    return 2 < 1j if k == 2 else False


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", [later_part, right_side, one_of_two])
def test_an_operand_that_raises_raises_where_it_is_asked(function):
    with pytest.raises(thalweg.UnsupportedError) as caught:
        thalweg.program(function, strict=True)(3)
    assert caught.value.code == "TW1020"
    with pytest.warns(thalweg.Notice):
        assert thalweg.program(function, strict=False)(3) is False
    with pytest.raises(TypeError, match="not supported between instances of"):
        thalweg.program(function, strict=False)(2)


def turned_through_a_mask(a):
    a[a != 6] = a[::-1]
    return a


def cleared_by_itself_turned(a):
    b = a > 2
    b[b[::-1]] = False
    return b


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", [turned_through_a_mask, cleared_by_itself_turned])
def test_a_store_through_a_mask_reads_while_it_writes(function):
    a = np.array([21, -4, 1, -9, -4])
    with pytest.raises(thalweg.UnsupportedError) as caught:
        thalweg.program(function, strict=True)(a.copy())
    assert caught.value.code == "TW1107"
    assert np.array_equal(thalweg.program(function, strict=False)(a.copy()), function(a.copy()))


def halves_through_a_mask(a):
    a[:3][a[:3] > 0] = a[3:]
    return a


def test_a_store_through_a_mask_of_another_part():
    check(halves_through_a_mask, (np.arange(1.0, 7.0),), same_bits)


def mask_of_unknown_size(a, b):
    chosen = b > 0
    found = a[chosen[b != 2]]
    a[chosen[b != 2]] = 7
    return found, a


def test_a_mask_whose_size_is_known_when_it_runs():
    for b in ([2, 2, 2], [1, 2, -1, 3], [1, 0, 3], []):
        check(mask_of_unknown_size, (np.arange(3.0), np.array(b, np.int64)), same_bits)
    with pytest.raises(IndexError):
        thalweg.program(mask_of_unknown_size)(np.arange(3.0), np.array([1, 2]))
