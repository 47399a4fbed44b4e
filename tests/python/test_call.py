"""The call: what is accepted as an argument, what is refused and how, what is shared and what is copied."""

import inspect
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings

import numpy as np
import pytest

import thalweg
from support import agree, outcome
from tolerance import same_bits

N, M = thalweg.symbol("N"), thalweg.symbol("M")
SCALE = 2.5
OFFSETS = np.array([1.0, 2.0, 3.0])


@thalweg.program
def double_into(a, out):
    out[...] = a * 2


@thalweg.program
def doubled(a):
    return a * 2


@thalweg.program
def total(a):
    return np.sum(a)


@thalweg.program
def affine(a, factor=3.0, *, shift=1, out=None):
    return a * factor + shift


@thalweg.program
def same_scalar(x):
    return x + 1


@thalweg.program
def annotated(a: thalweg.float64[N, M], b: thalweg.float64[M]):
    return a + b


@thalweg.program
def scaled_by_global(a):
    return a * SCALE + OFFSETS


@thalweg.program
def calls_others(a):
    return doubled(a) + doubled(a + 1)


class TestPlainArrays:
    def test_memory_is_the_callers(self):
        a, out = np.arange(6.0), np.zeros(6)
        assert double_into(a, out) is None
        assert same_bits(out, a * 2)

    @pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
                                       "float32", "float64", "complex64", "complex128"])
    def test_every_element_type(self, dtype):
        a = np.array([0, 1, 1, 0]).astype(dtype)
        assert same_bits(doubled(a), a * 2)

    @pytest.mark.parametrize("rank", [0, 1, 2, 3, 4])
    def test_every_rank(self, rank):
        a = np.arange(3.0 ** rank).reshape((3,) * rank)
        result = doubled(a)
        assert type(result) is type(a * 2) and same_bits(result, a * 2)

    @pytest.mark.parametrize("make", [
        lambda a: np.asfortranarray(a), lambda a: a[::-1], lambda a: a[:, ::-1], lambda a: a[::2, 1::3], lambda a: a.T,
        lambda a: a[::-2, ::-3], lambda a: np.broadcast_to(a[0], (5, 7)), lambda a: a[:0], lambda a: a[:, :1],
        lambda a: np.broadcast_to(a[:, :1], (5, 7)),
    ], ids=["fortran", "negative0", "negative1", "steps", "transposed", "negative_steps", "stride0", "empty", "column",
            "stride0_inner"])
    def test_every_layout(self, make):
        a = make(np.random.default_rng(1).random((5, 7)))
        assert same_bits(doubled(a), a * 2)
        out = np.zeros(a.shape)
        double_into(a, out)
        assert same_bits(out, a * 2)

    @pytest.mark.parametrize("make", [lambda a: a[::-1], lambda a: a[::2, 1::2], lambda a: a.T],
                             ids=["negative", "steps", "transposed"])
    def test_every_layout_written(self, make):
        whole = np.zeros((6, 8))
        out = make(whole)
        a = np.random.default_rng(2).random(out.shape)
        expected = np.zeros((6, 8))
        double_into.f(a, make(expected))
        double_into(a, out)
        assert same_bits(whole, expected)

    def test_more_dimensions_than_supported(self):
        with pytest.raises(TypeError, match="dimensions"):
            doubled(np.zeros((1,) * 20))

    @pytest.mark.parametrize("array", [np.array(["a"]), np.array([object()]), np.array([1], "M8[s]"),
                                       np.zeros(2, [("x", "f8")]), np.zeros(2, np.longdouble)],
                             ids=["str", "object", "datetime", "record", "longdouble"])
    def test_other_element_types_are_refused(self, array):
        with pytest.raises(TypeError, match="dtype"):
            doubled(array)


