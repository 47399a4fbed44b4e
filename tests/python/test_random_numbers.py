"""Random programs on numbers against NumPy. THALWEG_NUMBERS=20000 runs so many; by default 600."""

import os

import pytest

import random_numbers
from support import compiler_inside

COUNT = int(os.environ.get("THALWEG_NUMBERS", "600"))
PIECE = 100


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    for seed in range(first, min(first + PIECE, COUNT)):
        what = random_numbers.examine(seed)[1]
        assert what is None, f"seed {seed}, {what}\n{random_numbers.text_of(seed)}"


@compiler_inside
@pytest.mark.filterwarnings("ignore")
def test_as_machine_code():
    statuses = []
    for seed in range(60):
        status, what = random_numbers.examine(seed, inputs=5, compiled=True)
        assert what is None, f"seed {seed}, {what}\n{random_numbers.text_of(seed)}"
        statuses.append(status)
    assert statuses.count("compiled") >= 15, statuses
