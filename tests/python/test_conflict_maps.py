"""Explicit maps whose iterations meet in elements: equal to NumPy, and the same bits on one thread and on two."""

import numpy as np
import pytest

import thalweg

RNG = np.random.default_rng(3)


@thalweg.program
def count(where, bins):
    for i in thalweg.map[0:where.shape[0]]:
        bins[where[i]] += 1


@thalweg.program
def row_sums(a, out):
    for i, j in thalweg.map[0:a.shape[0], 0:a.shape[1]]:
        out[a[i, j] % 7, j] += a[i, j]


@thalweg.program
def products(a, out):
    for i in thalweg.map[0:a.shape[0]]:
        out[0] *= a[i]


@thalweg.program
def weighted(where, weight, bins):
    for i in thalweg.map[0:where.shape[0]]:
        bins[where[i]] += weight[i]


@pytest.mark.parametrize("bins", [1, 10, 4000])
@pytest.mark.parametrize("length", [0, 1, 4095, 4096, 8192, 100_003])
def test_counts(length, bins):
    where = RNG.integers(0, bins, length)
    found = np.arange(bins)
    count(where, found)
    assert np.array_equal(found, np.arange(bins) + np.bincount(where, minlength=bins))


@pytest.mark.parametrize("dtype", [np.int16, np.int64])
def test_wrapping_sums_and_products(dtype):
    a = RNG.integers(0, 200, (700, 33)).astype(dtype)
    found, expected = np.zeros((7, 33), dtype), np.zeros((7, 33), dtype)
    row_sums(a, found)
    np.add.at(expected, (a % 7, np.broadcast_to(np.arange(33), a.shape)), a)
    assert np.array_equal(found, expected)
    odd = (2 * RNG.integers(0, 50, 50_000) + 1).astype(dtype)
    found = np.ones(1, dtype)
    products(odd, found)
    assert found[0] == np.multiply.reduce(odd, dtype=dtype)


def test_negative_and_wrong_indices():
    where = RNG.integers(-10, 10, 30_000)
    found = np.zeros(10, np.int64)
    count(where, found)
    assert np.array_equal(found, np.bincount(where % 10, minlength=10))
    where[20_000] = 10
    with pytest.raises(IndexError):
        count(where, found)


def test_whole_numbers_run_in_pieces_and_floats_in_order():
    count(np.zeros(3, np.int64), np.zeros(2, np.int64))
    text = count.builds[0].c_text
    assert "bins_part" in text and "parallel_for" in text
    where, weight = RNG.integers(0, 5, 20_000), RNG.random(20_000)
    found, expected = np.zeros(5), np.zeros(5)
    weighted(where, weight, found)
    np.add.at(expected, where, weight)
    assert found.tobytes() == expected.tobytes()  # the order of the map
    assert "bins_part" not in weighted.builds[0].c_text


def sums(a):
    total = np.int64(5)
    for i in range(a.shape[0]):
        total += a[i]
        total -= 3
    return total


def smallest(a):
    least = a[0]
    for i in range(1, a.shape[0]):
        if a[i] < least:
            least = a[i]
    return least


def largest(a):
    top = a[0]
    for i in range(1, a.shape[0]):
        top = max(top, a[i])
    return top


def how_many(a):
    count = 3
    for i in range(a.shape[0]):
        if a[i] > 0:
            count += 2
    return count


def any_seven(a):
    found = False
    for i in range(a.shape[0]):
        if a[i] == 7:
            found = True
    return found


def seen(a):
    marks = np.zeros(10, np.bool_)
    for i in range(a.shape[0]):
        marks[a[i] % 10] = True
    return marks


def bits(a):
    both = np.int64(0)
    for i in range(a.shape[0]):
        both = both ^ a[i]
    return both


@pytest.mark.parametrize("length", [1, 2, 8191, 8193, 100_003])
@pytest.mark.parametrize("function", [sums, smallest, largest, how_many, any_seven, seen, bits])
def test_loops_that_combine(function, length):
    program = thalweg.program(function)
    for a in (RNG.integers(-9, 9, length), RNG.integers(-2**62, 2**62, length)):
        with np.errstate(all="ignore"):
            expected = function(a)
        assert np.array_equal(program(a), expected)


@pytest.mark.parametrize("function", [sums, largest, how_many, any_seven, seen, bits])
def test_loops_that_combine_run_in_pieces(function):
    program = thalweg.program(function)
    program(np.zeros(3, np.int64))
    text = program.builds[0].c_text
    assert "_part" in text and "parallel_for" in text, text


def test_python_integers_overflow_as_in_order():
    def count(a, start):
        total = start
        for i in range(a.shape[0]):
            if a[i]:
                total += 1
        return total

    program = thalweg.program(count)
    a = np.ones(30_000, np.bool_)
    assert program(a, 2**63 - 30_001) == 2**63 - 1
    with pytest.raises(OverflowError):
        program(a, 2**63 - 30_000)
    assert program(np.zeros(5, np.bool_), 2**63 - 1) == 2**63 - 1
