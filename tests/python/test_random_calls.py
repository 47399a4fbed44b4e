"""Random expressions of NumPy's functions against NumPy. THALWEG_CALLS=20000 runs so many; by default 480."""

import os

import pytest

import random_calls
from random_programs import assert_as_numpy

COUNT = int(os.environ.get("THALWEG_CALLS", "480"))
PIECE = 60


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    assert_as_numpy(random_calls, range(first, min(first + PIECE, COUNT)))


@pytest.mark.filterwarnings("ignore")
def test_most_are_compiled():
    statuses = [random_calls.examine(seed)[0] for seed in range(60)]
    assert statuses.count("compiled") >= 30, statuses
