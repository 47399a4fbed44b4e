"""The checker of loops itself: loops whose answer is known, mutations that must turn a verdict, and the committed table."""

import ast
import inspect
import os
import pathlib
import textwrap

import numpy as np
import pytest

from loops import Loop
from loops.corpus import LOOPS
from loops.domain import choice, data, every_input, index, integer, size
from loops.evaluate import Evaluator
from loops.verdicts import verdicts
from support import leaves
from tolerance import same_bits

TABLE = (pathlib.Path(__file__).parent / "loops" / "verdicts.txt").read_text().splitlines()
STEP = 1 if os.environ.get("THALWEG_LOOPS") == "all" else 3


def kinds(source, **domains):
    """The verdicts of the loops of a function given as text, in order of lines."""
    tree = ast.parse(textwrap.dedent(source)).body[0]
    scope = {"np": np}
    exec(compile(ast.Module([tree], []), "<test>", "exec"), scope)
    function = scope[tree.name]
    loop = Loop(tree.name, function, domains)
    return [(verdict.kind, verdict.conflict and verdict.conflict.kind) for verdict in verdicts(loop, Evaluator(function, tree))]


def one(body, **domains):
    parameters = [name for name in domains if name != "n"]
    lines = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return kinds(f"def f({', '.join(parameters)}):\n{lines}\n", n=size(0, 5), **{name: domains[name] for name in parameters})


N = dict(a=data("n"), b=data("n"))
I = dict(a=data("n", dtype="int64"), b=data("n", dtype="int64"))

KNOWN = [
    ("for i in range(a.shape[0]):\n    a[i] = b[i]", N, ("legal", None)),
    ("for i in range(1, a.shape[0]):\n    a[i] = a[i - 1]", N, ("illegal", "flow")),
    ("for i in range(a.shape[0] - 1):\n    a[i] = a[i + 1]", N, ("illegal", "anti")),
    ("for i in range(a.shape[0]):\n    a[0] = b[i]", N, ("illegal", "output")),
    # A temporary; one that keeps an old value; one whose last value is any iteration's.
    ("for i in range(a.shape[0]):\n    t = a[i]\n    b[i] = t", N, ("legal", None)),
    ("t = 0.0\nfor i in range(a.shape[0]):\n    b[i] = t\n    t = a[i]", N, ("illegal", "flow")),
    ("t = 0.0\nfor i in range(a.shape[0]):\n    t = a[i]\nb[0:1] = t", N, ("legal", None)),
    ("t = 0.0\nfor i in range(a.shape[0]):\n    if i % 2 == 0:\n        t = a[i]\nb[0:1] = t", N, ("depends", "last value")),
    ("t = np.zeros(2)\nfor i in range(a.shape[0]):\n    t[:] = a[i]\n    b[i] = t[1]", N, ("legal", None)),
    ("t = np.zeros(2)\nfor i in range(a.shape[0]):\n    t[0] = a[i]\n    b[i] = t[1]\n    t[1] = a[i]", N, ("illegal", "flow")),
    # Accumulations: integers are free in order, other uses of the sum or another operation are not.
    ("s = np.int64(0)\nfor i in range(a.shape[0]):\n    s += a[i]\nb[0:1] = s", I, ("legal", None)),
    ("s = 0.0\nfor i in range(a.shape[0]):\n    s += a[i]\nb[0:1] = s", N, ("illegal", "accumulation")),
    ("s = np.int64(0)\nfor i in range(a.shape[0]):\n    s += a[i]\n    b[i] = s", I, ("illegal", "flow")),
    ("s = np.int64(0)\nfor i in range(a.shape[0]):\n    s += a[i]\n    s *= b[i]", I, ("illegal", "flow")),
    ("s = np.int64(0)\nfor i in range(a.shape[0]):\n    s = a[i] - s", I, ("illegal", "flow")),
    ("s = np.int64(9)\nfor i in range(a.shape[0]):\n    s = min(a[i], s)", I, ("legal", None)),
    ("s = np.int64(9)\nfor i in range(a.shape[0]):\n    if s > a[i]:\n        s = a[i]", I, ("legal", None)),
    ("s = np.int64(9)\nfor i in range(a.shape[0]):\n    if s > a[i]:\n        s = b[i]", I, ("illegal", "flow")),
    # Induction variables; steps that differ.
    ("k = 0\nfor i in range(a.shape[0]):\n    a[k] = b[i]\n    k += 1", N, ("legal", None)),
    ("k = 0\nfor i in range(a.shape[0]):\n    a[k % 2] = b[i]\n    k += 1", dict(a=data("n+2"), b=data("n+2")),
     ("illegal", "output")),
    ("k = 0\nfor i in range(a.shape[0]):\n    b[i] = k\n    k += i", N, ("illegal", "flow")),
    # Slices touch all their elements, views share them.
    ("for i in range(a.shape[0] - 1):\n    a[i:i + 2] = 0.0", N, ("illegal", "output")),
    ("for i in range(0, a.shape[0] - 1, 2):\n    a[i:i + 2] = 0.0", N, ("legal", None)),
    ("v = a[::-1]\nfor i in range(a.shape[0]):\n    v[i] = a[i]", N, ("illegal", "anti")),
    # Loops that end early, while loops that count and that do not.
    ("for i in range(a.shape[0]):\n    if i == 2:\n        break\n    a[i] = 0.0", N, ("illegal", "exit")),
    ("i = 0\nwhile i < a.shape[0]:\n    a[i] = 1.0\n    i += 1", N, ("legal", None)),
    ("x = 8.0\nwhile x > 1.0:\n    x = x / 2.0", N, ("illegal", "flow")),
    ("i = 0\nwhile a[i] > 0.0:\n    b[i] = 1.0\n    i += 1", dict(a=choice("n"), b=data("n")), ("illegal", "condition")),
]


