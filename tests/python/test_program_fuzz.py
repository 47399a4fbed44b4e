"""Random NumPy programs against NumPy. THALWEG_PROGRAMS=50000 runs so many; by default 500."""

import collections
import concurrent.futures
import os
import re
import signal

import numpy as np
import pytest

import thalweg
from program_fuzz import __main__ as run
from program_fuzz import outcomes, piece, products, programs, temporaries, values
from support import compiler_inside

COUNT = int(os.environ.get("THALWEG_PROGRAMS", "500"))
PIECE = 25


@compiler_inside
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, PIECE))
def test_equals_numpy(first):
    for seed in range(first, min(first + PIECE, COUNT)):
        program = programs.make(seed)
        report = outcomes.examine(program, inputs=20)
        assert not report.differences, f"{program.describe()}\n{report.differences}"


def test_programs_run_compiled():
    statuses = [outcomes.examine(programs.make(seed), inputs=2).status for seed in range(40)]
    assert statuses.count(outcomes.COMPILED) >= 34, statuses


@pytest.mark.parametrize("found, expected, equal", [
    (complex(5.7298016e36, -np.inf), complex(5.729801e36, -np.inf), True), (1 + 1j, 1 + 1.0000001j, True),
    (complex(5.7e36, -np.inf), complex(5.729801e36, -np.inf), False), (complex(1, np.inf), complex(1, -np.inf), False),
    (1 + 1j, complex(np.inf, 1), False), (complex(np.inf, 1), 1 + 1j, False), (1 + 1j, 1.001 + 1j, False)])
def test_what_is_near_of_complex_products(found, expected, equal):
    """Also where one part has left the type's range."""
    assert outcomes.within(np.complex64(found), np.complex64(expected), "complex products", None) == equal


def written(seed, parameters, lines):
    """A program by its text, whose inputs are drawn as those of `seed`: (name, type, extents) of each parameter."""
    results = [(name, "exact", "") for name in (*[p[0] for p in parameters], *dict.fromkeys(re.findall(r"^v\d", lines, re.M)))]
    return programs.Program(seed, [values.Parameter(name, "array" if extents else "numpy", np.dtype(dtype), extents)
                                   for name, dtype, extents in parameters],
                            lines.splitlines(), results, collections.Counter())


SQUARES_IN_A_LOOP = written(
    6271590, [("a", "complex64", ("n",)), ("b", "int32", ("k",)), ("c", "int32", ("k",)), ("p", "int64", ())],
    """v1 = b.astype(np.int32)
for i in c:
    a = np.flip(a, -1) ** 2
    c = b""")
SQUARES_OF_PARTS = written(
    6292801, [("a", "complex64", ("m", "n"))],
    """v1 = a[:]
v2 = v1[0:2, :3:-1]
v3 = -np.negative(v2 ** 2)
for i in range(v3.shape[0] - 1):
    a = (-v1) - (-i)
    v1 = (-v1) ** 2""")


@pytest.mark.parametrize("program", [SQUARES_IN_A_LOOP, SQUARES_OF_PARTS])
def test_products_of_reversed_arrays(program):
    """NumPy itself gives something else where the same numbers lie forwards; only that is taken."""
    report = outcomes.examine(program, inputs=20)
    assert report.status == outcomes.COMPILED
    assert not report.differences and report.counts["outcome: complex products fused"] > 0


@pytest.mark.parametrize("text, expected", [
    ("a = a * b ** 2", "a = forwards(a) * forwards(forwards(b) ** forwards(2))"), ("a *= b", "a *= forwards(b)"),
    ("np.square(a, out=b)", "np.square(forwards(a), out=b)"), ("a = np.flip(a) + b", "a = np.flip(a) + b"),
    ("np.multiply(a, b, a)", "np.multiply(forwards(a), forwards(b), a)"), ("a @= a.T", "a @= a.T")])
def test_factors_laid_forwards(text, expected):
    assert products.laid_forwards(text) == expected + "\n"


