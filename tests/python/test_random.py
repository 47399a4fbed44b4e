"""numpy.random.default_rng in programs: the stream is NumPy's to the last bit, and so is the state afterwards."""

import copy
import signal
import threading

import numpy as np
import pytest

import thalweg
from support import agree, check, function_from
from tolerance import same_bits

SEEDS = [0, 1, 42, 2**31 - 1, 2**32 - 1, 2**32, 2**63 - 1]


def same(found, expected):
    if isinstance(expected, np.random.Generator):
        return found.bit_generator.state == expected.bit_generator.state
    if isinstance(expected, np.ndarray):
        return isinstance(found, np.ndarray) and found.shape == expected.shape and same_bits(found, expected)
    return type(found) is type(expected) and same_bits(np.asarray(found), np.asarray(expected))


def program_of(statement, parameters="a"):
    """A program that has a generator, and these statements."""
    lines = ["import numpy as np, thalweg", f"def f(seed, {', '.join(parameters)}):"]
    lines += [f"    {line}" for line in ["rng = np.random.default_rng(seed)", *statement.split("\n")]]
    return thalweg.program(function_from("\n".join(lines) + "\n", f"<{statement}>"))


def drawn(statement, *arguments, seeds=(0, 1, 42)):
    """A program of the statement, in NumPy, interpreted and compiled."""
    program = program_of(statement, "abcd"[:len(arguments)])
    for seed in seeds:
        check(program, (seed, *arguments), same)


# ---------------------------------------------------------------------------------------------------------------- seeds


@thalweg.program
def first_numbers(seed):
    rng = np.random.default_rng(seed)
    return rng.random(3)


@pytest.mark.parametrize("seed", [*SEEDS, np.int64(7), np.uint32(7), np.uint64(2**63 + 5), True], ids=str)
def test_seeds_are_hashed_as_numpy_does(seed):
    check(first_numbers, (seed,), same)


LARGE = [2**63, 2**64 - 1, 2**64, 2**96 + 3, 2**127 + 5, 2**128, 2**200 + 2**40, 2**511]
OTHERS = ["[1, 2]", "[]", "(0, 0, 0, 0, 0)", "[2**40, 3, 2**100, 0]", "np.random.PCG64(9)", "np.int16(3)"]


@pytest.mark.parametrize("seed", LARGE + OTHERS, ids=str)
def test_seeds_that_are_known(seed):
    text = f"import numpy as np\ndef f():\n    rng = np.random.default_rng({seed})\n    return rng.random(3)\n"
    check(function_from(text, f"<seed {seed}>"), (), same)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.uint32, np.int64, np.uint64])
def test_arrays_as_seeds(dtype):
    for n in (0, 1, 4, 9):
        check(first_numbers, (np.arange(n).astype(dtype) * 5,), same)
    check(first_numbers, (np.array([np.iinfo(dtype).max, 0, 1], dtype),), same)


def test_seeds_that_numpy_refuses():
    for seed in (-1, np.int64(-5), np.array([1, -1]), 1.5, np.array([1.0])):
        check(first_numbers, (seed,), same)


def test_without_a_seed_it_is_refused():
    @thalweg.program
    def f():
        return np.random.default_rng().random()

    with pytest.raises(thalweg.CompileError, match="without a seed") as caught:
        f()
    assert "np.random.default_rng()" in str(caught.value)


def test_generators_by_their_classes():
    @thalweg.program
    def f(seed):
        rng = np.random.Generator(np.random.PCG64(seed))
        again = np.random.default_rng(rng)
        return rng.random(), again.random(), rng.random()

    check(f, (5,), same)


# -------------------------------------------------------------------------------------------------------- distributions

SIZES = ["()", "0", "1", "7", "(2, 0)", "(3, 1)", "(2, 3, 4)", "[2, 2]"]


CALLS = """random({})|random({}, dtype=np.float32)|random({}, 'float32')|standard_normal({})|normal(size={})
standard_normal({}, np.float32)|standard_exponential({})|uniform(-1, 2.5, {})|normal(3, 0.5, {})|exponential(2.0, {})
exponential(size={})|integers(5, size={})|choice(5, {})""".replace("\n", "|").split("|")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("call", CALLS)
def test_sizes(call, size):
    drawn(f"x = rng.{call.format(size)}\nreturn x, rng.random(3)")


