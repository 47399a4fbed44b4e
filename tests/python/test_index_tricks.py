"""np.r_, np.c_, np.s_, np.index_exp, np.ogrid, np.mgrid; slices as values; numbers spaced evenly between arrays."""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, Cases, compare, run, values, within
from support import function_from

cases = Cases()


@cases([(5,), (1,), (0,)], types=("f8", "i4", "f4", "u1", "c16", "?"))
def rows(a):
    return (np.r_[a, a], np.r_[a, 0, 0, a], np.r_[1:4, a], np.r_[a], np.r_[a, 2.5], np.r_[2:0:-1, a, True],
            np.r_[a, [3, 4]])


@cases([(2, 3), (2, 0), (2, 3, 4)], types=("f8", "i4", "?"))
def rows_of_rows(a):
    return np.r_[a, a], np.r_["-1", a, a], np.r_["1", a, a], np.r_["0", a, a]


@cases([(5,), (1,), (0,)], types=("f8", "i4", "f4", "?"))
def columns(a):
    return np.c_[a, a], np.c_[a], np.c_[a, a + a, a], np.c_[a[None, :], 0, 0, a[None, :]]


@cases([(3,), (2, 3)], types=("f8", "i4"))
def directed(a):
    return (np.r_["0,2", a, a], np.r_["0,3", a, a], np.r_["0,3,0", a, a], np.r_["0,3,1", a, a], np.r_["1,3,0", a, a],
            np.r_["0,3,-1", a, a], np.r_["-1,2,0", a, a], np.c_["0,3,0", a, a])


@thalweg.program
def numbers_alone(n, x):
    return (np.r_[0:n], np.r_[1:n:2, n], np.r_[0:x:0.5], np.r_[-1:1:6j], np.r_[-1:1:6j, [0] * 3, 5, 6], np.r_[x, n],
            np.r_[1, 2, 3], np.r_[1.5], np.c_[0:n, 1:n + 1], np.r_["0,2", 1:4, 0:3], np.r_["0,2,0", 1:4, 0:3])


@thalweg.program
def grids(n, x):
    a, b = np.ogrid[0:n, 0:3]
    c, d, e = np.ogrid[0:x:0.5, 1:n:2, :3]
    f, g = np.ogrid[-1:1:5j, 0:n]
    return (a, b, c, d, e, f, g, np.ogrid[0:n], np.ogrid[0:1:5j], np.mgrid[0:x:0.5], np.mgrid[-1:1:5j],
            np.mgrid[0:x:0.5, 0:n], np.mgrid[-1:1:3j, 0:2:4j], np.mgrid[0:n, 0.0:2.0], np.mgrid[0:1:1j])


def test_numbers_and_grids():
    for n in (1, 2, 5):
        for x in (1.0, 2.75, 0.5):
            compare(numbers_alone, (n, x))
            compare(grids, (n, x))


@cases([(6,), (6, 7), (6, 7, 8)], types=("f8", "i4"))
def by_named_index(a):
    index = np.s_[1:4]
    pair = np.index_exp[..., ::2]
    return (a[index], a[np.s_[::-1]], a[pair], a[np.index_exp[2]], a[slice(1, None, 2)], a[slice(3)],
            a[slice(None, None, -1)], a[np.s_[..., 1]])


@cases.mark
def test_equals_numpy(case):
    run(case)


@thalweg.program
def parts_of_slices(n):
    return np.s_[2:n].start, np.s_[2:5].step, slice(n).stop, slice(1, n, 2).step, isinstance(np.s_[:], slice)


def test_parts_of_slices():
    assert parts_of_slices(7) == parts_of_slices.f(7)


@thalweg.program
def taken_out_and_put_in(a, n):
    return (np.delete(a, slice(1, 3)), np.delete(a, np.s_[::2]), np.delete(a, slice(None, n, None), axis=0),
            np.delete(a, slice(4, 1, -1), axis=-1), np.insert(a, slice(1, 3), [7, 8]), np.insert(a, slice(0, 1), 5),
            np.insert(a, slice(None, None, 2), 9, axis=0), np.delete(a, slice(2, 2)))


