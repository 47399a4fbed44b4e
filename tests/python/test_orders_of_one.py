"""The order in memory of results where an extent of 1 is repeated: it has no say, whether that is known or asked."""

import numpy as np
import pytest

import thalweg
from support import function_from
from tolerance import same_bits

EXPRESSIONS = [
    "a + b", "b + a", "np.nextafter(b, a)", "(a + b) % x", "(b < 2) | (a > 0)", "(a + b) > (x * b)", "a.T % x", "x + a.T",
    "(a.T)[::-1] % (x + x)", "np.heaviside(a, 1) > np.less(x, b)", "np.ones_like(a)[1:] + (b - 2)", "np.maximum(a.T, b)",
    "divmod(a + 3, 2)[0]", "np.divmod(7.0, a)[1] + x", "np.cumsum(np.broadcast_to(x, (2, 3)), axis=1)",
    "np.array(np.broadcast_to(x, (2, 3)))", "np.broadcast_to(x, (2, 3)).astype(np.float32)", "np.round(np.broadcast_to(x, (2, 3)))",
    "np.isreal(a.T * 2)", "np.iscomplex(a.T * 2j)", "np.iscomplex(a.T)", "np.column_stack((x, a.T))", "np.column_stack((a.T, a.T))",
    "np.multiply.outer(a, 2)", "np.multiply.outer(3 * a, 2.0)", "np.hstack((a, a))", "np.concatenate((a.T, b), axis=0)",
    "np.argmax(a, keepdims=True)", "np.argmin(a.T, keepdims=True)", "np.argmax(x, keepdims=True)", "np.union1d(x.astype(np.uint8), 7)",
    "np.arange(x.astype(np.uint64)[2])", "np.arange(x.astype(np.uint8)[1], 5)", "np.argmax(np.copy(x[0]), keepdims=True)",
    "(a.T * 2).copy()", "(a + b).copy()", "(a > 0).conj()", "np.isinf(a).conjugate()",
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_as_numpy(expression):
    function = function_from(f"import numpy as np\n\ndef f(a, b, x):\n    return {expression}\n", f"<{expression}>")
    program = thalweg.program(function, strict=True)
    rows = [np.ones((3, 3)), np.ones((2, 3)), np.ones((1, 3)), np.ones((3, 1)), np.full((1, 1), 2.0)]
    for a in [*rows, *(np.asfortranarray(each) for each in rows), np.asfortranarray(rows[1])[::-1]]:
        for b in (np.ones((1, 3)), np.ones((1, 3))[::-1], np.ones((3, 1)), np.asfortranarray(np.ones((3, 3)))):
            try:
                expected = function(a, b, np.arange(3.0))
            except ValueError:
                continue
            found = program(a, b, np.arange(3.0))
            assert same_bits(found, expected)
            if expected.size > 1:
                assert (found.flags.c_contiguous, found.flags.f_contiguous) == (expected.flags.c_contiguous, expected.flags.f_contiguous)


REFUSED = ["np.argmax(a, axis=(0, 1))", "np.float32(2).dot(x)", "np.correlate(2.0, x)", "np.roll(3, 1, axis=0)",
           "np.average(a[:, :0], axis=0)"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("expression", REFUSED)
def test_as_numpy_says_no(expression):
    function = function_from(f"import numpy as np\n\ndef f(a, x):\n    return {expression}\n", f"<{expression}>")
    with pytest.raises((TypeError, ValueError, AttributeError, ZeroDivisionError, NotImplementedError)):
        thalweg.program(function, strict=True)(np.ones((2, 3)), np.ones(3))
    with pytest.raises((TypeError, ValueError, AttributeError, ZeroDivisionError)):
        function(np.ones((2, 3)), np.ones(3))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("expression", ["2 * v", "v + v.copy()", "np.sin(v)", "v.astype(int)", "np.zeros_like(v)", "np.copy(v)",
                                        "v.sum(-1)", "v.mean(0)", "np.inner(v, 2)", "np.inner(2, v * 1.0)", "np.dot(2, v)", "np.where(v > 1, v, 0)"])
def test_arguments_that_are_broadcast_views(expression):
    """A dimension along which an argument repeats its elements has no say."""
    function = function_from(f"import numpy as np\n\ndef f(v):\n    return {expression}\n", f"<{expression}>")
    program = thalweg.program(function, strict=True)
    column, row, one = np.ones((3, 1)), np.ones((2, 1, 4)), np.asfortranarray(np.ones((2, 3, 4)))
    for v in (np.broadcast_to(column, (2, 3, 4)), np.broadcast_to(row, (2, 3, 4)).transpose(2, 1, 0), one, one.transpose(1, 0, 2),
              np.broadcast_to(np.ones(3), (4, 3)).T, np.broadcast_to(1.5, (3, 2)).T):
        assert program(v).strides == function(v).strides
