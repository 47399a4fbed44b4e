"""Numbers that functions store into arrays: Python's are asked for their int, NumPy's and arrays are cast, lists go item by item."""

import numpy as np
import pytest

import thalweg
from definition_grid import within
from support import check, function_from
from tolerance import same_bits

STATEMENTS = [
    "a = np.array(v, a.dtype)", "a = np.asarray(v, a.dtype)", "a = np.asarray([v, 2], a.dtype)", "a = np.ascontiguousarray(v, a.dtype)",
    "a = np.ascontiguousarray([[v], [1]], a.dtype)", "np.put(a, [0, 1], v)", "np.put(a, 0, [v, 1])", "a.put(0, v)",
    "np.fill_diagonal(a, v)", "np.fill_diagonal(a, [v, 1])", "a = np.insert(a, 0, v)", "a = np.insert(a, 0, v, axis=1)",
    "a = np.insert(a, [0, 1], [v, 1])", "a.flat = v", "a.flat[1:3] = v", "np.copyto(a, v)",
    "np.copyto(a, v, where=a > 0)", "a = np.full_like(a, v)", "a = np.max(a, initial=v)", "a[a == 1] = [v]"]
REFUSED_FLOATS = ["np.putmask(a, a > 0, v)", "np.place(a, a > 0, [v])", "a = np.add.reduce(a, initial=v)"]
NUMBERS = [3, 300, -1, 2**40, 2.5, -3.7, 1e10, np.nan, True, np.int64(300), np.uint8(200), np.uint64(2**64 - 5), np.float64(-3.7),
           np.float32(2.5)]
ARRAYS = [np.array([[1, -2], [3, 100]], np.int8), np.array([[1, 2], [4, 200]], np.uint8), np.array([[1, 2], [3, 100]], np.uint64),
          np.array([[1, -2], [3, 4]]), np.array([[1.5, 1], [3, 4]], np.float32), np.array([[True, False], [True, True]])]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("statement", STATEMENTS + REFUSED_FLOATS)
def test_numbers_of_all_kinds(statement):
    text = f"import numpy as np\n\ndef f(a, v):\n    {statement}\n    return a\n"
    program = thalweg.program(function_from(text, f"<{statement}>"))
    for a in ARRAYS:
        for v in NUMBERS:
            if statement in REFUSED_FLOATS and a.dtype.kind != "f" and isinstance(v, (float, np.floating)):
                with pytest.raises(thalweg.UnsupportedError):
                    program(a, v)
                continue
            check(program, (a, v), same_bits)


def test_a_complex_number_for_reals_is_left_to_numpy():
    text = "import numpy as np\n\ndef f(n):\n    return np.full(n, 1j, np.float64), np.full_like(np.ones(n), [2j])\n"
    f = function_from(text, "<full of complex>")
    with pytest.warns(Warning):
        compiled = thalweg.program(f, strict=False)(2)
    assert [x.tolist() for x in compiled] == [[0, 0], [0, 0]]


def weighed(a, v):
    return np.einsum(",ij", v, a), np.einsum("ij,->i", a, v)


def test_a_number_beside_arrays_has_its_own_type_in_einsum():
    program = thalweg.program(weighed)
    for a in ARRAYS:
        for v in (3, 300, -1, 2.5, np.float32(2.5), np.int8(3), 2j):
            for found, expected in zip(program(a, v), weighed(a, v), strict=True):
                assert within(4)(found, expected), (a.dtype, v)
