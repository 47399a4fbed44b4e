"""The examples of the installed NumPy's docstrings: what counts stands, nothing is wrong, no fewer are right."""

import os
import re

import pytest

from numpy_examples import compiled, counts
from numpy_examples.functions import DOCSTRINGS

NAMES = list(DOCSTRINGS)[:: 1 if os.environ.get("THALWEG_LONG") else 8]
EXAMINED = {}


def examined(name):
    if name not in EXAMINED:
        EXAMINED[name] = counts.examined(name)
    return EXAMINED[name]


def lines_of(file):
    lines = counts.committed(file)
    if lines is None:
        pytest.skip("the numbers were committed with another NumPy")
    return lines


@pytest.mark.parametrize("name", NAMES)
def test_the_denominator(name):
    assert counts.denominator_line(name, *examined(name)) == lines_of("denominator.txt")[name]


@pytest.mark.parametrize("name", NAMES)
def test_no_fewer_are_right(name):
    results, known = lines_of("results.txt"), counts.known_wrong()
    outcomes = {step.name: compiled.outcome(step) for step in examined(name)[0]}
    wrong = {number: found.message for number, found in outcomes.items() if found.state == "wrong"}
    known = {number for number in known if number.rsplit(" ", 1)[0] == name}
    assert not set(wrong) - known, wrong
    assert not known - set(wrong), "mended: write the numbers again (python -m numpy_examples --write)"
    right = sum(found.state == "right" for found in outcomes.values())
    assert right >= int(re.search(r"(\d+) right", results[name])[1]), outcomes


def test_every_docstring_is_counted():
    assert list(lines_of("denominator.txt")) == list(DOCSTRINGS)
    assert list(lines_of("results.txt")) == list(DOCSTRINGS)