def test_deleting_and_inserting_at_slices():
    for shape in ((6,), (4, 5)):
        for dtype in ("f8", "i4") if LONG else ("f8",):
            for n in (0, 2, -1, 99):
                compare(taken_out_and_put_in, (values(shape, dtype), n))


@pytest.mark.parametrize("text, code", [("np.r_['r', a]", "TW1086"), ("np.r_['0,2,0,1', a]", "TW1086"),
                                        ("np.s_[a]", "TW1037"), ("np.mgrid[0:]", "TW1088"), ("np.r_['0']", "TW1087"),
                                        ("np.ogrid[1:, 0:2]", "TW1085")])
def test_what_is_refused(text, code):
    function = function_from(f"def f(a):\n    return {text}\n", f"<{text}>")
    function.__globals__["np"] = np
    with pytest.raises(thalweg.CompileError) as caught:
        thalweg.program(function)(np.ones(3))
    assert caught.value.code == code


@thalweg.program
def between(a, b):
    return (np.linspace(a, b, 5), np.linspace(a, b, 4, endpoint=False), np.linspace(a, 3, 1), np.linspace(0, b, 0),
            np.linspace(a, b, 3, axis=-1), np.linspace(a, a, 3), np.linspace(a, b, 2, dtype=np.complex128),
            *np.linspace(a, b, 6, retstep=True))


@thalweg.program
def between_in_integers(a, b):
    return np.linspace(a, b, 7, dtype=int), np.linspace(a, b, 5, dtype=np.float32, axis=1)


@thalweg.program
def steps(x, y, n):
    first, apart = np.linspace(x, y, n, retstep=True)
    second, other = np.linspace(x, y, n, endpoint=False, retstep=True)
    return first, apart, second, other, np.linspace([x, y], y, n), np.linspace(np.float32(x), np.float32(y), n)


def test_between_arrays():
    every = (("f8", "f8"), ("i4", "f8"), ("f4", "f4"), ("f4", "c8"), ("c16", "f8"), ("i1", "u1"))
    for shapes in (((3,), (3,)), ((2, 3), (3,)), ((), (2,)), ((0,), (1,))):
        for types in every if LONG or shapes == ((3,), (3,)) else every[:1]:
            a, b = (values(shape, kind, seed=k) for k, (shape, kind) in enumerate(zip(shapes, types)))
            compare(between, (a, b), within(4))
    compare(between_in_integers, (values((4,), "f8"), values((3, 4), "f8")), within(0.5))
    for n in (2, 3, 50):
        compare(steps, (0.25, 7.75, n))
        compare(steps, (-1.0, 1e-320, n), within(2))


@thalweg.program
def cut(start, stop, step):
    return np.arange(start, stop, step, dtype=int), np.arange(stop, dtype=np.int64)


def test_ranges_of_floats_cut_to_integers():
    for start, stop, step in ((0, 5.0, 0.5), (-3, 3.0, 0.5), (0.9, 9.2, 1.3), (-2.7, 2.0, 0.8), (3.0, -3.5, -1.5),
                              (0.0, 0.0, 1.0), (1e300, 0.0, 1.0), (np.float64(0.5), 4.0, 1), (5, 1.5, -0.5)):
        compare(cut, (start, stop, step))


@thalweg.program
def powers(a, b):
    return (np.logspace(a, 3, 4), np.logspace(0, a, num=3, axis=-1), np.logspace(2.0, 3.0, num=4, base=b, axis=-1),
            np.logspace(1.0, 2.0, num=3, base=b), np.logspace(a, 2, 3, base=2.0, endpoint=False))


def test_powers_between_arrays():
    compare(powers, (np.array([0.0, 1, 2]), np.array([2.0, 3])), within(256))
    compare(powers, (np.array([[0.0, 1, 2], [3, 4, 5]]), np.array([[2.0], [0.5]])), within(256))