class TestSubclasses:
    @pytest.mark.parametrize("array", [np.ma.masked_array([1.0, 2.0], [True, False]), np.zeros((1, 1)).view(np.matrix),
                                       np.rec.array([(1.0,)], dtype=[("x", "f8")]),
                                       np.zeros(2).view(type("Mine", (np.ndarray,), {}))],
                             ids=["masked", "matrix", "recarray", "own"])
    def test_refused(self, array):
        with pytest.raises(TypeError, match="subclass"):
            doubled(array)

    def test_memmap_is_not_copied(self, tmp_path):
        mapped = np.memmap(tmp_path / "data", np.float64, "w+", shape=(8,))
        double_into(np.arange(8.0), mapped)
        mapped.flush()
        assert same_bits(np.fromfile(tmp_path / "data"), np.arange(8.0) * 2)
        assert same_bits(doubled(mapped), np.arange(8.0) * 4)

    def test_read_only_memmap(self, tmp_path):
        np.arange(8.0).tofile(tmp_path / "data")
        mapped = np.memmap(tmp_path / "data", np.float64, "r")
        assert total(mapped) == 28.0
        with pytest.raises(ValueError):
            double_into(np.arange(8.0), mapped)


class TestReadOnly:
    def test_read_is_fine(self):
        a = np.arange(4.0)
        a.flags.writeable = False
        assert same_bits(doubled(a), a * 2)

    def test_written_read_only(self):
        out = np.zeros(4)
        out.flags.writeable = False
        with pytest.raises(ValueError, match="read-only"):
            double_into(np.arange(4.0), out)
        assert not out.any()

    def test_written_broadcast(self):
        out = np.broadcast_to(np.zeros(1), (4,))
        with pytest.raises(ValueError, match="read-only"):
            double_into(np.arange(4.0), out)

    def test_written_elements_sharing_memory(self):
        base = np.zeros(8)
        for strides in ((0, 8), (8, 8)):
            out = np.lib.stride_tricks.as_strided(base, (3, 4), strides)
            with pytest.raises(ValueError, match="share"):
                double_into(np.ones((3, 4)), out)
        windows = np.lib.stride_tricks.sliding_window_view(base, 3)
        assert same_bits(doubled(windows), windows * 2)


class TestCopiedArguments:
    def test_byte_swapped(self):
        a, out = np.arange(4.0).astype(">f8"), np.zeros(4, ">f8")
        with pytest.warns(thalweg.Notice, match="byte-swapped") as caught:
            double_into(a, out)
        assert same_bits(out.astype("f8"), np.arange(4.0) * 2)
        assert caught[0].filename == __file__

    def test_unaligned(self):
        raw = np.zeros(8 * 5 + 1, np.uint8)
        a = raw[1:].view(np.float64)
        a[:] = np.arange(5.0)
        assert not a.flags.aligned
        with pytest.warns(thalweg.Notice, match="unaligned"):
            assert same_bits(doubled(a), np.arange(5.0) * 2)
        with pytest.warns(thalweg.Notice):
            double_into(np.arange(5.0), a)
        assert same_bits(a.copy(), np.arange(5.0) * 2)

    def test_strides_that_are_no_multiples(self):
        records = np.zeros(4, np.dtype([("tag", "u1"), ("x", "f8")], align=False))
        records["x"] = np.arange(4.0)
        with pytest.warns(thalweg.Notice):
            assert same_bits(doubled(records["x"]), np.arange(4.0) * 2)

    def test_read_only_and_byte_swapped(self):
        out = np.zeros(4, ">f8")
        out.flags.writeable = False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", thalweg.Notice)
            with pytest.raises(ValueError, match="read-only"):
                double_into(np.arange(4.0), out)

    @pytest.mark.filterwarnings("ignore::thalweg.Notice")
    def test_same_array_passed_twice(self):
        a = np.arange(4.0).astype(">f8")
        shift_into(a, a)
        expected = np.arange(4.0)
        shift_into.f(expected, expected)
        assert same_bits(a.astype("f8"), expected)

    @pytest.mark.filterwarnings("ignore::thalweg.Notice")
    def test_overlapping_slices(self):
        a = np.arange(6.0).astype(">f8")
        expected = np.arange(6.0)
        shift_into.f(expected[:-1], expected[1:])
        try:
            shift_into(a[:-1], a[1:])
        except ValueError as error:
            assert "overlap" in str(error)
        else:
            assert same_bits(a.astype("f8"), expected)

    @pytest.mark.filterwarnings("ignore::thalweg.Notice")
    def test_returned_views_share_the_original(self):
        a = np.arange(12.0).reshape(3, 4).astype(">f8")
        whole, part = whole_and_part(a)
        assert whole is a
        assert np.shares_memory(part, a)
        assert same_bits(part.astype("f8"), whole_and_part.f(a)[1].astype("f8"))


