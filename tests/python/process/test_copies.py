"""Programs pickled and copied: as functions are, by name."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import thalweg
from tolerance import same_bits

N = thalweg.symbol("N")


@thalweg.program
def doubled(a):
    return a * 2


class Holder:
    @thalweg.program
    def method(self_free):
        return self_free + 1


def test_a_pickle_is_the_name():
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(doubled, protocol)) is doubled
    assert len(pickle.dumps(doubled)) < 100
    doubled(np.ones(3))  # builds change nothing
    assert pickle.loads(pickle.dumps(doubled)) is doubled


def test_a_program_in_a_class():
    assert pickle.loads(pickle.dumps(Holder.method)) is Holder.method


def test_copies_are_the_program():
    assert copy.copy(doubled) is doubled and copy.deepcopy(doubled) is doubled
    assert copy.deepcopy({"f": [doubled]})["f"][0] is doubled
    factor = 3.0

    @thalweg.program
    def closure(a):
        return a * factor

    assert copy.deepcopy(closure) is closure


def test_closures_are_refused():
    @thalweg.program
    def inner(a):
        return a

    with pytest.raises(pickle.PicklingError, match="inside a function"):
        pickle.dumps(inner)


def test_a_hidden_name_is_refused(monkeypatch):
    hidden = doubled
    monkeypatch.setitem(globals(), "doubled", lambda a: a)
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(hidden)


def test_symbols():
    assert str(pickle.loads(pickle.dumps(N))) == "N" and isinstance(copy.deepcopy(N), thalweg.symbol)


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_multiprocessing(tmp_path, method):
    (tmp_path / "work.py").write_text(
        "import multiprocessing, numpy, thalweg\n"
        "@thalweg.program\n"
        "def doubled(a):\n"
        "    return a * 2\n"
        "if __name__ == '__main__':\n"
        "    doubled(numpy.ones(3))\n"
        f"    with multiprocessing.get_context({method!r}).Pool(2) as pool:\n"
        "        print([r.tolist() for r in pool.map(doubled, [numpy.full(2, float(i)) for i in range(6)])])\n")
    done = subprocess.run([sys.executable, "work.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == str([[2.0 * i] * 2 for i in range(6)]), done.stderr


def test_off(monkeypatch):
    monkeypatch.setenv("THALWEG", "off")

    @thalweg.program
    def inner(a):
        return a

    assert copy.deepcopy(inner) is inner
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(inner)
