"""Dataclasses and the like whose objects the tests hand to programs, and what they compare of them."""

import copy
import dataclasses
from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple

import numpy as np
import pytest

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

    @property
    def stepped(self):
        return self.step(0.125)

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

    def swapped(self):
        return type(self)(self.y, self.x), self.__class__(x=self.y)

    def __call__(self, z):
        return self.x * z + self.y

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
    assert "fix: " in text and "^" in text and function.__code__.co_filename in text, text
    return text
