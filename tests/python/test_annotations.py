"""Annotations of programs: the same checks, conversions and symbols whether Python or another program calls."""

import numpy as np
import pytest

import thalweg

N = thalweg.symbol("N")
M = thalweg.symbol("M")


@thalweg.program
def three(a: thalweg.float64[3]):
    return a * 2


@thalweg.program
def square(a: thalweg.float64[N, N]):
    return a * N


@thalweg.program
def shifted(a: thalweg.float64[N], b: thalweg.float64[N + 1]):
    return a * b[1:] + N


@thalweg.program
def single(x: thalweg.float32):
    return x / 3


@thalweg.program
def counted(a: thalweg.float64[N], N):
    return a * N


@thalweg.program
def counted_first(N, a: thalweg.float64[N]):
    return a * N


@thalweg.program
def calls_three(b):
    return three(b)


@thalweg.program
def calls_square(b):
    return square(b[1:]) + 1


@thalweg.program
def calls_shifted(a, n):
    total = 0.0
    for k in range(n):
        total = total + np.sum(shifted(a[:k], a[:k + 1]))
    return total


@thalweg.program
def calls_shifted_once(a, n):
    return shifted(a[:n], a)


@thalweg.program
def calls_single(x):
    return single(x)


@thalweg.program
def calls_counted(a, n):
    return counted(a, n) + counted_first(n, a)


@thalweg.program
def no_value(a: thalweg.float64[N]):
    return a * M


def outcome(call, *arguments):
    try:
        return call(*arguments)
    except Exception as error:
        return [kind for kind in type(error).__mro__ if kind.__module__ == "builtins"][0]


CASES = [(calls_three, np.arange(3.0)), (calls_three, np.arange(5.0)), (calls_square, np.ones((4, 3))),
         (calls_square, np.ones((3, 3))), (calls_square, np.ones(3)), (calls_square, np.ones((4, 3), np.float32)),
         (calls_shifted, np.arange(6.0), 5), (calls_shifted_once, np.arange(6.0), 5),
         (calls_shifted_once, np.arange(6.0), 4), (calls_single, 0.1), (calls_single, np.float64(0.1)),
         (calls_single, 7), (calls_single, np.ones(3)), (calls_single, 1j), (calls_counted, np.ones(5), 3),
         (calls_counted, np.ones(3), 3), (counted, np.ones(5), 3), (counted_first, 3, np.ones(5))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0].__name__}{[np.shape(a) or a for a in case[1:]]}")
def test_a_called_program_keeps_its_annotations(case):
    program, *arguments = case
    found, wanted = outcome(program, *arguments), outcome(program.f, *arguments)
    if isinstance(wanted, type):
        assert found is wanted
    else:
        assert np.array_equal(found, wanted) and np.result_type(found) == np.result_type(wanted)


def test_what_does_not_fit_is_said_at_the_call():
    with pytest.raises(TypeError, match=r"argument a of three\(\) is annotated float64 with 1 dimensions, found "
                                        "a float32 array of 1 dimension") as caught:
        calls_three(np.ones(3, np.float32))
    assert caught.value.code == "TW1084" and "return three(b)" in str(caught.value)
    with pytest.raises(ValueError, match="argument a has extent 5 in dimension 0, its annotation says 3") as caught:
        three(np.arange(5.0))
    assert "3 = 3" not in str(caught.value)


def test_a_symbol_without_a_value_is_named_with_its_line():
    with pytest.raises(NameError, match="symbol 'M' has no value in this call") as caught:
        no_value(np.ones(3))
    assert caught.value.code == "TW1083" and "return a * M" in str(caught.value)
    assert np.array_equal(no_value(np.ones(3), M=4), np.full(3, 4.0))


@pytest.mark.parametrize("extent, kind", [(2.5, TypeError), ("n", TypeError), (-1, ValueError)])
def test_extents_are_whole_numbers(extent, kind):
    with pytest.raises(kind, match="an extent is"):
        thalweg.float64[3, extent]


def test_what_is_no_def_is_refused():
    async def later(a):
        return a

    for function in (later, lambda a: a):
        with pytest.raises(NotImplementedError, match="test_annotations.py:") as caught:
            thalweg.program(function)(np.ones(3))
        assert caught.value.code == "TW2007"
    with pytest.raises(TypeError, match="decorates a function"):
        thalweg.program(3)
    assert thalweg.program(three) is three
