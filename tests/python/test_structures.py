"""Objects of dataclasses, named tuples and lists in programs: results, what the caller finds changed, builds, errors."""

import collections
import copy
import dataclasses
import sys
import types
import warnings
from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple

import linecache

import numpy as np
import pytest

import structure_programs
import thalweg


@dataclass
class Grid:
    dx: float
    u: np.ndarray
    n: int = 3
    GAMMA: ClassVar[float] = 1.4

    @property
    def half(self):
        return self.dx / 2

    @half.setter
    def half(self, value):
        self.dx = 2 * value

    def scaled(self, factor):
        return self.u * factor

    def step(self, dt):
        self.u += dt * self.dx
        self.dx = self.dx + dt
        return self.dx

    def run(self, count):
        for _ in range(count):
            self.step(0.25)

    def early(self, x):
        if x > 1.0:
            self.n = 5
            return 1.0
        self.dx = 9.0
        return 2.0

    def seek(self, x):
        for i in range(len(self.u)):
            self.n = i
            if self.u[i] > x:
                self.dx = float(self.u[i])
                return i
        return -1

    @staticmethod
    def twice(x):
        return 2 * x

    @classmethod
    def unit(cls, u):
        return cls(1.0, u)


@dataclass
class Child(Grid):
    w: float = 7.0

    def scaled(self, factor):
        return super().scaled(factor) + self.w


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 2.0

    def moved(self, d):
        return replace(self, x=self.x + d)

    def norm(self):
        return np.sqrt(self.x * self.x + self.y * self.y)


@dataclass
class Sim:
    a: np.ndarray
    b: np.ndarray
    t: float
    grid: Grid

    def swap(self):
        self.a, self.b = self.b, self.a


@dataclass
class Derived:
    n: int
    u: np.ndarray = None
    m: int = field(init=False)
    scale: dataclasses.InitVar[float] = 2.0

    def __post_init__(self, scale):
        self.m = 2 * self.n
        self.r = scale * self.n


@dataclass(frozen=True)
class FrozenDerived:
    n: int

    def __post_init__(self):
        object.__setattr__(self, "m", self.n + 1)


def unit_point():
    return Point(1.0)


@dataclass
class Factories:
    n: int
    point: Point = field(default_factory=unit_point)
    items: list = field(default_factory=list)
    k: int = field(default=5, kw_only=True)


@dataclass(slots=True)
class Slots:
    x: float
    y: np.ndarray


class Plain:
    def __init__(self, a, b=2.0):
        self.a = a
        self.b = b

    def product(self):
        return self.a * self.b


class Pair(NamedTuple):
    x: float
    y: np.ndarray


def grid():
    return Grid(0.5, np.arange(4.0))


def sim():
    return Sim(np.arange(3.0), np.ones(3), 0.0, grid())


A = np.arange(4.0)


def image(value, seen):
    """What a value is: types, bits, and which objects are one object."""
    if isinstance(value, (np.ndarray, Plain)) or dataclasses.is_dataclass(value):
        if id(value) in seen:
            return "again", seen[id(value)]
        seen[id(value)] = len(seen)
        if isinstance(value, np.ndarray):
            return "array", seen[id(value)], value.dtype.str, value.shape, value.tobytes()
        names = value.__slots__ if isinstance(value, Slots) else vars(value)
        return type(value), seen[id(value)], [(name, image(getattr(value, name), seen)) for name in names]
    if isinstance(value, (list, tuple)):
        return type(value), [image(item, seen) for item in value]
    return type(value), value if not isinstance(value, np.generic) else value.tobytes()


def outcome(function, arguments):
    arguments = copy.deepcopy(arguments)
    held = [vars(each).copy() for each in arguments if hasattr(each, "__dict__")]
    return image([function(*arguments), arguments, list(map(lambda each: list(each.values()), held))], {})


def check(function, *arguments):
    """The same in CPython, compiled and interpreted: results, arguments, and what is one object with what."""
    program = thalweg.program(function, strict=True)
    expected = outcome(function, arguments)
    assert outcome(program, arguments) == expected
    assert outcome(program.interpret, arguments) == expected


def refusal(function, *arguments):
    """The text of the error of a strict program."""
    with pytest.raises(thalweg.errors.CompileError) as caught:
        thalweg.program(function, strict=True)(*arguments)
    text = str(caught.value)
    assert "fix: " in text and "^" in text and __file__ in text, text
    return text


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
    return p.norm(), p.moved(1.0)


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
    (in_one_branch, (1, -1)), (leaves_a_loop, (0, 1, 5)), (returns_the_old_one, (0, 1, 5)), (a_new_array_each_turn, (0, 1, 4))])
def test_assignments_on_some_ways(function, values):
    for value in values:
        check(function, grid(), value)


