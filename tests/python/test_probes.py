"""Probes: small programs that show that the design carries what later issues build on. Compiled, and interpreted."""

import re

import numpy as np
import pytest

import thalweg
from support import check, compiler_inside
from tolerance import same_bits


@thalweg.program
def swap(a, b, steps):
    for _ in range(steps):
        a, b = b, a
    return a, b


@thalweg.program
def swap_and_write(a, b, steps):
    for _ in range(steps):
        b[1:-1] = (a[:-2] + a[2:]) * 0.5
        a, b = b, a
    return a


class TestSwapWithoutCopying:
    @pytest.mark.parametrize("steps", [0, 1, 2, 7])
    def test_addresses(self, steps):
        a, b = np.arange(4.0), np.zeros(4)
        first, second = swap(a, b, steps)
        assert (first is a and second is b) if steps % 2 == 0 else (first is b and second is a)
        assert same_bits(a, np.arange(4.0)) and same_bits(b, np.zeros(4))

    def test_nothing_is_copied(self):
        # A million swaps of 80 MB arrays: copying any of it would take hours.
        a, b = np.zeros(10_000_000), np.ones(10_000_000)
        first, second = swap(a, b, 1_000_001)
        assert first is b and second is a and a[-1] == 0 and b[-1] == 1

    @pytest.mark.parametrize("steps", [0, 1, 2, 5])
    def test_stencil(self, steps):
        rng = np.random.default_rng(steps)
        check(swap_and_write, [rng.random(20), rng.random(20), steps], same_bits)
        a, b = rng.random(20), rng.random(20)
        assert swap_and_write(a, b, steps) is (a if steps % 2 == 0 else b)

    def test_no_allocation(self):
        a, b = np.zeros(1_000_000), np.zeros(1_000_000)
        swap_and_write(a, b, 2)
        c_text = swap_and_write.builds[0].c_text
        assert "->allocate" not in c_text[c_text.rindex("int32_t thw_entry("):]


@thalweg.program
def positive_doubled(a):
    x = a[a > 0]
    y = x * 2
    return y


@pytest.mark.parametrize("values", [[], [1.0], [-1.0], [1.0, -2.0, 3.0, 0.0, np.nan, np.inf, -0.0]])
def test_boolean_mask(values):
    check(positive_doubled, [np.array(values)], same_bits)


def test_boolean_mask_large():
    program = check(positive_doubled, [np.random.default_rng(0).standard_normal(2000)], same_bits)
    before = len(program.builds)
    for size in (7, 100_000, 1000):
        a = np.random.default_rng(size).standard_normal(size)
        assert same_bits(positive_doubled(a), positive_doubled.f(a))
    assert len(program.builds) == before


@thalweg.program
def write_through_view(a):
    inner = a[1:-1, ::2]
    inner[...] = inner * 2 + 1
    row = inner[0]
    row[:2] = -1.0
    row += 1.0
    return inner


class TestViews:
    @pytest.mark.parametrize("make", [lambda a: a, lambda a: a.T, lambda a: a[::-1, ::-1]])
    def test_written_through_and_shared(self, make):
        base = np.random.default_rng(1).random((6, 7))
        mine, theirs = base.copy(), base.copy()
        found, expected = write_through_view(make(mine)), write_through_view.f(make(theirs))
        assert same_bits(mine, theirs) and same_bits(found, expected)
        assert found.strides == expected.strides
        assert np.shares_memory(found, mine)
        found[0, 0] = 77.0
        expected[0, 0] = 77.0
        assert same_bits(mine, theirs)

    def test_interpreted(self):
        check(write_through_view, [np.random.default_rng(2).random((6, 7))], same_bits)

    def test_returned_view_keeps_memory_alive(self):
        found = write_through_view(np.ones((100, 100)))
        copies = [np.zeros((100, 100)) for _ in range(20)]
        assert found[1, 1] == 3.0 and len(copies) == 20


@thalweg.program
def gather(a, index, out):
    for i in thalweg.map[0:out.shape[0]]:
        out[i] = a[index[i]]


