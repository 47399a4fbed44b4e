"""Names and the kinds of their values where the way taken decides: cut down from random programs that once differed from NumPy."""

import itertools
import math

import numpy as np
import pytest

import thalweg
from support import check, function_from
from tolerance import same_bits


def variable_of_two_loops(b, c):
    for i in range(len(b)):
        b = b - 1
    v = c[0] * 0
    for i in range(1, c.shape[1]):
        v = v - c[i]
    return v, i


def variable_of_a_branch_and_a_loop(b, c):
    if len(b) > 0 and b[0, 0] > 0:
        i = 7
    for i in range(1, c.shape[1]):
        b = b - 1
    return b, i


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", [variable_of_two_loops, variable_of_a_branch_and_a_loop])
def test_bound_by_what_came_before_a_loop_that_does_not_run(function):
    program = thalweg.program(function, strict=False)  # behind a branch: CPython knows
    for rows, columns in itertools.product((0, 1, 3, 0), (1, 2, 3)):
        b, c = np.ones((rows, 2)), np.ones((5, columns))
        try:
            expected = function(b, c)
        except UnboundLocalError:
            with pytest.raises(UnboundLocalError):
                program(b, c)
            continue
        found = program(b, c)
        assert np.array_equal(found[0], expected[0]) and found[1] == expected[1]


def python_s_behind_a_while(a, n, q):
    x = 1
    for x in range(len(a)):
        x = a[0]
    while n < 0:
        n += 1
        x = -3
    return x, n


def numpy_s_after_a_sum(a, n, q):
    s = 0.0
    while n < 3:
        s += q[n]
        n += 1
    return s + 1.0, s


def python_s_in_a_branch(a, n, q):
    x = 2.0
    if len(a) > 1 and q[0] > 0:
        x = q[0]
    for k in range(len(a)):
        if a[k] > n:
            x = q[k]
        elif a[k] < 0:
            x = 7.0
    return x


def sums_of_a_triangle(a, n, q):
    s = 0.0
    for i in range(n):
        for j in range(i):
            s += q[j]
    return s


def by_each_turn(a, n, q):
    x = y = 1.5
    for k in range(len(a)):
        if a[k] > 0:
            x = y
        y = q[k] if a[k] > 1 else 2.5
    return x, y


@pytest.mark.parametrize("function", [python_s_behind_a_while, numpy_s_after_a_sum, python_s_in_a_branch,
                                      sums_of_a_triangle, by_each_turn])
def test_scalars_of_python_and_of_numpy_by_the_way_taken(function):
    program = thalweg.program(function)
    q = np.array([2.5, -1.5, 0.5, 4.0])
    for a in ([], [0, 2], [1], [1, 2, 3], [2, 1, -1], [-1, 2, 1, 2], [0, 0]):
        for n in (-2, 0, 1, 2, 3):
            a = np.array(a, np.int64)
            assert repr(program(a, n, q)) == repr(function(a, n, q))
            assert repr(program.interpret(a, n, q)) == repr(function(a, n, q))


def variable_of_loops_that_are_gone(a):
    for i in range(1, a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] = a[i, j]
    return a[0] + np.square(np.fmin(False, j) + 0 + np.diff(a, axis=1))


def test_what_is_behind_a_check_that_never_holds():
    program = thalweg.program(variable_of_loops_that_are_gone)
    for shape in ((1, 5), (2, 2), (3, 2)):
        check(program, (np.ones(shape),), same_bits)


def bound_where_it_breaks(a, n):
    for k in range(len(a)):
        if a[k] > n:
            y = k
            break
    return y, n


def bound_where_it_goes_on(a, n):
    for k in range(len(a)):
        if a[k] > n:
            continue
        y = k * 2
    return y, n


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", [bound_where_it_breaks, bound_where_it_goes_on])
def test_bound_on_some_ways_through_a_loop(function):
    program = thalweg.program(function, strict=False)
    for a in ([1, 2, 3], [], [0], [3], [2, 1], [1, 2]):
        for n in (0, 1, 5):
            a = np.array(a, np.int64)
            try:
                expected = function(a, n)
            except UnboundLocalError:
                with pytest.raises(UnboundLocalError):
                    program(a, n)
                continue
            assert program(a, n) == expected


def out_of_bounds_beside_one_element(a, b, c):
    for i in range(len(a)):
        y = c + a
        x = b[-2]
        a = c
        b = a * 1.0
    return a


