"""Calls with arguments of the wrong kind against NumPy. THALWEG_ODD_CALLS=20000 runs so many; by default 600."""

import os

import pytest

import random_odd_calls
from random_programs import assert_as_numpy

COUNT = int(os.environ.get("THALWEG_ODD_CALLS", "600"))
PIECE = 60


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy_or_raises(first):
    assert_as_numpy(random_odd_calls, range(first, min(first + PIECE, COUNT)))


@pytest.mark.filterwarnings("ignore")
def test_many_are_compiled():
    statuses = [random_odd_calls.examine(seed)[0] for seed in range(120)]
    assert statuses.count("compiled") >= 40, statuses
