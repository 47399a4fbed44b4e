"""Elements in other places, views among them; grids, padded arrays and other patterns against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import Cases, compare, run, values, within

cases = Cases()
SHIFTS = [(0,), (1,), (-1,), (5,), (-7,)]
PAIRS = [(2, 3), (3, 1), (0, 3)]


@cases(types=("f8", "c16", "i1", "?"))
def rolled(a):
    return np.roll(a, 1), np.roll(a, -2, axis=-1), np.roll(a, 7, axis=0)


@cases([(0,), (4,), (2, 3)], extra=SHIFTS)
def rolled_by(a, k):
    return np.roll(a, k), np.roll(a, k, 0)


@cases(PAIRS + [(2, 3, 4)])
def turned(a):
    return np.rot90(a), np.rot90(a, 2), np.rot90(a, -1), np.rot90(a, 3, axes=(1, 0)), np.rot90(a, 0)


@cases()
def moved(a):
    return np.moveaxis(a, 0, -1), np.moveaxis(a, -1, 0), np.atleast_1d(a), np.atleast_2d(a)


@cases([(2, 3, 4), (2, 3)])
def moved_to_the_third(a):
    return np.moveaxis(a, 0, 2)


@cases(types=("f8", "i1"))
def tiled(a):
    return np.tile(a, 2), np.tile(a, (2, 3)), np.tile(a, (2, 1, 2)), np.tile(a, 1), np.tile(a, 0)


@cases(types=("f8", "i1"))
def appended(a):
    return np.append(a, a), np.append(a, a, axis=0), np.append(a, 3), np.column_stack((a, a))


@cases([(0,), (1,), (3,), (2, 3)], extra=SHIFTS)
def deleted(a, k):
    return np.delete(a, k, axis=-1)


@cases([(1,), (3,), (2, 3), (2, 3, 4)])
def deleted_first(a):
    return np.delete(a, 0), np.delete(a, -1, axis=0)


@cases()
def parts(a):
    x, y, z = np.array_split(a, 3)
    u, v = np.array_split(a, 2, axis=-1)
    return x, y, z, u, v


@cases()
def equal_parts(a):
    x, y = np.split(a, 2, axis=-1)
    return x, y


@cases()
def columns(a):
    x, y, z = np.hsplit(a, 3)
    return x, y, z


@cases(PAIRS + [(2, 3, 4)])
def rows(a):
    x, y = np.vsplit(a, 2)
    return x, y


@cases([(0,), (3,), (2, 3)])
def meshes(a):
    x, y = np.meshgrid(a, a[:2])
    i, j = np.meshgrid(a, a[:2], indexing="ij")
    u, v, w = np.meshgrid(a, a[:1], a[1:])
    return x, y, i, j, u, v, w


@cases([(3,), (2, 3)])
def sparse_meshes(a):
    return np.meshgrid(a, a[:2], a[1:], indexing="ij", sparse=True)


@cases([(0,), (1,), (3,)], types=("f8", "i1", "?"))
def diagonals(a):
    return np.diag(a), np.diag(a, 1), np.diag(a, -2), np.diagflat(a), np.diagflat(a, 1)


@cases([(0,), (1,), (3,)], types=("f8", "i1", "?", "f4", "u8"))
def powers(a):
    return np.vander(a), np.vander(a, 2), np.vander(a, 4, increasing=True), np.vander(a, 0), np.vander(a, 1)


@cases(types=("f8", "i1"))
def padded(a):
    return np.pad(a, 1), np.pad(a, (1, 2)), np.pad(a, 2, constant_values=5), np.pad(a, 0), np.pad(a, (0, 1), "constant")


@cases([(0,), (1,), (2,), (3,), (2, 3), (1, 0)])
def extended(a):
    return (np.pad(a, 1, mode="edge"), np.pad(a, (0, 7), "reflect"), np.pad(a, (5, 0), "reflect"),
            np.pad(a, (3, 7), "wrap"))


@cases([(2, 3), (1, 0), (1, 4)])
def extended_by_axis(a):
    return (np.pad(a, ((1, 2), (0, 1))), np.pad(a, ((1, 2), (0, 1)), "edge"), np.pad(a, ((3, 2), (0, 1)), "reflect"),
            np.pad(a, ((2, 2),), "wrap"))


@cases([(0,), (3,), (2, 3), (2, 3, 4)])
def repeated_and_flipped(a):
    return np.flip(a), np.flip(a, -1), np.repeat(a, 2), np.repeat(a, 3, axis=0), np.repeat(a, 0, axis=-1)


@cases(PAIRS + [(3, 3), (2, 3, 4)], types=("f8", "i1", "?", "c16"))
def triangles(a):
    return np.triu(a), np.tril(a), np.triu(a, 1), np.tril(a, -1), np.triu(a, -5), np.tril(a, 5)


@cases(PAIRS + [(3, 3)], types=("i4", "f8", "i1", "?", "u8"), same=within(4))
def traces(a):
    return np.trace(a)


@cases([(4,), (2, 3), (2, 3, 4), (2, 1, 3, 2)], types=("f8", "i1"))
def flipped_along_several(a):
    return np.flip(a), np.flip(a, (0, -1)) if a.ndim > 1 else np.flip(a, (0,)), np.flip(a, -1), np.flip(a, ())


@cases([(2, 3), (4, 5), (1, 3), (1, 1)], types=("f8", "i4", "f4", "u1"))
def padded_by_axes(a):
    return (np.pad(a, {1: (1, 2)}), np.pad(a, {-1: 2}, mode="edge"), np.pad(a, {0: (3, 0)}),
            np.pad(a, {0: (3, 0), 1: 2}), np.pad(a, {0: (1, 1)}, constant_values=5))


@cases([(1,), (2,), (3,), (5,), (2, 3), (1, 4)], types=("f8", "i4", "f4", "u1", "i1"))
def mirrored_at_edges(a):
    return (np.pad(a, (2, 3), "reflect", reflect_type="odd"), np.pad(a, 7, "symmetric", reflect_type="odd"),
            np.pad(a, (0, 9), "reflect", reflect_type="odd"), np.pad(a, (1, 0), "symmetric", reflect_type="odd"),
            np.pad(a, (11, 4), "reflect", reflect_type="odd"))


@cases([(1,), (4,), (5,)], types=("f8", "i4", "u1"))
def padded_with_medians(a):
    return (np.pad(a, 2, "median"), np.pad(a, (1, 2), mode="median", stat_length=1),
            np.pad(a, 1, "median", stat_length=2))


@thalweg.program
def sparse_indices(n, m):
    return (*np.indices((n, m), sparse=True), *np.indices((n,), np.int32, sparse=True),
            *np.indices((2, n, 3), dtype=float, sparse=True))


def test_sparse_indices():
    for n, m in ((0, 1), (1, 2), (3, 2)):
        compare(sparse_indices, (n, m))


@cases.mark
def test_equals_numpy(case):
    run(case)


def test_patterns():
    @thalweg.program
    def patterns(n, m):
        return (np.indices((n, m)), np.indices((n,)), np.tri(n), np.tri(n, m), np.tri(n, m, 1),
                np.tri(n, m, -1, dtype=np.int32))

    for n in range(4):
        for m in range(4):
            compare(patterns, (n, m))


def test_views_are_written_through():
    @thalweg.program
    def write(a):
        x, y = np.split(a, 2)
        x += 1
        np.rot90(y)[0, 0] = 50
        np.moveaxis(a, 0, 1)[2] = 7
        return a

    assert np.array_equal(write(np.zeros((4, 3))), write.f(np.zeros((4, 3))))


def test_refusals():
    @thalweg.program
    def widths(a):
        return np.pad(a, np.array([1, 2]))

    @thalweg.program
    def shifts(a):
        return np.roll(a, np.array([1, 2]), 0)

    for program in (widths, shifts):
        with pytest.raises(NotImplementedError) as caught:
            program(values((3, 3), "f8"))
        assert caught.value.code == "TW1085"