@thalweg.program
def shift_into(a, b):
    b[:] = 7.0
    b[1:] += a[:-1]


@thalweg.program
def whole_and_part(a):
    return a, a[::2, ::-1]


class TestBinding:
    def test_keywords_and_defaults(self):
        a = np.arange(3.0)
        assert same_bits(affine(a), a * 3.0 + 1)
        assert same_bits(affine(a, 4.0), a * 4.0 + 1)
        assert same_bits(affine(factor=0.5, a=a, shift=2), a * 0.5 + 2)

    @pytest.mark.parametrize("args, kwargs", [
        ((), {}), ((1, 2, 3), {}), ((1,), {"a": 2}), ((1,), {"nothing": 2}), ((1,), {"nothing": 2.0}), ((), {"factor": 1}),
        ((1,), {"factor": 1, "shfit": 2}),
    ])
    def test_type_errors_are_those_of_cpython(self, args, kwargs):
        with pytest.raises(TypeError) as expected:
            affine.f(*args, **kwargs)
        with pytest.raises(TypeError) as found:
            affine(*args, **kwargs)
        assert str(found.value) == str(expected.value)

    @pytest.mark.parametrize("args, kwargs", [((), {}), ((1,), {}), ((1, 2), {}), ((1, 2), {"c": 1, "d": 1}), ((1,), {"d": 1}),
                                              ((), {"a": 1, "b": 2, "c": 3}), ((1, 2, 3, 4), {}), ((1, 2, 3), {"c": 3})])
    def test_kinds_of_parameters(self, args, kwargs):
        with pytest.raises(TypeError) as expected:
            kinds.f(*args, **kwargs)
        with pytest.raises(TypeError) as found:
            kinds(*args, **kwargs)
        assert str(found.value) == str(expected.value)
        assert kinds(1, 2, c=3) == kinds(1, b=2, c=3) == 6

    def test_signature_and_names_survive(self):
        assert affine.__name__ == "affine" and affine.__module__ == __name__
        assert list(inspect.signature(affine).parameters) == ["a", "factor", "shift", "out"]

    @pytest.mark.parametrize("args, kwargs", [
        ((), {}), ((2,), {}), ((2, 3), {}), ((2, 3, 4.5), {}), ((2, 3), {"scale": 2}), ((2,), {"b": 5}), ((2, 3), {"b": 5}),
        ((2, 3, 4, 5), {"scale": 2.0, "shift": 1, "weight": 0.5}), ((2,), {"weight": 1, "shift": 2}),
        ((np.arange(3.0), 1, np.ones(3)), {"shift": np.ones(1)})])
    def test_variable_parameters(self, args, kwargs):
        expected, found = (outcome(lambda *a: f(*a, **kwargs), args) for f in (variadic.f, variadic))
        assert agree(found, expected, same_bits) or expected[2] and str(found[2]) == str(expected[2])

    def test_programs_of_variable_parameters(self):
        with pytest.raises(thalweg.UnsupportedError, match="TW2007"):
            thalweg.program(lambda *args: 1)()
        assert len(variadic.pieces) > 1 and variadic.explain()
        with pytest.raises(thalweg.UnsupportedError, match="TW2004"):
            thalweg.Program(variadic.__wrapped__)
        assert pickle.loads(pickle.dumps(variadic)) is variadic

    def test_constants_when_compiling(self):
        a = np.arange(4.0)
        for kind, n in (("up", 2), ("down", 2), ("up", 3), ("up", 2), ("down", np.int64(2)), ("down", np.int64(2))):
            assert same_bits(chosen(a, kind, n), chosen.f(a, kind, n))
        assert len(chosen.builds) == 4


    def test_more_parameters_than_supported(self):
        with pytest.raises(thalweg.CompileError, match="(?s)parameters.*TW2003"):
            thalweg.program(many)(*range(70))


@thalweg.program
def kinds(a, /, b, *, c):
    return a + b + c


@thalweg.program
def variadic(a, b=1, *rest, scale=10, **more):
    total = a * b
    for each in rest:
        total = total + each * scale
    for name in more:
        total = total * more[name]
    return total, len(rest), len(more)


