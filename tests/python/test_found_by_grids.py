"""Operators and functions on scalars and small arrays of all kinds: what grids of them once found to differ from NumPy."""

import itertools

import numpy as np
import pytest

import thalweg
from support import check, function_from
from tolerance import same_bits


def orders(a, b):
    return a < b, a <= b, a > b, a >= b


def test_the_order_of_complex_scalars():
    nan, inf = np.nan, np.inf
    numbers = [complex(3, nan), complex(nan, 3), complex(3, 1), complex(3, 2), complex(-inf, nan)]
    scalars = [kind(z) for kind in (np.complex128, np.complex64) for z in numbers]
    others = [3, True, 2.5, np.float32(3), np.float64(nan), np.int8(3), np.bool_(1), np.uint64(3), np.array(3 + 1j)]
    program = thalweg.program(orders)
    for x in scalars:
        for y in scalars + numbers + others:
            for pair in ((x, y), (y, x)):
                assert repr(program(*pair)) == repr(orders(*pair)), pair
    for y in numbers:
        for x in (np.float64(3), np.float32(3), np.int64(3), np.bool_(1)):
            for pair in ((x, y), (y, x)):
                assert repr(program(*pair)) == repr(orders(*pair)), pair


def clipped_by_floats_and_an_int(n, low, high):
    return np.clip(n, low, high)


def test_an_int_beyond_the_type_clips_nothing():
    low = np.array([np.inf, -np.inf, 3.5, np.nan])
    for n in (18, np.int64(18), np.arange(4), np.arange(4, dtype=np.int8)):
        for high in (2**63 - 1, 127, 126, 5, 2**40):
            check(clipped_by_floats_and_an_int, (n, low, high), same_bits)
            check(clipped_by_floats_and_an_int, (n, -high - 1, low), same_bits)


def through_a_mask(b, a, v):
    taken = b[a]
    b[a] = v
    b[a] += 1
    return taken, b


def test_a_mask_without_elements_chooses_nothing():
    for extents, of_mask in (((1,), (0,)), ((3,), (0,)), ((2, 3), (0, 3)), ((2, 3), (2, 0)), ((2, 3), (0,)), ((0,), (0,))):
        check(through_a_mask, (np.zeros(extents), np.ones(of_mask, bool), 2), same_bits)
    program = thalweg.program(through_a_mask)
    for extents, of_mask in (((1,), (2,)), ((3,), (1,)), ((2, 3), (0, 5))):
        with pytest.raises(IndexError):
            program(np.zeros(extents), np.ones(of_mask, bool), 2)


def square_of_an_element(a):
    return np.square(a[0])


def test_the_square_of_a_complex_scalar_is_not_fused():
    program = thalweg.program(square_of_an_element)
    for z in np.random.default_rng(5).normal(size=(50, 2)) @ [1, 1j]:
        assert program(np.array([z])) == z * z


def multiplied_in_empty_rows(b, i):
    np.multiply.at(b, i, 2)
    return b


def test_places_of_empty_rows_are_in_bounds():
    check(multiplied_in_empty_rows, (np.zeros((2, 0), complex), np.array([0, 1, 0])), same_bits)
    with pytest.raises(IndexError):
        thalweg.program(multiplied_in_empty_rows)(np.zeros((0, 0), complex), np.array([0]))


def updated_without_dimensions(a, q):
    a ^= q
    a += ~q - np.less_equal(8, q)
    return a


def test_an_array_without_dimensions_is_updated_as_a_ufunc_does():
    for q in (np.int64(-2**63), np.int64(300), np.int64(-1)):
        check(updated_without_dimensions, (np.array(-128, np.int8), q), same_bits)
        check(updated_without_dimensions, (np.array([5], np.int8), q), same_bits)


def asked_for_its_truth(a):
    return (1 if a > 1 else 2), not a, (a > 0) and (a < 3), bool(a)


def test_the_truth_of_arrays_of_one_element():
    for shape in ((1,), (1, 1), ()):
        for value in (0.0, 2.0):
            a = np.full(shape, value)
            found, expected = thalweg.program(asked_for_its_truth)(a), asked_for_its_truth(a)
            assert [np.asarray(x).tolist() for x in found] == [np.asarray(x).tolist() for x in expected]
    for shape in ((0,), (2,)):
        with pytest.raises(ValueError):
            thalweg.program(asked_for_its_truth)(np.ones(shape))


def to_the_power(x, y):
    return x**y


def test_zero_has_no_complex_powers():
    for x in (False, 0, 0.0, 2):
        for y in (1 + 2j, -1 + 0j, 0j, 2 + 0j):
            check(to_the_power, (x, y), same_bits)


