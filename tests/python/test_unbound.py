"""Names that a loop binds which did not run: UnboundLocalError where they are read, nothing where they are not."""

import re

import numpy as np
import pytest

import thalweg
from support import check, outcome
from tolerance import same_bits


def last_index(n):
    for i in range(n):
        pass
    return i


def last_value(a, n):
    for i in range(n):
        x = a[i] * 2
    return x


def last_array(a, n):
    for i in range(n):
        t = a * i
    return t


def read_only_if(a, n, flag):
    for i in range(n):
        x = a[i]
    if flag:
        return x
    return a[0]


def two_reads(a, n):
    for i in range(n):
        x = a[i]
    y = x + 1.0
    return y + x


def while_loop(a, n):
    k = 0
    while k < n:
        x = a[k]
        k += 1
    return x


def endless(a, n):
    k = 0
    while True:
        x = a[k]
        k += 1
        if k >= n:
            break
    return x


def nested(a, n, m):
    for i in range(n):
        for j in range(m):
            x = a[j] + i
    return x


def inside(a, n, m):
    s = 0.0
    for i in range(n):
        for j in range(m):
            x = a[j] + i
        s += x
    return s


def second_loop(a, n, m):
    for i in range(n):
        x = a[i]
    for j in range(m):
        x = 3.0
    return x


def downwards(a, n):
    for i in range(n - 1, -1, -1):
        x = a[i]
    return x, i


def stepped(a, start, stop, step):
    for i in range(start, stop, step):
        x = a[i]
    return x, i


A = np.arange(6.0) + 1


@pytest.mark.parametrize("function, arguments", [
    (last_index, [0]), (last_index, [1]), (last_index, [5]), (last_value, [A, 0]), (last_value, [A, 3]), (last_array, [A, 0]),
    (last_array, [A, 2]), (read_only_if, [A, 0, False]), (read_only_if, [A, 0, True]), (read_only_if, [A, 2, True]),
    (two_reads, [A, 0]), (two_reads, [A, 4]), (while_loop, [A, 0]), (while_loop, [A, 3]), (endless, [A, 1]), (endless, [A, 4]),
    (nested, [A, 0, 2]), (nested, [A, 2, 0]), (nested, [A, 2, 3]), (inside, [A, 0, 0]), (inside, [A, 2, 0]), (inside, [A, 2, 2]),
    (downwards, [A, 0]), (downwards, [A, 4]), (stepped, [A, 4, 0, -2]), (stepped, [A, 0, 4, 3]), (stepped, [A, 0, 4, -1]),
    (stepped, [A, 4, 0, 1]), (second_loop, [A, 2, 0]), (second_loop, [A, 2, 2]),
], ids=lambda value: getattr(value, "__name__", None))
def test_equals_cpython(function, arguments):
    check(function, arguments, same_bits)


def test_line_and_message():
    program = thalweg.program(last_value)
    with pytest.raises(UnboundLocalError, match="cannot access local variable 'x' where it is not associated with a value") as caught:
        program(A, 0)
    line = last_value.__code__.co_firstlineno + 3
    assert re.search(rf"test_unbound\.py.*\b{line}\b", str(caught.value)), str(caught.value)
    assert isinstance(caught.value, NameError)
    assert same_bits(program(A, 2), 4.0 + 0 * A[0])


def sometimes(a, n):
    s = 0.0
    for i in range(n):
        for j in range(i % 2):
            x = a[i]
        s += x
    return s


def only_in_branch(a, flag):
    if flag:
        x = a[0]
    return x


@pytest.mark.parametrize("function, argument", [(sometimes, 3), (only_in_branch, True)])
def test_what_cannot_be_told_is_refused(function, argument):
    with pytest.raises(UnboundLocalError) as caught:
        thalweg.program(function)(A, argument)
    assert isinstance(caught.value, thalweg.CompileError) and caught.value.code == "TW1002"


def keeps_the_last(n):
    t = 0.0
    for i in range(n):
        old = t
        t = t + 1.0
    return old, t


def keeps_the_last_of_inner_loops(n):
    t = 0.0
    for j in range(n):
        for i in range(n):
            old = t
            t = t + 1.0
        t = t * 2
    return old, t


def keeps_it_in_a_tuple(n):
    t = 0.0
    for i in range(n):
        old = (t, 1)
        t = t + 1.0
    return old, t


@pytest.mark.parametrize("function", [keeps_the_last, keeps_the_last_of_inner_loops])
def test_a_number_that_was_taken_before_it_changed(function):
    for n in (1, 2, 3):
        assert thalweg.program(function)(n) == function(n)


def test_such_a_number_in_a_tuple_is_refused():
    with pytest.raises(thalweg.CompileError, match="holds a number that the loop changes"):
        thalweg.program(keeps_it_in_a_tuple)(3)
