"""out= of another type than the result's: NumPy's sums and largest combine in it where it holds what the elements are."""

import itertools

import numpy as np
import pytest

import thalweg
from definition_grid import within
from support import check, function_from, outcome
from tolerance import same_bits

CALLS = ["np.sum(b, axis=0, out=a)", "np.prod(b, axis=0, out=a)", "np.max(b, axis=0, out=a)", "np.mean(b, axis=0, out=a)",
         "np.min(b, axis=0, out=a)", "np.nansum(b, axis=0, out=a)",
         "np.nanmean(b, axis=0, out=a)", "np.median(b, axis=0, out=a)", "np.quantile(b, 0.3, axis=0, out=a)",
         "np.argmax(b, axis=0, out=a)", "np.any(b, axis=0, out=a)", "b.sum(0, out=a)", "b.mean(axis=0, out=a)",
         "np.add.reduce(b, out=a)", "np.multiply.accumulate(b[0], out=a)", "np.sum(b, axis=0, dtype=np.float64, out=a)"]
TYPES = [np.bool_, np.int8, np.int64, np.uint64, np.float16, np.float32, np.float64, np.complex128]
FAR = {np.int64: (2**40 + 1, 3 - 2**40), np.uint64: (2**63 + 5, 2**60 + 1), np.float64: (2.0**40, -2.0**40)}   # what narrower types lose


def ended(function, a, b):
    _, arguments, error = outcome(function, (a, b))
    return arguments[0] if error is None else type(error)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("call", CALLS)
def test_out_of_every_type(call):
    """The result, or a refusal: never another number."""
    function = function_from(f"import numpy as np\n\ndef f(a, b):\n    {call}\n", f"<{call}>")
    program = thalweg.program(function, strict=True)
    rng = np.random.default_rng(1)
    compiled = 0
    for out, given in itertools.product(TYPES, TYPES):
        b = (rng.random((3, 3)) * 100).astype(given)
        b[0], b[2] = FAR.get(given, (b[0], b[2]))
        expected, found = (ended(each, np.zeros(3, out), b) for each in (function, program))
        if isinstance(found, np.ndarray):
            assert isinstance(expected, np.ndarray) and within(8)(found, expected), (out, given, found, expected)
            compiled += 1
        else:
            refused = issubclass(found, thalweg.UnsupportedError) or np.dtype(given).kind == "c" and issubclass(found, TypeError)
            assert refused or isinstance(expected, type), (out, given, found, expected)
    assert compiled >= len(TYPES) // 2


def into_new_arrays(a, b):
    return (np.add(a, b, where=b > 1, out=a * 1), np.sum(a, axis=0, out=a[0] * 1.5), np.sqrt(b, out=a + 0.5), np.dot(a, b.T, a @ b.T),
            np.add.reduce(a, out=a[0] + a[1]), np.median(b, axis=0, out=b[0] + 0.5), np.matmul(a, b.T, out=a @ b.T))


def test_out_of_an_array_that_is_made_in_the_call():
    a = np.arange(6).reshape(2, 3)
    check(into_new_arrays, (a, a[::-1].copy()), same_bits)


def all_of_it(a, o):
    return np.sum(a, out=np.zeros((), np.int16)), np.prod(a, axis=0, out=o), np.any(a, out=np.zeros((), np.int8)), o


def test_one_element_is_cast_as_arrays_are():
    """Stored in an element, a number that does not fit would raise."""
    check(all_of_it, (np.array([6, 2**32 - 1, 7], np.uint32), np.zeros((), np.uint8)), same_bits)
