"""Values chosen by conditions, reductions without NaNs, histograms, interpolation, slopes and spaces against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import ALL, FLOATS, LONG, REALS, Cases, compare, run, values, within, zeros_alike

cases = Cases()
SOME = [(0,), (5,), (2, 3)]


def some(several, count=1):
    """All of them in long runs, else the first."""
    return several if LONG else several[:count]


@cases(SOME, types=some(REALS))
def selected(a):
    return np.select([a > 2, a < 0], [a, 2 * a]), np.select([a > 2, a < 0, a == 1], [1, 2.5, a], default=-1), \
        np.select((a > 1,), (7,), 2.0)


@cases([((3,), (2, 3)), ((2, 3), (3,)), ((1,), (0,))], types=(("f8", "f4"), ("i4", "u1"), ("?", "i8"), ("u8", "i8")))
def selected_of_both(a, b):
    return np.select([a > 0, b > 1], [b, a], 0), np.select([a > 0, b > 1], [3, b], 1)


@cases(SOME, types=some(REALS + ("?",)))
def pieces(a):
    return np.piecewise(a, [a > 2, a < 0], [1, 2.5]), np.piecewise(a, [a > 0], [1, 7])


@cases([(0,), (5,)])
def pieces_of_one(a):
    return np.piecewise(a, a > 0, [3, 2])


@cases([((2, 3), (3,)), ((4,), (4,)), ((3,), (1,)), ((2, 3), (2, 3)), ((4,), (3,)), ((0,), (0,))],
       types=(("f8", "f4"), ("f4", "f8"), ("i8", "u8"), ("f8", "?"), ("c16", "i1"), ("i4", "i8")))
def copied(a, b):
    out = np.copy(a)
    np.copyto(out, b)
    more = np.copy(a)
    np.copyto(more, b, where=b > 0)
    last = np.copy(a)
    np.copyto(last, 1, where=last != 2)
    np.copyto(last[:1], b, where=False)
    return out, more, last


@cases(some([(2, 3), (0,), (5,), (2, 3, 4), (0, 3)], 2), types=ALL, same=within(50))
def so_far(a):
    return np.cumulative_sum(a, axis=-1), np.cumulative_prod(a, axis=0), \
        np.cumulative_sum(a, axis=0, include_initial=True), np.cumulative_prod(a, axis=-1, include_initial=True)


@cases([(0,), (5,), (2, 3)], types=("f8", "i1"))
def so_far_of_one_dimension(a):
    return np.cumulative_sum(a), np.cumulative_prod(a, include_initial=True), np.cumulative_sum(a, dtype=np.float32)


@cases(some([(2, 3), (0,), (0, 3), (5,), (2, 3, 4), (3, 0)], 3), types=some(REALS))
def places_of_extremes(a):
    return np.nanargmin(a), np.nanargmax(a, axis=0), np.nanargmin(a, axis=-1, keepdims=True)


@cases([(2, 5), (5,)] + (SOME + [(0, 3), (1,), (4, 0)]) * LONG, types=some(REALS), same=zeros_alike)
def medians(a):
    return np.nanmedian(a), np.nanmedian(a, axis=0), np.nanmedian(a, axis=-1)


@cases(some([(2, 3), (5,), (3, 4)]), types=some(FLOATS), same=zeros_alike)
def quantiles(a):
    return np.nanquantile(a, 0.3), np.nanpercentile(a, 70.5, axis=0), np.nanquantile(a, 1.0, axis=-1, keepdims=True), \
        np.nanmedian(a, axis=0, keepdims=True)


@cases(some([(0,), (5,), (2, 3)]), types=some(("i4", "u1")), same=zeros_alike)
def quantiles_of_integers(a):
    return np.nanquantile(a, 0.3), np.nanpercentile(a, 70.5, axis=0)


@cases([(1,), (7,)], same=zeros_alike, extra=[(0.25,), (-0.5,), (1.5,), (float("nan"),), (np.float64(0.3),)])
def quantile_at(a, q):
    return np.nanquantile(a, q)


@cases(some([(7,), (0,), (2, 3)], 2), types=some(("f8", "i4", "u8")))
def edges(a):
    return np.histogram_bin_edges(a), np.histogram_bin_edges(a, 3, (-1, 4)), np.histogram_bin_edges(a, bins=4)


COUNTED = [((50,), (50,)), ((3,), (4,)), ((0,), (0,)), ((1,), (1,))]
COUNTED_TYPES = (("f8", "f8"), ("i4", "f8"), ("i8", "i8"))


@cases(some(COUNTED, 2), types=some(COUNTED_TYPES), same=within(8))
def counts_in_two(x, y):
    return *np.histogram2d(x, y, [3, 4], [[-4, 4], (-2.5, 3)]), \
        *np.histogram2d(x, y, (2, np.array([-3.0, 0, 1, 4])), weights=y)


@cases(some(COUNTED), types=some(COUNTED_TYPES), same=within(8))
def densities_in_two(x, y):
    return np.histogram2d(x, y, 3, density=True)


@cases(COUNTED * LONG, types=COUNTED_TYPES, same=within(8))
def counts_in_ten(x, y):
    return np.histogram2d(x, y)


@cases(some([(40, 3), (0, 3), (1, 3)]), types=some(("f8", "i4")), same=within(8))
def counts_in_three(a):
    x, (e, f, g) = np.histogramdd(a, 3)
    y, others = np.histogramdd([a[:, 0], a[:, 1]], bins=(2, 4), range=[(-3, 3), None], density=True)
    return x, e, f, g, y, others[0], others[1]


@cases(SOME, types=some(("c16", "c8") + REALS))
def made_numbers(a):
    b = np.copy(a)
    return np.nan_to_num(a), np.nan_to_num(a, nan=1, posinf=3.5, neginf=-2), np.nan_to_num(a[:1], nan=2.0)


@cases(SOME, types=some(REALS))
def made_numbers_in_place(a):
    b = np.copy(a)
    c = np.nan_to_num(b, copy=False, nan=-1)
    return b, c


@cases(SOME, types=some(REALS + ("?",)))
def kinds_of_infinity(a):
    return np.fix(a), np.isneginf(a), np.isposinf(a)


@cases(some([((3,), (2, 3)), ((2, 3), (2, 2)), ((0,), (1,)), ((2, 3), (2, 3)), ((3,), (1,)), ((2, 1), (3,))], 3),
       types=some((("f8", "f8"), ("i4", "f4"), ("?", "i4"), ("c16", "f8"))))
def alike(a, b):
    return np.array_equiv(a, b), np.array_equiv(a, a), np.array_equiv(a, a[:1]), np.array_equiv(a * 0, b * 0)


@cases(some([((6,), (4,)), ((2, 3), (4,)), ((0,), (3,)), ((3,), (0,))], 2),
       types=some((("f8", "f8"), ("i4", "f8"), ("f4", "i4"))), same=within(16))
def around_a_circle(x, y):
    xp = np.arange(y.shape[0]) * 80.0 - 100
    return np.interp(x * 100, xp, y, period=360)


@cases(some([((6,), (4,)), ((3,), (0,))]), types=some((("f8", "f8"), ("f4", "i4"))), same=within(16))
def around_another_circle(x, y):
    xp = np.arange(y.shape[0]) * 80.0 - 100
    return np.interp(x, xp, y, period=-360.0, left=3, right=5), np.interp(30, xp, y, period=370)


@cases(some([((3, 4), (4,)), ((3,), (2,)), ((4,), (4,)), ((2, 3), (3,))], 2),
       types=some((("f8", "f8"), ("f4", "f8"), ("i4", "i4"), ("f8", "f4"))), same=within(200))
def slopes_over(f, x):
    points = np.cumsum(np.abs(x) + 1)
    return np.gradient(f, points, axis=-1), np.gradient(f, points, axis=-1, edge_order=2)


@cases(some([(4,), (3, 2), (0,)]), types=some(REALS), same=within(16))
def slopes_over_even_points(f):
    return np.gradient(f, np.arange(f.shape[0]) * 2.0, axis=0)


@cases(some([(3, 4), (1, 4), (2, 3)], 2), types=some(("f8", "i4", "f4", "c16")), same=within(16))
def slopes_of_each(f):
    return *np.gradient(f, 0.5, 2), *np.gradient(f, np.arange(f.shape[0]) ** 2, 3), \
        *np.gradient(f, axis=(1, 0)), np.gradient(f, 0.5, axis=(0,))


@cases([(3, 4, 5)], types=("f8",), same=within(16))
def slopes_of_three(f):
    return np.gradient(f, 1, 2.0, np.array([1, 2, 4, 8, 9]))


@cases(some([((2, 3), (2, 1)), ((3,), (3,)), ((2, 3), (2, 3))], 2),
       types=some((("f8", "f8"), ("?", "f4"), ("c16", "f8"))), same=within(20))
def trapezoids(y, x):
    return np.trapezoid(y, x, axis=-1), np.trapezoid(y, dx=2, axis=0)


@thalweg.program
def among_lists(which):
    choices = [[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23], [30, 31, 32, 33]]
    return (np.choose(which, choices), np.choose(which, choices, mode="clip"),
            np.choose([2, 4, 1, 0], choices, mode="wrap"),
            np.choose([2, 3, 1, 0], ([1.5, 2, 3, 4], 7, [0, 0, 0, 1], which)))


def test_choices_in_lists():
    for which in ([2, 3, 1, 0], [0, 0, 0, 0], [0, 4, 1, 0], [-1, 0, 0, 0]):
        compare(among_lists, (np.array(which),))


@cases([(5,), (2, 3), (0,)], types=("f8", "i4", "f4"))
def by_functions(x):
    return (np.piecewise(x, [x < 0, x >= 0], [lambda v: -v, lambda v: v]),
            np.piecewise(x, [x > 1], [lambda v: v * v, 5]), np.piecewise(x, [x > 100], [np.abs]),
            np.piecewise(x, [x < -1, x > 2], [3, lambda v: v + 1, lambda v: v - 1]))


@cases([(3,), (2, 3)], types=("f8", "i4"))
def copied_from_lists(a):
    np.copyto(a, [1, 2, 3])
    b = np.zeros((2, 3))
    np.copyto(b, [[1, 2, 3], [4, 5, 6]], where=[True, False, True])
    return b


@thalweg.program
def odd_numbers(y, n, p, m):
    return np.nan_to_num(y, nan=n, posinf=p, neginf=m), np.nan_to_num(y, nan=n)


def test_other_numbers_for_each_place():
    nan, inf = np.nan, np.inf
    y = np.array([complex(inf, nan), nan, complex(nan, inf), complex(-inf, 2), 1 - 1j])
    compare(odd_numbers, (y, np.arange(11, 16), np.arange(21, 26), np.arange(31, 36)))
    compare(odd_numbers, (y.real.copy(), np.arange(11, 16), np.arange(21, 26), np.arange(31.5, 36)))


@thalweg.program
def between_complex(x, fp, left):
    xp = [2, 3, 5]
    return (np.interp(x, xp, fp), np.interp(x, xp, fp, left=left), np.interp(x, xp, fp, right=1 - 2j),
            np.interp(3.5, xp, fp))


def test_complex_numbers_between():
    x = np.array([1.5, 4.0, 2, 3, 5, 6, np.nan, np.inf])
    compare(between_complex, (x, np.array([1j, 0, 2 + 3j]), 7 + 1j), within(2))
    compare(between_complex, (x, np.array([1j, np.inf, 2 + 3j]), 7.5), within(2))


@thalweg.program
def complex_ends_of_spacing(a, b, n):
    return np.geomspace(a, b, n), np.geomspace(a, b, num=n, endpoint=False), np.geomspace(-1 + 0j, b, 5)


def test_geometric_spacing_of_complex_numbers():
    for a, b in ((1j, 1000j), (-1 + 0j, 1 + 0j), (1 + 1j, -3 + 0.5j), (2 - 1j, 1e-3 + 0j), (3j, -3j)):
        for n in (0, 1, 2, 7):
            compare(complex_ends_of_spacing, (a, b, n), within(256))
    compare(complex_ends_of_spacing, (0j, 1j, 3))


@cases.mark
def test_equals_numpy(case):
    run(case)


def test_kinds_of_values():
    @thalweg.program
    def kinds(a, x):
        return (np.isscalar(a), np.isscalar(x), np.isscalar("text"), np.isscalar(3), np.isscalar((1, 2)),
                np.isscalar(None), np.isscalar(np.float32(1)), np.isrealobj(a), np.isrealobj(x), np.isrealobj(1j),
                np.isneginf(x), np.fix(2.5))

    for a in some((np.ones(2, complex), np.ones(2), np.ones(2, int))):
        for x in some((np.float32(-np.inf), 1, 2.5, True), 2):
            compare(kinds, (a, x))


@pytest.mark.parametrize("endpoint", [True, False])
def test_spaces(endpoint):
    @thalweg.program
    def spaces(first, last, n):
        return (np.logspace(first, last, n, endpoint=endpoint), np.logspace(first, last, n, endpoint, base=2),
                np.geomspace(first, last, n, endpoint),
                np.logspace(first, last, num=n, endpoint=endpoint, dtype=np.float32),
                np.geomspace(first, last, n, endpoint=endpoint, dtype=np.float32))

    for first, last in ((1, 3), (0.5, -2.0), (-1.0, -8), (0, 1)) + ((2.0, 2.0), (np.float64(3), 1)) * LONG:
        for n in (0, 1, 2, 7, -1) if LONG else (1, 7, -1):
            compare(spaces, (first, last, n), within(64))


def test_numbers():
    @thalweg.program
    def made(x):
        return np.nan_to_num(x), np.nan_to_num(x, nan=3.0)

    for x in (np.nan, 2, np.float32(np.inf), 1j, True):
        compare(made, (x,))


def test_nothing_but_nans():
    @thalweg.program
    def least(a):
        return np.nanargmin(a)

    @thalweg.program
    def most(a):
        return np.nanargmax(a, axis=0)

    @thalweg.program
    def middle(a):
        return np.nanmedian(a), np.nanquantile(a, 0.25, axis=-1)

    for a in (np.full(3, np.nan), np.full((2, 3), np.nan), np.array([[1, np.nan], [2, np.nan]]),
              np.array([np.nan, np.inf])):
        compare(least, (a,))
        compare(most, (a,))
    for a in some((np.array([[1, np.nan], [np.nan, np.nan]]), np.full(3, np.nan))):
        with pytest.warns(RuntimeWarning):
            compare(middle, (a,))


def test_points_in_one_place():
    @thalweg.program
    def circle(x, xp, fp):
        return np.interp(x, xp, fp, period=360)

    points = np.array([0.0, 90, 180, 270, 360])
    compare(circle, (np.linspace(-400, 400, 9), points, np.array([1.0, 2, 3, 4, 1])), within(8))
    with pytest.raises(ValueError):
        circle(np.zeros(2), np.array([0.0, 90, 360]), np.array([1.0, 2, 3]))

    @thalweg.program
    def none(x, xp, fp, period):
        return np.interp(x, xp, fp, period=period)

    compare(none, (1.0, np.arange(3.0), np.ones(3), 0))


def test_copies_of_numbers():
    @thalweg.program
    def fill(a, x):
        np.copyto(a, x)
        return a

    for kind in ("u1", "f4", "i8", "?") if LONG else ("u1",):
        for x in (3, -1, True, 2.5, np.int64(3), np.uint8(4)) + (1j, np.float32(2)) * LONG:
            compare(fill, (np.zeros(2, kind), x))


def test_refusals():
    @thalweg.program
    def without_axis(a):
        return np.cumulative_sum(a)

    @thalweg.program
    def to_whole(a):
        np.copyto(np.zeros(a.shape, np.int64), a)
        return a

    @thalweg.program
    def by_name(a):
        return np.histogram_bin_edges(a, "auto")

    @thalweg.program
    def by_numbers(a):
        return np.select([a], [a])

    @thalweg.program
    def of_a_number(a):
        return np.piecewise(a[0, 0], [a[0, 0] > 0], [1])

    @thalweg.program
    def complex_ends(a):
        return np.geomspace(1j, np.complex64(2), 3)

    with pytest.raises(thalweg.CompileError):
        by_name(values((3, 2), "f8"))
    for program, error in ((without_axis, ValueError), (to_whole, TypeError), (by_numbers, TypeError),
                           (of_a_number, NotImplementedError), (complex_ends, NotImplementedError)):
        with pytest.raises(error):
            program(values((3, 2), "f8"))
