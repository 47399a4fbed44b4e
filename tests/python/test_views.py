"""Views that are index maps: real and imaginary parts, repeated dimensions, diagonals; arrays as they are or copied."""

import numpy as np
import pytest

import thalweg
from support import agree, check, leaves, outcome
from tolerance import same_bits

COMPLEX = [np.arange(12.0).reshape(3, 4) * (1 - 2j) + 0.5, (np.arange(12.0).reshape(4, 3) * (2 + 1j)).T,
           (np.arange(24.0).reshape(3, 8) * (2 + 1j))[:, ::-2], np.zeros((0, 4), np.complex128),
           (np.arange(4.0).reshape(1, 4) - 3j).astype(np.complex64)]
REAL = [np.arange(12.0).reshape(3, 4), np.arange(20).reshape(4, 5).T, np.arange(9.0).reshape(3, 3)[::-1],
        np.zeros((0, 3)), np.ones((1, 1))]


def parts_are_read(z):
    return z.real + 1, np.imag(z) * 2, z.real @ z.imag.T, z.real.sum(axis=0), z.imag.T.copy(), np.real(z)[1:].copy()


def a_part_is_written(z):
    z.real[...] = 7
    z.imag[:, 1:] *= 3
    np.real(z)[:, ::2] += z.imag[:, ::2]
    return z * 1


def a_part_is_assigned(z):
    z.real = z.imag * 2
    z.imag += 1
    z[:, 1].real = 5
    return z.sum()


def a_name_sees_writes(z):
    x = z.real
    y = x[:, 1:].T
    z *= 2j
    x[:, 0] = 9
    return y + 0, x.copy()


def a_part_reads_another_place(z):
    z.real[:, 1:] = z.imag[:, :-1]
    z.imag[:, :-1] = z.real[:, 1:] + z.imag[:, 1:]
    z.real[...] = z.real[:, ::-1]
    return z[0:1] + 0


def made_of_parts(z):
    w = np.empty(z.shape, np.complex128)
    w.real = np.cos(z.real)
    w.imag = np.sin(z.real)
    return w, w.real[:1].copy()


def parts_in_loops_and_maps(z):
    x = z.real
    for i in range(z.shape[0]):
        x[i] = i * z.imag[i]
        for j in range(1, z.shape[1]):
            x[i, j] += x[i, j - 1]
    for i, j in thalweg.map[0:z.shape[0], 0:z.shape[1]]:
        z.imag[i, j] = x[i, j] * 2
    return x.sum()


def masks_and_indices_of_a_part(z):
    x = z.real
    x[x > 3] = -1
    x[:, np.array([0, 2])] *= 2
    return x[x < 0], x[:, np.array([1, 1])], np.where(x > 0, x, z.imag)


def private_parts_are_results(z):
    w = z * 2
    v = w + 1
    return w.real, w.imag, v.real.T, np.sum(v).real


@pytest.mark.parametrize("function", [
    parts_are_read, a_part_is_written, a_part_is_assigned, a_name_sees_writes, a_part_reads_another_place,
    made_of_parts, parts_in_loops_and_maps, masks_and_indices_of_a_part, private_parts_are_results])
def test_parts_of_complex_arrays(function):
    program = thalweg.program(function)
    for z in COMPLEX:
        expected = outcome(function, (z,))
        for run in (program, program.interpret):
            found = outcome(run, (z,))
            near = np.allclose if function in (parts_are_read, made_of_parts, a_part_is_assigned) else same_bits
            assert agree(found, expected, lambda a, b: np.shape(a) == np.shape(b) and near(a, b)), (found, expected)


def kept_in_a_branch(z, n):
    x = z.real
    if n > 2:
        x = z.imag
    return x + 1


def returned_after_broadcasting(z, n):
    return np.broadcast_arrays(z, z[0])


def returned_views(a):
    b = a * 2
    return (np.diagonal(a), np.diagonal(a, 1)[::2], np.broadcast_to(a[0:1], (3, a.shape[1])), np.einsum("ij->ji", a),
            np.diagonal(b), np.broadcast_to(b[None], (2,) + b.shape)[1], np.diag(a, -1), np.broadcast_to(3.5, (2, 2)))


def test_returned_views_are_as_in_numpy():
    program = thalweg.program(returned_views)
    for a in REAL[:3] + REAL[4:]:
        for run in (program, program.interpret):
            for k, (mine, theirs) in enumerate(zip(run(a), returned_views(a), strict=True)):
                np.testing.assert_array_equal(mine, theirs)
                assert mine.flags.writeable == theirs.flags.writeable, k
                assert np.shares_memory(mine, a) == np.shares_memory(theirs, a)


