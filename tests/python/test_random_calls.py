"""Random expressions of NumPy's functions against NumPy. THALWEG_CALLS=20000 runs so many; by default 480."""

import os

import pytest

import random_calls

COUNT = int(os.environ.get("THALWEG_CALLS", "480"))
PIECE = 60


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    for seed in range(first, min(first + PIECE, COUNT)):
        what = random_calls.examine(seed)[1]
        assert what is None, f"seed {seed}, {what}\n{random_calls.text_of(seed)}"


@pytest.mark.filterwarnings("ignore")
def test_most_are_compiled():
    statuses = [random_calls.examine(seed)[0] for seed in range(60)]
    assert statuses.count("compiled") >= 30, statuses
