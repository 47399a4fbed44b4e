"""Cutting functions into pieces, without compiling any: what CPython makes of the parts is what it makes of the whole."""

import ast
import os
import random
import textwrap
import types

import numpy as np
import pytest

from program_fuzz import outcomes, programs, values
from thalweg.pieces.cut import PIECES, Cutter, refused_statement
from thalweg.pieces.names import binds, captured, flow, live, reads
from thalweg.pieces.run import function_of
from tolerance import same_bits

COUNT = int(os.environ.get("THALWEG_PROGRAMS", "300"))


def block(text):
    return ast.parse(textwrap.dedent(text)).body


@pytest.mark.parametrize("text, exposed, bound", [
    ("x = a\ny = x", {"a"}, {"x", "y"}),
    ("if a:\n x = 1\nelse:\n x = 2\n y = 3", {"a"}, {"x"}),
    ("for i in a:\n x = i\ny = x", {"a", "x"}, {"y"}),
    ("x += 1", {"x"}, {"x"}),
    ("x[0] = y", {"x", "y"}, set()),
    ("if (n := f()) and (m := n):\n pass\nx = m", {"f", "m"}, {"x"}),
    ("x = [i * k for i in range(n)]", {"k", "range", "n"}, {"x"}),
    ("def g(a):\n return a + b", {"b"}, {"g"}),
    ("while True:\n x = 1\n break\ny = x", {"x"}, {"y"}),
    ("try:\n x = 1\nexcept E as e:\n y = e\nz = x", {"E", "x"}, {"z"}),
    ("with open(n) as file:\n x = file\ny = x", {"open", "n", "x"}, {"y"}),
    ("if a:\n raise b\nelse:\n x = 1", {"a", "b"}, {"x"}),
    ("x = 1\ndel x\ny = x", {"x"}, {"y"}),
    ("import a.b, c as d", set(), {"a", "d"}),
])
def test_what_a_block_needs_and_leaves(text, exposed, bound):
    found = flow(block(text))
    assert exposed <= found.exposed <= exposed | {"n", "i"}
    assert found.bound == bound


def test_return_is_the_end():
    assert flow(block("if a:\n break\nelse:\n continue")).bound is None


@pytest.mark.parametrize("text, after, before", [
    ("x = 1", {"x", "y"}, {"y"}),
    ("x = x + 1", set(), {"x"}),
    ("for i in a:\n y = x\n x = i", {"y"}, {"a", "x", "y"}),
    ("while a:\n b = 1\n if b:\n  break", {"b", "c"}, {"a", "b", "c"}),
    ("if a:\n x = 1", {"x"}, {"a", "x"}),
    ("return x", {"y"}, {"x"}),
])
def test_what_is_read_later(text, after, before):
    assert live(block(text), after) == before


def test_names_that_functions_hold_on_to():
    (function,) = block("def f(a, b):\n g = lambda x: x + a\n h = (b for c in d)\n return g, h")
    assert captured(function) >= {"a", "b", "d"}
    assert binds(function.body) == {"g", "h"}
    assert reads(function) == {"d"}


def driver_text(text, line):
    (function,) = block(text)
    cutter = Cutter(function, refused_statement(function, line, len(textwrap.dedent(text).splitlines()[line - 1]) - 1))
    made = cutter.driver()
    return (ast.unparse(made).replace(PIECES, "pieces") if made else None), [ast.unparse(each.node) for each in cutter.pieces]


def test_a_loop_around_the_refused_statement():
    driving, pieces = driver_text("""\
        def f(a, b, n):
            x = a * 2
            for i in range(n):
                x = x + b
                print(i)
                y = x.sum()
                if y > 100:
                    continue
                a[0] = y
            return np.sin(x)
        """, 5)
    assert driving == textwrap.dedent("""\
        def f(a, b, n):
            x, = <pieces>[0](a)
            for i in range(n):
                x, = <pieces>[1](b, x)
                print(i)
                y, = <pieces>[2](x)
                if y > 100:
                    continue
                <pieces>[3](a, y)
            return <pieces>[4](x)""").replace("<pieces>", "pieces")
    assert pieces[1] == "def f(b, x):\n    x = x + b\n    return (x,)"
    assert pieces[4] == "def f(x):\n    return np.sin(x)"


