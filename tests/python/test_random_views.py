"""Random programs on arrays that share memory against NumPy. THALWEG_VIEWS=5000 runs so many; by default 240."""

import os

import pytest

import random_views
from random_programs import assert_as_numpy
from support import compiler_inside

COUNT = int(os.environ.get("THALWEG_VIEWS", "240"))
PIECE = 40


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    assert_as_numpy(random_views, range(first, min(first + PIECE, COUNT)))


@compiler_inside
@pytest.mark.filterwarnings("ignore")
def test_as_machine_code():
    statuses = assert_as_numpy(random_views, range(COUNT // 8), inputs=6, compiled=True)
    assert statuses.count("compiled") >= 0.7 * len(statuses), statuses
