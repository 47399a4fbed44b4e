"""Linear equations, from the factors L and U as LAPACK solves them.

Each column x of a solution has a residual |a x - b| of at most about n times eps times |a| |x| times the growth of the
elements, so that it differs from the exact one by the condition number of a times as much.
"""

import numpy as np

from thalweg.definitions.factors import factor
from thalweg.definitions.parts import demand_square, deny, matrix_type, places, solution_type
from thalweg.definitions.products import spread

ROWS = 64
FEW = 8


def exchange(order, y):
    """The rows of y as the rows of the factors."""
    for k in range(order.shape[0]):
        if order[k] != k:
            row = np.copy(y[k])
            y[k] = y[order[k]]
            y[order[k]] = row


def substitute(a, y):
    """Puts the solution of L U x = y into the matrix y.

    Rows in blocks of ROWS, and those in blocks of FEW: what rows before (behind) a block make of it is one product each.
    """
    n = a.shape[0]
    for first in range(0, n, ROWS):
        end = min(first + ROWS, n)
        y[first:end] -= a[first:end, :first] @ y[:first]
        for top in range(first, end, FEW):
            bottom = min(top + FEW, end)
            y[top:bottom] -= a[top:bottom, first:top] @ y[first:top]
            for i in range(top + 1, bottom):
                for k in range(top, i):
                    y[i] -= a[i, k] * y[k]
    for block in range((n + ROWS - 1) // ROWS):
        first = (n - 1) // ROWS * ROWS - block * ROWS
        end = min(first + ROWS, n)
        y[first:end] -= a[first:end, end:] @ y[end:]
        for part in range((end - first + FEW - 1) // FEW):
            top = first + (end - first - 1) // FEW * FEW - part * FEW
            bottom = min(top + FEW, end)
            y[top:bottom] -= a[top:bottom, bottom:end] @ y[bottom:end]
            for back in range(bottom - top):
                i = bottom - 1 - back
                for k in range(i + 1, bottom):
                    y[i] -= a[i, k] * y[k]
                y[i] /= a[i, i]


def substitute_line(a, y):
    """The same for a vector y."""
    n = a.shape[0]
    for i in range(1, n):
        y[i] -= np.dot(a[i, :i], y[:i])
    for back in range(n):
        i = n - 1 - back
        y[i] = (y[i] - np.dot(a[i, i + 1:], y[i + 1:])) / a[i, i]


def solve_into(a, order, y):
    """Puts the solution of a x = y into y; a is overwritten."""
    if not factor(a, order):
        raise np.linalg.LinAlgError("Singular matrix")
    if y.ndim == 1:
        for k in range(order.shape[0]):
            value = y[k]
            y[k] = y[order[k]]
            y[order[k]] = value
        substitute_line(a, y)
    else:
        exchange(order, y)
        substitute(a, y)


def broadcast(of_a, of_b):
    """The shape that two shapes are broadcast to."""
    longer = of_a if len(of_a) > len(of_b) else of_b
    shorter = of_b if len(of_a) > len(of_b) else of_a
    shape = ()
    for d, n in enumerate(longer):
        at = d - (len(longer) - len(shorter))
        shape = shape + (n if at < 0 else spread(n, shorter[at]),)
    return shape


def solve(a, b):
    if np.ndim(a) < 2:
        deny(a)
        return b
    demand_square(a)
    if np.ndim(b) == 0:
        raise ValueError("solve: Input operand 1 does not have enough dimensions (has 0, gufunc core with signature "
                         "(m,m),(m,n)->(m,n) requires 2)")
    n = a.shape[-1]
    if b.ndim == 1 and b.shape[0] != n:
        raise ValueError("solve1: Input operand 1 has a mismatch in its core dimension 0")
    if b.ndim > 1 and b.shape[-2] != n:
        raise ValueError("solve: Input operand 1 has a mismatch in its core dimension 0")
    sides = b.shape[-2:]
    leading = broadcast(a.shape[:-2], b.shape[:-2])
    matrix_type(a)
    matrix_type(b)
    mixed = np.complex128 if np.iscomplexobj(a) or np.iscomplexobj(b) else np.float64
    x = np.empty(leading + (n, n), mixed)
    x[...] = a
    y = np.empty(leading + sides, mixed)
    y[...] = b
    order = np.empty(n, np.int64)
    if len(leading) == 0:
        solve_into(x, order, y)
    else:
        stack = np.reshape(x, (places(leading), n, n))
        into = np.reshape(y, (places(leading),) + sides)
        for s in range(stack.shape[0]):
            solve_into(stack[s], order, into[s])
    return y.astype(np.result_type(np.empty(0, solution_type(a)), np.empty(0, solution_type(b))))


def inverse(a):
    if np.ndim(a) < 2:
        deny(a)
        return a
    demand_square(a)
    n = a.shape[-1]
    x = np.empty(a.shape, matrix_type(a))
    x[...] = a
    y = np.empty(a.shape, x.dtype)
    y[...] = np.eye(n)
    order = np.empty(n, np.int64)
    if a.ndim == 2:
        solve_into(x, order, y)
    else:
        stack = np.reshape(x, (places(a.shape[:-2]), n, n))
        into = np.reshape(y, stack.shape)
        for s in range(stack.shape[0]):
            solve_into(stack[s], order, into[s])
    return y.astype(solution_type(a))


DEFINITIONS = {"numpy.linalg.solve": solve, "numpy.linalg.inv": inverse}