@thalweg.program
def chosen(a, kind: thalweg.compiletime, n: thalweg.compiletime):
    b = np.zeros(n)
    if kind == "up":
        b[0] = a[n]
    else:
        b[0] = -a[n]
    return b


def many(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24,
         p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47,
         p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58, p59, p60, p61, p62, p63, p64, p65, p66, p67, p68, p69):
    return p0


class TestScalars:
    @pytest.mark.parametrize("value", [3, -4, 2.5, 1 + 2j, True, np.float32(1.5), np.float64(2.5), np.int8(127), np.uint64(5),
                                       np.bool_(True), np.complex64(1j), np.int64(-1)], ids=repr)
    def test_type_and_value(self, value):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            expected = same_scalar.f(value)
        found = same_scalar(value)
        assert type(found) is type(expected) and found == expected

    def test_python_scalars_are_weak(self):
        a = np.arange(3, dtype=np.float32)
        assert affine(a, 2.0, shift=1).dtype == np.float32
        assert affine(a, np.float64(2.0), shift=1).dtype == np.float64

    def test_integer_that_does_not_fit(self):
        with pytest.raises(OverflowError):
            same_scalar(2 ** 70)

    def test_zero_dimensional_arrays(self):
        a = np.array(2.0)
        assert type(doubled(a)) is np.float64 and doubled(a) == 4.0
        out = np.array(0.0)
        double_into(a, out)
        assert out == 4.0

    def test_unsupported_objects(self):
        for value in ("text", {}, object(), b"x"):
            with pytest.raises(thalweg.CompileError):
                doubled(value)


class TestAnnotations:
    def test_match(self):
        a, b = np.ones((2, 3)), np.arange(3.0)
        assert same_bits(annotated(a, b), a + b)
        assert same_bits(annotated(np.ones((5, 4)), np.arange(4.0)), np.ones((5, 4)) + np.arange(4.0))

    @pytest.mark.parametrize("a, b, error", [
        (np.ones((2, 3)), np.ones(4), ValueError), (np.ones((2, 3), "f4"), np.ones(3), TypeError),
        (np.ones(3), np.ones(3), TypeError), (1.0, np.ones(3), TypeError), (np.ones((2, 3)), None, TypeError),
    ])
    def test_mismatch(self, a, b, error):
        with pytest.raises(error) as caught:
            annotated(a, b)
        assert "a" in str(caught.value) and ("annotat" in str(caught.value))

    def test_expression_extents(self):
        a = np.arange(4.0)
        assert same_bits(grown(a, np.zeros(5)), grown.f(a, np.zeros(5)))
        with pytest.raises(ValueError, match="TW2001"):
            grown(a, np.zeros(6))

    def test_symbol_by_keyword(self):
        assert same_bits(half_known(np.arange(6.0), N=3), np.arange(6.0) + 3)
        assert same_bits(half_known.f(np.arange(6.0), N=3), np.arange(6.0) + 3)
        with pytest.raises(TypeError, match="N=.*\n.*TW2002"):
            half_known(np.arange(6.0))

    def test_scalar_annotations_convert(self):
        a = np.ones(3)
        for value in (0.1, 1, np.float64(0.1)):
            assert same_bits(single(a, value), single.f(a, value))
            assert same_bits(single(a, value), a * np.float32(value))
        with pytest.raises(TypeError):
            single(a, 1j)


@thalweg.program
def grown(a: thalweg.float64[N], b: thalweg.float64[N + 1]):
    b[:-1] += a
    return b * N


@thalweg.program
def half_known(a: thalweg.float64[2 * N]):
    return a + N


@thalweg.program
def single(a: thalweg.float64[N], x: thalweg.float32):
    return a * x


