"""Plain NumPy texts equal NumPy, interpreted and compiled; sizes 0 to 3 and mismatched ones give its answer or error."""

import itertools

import numpy as np
import pytest

import thalweg
from support import agree, call, check, outcome
from texts import TEXTS, linear_algebra, networks, stencils, sweeps  # noqa: F401
from tolerance import close, same_bits


def equality(text, arguments):
    if text.exact:
        return same_bits
    terms = text.terms(arguments)
    return lambda found, expected: close(found, expected, terms)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_equals_numpy(name):
    text = TEXTS[name]
    rng = np.random.default_rng(7)
    arguments = text.inputs(rng, **text.small)
    check(text.function, arguments, equality(text, arguments))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_small_sizes(name):
    text = TEXTS[name]
    rng = np.random.default_rng(8)
    program = thalweg.program(text.function)
    names = sorted(text.small)
    combinations = list(itertools.product((0, 1, 2, 3), repeat=len(names)))
    for sizes in combinations if len(combinations) <= 64 else [combinations[i] for i in rng.permutation(len(combinations))[:64]]:
        arguments = text.inputs(rng, **dict(zip(names, sizes)))
        expected = outcome(text.function, arguments)
        found = outcome(program, arguments)
        assert agree(found, expected, equality(text, arguments)), f"{name} {dict(zip(names, sizes))}: {found} {expected}"
        if sum(sizes) % 4 == 0:
            found = outcome(program.interpret, arguments)
            assert agree(found, expected, equality(text, arguments)), f"{name} {dict(zip(names, sizes))}: {found} {expected}"


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_mismatched_sizes(name):
    """Each extent of each array in turn: too small, too large, and those that broadcast or hold nothing."""
    text = TEXTS[name]
    rng = np.random.default_rng(9)
    program = thalweg.program(text.function)
    base = text.inputs(rng, **text.small)
    arrays = [i for i, value in enumerate(base) if isinstance(value, np.ndarray)]
    for index in arrays:
        for axis in range(base[index].ndim):
            right = base[index].shape[axis]
            for extent in sorted({0, 1, 2, 3, right - 1, right + 1} - {right}):
                arguments = text.inputs(rng, **text.small)
                shape = list(arguments[index].shape)
                shape[axis] = extent
                arguments[index] = rng.random(shape).astype(arguments[index].dtype)
                expected = outcome(text.function, arguments)
                for engine in (program, program.interpret) if extent in (1, right + 1) else (program, ):
                    found = outcome(engine, arguments)
                    assert agree(found, expected, equality(text, arguments)), (name, index, axis, extent, found, expected)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_few_builds(name):
    """A thousand calls, each with sizes of its own (empty and tiny ones among them): at most three builds."""
    text = TEXTS[name]
    rng = np.random.default_rng(10)
    program = thalweg.program(text.function)
    for k in range(1000):
        sizes = {key: int(rng.integers(0 if k % 4 == 0 else 3, 12)) for key in text.small}
        arguments = text.inputs(rng, **sizes)
        if k % 25 == 0:
            expected = outcome(text.function, arguments)
            assert agree(outcome(program, arguments), expected, equality(text, arguments)), (name, sizes)
            continue
        try:
            program(*arguments)
        except (ValueError, IndexError, ZeroDivisionError):
            pass  # what NumPy raises for the size: test_small_sizes holds it against NumPy
    assert len(program.builds) <= 3


def reversed_view(array):
    return np.ascontiguousarray(array[(slice(None, None, -1), ) * array.ndim])[(slice(None, None, -1), ) * array.ndim]


def every_other(array):
    base = np.zeros([2 * extent + 1 for extent in array.shape], array.dtype)
    view = base[tuple(slice(1, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def fortran(array):
    return np.asfortranarray(array)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_strides(name):
    """Every array reversed, with gaps, in Fortran order; written ones too. All of it is one build, or two."""
    text = TEXTS[name]
    rng = np.random.default_rng(11)
    program = thalweg.program(text.function)
    arguments = text.inputs(rng, **text.small)
    same = equality(text, arguments)
    for make in (reversed_view, every_other, fortran):
        mine, theirs = ([make(a) if isinstance(a, np.ndarray) else a for a in arguments] for _ in range(2))
        assert agree(call(program, mine), call(text.function, theirs), same), (name, make.__name__)
    assert len(program.builds) <= 3


def rows_repeated(array):
    return np.broadcast_to(array[:1], array.shape)


def columns_repeated(array):
    return np.broadcast_to(array[..., :1], array.shape)


def one_element(array):
    """The smallest: the bounds are for sums of terms no larger than the inputs'."""
    return np.broadcast_to(array.min(), array.shape)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_strides_of_one(name):
    """Each array in turn reversed, or with strides of 0: read as NumPy reads it, ValueError where that is written."""
    text = TEXTS[name]
    rng = np.random.default_rng(12)
    program = thalweg.program(text.function)
    base = text.inputs(rng, **text.small)
    ways = (reversed_view, rows_repeated, columns_repeated, one_element)
    for index, way in itertools.product((i for i, value in enumerate(base) if isinstance(value, np.ndarray)), ways):
        def make():
            arguments = text.inputs(np.random.default_rng(13), **text.small)
            arguments[index] = way(arguments[index])
            return arguments

        expected = call(text.function, make())
        for engine in (program, program.interpret) if way is one_element else (program, ):
            assert agree(call(engine, make()), expected, equality(text, make())), (name, index, way.__name__, expected)
