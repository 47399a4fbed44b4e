"""Objects of dataclasses, named tuples and lists in programs: results, and what the caller finds changed."""

import copy
import warnings
from dataclasses import replace

import numpy as np
import pytest

import thalweg
from structure_classes import A, Child, Derived, Factories, FrozenDerived, Grid, Pair, Plain, Point, Sim, Slots, check, grid, sim


# ---- reading

def reads_fields(g):
    return g.u * g.dx + g.n


def calls_methods(g):
    return g.scaled(2.0), g.half, g.twice(3.0), Grid.twice(g.dx), g.GAMMA + Grid.GAMMA, Grid.scaled(g, 3.0)


def sizes_and_choices(g):
    z = np.zeros(g.n)
    if g.n > 2:
        z[0] = g.dx
    return z


def of_two(g, h):
    return g is h, g is not h, g is None, g.dx + h.dx, isinstance(g, Grid), isinstance(g, (int, Point)), bool(g)


def of_frozen(p):
    return p.norm(), p.moved(1.0), p.swapped(), p(3.0)


def of_slots(s):
    return s.y * s.x


def of_nested(s):
    return s.grid.u + s.grid.half + s.t


@pytest.mark.parametrize("function", [reads_fields, calls_methods, sizes_and_choices])
def test_fields_methods_and_properties(function):
    check(function, grid())


def test_other_classes():
    check(calls_methods, Child(0.5, A))
    check(of_frozen, Point(3.0, 4.0))
    check(of_slots, Slots(2.0, A))
    check(of_nested, sim())


def test_one_object_or_two():
    both = grid()
    check(of_two, grid(), grid())
    program = thalweg.program(of_two, strict=True)
    assert program(both, both) == of_two(both, both)
    assert program(both, grid())[0] is False and len(program.builds) == 2


# ---- assigning

def assigns(g):
    g.dx = 2.0
    return g.u * g.dx


def assigns_other_types(g):
    g.u = np.zeros(3)
    g.n = 2.5
    g.dx = None
    g.text = "yes"


def through_a_property(g):
    g.half = 4.0
    g.half += 1.0
    return g.half


def by_methods(g):
    g.run(3)
    return g.step(0.5)


def early(g, x):
    return g.early(x)


def seek(g, x):
    return g.seek(x)


def of_parts(s, n):
    for i in range(n):
        s.a[:] = s.b + 1
        s.swap()
        s.t += 0.5
    s.grid.dx = 3.0
    s.grid.step(0.5)
    return s.grid


def aliased(g):
    h = g
    h.n = 9
    h.u[0] = 5.0
    return g.n, h


def keeps_the_old_value(g, n):
    old = -1.0
    for i in range(n):
        old = g.dx
        g.dx = g.dx + 1.0
    return old


def while_it_is_small(g, limit):
    while g.dx < limit:
        g.dx += 1.0
    return g.dx


def in_one_branch(g, x):
    if x > 0:
        g.n = 1
    else:
        g.u[0] = 7.0


def leaves_a_loop(g, n):
    for i in range(n):
        if i == 2:
            return g.dx
        g.dx = g.dx + 1.0
    return 0.0


def returns_the_old_one(g, n):
    for i in range(n):
        old = g.dx
        g.dx = old + 1.0
        if g.dx > 2.0:
            return old
    return 0.0


def returns_what_was_exchanged(s, limit):
    for i in range(3):
        if s.t > limit:
            s.swap()
            return s.a, s.t
        s.t += 1.0
    return s.b, s.t


def shortens(g, n):
    for i in range(n):
        g.u = g.u[1:]
        if len(g.u) < 3:
            return len(g.u)
    return 7


def keeps_what_it_bound_first(g, n):
    for i in range(n):
        old = g.dx
        g.dx = g.dx + 1.0
    return old, g.dx


def exchanges(s, other):
    s.grid, other.grid = other.grid, s.grid
    s.t, other.t = other.t, s.t


def a_new_array_each_turn(g, n):
    for i in range(n):
        g.u = g.u * 2.0 + i
    return g.u


@pytest.mark.parametrize("function", [assigns, assigns_other_types, through_a_property, by_methods, aliased])
def test_the_caller_sees_assignments(function):
    check(function, grid())


@pytest.mark.parametrize("function, values", [
    (early, (0.0, 2.0)), (seek, (1.5, 9.0)), (keeps_the_old_value, (0, 3)), (while_it_is_small, (0.0, 4.0)),
    (in_one_branch, (1, -1)), (leaves_a_loop, (0, 1, 5)), (returns_the_old_one, (0, 1, 5)), (a_new_array_each_turn, (0, 1, 4)),
    (shortens, (1, 3)), (keeps_what_it_bound_first, (1, 3))])
def test_assignments_on_some_ways(function, values):
    for value in values:
        check(function, grid(), value)


def test_assignments_in_expressions():
    for x in (1, -1):
        check(in_expressions, grid(), x)


