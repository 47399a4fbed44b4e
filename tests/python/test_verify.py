"""Verify mode from outside: quiet where all is well; a planted fault stops compilation, is named, saved and replayed."""

import os
import subprocess
import sys

PROGRAM = """
import numpy as np
import thalweg

N = thalweg.symbol("N")

@thalweg.program
def late(a: thalweg.float64[N], b: thalweg.float64[N]):
    t = a + 1
    u = t * 3
    for i in range(1, N):
        b[i] = b[i - 1] + u[i]
    return b * 2

if __name__ == "__main__":
    print(late(np.ones(4), np.ones(4)))
"""


def run(*arguments, cwd, **environment):
    environment = {**os.environ, "THALWEG_CACHE": "off", "THALWEG_LOG": "compile", **environment}
    environment.pop("THALWEG_VERIFY_DIR", None)
    return subprocess.run([sys.executable, "-m", "thalweg.cli", *map(str, arguments)], cwd=cwd, capture_output=True,
                          text=True, timeout=240, env=environment)


def test_verify_mode(tmp_path):
    (tmp_path / "prog.py").write_text(PROGRAM)
    good = run("run", "prog.py", cwd=tmp_path, THALWEG_VERIFY="1")
    assert good.returncode == 0 and good.stdout == "[ 2. 14. 26. 38.]\n", good.stderr
    assert " comparisons, no difference" in good.stderr and "late: verify: 0 applications" not in good.stderr
    assert not list(tmp_path.glob("*.cutout"))
    assert "verify" not in run("run", "prog.py", cwd=tmp_path, THALWEG_VERIFY="0").stderr

    order = run("run", "prog.py", cwd=tmp_path, THALWEG_VERIFY="order")
    assert order.stdout == good.stdout and " applications, every access in order" in order.stderr

    fault = {"THALWEG_PLANT": "DeadDataflow.not_read_later"}
    bad = run("run", "prog.py", cwd=tmp_path, THALWEG_VERIFY="1", **fault)
    assert bad.returncode != 0 and "DeadDataflowElimination at " in bad.stderr
    assert "changed what the program computes" in bad.stderr and "    u = t * 3" in bad.stderr, bad.stderr
    (cutout,) = tmp_path.glob("*.cutout")
    assert cutout.name == "late.DeadDataflowElimination.cutout" and str(cutout.name) in bad.stderr

    shown = run("replay", cutout, cwd=tmp_path, **fault)
    assert shown.returncode == 1 and "transformation DeadDataflowElimination" in shown.stdout
    assert f"prog.py:{PROGRAM.splitlines().index('    u = t * 3') + 1}" in shown.stdout
    mended = run("replay", cutout, cwd=tmp_path)
    assert mended.returncode == 0 and mended.stdout.endswith("now: no difference\n")


UNSET = """
import numpy as np
import thalweg

@thalweg.program
def last(a, p):
    for e in a:
        if e > 5:
            break
    else:
        p = np.floor(p)
    return p, e

print(last(np.arange(3), 1.5))
try:
    last(np.arange(0), 1.5)
except UnboundLocalError as error:
    print(error.args[0].splitlines()[0])
"""


def test_names_without_a_value(tmp_path):
    """What is read beside a check that fails is no difference."""
    (tmp_path / "prog.py").write_text(UNSET)
    done = run("run", "prog.py", cwd=tmp_path, THALWEG_VERIFY="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["cannot access local variable 'e' where it is not associated with a value"]


def test_replay_refuses_other_files(tmp_path):
    (tmp_path / "other.cutout").write_text("hello")
    done = run("replay", "other.cutout", cwd=tmp_path)
    assert done.returncode == 1 and "this is no cut-out of verify mode" in done.stderr and "Traceback" not in done.stderr