class TestClosures:
    def test_constant_and_array_change_between_calls(self):
        global SCALE, OFFSETS
        a = np.ones(3)
        old = SCALE, OFFSETS
        try:
            assert same_bits(scaled_by_global(a), a * SCALE + OFFSETS)
            SCALE = 10.0
            assert same_bits(scaled_by_global(a), a * 10.0 + OFFSETS)
            OFFSETS[0] = 99.0
            assert same_bits(scaled_by_global(a), a * 10.0 + OFFSETS)
            OFFSETS = np.array([[5.0], [6.0]])
            assert same_bits(scaled_by_global(a), a * 10.0 + OFFSETS)
        finally:
            SCALE, OFFSETS = old

    def test_sign_of_zero_and_type(self):
        global SCALE
        old = SCALE
        try:
            for value in (0.0, -0.0, 0, np.float32(3), float("nan"), True):
                SCALE = value
                assert same_bits(scaled_by_global(np.ones(3)), scaled_by_global.f(np.ones(3))), value
        finally:
            SCALE = old

    def test_shape_set_in_place(self):
        global OFFSETS
        old = OFFSETS
        try:
            OFFSETS = np.arange(6.0).reshape(6, 1)
            assert scaled_by_global(np.ones(3)).shape == (6, 3)
            OFFSETS.shape = (2, 1, 3)
            assert same_bits(scaled_by_global(np.ones(3)), scaled_by_global.f(np.ones(3)))
        finally:
            OFFSETS = old

    def test_cells(self):
        def make(factor):
            @thalweg.program
            def inner(a):
                return a * factor

            def change(value):
                nonlocal factor
                factor = value

            return inner, change

        first, change = make(2.0)
        second, _ = make(3.0)
        a = np.arange(3.0)
        assert same_bits(first(a), a * 2) and same_bits(second(a), a * 3)
        change(5.0)
        assert same_bits(first(a), a * 5) and same_bits(second(a), a * 3)

    def test_attributes_of_modules_change(self):
        assert same_bits(uses_module(np.ones(2)), np.ones(2) * settings.factor)
        settings.factor = 8.0
        assert same_bits(uses_module(np.ones(2)), np.ones(2) * 8.0)

    def test_calls_to_programs(self):
        a = np.arange(3.0)
        assert same_bits(calls_others(a), calls_others.f(a))

    def test_text_arguments_are_told_apart_by_content(self):
        a = np.arange(3.0)
        for i in range(6):
            assert same_bits(by_text(a, "".join(["re", "al"])), a + 1)
            assert same_bits(by_text(a, "".join(["im", "ag"])), a - 1)


settings = type(sys)("thalweg_test_settings")
settings.factor = 4.0
sys.modules["thalweg_test_settings"] = settings


@thalweg.program
def uses_module(a):
    return a * settings.factor


@thalweg.program
def by_text(a, kind):
    if kind == "real":
        return a + 1
    return a - 1


class TestResults:
    def test_kinds(self):
        a = np.arange(6.0)
        for function in (empty_result, part_of_fresh, several):
            found, expected = function(a), function.f(a)
            assert type(found) is type(expected)
            for one, two in zip(found if isinstance(found, tuple) else (found,),
                                expected if isinstance(expected, tuple) else (expected,)):
                assert type(one) is type(two) and (one is None or same_bits(one, two))

    def test_returned_argument_is_the_argument(self):
        a, b = np.arange(3.0), np.zeros(3)
        assert returns_arguments(a, b)[0] is a and returns_arguments(a, b)[1] is b

    def test_views_of_fresh_memory_live_on(self):
        kept = [part_of_fresh(np.full(1000, float(i))) for i in range(20)]
        assert all((part == 2 * i).all() for i, part in enumerate(kept))
        part = several(np.arange(6.0))[1]
        assert same_bits(part, np.arange(6.0)[::2] * 2)


@thalweg.program
def empty_result(a):
    return a[3:3] * 2


@thalweg.program
def part_of_fresh(a):
    t = a * 2
    return t[1:4]


@thalweg.program
def several(a):
    t = a * 2
    return t, t[::2], np.sum(a), 3, None


@thalweg.program
def returns_arguments(a, b):
    b[:] = a
    return a, b


@thalweg.program
def spin(a, count):
    for i in range(count):
        a[i % 7] = a[(i + 1) % 7] * 0.5 + 1.0
    return a


@thalweg.program
def spin_while(a):
    n = 0
    while a[0] > 0.0:
        a[1] = a[1] * 0.5
        n = 1 - n
    return n


@thalweg.program
def spin_rows(out, count):
    for i in thalweg.map[0:2]:
        s = 1.0
        for k in range(count):
            s = s * 0.5 + 0.1
        out[i] = s


