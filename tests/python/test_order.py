"""No transformation leaves accesses to the same memory in no order: THALWEG_VERIFY=order looks at random programs as they
compile, without running anything twice. THALWEG_ORDER=4000 looks at so many; by default 60."""

import os

import numpy as np
import pytest

import thalweg
from program_fuzz import outcomes, programs, values
from support import compiler_inside

COUNT = int(os.environ.get("THALWEG_ORDER", "60"))
PIECE = 20
FIRST = 6_500_000


def compile_and_run(seed):
    """Everything is well but TW2005."""
    program = programs.make(seed)
    compiled = thalweg.program(outcomes.function_of(program.text(), f"<program {seed}>"))
    rng = np.random.default_rng([seed, 99])
    arguments, _ = values.draw_arguments(rng, program.parameters, values.draw_sizes(rng),
                                         {p.name: "plain" for p in program.parameters})
    _, error = outcomes.run(compiled, arguments)
    assert getattr(error, "code", None) != "TW2005", f"{program.describe()}\n{error}"


@compiler_inside
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, PIECE))
def test_every_access_has_its_place(first, monkeypatch):
    monkeypatch.setenv("THALWEG_VERIFY", "order")
    for seed in range(first, min(first + PIECE, FIRST + COUNT)):
        compile_and_run(seed)
