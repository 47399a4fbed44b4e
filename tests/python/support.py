"""Running one function in NumPy, in the interpreter and compiled, on copies of the same arguments."""

import copy
import linecache
import os

import numpy as np
import pytest

import thalweg

# What THALWEG_CC switches off: the cache, the compiler inside, and (under a sanitizer) the allocator that gives back.
compiler_inside = pytest.mark.skipif(bool(os.environ.get("THALWEG_CC")), reason="THALWEG_CC names a compiler outside")


def call(function, arguments):
    """(result or exception type, arguments afterwards, exception)."""
    try:
        with np.errstate(all="ignore"):
            result = function(*arguments)
    except Exception as error:
        return type(error), None, error
    return result, arguments, None


def outcome(function, arguments):
    """The same on copies of the arguments (copies of arrays are writeable, and contiguous)."""
    return call(function, copy.deepcopy(arguments))


def leaves(value):
    """Arrays and scalars of a result, in order."""
    if isinstance(value, tuple):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def agree(found, expected, same):
    """Both raised the same exception type, or all results and arguments are the same by `same(a, b)`."""
    found_result, found_arguments, found_error = found
    expected_result, expected_arguments, expected_error = expected
    if found_error is not None or expected_error is not None:
        if found_error is None or expected_error is None:
            return False
        return isinstance(found_error, expected_result)
    if type(found_result) is not type(expected_result):
        return False
    pairs = list(zip(leaves(found_result), leaves(expected_result))) + list(zip(found_arguments, expected_arguments))
    return len(leaves(found_result)) == len(leaves(expected_result)) and all(
        (a is None and b is None) or (a is not None and b is not None and same(a, b)) for a, b in pairs)


def check(function, arguments, same):
    """NumPy against the interpreter and against compiled code; the program that was made is returned."""
    program = function if isinstance(function, thalweg.Program) else thalweg.program(function)
    expected = outcome(program.f, arguments)
    compiled = outcome(program, arguments)
    assert agree(compiled, expected, same), f"compiled: {compiled}\nNumPy: {expected}"
    interpreted = outcome(program.interpret, arguments)
    assert agree(interpreted, expected, same), f"interpreted: {interpreted}\nNumPy: {expected}"
    return program


# Ten numbers: contiguous, with gaps, backwards.
LINES = [lambda: np.arange(10.0) + 1, lambda: np.arange(20.0)[::2], lambda: np.arange(10.0)[::-1]]


def with_sharing(function, a, n):
    """(result, the array afterwards, which arrays of the result share its memory)."""
    result = function(a, n)
    return result, a, [np.shares_memory(each, a) for each in leaves(result) if isinstance(each, np.ndarray)]


def check_sharing(function):
    """function(line, 0 to 5): elements, shapes and shared memory as in NumPy; the program that was made is returned."""
    program = thalweg.program(function)
    for make in LINES:
        for n in range(6):
            expected = with_sharing(function, make(), n)
            for run in (program, program.interpret):
                found = with_sharing(run, make(), n)
                for mine, theirs in zip(leaves(found[0]), leaves(expected[0]), strict=True):
                    np.testing.assert_array_equal(mine, theirs)
                    assert np.shape(mine) == np.shape(theirs)
                np.testing.assert_array_equal(found[1], expected[1])
                assert found[2] == expected[2]
    return program


def function_from(text, file, name="f"):
    """The function `name` of a text that is in no file; `file` is the name that it has instead."""
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    space = {}
    exec(compile(text, file, "exec"), space)
    return space[name]
