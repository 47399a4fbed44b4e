"""Elements taken and put by arrays of places, updated in place, tuples of index arrays, functions along axes."""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, Cases, compare, run, values, within

cases = Cases()


def few(*shapes):
    """Every build takes its time: the last two, but in long runs."""
    return list(shapes if LONG else shapes[-2:])


TYPES = ("f8", "i1", "?", "c16", "u8") if LONG else ("f8",)
INTEGERS = ("f8", "i4", "u1", "f4") if LONG else ("i4",)
PLACES = np.array([0, -1, 1, 1])
SQUARE = np.array([[0, 1], [1, -2]], np.int32)


@cases(few((4,), (0, 3), (2, 3, 4), (2, 3)), types=TYPES, extra=[(PLACES,), (SQUARE,), (5 * PLACES,)])
def taken(a, i):
    return np.take(a, i, axis=-1), np.take(a, i, 0, mode="wrap"), np.take(a, i, mode="clip")


@cases(few((4,), (2, 3, 4), (2, 3)), types=TYPES, extra=[(PLACES,), (-1,), (9,)])
def taken_flat(a, i):
    return np.take(a, i), np.take(a, [1, 0], axis=0)


@cases([((2, 3), (2, 2)), ((2, 3), (1, 4)), ((1, 3), (5, 2)), ((2, 3), (2,)), ((2, 3), (3, 2))], types=[("f8", "i4")])
def taken_along(a, i):
    j = i % 2
    return np.take_along_axis(a, j, 1), np.take_along_axis(a, np.argsort(a, axis=0, kind="stable"), 0)


@cases([((2, 3), (2, 1)), ((2, 3), (1, 3))], types=[("f8", "i4")], extra=[(7.0,), (np.array([[1.5], [2.5]]),)])
def put_along(a, i, v):
    b = np.copy(a)
    np.put_along_axis(b, i % 2, v, 1)
    return b


@cases(few((3,), (2, 3), (2, 3, 4), (0, 3)), types=TYPES)
def compressed(a):
    return (np.compress([True, False, True], a, axis=-1) if a.shape[-1] == 3 else a,
            np.compress(np.ravel(a) != 0, a), np.extract(a > 1, a), np.extract(np.ravel(a) > 1, a))


@cases([((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3))], types=[("f8", "i4"), ("i1", "f4")])
def chosen(a, b):
    k = np.arange(3)
    return (np.choose(k % 2, (a, b)), np.choose(k, [a, b], mode="wrap"), np.choose(k - 1, [a, b, 1], mode="clip"),
            np.choose(a > b, [a, b]) if a.ndim == 2 else b)


@cases(few((4,), (2, 3, 4), (2, 3)), types=TYPES[:4], extra=[(PLACES,), (1,)])
def put(a, i):
    b, c, d = np.copy(a), np.copy(a), np.copy(a)
    np.put(b, i, 1)
    np.put(c, 7 * i, a[0], mode="wrap")
    np.put(d, 7 * i, [1, 0], mode="clip")
    return b, c, d


@cases(few((4,), (2, 3), (2, 3, 4), (0, 3)), types=TYPES)
def put_through_masks(a):
    b, c, d, e = np.copy(a), np.copy(a), np.copy(a), np.copy(a)
    np.putmask(b, a > 1, a[::-1])
    np.putmask(c, a, 1)
    np.place(d, a > 1, a[:1])
    np.place(e, a == 0, [1, 0])
    return b, c, d, e


@cases([(4,), (3, 4)], types=INTEGERS, extra=[(PLACES, 1), (PLACES % 3, 0.3), (2, np.int8(3))])
def updated(a, i, v):
    b, c, d, e, f = np.copy(a), np.copy(a), np.copy(a), np.copy(a), np.copy(a)
    np.add.at(b, i, v)
    np.subtract.at(c, i, a[0])
    np.multiply.at(d, i, v)
    np.maximum.at(e, i, 2)
    np.minimum.at(f, [0, 0, 1], [[3], [1], [2]] if a.ndim == 2 else [3, 1, 2])
    return b, c, d, e, f


