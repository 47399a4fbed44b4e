"""The loops of the corpus equal NumPy and Python; the compiler runs none in parallel that has a conflict."""

import numpy as np
import pytest

import thalweg
from loops.compiled import all_findings, report, share_taken
from loops.corpus import LOOPS
from loops.domain import random_input
from support import agree, check, outcome
from tolerance import close, same_bits

SUMS = {"contract_last_axis": 7}       # terms of NumPy's own sums in a loop
SIZES = (0, 1, 2, 7, None, None)       # None: each symbol has a value of its own


@pytest.mark.parametrize("name", list(LOOPS))
def test_equals_numpy(name):
    loop = LOOPS[name]
    program = thalweg.program(loop.function)
    same = (lambda a, b: close(a, b, SUMS[name])) if name in SUMS else same_bits
    rng = np.random.default_rng(11)
    calls = 0
    for size in SIZES:
        arguments = random_input(loop.domains, loop.parameters, rng, size)
        if arguments is None:
            continue
        check(program, arguments, same)
        shuffled = outcome(program.interpret_optimised, arguments)
        assert agree(shuffled, outcome(loop.function, arguments), same), f"in a shuffled order: {shuffled}"
        calls += 1
    assert calls >= 4


@pytest.fixture(scope="module")
def found():
    made = all_findings()
    print("\n".join(report(made)))
    return made


def test_no_loop_with_a_conflict_is_in_parallel(found):
    assert not [f"{finding}: {finding.illegal}" for finding in found if finding.illegal]


def test_legal_loops_are_in_parallel(found):
    assert share_taken(found) >= 0.95
