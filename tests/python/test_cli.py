"""The `thalweg` command, as `python -m thalweg.cli`."""

import os
import subprocess
import sys

import pytest

from support import compiler_inside

PROGRAM = """
import sys
import numpy as np
import thalweg

N = thalweg.symbol("N")

@thalweg.program
def twice(a: thalweg.float64[N]):
    t = a + 1
    return t * 2

@thalweg.program
def thrice(a: thalweg.float64[N]):
    return a * 3

@thalweg.program
def free(a):
    return a * 4

if __name__ == "__main__":
    print(sys.argv[1:], twice(np.arange(3.0)))
    sys.exit(int(sys.argv[1]) if sys.argv[1:] else 0)
"""


@pytest.fixture
def prog(tmp_path):
    path = tmp_path / "prog.py"
    path.write_text(PROGRAM)
    return path


def thalweg_command(*arguments, **environment):
    return subprocess.run([sys.executable, "-m", "thalweg.cli", *map(str, arguments)], capture_output=True, text=True,
                          timeout=120, env={**os.environ, "THALWEG_CACHE": "off", **environment})


@pytest.mark.parametrize("arguments", [(), ("run",), ("show",), ("cache",)])
def test_help(arguments):
    done = thalweg_command(*arguments, "--help")
    assert done.returncode == 0 and "usage: thalweg" in done.stdout
    assert "None" not in done.stdout
    if not arguments:
        for word in ("run", "show", "cache", "THALWEG_CACHE", "THALWEG_LOG", "THALWEG_NUM_THREADS"):
            assert word in done.stdout


def test_no_command():
    done = thalweg_command()
    assert done.returncode == 2 and "usage" in done.stderr


def test_version():
    assert thalweg_command("--version").stdout.startswith("thalweg ")


def test_run(prog):
    done = thalweg_command("run", prog)
    assert done.returncode == 0 and done.stdout == "[] [2. 4. 6.]\n", done.stderr


def test_run_passes_arguments_and_exit_status(prog):
    done = thalweg_command("run", prog, "3", "--flag")
    assert done.returncode == 3 and done.stdout.startswith("['3', '--flag']")


def test_run_finds_modules_beside_the_program(tmp_path):
    (tmp_path / "beside.py").write_text("factor = 5\n")
    (tmp_path / "prog.py").write_text("import beside\nprint(beside.factor)\n")
    assert thalweg_command("run", tmp_path / "prog.py").stdout == "5\n"


def test_show_stages(prog):
    done = thalweg_command("show", prog, "twice")
    assert done.returncode == 0, done.stderr
    heads = [line for line in done.stdout.splitlines() if line.startswith("=== ")]
    assert heads[0] == "=== twice: as the frontend made it" and len(heads) > 1
    assert all(line.startswith("=== twice: after ") for line in heads[1:])
    assert done.stdout.count("sdfg twice(a)") == len(heads)
    assert "thrice" not in done.stdout


def test_show_one_stage(prog):
    done = thalweg_command("show", prog, "twice", "--stage", "frontend")
    assert done.stdout.count("=== ") == 1
    done = thalweg_command("show", prog, "twice", "--stage", "no_such_pass")
    assert done.returncode == 1 and "no_such_pass" in done.stderr and "frontend" in done.stderr


def test_show_c(prog):
    done = thalweg_command("show", prog, "thrice", "--c")
    assert done.returncode == 0 and "thw_entry" in done.stdout and "* 3.0" in done.stdout


def test_show_all_names_what_has_no_annotations(prog):
    done = thalweg_command("show", prog)
    assert "=== twice" in done.stdout and "=== thrice" in done.stdout
    assert "free" in done.stderr and "annotation" in done.stderr
    assert "Traceback" not in done.stderr and done.returncode == 1


@pytest.mark.parametrize("arguments, words", [(("show", "nowhere.py"), "nowhere.py"), (("run", "nowhere.py"), "nowhere.py")])
def test_missing_file(arguments, words):
    done = thalweg_command(*arguments)
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_show_unknown_function(prog):
    done = thalweg_command("show", prog, "nothing")
    assert done.returncode == 1 and "nothing" in done.stderr and "Traceback" not in done.stderr


def test_show_when_switched_off(prog):
    done = thalweg_command("show", prog, THALWEG="off")
    assert done.returncode == 1 and "THALWEG=off" in done.stderr


def test_show_wrong_program(tmp_path):
    path = tmp_path / "wrong.py"
    path.write_text("import thalweg\n@thalweg.program\ndef f(a: thalweg.float64[3]):\n    return a + nothing\n")
    done = thalweg_command("show", path)
    assert done.returncode == 1 and "nothing" in done.stderr and "^" in done.stderr and "Traceback" not in done.stderr


@compiler_inside
def test_cache(prog, tmp_path):
    folder = tmp_path / "cache"
    assert "switched off" in thalweg_command("cache").stdout
    thalweg_command("run", prog, THALWEG_CACHE=str(folder))
    listed = thalweg_command("cache", THALWEG_CACHE=str(folder))
    assert listed.returncode == 0 and "1 program," in listed.stdout and str(folder) in listed.stdout
    assert "twice" in listed.stdout or "KiB" in listed.stdout
    assert thalweg_command("cache", "list", THALWEG_CACHE=str(folder)).stdout == listed.stdout
    cleared = thalweg_command("cache", "clear", THALWEG_CACHE=str(folder))
    assert "1 file" in cleared.stdout
    assert "0 programs" in thalweg_command("cache", THALWEG_CACHE=str(folder)).stdout
