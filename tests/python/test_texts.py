"""Plain NumPy texts equal NumPy, interpreted and compiled; sizes 0 to 3 and mismatched ones give its answer or error."""

import itertools

import numpy as np
import pytest

import thalweg
from support import agree, check, outcome
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


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_mismatched_sizes(name):
    text = TEXTS[name]
    rng = np.random.default_rng(9)
    program = thalweg.program(text.function)
    base = text.inputs(rng, **text.small)
    arrays = [i for i, value in enumerate(base) if isinstance(value, np.ndarray)]
    for index in arrays:
        for axis in range(base[index].ndim):
            for delta in (-1, 1):
                arguments = text.inputs(rng, **text.small)
                shape = list(arguments[index].shape)
                shape[axis] += delta
                arguments[index] = rng.random(shape).astype(arguments[index].dtype)
                expected = outcome(text.function, arguments)
                found = outcome(program, arguments)
                assert agree(found, expected, equality(text, arguments)), (name, index, axis, delta, found, expected)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_few_builds(name):
    text = TEXTS[name]
    rng = np.random.default_rng(10)
    program = thalweg.program(text.function)
    for _ in range(60):
        sizes = {key: int(rng.integers(4, 12)) for key in text.small}
        program(*text.inputs(rng, **sizes))
    assert len(program.builds) <= 3
