"""What compiled code makes of a statement."""

import ast
from typing import NamedTuple

import numpy

import thalweg
from definition_grid import within
from support import leaves
from tolerance import FUNCTION_ULPS, same_bits

from . import alone

# Functions and methods whose results may differ from NumPy's in the last bits, by the units that they may differ.
ELEMENTARY = set(
    "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan arctan2 sinh cosh tanh arcsinh arccosh "
    "arctanh asin acos atan atan2 asinh acosh atanh cbrt hypot power pow float_power logaddexp logaddexp2 sinc angle "
    "i0 logspace geomspace linspace".split())
SUMS = set(
    "sum prod mean average std var cumsum cumprod cumulative_sum cumulative_prod dot vdot inner outer matmul "
    "vecdot matvec vecmat tensordot einsum trace convolve correlate cov corrcoef kron cross interp gradient trapezoid "
    "histogram percentile quantile median polyval polyint polyder polymul polydiv poly multi_dot reduce "
    "accumulate".split())
WINDOWS = {"kaiser", "hamming", "hanning", "blackman"}  # they come close to zero: units of their largest
SOLVED = {"linalg", "LA", "fft", "roots", "polyfit"}
# Where several such steps follow one another, and in linear algebra and transforms.
SEVERAL = 256


class Outcome(NamedTuple):
    state: str  # "right", "refused" or "wrong"
    code: str = ""
    message: str = ""


def _units(found, expected):
    """Within FUNCTION_ULPS units of each element; zeros of the same sign."""
    if expected.dtype.kind not in "fc":
        return same_bits(found, expected)
    with numpy.errstate(all="ignore"):
        near = numpy.abs(found - expected) <= FUNCTION_ULPS * numpy.finfo(expected.dtype).eps * numpy.abs(expected)
        signs = numpy.signbit(found.real) == numpy.signbit(expected.real)
        same = (expected != 0) & (near | (found == expected)) | (found == expected) & signs
        return bool(numpy.all(same | numpy.isnan(found) & numpy.isnan(expected)))


def _condition(arguments):
    """The largest condition of a square matrix among the arguments: linear algebra loses as many digits."""
    matrices = [a for a in arguments if isinstance(a, numpy.ndarray) and a.ndim >= 2 and a.shape[-1] == a.shape[-2]]
    numbers = [float(numpy.max(numpy.linalg.cond(a))) for a in matrices if a.size]
    return max([1.0, *numbers])


def _tolerance(step, arguments):
    words = {node.attr for node in ast.walk(step.tree) if isinstance(node, ast.Attribute)}
    words |= {node.id for node in ast.walk(step.tree) if isinstance(node, ast.Name)}
    words |= {word.removeprefix("nan") for word in words}
    modules = {getattr(step.reached.get(word), "__module__", None) or "" for word in words}
    if words & {"eigh", "svd"}:  # vectors are unique up to their sign or phase
        sizes = within(SEVERAL * _condition(arguments))
        return lambda found, expected: sizes(numpy.abs(found), numpy.abs(expected))
    if words & WINDOWS:
        return within(SEVERAL)
    if words & SOLVED or any("linalg" in each or "fft" in each for each in modules):
        return within(SEVERAL * _condition(arguments))
    if words & SUMS or any(isinstance(node, ast.MatMult) for node in ast.walk(step.tree)):
        return within(32)
    if words & ELEMENTARY or any(isinstance(node, ast.Pow) for node in ast.walk(step.tree)):
        steps = sum(isinstance(node, (ast.Call, ast.BinOp)) for node in ast.walk(step.tree))
        return _units if steps == 1 else within(SEVERAL)
    return same_bits


def _flat(value):
    return [leaf for item in value for leaf in _flat(item)] if isinstance(value, list) else leaves(value)


def _shared(result, arguments):
    return [[numpy.shares_memory(leaf, each) for each in arguments if isinstance(each, numpy.ndarray)]
            for leaf in _flat(result) if isinstance(leaf, numpy.ndarray)]


def _alike(found, expected, same):
    """What differs between two results."""
    if type(found) is not type(expected):
        return f"a {type(found).__name__}, in NumPy a {type(expected).__name__}"
    if isinstance(expected, (tuple, list)):
        if len(found) != len(expected):
            return f"{len(found)} items, in NumPy {len(expected)}"
        return next(filter(None, (_alike(one, other, same) for one, other in zip(found, expected))), None)
    if expected is None:
        return None
    if numpy.shape(found) != numpy.shape(expected):
        return f"shape {numpy.shape(found)}, in NumPy {numpy.shape(expected)}"
    if numpy.asarray(found).dtype != numpy.asarray(expected).dtype:
        return f"type {numpy.asarray(found).dtype}, in NumPy {numpy.asarray(expected).dtype}"
    if not same(numpy.asarray(found), numpy.asarray(expected)):
        return "other values"
    return "printed otherwise" if same is same_bits and repr(found) != repr(expected) else None


def _difference(found, expected, same):
    (result, error, arguments), (wanted, wanted_error, wanted_arguments) = found, expected
    if error is not None:
        return f"raises {error!r}"
    if wanted_error is not None:
        return f"gives {result!r}, where NumPy raises {type(wanted_error).__name__}"
    what = _alike(result, wanted, same)
    if what:
        return f"{what}: {result!r}, in NumPy {wanted!r}"
    what = _alike(arguments, wanted_arguments, same)
    if what:
        return f"argument afterwards: {what}: {arguments!r}, in NumPy {wanted_arguments!r}"
    return None if _shared(result, arguments) == _shared(wanted, wanted_arguments) else "shares memory unlike NumPy"


def _for_a_list(error):
    """A list stands where the compiler takes arrays only: what NumPy makes of it was not reached."""
    return getattr(error, "code", "") == "TW1003" and str(error).startswith(("a list", "a tuple"))


def outcome(step):
    """Compiles the statement and holds it against CPython; nothing may be called back."""
    function, arguments = alone.function_of(step)
    expected = alone.run(function, arguments)
    found = alone.run(thalweg.program(function, strict=True), arguments)
    error, wanted = found[1], expected[1]
    if error is not None and wanted is not None and isinstance(error, type(wanted)) and not _for_a_list(error):
        return Outcome("right")
    if isinstance(error, thalweg.CompileError):
        return Outcome("refused", error.code, str(error).splitlines()[0])
    what = _difference(found, expected, _tolerance(step, arguments))
    return Outcome("wrong", "", what) if what else Outcome("right")