@pytest.mark.parametrize("body, kept", [
    ("try:\n    x = a + 1\n    bad(a)\nexcept ValueError:\n    return x", "x = a + 1"),  # the handler must see x
    ("with c:\n    x = a + 1\n    bad(a)\nreturn x", "x = a + 1"),
    ("y = locals()\nbad(a)\nx = a + 1\nreturn x", "x = a + 1"),
    ("for i in range(n):\n    x = a + i\nbad(a)\nreturn x", "for i in range(n)"),       # x may be unbound
    ("x = n\nif n:\n    del x\nbad(a)\nx += 1\nreturn x", "x += 1"),
    ("def g():\n    return x\nbad(g)\nx = a + 1\nreturn g()", "x = a + 1"),
    ("if n:\n    return a + 1\nbad(a)", "return a + 1"),                               # the rest is not a piece's end
])
def test_what_stays_with_cpython(body, kept):
    text = "def f(a, c, n):\n" + textwrap.indent(body, "    ")
    line = 1 + next(k for k, each in enumerate(text.splitlines()) if "bad" in each)
    driving, _ = driver_text(text, line)
    assert kept in (driving or text)


def in_parts(function, node, chosen, depth=0):
    """The function cut at random statements, its pieces cut again, and all of it run by CPython."""
    statements = [each for each in ast.walk(node) if isinstance(each, ast.stmt) and each is not node]
    refused = chosen.choice(statements)
    cutter = Cutter(node, refused_statement(node, refused.lineno, refused.col_offset))
    made = cutter.driver()
    if made is None:
        return function, 0
    pieces, count = [], len(cutter.pieces)
    driving = function_of(made, function, {PIECES: types.CellType(pieces)})
    for piece in cutter.pieces:
        part = function_of(piece.node, function, {})
        if depth < 2 and chosen.random() < 0.5:
            part, more = in_parts(part, piece.node, chosen, depth + 1)
            count += more
        pieces.append(part)
    return driving, count


def same(found, expected):
    if isinstance(expected, tuple):
        return isinstance(found, tuple) and len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, (np.ndarray, np.generic, int, float, complex)):
        return type(found) is type(expected) and same_bits(np.asarray(found), np.asarray(expected))
    return found is expected or found == expected


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, 50))
def test_the_parts_do_what_the_whole_does(first):
    cut = 0
    for seed in range(first, min(first + 50, COUNT)):
        program = programs.make(seed)
        text = program.text()
        whole = outcomes.function_of(text, f"<cut {seed}>")
        chosen = random.Random(seed)
        rng = np.random.default_rng([seed, 98])
        for _ in range(4):
            (node,) = ast.parse(text).body
            parts, count = in_parts(whole, node, chosen)
            cut += count
            for _ in range(3):
                arguments, _ = values.draw_arguments(rng, program.parameters, values.draw_sizes(rng),
                                                     {p.name: "plain" for p in program.parameters})
                (mine, _), (other, _) = outcomes.copies(arguments), outcomes.copies(arguments)
                (expected, why), (found, error) = outcomes.run(whole, other), outcomes.run(parts, mine)
                assert (type(error), str(error)) == (type(why), str(why)), f"{text}\n{ast.unparse(node)}"
                assert same(found, expected), f"{text}\n{arguments}"
                for f, e in zip(mine, other):
                    assert same(f, e), text
                if why is None:
                    assert outcomes.shares(found, mine) == outcomes.shares(expected, other), text
    assert cut > 100


@pytest.mark.parametrize("body, copied", [
    ("def g(x):\n    return x * k\nbad(a)\nb = g(a)\nreturn b", True),
    ("def h(x):\n    return x + 1\ndef g(x):\n    return h(x) * k\nbad(a)\nb = g(a)\nreturn b", True),
    ("def g(x):\n    return x * k\nbad(a)\nk = a + 1\nb = g(a)\nbad(b)\nreturn g(b)", True),
    ("def g(x):\n    return x * k\nbad(g)\nb = g(a)\nreturn b", False),         # it may be called elsewhere
    ("def g(x, y=k):\n    return x * y\nbad(a)\nb = g(a)\nreturn b", False),     # y is what k was
    ("def g(x):\n    nonlocal k\n    k = x\n    return x\nbad(a)\nb = g(a)\nreturn b", False),
    ("if c:\n    def g(x):\n        return x\nelse:\n    def g(x):\n        return -x\nbad(a)\nb = g(a)\nreturn b", False),
])
def test_local_functions_go_with_the_pieces_that_call_them(body, copied):
    text = "def f(a, c, k):\n" + textwrap.indent(body, "    ")
    line = 1 + next(k for k, each in enumerate(text.splitlines()) if "bad" in each)
    _, pieces = driver_text(text, line)
    assert any("def g(" in each for each in pieces) == copied, pieces
