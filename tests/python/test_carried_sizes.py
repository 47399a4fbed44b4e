"""Arrays whose size or stride changes from turn to turn of a loop, and names that mean arrays of an earlier turn."""

import numpy as np
import pytest

import thalweg
from support import check, check_sharing
from tolerance import same_bits


def tail_while(a, n):
    while len(a) > n + 1:
        a = a[1:]
    a[0] = -1
    return a


def shrinks_by_masks(a, n):
    z = a
    s = 0.0
    for i in range(n):
        z = z[z > i]
        if len(z):
            z[0] += 0.5
        s += z.sum()
    return z, s, len(z)


def several_by_one_mask(a, n):
    z = a * 1
    w = a
    k = 0
    for i in range(n):
        m = z < 7 - i
        z = z[m]
        w = w[m]
        k = len(z)
        z += w
        if k < 3:
            break
    return z, w, k


def neighbours_added(a, n):
    m = a.reshape(2, -1)
    for i in range(n):
        m = m[:, 1:] + m[:, :-1]
    return m, m.T


def grows(a, n):
    b = np.zeros(1)
    for i in range(n):
        b = np.concatenate((b, a[:i]))
        b[0] = i
    return b


def steps_or_rest(a, n):
    while a.size > 2:
        if n % 2 == 0:
            a = a[::2]
        else:
            a = a[1:]
        n += 1
    a += 1
    return a


def in_two_loops(a, n):
    for i in range(n):
        for j in range(i):
            a = a[a < 8 - j] + 0.25
        a = a[:-1] if len(a) > 1 else a
    return a


def views_exchanged(a, n):
    x = a
    y = a[:0]
    for i in range(n):
        x, y = x[1:], x[:i] * 2
    return x, y


def doubles(a, n):
    x = a[:2]
    for i in range(n):
        last = x
        x = np.concatenate((x, x))
    return x


def halves(a, n):
    total = 0
    parts = a
    while parts.shape[0] > 1:
        h = parts.shape[0] // 2
        parts = parts[:h] + parts[h:2 * h]
        total += h
    return parts[0], total


def made_anew_around(a, n):
    y = a[:1]
    for i in range(n):
        z = a
        for j in range(i):
            z = z[z < 8 - j] + 0.25
        y = np.concatenate((y, z))
    return y, a


def two_dimensions(a, n):
    m = a[:6].reshape(2, 3)
    t = m
    for i in range(n):
        t = np.vstack((t, m[:1] * i))
        m = np.hstack((m, m[:, :1]))[:, 1:]
    return t, m


def reversed_each_turn(a, n):
    q = a
    for i in range(n):
        q = q[::-1]
        q[0] += 1
    return q


def one_grows_one_shrinks(a, n):
    p = np.zeros(n)
    q = a
    while len(q) > 0:
        p = np.concatenate((p, q[-1:]))
        q = q[:-1]
        p[0] = len(q)
    return p, q


def earlier_turn(a, n):
    x = a
    last = a
    for i in range(n):
        last = x
        x = x + 1
    return last, x


def sizes_behind(a, n):
    x = a
    for i in range(n + 1):
        k = len(x)
        m = k * 2
        x = x[1:] + 1
    return k, m, x


def exchanged_and_made(a, n):
    x = a
    y = a[2:]
    for i in range(n + 1):
        x, y = y * 1, x[1:] * 1
    return y, x


def exchanged_parts(a, n):
    x = a[:4]
    y = a[2:]
    for i in range(n + 1):
        x, y = y, x
    x[0] = 9
    return y, x


def elements_behind(a, n):
    x = a
    for i in range(n + 1):
        k = x[0]
        m = k * 2
        x = x + 1
    return k, m, x


def part_behind(a, n):
    x = a
    for i in range(n + 1):
        r = x[1:]
        x[0] += 1
    return r, x


def earlier_array_written(a, n):
    x = a
    for i in range(n + 1):
        last, x = x, x + 1
        last[0] = 7
        y = last + x
    return y, x


