"""The corpus of wrong programs: the error's class, line, caret and words, at most 15 lines, and a fix that works."""

import copy
import re
import textwrap
import warnings

import numpy as np
import pytest

import thalweg
import wrong_programs
from support import function_from, leaves

ARGUMENTS = (np.arange(12.0).reshape(3, 4), np.arange(4.0), 3)


def made(body, name):
    text = "import math\nimport numpy as np\nimport thalweg\n\ndef f(a, b, n):\n" + textwrap.indent(body, "    ") + "\n"
    return function_from(text, f"<{name}>")


def examine(case):
    """(what is wrong with the error, has it a fix, does the mended program work)."""
    name, body, pointed, kind, words, mended = case
    faults, text = [], ""
    try:
        thalweg.program(made(body, name))(*copy.deepcopy(ARGUMENTS))
        faults.append("it runs")
    except Exception as error:
        text = str(error)
        if not isinstance(error, kind):
            faults.append(f"{type(error).__name__} instead of {kind.__name__}")
    lines = text.splitlines()
    place = re.search(r"-->.*:(\d+)$", text, re.M)
    expected_line = 6 + next(k for k, line in enumerate(body.splitlines()) if pointed.splitlines()[0] in line)
    if not place or int(place.group(1)) != expected_line:
        faults.append(f"line {place and place.group(1)} instead of {expected_line}")
    carets = [line for line in lines if line.strip() and set(line.strip()) == {"^"}]
    if carets and place:
        shown = lines[lines.index(carets[0]) - 1]
        under = shown[carets[0].index("^"):carets[0].rindex("^") + 1]
        if under not in pointed and pointed.splitlines()[0] not in under:
            faults.append(f"caret under {under!r}")
    else:
        faults.append("no caret")
    if words not in text:
        faults.append(f"without {words!r}")
    if len(lines) > 15:
        faults.append("more than 15 lines")
    if "definitions/" in text or "Traceback" in text:
        faults.append("frames of our own")
    works = None
    if mended is not None:
        function = made(mended, name + " mended")
        with np.errstate(all="ignore"):
            expected = function(*copy.deepcopy(ARGUMENTS))
        try:
            found = thalweg.program(function)(*copy.deepcopy(ARGUMENTS))
            works = all(np.allclose(f, e, equal_nan=True) for f, e in zip(leaves(found), leaves(expected), strict=True))
        except Exception as error:
            works = False
            faults.append("mended: " + str(error).splitlines()[0])
    return faults, "fix:" in text, works, text


EXAMINED = {}


def examined(case):
    if case[0] not in EXAMINED:
        EXAMINED[case[0]] = examine(case)
    return EXAMINED[case[0]]


@pytest.mark.parametrize("case", wrong_programs.CASES, ids=[case[0] for case in wrong_programs.CASES])
def test_says_what_is_wrong_and_where(case):
    faults, _, _, text = examined(case)
    assert not faults, f"{faults}\n{text}"


def test_the_corpus():
    assert len(wrong_programs.CASES) >= 150
    results = [examined(case) for case in wrong_programs.CASES]
    with_fix = sum(bool(fix and works) for _, fix, works, _ in results)
    assert with_fix >= 0.9 * len(results), f"{with_fix} of {len(results)} offer a fix that works"


def outcome_of(function):
    """('result', value) or ('exception', what was raised)."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return "result", function(*copy.deepcopy(ARGUMENTS))
    except Exception as error:
        return "exception", error


def is_same(found, expected):
    if isinstance(expected, np.ndarray):
        return isinstance(found, np.ndarray) and np.array_equal(found, expected, equal_nan=expected.dtype.kind in "fc")
    if isinstance(expected, (tuple, list)):
        return type(found) is type(expected) and len(found) == len(expected) and all(map(is_same, found, expected))
    return type(found) is type(expected) and (callable(expected) or hasattr(expected, "send") or found == expected)


@pytest.mark.parametrize("case", wrong_programs.CASES, ids=[case[0] for case in wrong_programs.CASES])
def test_what_cpython_runs_runs(case):
    """Without `strict` what CPython accepts has its result, and what it rejects is an error."""
    function = made(case[1], case[0] + " in pieces")
    expected, found = outcome_of(function), outcome_of(thalweg.program(function, strict=False))
    assert found[0] == expected[0], (found, expected)
    assert found[0] == "exception" or is_same(found[1], expected[1]), (found, expected)


if __name__ == "__main__":
    for each in wrong_programs.CASES:
        found = examine(each)
        if found[0] or not found[1] or not found[2]:
            print(f"{each[0]}: {found[0]} fix: {found[1]} mended: {found[2]}\n    " + found[3].replace("\n", "\n    "))
