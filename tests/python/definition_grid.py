"""Functions of NumPy that are written as definitions, run over grids of shapes, element types and strides.

A case is a function of arrays, the shapes of its arguments and the element types. Long runs (THALWEG_LONG=1) take all of
the types, strides and special values, short ones a part of them.
"""

import os

import numpy as np
import pytest

import thalweg
from support import leaves
from tolerance import same_bits

LONG = bool(os.environ.get("THALWEG_LONG"))
FLOATS = ("f8", "f4")
REALS = ("f8", "i4", "f4", "i8", "u1", "u8", "i1")
ALL = ("f8", "i4", "c16", "?", "f4", "i8", "u1", "u8", "i1", "c8")
LINES = [(0,), (1,), (4,), (5,)] if LONG else [(0,), (1,), (5,)]
PLANES = [(2, 3), (0, 3), (3, 1), (1, 0)] if LONG else [(2, 3), (0, 3)]
BLOCKS = [(2, 3, 4)]
EVERY = LINES + PLANES + BLOCKS


def values(shape, dtype, special=False, seed=0):
    """Random numbers; among them, if special, NaN, infinities and zeros of both signs."""
    random = np.random.default_rng(seed + 17 * int(np.prod(shape)) + len(shape))
    if dtype == "?":
        return random.random(shape) > 0.5
    if dtype[0] in "iu":
        return random.integers(0 if dtype[0] == "u" else -9, 9, shape).astype(dtype)
    found = random.random(shape) * 10 - 5
    found = (found + 1j * random.random(shape) if dtype[0] == "c" else found).astype(dtype)
    if special:
        odd = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0], dtype)
        found = np.where(random.random(shape) < 0.4, odd[random.integers(0, 5, shape)], found)
    return found


def layouts(a):
    """The same elements with other strides."""
    yield a
    if a.ndim:
        yield np.repeat(a, 2, axis=-1)[..., ::2]
        if LONG:
            yield np.ascontiguousarray(a[::-1])[::-1]
            yield np.ascontiguousarray(a.T).T


def zeros_alike(found, expected):
    """The same numbers, zeros of either sign: sorting may exchange them."""
    return found.dtype == expected.dtype and np.array_equal(found, expected, equal_nan=found.dtype.kind == "f")


def within(ulps):
    """Rounding errors of at most so many units of the largest result, where sums or elementary functions are taken."""
    def same(found, expected):
        if found.dtype.kind not in "fc" or found.dtype != expected.dtype:
            return same_bits(found, expected)
        with np.errstate(all="ignore"):
            scale = np.max(np.abs(expected), initial=1, where=np.isfinite(expected))
            near = np.abs(found - expected) <= ulps * np.finfo(found.dtype).eps * scale
            if found.dtype.kind == "c":  # which parts become NaN depends on the order of the steps
                near |= ~np.isfinite(found) & ~np.isfinite(expected)
        return bool(np.all(near | (found == expected) | (np.isnan(found) & np.isnan(expected))))
    return same


def attempt(function, arguments):
    try:
        with np.errstate(all="ignore"):
            return function(*arguments), None
    except Exception as error:
        return None, error


def compare(program, arguments, same=same_bits):
    """NumPy and compiled code: type, shape and elements of every result, its shared memory, or the exception."""
    expected, expected_error = attempt(program.f, arguments)
    found, error = attempt(program, arguments)
    told = f"{program.__name__}({', '.join(map(repr, arguments))})"
    assert (error is None) == (expected_error is None), f"{told}: {error!r}, in NumPy {expected_error!r}"
    if error is not None:
        assert isinstance(error, type(expected_error)), f"{told}: {error!r}, in NumPy {expected_error!r}"
        return
    assert type(found) is type(expected), f"{told}: {found!r}, in NumPy {expected!r}"
    assert len(leaves(found)) == len(leaves(expected)), told
    for one, other in zip(leaves(found), leaves(expected)):
        assert type(one) is type(other), f"{told}: {one!r}, in NumPy {other!r}"
        assert np.shape(one) == np.shape(other) and same(np.asarray(one), np.asarray(other)), \
            f"{told}: {one!r}, in NumPy {other!r}"
        for argument in arguments:
            if isinstance(one, np.ndarray) and isinstance(argument, np.ndarray):
                assert np.shares_memory(one, argument) == np.shares_memory(other, argument), told


class Cases:
    """A file's cases: `@cases(shapes, types, same)` above a function; `cases.mark` above the test that runs them."""

    def __init__(self):
        self.all = []

    def __call__(self, shapes=EVERY, types=REALS, same=same_bits, extra=((),)):
        def add(function):
            self.all.append((function, shapes, types, same, extra))
            return function
        return add

    @property
    def mark(self):
        return pytest.mark.parametrize("case", self.all, ids=lambda case: case[0].__name__)


def run(case):
    """Runs a function of one or several arrays (a shape each) and of each of the further arguments."""
    function, shapes, types, same, extra = case
    program = thalweg.program(function)
    for dtype in types if LONG else types[:2]:
        dtypes = dtype if isinstance(dtype, tuple) else (dtype,) * 2
        for special in (False, True) if LONG or dtypes[0] == "f8" else (False,):
            for shape in shapes if LONG or dtype == types[0] else shapes[-2:]:
                each = shape if shape and isinstance(shape[0], tuple) else (shape,)
                arrays = [values(one, kind, special, k) for k, (one, kind) in enumerate(zip(each, dtypes))]
                plain = dtypes[0] != "f8" or special and not LONG
                for placed in zip(*([a] if plain else layouts(a) for a in arrays)):
                    for more in extra:
                        compare(program, (*placed, *more), same)
