"""reshape of arrays of any layout: NumPy's elements, and a view exactly where NumPy makes one."""

import itertools

import numpy as np
import pytest

import thalweg
from support import function_from

BASE = np.arange(720.0).reshape(6, 4, 30)
LAYOUTS = {
    "contiguous": lambda a: a,
    "transposed": lambda a: a.T,
    "part of the last": lambda a: a[:, :, :15],
    "part of the middle": lambda a: a[:, :2],
    "first reversed": lambda a: a[::-1],
    "last reversed": lambda a: a[:, :, ::-1],
    "steps": lambda a: a[::2, :, ::3],
    "steps outside": lambda a: a[::2, ::2],
    "first two exchanged": lambda a: a.transpose(1, 0, 2),
    "one in front": lambda a: a[:1],
    "one inside": lambda a: a[:, :1],
    "stride 0": lambda a: np.broadcast_to(a[:1, :1], a.shape),
    "no elements": lambda a: a[:, :0],
}


def shapes_for(shape):
    n = int(np.prod(shape))
    first = shape[0]
    out = [(n,), (-1,), shape, shape[::-1], (first, -1), (-1, shape[-1]), (1, *shape), (first, 1, -1), (5, -1), (7, -1)]
    divisors = [d for d in range(1, n + 1) if n % d == 0]
    return out + [(a, b, n // (a * b)) for a, b in itertools.product(divisors[1::7], divisors[::6]) if n % (a * b) == 0]


def reshaper(shape):
    """def f(a): b = a.reshape(shape); b is written where it may be, and returned."""
    text = f"def f(a):\n    b = a.reshape({shape})\n    b[...] = b + 1\n    return b\n"
    return function_from(text, f"<reshape to {shape}>")


def outcome(function, layout):
    a = LAYOUTS[layout](BASE.copy())
    try:
        b = function(a)
    except ValueError as error:
        return type(error), None, None
    return b, a, np.shares_memory(a, b)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_reshape(layout):
    shape = LAYOUTS[layout](BASE).shape
    for each in dict.fromkeys(shapes_for(shape)):
        function = reshaper(each)
        program = thalweg.program(function)
        expected = outcome(function, layout)
        for run in (program, program.interpret):
            found = outcome(run, layout)
            if isinstance(expected[0], type):
                assert isinstance(found[0], type) and issubclass(found[0], expected[0]), each
                continue
            np.testing.assert_array_equal(found[0], expected[0])
            np.testing.assert_array_equal(found[1], expected[1])
            assert found[2] == expected[2], each


def test_one_program_for_all_layouts():
    """The same program is called with one layout after the other: guards choose the build."""
    def f(a, n):
        b = a.reshape(n, -1)
        b += 1
        return b

    program = thalweg.program(f)
    for _ in range(2):
        for layout, n in itertools.product(LAYOUTS, (1, 2, 6, 12)):
            if layout in ("stride 0", "no elements"):
                continue
            try:
                expected = outcome(lambda a: f(a, n), layout)
                found = outcome(lambda a: program(a, n), layout)
            except thalweg.UnsupportedError:
                continue  # a general build does not know whether it is a view
            np.testing.assert_array_equal(found[0], expected[0])
            np.testing.assert_array_equal(found[1], expected[1])
            assert found[2] == expected[2]
