"""Sorting, searching, counting and histograms against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import FLOATS, LINES, LONG, PLANES, REALS, Cases, compare, run, values, within, zeros_alike

cases = Cases()


@cases(types=REALS + ("?",), same=zeros_alike)
def ordered(a):
    return np.sort(a), np.sort(a, axis=0), np.sort(a, axis=None), np.sort(a, kind="stable")


@cases(LINES + PLANES, types=REALS + ("?",))
def order(a):
    return np.argsort(a, kind="stable"), np.argsort(a, axis=0, stable=True), np.argsort(a, axis=None, kind="stable")


@cases(LINES + PLANES, types=("f8", "i1", "?", "u8", "c16"))
def counted(a):
    return np.count_nonzero(a), np.count_nonzero(a, axis=0), np.count_nonzero(a, axis=-1, keepdims=True)


@cases(LINES + PLANES + [(2, 3, 4)], types=("f8", "i1", "?", "c16"))
def places(a):
    return np.flatnonzero(a), np.argwhere(a)


@cases([(4,), (2, 3), (2, 3, 4)])
def places_by_axis(a):
    return np.nonzero(a)


@cases([(0,), (1,), (2,), (50,), (5, 7)], types=("f8",))
def histograms(a):
    counts, edges = np.histogram(a)
    few, few_edges = np.histogram(a, 3, density=True)
    inside, inside_edges = np.histogram(a, bins=5, range=(-1, 2))
    return counts, edges, few, few_edges, inside, inside_edges


@cases([(0,), (1,), (50,), (5, 7)], types=("i8", "u1", "i4", "u8"))
def histograms_of_integers(a):
    counts, edges = np.histogram(a)
    few, few_edges = np.histogram(a, 3, density=True)
    inside, inside_edges = np.histogram(a, bins=5, range=(-1, 2.5))
    return counts, edges, few, few_edges, inside, inside_edges


@cases([((5, 7), (5, 7)), ((0,), (0,))], types=(("f8", "i4"), ("i4", "f4"), ("i1", "u1")), same=within(100))
def weighed_histograms(a, w):
    sums, edges = np.histogram(a, 4, weights=w)
    parts, part_edges = np.histogram(a, [-3, 0, 0.5, 4], weights=w)
    shares, share_edges = np.histogram(a, np.array([-3, 0, 1]), density=True, weights=np.abs(w) + np.float64(1))
    return sums, edges, parts, part_edges, shares, share_edges


@cases([(50,), (5, 7)], types=("f8", "i8"))
def edges_alone(a):
    return (np.histogram_bin_edges(a), np.histogram_bin_edges(a, 4, (0, 3)), np.histogram_bin_edges(a, (0, 1, 4)),
            np.count_nonzero(a, axis=(0,), keepdims=True))


def of_edges(a, edges):
    counts, same_edges = np.histogram(a, edges)
    return counts, same_edges, np.histogram(a, bins=edges, density=True)[0]


def searched(a, v):
    return np.searchsorted(a, v), np.searchsorted(a, v, side="right")


def digits(a, v):
    return np.digitize(v, a), np.digitize(v, a, right=True), np.digitize(v, a[::-1])


def bins(a):
    return np.bincount(a), np.bincount(a, minlength=5)


def weighted_bins(a, w):
    return np.bincount(a, w), np.bincount(a, weights=w, minlength=2)


@cases([(0,), (1,), (9,), (2, 3)], types=("f8", "i1", "?", "f4"), same=zeros_alike)
def different(a):
    return np.unique(a)


def interpolated(x, points, of):
    return np.interp(x, points, of), np.interp(x, points, of, left=-1, right=5.5)


@pytest.mark.parametrize("size", (0, 1, 2, 9))
def test_interpolation(size):
    points = np.sort(values((size,), "f8"))
    for special in (False, True):
        x = values((20,), "f8", special, 1)
        x[:size] = points
        for places in (x, x[:6].reshape(2, 3), x[1], 2):
            compare(thalweg.program(interpolated), (places, points, values((size,), "f8", special, 2)))


@thalweg.program
def plain_order(a):
    return (np.argsort(a), np.argsort(a, axis=0), a.argsort(axis=None), np.argsort(a, kind="heapsort"),
            np.argsort(a, -1, "quicksort"))


def test_order_without_a_kind():
    random = np.random.default_rng(5)
    for shape in ((0,), (1,), (100,), (7, 30), (4, 3, 5)):
        for dtype in ("f8", "i4"):
            compare(plain_order, (random.permutation(int(np.prod(shape))).reshape(shape).astype(dtype),))
    a = random.integers(0, 3, (5, 200))  # equal elements keep their order, which NumPy leaves open
    for found, axis in zip(plain_order(a), (-1, 0, None, -1, -1)):
        assert np.array_equal(found, np.argsort(a, axis=axis, kind="stable"))


@thalweg.program
def by_lists(a):
    return np.lexsort(([9, 4, 0, 4, 0, 2, 1], a)), np.lexsort([a, (1, 5, 1, 4, 3, 4, 4)])


def test_keys_in_lists():
    compare(by_lists, (np.array([3, 1, 1, 2, 3, 1, 2]),))


@thalweg.program
def of_python(a):
    return min(a), max(a), min(a * 2) * max(np.abs(a))


def test_least_and_largest_by_python():
    for a in ([1.0, 2, -3], [np.nan, 1, 2], [1, np.nan, 0.5], [0.0, -0.0], [-0.0, 0.0], [4.0], []):
        compare(of_python, (np.array(a),))
    compare(of_python, (np.array([3, -7, 7], np.int16),))


@cases.mark
def test_equals_numpy(case):
    run(case)


KINDS = ("f8", "i4", "f4", "i8", "u8", "?") if LONG else ("f8", "i4")


@pytest.mark.parametrize("kind", KINDS)
def test_search(kind):
    program, in_bins = thalweg.program(searched), thalweg.program(digits)
    for other in KINDS:
        for size in (0, 1, 4):
            for shape in ((3,), (2, 3)) if size == 4 else ((3,),):
                compare(program, (np.sort(values((size,), kind)), values(shape, other, True, 1)))
                if size == 4:
                    compare(in_bins, (np.sort(values((size,), kind)), values(shape, other, False, 1)))
    compare(program, (np.sort(values((6,), "f4" if kind == "f8" else kind, kind == "f8")), values((9,), "f4", True, 3)))
    for number in (3, 2.5, np.float32(0.1), float("nan")):
        compare(program, (np.sort(values((4,), kind)), number))


def test_search_in_single_precision():
    compare(thalweg.program(searched), (np.array([0.1, 0.1, 0.3], np.float32), 0.1))


def test_bins_that_are_not_sorted():
    for edges in ([3.0, 1.0, 2.0], [1.0, 1.0, 1.0], [3.0, 1.0, 1.0]):
        compare(thalweg.program(digits), (np.array(edges), np.array([1.0, 2.0])))


@pytest.mark.parametrize("kind", ("i8", "i4", "u1", "?"))
def test_counts(kind):
    program, weighted = thalweg.program(bins), thalweg.program(weighted_bins)
    for numbers in ([], [0], [3, 1, 1, 0, 3], [1, -1])[:3 if kind in "u1?" else 4]:
        compare(program, (np.array(numbers).astype(kind),))
    numbers = np.array([3, 1, 1, 0, 3]).astype(kind)
    for weights in (values((5,), "f8"), values((5,), "f8", True), values((5,), "i4"), values((4,), "f8")):
        compare(weighted, (numbers, weights))


def test_histograms_at_the_edges():
    program = thalweg.program(histograms)
    for numbers in ([1.0] * 3, [0.0, 1e-320, 1.0], [1e300, -1e300], [1.0, np.nextafter(1, 2)], np.arange(11) / 10,
                    np.linspace(0, 1, 101), [1.0, np.inf], [np.nan, 2.0]):
        compare(program, (np.array(numbers),))


@pytest.mark.parametrize("kind", FLOATS + ("i8", "u1"))
def test_histograms_of_edges(kind):
    program = thalweg.program(of_edges)
    for edges in ([0.0, 1.0, 2.0], [-3, 0, 0, 4], [2, 1], [0, 50, 100]):
        for size in (0, 1, 9):
            compare(program, (values((size,), kind), np.array(edges)))


def test_errors():
    @thalweg.program
    def of_fractions(a):
        return np.bincount(a)

    @thalweg.program
    def no_bins(a):
        return np.histogram(a, 0)[0]

    @thalweg.program
    def reversed_range(a):
        return np.histogram(a, 3, range=(2, 1))[0]

    for program in (of_fractions, no_bins, reversed_range):
        compare(program, (values((3,), "f8"),))


def test_refusals():
    @thalweg.program
    def unknown_kind(a):
        return np.argsort(a, kind="bubblesort")

    @thalweg.program
    def of_two_kinds(a):
        return np.sort(a, kind="stable", stable=True)

    @thalweg.program
    def between_wider_ends(a):
        return np.histogram(a.astype(np.float32), 3, (np.float64(0.1), 2))[0]

    for program in (unknown_kind, of_two_kinds, between_wider_ends):
        with pytest.raises(NotImplementedError) as caught:
            program(values((3,), "f8"))
        assert caught.value.code == "TW1085"


@thalweg.program(strict=True)
def weighed(a, w):
    sums, edges = np.histogram(a, 10, weights=w)
    return sums, edges


@pytest.mark.parametrize("shape", [(0,), (1,), (5, 1), (1000,), (200000,)])
def test_sums_of_weights_in_bins(shape):
    a, w = np.random.default_rng(0).random((2, *shape))
    for found, expected in zip(weighed(a, w), weighed.f(a, w)):
        assert found.dtype == expected.dtype and np.array_equal(found, expected)


def test_weights_of_another_size_are_refused_as_numpy_does():
    with pytest.raises(ValueError):
        weighed(np.ones(3), np.ones(4))