class TestIndexErrorInMap:
    @pytest.mark.parametrize("size", [10, 200_000])
    @pytest.mark.parametrize("bad", [5, -6, 2 ** 40])
    def test_line(self, size, bad):
        index = np.random.default_rng(3).integers(-5, 5, size)
        index[size * 3 // 4] = bad
        with pytest.raises(IndexError) as expected:
            gather.f(np.arange(5.0), index, np.zeros(size))
        with pytest.raises(IndexError) as found:
            gather(np.arange(5.0), index, np.zeros(size))
        text = str(found.value)
        assert str(expected.value) in text
        line = gather.__wrapped__.__code__.co_firstlineno + 3
        assert re.search(rf"test_probes\.py.*\b{line}\b", text), text
        with pytest.raises(IndexError):
            gather.interpret(np.arange(5.0), index[-10:] * 0 + bad, np.zeros(10))

    def test_good_indices(self):
        index = np.random.default_rng(4).integers(-5, 5, 100_000)
        out = np.zeros(100_000)
        gather(np.arange(5.0), index, out)
        assert same_bits(out, np.arange(5.0)[index])


def shifted(a, b):
    b[1:] = a[:-1] * 2
    a[:-1] += b[1:]
    b[...] = b - a


def stencil(a, b):
    for i in range(1, a.shape[0] - 1):
        b[i] = a[i - 1] + a[i + 1]
    b[2:] = a[:-2]


class TestOverlap:
    @pytest.mark.parametrize("function", [shifted, stencil])
    @pytest.mark.parametrize("slices", [(slice(None), slice(None)), (slice(0, -1), slice(1, None)),
                                        (slice(1, None), slice(0, -1)), (slice(None), slice(None, None, -1)),
                                        (slice(0, 10), slice(10, 20)), (slice(0, 20, 2), slice(1, 20, 2)),
                                        (slice(0, 10), slice(0, 20, 2))])
    def test_slices_of_one_array(self, function, slices):
        program = thalweg.program(function)
        for _ in range(2):
            base = np.random.default_rng(5).random(20)
            mine, theirs = base.copy(), base.copy()
            function(theirs[slices[0]], theirs[slices[1]])
            program(mine[slices[0]], mine[slices[1]])
            assert same_bits(mine, theirs)
            program(base[:10].copy(), base[10:].copy())  # apart in between

    @pytest.mark.parametrize("function", [shifted, stencil])
    def test_same_array_twice(self, function):
        program = thalweg.program(function)
        mine, theirs = np.arange(9.0), np.arange(9.0)
        function(theirs, theirs)
        program(mine, mine)
        assert same_bits(mine, theirs)

    def test_reading_only_is_no_overlap(self):
        @thalweg.program
        def read_twice(a, b):
            return a * b

        a = np.arange(5.0)
        assert same_bits(read_twice(a, a), a * a)
        assert same_bits(read_twice(a[1:], a[:-1]), a[1:] * a[:-1])
        assert not any(build["aliased"] for build in read_twice.explain())


GLOBAL = np.arange(6.0)


@thalweg.program
def overlaps_global(a):
    a[1:] = GLOBAL[:-1] + 1
    return a


def test_argument_that_is_also_a_global():
    global GLOBAL
    for make in (lambda: np.zeros(6), lambda: GLOBAL, lambda: GLOBAL[::-1]):
        GLOBAL = np.arange(6.0)
        expected = overlaps_global.f(make()).copy()
        GLOBAL = np.arange(6.0)
        assert same_bits(overlaps_global(make()), expected)


@thalweg.program
def accumulate(start, step, count):
    total = start
    for _ in range(count):
        total = total + step
    return total


@thalweg.program
def power_of_two(n):
    value = 1
    for _ in range(n):
        value *= 2
    return value


class TestPythonIntegers:
    def test_up_to_the_limit(self):
        assert accumulate(2 ** 63 - 11, 1, 10) == 2 ** 63 - 1
        assert accumulate(-2 ** 63 + 10, -1, 10) == -2 ** 63
        assert power_of_two(62) == 2 ** 62

    @pytest.mark.parametrize("call", [lambda p: p(2 ** 63 - 11, 1, 11), lambda p: p(-2 ** 63 + 10, -1, 11),
                                      lambda p: p(2 ** 62, 2 ** 62, 1)])
    def test_past_it(self, call):
        with pytest.raises(OverflowError) as caught:
            call(accumulate)
        line = accumulate.__wrapped__.__code__.co_firstlineno + 4
        assert re.search(rf"test_probes\.py.*\b{line}\b", str(caught.value)), str(caught.value)
        with pytest.raises(OverflowError):
            call(accumulate.interpret)

    def test_multiplication(self):
        for n in (63, 64, 200):
            with pytest.raises(OverflowError):
                power_of_two(n)

    def test_numpy_integers_wrap(self):
        @thalweg.program
        def wrap(a):
            return a + a

        a = np.array([2 ** 62, -2 ** 63])
        assert same_bits(wrap(a), a + a)


SEEN = []


def measure(a, i):
    SEEN.append((a.copy(), i))
    return float(a.sum()) + i


def failing(a):
    raise LookupError("from the callback")


@thalweg.program(strict=False)
def with_callback(a):
    b = a * 2
    s: thalweg.float64 = measure(b, 3)
    return b + s


@thalweg.program(strict=False)
def with_failing_callback(a):
    s: thalweg.float64 = failing(a)
    return a + s


class TestCallback:
    @pytest.mark.filterwarnings("ignore::thalweg.Notice")
    def test_result_feeds_a_statement(self):
        a = np.arange(4.0)
        SEEN.clear()
        found = with_callback(a)
        assert same_bits(found, with_callback.f(a))
        assert len(SEEN) == 2 and same_bits(SEEN[0][0], a * 2) and SEEN[0][1] == 3
        assert same_bits(with_callback.interpret(a), found)

    @pytest.mark.filterwarnings("ignore::thalweg.Notice")
    def test_exception_comes_through(self):
        with pytest.raises(LookupError, match="from the callback"):
            with_failing_callback(np.ones(2))

    def test_announced_once_and_refused_when_strict(self):
        def make(**options):
            @thalweg.program(**options)
            def local(a):
                s: thalweg.float64 = measure(a, 1)
                return a * s

            return local

        program = make(strict=False)
        with pytest.warns(thalweg.Notice, match="measure"):
            program(np.ones(2))
        with pytest.raises(thalweg.CompileError, match="strict"):
            make(strict=True)(np.ones(2))


@compiler_inside
def test_memory_is_given_back():
    a = np.ones(100_000)
    positive_doubled(a)
    with open("/proc/self/statm") as statm:
        before = int(statm.read().split()[1])
    for _ in range(300):
        positive_doubled(a)
        with pytest.raises(IndexError):
            gather(a[:5], np.array([9]), np.zeros(1))
    with open("/proc/self/statm") as statm:
        after = int(statm.read().split()[1])
    assert (after - before) * 4096 < 50 * 800_000  # 300 results of 800 kB each