def diagonal_by_einsum(a):
    d = np.einsum("ii->i", a)
    d[...] = d + 10
    return d


def test_the_diagonal_of_einsum_can_be_written():
    program = thalweg.program(diagonal_by_einsum)
    for run in (program, program.interpret):
        a, b = np.arange(9.0).reshape(3, 3), np.arange(9.0).reshape(3, 3)
        found, expected = run(a), diagonal_by_einsum(b)
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(a, b)
        assert np.shares_memory(found, a) and found.flags.writeable


def returned_parts(z):
    w = z * 2
    return z.real, z[:, ::2].imag, w, w.imag, w.T.real, np.real(z)[0:1]


@pytest.mark.parametrize("kind", ["plain", "turned", "swapped"])
def test_returned_parts_share_memory_as_in_numpy(kind):
    z = {"plain": COMPLEX[0], "turned": COMPLEX[1], "swapped": COMPLEX[0].astype(">c16")}[kind]
    program = thalweg.program(returned_parts)
    for run in (program, program.interpret):
        found, expected = run(z), returned_parts(z)
        for k, (mine, theirs) in enumerate(zip(found, expected, strict=True)):
            np.testing.assert_array_equal(mine, theirs)
            assert mine.flags.writeable
            assert np.shares_memory(mine, z) == np.shares_memory(theirs, z)
            for size, stride, other in zip(mine.shape, mine.strides, theirs.strides):
                assert size == 1 or stride == other or not np.shares_memory(mine, z)
            for other, their_other in zip(found[k + 1:], expected[k + 1:]):
                assert np.shares_memory(mine, other) == np.shares_memory(theirs, their_other)


def reshaped_and_written(z, n):
    np.reshape(z.real, -1)[0] = 3


def written_through_broadcast_arrays(z, n):
    x, y = np.broadcast_arrays(z, z[0:1])
    y[0] = 3


@pytest.mark.parametrize("function, code", [
    (kept_in_a_branch, "TW1095"), (returned_after_broadcasting, "TW1095"),
    (reshaped_and_written, "TW1071"), (written_through_broadcast_arrays, "TW1095")])
def test_what_nothing_can_point_at_is_refused(function, code):
    with pytest.raises(thalweg.UnsupportedError) as caught:
        thalweg.program(function)(COMPLEX[0].copy(), 3)
    assert caught.value.code == code


def repeated_part(a, n):
    return np.broadcast_to(a[n:], (5,)) + 1


def test_whether_an_extent_is_repeated_must_be_known():
    program = thalweg.program(repeated_part)
    for n in (0, 4):
        np.testing.assert_array_equal(program(np.arange(5.0), n), repeated_part(np.arange(5.0), n))
    with pytest.raises(ValueError):
        program(np.arange(5.0), 2)
    with pytest.raises(thalweg.UnsupportedError) as caught:
        thalweg.program(repeated_numbers)(np.arange(5.0), 2)
    assert caught.value.code == "TW1096"


def repeated_numbers(a, n):
    return np.broadcast_to(a[a > n], (5,)) + 1


def without_ones(a, n):
    return np.squeeze(a[1:-1]), a[n:].squeeze(), np.squeeze(a[:, :n]), np.squeeze(np.zeros((max(0, a.shape[0] - 2), 3)))


def test_extents_of_one_are_dropped_wherever_the_slice_ends():
    program = thalweg.program(without_ones, strict=True)
    for rows in range(8):
        for columns in (1, 2, 5):
            for n in (-2, 0, 1, 3, 9):
                a = np.arange(1.0 * rows * columns).reshape(rows, columns)
                for found, expected in zip(program(a, n), without_ones(a, n), strict=True):
                    assert found.shape == expected.shape and np.array_equal(found, expected)


def test_squeeze_pins_no_extent():
    program = thalweg.program(np_squeeze, strict=True)
    for rows in range(2, 40):
        assert program(np.zeros((rows, 1))).shape == (rows,)
    assert len(program.builds) == 1


def np_squeeze(a):
    return np.squeeze(a)


def test_whether_a_dimension_of_chosen_elements_is_dropped_is_open():
    def chosen(a):
        return np.squeeze(a[a > 0])
    with pytest.raises(thalweg.UnsupportedError) as caught:
        thalweg.program(chosen, strict=True)(np.ones(3))
    assert caught.value.code == "TW1067"


def repeated(a):
    b = np.broadcast_to(a[0:1], (5, a.shape[1]))
    c = np.broadcast_to(a, (2,) + a.shape)
    return b + 1, c.sum(axis=0), np.broadcast_to(3.5, (2, 2)) * 2, c[1, 0:1].copy(), b.T.copy(), np.ones(5) @ b


