"""Random loops of loops against NumPy. THALWEG_NESTS=5000 runs so many; by default 60."""

import os

import pytest

import random_nests
from random_programs import assert_as_numpy
from support import compiler_inside

COUNT = int(os.environ.get("THALWEG_NESTS", "60"))
PIECE = 10


@compiler_inside
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    assert_as_numpy(random_nests, range(first, min(first + PIECE, COUNT)))


def test_most_are_compiled():
    statuses = [random_nests.examine(seed)[0] for seed in range(20)]
    assert statuses.count("compiled") >= 17, statuses
