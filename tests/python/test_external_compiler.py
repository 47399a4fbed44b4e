"""THALWEG_CC: another compiler in place of the one inside gives the same numbers, vector functions included."""

import os
import shutil
import subprocess
import sys

import pytest

PROGRAM = '''
import numpy as np, thalweg
from pathlib import Path
@thalweg.program
def f(a, b):
    return np.exp(a) * np.sin(b) + np.hypot(a, b), np.sum(a ** b)
rng = np.random.default_rng(5)
a, b = rng.random(1000), rng.random(1000)
first, second = f(a, b)
print(first.tobytes().hex()[:4000], second.tobytes().hex(), thalweg._thalweg.compiler_is_open())
'''


def run(path, **environment):
    path.write_text(PROGRAM)
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True,
                          env={**os.environ, "THALWEG_CACHE": "off", **environment})
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("clang-19") is None, reason="this machine has no clang-19 to name")
def test_the_same_numbers(tmp_path):
    inside = run(tmp_path / "p.py", THALWEG_CC="")
    outside = run(tmp_path / "p.py", THALWEG_CC="clang-19 -O1")
    assert inside[:2] == outside[:2]
    assert (inside[2], outside[2]) == ("True", "False")
