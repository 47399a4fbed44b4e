"""Random programs on arrays that share memory against NumPy. THALWEG_VIEWS=5000 runs so many; by default 240."""

import os

import pytest

import random_views
from support import compiler_inside

COUNT = int(os.environ.get("THALWEG_VIEWS", "240"))
PIECE = 40


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    for seed in range(first, min(first + PIECE, COUNT)):
        what = random_views.examine(seed)[1]
        assert what is None, f"seed {seed}, {what}\n{random_views.text_of(seed)}"


@compiler_inside
@pytest.mark.filterwarnings("ignore")
def test_as_machine_code():
    statuses = []
    for seed in range(COUNT // 8):
        status, what = random_views.examine(seed, inputs=6, compiled=True)
        assert what is None, f"seed {seed}, {what}\n{random_views.text_of(seed)}"
        statuses.append(status)
    assert statuses.count("compiled") >= 0.7 * len(statuses), statuses
