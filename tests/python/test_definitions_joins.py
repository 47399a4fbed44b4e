"""Arrays joined, split and padded; elements taken out and put in; axes in another order; repetitions against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, Cases, compare, run, values, within

cases = Cases()
TYPES = ("f8", "i4", "?", "c16", "u1", "f4") if LONG else ("f8",)
NUMBERS = ("f8", "i4", "f4", "u1") if LONG else ("f8",)


def few(*shapes):
    """Every build takes its time: the last two, but in long runs."""
    return list(shapes if LONG else shapes[-2:])


@cases(few((1,), (0, 3), (5,), (2, 3, 4), (2, 3)), types=TYPES)
def joined(a):
    return np.atleast_3d(a), np.dstack((a, a)), np.block([a, 2 * a]), np.block([[a], [a]])


@cases(few((1, 3), (2, 2, 3), (2, 3)), types=TYPES)
def blocks(a):
    return (np.block([[a, a[..., :1]], [3 * a, a[..., 1:2]]]), np.block([[a, np.zeros(a.shape)]]),
            np.block([[[a], [a]], [[a], [a]]]), np.block([1, a[..., 0, :], 2.5]))


@cases(few((5,), (3, 2), (2, 3), (2, 4, 3)), types=TYPES)
def parts_at_places(a):
    x, y, z = np.split(a, (1, 2), axis=-1)
    u, v, w, t = np.array_split(a, [3, 1, -1], axis=0)
    r, s = np.hsplit(a, [1])
    return x, y, z, u, v, w, t, r, s


@cases([(2, 3, 4), (2, 0, 3), (2, 3)], types=TYPES)
def parts_in_depth(a):
    x, y = np.dsplit(a, 2)
    u, v = np.vsplit(a, [1])
    return x, y, u, v


@cases([(2, 3, 4), (2, 3)], types=TYPES)
def moved(a):
    return (np.moveaxis(a, (0, -1), (-1, 0)), np.moveaxis(a, [0, 1], [-1, -2]), np.rollaxis(a, -1),
            np.rollaxis(a, 0, 2), np.rollaxis(a, 1, -1))


@cases(few((1, 3), (0, 3), (2, 3, 4), (2, 3)), types=TYPES, extra=[(1, -2), (-5, 7)])
def rolled(a, k, m):
    return (np.roll(a, (k, m), (0, -1)), np.roll(a, (k, m), 0), np.roll(a, k, (1, 0)), np.roll(a, (k, m, 1), (0, 1, 0)),
            np.roll(a, (k, m)))


OUT = [(np.array([0, -1]),), (np.array([1, 1, 0], np.int8),)]


@cases(few((3,), (3, 2, 2), (3, 3)), types=TYPES, extra=OUT)
def taken_out(a, i):
    return np.delete(a, i, axis=0), np.delete(a, [0, 2]), np.delete(a, i % 2 == 0, axis=0), np.delete(a, [], axis=-1)


INTO = [(2, 9.0), (-1, np.arange(3.0)), (np.array([1, 1, 0]), 5), (np.array([2, -1, 3]), np.arange(3.0)),
        (np.array([1]), np.arange(2.0)), (9, 1)][:None if LONG else 3]


@cases(few((3,), (3, 3)), types=NUMBERS, extra=INTO)
def put_in(a, i, v):
    return np.insert(a, i, v), np.insert(a, [2, 0], [[7], [8]] if a.ndim == 2 else [7, 8], axis=0)


@cases(few((2, 3, 4), (3, 3)), types=NUMBERS,
       extra=[(1, np.arange(3.0)[:, None]), (np.array([True, False, True]), 1)])
def put_in_along(a, i, v):
    return np.insert(a, i, v, axis=1)


@cases(few((0,), (2, 3), (5,)), types=TYPES)
def resized(a):
    return np.resize(a, (3, 4)), np.resize(a, 2), np.resize(a, (0, 2))


COUNTS = [(np.array([2, 0, 1]),), (np.array([3]),)]


@cases(few((3,), (2, 3), (2, 3, 4), (0, 3)), types=TYPES, extra=COUNTS)
def repeated(a, n):
    return (np.repeat(a, n, axis=-1 if a.shape[-1] == 3 else 1), np.repeat(a, [2], axis=0), np.tile(a, [2, 1]),
            np.repeat(a, 2, 0))


@cases(few((0,), (3,)), types=TYPES)
def meshes(a):
    x, y, z, w = np.meshgrid(a, a[:2], a[1:], a, indexing="ij")
    u, v = np.meshgrid(a, a[:2], sparse=True)
    return x, y, z, w, u, v


MEANS = ("f8", "i4", "f4") if LONG else ("i4",)


@cases(few((1,), (2, 3, 4), (5,), (2, 3)), types=TYPES, extra=[(2,), (7,)])
def padded_by_mirrors(a, n):
    return np.pad(a, (n, 1), "symmetric"), np.pad(a, (1, n), "reflect"), np.pad(a, n, "wrap")


@cases(few((1,), (5,), (2, 3)), types=TYPES, extra=[(2,)])
def padded_by_numbers(a, n):
    return (np.pad(a, n, constant_values=(5, 2)), np.pad(a, (0, n), "edge"),
            np.pad(np.ravel(a), [(1, n)], "empty")[1:-n], np.pad(a, [(n, 1)], constant_values=[[1, 3]]))


@cases(few((1,), (0, 3), (5,), (2, 3)), types=NUMBERS, extra=[(2,), (0,)])
def padded_by_ramps(a, n):
    return np.pad(a, (n, 1), "linear_ramp"), np.pad(a, n, "linear_ramp", end_values=(2, 5.5))


@cases(few((1,), (5,), (2, 3)), types=NUMBERS, extra=[(2,)])
def padded_by_extremes(a, n):
    return np.pad(a, (n, 1), "maximum"), np.pad(a, n, "minimum", stat_length=2)


@cases(few((1,), (5,), (2, 3)), types=MEANS, extra=[(2,)], same=within(8))
def padded_by_means(a, n):
    return np.pad(a, (n, 1), "mean"), np.pad(a, n, "mean", stat_length=((1, 2),))


@cases([(), (3,), (2, 3), (2, 3, 4)], types=("f8", "i4"))
def several_at_least(a):
    return (*np.atleast_1d(a, 1, [3, 4]), *np.atleast_2d(1, a, [[1, 2]]), *np.atleast_3d(a, [1, 2], 2.5),
            np.atleast_1d([1, 2]), np.atleast_2d([3.5]), np.atleast_3d([[1, 2]]))


@cases([(4,), (4, 2), (1, 3)], types=("f8", "i4"),
       extra=[(np.array([1, 3]),), (np.array([2, -1, 9]),), (np.array([0]),)])
def split_at_an_array(a, places):
    parts = np.split(a, places)
    last = np.array_split(a, places, axis=-1)
    return tuple(parts) + tuple(last)


@cases([(3,), (2, 3), (2, 3, 4), (1, 2)], types=("f8", "i4"), same=within(8))
def apart(a):
    first = np.unstack(a)
    last = np.unstack(a, axis=-1)
    x, *rest = a
    return (*first, *last, x, *rest, *a, len(tuple(a + a)), sum([each.sum() for each in tuple(a)]), np.stack(np.unstack(a)))


@cases([(3,), (2, 3), (2, 3, 4), (2, 0)], types=("f8", "?"))
def more_dimensions(a):
    return (np.expand_dims(a, (0, 1)), np.expand_dims(a, axis=(2, 0)), np.expand_dims(a, [-1, 0]),
            np.squeeze(a[None, ..., None], axis=(0, -1)), np.squeeze(a[None], axis=()),
            np.size(a, axis=(0, -1)) if a.ndim > 1 else np.size(a, (0,)), np.array(a, ndmin=3),
            np.array([1, 2], ndmin=2),
            np.array(3.5, ndmin=1), np.array(a, ndmin=0), np.array([[1], [2]], np.float32, ndmin=5))


@cases([(5,), (1,), (2, 3), (3, 2, 4), (2, 1, 3)], types=("f8", "u1"))
def as_in_memory(a):
    return (a.ravel("K"), a.T.ravel(order="K"), a[::-1].ravel(order="K"), np.swapaxes(a, 0, -1).ravel("K"),
            np.ravel(a[..., ::2], order="K"), np.ravel(np.swapaxes(a, 0, -1)[::-1], "K"))


@thalweg.program
def trimmed(a):
    return (np.trim_zeros(a), np.trim_zeros(a, axis=-1), np.trim_zeros(a, "f"), np.trim_zeros(a, "b", axis=0),
            np.trim_zeros(a, axis=(0, -1)), np.trim_zeros(a, axis=()))


def test_zeros_around_boxes():
    for dtype in ("i4", "f8", "?"):
        a = np.zeros((4, 6), dtype)
        compare(trimmed, (a.copy(),))
        a[1, 2], a[2, 4] = 1, 1
        compare(trimmed, (a,))
        compare(trimmed, (a[:, 2:][1:],))
        compare(trimmed, (np.ones((2, 3), dtype),))
    compare(trimmed, (np.stack((np.zeros((2, 3)), np.eye(2, 3))),))


@cases.mark
def test_equals_numpy(case):
    run(case)


def test_zeros_at_the_ends():
    @thalweg.program
    def trimmed(a):
        return np.trim_zeros(a), np.trim_zeros(a, "f"), np.trim_zeros(a, "b")

    for a in [np.zeros(0), np.zeros(3), np.array([0, 0, 1, 0, 2, 0]), np.array([np.nan, 0.0]), np.array([1])]:
        compare(trimmed, (a,))


def test_shapes():
    @thalweg.program
    def shapes(a, b, n):
        return np.broadcast_shapes(a.shape, b.shape, n, (1, 1))

    for first, second in [((2, 3), (3,)), ((2, 3), (2, 1)), ((0, 3), (1, 1)), ((2, 3), (2,)), ((4, 1, 3), (5, 1))]:
        for n in (1, 3):
            compare(shapes, (values(first, "f8"), values(second, "f8"), n))


def test_rows_of_known_number():
    @thalweg.program
    def rows(a):
        b = np.zeros((2, 3)) + a
        x, y = np.unstack(b)
        x[0] = 7
        return x, y, np.unstack(b, axis=1)[2]

    compare(rows, (values((2, 3), "f8"),))
    compare(rows, (values((3,), "f8"),))


def test_views_are_written_through():
    @thalweg.program
    def write(a):
        x, y = np.split(a, [1])
        x += 1
        np.moveaxis(a, (0, 1), (1, 0))[2] = 7
        np.rollaxis(a, 1)[0, 1] = 5
        np.atleast_3d(a)[0, 1, 0] = 9
        np.dsplit(a[None], [1])[0][...] = -1
        return a, y

    for a in (np.zeros((4, 3)), np.zeros((3, 4)).T):
        expected, found = write.f(a.copy()), write(a.copy())
        assert all(np.array_equal(one, other) for one, other in zip(found, expected))


def test_bad_values():
    @thalweg.program
    def delete(a, i):
        return np.delete(a, i, axis=0)

    @thalweg.program
    def insert(a, i, v):
        return np.insert(a, i, v, axis=0)

    @thalweg.program
    def repeat(a, n):
        return np.repeat(a, n)

    @thalweg.program
    def resize(a, n):
        return np.resize(a, (2, n))

    @thalweg.program
    def pad(a, n):
        return np.pad(a, n, "mean", stat_length=0)

    line, plane = np.arange(3.0), np.ones((2, 3))
    for i in [3, -4, np.array([0, 5]), np.array([True, False]), line, np.array([], int)]:
        compare(delete, (line, i))
    for arguments in [(line, 4, 1), (line, -4, 1), (line, line, 1), (line, np.array([0, 5]), 1), (plane, 0, plane),
                      (line, np.array([0, 1]), line), (plane, 1, np.ones(2)), (line.astype("i1"), 0, 300)]:
        compare(insert, arguments)
    for n in [np.array([1, 2]), np.array([1, -1, 2]), line, np.ones((1, 3), int), np.array([1, 2, 3], "u8"), -1]:
        compare(repeat, (line, n))
    compare(resize, (line, -1))


def bad(function, error):
    with pytest.raises(error):
        function.f(np.ones((2, 3)))
    with pytest.raises(error):
        function(np.ones((2, 3)))


def test_errors_that_are_known_when_compiling():
    @thalweg.program
    def depths(a):
        return np.block([a, [a]])

    @thalweg.program
    def axes(a):
        return np.moveaxis(a, (0, 0), (1, 0))

    @thalweg.program
    def sources(a):
        return np.moveaxis(a, (0,), (1, 0))

    @thalweg.program
    def shifts(a):
        return np.roll(a, (1, 2, 3), (0, 1))

    @thalweg.program
    def depth(a):
        return np.dsplit(a, 2)[0]

    @thalweg.program
    def none(a):
        return np.array_split(a, 0)[0]

    @thalweg.program
    def keywords(a):
        return np.pad(a, 1, "edge", constant_values=1)

    @thalweg.program
    def pairs(a):
        return np.pad(a, ((1, 2), (1, 2), (1, 2)), "edge")

    @thalweg.program
    def indexing(a):
        return np.meshgrid(a, a, indexing="yx")

    @thalweg.program
    def mode(a):
        return np.pad(a, 1, "mirror")

    for program in (depths, axes, sources, shifts, depth, none, keywords, pairs, indexing, mode):
        bad(program, ValueError)


def test_refusals():
    @thalweg.program
    def odd(a):
        return np.pad(a > 0, 1, "reflect", reflect_type="odd")

    @thalweg.program
    def medians(a):
        return np.pad(a + 1j, 1, "median")

    @thalweg.program
    def widths(a):
        return np.pad(a, {0: [1, 2]})

    @thalweg.program
    def views(a):
        return np.meshgrid(a, a, copy=False)

    @thalweg.program
    def of_a_list(a):
        return np.trim_zeros([a[0, 0], 0])

    for program in (odd, medians, widths, views, of_a_list):
        with pytest.raises(NotImplementedError) as caught:
            program(values((3, 3), "f8"))
        assert caught.value.code == "TW1085"
