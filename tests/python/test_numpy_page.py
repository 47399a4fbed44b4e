"""docs/numpy.md says what the compiler's own table says, and the rows that it calls compiled do compile."""

import sys
from pathlib import Path

import numpy as np
import pytest

import thalweg

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
import numpy_page  # noqa: E402


@pytest.mark.skipif(f"NumPy {np.__version__}" not in numpy_page.PAGE.read_text(), reason="the page is of another NumPy")
def test_the_page_is_the_table():
    assert numpy_page.PAGE.read_text() == numpy_page.page()


def test_public_names_and_what_the_compiler_calls_them():
    assert numpy_page.state_of("numpy.abs")[0] == "compiled"
    assert numpy_page.state_of("numpy.median") == ("compiled", "in Python: definitions/order_statistics.py")
    assert numpy_page.state_of("numpy.linalg.eig") == ("refused", "")


def unary_ufuncs():
    for title, paths in numpy_page.families():
        for path in paths:
            function = getattr(np, path[6:], None)
            if title == "Universal functions" and path != "numpy.isnat" and function.nin == 1 and function.nout == 1:
                yield path


@pytest.mark.parametrize("path", sorted(unary_ufuncs()))
def test_a_ufunc_compiles_if_the_page_says_so(path):
    function = getattr(np, path[6:])

    def program(a):
        return function(a)

    argument = np.array([True, False]) if path.endswith(("logical_not", "invert")) else np.array([0.5, 0.25])
    try:
        expected = function(argument)
    except TypeError:
        argument = np.array([3, 5])
        expected = function(argument)
    if numpy_page.state_of(path)[0] == "compiled":
        np.testing.assert_allclose(thalweg.program(program)(argument), expected, rtol=1e-14)
    else:
        with pytest.raises(thalweg.CompileError):
            thalweg.program(program)(argument)