@cases([(3, 3, 2), (3, 4)] if LONG else [(3, 4)], types=INTEGERS)
def updated_by_tuples_and_masks(a):
    b, c, d = np.copy(a), np.copy(a), np.copy(a)
    np.add.at(b, ([0, 1, 1], np.array([[1], [0]])), 2)
    np.add.at(c, (1, [0, 1, 0]), a[0, :1])
    np.add.at(d, a > 0, 1)
    return b, c, d


@cases(few((2, 3, 4), (3, 1), (2, 3)), types=INTEGERS, extra=[(np.array([0, -1, 0]), [1, 0])])
def open_grids(a, i, mask):
    j = np.array([0])
    b = np.copy(a)
    b[np.ix_(i, j)] = 5
    b[np.ix_([1], j)] += 1
    return a[np.ix_(i, j)], b, a[np.ix_([1, 0], np.arange(a.shape[1]) > 0)], *np.ix_(i, [], j)


@cases([(4,), (2, 2), (0,)], types=("i8", "u1"))
def flat_places(a):
    rows, columns = np.abs(a) % 3, np.abs(a) % 4
    flat = np.ravel_multi_index((rows, columns), (3, 4))
    return (flat, np.ravel_multi_index((rows, 1), (3, 4), order="F"), *np.unravel_index(flat, (3, 4)),
            np.ravel_multi_index((a, a), (3, 4), mode=("wrap", "clip")), *np.unravel_index(flat, (2, 3, 2), "F"))


@cases([(3,), (2, 3), (2, 3, 4), (0, 3), (3, 0)], types=INTEGERS, same=within(8))
def along_axes(a):
    def ends(x, factor):
        return x[:2] - factor * x[-1]

    if a.ndim == 1:
        return (np.apply_along_axis(np.sort, 0, a), np.apply_along_axis(ends, -1, a, 3),
                np.apply_along_axis(lambda x: x[0], 0, a), np.apply_along_axis(lambda x: [x[1], 2], 0, a))
    return (np.apply_along_axis(np.sum, 0, a), np.apply_along_axis(lambda x: x[:, None] * x, 1, a),
            np.apply_along_axis(ends, -1, a, 2),
            np.apply_along_axis(lambda x: (x[0], 1.5), 0, a), np.apply_over_axes(np.sum, a, (0, -1)),
            np.apply_over_axes(np.cumsum, a, 1))


@cases(few((3,), (2, 3), (0, 3), (9,), (2, 3, 9)), types=("?", "i4", "u1") if LONG else ("?",))
def bits(a):
    return np.packbits(a), np.packbits(a, axis=-1, bitorder="little"), np.packbits(a, axis=0)


@cases(few((1,), (2, 3, 4), (0, 3), (2, 3)), types=("u1",), extra=[(5,), (-3,), (40,)])
def single_bits(a, count):
    return np.unpackbits(a), np.unpackbits(a, 0, bitorder="little"), np.unpackbits(a, axis=-1, count=count)


@cases.mark
def test_equals_numpy(case):
    run(case)


@thalweg.program
def lower(n, k):
    return *np.tril_indices(n, k), *np.diag_indices(n), *np.mask_indices(n, np.triu, k)


@thalweg.program
def upper(n, k, m):
    return np.triu_indices(n, k, m)


@thalweg.program
def places_of_triangles(a):
    return *np.tril_indices_from(a), *np.triu_indices_from(a, 1), a[np.triu_indices(2)]


@thalweg.program
def diagonal_places(a):
    return np.diag_indices_from(a)


def test_triangles():
    for n in (0, 1, 4) if not LONG else range(-1, 7):
        for k in (0, 1, -2, 9):
            if n >= 0:
                compare(lower, (n, k))
            compare(upper, (n, k, 3))
    for shape in [(2, 3), (2, 2), (3, 3, 3), (3,)]:
        compare(places_of_triangles, (values(shape, "f8"),))
        compare(diagonal_places, (values(shape, "f8"),))


@thalweg.program
def filled(a, v):
    b = np.copy(a)
    np.fill_diagonal(b, v)
    c = np.copy(a)
    np.fill_diagonal(c, v, wrap=True)
    return b, c


