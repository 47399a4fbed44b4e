"""The loops of the corpus, interpreted and compiled, equal NumPy and Python."""

import numpy as np
import pytest

import thalweg
from loops.corpus import LOOPS
from loops.domain import random_input
from support import check
from tolerance import close, same_bits

SUMS = {"contract_last_axis": 7}       # terms of NumPy's own sums in a loop
SIZES = (0, 1, 2, 7, None, None)       # None: each symbol has a value of its own


@pytest.mark.parametrize("name", list(LOOPS))
def test_equals_numpy(name):
    loop = LOOPS[name]
    program = thalweg.program(loop.function)
    rng = np.random.default_rng(11)
    calls = 0
    for size in SIZES:
        arguments = random_input(loop.domains, loop.parameters, rng, size)
        if arguments is not None:
            check(program, arguments, (lambda a, b: close(a, b, SUMS[name])) if name in SUMS else same_bits)
            calls += 1
    assert calls >= 4
