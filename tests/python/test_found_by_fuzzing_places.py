"""Small programs that random ones were cut down to: masks, index arrays and what is in bounds."""

import numpy as np
import pytest

import thalweg
from support import check
from tolerance import same_bits


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


def clipped_places(a):
    return np.take(a, [7, -9], axis=1, mode="clip")


def test_places_where_nothing_is_taken():
    assert thalweg.program(clipped_places)(np.zeros((0, 0, 2))).shape == (0, 2, 2)
    with pytest.raises(IndexError):
        thalweg.program(clipped_places)(np.zeros((1, 0, 2)))


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


def steps_of_the_same_sign(a, n):
    a[::2] = a[:3]
    b = a * 2
    b[n::-2] = b[2::-1]
    return b


def test_a_slice_is_read_before_another_one_is_written():
    """NumPy 2.4 gives [0, 1, 1, 3, 1]: it reads what it has written (docs/runtime.md)."""
    a = np.arange(5)
    assert list(thalweg.program(steps_of_the_same_sign)(a, 5)) == [0, 2, 2, 6, 2] and list(a) == [0, 1, 1, 3, 2]
