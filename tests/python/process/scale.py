"""How much a test of this folder does: little in the default suite, all of it with THALWEG_LONG=1."""

import os

LONG = os.environ.get("THALWEG_LONG") == "1"


def scaled(short, full):
    return full if LONG else short


def report(line):
    """A figure of the long run; shown with pytest -s."""
    print(f"\nfigure: {line}", flush=True)