def test_assignments_to_parts():
    for count in (0, 1, 2, 3):
        check(of_parts, sim(), count)
    for limit in (-1.0, 1.0, 9.0):
        check(returns_what_was_exchanged, sim(), limit)
    check(exchanges, sim(), Sim(np.zeros(2), np.ones(1), 4.0, Grid(1.5, np.ones(2))))


def test_arrays_of_other_byte_orders_and_views():
    check(by_methods, Grid(0.5, np.arange(8.0)[::2]))
    swapped = Grid(0.5, np.arange(4.0).astype(">f8"))
    expected = copy.deepcopy(swapped)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", thalweg.errors.Notice)
        assert thalweg.program(by_methods, strict=True)(swapped) == by_methods(expected)
    assert swapped.u.dtype == expected.u.dtype and np.array_equal(swapped.u, expected.u)


def in_expressions(g, x):
    h = Grid(1.0, g.u) if x > 0 else Grid(2.0, g.u)
    made = [g.step(0.5) for _ in range(2)]
    return g.dx + g.step(1.0) + g.dx, g.u[0] + g.step(2.0) * g.u[0], h.dx, made, g.u[1] + g.stepped + g.u[1]


# ---- making

def makes(a):
    return Grid(0.5, a), Grid(dx=0.25, u=a + 1, n=7), Grid.unit(a)


def makes_and_assigns(a):
    g = Grid(0.5, a, n=4)
    g.n = 7
    g.extra = g.u.sum()
    return g


def makes_others(a):
    return Derived(4), Derived(3, a, scale=0.5), FrozenDerived(2), Factories(1), Factories(1, k=6), Slots(1.0, a), Plain(a)


def makes_for_itself(a):
    return Plain(a, b=3.0).product() + Child(0.5, a, 4, 1.0).scaled(2.0)


def replaces(a):
    g = Grid(0.5, a)
    return replace(g, n=8), replace(Point(1.0), y=5.0), g


def one_object_twice(a):
    g = Grid(0.5, a)
    h = Grid(0.5, a)
    g.other = h
    h.other = g
    return [g, h], {"g": g}["g"], (h, h.other)


def given_back(g):
    return g, g.u, [g]


def moves(p, n):
    for i in range(n):
        p = p.moved(1.0)
    return p


def one_or_another(g, x):
    h = g
    if x > 0:
        h = Grid(1.0, g.u + 1)
    return h


def one_of_two_new(g, x):
    if x > 0:
        h = Grid(1.0, g.u)
    else:
        h = Grid(2.0, g.u * 2)
    return h.dx, h


def made_in_a_loop(g, n):
    for i in range(n):
        q = Grid(i * 1.0, g.u)
    return q


def made_where_it_leaves(g, n):
    for i in range(n):
        g.dx += 1.0
        if g.u[i] > 1:
            return Grid(g.dx, g.u + i)
    return g


@pytest.mark.parametrize("function", [makes, makes_and_assigns, makes_for_itself, replaces, one_object_twice, makes_others])
def test_objects_are_made(function):
    check(function, A)


def test_objects_of_arguments_are_those():
    check(given_back, grid())
    g = grid()
    program = thalweg.program(given_back, strict=True)
    assert program(g)[0] is g and program(g)[1] is g.u and program(g)[2][0] is g


@pytest.mark.parametrize("function, first, values", [
    (moves, Point(1.0), (0, 1, 3)), (one_or_another, grid(), (1, -1)), (one_of_two_new, grid(), (1, -1)),
    (made_in_a_loop, grid(), (1, 3)), (made_where_it_leaves, grid(), (1, 4))])
def test_objects_by_the_way_taken(function, first, values):
    for value in values:
        check(function, first, value)


# ---- named tuples, lists, tuples

def of_pair(p):
    return p.x * p.y, p


def of_list(items, k):
    total = 0.0
    for item in items:
        total = total + item.x * item.y[k]
    return total, len(items)


def of_arrays(arrays):
    first, second = arrays
    second[0] = 7.0
    return first + second, arrays


def holds_a_list(f):
    return f.items[0] + f.items[1] * f.n


def test_named_tuples_and_lists():
    check(of_pair, Pair(2.0, A))
    check(of_list, [Pair(2.0, A), Pair(3.0, A + 1)], 1)
    check(of_arrays, (A, A + 1))
    check(of_arrays, [A, A + 1])
    check(holds_a_list, Factories(2, Point(1.0), [A, A + 1]))


def sum_of_first(items):
    return items[0].sum()


def test_a_list_that_holds_itself_and_a_long_one():
    items = [A]
    items.append(items)
    assert thalweg.program(sum_of_first, strict=False)(items) == 6.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", thalweg.errors.Notice)
        assert thalweg.program(sum_of_first, strict=False)([A] * 100) == 6.0


def hands_on(d):
    return replace(d, n=d.n + 1, scale=1.0)


def test_fields_that_are_only_handed_on():
    for value in ("text", Grid, None, (1, "two"), sum_of_first, Sim, {1: 2}):
        check(hands_on, Derived(3, value))