def repeated_sees_writes(a):
    b = np.broadcast_to(a[0:1], (3, a.shape[1]))
    a[0:1] = 7
    return b[2:] * 1


def repeated_and_written(a):
    b = np.broadcast_to(a[0:1], (3, a.shape[1]))
    b[0] = 3


def repeated_to_no_shape_of_its_own(a):
    return np.broadcast_to(a, (a.shape[0] + 1, a.shape[1])) + 1


def several_repeated(a):
    x, y = np.broadcast_arrays(a, a[:, 0:1])
    return x * y, (x - y).sum()


def diagonals(a):
    d = np.diagonal(a)
    e = np.diagonal(a, 1)
    f = a.diagonal(-2)
    a *= 2
    return d * 1, e.sum(), f + 1, np.diagonal(a[None], 0, 1, 2).copy(), np.linalg.diagonal(a).copy(), d @ d


def diagonal_by_an_index(a):
    total = 0.0
    for k in range(-2, 3):
        total += np.diagonal(a, k).sum()
    return total, np.diagonal(a)[::2] * 3, np.outer(np.diagonal(a), np.diagonal(a))


def diagonal_and_written(a):
    np.diagonal(a)[...] = 3


def diagonal_into_its_matrix(a):
    n = min(a.shape[0], a.shape[1])
    a[0:1, :n] = np.diagonal(a)
    return a[:, 0:1] + np.diagonal(a)[0:1]


def as_they_are(a):
    b = np.asarray(a)
    b[0:1] = 5
    c = np.asarray(a, dtype=np.float32)
    c[0:1] = 6
    return b, c, np.asanyarray([1, 2.5, 3]), np.asarray((1, 2)) + 1, a.astype(a.dtype, copy=False)


def in_order(a):
    b = np.ascontiguousarray(a)
    c = np.asfortranarray(a)
    return b + 1, c.T + 1, np.ascontiguousarray(a.T) * 2


@pytest.mark.parametrize("function", [
    repeated, repeated_sees_writes, repeated_and_written, repeated_to_no_shape_of_its_own, several_repeated, diagonals,
    diagonal_by_an_index, diagonal_and_written, diagonal_into_its_matrix, as_they_are, in_order])
def test_views_and_copies(function):
    program = thalweg.program(function)
    for a in REAL:
        expected = outcome(function, (a,))
        for run in (program, program.interpret):
            found = outcome(run, (a,))
            assert agree(found, expected, lambda x, y: same_bits(np.asarray(x), np.asarray(y))), (found, expected)


def dense(a):
    return np.ascontiguousarray(a), np.asfortranarray(a), np.asarray(a)


def test_dense_arrays_share_memory_as_in_numpy():
    program = thalweg.program(dense)
    for a in REAL + [np.arange(24).reshape(2, 3, 4)[:, :, 1:], np.arange(5), np.arange(10)[::2]]:
        for mine, theirs in zip(program(a), dense(a), strict=True):
            assert np.shares_memory(mine, a) == np.shares_memory(theirs, a)
            assert (mine.flags.c_contiguous, mine.flags.f_contiguous) == (theirs.flags.c_contiguous, theirs.flags.f_contiguous)
            np.testing.assert_array_equal(mine, theirs)


def ranges(a, b, c):
    return np.arange(a, b, c), np.arange(b), np.arange(a, b)


@pytest.mark.parametrize("values", [
    (0.0, 1.0, 0.1), (1.0, 0.0, -0.3), (0.0, 1.0, -0.1), (0.1, 0.7, 0.2), (-0.0, 2.5, 1.25), (0.0, float("nan"), 1.0),
    (0.0, float("inf"), 1.0), (0.0, 1.0, 0.0), (1e300, 2e300, 3e299), (0, 10, 3), (10, 0, -4), (0, 5, -1), (3, 7, 0),
    (2, 2, 1), (0, 4.5, 1), (np.float64(0), np.float64(1), np.float64(0)), (np.int64(2), 9, 2)])
def test_ranges(values):
    check(ranges, values, lambda x, y: same_bits(np.asarray(x), np.asarray(y)))


def places(a):
    return *np.where(a > 3), *a.nonzero(), a.cumsum(), a.round(), a.conjugate()


def test_methods():
    for a in REAL[:3]:
        check(places, (a,), lambda x, y: same_bits(np.asarray(x), np.asarray(y)))
        assert len(leaves(thalweg.program(places)(a.copy()))) == 7