def multiple_of(a, s):
    return np.dot(a, s), np.dot(s, a)


def test_dot_with_a_number_is_what_blas_adds():
    for a in (np.array([np.inf, -0.0, 1.5, np.nan]), np.array([np.inf]), np.ones((2, 3)), np.array([np.inf, 2], np.float32),
              np.array([3, 4])):
        for s in (0.0, -0.0, -2.0, np.float64(0), 3):
            check(multiple_of, (a, s), same_bits)


def dot_of(a, b):
    return np.dot(a, b), a.dot(b), np.inner(a, b.T), np.tensordot(a, b, 1), a @ b


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128, np.int64])
def test_dot_with_one_element_is_of_its_number(dtype):
    column = np.array([[3, -0.0, 1, np.inf, np.nan]] if dtype != np.int64 else [[3, 0, 1]]).T.astype(dtype)
    column[2] *= dtype(1.25 + 0.5j) if dtype in (np.complex64, np.complex128) else dtype(1)
    matrix = np.abs(column[:3]) if dtype in (np.complex64, np.complex128) else column  # of zgemm not every zero's sign
    for x in (0, -0.0, 1, -2, np.inf) if dtype != np.int64 else (0, -2):
        one = np.full((1, 1), x, dtype)
        for a, b in ((column, one), (column, one[0]), (one, column.T), (one[0], column.T), (one, one), (one[0], one),
                     (one, one[0]), (one[0], one[0]), (column[1:1], one), (one, column[:0].T), (matrix, matrix.T),
                     (column[:2].T, column[:2])):
            check(dot_of, (a, b), same_bits)


def dot_of_itself(a):
    return np.dot(a, a), np.vdot(a, a), np.dot(a[:1], a[:1])


def test_vdot_of_one_element_is_a_sum():
    for a in (np.array([-0.0]), np.array([0.0, -1.0])):
        check(dot_of_itself, (a,), same_bits)
        check(dot_of, (a[:1], -a[:1]), same_bits)


def integers_of_python(x, n):
    return np.gcd(x, n), np.ldexp(1.5, n)


def test_ints_beyond_the_type_are_overflow_errors():
    program = thalweg.program(integers_of_python)
    check(integers_of_python, (np.int8(6), 4), same_bits)
    for n in (2**40, -2**40):
        with pytest.raises(OverflowError):
            program(np.int8(6), n)


def close_or_power(x, y):
    return np.isclose(x, y), np.float_power(x, 1)


def test_python_s_floats_are_weak_in_isclose():
    check(close_or_power, (np.array([1 + 2j, complex(np.inf, 1)], np.complex64), 1e300), same_bits)


def known_unsigned(a, k):
    return ~np.uint64(4), a * ~np.uint64(4), ~(np.uint64(3) if k else np.uint64(4)), a - (np.uint64(7) ^ ~np.uint64(1)), ~np.uint32(4)


@pytest.mark.parametrize("k", [0, 1])
def test_known_numbers_of_uint64_have_64_bits(k):
    check(known_unsigned, (np.array([1.0, 0.5]), k), same_bits)


def squares(a, b):
    total = np.float64(0)
    for i in range(a.shape[0]):
        if i < 500:   # what follows is not finite
            total += a[i] ** 2
        b[i] = a[i] ** 2.0
    return total, b, a[0] ** np.float64(2), a[1] ** np.float32(2)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_squares_of_numpy_scalars_are_within_an_ulp(dtype):
    rng = np.random.default_rng(3)
    a = np.concatenate((rng.normal(size=500), [np.inf, -np.inf, -0.0, np.nan, 1e30, -1e-30])).astype(dtype)
    found, expected = thalweg.program(squares)(a, np.zeros_like(a)), squares(a, np.zeros_like(a))
    for f, e in zip(found, expected):
        assert np.asarray(f).dtype == np.asarray(e).dtype
        # NumPy's power of a scalar is libm's, which may round the other way in the elements' type
        if np.ndim(e):
            np.testing.assert_array_max_ulp(f, e, 1)
        else:
            assert np.isfinite(e) and abs(f - e) <= np.finfo(dtype).eps * e


def chosen(x, z, w, k):
    v = np.where(k, z, w)
    return x < v, v > x, v <= 3, 1 < np.where(k, z, w), v == x, v * z, v * v, v ** 2, v ** 0.5, 2 * v, v / w