def earlier_array_kept(a, n):
    x = a[:2]
    y = a
    for i in range(n):
        y = x
        x = np.concatenate((x, y))
    return x, y


def array_of_an_inner_loop_kept(a, n):
    y = a
    for i in range(n):
        for j in range(i):
            a = a[a < 8 - j] + 0.25
        if i == 1:
            y = a
    return a, y


def earlier_size_kept(a, n):
    x = a
    last = a
    for i in range(n):
        last = x
        x = x[1:] + 1
    return last, x


def earlier_array_behind(a, n):
    x = a
    for i in range(n):
        last = x
        x = x + 1
    return (last, x) if n else (x, x)


def earlier_size_behind(a, n):
    x = a
    for i in range(n + 1):
        last = x
        x = x[1:] + 1
    return last, x


def made_of_a_size_behind(a, n):
    x = a
    for i in range(n + 1):
        t = x * 2
        x = x[1:]
    return t, x


def exchanged_and_one_made(a, n):
    x = a[:4]
    y = a[2:]
    for i in range(n + 1):
        x, y = y + 1, x
    x[0] = 9
    return y, x


def view_or_made(a, n):
    x = a[:4]
    for i in range(n + 1):
        if i % 2:
            x = x[1:]
        else:
            x = np.concatenate((x, x))
            if i > 2:
                continue
        x[0] += 1
        if x[0] > 7:
            break
    return x


def earlier_array_in_a_tuple(a, n):
    x = a
    for i in range(n + 1):
        t = (x, x[0])
        x = x + 1
    return t[0], t[1]


FUNCTIONS = [
    tail_while, shrinks_by_masks, several_by_one_mask, neighbours_added, grows, steps_or_rest, in_two_loops,
    views_exchanged, doubles, halves, made_anew_around, two_dimensions, reversed_each_turn, one_grows_one_shrinks,
    earlier_turn, sizes_behind, exchanged_and_made, exchanged_parts, elements_behind, part_behind,
    earlier_array_written
]
# Refused: which array is meant would take keeping all of them.
REFUSED = [
    earlier_array_kept, array_of_an_inner_loop_kept, earlier_size_kept, earlier_array_behind, earlier_size_behind,
    made_of_a_size_behind, exchanged_and_one_made, view_or_made, earlier_array_in_a_tuple
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_as_numpy(function):
    program = check_sharing(function)
    assert len(program.builds) <= 4


@pytest.mark.parametrize("function", REFUSED, ids=lambda function: function.__name__)
def test_refused(function):
    with pytest.raises(thalweg.UnsupportedError, match=r"\[TW10(51|58)\]"):
        thalweg.program(function)(np.arange(10.0), 3)


def test_what_a_turn_makes_changes_places_with_what_is_kept():
    def halve(a, n):
        for _ in range(n):
            a = a[::2] + 1
        return a.sum()

    program = thalweg.program(halve)
    for length in (0, 1, 2, 9, 1000):
        for n in range(5):
            check(program, [np.arange(float(length)), n], same_bits)
    assert any("a_room = other" in build.c_text for build in program.builds)


def handed_to_another_name(a, c):
    for _ in c:
        a = np.repeat(a, 1, axis=0)
        c[-2] = 1
        c = a
    return c, a


def test_names_that_share_what_may_change_its_size_are_refused_or_cpythons():
    with pytest.raises(thalweg.UnsupportedError, match="hands on to its next turn"):
        thalweg.program(handed_to_another_name, strict=True)(np.ones(3), np.ones(3))
    with pytest.warns(thalweg.Notice):
        found = thalweg.program(handed_to_another_name, strict=False)(np.arange(3.0), np.ones(3))
    expected = handed_to_another_name(np.arange(3.0), np.ones(3))
    assert all(np.array_equal(f, e) for f, e in zip(found, expected)) and np.shares_memory(*found)