def test_what_lies_forwards_is_the_same_array():
    a = np.arange(24).reshape(4, 6) * (1 + 2j)
    for x in (a, a.T, a[::2, 1], a.real):
        assert products.forwards(x) is x
    for x in (a[::-1], a[:, ::-1], a.T[::-1, ::-2]):
        laid = products.forwards(x)
        assert np.array_equal(laid, x) and min(laid.strides) > 0 and not np.shares_memory(laid, x)
        assert (laid.strides[0] > laid.strides[1]) == (abs(x.strides[0]) > abs(x.strides[1]))


@compiler_inside
def test_arrays_larger_than_the_machine():
    """`np.full(np.prod(b), 5)` of 17 GiB is a MemoryError in NumPy and here, not the end of the process."""
    program = written(6280715, [("a", "int64", ("k",)), ("b", "int64", ("m", "n"))], "v1 = np.full(np.prod(b), 5)")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=run.CONTEXT) as pool:
        report = pool.submit(piece.examined, program, 20).result()
    assert report.status == outcomes.COMPILED and not report.differences and report.counts["outcome: MemoryError"] > 0


@compiler_inside
def test_what_numpy_has_no_memory_for(monkeypatch):
    """An input for which NumPy raises MemoryError and we give a result is passed over and counted, as no other error is."""
    run_one = outcomes.run

    def raises(error):
        def of_numpy(function, arguments):
            results, found = run_one(function, arguments)
            return (results, found) if isinstance(function, thalweg.Program) else (None, error)
        return of_numpy
    seed = next(s for s in range(500) if not outcomes.examine(programs.make(s), 2).counts.keys() & {
        "outcome: " + e.__name__ for e in outcomes.RAISED})
    monkeypatch.setattr(outcomes, "run", raises(MemoryError()))
    report = outcomes.examine(programs.make(seed), 2)
    assert not report.differences and report.counts["outcome: more memory than NumPy may have"] == 2
    monkeypatch.setattr(outcomes, "run", raises(ValueError()))
    assert outcomes.examine(programs.make(seed), 2).differences


ENDLESS = "def program():\n    while True:\n        pass\n"


@compiler_inside
@pytest.mark.parametrize("endless, status", [("oracle", piece.ENDLESS_IN_NUMPY), ("program", "endless")])
def test_programs_without_an_end(monkeypatch, endless, status):
    """A program that does not end in NumPy is no difference, and not counted; one that does not end here alone is one."""
    function_of = outcomes.function_of

    def of_text(text, name):
        return function_of(ENDLESS if name == f"<{endless} 3>" else ENDLESS.replace("while", "if"), name)
    before = signal.getsignal(signal.SIGALRM)
    monkeypatch.setattr(outcomes, "function_of", of_text)
    monkeypatch.setattr(outcomes.values, "draw_arguments", lambda *_: ([], "none"))
    monkeypatch.setattr(outcomes.thalweg, "program", lambda function, strict: function)
    monkeypatch.setattr(piece, "bounded", lambda: None)
    monkeypatch.setattr(piece, "PATIENCE", 1)
    try:
        [(_, found, _, differences, _, identity)] = piece.work((3, 4, 1, False))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert found == status and bool(differences) == (endless == "program")
    assert (identity is None) == (endless == "oracle")


TEMPORARIES = """def program(a, b):
    return ((a & b) ** 2, (a & b) // b, (a & b) >> b)
"""


def test_temporaries_that_numpy_spoils_get_names():
    """The same operations are int8 for a short array, an error of NumPy for a long one, and int8 here (docs/runtime.md)."""
    for n in (8, 1 << 18):
        a = np.arange(n) % 3 > 0
        arguments = [a, np.ones(n, np.bool_)]
        plain, named, ours = (outcomes.function_of(text, "<temporaries>") for text in
                              (TEMPORARIES, temporaries.with_names(TEMPORARIES), TEMPORARIES))
        assert temporaries.spoiled(outcomes.run(plain, arguments)[1]) == (n > 8)
        expected, error = outcomes.run(named, arguments)
        assert error is None and [each.dtype for each in expected] == [np.int8] * 3
        for mine, theirs in zip(thalweg.program(ours, strict=True)(*arguments), expected, strict=True):
            np.testing.assert_array_equal(mine, theirs, strict=True)
