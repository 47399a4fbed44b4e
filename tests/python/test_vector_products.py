"""Products of a matrix with a vector that moves along with a loop: as NumPy's, whether done one by one or in blocks."""

import numpy as np
import pytest
from support import check
from tolerance import close

import thalweg


def front(X, Y):
    out = np.ones((X.shape[1], X.shape[1]), dtype=X.dtype)
    for i in range(X.shape[1]):
        out[i, i:] = X[:, i] @ X[:, i:]
    return out


def mirrored(X, Y):
    n = X.shape[1]
    out = np.zeros((n, n), dtype=X.dtype)
    for i in range(n - 1):
        out[i + 1:, i] = out[i, i + 1:] = X[:, i] @ X[:, i + 1:] / 3
    return out


def growing(X, Y):
    out = np.zeros((X.shape[1], X.shape[1]), dtype=X.dtype)
    for i in range(X.shape[1]):
        out[i, :i + 1] = X[:, i] @ X[:, :i + 1]
    return out


def rows(X, Y):
    out = np.empty((X.shape[1], Y.shape[1]), dtype=X.dtype)
    for i in range(X.shape[1]):
        out[i] = X[:, i] @ Y
    return out


def columns(X, Y):
    out = np.empty((Y.shape[1], X.shape[1]), dtype=X.dtype)
    for i in range(X.shape[1]):
        out[:, i] = Y.T @ X[:, i]
    return out


def combined(X, Y):
    out = np.empty((X.shape[1], Y.shape[1]), dtype=X.dtype)
    for i in range(X.shape[1]):
        out[i] = 2 * (X[:, i] @ Y) - i
    return out


def every_other(X, Y):
    out = np.zeros((X.shape[1], Y.shape[1]), dtype=X.dtype)
    for i in range(0, X.shape[1], 2):
        out[i] = X[:, i] @ Y + 1
    return out


def sliding(X, Y):
    out = np.zeros((X.shape[1], 3), dtype=X.dtype)
    for i in range(X.shape[1] - 3):
        out[i] = X[:, i] @ X[:, i:i + 3] + 1
    return out


def written(X, Y):
    square = Y @ Y.T
    for i in range(X.shape[1] - 1):
        X[:, i + 1] = square @ X[:, i] / 1000


BATCHED = [front, mirrored, growing, rows, columns, combined]
OTHERS = [every_other, sliding, written]


def numbers(rng, dtype, *shape):
    parts = rng.standard_normal((2, *shape))
    return (parts[0] + 1j * parts[1] if np.dtype(dtype).kind == "c" else parts[0]).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.complex64])
@pytest.mark.parametrize("function", BATCHED + OTHERS)
def test_equals_numpy(function, dtype):
    rng = np.random.default_rng(3)
    program = thalweg.program(function)
    for count, depth, width in [(0, 4, 2), (1, 3, 5), (2, 0, 3), (3, 1, 1), (95, 7, 4), (96, 7, 0), (97, 12, 9),
                                (193, 6, 20)]:
        X, Y = numbers(rng, dtype, depth, count), numbers(rng, dtype, depth, width)
        for given in ([X, Y], [np.asfortranarray(X), Y]):
            check(program, given, lambda a, b: close(a, b, 60 * (depth + 2)))


@pytest.mark.parametrize("function", BATCHED)
def test_is_done_in_blocks(function):
    program = thalweg.program(function)
    program(np.ones((4, 6)), np.ones((4, 5)))
    assert any("i_block" in build.c_text or "i_0_block" in build.c_text for build in program.builds)


@pytest.mark.parametrize("function", OTHERS)
def test_is_left_alone(function):
    program = thalweg.program(function)
    program(np.ones((4, 6)), np.ones((4, 5)))
    assert not any("i_block" in build.c_text or "i_0_block" in build.c_text for build in program.builds)


def test_an_operand_that_may_be_the_result():
    def rows_into(out, X, Y):
        for i in range(X.shape[0]):
            out[i] = X[i] @ Y

    rng = np.random.default_rng(4)
    square = rng.standard_normal((120, 120))
    for pick in (lambda a: (a, a, a), lambda a: (a, a.copy(), a), lambda a: (a, a, a.copy())):
        expected, found = square.copy(), square.copy()
        rows_into(*pick(expected))
        thalweg.program(rows_into)(*pick(found))
        assert close(found, expected, 10**6)