def test_a_loop_that_raises_where_another_extent_is_one():
    program = thalweg.program(out_of_bounds_beside_one_element)
    with pytest.raises(IndexError):
        program(np.ones(2), np.ones(1), np.ones(1))
    check(out_of_bounds_beside_one_element, (np.ones(2), np.ones(2), np.ones(2)), same_bits)
    check(out_of_bounds_beside_one_element, (np.ones(0), np.ones(1), np.ones(1)), same_bits)


def wrong_where_it_runs(a, b):
    for i in range(b.shape[0] - 1):
        x = a[a > 1] + a
        a = a + b
    return a


def carries_where_it_runs(a, b):
    for i in range(b.shape[0] - 1):
        x = a.nonzero()[0] + a
        a = 2.0 * b
    return a


@pytest.mark.parametrize("function", [wrong_where_it_runs, carries_where_it_runs])
def test_a_loop_that_does_not_run_raises_nothing(function):
    for n in (0, 1, 3):
        check(function, (np.ones(n), np.ones(n, np.uint16)), same_bits)
        check(function, (np.zeros(n), np.ones(n, np.uint16)), same_bits)


def wrong_after_some_turns(a, k):
    n = int(a[0])
    for i in range(n):
        a = a + np.ones(k)
    return a


@pytest.mark.filterwarnings("ignore")
def test_a_loop_of_unknown_length_raises_where_it_runs():
    program = thalweg.program(wrong_after_some_turns, strict=False)
    assert np.array_equal(program(np.zeros(3), 4), np.zeros(3))
    with pytest.raises(ValueError):
        program(np.ones(3), 4)


def both_of_two(a, b):
    return a[0] > 1 and bool(b), bool(b) and a[0] > 1


def one_of_them(a, b):
    return a[0] > 1 or bool(b), bool(b) or a[0] > 1


def chained(a, b):
    return 0 < b < a[0], 0 < a[0] < b < 3


def right_side_of_its_own(a, b):
    return b > 1 and a[b] > 1 and b < 2, (a[0] > 1 or b > 1) and (b > 0 or a[1] > 1)


def in_a_loop(a, b):
    v = a[0] > 1 and bool(b)
    for i in range(b):
        v = v or i > 1
    return v, not (b > 0 and a[0] > 1)


@pytest.mark.parametrize("function", [both_of_two, one_of_them, chained, right_side_of_its_own, in_a_loop])
def test_truths_of_python_and_of_numpy_by_the_way_taken(function):
    program = thalweg.program(function, strict=True)
    for a in itertools.product((0.0, 2.0, 3.0), repeat=3):
        for b in (0, 1, 2):
            assert repr(program(np.array(a), b)) == repr(function(np.array(a), b)), (a, b)


UNSURE = ["(round(z) / 2) if a.size else 1.5", "1.5 if a.size == 0 else round(z)", "a.size > 0 and round(z) > 1", "a.size == 0 or round(z)",
          "0 == q < (True >> p)", "q < 0 < (1 >> p)", "5 < q < a[p]"]


@pytest.mark.parametrize("expression", UNSURE)
def test_what_raises_where_the_program_does_not_come(expression):
    """It is refused, or raises only there."""
    function = function_from(f"import numpy as np\n\ndef f(a, z, p, q):\n    w = {expression}\n    return w\n", f"<{expression}>")
    program = thalweg.program(function, strict=True)
    for a, p, q in itertools.product((np.zeros(0), np.ones(2)), (-1, 1), (2.0, 7.0)):
        arguments = a, np.array(2), p, q
        try:
            expected = repr(function(*arguments))
        except (TypeError, ValueError, IndexError) as error:
            expected = type(error)
        try:
            found = repr(program(*arguments))
        except thalweg.UnsupportedError as error:
            assert error.code == "TW1020"
            continue
        except (TypeError, ValueError, IndexError) as error:
            found = type(error)
        assert found == expected


def real_parts(z, p):
    return math.sqrt(z), math.floor(z), math.ceil(z), math.atan2(z, 1.0), math.log(z, 2.0), p + math.fabs(z)


@pytest.mark.filterwarnings("ignore")
def test_the_math_module_takes_real_parts_of_complex_scalars():
    check(real_parts, (np.complex128(2.5 + 1j), 3), same_bits)
    check(real_parts, (np.complex64(2.5 - 1j), 3), same_bits)
    with pytest.raises(TypeError):
        thalweg.program(real_parts)(2.5 + 1j, 3)


def one_or_100(a):
    x = a.sum() * 2 if a.sum() > np.int8(2) else 100
    return x


def test_a_complex_scalar_or_an_int():
    for a in (np.zeros(0, complex), np.array([3 + 1j])):
        check(one_or_100, (a,), same_bits)