def test_assignments_to_parts():
    for count in (0, 1, 2, 3):
        check(of_parts, sim(), count)
    check(exchanges, sim(), Sim(np.zeros(2), np.ones(1), 4.0, Grid(1.5, np.ones(2))))


def test_arrays_of_other_byte_orders_and_views():
    check(by_methods, Grid(0.5, np.arange(8.0)[::2]))
    swapped = Grid(0.5, np.arange(4.0).astype(">f8"))
    expected = copy.deepcopy(swapped)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", thalweg.errors.Notice)
        assert thalweg.program(by_methods, strict=True)(swapped) == by_methods(expected)
    assert swapped.u.dtype == expected.u.dtype and np.array_equal(swapped.u, expected.u)


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
    for value in ("text", Grid, None, (1, "two"), sum_of_first, Settings, {1: 2}):
        check(hands_on, Derived(3, value))


# ---- builds

def test_numbers_are_no_constants():
    for function in (assigns, reads_fields, sizes_and_choices, by_methods):
        program = thalweg.program(function, strict=True)
        for k in range(8):
            program(Grid(0.1 * k, np.arange(4.0 + k), k + 3))
        assert len(program.builds) == 1, function
    program = thalweg.program(of_pair, strict=True)
    for k in range(4):
        program(Pair(0.5 * k, A + k))
    assert len(program.builds) == 1
    program = thalweg.program(of_arrays, strict=True)
    for k in range(4):
        program([A + k, A + 1.0])
    assert len(program.builds) == 1


def named(d):
    return d.n if d.u == "one" else -d.n


def test_texts_are_constants():
    program = thalweg.program(named, strict=True)
    assert [program(Derived(n, text)) for n in (1, 2) for text in ("one", "two")] == [1, -1, 2, -2]
    assert len(program.builds) == 2


def has_more(g):
    return g.extra + g.dx


def test_attributes_that_are_no_fields():
    g = grid()
    g.extra = 2.0
    check(has_more, g)
    program = thalweg.program(has_more, strict=True)
    assert program(g) == 2.5
    g.extra = 3.0
    assert program(g) == 3.5 and len(program.builds) == 1
    assert "has no attribute 'extra'" in refusal(has_more, grid())


def test_a_method_that_changes():
    program = thalweg.program(calls_methods, strict=True)
    g = grid()
    assert np.array_equal(program(g)[0], g.u * 2)
    kept = Grid.scaled
    try:
        Grid.scaled = plus_factor
        assert np.array_equal(program(g)[0], g.u + 2)
    finally:
        Grid.scaled = kept
    assert np.array_equal(program(g)[0], g.u * 2)


def plus_factor(self, factor):
    return self.u + factor


def counted(g):
    return g.n + 1


def test_what_cannot_be_an_argument_stays_a_constant():
    g = Grid(0.5, np.array(["a", "b"]), 4)
    assert thalweg.program(counted, strict=True)(g) == 5
    assert thalweg.program(counted, strict=True)(Grid(2**70, np.ma.masked_array([1.0]), 4)) == 5


# ---- methods of objects that are no dataclasses

class Settings:
    def __init__(self):
        self.a, self.k = np.arange(3.0), 2.0

    def apply(self, x):
        return self.a * self.k + x


SETTINGS, SHARED = Settings(), grid()


def uses_settings(x):
    return SETTINGS.apply(x)


def given_settings(settings, x):
    return settings.apply(x)


def uses_shared(x):
    return SHARED.scaled(x) + SHARED.half


def test_methods_of_other_objects():
    for function, arguments in [(uses_settings, (A[:3],)), (given_settings, (SETTINGS, A[:3])), (uses_shared, (2.0,))]:
        assert np.array_equal(thalweg.program(function, strict=True)(*arguments), function(*arguments))


# ---- errors

def assigns_frozen(p):
    p.x = 3.0


def assigns_one_of_two(g, x):
    if x > 0:
        h = g
    else:
        h = Grid(1.0, g.u)
    h.dx = 3.0


def assigns_in_a_map(g):
    for i in thalweg.map[0:3]:
        g.dx = 3.0


def makes_a_field_perhaps(g, x):
    if x > 0:
        g.more = 1.0


def changes_a_type_perhaps(g, x):
    if x > 0:
        g.dx = g.u[0]


def assigns_beside_a_global(g):
    g.dx = 1.0
    return SHARED.dx


def assigns_without_room(s):
    s.z = 3.0


class Counting:
    def __new__(cls):
        return object.__new__(cls)


def makes_counting(a):
    Counting()
    return a


def returns_two_that_may_be_one(g, x):
    h = Grid(1.0, g.u)
    k = h
    if x > 0:
        k = Grid(2.0, g.u)
    return h, k


