"""One small program for each rule of meaning that is easily got wrong; tests/planted_faults.txt breaks them in turn."""

import dataclasses

import numpy as np
import pytest

import thalweg
from support import agree, check, outcome
from tolerance import same_bits

RULES = {}


@dataclasses.dataclass
class Held:
    x: float
    y: float


def rule(*arguments):
    """Calls of the function below; each must do what NumPy does, its exception included."""
    return lambda function: RULES.setdefault(function.__name__, (function, arguments))


def reals(*shape, dtype=np.float64):
    return np.random.default_rng(11).standard_normal(shape).astype(dtype)


@rule([reals(9)], [reals(1)])
def scalars_leave_a_loop(a):
    total = a[0]
    for i in range(a.shape[0]):
        total = total * 0.5 + a[i]
    return total


@rule([7, 2], [-7, 2], [7, 0])
def division_by_zero_raises(n, m):
    return n // m


@rule([7, 2], [7, 0])
def nested_division_by_zero_raises(n, m):
    return (n // m) * 2 + 1


@rule([reals(6), reals(6), 0], [reals(6), reals(6), 3], [reals(6), reals(6), 4])
def swapped_arrays(a, b, steps):
    for _ in range(steps):
        b[:] = a * 2 + 1
        a, b = b, a
    return a


@rule([reals(4), reals(4), reals(4), 1], [reals(4), reals(4), reals(4), 5])
def rotated_arrays(a, b, c, steps):
    for _ in range(steps):
        a[0] += 1
        c[1] += 2
        a, b, c = b, c, a
    return a, b, c


@rule([reals(6), reals(9)], [reals(12), reals(9)])
def bounds_divide_downwards(a, b):
    return a[(a.shape[0] - b.shape[0]) // 2:] * 2


@rule([reals(6), reals(9)], [reals(12), reals(9)])
def bounds_have_a_modulo_of_python(a, b):
    return a[(a.shape[0] - b.shape[0]) % 4:] * 2


@rule([reals(200, dtype=np.float32)])
def constants_have_the_type_of_the_array(a):
    return a / 0.3 + 0.1


@rule([reals(9), reals(9) * 3, reals(9) * 7])
def parentheses_stay(a, b, c):
    return a - (b - c)


@rule([np.array([1.0, np.nan, 2.0]), np.array([np.nan, 1.0, 3.0])])
def minimum_keeps_nan(a, b):
    return np.minimum(a, b), np.maximum(a, b)


@rule([np.array([0.5, 0.0, -0.25, np.nan]), np.zeros(4, dtype=bool)])
def fractions_are_true(a, out):
    out[:] = a
    return np.logical_not(a)


@rule([reals(9), np.zeros(9)])
def loops_step_down(a, out):
    total = a[0]
    for i in range(8, -1, -3):
        total = total * 0.5 + a[i]
        out[i] = total


@rule([reals(5), 4], [reals(5), 5], [reals(5), -1], [reals(5), -5], [reals(5), -6])
def indices_wrap_once(a, i):
    return a[i]


@rule([reals(5), np.array([0, -1, 4, -5])], [reals(5), np.array([0, 5])])
def gathered_indices_wrap_once(a, index):
    return a[index]


@rule([reals(5), 3], [reals(5), 9], [reals(5), -2], [reals(5), -9])
def slices_are_clamped(a, k):
    return a[:k] * 2, a[k:] * 2


@rule([np.arange(12.0).reshape(3, 4)], [np.arange(8.0).reshape(4, 2)])
def axes_count_from_the_end(a):
    return np.sum(a, axis=-1), np.max(a, axis=-2)


@rule([reals(3), reals(3)], [reals(3), reals(4)], [reals(3), reals(1)], [reals(1), reals(3)])
def shapes_must_fit(a, b):
    b[:] = a


@rule([np.arange(12.0).reshape(3, 4)])
def means_are_over_every_axis(a):
    return np.mean(a)


@rule([reals(5), 3], [reals(5), 5], [reals(5), 6])
def branches_know_their_own_side(a, k):
    if k < a.shape[0]:
        x = a[0]
    else:
        x = a[k]
    return x


@rule([reals(2), 0], [reals(2), 1], [reals(2), 9])
def names_change_together(a, n):
    x = a[0]
    y = a[1]
    for _ in range(n):
        t = x + y
        x = y
        y = t
    return x


@rule([reals(2), 0], [reals(2), 1], [reals(2), 2])
def names_are_exchanged_through_a_third(a, n):
    x = a[0]
    y = a[1]
    for _ in range(n):
        t = x
        x = y
        y = t
    return x, y


@rule([reals(2), 0], [reals(2), 1], [reals(2), 2])
def tuples_are_taken_before_names_change(a, n):
    x = a[0]
    y = a[1]
    for _ in range(n):
        x, y = y, x
    return x, y


@rule([reals(2), 0], [reals(2), 3])
def fields_are_carried_by_loops(a, n):
    held = Held(a[0], a[1])
    for _ in range(n):
        held.x, held.y = held.y, held.x + 1.0
    return held.x, held.y


@rule([reals(9), 3], [reals(9), 4])
def positions_change_together(a, n):
    i = 0
    j = 8
    for _ in range(n):
        a[i] = a[j] + 1
        i, j = j - 1, i + 1
    return i


@rule([reals(6)])
def tuples_are_read_before_they_are_written(a):
    a[0], a[1] = a[1], a[0]
    a[2:4], a[4:6] = a[4:6], a[2:4]


@rule([reals(9)])
def overlapping_slices_are_read_first(a):
    a[1:] = a[:-1] * 2
    a[:-1] += a[1:]


@rule([reals(9)])
def temporaries_that_are_returned_stay_whole(a):
    t = a * 2
    u = t + 1
    return t, u


@rule([reals(40), np.zeros(40), np.zeros(40)])
def neighbours_are_computed_before_they_are_read(a, b, c):
    b[1:-1] = a[1:-1] * 2
    c[1:-1] = b[:-2] + b[2:]


@rule([reals(20), 3], [reals(20), 1])
def masked_arrays_are_born_anew(a, n):
    total = 0.0
    for k in range(n):
        x = a[a > k - 1]
        total += np.sum(x) + x.shape[0]
    return total


@rule([reals(3), 4], [reals(3), 2**50])
def ways_not_taken_need_no_memory(a, n):
    if n < 100:
        a = a + np.ones(n).sum()
    return a


@rule([np.arange(36.0).reshape(6, 6), np.arange(6.0)])
def memory_is_taken_from_what_is_dead(a, x):
    s = a * 2
    y = s @ x
    t = a * 3
    z = t @ y + s @ x
    u = a * 4
    return u @ z + t @ x


@rule([reals(9, 7), reals(9, 7)], [reals(3, 1), reals(3, 1)], [reals(0, 3), reals(0, 3)], [reals(6, 0), reals(6, 0)])
def recurrences_along_rows(a, b):
    for i in range(a.shape[0]):
        for j in range(1, a.shape[1]):
            a[i, j] += a[i, j - 1]
    for i in range(b.shape[0]):
        for j in range(b.shape[1] - 3, -1, -1):
            b[i, j] = b[i, j + 2] - 0.5 * b[i, j + 1] + j


@rule([reals(11, 11), np.zeros(11)], [reals(2, 2), np.zeros(2)])
def sums_of_triangles(a, b):
    for i in range(a.shape[0]):
        total = 0.0
        for j in range(i + 1):
            total += a[i, j]
        b[i] = total
    for i in range(a.shape[0]):
        total = 0.0
        for j in range(a.shape[1]):
            total = total * 0.5 + a[i, j] * b[j]
        a[i, i] = total


@rule([reals(4, 5), np.zeros((5, 6))])
def copies_read_their_source(a, b):
    b[1:4, 2] = a[2, :3]
    b[0, 1:5] = a[:, 4]


@pytest.mark.parametrize("name", sorted(RULES))
def test_rule(name):
    function, calls = RULES[name]
    program = thalweg.program(function)
    for arguments in calls:
        expected = outcome(function, arguments)
        for run in (program, program.interpret):
            found = outcome(run, arguments)
            assert agree(found, expected, same_bits), f"{arguments}: {found}, NumPy: {expected}"


def test_updates_keep_the_kind():
    def update(a, b):
        a += b

    program = check(update, [reals(4), np.arange(4)], same_bits)
    for run in (program, update):
        with pytest.raises(TypeError):
            run(np.arange(4), reals(4))


def test_counts_meet():
    """Iterations of a map that meet in one element, enough of them for all threads."""
    @thalweg.program
    def histogram(index, counts):
        for i in thalweg.map[0:index.shape[0]]:
            counts[index[i]] += 1

    index, counts = np.random.default_rng(5).integers(0, 3, 400_000), np.zeros(3, dtype=np.int64)
    histogram(index, counts)
    assert same_bits(counts, np.bincount(index))


def test_arguments_overlap():
    def shifted(a, b):
        b[:] = a * 2
        b[1:] += a[:-1]

    program = thalweg.program(shifted)
    for first, second in ((slice(0, 8), slice(1, 9)), (slice(1, 9), slice(0, 8)), (slice(0, 8), slice(0, 8))):
        x, y = reals(9), reals(9)
        program(x[first], x[second])
        shifted(y[first], y[second])
        assert same_bits(x, y)
