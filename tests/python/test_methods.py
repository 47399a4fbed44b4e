"""Methods of arrays: those of NumPy's functions with the same name, whose first argument is not always the array."""

import re

import numpy as np
import pytest

import thalweg
from support import function_from

CALLS = """compress([True, False, True]) compress(x > 1, axis=1) compress([True], 0) choose((x, x + 1, x + 2, x, x, x)) repeat(2) repeat([1,
    2, 3], axis=1) take([0, -1]) take([0, 1], axis=1) take([5, 9], mode='wrap') clip(1, 4) clip(max=3) clip(1) round(1) trace()
    trace(1) diagonal() diagonal(1) diagonal(0, 1, 0) swapaxes(0, 1) transpose() transpose(1, 0) transpose((1, 0)) reshape(3, 2)
    reshape((3, 2)) reshape(-1) reshape(3, -1, order='F') ravel() ravel('F') flatten() flatten('F') squeeze() argsort() argsort(0)
    argmin() argmax(1) argmax(axis=0, keepdims=True) cumsum() cumsum(1) cumprod(axis=0) sum() sum(0) sum(axis=1, keepdims=True) sum(0,
    np.float32) prod(1) min() max(0) mean() mean(1) std() std(0, ddof=1) var() var(1) any() any(0) all(1) nonzero() conj() conjugate()
    dot(x) dot(y) astype(np.int8) astype(np.float32) copy() item(2) item(1, 2) min(initial=-3) max(where=a>1, initial=0)"""
CALLS = re.findall(r"\w+\((?:[^()]|\([^()]*\))*\)", " ".join(CALLS.split()))


@pytest.mark.parametrize("dtype", ["int64", "float64"])
@pytest.mark.parametrize("call", CALLS)
def test_as_numpys(call, dtype):
    function = function_from(f"import numpy as np\ndef program(a, x, y):\n    return a.{call}\n", f"<method {call}>", "program")
    a, x, y = np.arange(6).reshape(2, 3).astype(dtype), np.array([0, 1, 2]), np.ones((3, 2))
    try:
        expected = function(a, x, y)
    except TypeError as problem:
        with pytest.raises(TypeError):
            thalweg.program(function, strict=True).interpret(a, x, y)
        assert "safe" in str(problem)
        return
    found = thalweg.program(function, strict=True).interpret(a, x, y)
    for one, other in zip(found if isinstance(found, tuple) else [found], expected if isinstance(expected, tuple) else [expected]):
        assert type(one) is type(other)
        assert np.asarray(one).dtype == np.asarray(other).dtype and np.shape(one) == np.shape(other)
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("call", ["a.put([0, -1], [7, 8])", "a.fill(3)", "a.sort()", "a.sort(0)"])
def test_in_place(call):
    function = function_from(f"import numpy as np\ndef program(a):\n    {call}\n    return a\n", f"<method {call}>", "program")
    a = np.array([[3, 1, 2], [0, 5, 4]])
    np.testing.assert_array_equal(thalweg.program(function, strict=True).interpret(a.copy()), function(a.copy()))


@pytest.mark.parametrize("call", ["a == None", "None == a", "a != None", "(a + 1) == None", "np.sum(a == None)", "a[0, 0] == None"])
def test_none_beside_elements(call):
    """Compared with None each element is: False everywhere, which is no False."""
    function = function_from(f"import numpy as np\ndef program(a):\n    return {call}\n", f"<none {call}>", "program")
    for a in (np.arange(6.0).reshape(2, 3), np.zeros((2, 3), bool)):
        found, expected = thalweg.program(function, strict=True).interpret(a), function(a)
        assert type(found) is type(expected)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("call", ["sum([a, a])", "sum((a, b), a)", "sum([a, 2])"])
def test_python_sum_of_columns(call):
    """Python adds one after the other, and NumPy's sum of two arrays in columns lies in columns."""
    function = function_from(f"def program(a, b):\n    return {call}\n", f"<sum {call}>", "program")
    rows = np.arange(6.0).reshape(2, 3)
    for a, b in [(rows, rows), (np.asfortranarray(rows), np.asfortranarray(rows)), (rows, np.asfortranarray(rows))]:
        found, expected = thalweg.program(function, strict=True).interpret(a, b), function(a, b)
        np.testing.assert_array_equal(found, expected)
        assert found.strides == expected.strides


@pytest.mark.parametrize("call", ["[1, 2] is [1, 2]", "[1, 2] is not [1, 2]", "x is x", "x is not x", "x is y", "x is z", "x == z"])
def test_one_list_or_two(call):
    function = function_from(f"def program():\n    x = [1, 2]\n    y = x\n    z = [1, 2]\n    return {call}\n", f"<is {call}>", "program")
    assert thalweg.program(function, strict=True).interpret() is function()
