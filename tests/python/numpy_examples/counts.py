"""The numbers that are committed: how many statements count (denominator.txt), how many are right (results.txt)."""

import collections
from pathlib import Path

import numpy

from . import rules, session
from .functions import DOCSTRINGS

FOLDER = Path(__file__).parent
HEAD = f"NumPy {numpy.__version__}"


def examined(name):
    """(the legal statements of a docstring, why the others do not count: a Counter)."""
    docstring = DOCSTRINGS[name][1]
    reasons = [(step, rules.reason_against(step, again)) for step, again in
               zip(session.steps(name, docstring), session.steps(name, docstring), strict=True)]
    return [step for step, reason in reasons if reason is None], collections.Counter(
        reason for _, reason in reasons if reason is not None)


def denominator_line(name, legal, reasons):
    others = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return f"{name} ({DOCSTRINGS[name][0]}): {len(legal)} legal" + (f"; {others}" if others else "")


def write(file, lines):
    (FOLDER / file).write_text("\n".join([HEAD, *lines]) + "\n")


def committed(file):
    """{name: its line}; None where the file was written with another NumPy."""
    head, *lines = (FOLDER / file).read_text().splitlines()
    return {line.split()[0].rstrip(":"): line for line in lines if line} if head == HEAD else None


def known_wrong():
    """Names of the statements that were wrong when the results were committed."""
    _, *lines = (FOLDER / "known_wrong.txt").read_text().splitlines()
    return {line.split(":")[0] for line in lines}
