"""Small programs that random ones were cut down to: loops, branches, and what is evaluated at all."""

import numpy as np
import pytest

import thalweg
from support import check
from tolerance import same_bits


def test_a_loop_that_never_runs_leaves_no_symbol_behind():
    def f(a, b):
        for k in range(b.shape[0] * 0):
            a[b[k]] = a[b[k] + 1]
        return a

    assert np.array_equal(thalweg.program(f)(np.ones(4), np.arange(3)), np.ones(4))


def test_an_array_of_a_branch_that_is_never_taken():
    """Its size is known only there; the name may mean it in the frontend's eyes."""
    def f(a, b, c):
        if 0.5 < -(-1.5):
            b[...] += 1
        else:
            c = np.fmax(np.where(a, c, 1.0), b)
        return c, b + 1

    a, b, c = np.ones(4) > 0, np.ones((8, 4)), np.zeros((8, 4))
    for mine, theirs in zip(thalweg.program(f)(a, b.copy(), c), f(a, b.copy(), c), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_continue_in_a_loop_that_carries_another_layout():
    """What is assigned on the way to the continue (the strides of the next turn) was lost."""
    def f(b):
        m = b.shape[1]
        for i in range(len(b)):
            b = np.abs(b)
            if m <= 3:
                continue
            b = b + 0.5
        return b

    for shape in (3, 3), (2, 3), (3, 2), (4, 5):
        b = np.asfortranarray(np.random.default_rng(0).normal(size=shape))
        np.testing.assert_array_equal(thalweg.program(f)(b), f(b))


def test_an_array_of_one_element_into_an_element_of_a_branch():
    """NumPy stores it into a bool, and before 2.4 into any number: a raise there would be another program."""
    def f(a, b):
        if b[0] > 0:
            a[0] = b > 1
        return a

    with pytest.raises(thalweg.CompileError, match="sequence"):
        thalweg.program(f)(np.zeros(3, bool), np.ones(1))


def test_a_symbol_of_what_is_never_reached():
    def f(a):
        v = a.reshape(-1)
        for i in (1, 2):
            if np.float32(-2.5) < 4.54:
                continue
            a[a >= -2] = np.floor_divide(3.59 * v, 7)
        return v

    np.testing.assert_array_equal(thalweg.program(f)(np.arange(4)), np.arange(4))


def test_the_type_of_a_chained_comparison_that_is_known():
    def f(a):
        return -0.59 >= 3.82 == a[0], 1.5 < 2.5 < a[0], 1.5 < 2.5 < 3.5

    for a in (np.arange(3.0), np.arange(3.0) + 7):
        for mine, theirs in zip(thalweg.program(f)(a), f(a), strict=True):
            assert mine == theirs and type(mine) is type(theirs)


def test_operands_of_logical_functions_are_all_evaluated():
    """np.logical_and is a function: its second operand raises though the first one is false."""
    def f(a):
        m = a.shape[0]
        return np.logical_and(np.int64(m), m % m)

    def g(a):
        m = a.shape[0]
        return np.where(m > 2, 1, 5 // m)

    for function in (f, g):
        program = thalweg.program(function)
        assert program(np.zeros(3)) == function(np.zeros(3))
        for run in (program, program.interpret):
            with pytest.raises(ZeroDivisionError):
                run(np.zeros(0))


def test_a_later_part_of_a_chain_is_not_asked_in_vain():
    def f(a, p):
        return p == -0.5 < a[0]

    with pytest.raises(thalweg.UnsupportedError) as caught:
        thalweg.program(f)(np.zeros(0), 1.0)
    assert caught.value.code == "TW1020"


def imaginary_parts(a):
    return np.imag(a)


def test_what_cannot_be_written_stays_so_behind_a_loop():
    def f(a, b):
        for _ in range(3):
            b = np.maximum(a, 2).imag
        b[:] = 5
        return b

    with pytest.raises(ValueError, match="read-only"):
        f(np.arange(3), np.arange(3))
    with pytest.raises(thalweg.UnsupportedError, match="TW1095"):
        thalweg.program(f, strict=True)(np.arange(3), np.arange(3))
    with pytest.raises(ValueError, match="read-only"), pytest.warns(thalweg.Notice):
        thalweg.program(f, strict=False)(np.arange(3), np.arange(3))
    assert not thalweg.program(imaginary_parts)(np.arange(3)).flags.writeable


def shortened_where_long(a, b):
    if len(a) > 3:
        c = a[:-4] * 2
        b += 1
        a[:len(c)] = c
    for i in range(len(b) - 2):
        d = b[i:-2] + 1
        b[i] = d.sum()
    return a, b


def test_sizes_of_what_is_made_in_a_branch_say_nothing_outside():
    for n in range(9):
        check(shortened_where_long, (np.arange(float(n)), np.arange(2 * n)), same_bits)


def unused_item_raises(a, p):
    return [a, np.uint32(2) + p][0]


def unused_item_looks(a, p):
    return [np.where(a[np.array([0, p])], 1, a[0]), a][1]


def unused_value_looks(a, p):
    return {"x": a[np.array([0, p])] + 1, "y": a}["y"]


def length_of_what_raises(a, p):
    return len([a, 1 // (p + 3)])


def class_of_what_raises(a, p):
    return isinstance(1 // (p + 3), int)


def type_of_what_raises(a, p):
    return (np.uint32(2) + p).dtype == np.uint32


@pytest.mark.parametrize("function", [unused_item_raises, unused_item_looks, unused_value_looks, length_of_what_raises,
                                      class_of_what_raises, type_of_what_raises])
def test_what_is_not_used_raises_all_the_same(function):
    program = thalweg.program(function)
    for p in (5, -3):
        try:
            expected = function(np.arange(3.0), p)
        except (ArithmeticError, IndexError) as error:
            with pytest.raises(type(error)):
                program(np.arange(3.0), p)
        else:
            assert np.array_equal(program(np.arange(3.0), p), expected)


def known_break(a, b):
    k = b.shape[0]
    for i in range(len(b)):
        a = b + 1
    for i in range(len(b)):
        a[0] = 1
        if (0 > k) != 2.19:
            break
        a[-1:1:3, 0] -= 1
    return a


def test_what_follows_a_break_that_is_always_taken():
    b = np.arange(9.0).reshape(3, 3)
    assert np.array_equal(thalweg.program(known_break)(b.copy(), b), known_break(b.copy(), b))


def rows_of_the_rest(a):
    return a.reshape(len(a), -1)


def test_unknown_extent_beside_none():
    program = thalweg.program(rows_of_the_rest)
    assert program(np.ones(3)).shape == (3, 1)
    with pytest.raises(ValueError, match="cannot reshape"):
        program(np.ones(0))


def order_by_a_condition_first(a):
    return np.lexsort((a, a > 0))


def test_exchanged_memory_is_taken_after_the_exchange():
    a = np.array([-1.62, -0.415, 3, 2, -5, 0])
    assert np.array_equal(thalweg.program(order_by_a_condition_first)(a), order_by_a_condition_first(a))


def later_part(k):
    return k == 2 < 1j


def right_side(k):
    return k == 2 and (2 < 1j)


def one_of_two(k):
    return 2 < 1j if k == 2 else False


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", [later_part, right_side, one_of_two])
def test_an_operand_that_raises_raises_where_it_is_asked(function):
    with pytest.raises(thalweg.UnsupportedError) as caught:
        thalweg.program(function, strict=True)(3)
    assert caught.value.code == "TW1020"
    with pytest.warns(thalweg.Notice):
        assert thalweg.program(function, strict=False)(3) is False
    with pytest.raises(TypeError, match="not supported between instances of"):
        thalweg.program(function, strict=False)(2)


def last_half(a, c):
    v1 = a[-1, 3:]
    v2 = v1
    for i in range(c.shape[0]):
        v2 = np.array_split(np.block([v1, v1, np.ones(i)]), 2, axis=0)[-1]
    return v1 + v2[:len(v1)], v2


@pytest.mark.parametrize("columns", [2, 3, 4, 5])
def test_the_room_has_the_size_of_this_turn(columns):
    a = np.arange(1.0 * columns).reshape(1, columns)
    for turns in (0, 1, 2, 5):
        check(thalweg.program(last_half), (a, np.ones(turns)), same_bits)


def a_zero_divided(p):
    return 0 / (-2), -2 * (False / (-2)), p * (0 / (-2)), 0 / -10 ** 30, False / 10 ** 30


def test_zero_divided_by_a_negative_constant_is_negative():
    for p in (2, -2):
        check(a_zero_divided, (p,), same_bits)


def copied_then_overwritten(a, p):
    if p > 2:
        a = a * 2
    b = a.reshape(-1)
    for i in (1, 2, 3):
        b = b.astype(np.float64)
        a[-4:] = 1
    return b, a


def test_a_copy_of_a_copy_is_made_before_what_it_copies_changes():
    for p in (3, 1):
        check(copied_then_overwritten, (np.arange(5.0).reshape(1, 5) + 3, p), same_bits)


def buffers_of_an_attempt(a, p):
    v1 = a - a
    v3 = a * p
    v4 = a * p
    for i in range(len(a)):
        a = np.where(128 > i, a, v4 > 0)
        v4 = v3 + 0
        v3 = v3[v3 != p]
    if len(a) > 3:
        v1 = a
    return v1


def test_an_attempt_of_a_loop_leaves_no_buffers_behind():
    """That arrays are of one size was no longer assumed, but the array of their generations still stood in the graph."""
    for a in (np.arange(7), np.array([2, 3, 1, 4]), np.array([5])):
        check(thalweg.program(buffers_of_an_attempt), (a, 1.5), same_bits)
    with pytest.raises(ValueError, match="could not be broadcast"):
        thalweg.program(buffers_of_an_attempt)(np.arange(7), 2.0)