def test_sizes_of_the_call():
    drawn("return rng.random(a), rng.normal(size=(a, b)), rng.integers(9, size=(b, a)), rng.uniform(size=b)", 3, 4)
    drawn("return rng.random(a.shape), rng.standard_normal(len(a)), rng.random(a.size)", np.ones((2, 5)))


def test_single_numbers_are_pythons():
    drawn("return rng.random(), rng.uniform(), rng.normal(), rng.standard_normal(), rng.exponential(), rng.random()")
    drawn("return rng.random(dtype=np.float32), rng.standard_normal(dtype=np.float32), rng.uniform(a, b)", 1, 2.5)


def test_parameters_that_are_arrays():
    row, column = np.array([1.0, -2, 3]), np.array([[1], [4]])
    drawn("return rng.normal(a, b), rng.uniform(a, 10), rng.exponential(b), rng.normal(a, 2, (4, 3))", row, column)
    drawn("return rng.normal([1, 2], 3.0), rng.uniform([0, 1], [2, 3]), rng.normal(a, 1)", np.float32(0.1))
    drawn("return rng.normal(a, 1), rng.uniform(a, b)", np.array(0.5), np.array(2))
    drawn("return rng.normal(a, b)", np.zeros((2, 0)), 1.0)


REFUSED = """rng.normal(0, -1)|rng.normal(0, -0.0)|rng.normal(a, [1, -1])|rng.exponential(-a)|rng.uniform(1, 0)
rng.random(-1)|rng.uniform(0, np.inf)|rng.uniform(np.nan, 1)|rng.random((2, -1))|rng.normal(np.zeros(3), 1, 2)
rng.uniform(0, -0.0)|rng.normal(np.zeros((2, 1)), 1, 3)|rng.random(dtype=np.int32)
rng.normal(0, np.nan)""".replace("\n", "|").split("|")


@pytest.mark.parametrize("statement", REFUSED)
def test_what_numpy_refuses(statement):
    drawn(f"return {statement}", 1.0, seeds=(0,))


# ------------------------------------------------------------------------------------------------------------- integers

INTEGERS = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]


