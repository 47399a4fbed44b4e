"""Operators of Python's complex numbers: CPython's bits and exceptions, for ordinary and special values."""

import collections
import itertools
import random

import pytest

import thalweg

REAL = [0.0, -0.0, 1.0, -2.5, 0.1, 1e308, 1e-320, float("inf"), float("-inf"), float("nan")]
PLAIN = [0, 1, -1, 3, 100, -100, 101, True, False, 0.0, -0.0, 0.5, -1.5, 1e308, float("inf"), float("nan")]


def add(a, b):
    return a + b


def subtract(a, b):
    return a - b


def multiply(a, b):
    return a * b


def divide(a, b):
    return a / b


def divide_in_place(a, b):
    a /= b
    return a


def power(a, b):
    return a ** b


def known_powers(a, b):
    return a ** 2, a ** 3, a ** -1, a ** 0.5, a ** (1 + 2j), 2 ** a, a / (1 + 2j), 3 / a


def size(a, b):
    return abs(a), abs(a * b)


def truth_and_equality(a, b):
    return not a, a == b, a != b, 1 if a else 2


Raised = collections.namedtuple("Raised", "name, message")


def outcome(function, *arguments):
    """The result to the bit (every NaN alike), or the exception's type and first line."""
    def bits(x):
        if isinstance(x, tuple):
            return tuple(bits(each) for each in x)
        if isinstance(x, complex):
            return "complex", bits(x.real), bits(x.imag)
        if isinstance(x, float):
            return "nan" if x != x else x.hex()
        return type(x).__name__, x
    try:
        return bits(function(*arguments))
    except (ArithmeticError, ValueError) as error:
        return Raised(type(error).__name__, str(error).split("\n")[0])


def pairs():
    rng = random.Random(5)
    parts = list(itertools.product(REAL, REAL))
    numbers = [complex(*each) for each in rng.sample(parts, 30)]
    numbers += [complex(rng.gauss(0, 3), rng.gauss(0, 3)) for _ in range(15)]
    for a in numbers:
        for b in PLAIN + rng.sample(numbers, 12):
            yield a, b
            yield b, a


@pytest.mark.parametrize("function", [add, subtract, multiply, divide, divide_in_place, power, known_powers, size,
                                      truth_and_equality], ids=lambda f: f.__name__)
def test_bits_and_exceptions_are_those_of_cpython(function):
    program = thalweg.program(function)
    for a, b in pairs():
        if not (isinstance(a, complex) or isinstance(b, complex)):
            continue
        if function in (known_powers, size) and not isinstance(a, complex):
            continue   # floats and ints to these powers are another type's business
        assert outcome(program, a, b) == outcome(function, a, b), (a, b)


@pytest.mark.parametrize("function", [divide, power, size], ids=lambda f: f.__name__)
def test_the_reference_interpreter_agrees(function):
    program = thalweg.program(function)
    for a, b in pairs():
        if not isinstance(a, complex):
            continue
        expected = outcome(function, a, b)
        found = outcome(program.interpret, a, b)
        if isinstance(expected, Raised):   # its messages are its own
            found, expected = found[0], expected.name
        assert found == expected, (a, b)