@pytest.mark.parametrize("body, domains, expected", KNOWN)
def test_known_answers(body, domains, expected):
    assert one(body, **domains)[0] == expected


def test_symbols_and_contents_decide():
    shift = "for i in range(3):\n    a[i + k] = a[i]"
    assert one(shift, a=data(8), k=integer(0, 4))[0] == ("depends", "flow")
    assert one(shift, a=data(8), k=integer(1, 2))[0] == ("illegal", "flow")
    assert one(shift, a=data(8), k=integer(3, 4))[0] == ("legal", None)
    scatter = "for i in range(idx.shape[0]):\n    a[idx[i]] = 1.0"
    assert one(scatter, a=data(4), idx=index("n", below=1))[0] == ("illegal", "output")
    assert one(scatter, a=data(4), idx=index(3, below=3))[0] == ("depends", "output")


MUTATIONS = [
    ("axpy", "y[i] = alpha * x[i] + y[i]", "y[i] = alpha * x[i] + y[i - 1]", 0),
    ("smear_right", "a[i + 1] = a[i]", "a[i + 1] = a[i + 1]", 0),
    ("odd_from_even", "a[2 * i]", "a[i]", 0),
    ("transpose_in_place", "range(i + 1, a.shape[0])", "range(a.shape[0])", 0),
    ("reverse_in_place", "range(n // 2)", "range(n)", 0),
    ("red_black", "range(1, n - 1, 2)", "range(1, n - 1, 1)", 1),
    ("flatten", "i * m + j", "i + j", 0),
    ("unflatten", "a[i // m, i % m]", "a[i // m, 0]", 0),
    ("mirror_lower", "a[j, i] = a[i, j]", "a[j, i] = a[j, j + 1]", 0),
    ("wavefront", "g[i - 1, d - i] +", "g[i - 1, min(n - 1, d - i + 1)] +", 1),
    ("every_second_down", "0, -2", "0, -1", 0),
    ("temporary_in_both_branches", "else:\n", "elif i == 0:\n", 0),
    ("row_workspace", "work[m - 1 - j]", "work[m - 1 - j]\n        work = work + 1.0", 0),
    ("sum_integer", "np.int64(0)", "0.0", 0),
    ("count_positive", "count += 1", "count += 1\n            a[i] = count", 0),
    ("histogram", "hist[keys[i]] += 1", "hist[keys[i]] = i", 0),
    ("step_along_by_two", "k += 2", "k = b.shape[0] - k", 0),
    ("last_value_used", "t = a[i] * a[i]", "if i % 2 == 0:\n            t = a[i] * a[i]", 0),
    ("skip_negative", "continue", "break", 0),
    ("counted_while", "i < a.shape[0]", "i < a.shape[0] and b[i] > 0.0", 0),
]


@pytest.mark.parametrize("name, old, new, which", MUTATIONS)
def test_a_mutation_turns_the_verdict(name, old, new, which):
    loop = LOOPS[name]
    source = textwrap.dedent(inspect.getsource(loop.function))
    assert source.count(old) == 1

    def kind(text):
        return verdicts(loop, Evaluator(loop.function, ast.parse(text).body[0]))[which].kind

    assert (kind(source) == "legal") != (kind(source.replace(old, new)) == "legal")


@pytest.mark.parametrize("name", list(LOOPS)[::STEP])
def test_the_evaluator_computes_what_python_does(name):
    loop = LOOPS[name]
    evaluator = Evaluator(loop.function)
    for position, (_, arguments) in enumerate(every_input(loop.domains, loop.parameters)):
        if position % 7:
            continue
        copies = [[value.copy() if isinstance(value, np.ndarray) else value for value in arguments] for _ in range(2)]
        with np.errstate(all="ignore"):
            try:
                expected = loop.function(*copies[0])
            except IndexError:
                continue
            found, _ = evaluator.run(copies[1])
        for left, right in zip(leaves(found) + copies[1], leaves(expected) + copies[0], strict=True):
            assert left is None and right is None or same_bits(left, right)


@pytest.mark.parametrize("name", list(LOOPS)[::STEP])
def test_the_table_is_what_the_checker_finds(name):
    mine = [line for line in TABLE if line.split(" | ")[0].split(" ")[1] == name]
    found = verdicts(LOOPS[name])
    assert [str(verdict) for verdict in found] == mine
    assert all(verdict.runs for verdict in found), "a loop that never runs twice proves nothing"


def test_the_table_is_complete():
    assert list(dict.fromkeys(line.split(" | ")[0].split(" ")[1] for line in TABLE)) == list(LOOPS)
    assert len(LOOPS) >= 100
