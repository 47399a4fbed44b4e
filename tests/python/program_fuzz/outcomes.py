"""One program on several inputs: NumPy's outcome against the compiled one."""

import collections
import dataclasses
import linecache
import re
import warnings

import numpy as np

import thalweg
from tolerance import FUNCTION_ULPS, same_bits

from . import products, temporaries, values

COMPILED, REFUSED, CALLED_BACK = "compiled", "refused", "called back"
RAISED = (ArithmeticError, ValueError, IndexError, TypeError, UnboundLocalError, MemoryError)
# The one refusal while a program runs: Python ints are 64 bits here (the last is the interpreter's).
NO_LONGER = ("Python ints are 64 bits here", "the number does not fit into a 64-bit integer", "leaves 64 bits here")


@dataclasses.dataclass
class Report:
    program: object
    status: str = COMPILED
    message: str = ""                       # of the refusal or the notice
    differences: list = dataclasses.field(default_factory=list)
    counts: collections.Counter = dataclasses.field(default_factory=collections.Counter)


def apart(x):
    """What is written to a slice, in memory of its own: NumPy's `a[::2] = a[:3]` reads what it has written (docs/runtime.md)."""
    return x.copy(order="K") if isinstance(x, np.ndarray) else x


def function_of(text, name):
    """The function `program` of a text, known to linecache so that its source is found."""
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    names = {"np": np, "LOG": [], "forwards": products.forwards, "apart": apart,
             "kept": temporaries.keeper()}
    exec(compile(text, name, "exec"), names)
    return names["program"]


def run(function, arguments):
    """(results, None) or (None, exception)."""
    try:
        with np.errstate(all="ignore"):
            return function(*arguments), None
    except Exception as error:
        return None, error


GUARD = np.full(64, 0xA5, np.uint8)   # on both sides of the memory of an argument


def guarded(base):
    """A copy of an array whose memory has guards on both sides, and all of its memory."""
    whole = np.empty(len(GUARD) * 2 + base.nbytes, np.uint8)
    whole[:len(GUARD)] = whole[len(GUARD) + base.nbytes:] = GUARD
    order = "F" if base.flags.f_contiguous and not base.flags.c_contiguous else "C"
    inside = np.ndarray(base.shape, base.dtype, whole.data, len(GUARD), order=order)
    inside[...] = base
    return inside, whole


def intact(memory):
    """Has nothing been written beside the arguments?"""
    return all(np.array_equal(whole[:len(GUARD)], GUARD) and np.array_equal(whole[-len(GUARD):], GUARD)
               for _, whole in memory.values())


def copies(arguments):
    """The same arguments in other memory with guards, and that memory: layouts and what they share are kept."""
    memory = {}

    def whole(a):
        while isinstance(a.base, np.ndarray):
            a = a.base
        return a
    out = []
    for a in arguments:
        if not isinstance(a, np.ndarray):
            out.append(a)
            continue
        base = whole(a)
        if id(base) not in memory:
            memory[id(base)] = guarded(base)
        offset = a.__array_interface__["data"][0] - base.__array_interface__["data"][0]
        if a.size:
            out.append(np.ndarray(a.shape, a.dtype, memory[id(base)][1].data, len(GUARD) + offset, a.strides))
        else:
            out.append(a.copy(order="K"))
    return out, memory


def fused_by_layout(program, plain):
    """May NumPy fuse complex products here or not, by strides, length and overlap (docs/runtime.md)?"""
    return not plain or any(
        part in program.text() for part in ("out=", "::-", ".T", "transpose", "flip", "rot90", "square"))


def is_numpys_other_answer(program, found, mine, arguments, plain):
    """Is it what NumPy gives for the same program where it fuses the complex products, too?"""
    if "complex" not in program.describe():
        return False
    fused = function_of(products.laid_forwards(program.text(oracle=True)), f"<fused {program.seed}>")
    other = copies(arguments)[0]
    expected = run(fused, other)
    linecache.cache.pop(f"<fused {program.seed}>", None)
    return expected[1] is None and difference(program, found, expected, mine, other, plain) is None


