"""Numbers that are Python's or NumPy's by the way taken: what is done with them gives NumPy's value and class on both, or is
refused. The random program that found it: np.floor(i) of an `i` of a while loop, then of a loop over an array."""

import itertools

import numpy as np
import pytest

import thalweg
from support import function_from
from tolerance import same_bits

# What both ways may be, in Python and in NumPy.
KINDS = {"int64": ("3", "np.int64(3)"), "float64": ("2.0", "np.float64(2)"), "int8": ("3", "np.int8(3)"),
         "uint8": ("3", "np.uint8(3)"), "float32": ("2.0", "np.float32(2)"),
         "python": ("2", "2.0"), "complex": ("2", "np.complex128(2)")}
# Compiled for numbers of 64 bits; of the smaller ones NumPy's functions give another type on each way.
COMPILED = [
    "np.floor(i)", "np.ceil(i)", "np.trunc(i)", "np.rint(i)", "np.positive(i)", "np.negative(i)", "np.abs(i)", "np.conj(i)",
    "np.square(i)", "np.sign(i)", "np.round(i)", "np.around(i)", "np.fix(i)", "np.real(i)", "np.imag(i)", "np.isreal(i)",
    "np.sum(i)", "np.max(i)", "np.prod(i)", "np.copy(i)", "np.asarray(i)", "np.array(i)", "np.array([i, 2])", "np.atleast_1d(i)",
    "np.minimum(i, i)", "np.minimum(i, 5)", "np.where(a > 0, i, 1)", "np.clip(i, 0, 9)", "np.full(2, i)", "np.result_type(i) == a.dtype",
    "np.float64(i)", "abs(i)", "-i", "+i", "i > 2", "i == 2", "int(i)", "float(i)", "bool(i)",
    "a + i", "a[:1] * i", "np.floor(-i)", "i.real", "i.imag", "i.conjugate()",
    "np.add(a, i)", "np.zeros_like(i)", "np.append(a, i)", "np.insert(a, 0, i)", "not i",
]
# Refused, or right, for all of them.
OTHERS = [
    "np.int64(i)", "np.int8(i)", "np.dot(i, i)", "np.zeros(2, np.int8) > i", "np.squeeze(i)", "np.transpose(i)", "np.permute_dims(i)", "np.reshape(i, ())", "i.item()", "i.shape", "i.dtype", "i.T", "i.ndim",
    "i.size", "i.astype(np.int8)", "i.copy()", "i.sum()", "i.max()", "i + i", "i * 2", "i / 2", "i // 2", "i % 2", "i ** 2", "~i",
    "np.float32(1) + i", "np.zeros(2, np.float32) + i", "np.zeros(2, np.int8) + i", "np.zeros(2, np.int8) - np.int8(i)",
    "np.sqrt(np.square(i))", "np.maximum(np.float32(1), i)", "min(i, 5)", "max(i, 1)", "divmod(i, 2)", "round(i)", "(i, i)",
    "np.union1d(a, i)", "np.meshgrid(i, a)", "np.broadcast_to(i, (2,))", "np.tile(i, 2)", "np.repeat(i, 2)", "np.outer(i, i)",
    "np.gcd(i, 2)", "np.kron(i, i)", "np.unique(i)", "np.nan_to_num(i)", "np.ones_like(i)", "np.full_like(i, 2)", "np.invert(i)",
    "~(i > 2)", "+(i > 2)", "-(i > 2)", "abs(i > 2)", "(i > 2) + 1", "np.real(i > 2)", "(i > 2).imag", "np.where(i > 2, 1, 2)",
    "(i > 2) and (i < 9)", "not (i > 2)", "1 if i > 2 else 0", "np.logical_not(i > 2)", "np.sum(i > 2)", "np.arange(i)", "range(i)[0]",
    "i > 2 ** 70", "i == 2 ** 70", "i > 1j", "i == 1j", "i == 'a'", "i is None", "i in (1, 3)", "a[(i == 3)]", "np.stack([i, i])",
    "np.hstack([i, 1])", "np.concatenate([[i], a])", "np.linspace(0, i, 3)", "np.heaviside(i, 1)", "np.divmod(i, 2)", "(i > 1) * i",
]


def both_orders(kind, expression):
    for first, second in itertools.permutations(KINDS[kind]):
        text = (f"import numpy as np\n\ndef f(a, c):\n    if c:\n        i = {first}\n    else:\n        i = {second}\n"
                f"    return {expression}\n")
        yield function_from(text, f"<{kind} {first} {expression}>")


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        return next(each for each in (TypeError, AttributeError, OverflowError, ValueError) if isinstance(error, each))


