"""Python's math module: CPython's bits, types and errors."""

import math

import numpy as np
import pytest

import thalweg
from support import function_from

NUMBERS = [0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 3.7, -2.25, 10.0, 1e-300, 1e300, -1e300, 709.8, 710.5, -745.2, 1e16, math.inf,
           -math.inf, math.nan, 3, -2, 0, True, 2**53 + 1]
OF_ONE = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "cos", "cosh", "degrees", "exp", "exp2", "expm1",
          "fabs", "floor", "frexp", "isfinite", "isinf", "isnan", "log", "log10", "log1p", "log2", "modf", "radians", "sin", "sinh",
          "sqrt", "tan", "tanh", "trunc"]
OF_TWO = ["atan2", "copysign", "fmod", "isclose", "log"]
OF_INTEGERS = ["comb", "gcd", "lcm", "ldexp", "perm"]
OF_AN_INTEGER = ["factorial", "isqrt"]


def outcome(function, *arguments):
    """The result with its type, or the exception's type: what it says differs from one CPython to the next."""
    try:
        return repr(function(*arguments))
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        return type(error).__name__


def of_math(name, parameters):
    return function_from(f"import math\ndef f({parameters}):\n    return math.{name}({parameters})\n", f"<math.{name}({parameters})>")


@pytest.mark.parametrize("name", OF_ONE)
def test_of_one_number(name):
    function = of_math(name, "x")
    program = thalweg.program(function)
    rng = np.random.default_rng(3)
    for x in NUMBERS + [float(x) for x in rng.normal(size=40) * 3]:
        found, expected = outcome(program, x), outcome(function, x)
        if name in ("ceil", "floor", "trunc") and abs(x) > 2**63:
            continue  # ints have 64 bits here
        assert found == expected, x
        assert outcome(program.interpret, x) == expected, x
    assert outcome(program, np.float64(0.75)) == outcome(function, np.float64(0.75))


@pytest.mark.parametrize("name", OF_TWO)
def test_of_two_numbers(name):
    function = of_math(name, "x, y")
    program = thalweg.program(function)
    for x in NUMBERS:
        for y in NUMBERS:
            assert outcome(program, x, y) == outcome(function, x, y), (x, y)


@pytest.mark.parametrize("name", OF_INTEGERS)
def test_of_integers(name):
    function = of_math(name, "x, y")
    program = thalweg.program(function)
    for x in (0, 1, -1, 5, 12, 40, -6, 61) if name != "ldexp" else (0.5, -3.25, 1e300, 0.0, math.inf, 1e-300):
        for y in (0, 1, 2, 5, 8, -3, 36) if name != "ldexp" else (0, 1, -3, 2000, -2000, 100):
            found, expected = outcome(program, x, y), outcome(function, x, y)
            if name in ("comb", "perm") and expected.isdigit() and int(expected) >= 2**63:
                expected = "OverflowError"
            assert found == expected, (x, y)


@pytest.mark.parametrize("name", OF_AN_INTEGER)
def test_of_an_integer(name):
    function = of_math(name, "n")
    program = thalweg.program(function)
    for n in (0, 1, 2, 3, 5, 15, 16, 17, 20, -1):
        assert outcome(program, n) == outcome(function, n), n
    if name == "isqrt":
        for n in (10**12, 10**18 - 1, 10**18, 2**62, 2**63 - 1, 3037000499**2, 3037000499**2 - 1):
            assert program(n) == math.isqrt(n)
    else:
        with pytest.raises(OverflowError):
            program(21)


def orbit(n, h):
    total = 0.0
    for k in range(n):
        angle = k * h
        total += math.sin(angle) * math.exp(-angle) + math.atan2(angle, 2.0) ** 2
    return total, math.prod([n, 2, h]), n ** 0.5


def test_in_a_loop():
    program = thalweg.program(orbit)
    for n in (0, 1, 7, 1000):
        assert repr(program(n, 0.01)) == repr(orbit(n, 0.01))


def roots(x, out):
    for i in range(len(x)):
        out[i] = math.sqrt(x[i])


def test_an_error_in_a_loop_over_elements():
    program = thalweg.program(roots)
    out = np.zeros(3)
    program(np.array([4.0, 9.0, 2.0]), out)
    assert out.tolist() == [2.0, 3.0, math.sqrt(2.0)]
    with pytest.raises(ValueError, match="math domain error"):
        program(np.array([4.0, -9.0, 2.0]), out)
    with pytest.raises(OverflowError, match="math range error"):
        thalweg.program(of_math("exp", "x"))(1000.0)
    with pytest.raises(TypeError, match="complex"):
        thalweg.program(of_math("exp", "x"))(1j)
