"""Sorting of any rank and of complex numbers, orders by several keys, and arrays as sets, against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, Cases, compare, run, values, zeros_alike

cases = Cases()
SIZES = [(0,), (1,), (2, 3), (9,)] if LONG else [(0,), (9,)]
PAIRS = [((0,), (3,)), ((4,), (0,)), ((2, 3), (7,))] if LONG else [((2, 3), (7,))]
TWO_TYPES = (("i4", "f8"), ("f8", "f8"), ("u1", "i8"), ("?", "i1"), ("c16", "f4"), ("f4", "f8"))


def some(*types):
    """All of the types in long runs, the first alone in short ones: each takes a build of several sorts."""
    return types if LONG else types[:1]




def complex_zeros_alike(found, expected):
    return found.dtype == expected.dtype and np.array_equal(found, expected, equal_nan=found.dtype.kind in "fc")


@cases([(2, 3, 4), (2, 1, 3, 2)], types=some("i1", "f8", "?"), same=zeros_alike)
def sorted_blocks(a):
    return np.sort(a, axis=1), np.sort(a, axis=None)


@cases([(5,), (2, 3, 4)] if LONG else [(2, 3, 4)], types=("f8", "i8"))
def stable_orders(a):
    return np.sort(a, axis=0, kind="stable"), np.argsort(a, axis=-2 if a.ndim > 1 else 0, kind="stable")


@cases([(0,), (7,), (2, 3, 2)], types=some("c16", "c8"), same=complex_zeros_alike)
def sorted_complex_numbers(a):
    return np.sort(a), np.sort_complex(a)


@cases([(5,), (2, 3)], types=("f4", "i1", "?", "i4", "u2")[:5 if LONG else 2])
def sorted_as_complex_numbers(a):
    return np.sort_complex(a)


@cases([((7,), (7,)), ((2, 5), (2, 5)), ((3,), (4,))], types=some(("i1", "f8"), ("?", "c16")))
def orders_by_two_keys(a, b):
    return np.lexsort((a, b > 0)), np.lexsort([b], axis=0)


@cases([(2, 4), (3, 0)], types=some("i1", "f8"))
def orders_by_rows(a):
    return np.lexsort(a), np.lexsort((a[0], a[1]))


@cases(SIZES, types=some("c16", "i8", "f8", "?", "u1"), same=complex_zeros_alike)
def different(a):
    found, counts = np.unique(a, return_counts=True)
    all_found, all_counts = np.unique_counts(a)
    return np.unique(a), found, counts, all_found, all_counts


@cases(SIZES, types=some("f4", "i8", "f8", "?", "u1"))
def different_and_where(a):
    return np.unique(a, return_index=True, return_inverse=True, return_counts=True, equal_nan=False)


@cases(SIZES, types=some("i8", "c16", "f8"))
def different_and_where_first(a):
    found, first = np.unique(a, return_index=True)
    values, indices, inverse, counts = np.unique_all(a)
    return found, first, values, indices, inverse, counts


@cases(SIZES, types=some("?", "i8", "f8"), same=zeros_alike)
def different_and_back(a):
    found, inverse = np.unique(a, return_inverse=True)
    return found, inverse


@cases(PAIRS, types=some(*TWO_TYPES), same=complex_zeros_alike)
def set_operations(a, b):
    return np.intersect1d(a, b), np.union1d(a, b), np.setxor1d(a, b), np.setdiff1d(a, b)


@cases(PAIRS, types=some(("u1", "i8"), ("i4", "i4"), ("f8", "f8")))
def intersections_and_where(a, b):
    return np.intersect1d(a, b, return_indices=True)


@cases(PAIRS, types=some(*TWO_TYPES))
def members(a, b):
    return np.isin(a, b), np.isin(a, b, invert=True), np.isin(b, a, kind="sort")


@cases(PAIRS, types=some(("u1", "i8"), ("?", "i1"), ("i4", "i4")))
def members_by_table(a, b):
    return np.isin(a, b, kind="table")


@cases([(5, 1), (0, 3), (4, 3, 2)], types=("i8", "f8", "u1", "?", "c16"))
def different_rows(a):
    x, first, back, count = np.unique(a, True, True, True, axis=0)
    return x, first, back, count, np.unique(a, axis=-1), np.unique(a, return_counts=True, axis=1)


@thalweg.program
def few_rows(a):
    return np.unique(a, axis=0), np.unique(a, axis=1), *np.unique(a, return_index=True, return_inverse=True, axis=0)


def test_rows_that_come_again():
    random = np.random.default_rng(3)
    for dtype in ("i4", "f8", "?", "c8") if LONG else ("?", "c8"):
        for shape in ((9, 2), (7, 3, 2), (20, 1), (3, 0), (0, 2)) if LONG else ((9, 2), (3, 0)):
            compare(few_rows, (random.integers(0, 2, shape).astype(dtype),))
    compare(few_rows, (np.array([[np.nan, 1], [np.nan, 1], [0.0, 1], [-0.0, 1]]),), zeros_alike)


@cases.mark
def test_equals_numpy(case):
    run(case)


def test_sets_of_different_elements():
    @thalweg.program
    def of_different(a, b):
        common, one, other = np.intersect1d(a, b, assume_unique=True, return_indices=True)
        return (common, one, other, np.intersect1d(a, b, assume_unique=True), np.setdiff1d(a, b, assume_unique=True),
                np.setxor1d(a, b, assume_unique=True), np.isin(a, b, assume_unique=True))

    compare(of_different, (np.array([5, 3, 1, 7]), np.array([7, 2, 5])))
    compare(of_different, (np.array([[5.5, 3], [1, 7]]), np.array([], dtype=int)))


def test_order_of_nans_among_complex_numbers():
    @thalweg.program
    def order(a):
        return np.argsort(a, kind="stable")

    parts = [0.0, -1.0, np.nan, np.inf, -0.0, 1.0]
    compare(order, (np.array([complex(x, y) for x in parts for y in parts]),))


@pytest.mark.parametrize("kind", ("f8", "i8", "u1") if LONG else ("f8", "i8"))
@pytest.mark.parametrize("size", (2, 17, 1000))
def test_longer_lines(kind, size):
    numbers = values((size,), kind, kind == "f8")
    ordered, order = longer(numbers)
    expected, expected_order = longer.f(numbers)
    assert np.array_equal(ordered, expected, equal_nan=kind == "f8") and np.array_equal(order, expected_order)


@thalweg.program
def longer(a):
    return np.sort(a, kind="stable"), np.argsort(a, kind="stable")


@thalweg.program
def sought(a, v, sorter):
    return np.searchsorted(a, v, sorter=sorter), np.searchsorted(a, v, "right", sorter)


def test_search_through_an_order():
    numbers = values((9,), "f8", True)
    order = np.argsort(numbers, kind="stable")
    compare(sought, (numbers, values((2, 3), "f8", True, 1), order))
    compare(sought, (numbers, numbers[0], order.astype("i4")))
    compare(sought, (numbers, numbers, order[:4]))
    compare(sought, (numbers, numbers, order + 9))


def test_search_of_complex_numbers():
    @thalweg.program
    def places(a, v):
        return np.searchsorted(a, v), np.searchsorted(a, v, side="right")

    numbers = values((9,), "c16", True)
    compare(places, (np.sort(numbers), numbers))
    compare(places, (np.sort(numbers), numbers.real.copy()))


def test_bins_with_nans():
    @thalweg.program
    def bins_of(x, bins):
        return np.digitize(x, bins)

    for bins in ([1, 2, np.nan], [np.nan, 1, 2], [1, np.nan, 2], [2, 2, 1], [np.nan], [], [1, 2, 1]):
        compare(bins_of, (np.array([0.5, 1.0, np.nan, 2.5]), np.array(bins, float)))


def test_table_of_too_wide_a_range():
    @thalweg.program
    def by_table(a, b):
        return np.isin(a, b, kind="table")

    compare(by_table, (np.array([1], np.int8), np.array([-100, 20], np.int8)))
    with pytest.raises(ValueError, match="RuntimeError"):
        by_table(np.array([1], np.int8), np.array([-100, 100], np.int8))


def test_several_nans():
    @thalweg.program
    def back(a):
        return tuple(np.unique_inverse(a))

    compare(back, (np.array([2.0, np.nan, 1.0, 2.0]),))
    with pytest.raises(thalweg.UnsupportedError, match="not supported"):
        back(np.array([np.nan, np.nan]))


def test_refusals():
    @thalweg.program
    def of_two_kinds(a):
        return np.sort(a, kind="stable", stable=True)

    @thalweg.program
    def of_hashes(a):
        return np.unique_values(a)

    @thalweg.program
    def table(a):
        return np.isin(a * 0.5, a, kind="table")

    @thalweg.program
    def mixed(a):
        return np.isin(a, a.astype(np.uint64))

    for program in (of_two_kinds, of_hashes, table, mixed):
        with pytest.raises(NotImplementedError) as caught:
            program(values((3, 2), "i8"))
        assert caught.value.code == "TW1085" and "thalweg/definitions" not in str(caught.value)
