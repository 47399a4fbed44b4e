"""The package as a user meets it first."""

import re
import subprocess
import sys
from pathlib import Path

import thalweg

ROOT = Path(__file__).resolve().parents[2]


def test_version_is_that_of_the_project():
    version = re.search(r"project\(thalweg VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())
    assert thalweg.__version__ == version[1]


def test_import_changes_no_global_state():
    script = """
import os, signal, sys, threading, warnings
import numpy
def state():
    return (dict(os.environ), [signal.getsignal(s) for s in sorted(signal.valid_signals())], list(warnings.filters),
            numpy.geterr(), threading.active_count(), sys.getrecursionlimit(), sys.excepthook, os.sched_getaffinity(0))
before = state()
import thalweg
assert state() == before
"""
    subprocess.run([sys.executable, "-c", script], check=True)
