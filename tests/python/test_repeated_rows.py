"""Operands that may have one element, which then is repeated: asked when the program runs, once for a row."""

import numpy as np
import pytest
from support import check
from tolerance import same_bits

import thalweg


def chosen(a, m, b, n):
    return a[m] + 2 * b[n]


def rows(a, m, b, n):
    out = np.zeros((3, len(a[m])))
    out[:] = b[n]
    return out * a[m]


def in_place(a, m, b, n):
    c = a[m]
    c *= b[n]
    return c


@pytest.mark.parametrize("dtype", [np.float64, np.complex128, np.int64, np.float32])
@pytest.mark.parametrize("function", [chosen, rows, in_place])
def test_equals_numpy(function, dtype):
    rng = np.random.default_rng(8)
    program = thalweg.program(function)
    for length in (1, 2, 70):
        a, b = (rng.integers(-9, 9, length).astype(dtype) for _ in range(2))
        everything, one, nothing = np.ones(length, bool), np.arange(length) == 0, np.zeros(length, bool)
        some = rng.random(length) < 0.6
        for m in (everything, one, nothing, some):
            for n in (everything, one, nothing, some):
                if function is not rows or dtype is np.float64:
                    check(program, [a, m, b, n], same_bits)


def test_is_asked_once():
    program = thalweg.program(chosen)
    program(np.ones(9), np.arange(9) > 2, np.ones(9), np.arange(9) > 2)
    assert any("== 1) | (" in build.c_text and "} else {" in build.c_text for build in program.builds)