def spans_of(dtype):
    low, high = (0, 1) if dtype == "?" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    spans = {(low, high), (low, low), (high, high), (0, 1), (0, high), (low // 2, high // 2), (low, high - 1)}
    spans |= {(0, min(high, top)) for top in (9, 100, 2**16 - 1, 2**31, 2**32 - 2, 2**32 - 1, 2**32, 3 * 2**62)}
    spans |= {(3, min(high, top)) for top in (3 * 2**5, 3 * 2**13, 3 * 2**30)} | {(low + 1, high)}
    return sorted((first, last) for first, last in spans if first <= last)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_of_every_type(dtype):
    name = "np." + np.dtype(dtype).name.replace("bool", "bool_")
    program = program_of(f"return rng.integers(a, b, 67, {name}, True), rng.random(3, np.float32), rng.random()", "ab")
    for first, last in spans_of(dtype):
        if last < 2**63:
            check(program, (3, first, last), same)


KNOWN = [
    (0, 0, "i8"), (-2**63, 2**63 - 1, "i8"), (0, 2**32 - 2, "i8"), (0, 2**32 - 1, "i8"), (0, 2**32, "i8"),
    (-128, 127, "i1"), (0, 2**64 - 1, "u8"), (2**64 - 1, 2**64 - 1, "u8"), (5, 3 * 2**62, "u8"), (0, 2**64 - 2, "u8"),
    (0, 2**32 - 1, "u4")]


@pytest.mark.parametrize("first, last, dtype", KNOWN)
def test_integers_between_known_bounds(first, last, dtype):
    for call in (f"{first}, {last}, 67, '{dtype}', endpoint=True", f"{first}, {last + 1}, 3, '{dtype}'"):
        drawn(f"return rng.integers({call}), rng.random(dtype=np.float32)", seeds=(3,))


def test_integers_between_bounds_of_the_call():
    text = "return rng.integers(a, b, 50), rng.integers(a, b, 50, np.int32), rng.integers(a, b, (2, 3), np.int8, True)"
    for low, high in ((0, 10), (-128, 127)):
        drawn(text, low, high, seeds=(0,))
    drawn(text, np.int64(3), np.int32(4), seeds=(0,))
    drawn("return rng.integers(a, b, 40), rng.integers(a, b)", -2**63, 2**63 - 1)
    drawn("return rng.integers(a, size=40), rng.integers(a), rng.integers(low=a, high=None, size=3)", 2**40)


def test_single_integers():
    drawn("return rng.integers(10), rng.integers(5, 9, dtype='i1'), rng.integers(2**64, dtype='u8'), rng.integers(9)")
    drawn("return rng.integers(10, dtype=int), rng.integers(0, 2, dtype=bool), rng.integers(0, 2, dtype=np.bool_)")


WRONG_BOUNDS = """rng.integers(5, 5)|rng.integers(0)|rng.integers(a, a)|rng.integers(a, a - 1, 3)
rng.integers(2**63 + 1)|rng.integers(0, 300, dtype=np.uint8)|rng.integers(-1, 3, dtype=np.uint8)
rng.integers(0, 9, dtype=np.float64)|rng.integers(3, 2, endpoint=True)""".replace("\n", "|").split("|")


@pytest.mark.parametrize("statement", WRONG_BOUNDS)
def test_bounds_that_numpy_refuses(statement):
    drawn(f"return {statement}", 3, seeds=(0,))


# --------------------------------------------------------------------------------------------------------------- orders


@thalweg.program
def ordered(seed, n, a, b):
    rng = np.random.default_rng(seed)
    return rng.permutation(n), rng.permutation(a), rng.permutation(b), rng.permutation(b, 1), rng.random()


@thalweg.program
def shuffled(seed, a, b, c):
    rng = np.random.default_rng(seed)
    rng.shuffle(a)
    rng.shuffle(b)
    rng.shuffle(c)
    rng.shuffle(b, axis=1)
    return rng.random()


@pytest.mark.parametrize("n", [0, 1, 2, 10, 100])
def test_orders(n):
    for seed in (0, 1, 42):
        check(ordered, (seed, n, np.arange(n) * 1.5, np.arange(3 * n).reshape(n, 3)), same)
        check(shuffled, (seed, np.arange(n).astype(np.int8), np.arange(3.0 * n).reshape(n, 3),
                         np.arange(4 * n).reshape(n, 2, 2)), same)


def test_shuffled_views():
    drawn("rng.shuffle(a[::2])\nrng.shuffle(a[::-3])\nrng.shuffle(b.T)\nrng.shuffle(b[:, 1])\nreturn a[0]",
          np.arange(30), np.arange(12.0).reshape(4, 3))


CHOICES = [program_of(f"return rng.choice({call}), rng.random()", "an")
           for call in ("a", "a, n", "a, (n, 2)", "a, n, False", "a, n, replace=False, shuffle=False")]


@pytest.mark.parametrize("a, n", [(5, 2), (5, 5), (1, 1), (10001, 150), (10001, 300), (10001, 600)])
def test_choices(a, n):
    for program in CHOICES:
        check(program, (2, a, n), same)
        check(program, (2, np.arange(a) * 0.5, n), same)


def test_choices_by_probabilities():
    few, many = np.array([0.25, 0, 0.5, 0.25]), np.random.default_rng(3).random(1000)
    for p in (few, few.astype(np.float32), many / many.sum(), (many / many.sum()).astype(np.float32), np.array([1])):
        drawn("return rng.choice(len(a), p=a), rng.choice(len(a), 50, p=a), rng.choice(a, (2, 3), p=a)", p)
    line = "return rng.choice([3, 4], 9, p=[0.5, 0.5]), rng.choice(a, 2, p=(0.1, 0.2, 0.7), axis=1), rng.random()"
    drawn(line, np.arange(6).reshape(2, 3))
    infinite, whole = np.full(4, np.inf), few.astype(np.int64)
    for p in (few * 1.1, few - 0.1, few * np.nan, infinite, few[:3], few[:0], few[:, None], whole):
        drawn("return rng.choice(4, 3, p=a)", p, seeds=(0,))
    for error in (1e-9, 1e-8, 1.4e-8, 1.5e-8, 1e-7):
        drawn("return rng.choice(4, 3, p=a)", few * (1 + error), seeds=(0,))
        drawn("return rng.choice(4, 3, p=a)", (few * (1 + error * 23170)).astype(np.float32), seeds=(0,))


def test_choices_among_items():
    drawn("return rng.choice([4, 5, 6], 3), rng.choice(a, 2, axis=1), rng.choice(a, 2, False), rng.choice(a)",
          np.arange(12.0).reshape(3, 4))


@pytest.mark.parametrize("statement", [
    "rng.choice(0)", "rng.choice(-1, 2)", "rng.choice(5, 6, False)", "rng.choice(2.5)", "rng.choice(np.zeros(0))",
    "rng.shuffle(np.array(3))"])
def test_choices_that_numpy_refuses(statement):
    drawn(f"return {statement}", seeds=(0,))


# --------------------------------------------------------------------------------------------------------- long streams


@thalweg.program
def long_stream(seed, n):
    rng = np.random.default_rng(seed)
    return (rng.random(n), rng.standard_normal(n), rng.random(n, np.float32), rng.standard_normal(n, np.float32),
            rng.standard_exponential(n), rng.integers(0, 1000, n), rng.integers(0, 2**40, n),
            rng.integers(0, 200, n, np.uint8), rng.permutation(n), rng.random())


@pytest.mark.parametrize("seed", range(20))
def test_long_streams(seed):
    """A million and a half draws in all, hundreds of them from the tails."""
    expected = long_stream.f(seed, 60000)
    assert max(np.abs(expected[1]).max(), np.abs(expected[3]).max()) > 3.6541528853610088
    for mine, theirs in zip(long_stream(seed, 60000), expected, strict=True):
        assert same(mine, theirs)


def test_the_tables_are_those_that_numpy_has():
    """Layers whose borders are off by one unit would show in no stream: NumPy's module has the tables as they are."""
    from importlib.machinery import EXTENSION_SUFFIXES
    from pathlib import Path

    from thalweg.definitions import random_tables

    [module] = [path for path in Path(np.random.__file__).parent.glob("_generator*") if path.suffix in (".so", ".pyd")]
    assert EXTENSION_SUFFIXES
    held = module.read_bytes()
    for curve in ("NORMAL", "EXPONENTIAL"):
        for table in ("SURELY", "WIDTHS", "HEIGHTS"):
            assert getattr(random_tables, f"{curve}_{table}").tobytes() in held, (curve, table)
    assert random_tables.NORMAL_SURELY_32.astype(np.uint32).tobytes() in held
    assert random_tables.NORMAL_WIDTHS_32.tobytes() in held and random_tables.NORMAL_HEIGHTS_32.tobytes() in held


# --------------------------------------------------------------------------------------------- programs with generators


def step(rng, x):
    return x + rng.normal(0, 0.1, x.shape)


def walk(seed, n):
    rng = np.random.default_rng(seed)
    x = np.zeros(3)
    kept = np.zeros((n, 3))
    for k in range(n):
        x = step(rng, x)
        if rng.random() < 0.5:
            x = x + rng.integers(0, 3)
        kept[k] = x
    return kept, rng.random()


def estimate(seed, n):
    rng = np.random.default_rng(seed)
    inside = 0
    for _ in range(n):
        x = rng.random()
        y = rng.random()
        if x * x + y * y < 1.0:
            inside += 1
    return 4 * inside / n


def until(seed, limit):
    rng = np.random.default_rng(seed)
    total = 0.0
    turns = 0
    while total < limit or rng.random() < 0.5:
        total += rng.exponential(0.5)
        turns += 1
    return turns, total, rng.random()


def of_two(seed, n):
    rng, other = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    alias = rng
    out = np.zeros(n)
    for k in range(n):
        out[k] = alias.random() - other.random() + (rng.random() if k % 2 == 0 else 0.0)
    return out, rng.random(), other.random(), alias.random()


def reseeded(n):
    out = np.zeros((n, 2))
    for k in range(n):
        rng = np.random.default_rng(k)
        out[k] = rng.random(2)
    return out


def with_default(n, rng=np.random.default_rng(5)):
    return rng.random(n)


def in_expressions(seed, a):
    rng = np.random.default_rng(seed)
    b = a + rng.random(a.shape) * rng.standard_normal(a.shape) - rng.random()
    b[rng.integers(len(a))] += 1.0
    b[rng.integers(len(a))] = rng.random()
    rng.random(3).fill(0.5)
    total = 0.0
    for v in rng.random(4)[1:]:
        total += v
    for v in rng.permutation(3):
        total += v
    x: float = rng.random(2).sum()
    return b, total, x, [rng.random() for _ in range(3)], rng.random() < 2 and rng.random() < 0.5, rng.random()


@pytest.mark.parametrize("program, arguments", [
    (walk, (3, 20)), (walk, (3, 0)), (estimate, (1, 500)), (until, (5, 20.0)), (of_two, (7, 9)), (reseeded, (5,)),
    (in_expressions, (2, np.ones(6)))])
def test_programs(program, arguments):
    check(program, arguments, same)


def test_a_generator_in_a_branch():
    @thalweg.program
    def f(seed, early):
        rng = np.random.default_rng(seed)
        if early:
            x = rng.random(4)
        else:
            x = rng.normal(size=4)
        return x, rng.random()

    for early in (True, False):
        check(f, (3, early), same)


STATEMENTS = [
    ("if a > 0:\n    g = np.random.default_rng(1)\nelse:\n    g = np.random.default_rng(2)\nreturn g.random(3)", 1),
    ("g = np.random.default_rng(1)\nif a > 0:\n    g = rng\nx = g.random(3)\nreturn x, rng.random(), g.random()", 1),
    ("g = np.random.default_rng(1)\nif a > 0:\n    g = rng\nx = g.random(3)\nreturn x, rng.random(), g.random()", 0),
    ("draw = lambda: rng.random()\nreturn draw(), draw(), rng.random()", 0),
    ("r = [np.random.default_rng(k) for k in range(3)]\nx = [g.random() for g in r]\nreturn x[0], r[1].random()", 0),
    ("held = {'r': rng}\nx = held['r'].random()\nreturn x, rng.random()", 0),
    ("t = 0.0\nfor g in (rng, np.random.default_rng(4), rng):\n    t += g.random()\nreturn t, rng.random()", 0),
    ("x = a[rng.integers(9)]\nb = a[rng.permutation(9)]\nreturn x, b, a[rng.random(9) < 0.5]", np.arange(9.0)),
    ("a[rng.random(9) < 0.5] = rng.random()\na[rng.integers(9, size=3)] += 1\nreturn rng.random()", np.arange(9.0)),
    ("return 0.1 < rng.random() < 0.9, rng.random()", 0),
    ("x = rng.random() if a > 1 else rng.normal()\nreturn x, rng.random()", 0),
    ("assert rng.random() >= 0\nreturn rng.random()", 0),
    ("while True:\n    x = rng.random()\n    if x > 0.9:\n        break\nreturn x, rng.random()", 0),
    ("for k in range(10):\n    if rng.random() > 0.8:\n        return k, rng.random()\nreturn -1, rng.random()", 0),
    ("s = 0.0\nfor k in range(20):\n    if rng.random() > 0.8:\n        continue\n    s += rng.normal()\nreturn s", 0),
    ("s = sum(rng.random() for _ in range(4))\nreturn s, rng.random()", 0),
    ("x = np.zeros((3, 4))\nx[1] = rng.random(4)\nx[:, 2] += rng.normal(size=3)\nreturn x, rng.random((2, 2)).T", 0),
    ("rng.random()\nnp.random.default_rng(3)\nreturn rng.random()", 0),
    ("return max(rng.random(), rng.random()), np.where(a > 0, rng.random(), rng.random())", np.array([1.0, -1])),
    ("rng.shuffle(a, axis=-1)\nrng.shuffle(a, -2)\nreturn rng.random()", np.arange(6).reshape(2, 3)),
    ("rng.shuffle(a, axis=5)\nreturn rng.random()", np.zeros((2, 0))),
    ("return rng.permutation(a), rng.permutation(np.int32(5)), rng.permutation(np.uint8(4))", np.int16(7)),
    ("return rng.permutation([3, 4, 5]), rng.permutation(a, -1)", np.arange(6).reshape(2, 3)),
    ("return rng.choice(5, ()), rng.choice(a, ()), rng.choice(a, (2, 0)), rng.choice(np.int8(5), 3)", np.arange(4.0)),
    ("return rng.choice(True, 2), rng.choice(a, 3, False)", np.arange(3) > 1),
    ("return rng.integers(0, 10, endpoint=a), rng.random(3, dtype=None), rng.random((np.int32(2),))", True),
    ("return rng.normal(2**70, 1), rng.normal(a, np.arange(3)[:, None] + 1), rng.normal(a > 1, 2)", np.arange(3)),
    ("return rng.random(foo=3)", 0), ("return rng.random(2.0)", 0), ("return rng.integers(0, a, 3, np.uint8)", 300),
    ("return rng.integers(a, 10, 3, np.uint8)", -1), ("return rng.integers(10**30)", 0),
    ("return rng.integers(-10**30, 5)", 0), ("return np.random.default_rng('x').random()", 0),
    ("return rng.integers(0, 10, 3, dtype=None)", 0), ("return rng.normal(1j)", 0),
]


@pytest.mark.parametrize("statement, argument", STATEMENTS, ids=[statement for statement, _ in STATEMENTS])
def test_statements(statement, argument):
    drawn(statement, argument, seeds=(7,))


def test_shuffling_what_may_not_be_written():
    for n in (0, 1, 5):
        x = np.arange(n)
        x.flags.writeable = False
        with pytest.raises(ValueError, match="read-only"):
            shuffled(1, x, np.zeros((2, 2)), np.zeros((2, 2)))


# ---------------------------------------------------------------------------------------------- generators from outside


def advance(rng, n):
    x = rng.random(n)
    return x + rng.normal(size=n), rng.integers(7, dtype=np.int32), rng.random(dtype=np.float32)


def of_both(rng, other, n):
    return rng.random(n), other.random(n), rng.random(n)


def test_generators_as_arguments():
    program = thalweg.program(advance)
    ours, theirs = np.random.default_rng(8), np.random.default_rng(8)
    for n in (3, 0, 5, 1):
        assert agree((program(ours, n), (ours,), None), (advance(theirs, n), (theirs,), None), same)
    interpreted = copy.deepcopy(ours)
    assert agree((program.interpret(interpreted, 4), (interpreted,), None), (advance(theirs, 4), (theirs,), None), same)


def test_a_generator_that_is_a_default():
    program = thalweg.program(with_default)
    [rng] = with_default.__defaults__
    start = rng.bit_generator.state
    found = program(3), program(2)
    rng.bit_generator.state = start
    assert all(map(same, found, (with_default(3), with_default(2))))


def test_one_generator_given_twice():
    program = thalweg.program(of_both)
    ours, theirs = np.random.default_rng(8), np.random.default_rng(8)
    assert agree((program(ours, ours, 3), (ours,), None), (of_both(theirs, theirs, 3), (theirs,), None), same)
    over = np.random.Generator(ours.bit_generator)
    under = np.random.Generator(theirs.bit_generator)
    assert agree((program(ours, over, 3), (ours,), None), (of_both(theirs, under, 3), (theirs,), None), same)
    apart, too = np.random.default_rng(9), np.random.default_rng(9)
    assert agree((program(ours, apart, 3), (ours, apart), None), (of_both(theirs, too, 3), (theirs, too), None), same)


RNG = np.random.default_rng(77)


def of_global(n):
    return RNG.random(n), RNG.integers(5)


def of_global_too(rng, n):
    return rng.random(n), RNG.random(n), rng.random(n)


def test_generators_that_are_globals():
    program, start = thalweg.program(of_global), RNG.bit_generator.state
    found = [program(3), program(2), program.interpret(2)]
    after = RNG.bit_generator.state
    RNG.bit_generator.state = start
    for mine, theirs in zip(found, [of_global(3), of_global(2), of_global(2)], strict=True):
        assert all(map(same, mine, theirs))
    assert RNG.bit_generator.state == after
    start = RNG.bit_generator.state
    found = thalweg.program(of_global_too)(RNG, 3)
    RNG.bit_generator.state = start
    assert all(map(same, found, of_global_too(RNG, 3)))


class Holder:
    rng = np.random.default_rng(6)


def of_holder(pair):
    rng, n = pair
    return rng.random(n), Holder.rng.random(), pair[0].integers(9)


def test_generators_in_tuples_and_attributes():
    program = thalweg.program(of_holder)
    ours, theirs, start = np.random.default_rng(2), np.random.default_rng(2), Holder.rng.bit_generator.state
    found = [program((ours, 3)), program((ours, 4))]
    Holder.rng.bit_generator.state = start
    for mine, expected in zip(found, [of_holder((theirs, 3)), of_holder((theirs, 4))], strict=True):
        assert all(map(same, mine, expected))
    assert same(ours, theirs)


def test_a_generator_is_free_after_an_interrupt():
    program = thalweg.program(estimate_with)
    rng = np.random.default_rng(1)
    program(rng, 3)
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        program(rng, 10**11)
    timer.join()
    found = []
    thread = threading.Thread(target=lambda: found.append(rng.random()))
    thread.start()
    thread.join(10)
    assert found


def estimate_with(rng, n):
    total = 0.0
    for _ in range(n):
        total += rng.random()
    return total


def test_a_generator_is_held_while_a_program_draws():
    program = thalweg.program(numbers_of)
    rng = np.random.default_rng(1)
    expected = np.sort(np.random.default_rng(1).random(40000))
    found = []
    threads = [threading.Thread(target=lambda: found.append(program(rng, 1000))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(np.sort(np.concatenate(found)), expected)


def numbers_of(rng, n):
    return rng.random(n)


def test_the_state_after_an_error_can_be_used():
    @thalweg.program
    def f(rng, n):
        x = rng.random(n)
        if x[0] < 2:
            raise ValueError("so it is")
        return x

    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match="so it is"):
        f(rng, 3)
    assert 0 <= rng.random() < 1  # its lock is free


@pytest.mark.parametrize("statement, message", [
    ("return rng.poisson(3.0)", "'numpy.random.Generator.poisson' is not supported"),
    ("return rng.random(3, out=np.empty(3))", "with out is not supported"),
    ("return rng.choice(3, 2, False, [0.5, 0.5, 0])", "probabilities"),
    ("return rng.integers(np.array([1, 2]))", "single ints"),
    ("return rng", "returning a numpy.random.Generator"),
    ("return np.random.default_rng(np.random.MT19937(3)).random()", "MT19937"),
    ("return np.random.rand(3)", "numpy.random.rand"),
    ("rng.shuffle([1, 2])", "of a list"),
    ("x = np.zeros(3)\nfor i in thalweg.map[0:3]:\n    x[i] = rng.random()\nreturn x", "inside a map"),
])
def test_what_is_not_supported_says_so(statement, message):
    program = program_of(statement)
    with pytest.raises(thalweg.CompileError, match=message):
        program(3, 0)


def measured(x):
    return float(x.sum())


def test_a_generator_from_outside_and_a_call_back():
    @thalweg.program
    def f(rng):
        x = rng.random(3)
        s: float = measured(x)
        return s

    with pytest.raises(thalweg.CompileError, match="would go back into CPython"):
        f(np.random.default_rng(3))


def test_other_generators_as_arguments():
    program = thalweg.program(advance)
    with pytest.raises(thalweg.CompileError, match="is not known before it is called"):
        program(np.random.Generator(np.random.MT19937(3)), 3)
