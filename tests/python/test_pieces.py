"""What is refused runs in CPython, what is around it is compiled: order, results, exceptions and notices."""

import functools
import os
import random
import re
import threading
import traceback
import warnings

import numpy as np
import pytest

import thalweg
from program_fuzz import outcomes, programs

N = thalweg.symbol("N")
LOG = []


def program(function):
    return thalweg.program(function, strict=False)


def quietly(function, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", thalweg.Notice)
        return function(*arguments)


def notices_of(function, *arguments):
    """(result, the texts of the notices)."""
    with warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        result = function(*arguments)
    return result, [str(each.message) for each in noticed]


def same(found, expected):
    assert type(found) is type(expected)
    if isinstance(expected, (tuple, list)):
        assert len(found) == len(expected)
        for f, e in zip(found, expected):
            same(f, e)
    else:
        np.testing.assert_array_equal(found, expected)
        assert getattr(found, "dtype", None) == getattr(expected, "dtype", None)


def looked_up(a, kinds):
    values = {"whole": 3, "real": 2.5, "line": np.arange(4.0), "short": np.arange(4, dtype=np.float32)}
    return values[kinds[int(a[0])]]


KINDS = ("whole", "real", "line", "short")


def uses_a_lookup(a):
    b = a * 2.0
    c = looked_up(b, KINDS)
    d = c * b
    for i in range(len(a)):
        d = d + np.sqrt(a[i])
    return d, c


def test_the_type_of_a_result_is_that_of_its_execution():
    compiled = program(uses_a_lookup)
    for first in (0.0, 0.5, 1.0, 1.5, 0.0):
        a = np.array([first, 1, 2, 3])
        same(quietly(compiled, a), uses_a_lookup(a))
    assert compiled.cpython_lines == [uses_a_lookup.__code__.co_firstlineno + 2]
    after = [each for each in compiled.pieces if each.builds]
    assert [len(each.builds) for each in after] == [1, 4]   # what is before it; what follows, for each type that came


def prints_in_a_loop(a, n):
    total = a[0] * 0
    for k in range(n):
        a[k] = a[k] + total
        LOG.append({k, float(a[k])})
        total = total + a[k]
        if total > 20:
            break
    else:
        total = total - 1
    return total, a[:2]


@pytest.mark.parametrize("n", [0, 3, 6])
def test_order_is_kept(n):
    compiled = program(prints_in_a_loop)
    LOG.clear()
    a = np.arange(6.0) + 1
    expected = prints_in_a_loop(a, n), a, list(LOG)
    LOG.clear()
    b = np.arange(6.0) + 1
    found = quietly(compiled, b, n), b, list(LOG)
    same(found, expected)
    assert np.shares_memory(found[0][1], b)


def test_one_notice_with_line_and_reason():
    def f(a):
        b = a + 1
        s = len({float(b[0]), float(b[1])})
        return s * 2, b

    compiled = program(f)
    result, texts = notices_of(compiled, np.ones(2))
    same(result, (2, np.full(2, 2.0)))
    assert len(texts) == 1
    assert re.fullmatch(r"line \d+ of .*f\(\) in CPython \(strict=True makes this an error\): .+", texts[0])
    assert f"line {f.__code__.co_firstlineno + 2} of" in texts[0]
    assert notices_of(compiled, np.zeros(2))[1] == []
    with pytest.raises(thalweg.UnsupportedError):
        thalweg.program(f, strict=True)(np.ones(2))


def test_strict_by_environment(monkeypatch):
    def f(a):
        return {1, 2}, a

    monkeypatch.setenv("THALWEG_STRICT", "1")
    with pytest.raises(thalweg.UnsupportedError):
        thalweg.program(f)(np.ones(2))
    monkeypatch.delenv("THALWEG_STRICT")
    assert quietly(thalweg.program(f), np.ones(2))[0] == {1, 2}


class Broken(Exception):
    pass


def breaks(value):
    if value > 2:
        raise Broken(f"at {value}")
    return [value]


def runs_until_it_breaks(a):
    for i in range(len(a)):
        a[i] *= 2
        held = {breaks(a[i])[0]}
        a[i] += held.pop()
    return a


def test_exceptions_pass_with_what_was_done_before():
    a, b = np.arange(4.0), np.arange(4.0)
    with pytest.raises(Broken) as expected:
        runs_until_it_breaks(a)
    with pytest.raises(Broken) as found:
        quietly(program(runs_until_it_breaks), b)
    assert str(found.value) == str(expected.value)
    same(b, a)
    lines = [frame.lineno for frame in traceback.extract_tb(found.tb) if frame.filename == __file__]
    assert runs_until_it_breaks.__code__.co_firstlineno + 3 in lines


def test_exceptions_are_handled():
    def f(a, i):
        x = a * 2
        try:
            y = x[i]
            z = breaks(y)
        except IndexError as error:
            return str(error), x
        except Broken:
            x = x + 1
            return "broken", x + 1
        finally:
            a[0] = 7.0
        return z, x

    compiled = program(f)
    for i in (0, 1, 3, 9):
        a, b = np.arange(4.0), np.arange(4.0)
        same(quietly(compiled, b, i), f(a, i))
        same(b, a)


def test_contexts():
    def f(a):
        b = a + 1
        with np.errstate(divide="ignore"):
            c = b / 0.0
        with open(__file__) as file:
            first = file.readline()
        return c * 2, len(first)

    a = np.arange(3.0)
    with np.errstate(all="ignore"):
        expected = f(a)
    same(quietly(program(f), a), expected)


def factorial(n):
    if n < 2:
        return 1
    return n * recursive(n - 1)


recursive = thalweg.program(factorial, strict=False)


def test_recursion():
    assert quietly(recursive, 10) == 3628800


def test_views_cross_pieces():
    def f(a):
        b = a[::2]
        s = {id(b)}
        b[0] = 5.0
        c = b.reshape(-1)
        s.clear()
        c[-1] = 6.0
        return b, c, a.T

    a, b = np.zeros(6), np.zeros(6)
    expected, found = f(a), quietly(program(f), b)
    same(found, expected)
    same(b, a)
    assert [np.shares_memory(each, b) for each in found] == [np.shares_memory(each, a) for each in expected]


def test_symbols_have_their_values():
    def f(a: thalweg.float64[N], b: thalweg.int32):
        s = {1}
        return np.zeros(N) + a, N * 2 + len(s), b

    found = quietly(program(f), np.ones(3), 4)
    same(found[0], np.ones(3))
    assert found[1] == 7 and found[2] == np.int32(4)


def inner(a):
    s = {2.0}
    return a * s.pop()


inner_program = thalweg.program(inner, strict=False)


def test_what_a_called_program_leaves_to_cpython():
    def f(a):
        b = a + 1
        c = inner_program(b)
        return c + b

    compiled = program(f)
    same(quietly(compiled, np.ones(2)), np.full(2, 6.0))
    assert compiled.cpython_lines == [f.__code__.co_firstlineno + 2]


def test_what_a_local_function_leaves_to_cpython():
    def f(a, n):
        def g(x):
            s = {1.0}
            return x + s.pop()

        for _ in range(n):
            a = a * g(a)
        return a

    same(quietly(program(f), np.ones(2), 3), f(np.ones(2), 3))


def test_local_functions_are_compiled_in_pieces():
    def f(a, n):
        def rhs(x):
            return -k * x + shift(x)

        def shift(x):
            return 0.5 * k * x

        k, seen = 2.0, set()
        for i in range(n):
            k = k * 1.5
            a = a + 0.1 * rhs(a)
            seen.add(i)
        return a, rhs(a), len(seen)

    compiled = program(f)
    same(quietly(compiled, np.arange(4.0), 5), f(np.arange(4.0), 5))
    assert sum(len(each.builds) for each in compiled.pieces) >= 1


class Model:
    factor = 2.0

    def __init__(self):
        self.seen = []

    def step(self, a):
        b = a * 3.0 + 1.0
        self.seen.append(b.sum())
        return b * self.factor

    compiled = thalweg.program(step, strict=False)


def test_methods_and_objects():
    model, other = Model(), Model()
    a = np.arange(5.0)
    for factor in (2.0, 4.0):
        model.factor = other.factor = factor
        same(quietly(model.compiled, a), other.step(a))
    assert model.seen == other.seen


class Field:
    def __init__(self, n):
        self.values, self.rate, self.seen = np.arange(float(n)), 0.5, []

    def advance(self, source):
        self.values[1:-1] += self.rate * (self.values[:-2] - 2 * self.values[1:-1] + self.values[2:]) + source[1:-1]
        self.seen.append({len(self.seen)})
        total = self.values.sum() * self.rate
        return total, self.values

    compiled = thalweg.program(advance, strict=False)


def test_attributes_are_read_at_every_call():
    one, other = Field(6), Field(6)
    source = np.ones(6)
    for rate in (0.5, 0.5, 0.25):
        one.rate = other.rate = rate
        same(quietly(one.compiled, source), other.advance(source))
    one.values, other.values = np.zeros(6), np.zeros(6)
    same(quietly(one.compiled, source), other.advance(source))
    assert one.seen == other.seen and sum(len(each.builds) for each in Field.compiled.pieces) >= 2
    for _ in range(12):
        one, other = Field(6), Field(6)
        same(quietly(one.compiled, source), other.advance(source))


def test_objects_made_anew_are_not_compiled_for_each_time():
    def f(a, box):
        return a + box["x"]

    compiled, told = program(f), []
    for k in range(30):
        result, texts = notices_of(compiled, np.ones(2), {"x": k})
        same(result, np.full(2, 1.0 + k))
        told += texts
    assert len(told) == 2 and "no other is tried" in told[1]   # TW2008
    assert len(compiled.builds) == 0 and sum(len(each.builds) for each in compiled.pieces) < 10


def test_objects_that_programs_do_not_take():
    def f(a, n):
        words = np.array(["a", "b"])
        big = int("9" * (n + 15))
        c = a + 1
        d = big // 3 + int(c[0])
        return c, d, len(words)

    a = np.arange(3.0)
    for n in (1, 9):
        same(quietly(program(f), a, n), f(a, n))


def test_an_iterator_of_pieces():
    def f(a, n):
        for k in range(n):
            a = a * 0.5 + k
            yield a * 2

    same(list(quietly(lambda *x: list(program(f)(*x)), np.ones(3), 4)), list(f(np.ones(3), 4)))


def test_names_that_are_unbound():
    def f(a, n):
        for k in range(n):
            x = a * k
        s = {1}
        return x + len(s)

    compiled = program(f)
    same(quietly(compiled, np.ones(2), 2), f(np.ones(2), 2))
    with pytest.raises(UnboundLocalError):
        quietly(compiled, np.ones(2), 0)


def test_what_cpython_rejects_is_an_error():
    def f(a):
        s = {1}
        return a + undefined_name, s

    with pytest.raises(NameError):
        quietly(program(f), np.ones(2))

    def g(a, b):
        return a @ b

    with pytest.raises(ValueError):
        quietly(program(g), np.ones((2, 3)), np.ones((2, 3)))


def test_globals_are_seen_to_change():
    space = {"thalweg": thalweg, "np": np}
    text = "def f(a):\n    s = {1}\n    return a * scale + len(s)\n"
    import linecache
    linecache.cache["<pieces of a text>"] = (len(text), None, text.splitlines(True), "<pieces of a text>")
    exec(compile(text, "<pieces of a text>", "exec"), space)
    compiled = program(space["f"])
    for scale in (2.0, 3.0, 4):
        space["scale"] = scale
        same(quietly(compiled, np.ones(2)), np.full(2, scale + 1.0))


def test_many_threads():
    def f(a, n):
        for k in range(n):
            a = a + 1.0
            held = {k}
            a = a * len(held)
        return a

    compiled, results = program(f), [None] * 4

    def run(k):
        results[k] = compiled(np.full(3, float(k)), 500)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        threads = [threading.Thread(target=run, args=(k,)) for k in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(120)
    for k in range(4):
        same(results[k], np.full(3, k + 500.0))


def test_explain_names_the_builds_of_pieces():
    compiled = program(prints_in_a_loop)
    quietly(compiled, np.ones(4), 3)
    assert len(compiled.explain()) == sum(len(each.builds) for each in compiled.pieces) > 1


def with_refused_lines(text, chosen):
    """The text of a program with one or two statements in it that are not compiled."""
    lines = text.splitlines()
    places = [k for k, line in enumerate(lines) if k and not line.strip().startswith(("else", "elif", "case"))]
    for k in sorted(chosen.sample(places, min(len(places), chosen.choice([1, 1, 2]))), reverse=True):
        indent = lines[k][:len(lines[k]) - len(lines[k].lstrip())]
        lines.insert(k, indent + "LOG.append({1})")
    return "\n".join(lines) + "\n"


COUNT = int(os.environ.get("THALWEG_PROGRAMS", "100"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, COUNT, 25))
def test_random_programs_in_pieces(first):
    cut = 0
    for seed in range(first, min(first + 25, COUNT)):
        made = programs.make(seed)
        chosen = random.Random(seed)
        made.text = functools.partial(with_lines, made.text, chosen.getstate())
        report = outcomes.examine(made, inputs=8, strict=False)
        assert not report.differences, f"{made.describe()}\n{report.differences}"
        cut += report.status == outcomes.CALLED_BACK
    assert cut > 15


def with_lines(text, state, oracle=False):
    chosen = random.Random()
    chosen.setstate(state)
    return text(oracle=True) if oracle else with_refused_lines(text(), chosen)


def test_sparse_matrices_go_through_pieces():
    sparse = pytest.importorskip("scipy.sparse")

    def f(A, x):
        y = A @ x
        s = {1.0}
        B = A.tolil()
        return A @ y + s.pop(), B.nnz

    A = sparse.csr_array(np.array([[1.0, 0.0], [2.0, 3.0]]))
    compiled = program(f)
    same(quietly(compiled, A, np.ones(2)), f(A, np.ones(2)))
    assert sum(len(each.builds) for each in compiled.pieces) >= 1


def test_generators_go_through_pieces():
    def f(seed, n):
        rng = np.random.default_rng(seed)
        a = rng.random(n)
        k = rng.poisson(3.0)
        b = rng.normal(size=n) * a
        return a, k, b, rng.integers(0, 10, n)

    compiled = program(f)
    for seed in (1, 2):
        same(quietly(compiled, seed, 5), f(seed, 5))
    assert compiled.cpython_lines == [f.__code__.co_firstlineno + 1, f.__code__.co_firstlineno + 3]
    assert sum(len(each.builds) for each in compiled.pieces) == 2
