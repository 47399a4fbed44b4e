"""Random programs on numbers against NumPy. THALWEG_NUMBERS=20000 runs so many; by default 600."""

import os

import pytest

import random_numbers
from random_programs import assert_as_numpy
from support import compiler_inside

COUNT = int(os.environ.get("THALWEG_NUMBERS", "600"))
PIECE = 100


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    assert_as_numpy(random_numbers, range(first, min(first + PIECE, COUNT)))


@compiler_inside
@pytest.mark.filterwarnings("ignore")
def test_as_machine_code():
    statuses = assert_as_numpy(random_numbers, range(60), inputs=5, compiled=True)
    assert statuses.count("compiled") >= 15, statuses
