"""What the arguments of a loop range over: every value for the checker, random ones for the comparison with NumPy.

A loop names its parameters' domains; names that are no parameters are sizes only. Extents and bounds are written as
expressions over the sizes, as in `data("n", "2*m")`.
"""

import itertools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Size:
    """A symbol: every value from low to high is tried."""

    low: int
    high: int


@dataclass(frozen=True)
class Integer:
    """An int argument between two expressions, both included; every value is tried."""

    low: str
    high: str

    def values(self, sizes):
        return range(at(self.low, sizes), at(self.high, sizes) + 1)


@dataclass(frozen=True)
class Scalar:
    """An argument whose value decides nothing."""

    value: object


@dataclass(frozen=True)
class Data:
    """An array whose contents decide nothing: no subscript and no condition reads it."""

    shape: tuple
    dtype: str

    def random(self, rng, sizes):
        return numbers(rng, extents(self.shape, sizes), np.dtype(self.dtype))


@dataclass(frozen=True)
class Choice:
    """An array whose contents decide what is accessed: every filling with these values is tried."""

    shape: tuple
    values: object
    dtype: str

    def choices(self, sizes):
        return range(at(self.values, sizes)) if isinstance(self.values, str) else self.values

    def contents(self, sizes):
        shape = extents(self.shape, sizes)
        for filling in itertools.product(self.choices(sizes), repeat=int(np.prod(shape))):
            yield np.array(filling, dtype=self.dtype).reshape(shape)

    def random(self, rng, sizes):
        return rng.choice(np.array(self.choices(sizes), dtype=self.dtype), size=extents(self.shape, sizes))


@dataclass(frozen=True)
class Pointers:
    """Row pointers of a compressed matrix: every way to divide `total` entries among `rows` rows."""

    rows: str
    total: str

    def contents(self, sizes):
        rows, total = at(self.rows, sizes), at(self.total, sizes)
        for cuts in itertools.combinations_with_replacement(range(total + 1), max(rows - 1, 0)):
            yield np.array([0, *cuts, total] if rows else [0], dtype=np.int64)

    def random(self, rng, sizes):
        rows, total = at(self.rows, sizes), at(self.total, sizes)
        cuts = np.sort(rng.integers(0, total + 1, max(rows - 1, 0)))
        return np.concatenate([[0], cuts, [total] if rows else []]).astype(np.int64)


def size(low=0, high=4):
    return Size(low, high)


def integer(low, high):
    return Integer(str(low), str(high))


def scalar(value):
    return Scalar(value)


def data(*shape, dtype="float64"):
    return Data(shape, dtype)


def choice(*shape, values=(-1, 1), dtype="float64"):
    return Choice(shape, values, dtype)


def index(*shape, below, dtype="int64"):
    """An array of positions: contents from 0 to `below` - 1."""
    return Choice(shape, str(below), dtype)


def pointers(rows, total):
    return Pointers(rows, total)


def at(expression, sizes):
    return eval(str(expression), {"__builtins__": {}}, sizes)


def extents(shape, sizes):
    return tuple(at(extent, sizes) for extent in shape)


def numbers(rng, shape, dtype):
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    if dtype.kind in "iu":
        return rng.integers(1, 10, shape).astype(dtype)
    real = rng.random(shape) + 0.5
    return (real + 1j * rng.random(shape)).astype(dtype) if dtype.kind == "c" else real.astype(dtype)


def every_input(domains, parameters):
    """Every call: (values of the symbols and int arguments, arguments in order), smallest sizes first."""
    symbols = [name for name, domain in domains.items() if isinstance(domain, Size)]
    for values in itertools.product(*(range(domains[name].low, domains[name].high + 1) for name in symbols)):
        sizes = dict(zip(symbols, values))
        integers = [name for name in parameters if isinstance(domains[name], Integer)]
        for chosen in itertools.product(*(domains[name].values(sizes) for name in integers)):
            known = {**sizes, **dict(zip(integers, chosen))}
            arrays = [name for name in parameters if isinstance(domains[name], (Choice, Pointers))]
            for contents in itertools.product(*(domains[name].contents(sizes) for name in arrays)):
                yield known, arguments(domains, parameters, known, dict(zip(arrays, contents)))


def arguments(domains, parameters, known, contents):
    """The arguments of one call; `contents` may be shared between calls, so they are copied."""
    rng = np.random.default_rng(3)
    given = []
    for name in parameters:
        domain = domains[name]
        if name in known:
            given.append(known[name])
        elif name in contents:
            given.append(contents[name].copy())
        else:
            given.append(domain.value if isinstance(domain, Scalar) else domain.random(rng, known))
    return given


def random_input(domains, parameters, rng, size=None):
    """One call with every symbol at `size` (or at its least value), or at a value of its own from 0 to 7; None where no
    index would be valid."""
    sizes = {name: max(int(rng.integers(0, 8)) if size is None else size, domain.low)
             for name, domain in domains.items() if isinstance(domain, Size)}
    known = dict(sizes)
    for name in parameters:
        if isinstance(domains[name], Integer):
            values = domains[name].values(sizes)
            if not values:
                return None
            known[name] = int(rng.choice(values))
    contents = {}
    for name in parameters:
        domain = domains[name]
        if isinstance(domain, (Choice, Pointers)):
            if isinstance(domain, Choice) and not len(domain.choices(known)) and np.prod(extents(domain.shape, known)):
                return None
            contents[name] = domain.random(rng, known) if np.prod(extents(getattr(domain, "shape", ()), known)) \
                else np.zeros(extents(domain.shape, known), domain.dtype)
    return arguments(domains, parameters, known, contents)