@pytest.mark.parametrize("dtype", ["f8", "i1"])
def test_filled_diagonals(dtype):
    for shape in [(3, 3), (2, 3), (9, 2), (0, 2), (3, 3, 3), (2, 3, 3), (3,)] if LONG else [(9, 2), (2, 3), (3, 3, 3)]:
        for v in (5, 2.7, np.arange(3.0), np.ones((2, 2)), np.zeros(0)):
            compare(filled, (values(shape, dtype), v))


def test_bad_values():
    @thalweg.program
    def take(a, i):
        return np.take(a, i, axis=0)

    @thalweg.program
    def put_many(a, i, v):
        np.put(a, i, v)
        return a

    @thalweg.program
    def place(a, mask, v):
        np.place(a, mask, v)
        return a

    @thalweg.program
    def add(a, i, v):
        np.add.at(a, i, v)
        return a

    @thalweg.program
    def flat(i, j):
        return np.ravel_multi_index((i, j), (3, 4))

    @thalweg.program
    def back(i):
        return np.unravel_index(i, (3, 4))

    @thalweg.program
    def choice(k, a):
        return np.choose(k, (a, a))

    @thalweg.program
    def bit(a):
        return np.unpackbits(a)

    line, plane = np.arange(3.0), np.ones((2, 3))
    for arguments in [(np.zeros((3, 0)), 7), (plane, line), (np.zeros((0, 3)), PLACES)]:
        compare(take, arguments)
    for arguments in [(plane, 6, 1), (line, np.array([3]), line), (line, PLACES.astype("u8"), 1), (line, 9, line[:0]),
                      (line.astype("i1"), 0, 300)]:
        compare(put_many, arguments)
    for arguments in [(line, line, line[:0]), (line, 0 * line, line[:0]), (line.astype("i1"), line, line)]:
        compare(place, arguments)
    for arguments in [(line, 3, 1), (line, line, 1), (line, PLACES, line), (line, np.array([True, False]), 1),
                      (plane, PLACES % 2, np.ones((1, 4, 3)))]:
        compare(add, arguments)
    for arguments in [(3, 1), (-1, 0), (2.0, 1), (2, 3), (PLACES, PLACES), (np.ones(2, int), np.ones(3, int))]:
        compare(flat, arguments)
    for argument in [12, -1, 2.0, PLACES, np.zeros(0, int)]:
        compare(back, (argument,))
    for arguments in [(line, line), (PLACES, line), (line.astype("u8"), line), (np.array([0, 1, 1]), line)]:
        compare(choice, arguments)
    compare(bit, (line,))


def test_operands_that_share_memory():
    def own_places(a):
        np.add.at(a, a[::-1], 1)
        return a

    def own_values(a):
        np.put(a, [0, 2, 1], a[::-1])
        np.add.at(a, [0, 0], a[1:3])
        return a

    def own_mask(a):
        np.putmask(a, a[::-1], a[::-1])
        return np.take(a, [1, 0], out=a[:2]), a

    for function in (own_places, own_values, own_mask):
        numbers = np.array([1, 2, 0, 1, 0])
        expected, found = function(numbers.copy()), thalweg.program(function)(numbers.copy())
        assert np.array_equal(found[-1], expected[-1]) and np.array_equal(found[0], expected[0])


def test_a_function_sees_its_line_as_a_view():
    def clear(a):
        def first(x):
            x[0] = 9
            return x[1]

        return np.apply_along_axis(first, 1, a), a

    a = np.arange(6.0).reshape(2, 3)
    expected, found = clear(a.copy()), thalweg.program(clear)(a.copy())
    assert all(np.array_equal(one, other) for one, other in zip(found, expected))


def test_refusals():
    @thalweg.program
    def out(a):
        return np.choose(a > 0, (a, a), out=a)

    @thalweg.program
    def deep(a):
        return np.apply_along_axis(np.sort, 0, a[None, None, None, None])

    for program in (out, deep):
        with pytest.raises(NotImplementedError) as caught:
            program(values((3,), "f8"))
        assert caught.value.code == "TW1085"
