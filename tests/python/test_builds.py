"""Guards and builds: how few programs are compiled for how many calls, and what explain() says about them."""

import inspect

import numpy as np
import pytest

import thalweg
from support import agree, outcome
from tolerance import same_bits

N = thalweg.symbol("N")


def fresh(function):
    return thalweg.program(function)


def smooth(a, b):
    b[1:-1] = (a[:-2] + a[1:-1] + a[2:]) / 3
    return b


def broadcast(a, b):
    return a * 2 + b


def windowed(a, start, stop):
    return a[start:stop] + 1



def outcome_agrees(found, expected):
    return agree(found, expected, same_bits)


def call(program, function, *arguments):
    found, expected = outcome(program, arguments), outcome(function, arguments)
    assert outcome_agrees(found, expected), (found, expected, arguments)


def test_new_sizes_do_not_recompile():
    program = fresh(smooth)
    rng = np.random.default_rng(0)
    for size in rng.integers(3, 200, 300):
        call(program, smooth, rng.random(size), np.zeros(size))
    assert len(program.builds) == 1


def test_at_most_three_builds_over_all_sizes():
    program = fresh(smooth)
    rng = np.random.default_rng(1)
    for _ in range(1000):
        sizes = rng.integers(0, 8, 2)
        call(program, smooth, rng.random(sizes[0]), np.zeros(sizes[1]))
    assert len(program.builds) <= 3


def test_degenerate_sizes_use_one_general_build():
    program = fresh(smooth)
    for size in (0, 1, 2, 1, 0):
        call(program, smooth, np.ones(size), np.zeros(size))
    general = [build["general"] for build in program.explain()]
    assert general.count(True) == 1
    call(program, smooth, np.ones(9), np.zeros(9))
    assert len(program.builds) <= 3


def test_broadcasting_both_ways():
    program = fresh(broadcast)
    rng = np.random.default_rng(2)
    for _ in range(200):
        call(program, broadcast, rng.random(rng.integers(0, 4)), rng.random(rng.integers(0, 4)))
    assert len(program.builds) <= 3


def test_integer_arguments_do_not_recompile():
    program = fresh(windowed)
    rng = np.random.default_rng(3)
    for _ in range(200):
        start, stop = (int(x) for x in rng.integers(-12, 13, 2))
        call(program, windowed, rng.random(9), start, stop)
    assert len(program.builds) <= 3


def test_float_values_do_not_recompile():
    program = fresh(lambda_free)
    for factor in (0.5, -1.0, float("nan"), float("inf"), -0.0):
        call(program, lambda_free, np.arange(3.0), factor)
    assert len(program.builds) == 1


def lambda_free(a, factor):
    return a * factor


@pytest.mark.parametrize("first, second", [
    (np.ones(3), np.ones(3, "f4")), (np.ones(3), np.ones((3, 3))), (np.ones(3), 1.0), (1, 1.0), (1, True),
    (np.float64(1), 1.0),
], ids=["dtype", "rank", "scalar", "int_float", "int_bool", "numpy_python"])
def test_another_type_is_another_build(first, second):
    program = fresh(doubled)
    call(program, doubled, first)
    call(program, doubled, second)
    assert len(program.builds) == 2
    call(program, doubled, first)
    assert len(program.builds) == 2


def doubled(a):
    return a * 2


def test_layouts():
    program = fresh(doubled)
    a = np.random.default_rng(4).random((6, 8))
    for view in (a, a[::-1], a.T, a[::2, ::3], np.asfortranarray(a), a[:, 1:5], a[2:3], np.broadcast_to(a[0], (3, 8))):
        call(program, doubled, view)
    assert len(program.builds) <= 3


def test_explain():
    program = fresh(smooth)
    program(np.ones(5), np.ones(5))
    (build,) = program.explain()
    assert "float64" in build["why"] and not build["general"] and not build["aliased"]
    assert build["guards"]
    line = smooth.__code__.co_firstlineno + 1
    for guard in build["guards"]:
        assert isinstance(guard["condition"], str) and guard["reason"] and guard["line"] == line
        assert guard["file"] == __file__
    assert build["times"]["total"] > 0
    program(np.ones(1), np.ones(1))
    assert [entry["general"] for entry in program.explain()] == [False, True]