@pytest.mark.parametrize("function, arguments, words", [
    (assigns_frozen, (Point(1.0),), "FrozenInstanceError: cannot assign to field 'x'"),
    (assigns_one_of_two, (grid(), 1), "an object that is one of two"),
    (assigns_in_a_map, (grid(),), "inside a map"),
    (makes_a_field_perhaps, (grid(), 1), "whether the field 'g.more' is made depends on the way taken"),
    (changes_a_type_perhaps, (grid(), 1.0), "'g.dx' is Python's number on one way and NumPy's on another"),
    (assigns_beside_a_global, (grid(),), "another object of its class is read"),
    (assigns_without_room, (Slots(1.0, A),), "assigning to 'z' of an object of class Slots is not supported"),
    (makes_counting, (A,), "making an object of class 'Counting' is not supported: its class has a __new__"),
    (returns_two_that_may_be_one, (grid(), 1.0), "returning objects that may be one object"),
])
def test_refusals(function, arguments, words):
    assert words in refusal(function, *copy.deepcopy(arguments))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program, results = thalweg.program(function, strict=False), []
        for run in (function, program):
            if function is assigns_in_a_map or function is assigns_without_room:
                continue
            given = copy.deepcopy(arguments)
            try:
                results.append(image([run(*given), list(given)], {}))
            except Exception as error:
                results.append(type(error))
    assert results[:1] == results[1:]


def wrong_call(a):
    return Grid(a)


def wrong_keyword(a):
    return Grid(a, a, m=3)


def too_many(a):
    return Grid(a, a, 3, 4)


def wrong_replacement(a):
    return replace(Point(1.0), z=3)


@pytest.mark.parametrize("function", [wrong_call, wrong_keyword, too_many, wrong_replacement])
def test_wrong_calls_are_type_errors(function):
    with pytest.raises(TypeError):
        function(A)
    with pytest.raises(TypeError, match="__init__"):
        thalweg.program(function, strict=True)(A)


def fails_behind_an_assignment(g):
    g.n = 0
    g.u[0] = 5.0
    if g.n < 1:
        raise ValueError(f"bad {g.n} {g.dx:.2f} {g.u.sum()}")


def fails_by_an_index(g, k):
    g.n = 0
    return g.u[k]


def mentions_the_object(g):
    if g.n > 0:
        raise ValueError(g)


def test_errors_of_programs():
    g, h = grid(), grid()
    with pytest.raises(ValueError) as expected:
        fails_behind_an_assignment(h)
    with pytest.raises(ValueError) as found:
        thalweg.program(fails_behind_an_assignment, strict=True)(g)
    assert found.value.args[0].splitlines()[0] == expected.value.args[0]
    assert np.array_equal(g.u, h.u) and g.n == 3
    with pytest.raises(IndexError) as at_index:
        thalweg.program(fails_by_an_index, strict=True)(g, 9)
    for error in (found.value, at_index.value):
        said = getattr(error, "__notes__", None) or str(error).splitlines()
        assert "thalweg: these fields are as they were before the call: g.n" in said
    assert "mentions more of 'g' than fields" in refusal(mentions_the_object, grid())


def prints(g):
    g.n = 4
    print(g.n)
    g.u += 1
    g.n = g.n + 1
    return g


def test_in_pieces(capsys):
    g, h = grid(), grid()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", thalweg.errors.Notice)
        assert thalweg.program(prints, strict=False)(g) is g
    prints(h)
    assert image(g, {}) == image(h, {}) and capsys.readouterr().out == "4\n4\n"


# ---- random programs

def module_of(seed):
    text, name = structure_programs.program(seed), f"structures_{seed}"
    linecache.cache[f"<{name}>"] = (len(text), None, text.splitlines(True), f"<{name}>")
    made = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, f"<{name}>", "exec"), made.__dict__)
    return made


def state(module, variant):
    a, b = np.arange(3.0) + variant, np.ones(3) * variant
    return module.State(0.5 * variant, variant, a, b, module.Part(1.0 + variant, a))


@pytest.mark.parametrize("first", range(0, 100, 20))
def test_random_programs(first):
    counts = collections.Counter()
    for seed in range(first, first + 20):
        module = module_of(seed)
        program = thalweg.program(module.f, strict=True, optimise=seed % 4 == 0)
        for variant, x, k in [(1, 0.25, 0), (3, 1.0, 2)]:
            images = []
            for run in (module.f, program, program.interpret):
                given = state(module, variant)
                held = [given, *vars(given).values(), given.part.v]
                try:
                    images.append(image([run(given, x, k), given, held], {}))
                except thalweg.errors.UnsupportedError:
                    images.append(None)
            refused = images[1] is None
            counts["refused" if refused else "compared"] += 1
            assert refused or images[0] == images[1] == images[2], (seed, variant)
    assert counts["compared"] > 2 * counts["refused"]
