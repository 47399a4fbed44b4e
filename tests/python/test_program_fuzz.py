"""Random NumPy programs against NumPy. THALWEG_PROGRAMS=50000 runs so many; by default 500."""

import os

import pytest

from program_fuzz import outcomes, programs
from support import compiler_inside

COUNT = int(os.environ.get("THALWEG_PROGRAMS", "500"))
PIECE = 25


@compiler_inside
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    for seed in range(first, min(first + PIECE, COUNT)):
        program = programs.make(seed)
        report = outcomes.examine(program, inputs=20)
        assert not report.differences, f"{program.describe()}\n{report.differences}"


def test_programs_run_compiled():
    statuses = [outcomes.examine(programs.make(seed), inputs=2).status for seed in range(40)]
    assert statuses.count(outcomes.COMPILED) >= 34, statuses