def test_what_np_where_makes_of_scalars_is_computed_with_as_an_array():
    nan, inf = np.nan, np.inf
    numbers = [complex(4.9, nan), complex(nan, 1), 0.1 + 0.7j, complex(inf, nan), np.complex128(0.3 + 0.9j),
               np.complex64(2 - 1j), np.float64(.37), 0.37]
    program = thalweg.program(chosen)
    for x in (1, 2.5, np.float64(0.5), np.int8(3), True, np.complex128(5 - 1j)):
        for z in numbers:
            for w in numbers:
                with np.errstate(all="ignore"):
                    for found, expected in zip(program(x, z, w, 1), chosen(x, z, w, 1)):
                        assert same_bits(found, expected), (x, z, w)


def clipped_by_another_type(x, low, n):
    for _ in range(3):
        high = n
        if high == 77:
            high = high + 1
    return np.clip(x, low, n), np.clip(x, n, low), np.clip(x, low, high), np.clip(x, high, low)


def test_an_int_beyond_the_type_clips_nothing_beside_a_wider_bound():
    program = thalweg.program(clipped_by_another_type, strict=True)
    bounds = [np.array([0, 2**31, 5, 2**32 - 1], np.uint32), np.arange(4) * 2**33 - 5, np.int64(2**40), np.float32(2.5)]
    for x in (np.array([-5, 0, 100, 127], np.int8), np.array([-2**31, -1, 5, 2**31 - 1], np.int32)):
        for low in bounds:
            for n in (7, 127, 2**31, -129, 2**63 - 1, -2**63):
                check(program, (x, low, n), same_bits)


def stored_by_where(a, p):
    a[1:] = np.where(True, p, p)
    a.flat[0] = p > 5
    return a


def test_an_array_without_dimensions_is_cast_and_not_asked():
    for p in (np.uint16(300), np.int64(2**40), np.float64(2.5)):
        check(stored_by_where, (np.arange(4, dtype=np.int8), p), same_bits)


def complex_products_in_place(a, b, k):
    a *= b
    b[k:] *= 1.5 - 0.25j
    b[:1] *= a[:1]
    b[k:] *= b[k:]
    return a, b


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_complex_products_of_one_element_in_place_are_not_fused(dtype):
    rng = np.random.default_rng(8)
    for extents in ((1,), (3,), (1, 1), (1, 3), (2, 1)):
        for _ in range(12):
            a, b = (np.array(rng.normal(size=extents) + 1j * rng.normal(size=extents), dtype) for _ in range(2))
            for k in (0, extents[0] - 1, extents[0]):
                check(complex_products_in_place, (a, b, k), same_bits)
            check(complex_products_in_place, (a, b[:1], 0), same_bits)


def complex_products(x, y):
    return x * y, np.multiply(y, x), (x + 1) * (y * x), x**2 * -y, np.outer(x, y), np.multiply.outer(y, x)


def complex_product_with_a_scalar(x, y):
    return x[0] * y, y * x[0]


@pytest.mark.parametrize("shapes", itertools.product([(1,), (1, 1), (1, 1, 1), (2,), (1, 2), (0,)], repeat=2), ids=str)
def test_complex_products_of_one_element_are_fused_as_numpys_loops_do(shapes):
    """NumPy's iterator (other numbers of dimensions, casts of two dimensions) has its step 0 there: not fused."""
    rng = np.random.default_rng(9)
    for types in itertools.product([np.complex64, np.complex128, np.float32], [np.complex64, np.complex128, np.int8]):
        for _ in range(6):
            x, y = ((rng.normal(size=s) * (8 + 3j)).astype(t) if np.dtype(t).kind == "c" else
                    (rng.normal(size=s) * 9).astype(t) for s, t in zip(shapes, types))
            x, y = (z + (1j * rng.normal(size=z.shape)).astype(z.dtype) if z.dtype.kind == "c" else z for z in (x, y))
            check(complex_products, (x, y), same_bits)
            if x.shape == (1,):
                check(complex_product_with_a_scalar, (x, y), same_bits)


def padded(a, n):
    return np.pad(a, 1, constant_values=300), np.pad(a, 1, constant_values=(1, n)), np.broadcast_shapes(np.int64(n), 1)


def test_numbers_that_become_arrays_before_they_are_stored():
    for dtype in (np.uint8, np.uint16, np.float32):
        check(padded, (np.arange(3, dtype=dtype), 260), same_bits)


@pytest.mark.parametrize("call", ["np.take(a, 1.5)", "np.take(a, [0.0, 1.0])", "np.put(a, 1.5, 2)", "np.roll(a, 1.0)",
                                  "np.array_split(a, 2.0)", "np.diff(3, 0)"])
def test_what_numpy_cuts_to_an_integer_is_refused(call):
    text = f"import numpy as np\n\ndef f(a):\n    return {call}\n"
    with pytest.raises(thalweg.UnsupportedError, match="-->"):
        thalweg.program(function_from(text, f"<{call}>"), strict=True)(np.arange(4.0))
