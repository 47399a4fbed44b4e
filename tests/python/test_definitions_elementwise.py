"""Functions of single elements, comparisons up to rounding, differences of neighbours against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import ALL, REALS, Cases, compare, run, values, within

cases = Cases()
FEW = [(1,), (5,), (2, 3)]
WIDE = ("f8", "i4", "f4", "i8", "u8")  # of smaller types NumPy makes float16


@cases(FEW, types=ALL)
def near(a):
    return np.isclose(a, a), np.isclose(a, 1.0), np.allclose(a, a), np.isclose(a, a, equal_nan=True), np.isclose(a, 2)


@cases(FEW + [(0,)], types=REALS + ("f2",))
def rounded(a):
    return np.round(a), np.around(a, 2), np.round(a, -1), np.isreal(a), np.iscomplex(a)


@cases([(3,), (5,)], types=REALS + ("f2",))
def rounded_numbers(a):
    return np.round(a[1], 1), np.round(2.567, 1), np.round(7), np.isreal(a[0]), np.iscomplex(1 + 2j), np.isreal(2)


@cases([((3,), (3,)), ((2, 3), (3,)), ((0,), (0,))], types=(("f8", "f4"), ("f4", "f8"), ("i8", "f4"), ("f8", "?")))
def near_others(a, b):
    return np.isclose(a, b, rtol=0.5), np.allclose(a, b, atol=100), np.isclose(b, a, atol=1)


@cases(FEW + [(0,), (2, 3, 4)], types=ALL)
def equal(a):
    return np.array_equal(a, a), np.array_equal(a, a[::-1]), np.array_equal(a, a[:1]), np.array_equal(a, a[0])


@cases(FEW)
def made_numbers(a):
    return np.nan_to_num(a), np.nan_to_num(a, nan=1, posinf=3.5), np.nan_to_num(a, neginf=-2.0)


@cases(FEW, types=ALL, same=within(16))
def sinc(a):
    return np.sinc(a)


@cases(FEW, types=WIDE)
def steps(a):
    return np.heaviside(a, 0.5), np.heaviside(a, a), np.deg2rad(a), np.radians(a), np.rad2deg(a), np.degrees(a)


@cases(FEW, types=WIDE, same=within(16))
def exponents(a):
    return (np.logaddexp(a, a), np.logaddexp(a, 1.0), np.logaddexp(a[::-1], a), np.float_power(a, a),
            np.float_power(a, 2), np.float_power(2, a))


@cases(FEW, types=WIDE + ("c16", "c8"), same=within(16))
def angles(a):
    return np.angle(a), np.angle(a, deg=True)


@cases(types=ALL)
def differences(a):
    return np.diff(a), np.diff(a, n=2), np.diff(a, axis=0), np.diff(a, n=0)


@cases([(5,), (2, 3), (1, 4)])
def third_differences(a):
    return np.diff(a, 3, axis=1)


@cases()
def flat_differences(a):
    return np.ediff1d(a)


@cases()
def slopes(a):
    return np.gradient(a)


@cases([(0,), (2,), (5,), (4, 3)], extra=[(0.5,), (3,), (np.float64(0.1),)])
def slopes_of_spacing(a, h):
    return np.gradient(a, h, axis=0), np.gradient(a, h, axis=-1, edge_order=2)


@cases(types=REALS + ("c16", "?"), same=within(20))
def trapezoids(a):
    return np.trapezoid(a), np.trapezoid(a, dx=0.5, axis=0)


@cases([((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((2, 3), (4,))], types=(("f8", "f8"), ("f4", "i4")),
       same=within(20))
def trapezoids_over(a, x):
    return np.trapezoid(a, x)


@cases([(3,), (2, 3)])
def of_no_axis(a):
    return np.diff(a, axis=2)


@cases(types=("f8", "i4", "f4", "i1", "u1"), same=within(8))
def in_a_type(a):
    return (np.add(a, a, dtype=np.float64), np.multiply(a, 2, dtype="f8"), np.sqrt(a, dtype=np.complex128),
            np.power(a, 1.5, dtype=complex), np.float_power(a, 1.5, dtype=complex), np.negative(a, dtype=np.complex64),
            np.maximum(a, 3, dtype=np.float64), np.add(2, 3, dtype=np.float32), np.subtract(a, True, dtype=float))


@cases(types=("f8", "i4", "?"))
def asked_in_bool(a):
    return (np.less(a, 1, dtype=bool), np.logical_and(a, a, dtype=np.bool_), np.isnan(a, dtype="?"),
            np.equal(a, a, dtype=bool, where=True), np.logical_not(a, dtype=None))


@cases(types=("c16", "c8"), same=within(8))
def signs_of_complex(a):
    return np.sign(a), np.sign(a.real + 0 * a), np.sign(0 * a)


@cases(types=("f8", "i4", "f4"), same=within(8))
def into_others(a):
    x, y, z = np.empty(a.shape), np.empty(a.shape), np.empty(a.shape, np.complex128)
    flags = np.empty(a.shape, np.int64)
    return (np.degrees(a, x), np.radians(a, out=y), np.float_power(a, 2, out=z), np.isposinf(a, flags),
            np.isneginf(a, np.empty(a.shape, np.bool_)))


@cases(types=("f8", "i4", "?"))
def only_where(a):
    out = np.full(a.shape, 7.5)
    other = np.full(a.shape, 2, np.int8)
    np.add(a, 1, out=out, where=a > 0)
    np.equal(a, 1, out=other, where=a != 0)
    np.sqrt(a, out=out[..., 1:], where=(a != a)[..., 1:])
    return out, other, np.add(a, a, where=True), np.negative(out, out=out, where=False)


@cases.mark
def test_equals_numpy(case):
    run(case)


def test_scalars():
    @thalweg.program
    def of_numbers(x):
        return np.deg2rad(x), np.heaviside(x, 2), np.sinc(0.0), np.radians(30)

    for x in (1.5, np.float32(0.25), -0.0, 2):
        compare(of_numbers, (x,))


def test_refusals():
    @thalweg.program
    def with_ends(a):
        return np.diff(a, prepend=0)

    @thalweg.program
    def of_bools(a):
        return np.gradient(a > 0)

    @thalweg.program
    def of_complex_numbers(a):
        return np.nan_to_num(a * 1j, copy=False)

    for program in (with_ends, of_bools, of_complex_numbers):
        with pytest.raises(NotImplementedError) as caught:
            program(values((3,), "f8"))
        assert caught.value.code == "TW1085"


@pytest.mark.parametrize("number", [2.5, 3.5, -0.5, 1e15, float("nan"), float("inf"), 7, True, 1j, np.float32(2.5),
                                    np.float64(-1.5), np.int8(3), np.float16(0.5)])
def test_python_round(number):
    def f(x):
        return round(x)

    try:
        expected = f(number)
    except (TypeError, ValueError, OverflowError) as error:
        with pytest.raises(type(error)):
            thalweg.program(f)(number)
        return
    found = thalweg.program(f)(number)
    assert found == expected and type(found) is int
