"""Numbers that say how (diagonals, axes, exponents, widths) of every kind of number: the result, an error, or a refusal."""

import itertools

import numpy as np
import pytest

import thalweg
from support import function_from, outcome
from tolerance import same_bits

CALLS = ["np.tri(3, k=P)", "np.tril(a, P)", "np.triu(a, k=P)", "np.pad(a, P)", "np.pad(a, ((P, 0), (0, P)))", "np.resize(a, P)",
         "np.linalg.matrix_power(a[:, :2], P)", "np.sum(a, axis=(P,))", "np.transpose(a, (P, 0))", "np.swapaxes(a, P, 0)", "np.roll(a, P)",
         "np.max(a, axis=P)", "np.eye(3, k=P)", "np.diagonal(a, P)", "np.repeat(a, P)", "[1, 2, 3][P]", "a.shape[P]", "[0] * P", "a[P:]",
         "a[0, P]", "np.moveaxis(a, P, 0)", "np.full((P, 2), P)", "np.arange(P)", "np.delete(a, P, axis=0)", "np.cumsum(a, axis=P)"]
NUMBERS = ["1", "True", "1.0", "0.5", "2", "-1", "np.int8(1)", "np.uint8(1)", "np.uint8(2)", "np.int64(1)", "np.uint64(1)", "np.True_",
           "np.float64(1)", "np.array(1)"]


def ended(function, *arguments):
    result, _, error = outcome(function, arguments)
    return result if error is None else error


def holds(found, expected):
    """Is it NumPy's, or an error where NumPy's is one, or a refusal?"""
    if isinstance(found, thalweg.CompileError):   # see below: without strict=True it is called back
        return True
    if isinstance(found, Exception) or isinstance(expected, Exception):
        return isinstance(found, Exception) and isinstance(expected, Exception)
    if isinstance(found, np.ndarray):
        return isinstance(expected, np.ndarray) and same_bits(found, expected)
    return type(found) is type(expected) and found == expected


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("call", CALLS)
def test_parameters_of_every_kind(call):
    """Written as a constant, and given as an argument."""
    compiled = 0
    for number, constant in itertools.product(NUMBERS, (True, False)):
        body = call.replace("P", f"({number})") if constant else call
        function = function_from(f"import numpy as np\n\ndef f(a, P):\n    return {body}\n", f"<{body}>")
        arguments = np.arange(6).reshape(2, 3), eval(number, {"np": np})
        found = ended(thalweg.program(function, strict=True).interpret, *arguments)
        expected = ended(function, *arguments)
        assert holds(found, expected), (number, constant, found, expected)
        compiled += not isinstance(found, Exception)
    assert compiled >= 2


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("call", CALLS)
def test_what_is_not_compiled_is_called_back(call):
    function = function_from(f"import numpy as np\n\ndef f(a, P):\n    return {call}\n", f"<callbacks {call}>")
    for number in NUMBERS:
        arguments = np.arange(6).reshape(2, 3), eval(number, {"np": np})
        found, expected = ended(thalweg.program(function, strict=False), *arguments), ended(function, *arguments)
        assert holds(found, expected), (number, found, expected)
        assert isinstance(expected, Exception) or not isinstance(found, Exception), (number, found)