def test_overlap_is_a_guard():
    program = fresh(smooth)
    whole = np.arange(10.0)
    program(whole.copy(), np.zeros(10))
    expected = whole.copy()
    smooth(expected, expected)
    found = whole.copy()
    program(found, found)
    assert same_bits(found, expected)
    assert [build["aliased"] for build in program.explain()] == [False, True]


def test_compile_without_a_call():
    @thalweg.program
    def annotated(a: thalweg.float64[N], b: thalweg.float64[N]):
        b[1:-1] = a[:-2] + a[2:]

    build = annotated.compile()
    assert "thw_entry" in build.c_text
    assert len(annotated.builds) == 1
    a, b = np.arange(6.0), np.zeros(6)
    annotated(a, b)
    assert len(annotated.builds) == 1
    assert same_bits(b[1:-1], a[:-2] + a[2:])
    assert "array a: float64[N]" in str(annotated.to_sdfg())


def test_c_text_shows_the_source_and_carries_only_what_it_uses():
    program = fresh(smooth)
    program(np.arange(10.0), np.zeros(10))
    text = program.builds[0].c_text
    line = inspect.getsourcelines(smooth)[1] + 1
    assert f"// test_builds.py:{line}: {inspect.getsourcelines(smooth)[0][1].strip()}\n" in text
    assert "thw_exp" not in text and "thw_tree_" not in text and "thw_c128" not in text
    assert len(text.splitlines()) < 200


def test_compile_needs_annotations_or_arguments():
    program = fresh(doubled)
    with pytest.raises(TypeError, match="annotation"):
        program.compile()
    assert program.compile(np.ones(3)) is program.builds[0]


def test_builds_without_optimisation_agree():
    plain = thalweg.program(smooth, optimise=False)
    a = np.random.default_rng(5).random(50)
    assert same_bits(plain(a, np.zeros(50)), smooth(a, np.zeros(50)))


def test_parameters_called_like_extents_and_strides_of_others():
    def f(A, A_d0, A_d0_, A_s0):
        return A * A_d0 + A.shape[0] * A_d0_ + A_s0[0] + A_d0.shape[0]

    for A in (np.arange(3.0), np.arange(6.0)[::2]):
        arguments = A, np.float64(7) + np.zeros(1), 5, np.ones(2)[::-1]
        np.testing.assert_array_equal(thalweg.program(f)(*arguments), f(*arguments))

    def g(A, A_d0):
        return A * A_d0

    np.testing.assert_array_equal(thalweg.program(g)(np.arange(3.0), 7), np.arange(3.0) * 7)


def test_a_loop_to_the_least_of_several_bounds_checks_no_index():
    @thalweg.program
    def f(a):
        n = a.shape[0]
        for begin in range(0, n, 8):
            for i in range(begin, min(begin + 8, n)):
                a[i] += i
            for i in range(max(begin - 3, 0), min(n, begin + 4)):
                a[i] *= 2
        return a

    expected = f.f(np.arange(20.0))
    np.testing.assert_array_equal(f(np.arange(20.0)), expected)
    assert "context->runtime->raise" not in f.builds[0].c_text


def test_machine_code_is_made_for_calls_alone():
    @thalweg.program
    def f(a, b):
        b[:] = a * 2
        return b.sum()

    def compiled():
        return [build["compiled"] for build in f.explain()]

    x = np.arange(6.0)
    assert f.to_sdfg(x[:3], x[3:]) is not None and compiled() == [False]
    assert f.interpret(x[:3], x[3:]) == 6 and compiled() == [False]
    assert "(not run yet)" in str(f.explain())
    expected = 2 * x[:-1].sum()
    assert f(x[:-1], x[1:]) == expected and compiled() == [False, True]  # overlapping arguments are another build
    y = np.arange(4.0)
    assert f(y, np.empty(4)) == 12 and compiled() == [True, True]