def check_both_ways(function, may_be_refused):
    program = thalweg.program(function, strict=True)
    for c in (True, False, True):
        expected = outcome(function, np.array([1.0, 4.0]), c)
        try:
            found = outcome(program, np.array([1.0, 4.0]), c)
        except thalweg.UnsupportedError as error:
            assert may_be_refused and "-->" in str(error), str(error)
            continue
        if isinstance(expected, type):
            assert found is expected
            continue
        assert type(found) is type(expected), (found, expected)
        for one, other in zip(*((each if isinstance(each, (tuple, list)) else (each,)) for each in (found, expected))):
            assert type(one) is type(other) and same_bits(one, other), (found, expected)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("expression", COMPILED)
def test_compiled(kind, expression):
    for function in both_orders(kind, expression):
        check_both_ways(function, may_be_refused="64" not in kind)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("expression", OTHERS)
def test_as_numpy_or_refused(kind, expression):
    for function in both_orders(kind, expression):
        check_both_ways(function, may_be_refused=True)


STORED = [
    "b[0] = i", "b[:] = i", "b[np.array([True, False])] = i", "b.fill(i)", "b = np.full(2, i, b.dtype)", "b = np.array(i, b.dtype)",
    "b = np.array([i, 1], b.dtype)", "b = np.full_like(b, i)", "b = np.insert(b, 0, i)", "b += i", "b[0] += i", "np.put(b, 0, i)",
    "b = np.pad(b, 1, constant_values=i)", "b = b > i", "b = np.clip(b, 0, i)", "b = np.add(b, i, dtype=b.dtype)",
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["int8", "uint8", "int32", "uint64", "float32", "bool_"])
@pytest.mark.parametrize("statement", STORED)
def test_numbers_beyond_the_elements_type(kind, statement):
    """Python's raise where NumPy's wrap around."""
    for number, (first, second) in itertools.product((300, -1, 2 ** 40, 5), itertools.permutations(("", "np.int64"))):
        text = (f"import numpy as np\n\ndef f(c):\n    if c:\n        i = {first}({number})\n    else:\n        i = {second}({number})\n"
                f"    b = np.zeros(2, np.{kind})\n    {statement}\n    return b\n")
        function = function_from(text, f"<{kind} {first} {number} {statement}>")
        program = thalweg.program(function, strict=True)
        for c in (True, False):
            expected = outcome(function, c)
            try:
                found = outcome(program, c)
            except thalweg.UnsupportedError:
                assert statement in ("b += i", "b[0] += i", "b = b > i", "b = np.clip(b, 0, i)", "b = np.add(b, i, dtype=b.dtype)")
                continue
            assert found is expected if isinstance(expected, type) else same_bits(found, expected), (found, expected)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("expression", ["i + 1", "i - 3", "1 - i", "i + True", "-i", "i / 2", "i > 1", "i == 2", "float(i)", "int(i)",
                                        "bool(i)", "i + 0.5", "i * 1.5", "a + i", "(i, 1)", "not i", "i + 1 - 4 + 0.0"])
def test_floats_that_are_ints_on_the_other_way(expression):
    for function in both_orders("python", expression):
        check_both_ways(function, may_be_refused=False)


def summed(a, n):
    y = 2
    for i in a:
        y = 0.5
    for i in range(n):
        y += 1
    return y, y + 3


def test_a_sum_of_ints_or_of_floats():
    program = thalweg.program(summed, strict=True)
    for a, n in itertools.product((np.zeros(0), np.ones(2)), (0, 3)):
        assert repr(program(a, n)) == repr(summed(a, n))


def carried(a, n):
    i = 0
    while i < n:
        i += 1
    for i in a:
        pass
    return np.floor(i), np.round(i), np.int64(i), np.imag(i), i


@pytest.mark.filterwarnings("ignore")
def test_of_two_loops():
    program = thalweg.program(carried, strict=True)
    for a, n in itertools.product((np.zeros(0, np.int64), np.array([3, 5])), (0, 3)):
        found, expected = program(a, n), carried(a, n)
        for one, other in zip(found, expected):
            assert type(one) is type(other) and same_bits(one, other), (found, expected)


def wrapped_ranges(s, t):
    return np.arange(np.uint8(s), 2), np.arange(np.int8(s), np.int8(t)), np.arange(np.uint8(250), np.uint8(255), np.uint8(s))


@pytest.mark.filterwarnings("ignore")
def test_ranges_between_small_integers_wrap_as_they_do():
    program = thalweg.program(wrapped_ranges, strict=True)
    for s, t in ((3, 100), (100, -100), (1, 1), (7, 3)):
        for one, other in zip(program(s, t), wrapped_ranges(s, t)):
            assert same_bits(one, other), (s, t)