@thalweg.program
def spin_short_rows(out, count, length):
    for i in thalweg.map[0:2]:
        s = 1.0
        for j in range(count):
            for k in range(length):
                s = s * 0.5 + 0.1
        out[i] = s


@thalweg.program
def spin_while_rows(out, limit):
    for i in thalweg.map[0:2]:
        s = 1.0
        while s < limit:
            s = s * 0.5 + 0.1
        out[i] = s


class TestThreads:
    def test_another_thread_runs_meanwhile(self):
        a = np.zeros(7)
        spin(a, 10)
        seen, stop = [], threading.Event()

        def watch():
            while not stop.is_set():
                seen.append(time.perf_counter())
                time.sleep(0.001)

        count = 1_000_000
        while True:
            watcher = threading.Thread(target=watch)
            watcher.start()
            begin = time.perf_counter()
            spin(a, count)
            end = time.perf_counter()
            stop.set()
            watcher.join()
            if end - begin > 0.1 or count > 10 ** 10:
                break
            count *= 10
            seen.clear()
            stop.clear()
        assert sum(begin < moment < end for moment in seen) >= 5

    def test_same_program_from_several_threads(self):
        @thalweg.program
        def local(a):
            return a * 2 + 1

        results = {}
        threads = [threading.Thread(target=lambda i=i: results.__setitem__(i, local(np.full((2,) * (1 + i % 3), float(i)))))
                   for i in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert all((results[i] == 2 * i + 1).all() for i in range(6))

    @pytest.mark.parametrize("call", ["spin(np.zeros(7), 10**13)", "spin_while(np.ones(7))", "spin.interpret(np.zeros(7), 10**13)"])
    def test_keyboard_interrupt(self, call):
        script = textwrap.dedent(f"""
            import signal, sys, time
            sys.path.insert(0, {os.path.dirname(__file__)!r})
            import numpy as np
            from test_call import spin, spin_while
            spin(np.zeros(7), 3), spin_while(np.zeros(7))
            due = time.perf_counter() + 0.3
            signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            try:
                {call}
            except KeyboardInterrupt:
                print("stopped", time.perf_counter() - due)
            print(spin(np.zeros(7), 3).shape)
        """)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
        words = done.stdout.split()
        assert words[:1] == ["stopped"], done.stdout + done.stderr
        assert float(words[1]) < 1.0  # 0.02 s on an idle machine
        assert words[2] == "(7,)"

    # One chunk of a parallel region that does not end: its own loops have to look. A signal from another process.
    @pytest.mark.parametrize("threads", ["1", "2"])
    @pytest.mark.parametrize("call", ["spin_rows(np.zeros(2), 10**13)", "spin_short_rows(np.zeros(2), 10**12, 5)",
                                      "spin_while_rows(np.zeros(2), 5.0)"])
    def test_interrupt_inside_a_region(self, call, threads):
        script = textwrap.dedent(f"""
            import signal, sys, time
            sys.path.insert(0, {os.path.dirname(__file__)!r})
            import numpy as np
            from test_call import spin_rows, spin_short_rows, spin_while_rows
            signal.signal(signal.SIGINT, signal.default_int_handler)
            spin_rows(np.zeros(2), 3), spin_short_rows(np.zeros(2), 3, 5), spin_while_rows(np.zeros(2), 0.5)
            print("running", flush=True)
            try:
                {call}
            except KeyboardInterrupt:
                print("stopped", flush=True)
            out = np.zeros(2)
            spin_rows(out, 3)
            print(out[0] == out[1] == ((1.0 * 0.5 + 0.1) * 0.5 + 0.1) * 0.5 + 0.1)
        """)
        environment = dict(os.environ, THALWEG_NUM_THREADS=threads)
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment) as child:
            try:
                assert child.stdout.readline() == "running\n"
                time.sleep(0.3)
                child.send_signal(signal.SIGINT)
                sent = time.perf_counter()
                assert child.stdout.readline() == "stopped\n"
                assert time.perf_counter() - sent < 1.0  # 0.02 s on an idle machine
                assert child.stdout.readline() == "True\n"
            finally:
                child.kill()
