"""The cache on disk, from outside: who may use it, what is a hit, what happens to damaged entries."""

import os
import subprocess
import sys

import pytest

from support import compiler_inside

pytestmark = compiler_inside

SCRIPT = """
import numpy as np
import thalweg
{before}
@thalweg.program
def f(a):
    t = a {operation}
    return np.sqrt(t), t[1:], np.sum(a), 3

found, expected = f(np.arange(1.0, 6.0)), f.f(np.arange(1.0, 6.0))
assert all(np.array_equal(x, y) and type(x) is type(y) for x, y in zip(found, expected)), (found, expected)
try:
    g(np.ones(4), 9)
except IndexError as error:
    assert "prog.py" in str(error), error
print([build["cached"] for build in f.explain()][0], thalweg._thalweg.compiler_is_open())
"""

BEFORE = """
{constant}

@thalweg.program
def g(a, i):
    return a[i]
"""


def run(tmp_path, cache, operation="* 2", constant="", **environment):
    path = tmp_path / "prog.py"
    path.write_text(SCRIPT.format(operation=operation, before=BEFORE.format(constant=constant)))
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "THALWEG_CACHE": str(cache), **environment})
    assert done.returncode == 0, done.stderr
    cached, opened = done.stdout.split()
    said = [line for line in done.stderr.splitlines(True) if "compiling" not in line]  # progress on a slow machine
    return cached == "True", opened == "True", "".join(said)


def entries(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix == ".so")


def test_second_process_hits(tmp_path):
    cache = tmp_path / "cache"
    assert run(tmp_path, cache) == (False, True, "")
    assert len(entries(cache)) == 2
    assert run(tmp_path, cache) == (True, False, "")
    hit = run(tmp_path, cache, THALWEG_LOG="compile")
    assert hit[:2] == (True, False) and hit[2].count("cache hit") == 2
    assert len(entries(cache)) == 2


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"x" * len(data),
                                    lambda data: data[:1000] + bytes([data[1000] ^ 1]) + data[1001:],
                                    lambda data: data[:-3] + b"abc"],
                         ids=["cut", "empty", "other", "bit", "end"])
def test_damaged_entry_is_built_anew(tmp_path, damage):
    cache = tmp_path / "cache"
    run(tmp_path, cache)
    for path in entries(cache):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(damage(data))
        path.chmod(0o600)
    assert run(tmp_path, cache)[0] is False
    assert run(tmp_path, cache)[0] is True


def test_off(tmp_path):
    for _ in range(2):
        assert run(tmp_path, "off") == (False, True, "")
    assert not (tmp_path / "off").exists()


def test_changed_source_or_constant_is_no_stale_hit(tmp_path):
    cache = tmp_path / "cache"
    run(tmp_path, cache, "* 2")
    assert run(tmp_path, cache, "* 3")[0] is False
    assert run(tmp_path, cache, "* 2")[0] is True
    assert run(tmp_path, cache, "* C", "C = 7.0")[0] is False
    assert run(tmp_path, cache, "* C", "C = 5.0")[0] is False
    assert run(tmp_path, cache, "* C", "C = np.complex64(5.0)")[0] is False
    assert run(tmp_path, cache, "* C", "C = 5.0")[0] is True


def test_closure_array_is_read_at_run_time(tmp_path):
    cache = tmp_path / "cache"
    run(tmp_path, cache, "* C", "C = np.arange(5.0)")
    run(tmp_path, cache, "* C", "C = np.arange(5.0) + 1")  # the script itself compares with NumPy


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_folder_that_others_may_write_is_not_used(tmp_path, mode):
    cache = tmp_path / "cache"
    cache.mkdir()
    cache.chmod(mode)
    cached, opened, said = run(tmp_path, cache)
    assert (cached, opened) == (False, True)
    assert not list(cache.iterdir())
    assert len(said.splitlines()) == 1 and str(cache) in said
    assert run(tmp_path, cache)[0] is False


@pytest.mark.skipif(os.getuid() != 0, reason="needs to give a folder away")
def test_folder_of_another_user_is_not_used(tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    os.chown(cache, 1234, 1234)
    cached, _, said = run(tmp_path, cache)
    assert cached is False and len(said.splitlines()) == 1 and not list(cache.iterdir())


def test_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    cached, _, said = run(tmp_path, tmp_path / "file" / "cache")
    assert cached is False and len(said.splitlines()) <= 1


def test_planted_faults_are_never_kept(tmp_path):
    cache = tmp_path / "cache"
    assert run(tmp_path, cache, THALWEG_PLANT="lower.none") == (False, True, "")
    assert entries(cache) == []
    run(tmp_path, cache)
    assert run(tmp_path, cache, THALWEG_PLANT="lower.none") == (False, True, "")
