"""raise and assert: CPython's own exception, with class, arguments, cause and line, and what was written before it."""

import copy
import os
import subprocess
import sys
import traceback

import numpy as np
import pytest

import raising_programs as programs

import thalweg

FUNCTIONS = [programs.checks_first, programs.in_a_loop, programs.after_a_while, programs.some_ways_return,
             programs.only_one_way_binds, programs.else_raises, programs.always, programs.in_a_callee,
             programs.names_of_the_outer(), programs.own_name_of_a_builtin, programs.message_is_an_error,
             programs.by_a_helper, programs.always_by_a_helper]
ARRAYS = [np.arange(10.0), np.arange(10.0) * 3 + 1, np.arange(10), np.arange(10, dtype=np.float32)]


def seen(function, a, n):
    """(what came out, the arguments afterwards, the line that raised)."""
    a = copy.deepcopy(a)
    try:
        return function(a, n), a, None
    except Exception as error:
        line = traceback.extract_tb(error.__traceback__)[-1].lineno
        return (type(error), repr(error.args), repr(error.__cause__)), a, line


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_as_in_cpython(function):
    program = thalweg.program(function, strict=True)  # to raise is no call back
    for n in (-1, 0, 1, 2, 3, 4, 5, 7, 8, 100):
        for a in ARRAYS:
            if function in (programs.in_a_loop, programs.after_a_while) and n > 10:
                continue
            expected = seen(function, a, n)
            for run in (program, program.interpret):
                found = seen(run, a, n)
                assert type(found[0]) is type(expected[0]), (n, found, expected)
                np.testing.assert_array_equal(found[1], expected[1])
                if expected[2] is None:
                    np.testing.assert_array_equal(found[0], expected[0])
                else:
                    assert found[0] == expected[0]
                    assert found[2] == expected[2]


def test_from_the_cache(tmp_path):
    """A process that finds the code made still raises what the text says."""
    file = tmp_path / "program.py"
    file.write_text("import numpy as np, thalweg\n\n@thalweg.program\ndef f(a, n):\n    if n > a.size:\n"
                    "        raise ValueError(f'{n} of {a.size}')\n    return a + n\n\n"
                    "print(f(np.ones(3), 2))\ntry:\n    f(np.ones(3), 5)\nexcept ValueError as error:\n    print(error)\n")
    tmp_path.chmod(0o700)
    outputs = [subprocess.run([sys.executable, file], env={**os.environ, "THALWEG_CACHE": str(tmp_path / "cache")},
                              capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert outputs[0] == outputs[1] == "[3. 3. 3.]\n5 of 3\n"


def test_what_a_check_tells_holds_afterwards():
    """Behind `if n > a.size: raise` no place of the loop needs a check of its own."""
    @thalweg.program
    def f(a, n):
        if n > a.shape[0]:
            raise ValueError("too long")
        for i in range(n):
            a[i] = a[i] * 2
        return a

    np.testing.assert_array_equal(f(np.ones(4), 3), [2, 2, 2, 1])
    with pytest.raises(ValueError, match="^too long$"):
        f(np.ones(4), 5)
    assert "out of bounds" not in str(f.builds[0].graph)


def test_refused_in_a_map():
    @thalweg.program
    def f(a):
        for i in thalweg.map[0:4]:
            if a[i] > 2:
                raise ValueError("no")
            a[i] = 1

    with pytest.raises(thalweg.UnsupportedError, match="raise inside a map"):
        f(np.ones(4))


def test_asserts_are_gone_under_dash_o(tmp_path):
    file = tmp_path / "program.py"
    file.write_text("import numpy as np, thalweg\n\n@thalweg.program\ndef f(a, n):\n    assert n > 3, 'small'\n    return a + n\n\n"
                    "print(f(np.ones(2), 1))\n")
    done = subprocess.run([sys.executable, "-O", file], capture_output=True, text=True)
    assert done.stdout == "[2. 2.]\n", done.stderr