def raises_where_numpy_does_not(program, error):
    """What docs/runtime.md says is an error here and none in NumPy."""
    return isinstance(error, ValueError) and (
        "assignment destination is read-only" in str(error) and ".at(" in program.text() or
        re.search(r"could not broadcast input array from shape \((\d+,)*0,?(,\d+)*\)", str(error)) is not None)


def makes_uint32_of_nan(program, plain, arguments):
    """Does NumPy convert NaN or infinity to uint32 on the way: to 0 or 2^31, by the array's length (docs/runtime.md)?"""
    if "uint32" not in program.describe():
        return False
    with warnings.catch_warnings(record=True) as told, np.errstate(all="warn"):
        warnings.simplefilter("always")
        try:
            plain(*arguments)
        except Exception:
            return False
    return any("invalid value encountered in cast" in str(warning.message) for warning in told)


def within(found, expected, rule, magnitude, coarse=0):
    """Is `found` as close to NumPy's as the rule says? coarse: eps of what it was made of, where that type is narrower."""
    f, e = np.asarray(found), np.asarray(expected)
    if f.dtype != e.dtype or f.shape != e.shape or type(found) is not type(expected):
        return False
    if e.dtype == np.uint32:   # of NaN and infinity NumPy makes 0 or 2^31, by the array's length (docs/runtime.md)
        return bool(np.all((f == e) | (f % 2**31 == 0) & (e % 2**31 == 0)))
    if rule == "complex products" and e.dtype.kind == "c":
        with np.errstate(all="ignore"):
            # where one part has left the type's range, the other was rounded beside its largest number
            bound = 8 * max(np.finfo(e.dtype).eps, coarse) * np.minimum(np.abs(e), np.finfo(e.dtype).max)
            near = np.abs(f - e) <= bound
            beside = [(a == b) | (np.isfinite(b) & (np.abs(a - b) <= bound)) for a, b in ((f.real, e.real), (f.imag, e.imag))]
            return bool(np.all(near | np.isinf(e) & beside[0] & beside[1] | (f == e) | (np.isnan(f) & np.isnan(e))))
    if e.dtype.kind not in "fc" or rule in ("exact", "complex products"):
        return same_bits(f, e)
    eps = max(np.finfo(e.dtype).eps, coarse)
    tiny = np.finfo(e.dtype).smallest_subnormal
    with np.errstate(all="ignore"):
        wide = np.complex128 if e.dtype.kind == "c" else np.float64
        apart = np.abs(f.astype(wide) - e.astype(wide))
        if rule == "function":
            bound = 2 * FUNCTION_ULPS * eps * np.abs(e.astype(wide)) + 2 * FUNCTION_ULPS * tiny
        else:
            m = np.asarray(magnitude).astype(np.float64)
            bound = 4096 * eps * m + 64 * tiny
            # where the absolute values overflow, the order decides what comes out
            bound = np.where(m < float(np.finfo(e.dtype).max) / 8, bound, np.inf)
            apart = np.where(bound == np.inf, 0, apart)
        ok = (apart <= bound) | (f == e) | (np.isnan(f) & np.isnan(e))
    return bool(np.all(ok))


def shares(results, arguments):
    return [[isinstance(r, np.ndarray) and np.shares_memory(r, a) for a in arguments if isinstance(a, np.ndarray)]
            for r in results]


