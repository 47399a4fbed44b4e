"""Plain functions that a program calls: inlined where their text is known and compiles, called back otherwise."""

import functools
import importlib.util
import os
import sys
import warnings

import numpy as np
import pytest

import thalweg

FACTOR = 2.0
SEEN = []


def scaled(a, by=3, *, plus=0.5):
    """Doubles by a global."""
    return a * by * FACTOR + plus


def fill(a, value):
    a[1:] = value
    a[0] = a[0] + 1


def note(a):
    SEEN.append(float(a.sum()))


def packed(a):
    a[:] = np.real_if_close(a * 3)


def both(a):
    return a.sum(), scaled(a)


def unsupported(a):
    return np.real_if_close(a)


def endless(a):
    return endless(a)


def wrong(a):
    return a + np.ones(7)


def largest(a):
    best = a[0]
    for i in range(1, a.shape[0]):
        if a[i] > best:
            best = a[i]
    return best


def twice(function):
    @functools.wraps(function)
    def wrapper(a):
        return function(function(a))

    return wrapper


@twice
def plus_one(a):
    return a + 1


@thalweg.program
def uses(a):
    total, b = both(a)
    c = scaled(b, 2, plus=total)
    fill(c, 4)
    return scaled(c), largest(c) + largest(b), c


@thalweg.program
def in_a_loop(a, n):
    for i in range(n):
        fill(a[i:], a[i] * 2)
    return a


@thalweg.program(strict=False)
def notes(a):
    note(a)
    fill(a, 1.5)
    note(a)
    packed(a)
    return a * 2


def quiet(program, *arguments):
    """Runs it; a call back into CPython fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", thalweg.Notice)
        return program(*arguments)


def test_values_and_writes():
    for found, wanted in zip(quiet(uses, np.arange(1.0, 6.0)), uses.f(np.arange(1.0, 6.0))):
        assert np.array_equal(found, wanted)
    assert np.array_equal(quiet(in_a_loop, np.arange(1.0, 6.0), 4), in_a_loop.f(np.arange(1.0, 6.0), 4))


def test_a_wrapper_is_what_runs():
    @thalweg.program
    def local(a):
        return plus_one(a)

    assert np.array_equal(quiet(local, np.arange(3.0)), [2, 3, 4])
    assert np.array_equal(thalweg.program(plus_one)(np.arange(3.0)), [2, 3, 4])


def test_what_does_not_compile_is_called_back():
    SEEN.clear()
    with pytest.warns(thalweg.Notice) as told:
        found = notes(np.arange(3.0))
    assert [str(one.message).split(": ")[-1] for one in told] == ["append(...)", "append(...)", "packed(...)"]
    assert np.array_equal(found, notes.f(np.arange(3.0))) and SEEN == [3.0, 4.0, 3.0, 4.0]


def test_strict_says_why_it_cannot_be_inlined():
    @thalweg.program(strict=True)
    def local(a):
        note(a)
        return a

    with pytest.raises(NotImplementedError, match="(?s)append.*strict forbids.*called from here"):
        local(np.ones(3))


def test_a_refused_helper_names_both_places():
    @thalweg.program
    def local(a):
        return unsupported(a) + 1

    with pytest.raises(NotImplementedError, match="(?s)np.real_if_close.*called from here.*test_helper_functions.py") as caught:
        local(np.ones(3))
    assert caught.value.code == "TW1028"


@pytest.mark.parametrize("helper, kind", [(endless, NotImplementedError), (wrong, ValueError)])
def test_errors(helper, kind):
    @thalweg.program
    def local(a):
        return helper(a)

    with pytest.raises(kind):
        local(np.ones(3))


def test_a_helper_that_changes(tmp_path):
    path = tmp_path / "helped.py"

    def load(text):
        path.write_text(text)
        spec = importlib.util.spec_from_file_location("helped", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["helped"] = module
        spec.loader.exec_module(module)
        return module

    module = load("import thalweg\nK = 2\n\ndef half(a):\n    return a / K\n\n@thalweg.program\ndef f(a):\n    return half(a)\n")
    ones = np.ones(2)
    assert module.f(ones)[0] == 0.5
    module.K = 4
    assert module.f(ones)[0] == 0.25
    module.half = lambda a: a * 8
    with pytest.raises(NotImplementedError):  # a lambda has no text of its own
        module.f(ones)

    def half(a):
        return a - 1

    module.half = half
    assert module.f(ones)[0] == 0.0
    # The file is edited after the import: the text that it holds now is not what runs.
    module = load(path.read_text().replace("a / K", "a / K + 1"))
    path.write_text(path.read_text().replace("a / K + 1", "a / K + 9"))
    os.utime(path, ns=(1, 1))
    with pytest.raises(thalweg.CompileError):
        module.f(ones)
