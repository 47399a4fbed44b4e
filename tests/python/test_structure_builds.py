"""What programs on objects are compiled for, what is refused of them, and random programs."""

import collections
import copy
import linecache
import sys
import types
import warnings
from dataclasses import replace

import numpy as np
import pytest

import structure_programs
import thalweg
from structure_classes import A, Derived, Grid, Pair, Point, Slots, check, grid, image, refusal
from test_structures import assigns, by_methods, calls_methods, of_arrays, of_pair, reads_fields, sizes_and_choices


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


def assigns_to_a_global(g):
    SHARED.dx = g.dx


def assigns_to_another_class(settings):
    settings.k = 3.0


def assigns_perhaps(g, x):
    return g.early(x) if x > 0 else 0.0


def assigns_perhaps_later(g, x):
    return x > 0 and g.seek(x) > 1


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
    (assigns_to_a_global, (grid(),), "it is no dataclass, or no argument"),
    (assigns_to_another_class, (Settings(),), "it is no dataclass, or no argument"),
    (assigns_perhaps, (grid(), -1.0), "in an expression that may not be evaluated"),
    (assigns_perhaps_later, (grid(), -1.0), "in an expression that may not be evaluated"),
    (assigns_without_room, (Slots(1.0, A),), "assigning to 'z' of an object of class Slots is not supported"),
    (makes_counting, (A,), "making an object of class 'Counting' is not supported: its class has a __new__"),
    (returns_two_that_may_be_one, (grid(), 1.0), "returning objects that may be one object"),
])
def test_refusals(function, arguments, words):
    text = refusal(function, *copy.deepcopy(arguments))
    assert words in text and any(code in text for code in ("TW1047", "TW1105", "TW1106"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program, results = thalweg.program(function, strict=False), []
        for run in (function, program):
            if function in (assigns_in_a_map, assigns_without_room, assigns_to_a_global, assigns_to_another_class):
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
