"""Linear equations, solved by LAPACK where NumPy's BLAS is there: NumPy's bits.

Each column x of a solution has a residual |a x - b| of at most about n times eps times |a| |x| times the growth of the
elements, so that it differs from the exact one by the condition number of a times as much.
"""

import numpy as np

from thalweg.definitions.compiler import solution
from thalweg.definitions.parts import demand_square, deny, matrix_type, places, solution_type
from thalweg.definitions.products import spread


def solved(a, y):
    """The solution of a x = y for a matrix y of one column or more, and one row more: 0, or 1 where a is singular."""
    return solution(a, y if y.shape[1] > 0 else np.zeros((a.shape[0], 1), y.dtype))


def solution_of(a, y):
    """The solution of a x = y for a matrix y."""
    n = a.shape[0]
    found = solved(a, y)
    if found[n, 0] != 0:
        raise np.linalg.LinAlgError("Singular matrix")
    return found[:n, :y.shape[1]]


def solve_into(a, y):
    """Puts the solution of a x = y into y."""
    if y.ndim == 1:
        y[:] = solution_of(a, np.reshape(y, (a.shape[0], 1)))[:, 0]
    else:
        y[:] = solution_of(a, y)


def of_type(a, dtype):
    return a if a.dtype == dtype else a.astype(dtype)


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
    kind = np.result_type(np.empty(0, solution_type(a)), np.empty(0, solution_type(b)))
    if a.ndim == 2 and b.ndim == 2:
        return solution_of(of_type(a, mixed), of_type(b, mixed)).astype(kind)
    x = np.empty(leading + (n, n), mixed)
    x[...] = a
    y = np.empty(leading + sides, mixed)
    y[...] = b
    if len(leading) == 0:
        solve_into(x, y)
    else:
        stack = np.reshape(x, (places(leading), n, n))
        into = np.reshape(y, (places(leading),) + sides)
        for s in range(stack.shape[0]):
            solve_into(stack[s], into[s])
    return y.astype(kind)


def inverse(a):
    if np.ndim(a) < 2:
        deny(a)
        return a
    demand_square(a)
    n = a.shape[-1]
    if a.ndim == 2:
        y = solution_of(of_type(a, matrix_type(a)), np.eye(n))
    else:
        x = np.empty(a.shape, matrix_type(a))
        x[...] = a
        y = np.empty(a.shape, x.dtype)
        y[...] = np.eye(n)
        stack = np.reshape(x, (places(a.shape[:-2]), n, n))
        into = np.reshape(y, stack.shape)
        for s in range(stack.shape[0]):
            solve_into(stack[s], into[s])
    return y.astype(solution_type(a))


DEFINITIONS = {"numpy.linalg.solve": solve, "numpy.linalg.inv": inverse}
