"""Random NumPy programs against NumPy. THALWEG_PROGRAMS=50000 runs so many; by default 500."""

import os

import numpy as np
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


@pytest.mark.parametrize("found, expected, equal", [
    (complex(5.7298016e36, -np.inf), complex(5.729801e36, -np.inf), True), (1 + 1j, 1 + 1.0000001j, True),
    (complex(5.7e36, -np.inf), complex(5.729801e36, -np.inf), False), (complex(1, np.inf), complex(1, -np.inf), False),
    (1 + 1j, complex(np.inf, 1), False), (complex(np.inf, 1), 1 + 1j, False), (1 + 1j, 1.001 + 1j, False)])
def test_what_is_near_of_complex_products(found, expected, equal):
    """Also where one part has left the type's range."""
    assert outcomes.within(np.complex64(found), np.complex64(expected), "complex products", None) == equal