def difference(program, found, expected, found_arguments, arguments, plain=True):
    """What differs, or None. Both are (results, exception)."""
    (result, error), (want, want_error) = found, expected
    if error is not None and not isinstance(error, RAISED):
        return f"compiled raises {type(error).__name__}: {error}"
    if want_error is not None:
        # Which of several failing statements is named is unspecified (docs/user-guide.md), and so is then the type.
        if error is None:
            return f"NumPy raises {type(want_error).__name__}: {want_error}; compiled gives {result}"
        return None
    if error is not None and raises_where_numpy_does_not(program, error):
        return None
    if error is not None:
        return f"compiled raises {type(error).__name__}: {error}; NumPy gives {want}"
    exact = "complex products" if fused_by_layout(program, plain) else "exact"
    # complex64 products that NumPy fuses or not, of which wider numbers are made
    coarse = np.finfo(np.complex64).eps if exact != "exact" and "complex64" in program.describe() else 0
    magnitudes = iter(want[len(program.results):])
    for (name, rule, magnitude), f, e in zip(program.results, result, want):
        m = next(magnitudes) if magnitude else None
        if not within(f, e, exact if rule == "exact" else rule, m, coarse):
            return f"{name} ({rule}): {f!r} ({type(f).__name__}) instead of {e!r} ({type(e).__name__})"
    for k, (f, e) in enumerate(zip(found_arguments, arguments)):
        if isinstance(f, np.ndarray) and not within(f, e, exact, None, coarse):
            return f"argument {program.parameters[k].name} afterwards: {f!r} instead of {e!r}"
    names = len(program.results)
    if shares(result, found_arguments) != shares(want[:names], arguments):
        return f"shares memory: {shares(result, found_arguments)} instead of {shares(want[:names], arguments)}"
    return None


def examine(program, inputs=20, strict=True, interpret=False):
    """Holds a program against NumPy on `inputs` draws of arguments: what is compiled, or the interpreted graph."""
    report = Report(program)
    text = program.text()
    plain = function_of(program.text(oracle=True), f"<oracle {program.seed}>")
    compiled = thalweg.program(function_of(text, f"<program {program.seed}>"), strict=strict)
    rng = np.random.default_rng([program.seed, 99])
    layouts = [{p.name: "plain" for p in program.parameters},
               {p.name: str(rng.choice(values.LAYOUTS)) for p in program.parameters}]
    for k in range(inputs):
        arguments, alias = values.draw_arguments(rng, program.parameters, values.draw_sizes(rng), layouts[k % 4 == 3])
        report.counts["alias: " + alias] += 1
        (mine, memory), (other, _) = copies(arguments), copies(arguments)
        expected = run(plain, other)
        if temporaries.spoiled(expected[1]):
            report.counts["outcome: a temporary of bool spoiled"] += 1
            other = copies(arguments)[0]
            expected = run(function_of(temporaries.with_names(program.text(oracle=True)), f"<oracle {program.seed}>"), other)
        with warnings.catch_warnings(record=True) as noticed:
            warnings.simplefilter("always")
            found = run(compiled.interpret if interpret else compiled, mine)
        if isinstance(found[1], OverflowError) and any(text in str(found[1]) for text in NO_LONGER) and expected[1] is None:
            report.counts["outcome: refused while running"] += 1
            continue
        if expected[1] is not None and found[1] is not None and not isinstance(found[1], type(expected[1])):
            report.counts["outcome: another exception than NumPy's"] += 1
        if isinstance(expected[1], MemoryError) and found[1] is None:   # of what we have not made
            report.counts["outcome: more memory than NumPy may have"] += 1
            continue
        called_back = [w for w in noticed if "CPython" in str(w.message) or "call" in str(w.message)]
        report.counts["outcome: " + (type(expected[1]).__name__ if expected[1] else "result")] += 1
        if isinstance(found[1], thalweg.CompileError) and not (
                expected[1] is not None and isinstance(found[1], type(expected[1]))):
            report.status, report.message = REFUSED, str(found[1])
            break
        if called_back:
            report.status, report.message = CALLED_BACK, str(called_back[0].message)
        plain_layout = k % 4 != 3 and alias in ("none", "equal")
        what = (difference(program, found, expected, mine, other, plain_layout) if intact(memory) else
                "writes beside its arguments")
        of_values = intact(memory) and found[1] is None and expected[1] is None
        if what is not None and of_values and makes_uint32_of_nan(program, plain, copies(arguments)[0]):
            report.counts["outcome: NaN as uint32"] += 1
            continue
        if what is not None and of_values and is_numpys_other_answer(program, found, mine, arguments, plain_layout):
            report.counts["outcome: complex products fused"] += 1
            continue
        if what is not None:
            report.differences.append((k, what, [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]))
            break
    for name in (f"<oracle {program.seed}>", f"<program {program.seed}>"):
        linecache.cache.pop(name, None)
    return report
