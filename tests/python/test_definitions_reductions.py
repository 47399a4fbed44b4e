"""Sums and products so far, reductions without NaNs, medians and quantiles against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import ALL, FLOATS, LINES, PLANES, REALS, Cases, compare, run, values, within, zeros_alike

cases = Cases()
SOME = [(0,), (4,), (2, 3), (0, 3)]


@cases(types=tuple(kind for kind in ALL if kind[0] != "c"))
def so_far(a):
    return np.cumsum(a), np.cumprod(a), np.cumsum(a, axis=-1), np.cumprod(a, axis=0)


@cases(types=("c16", "c8"), same=within(50))
def so_far_of_complex_numbers(a):
    return np.cumsum(a), np.cumprod(a, axis=-1)


@cases(SOME)
def so_far_in_another_type(a):
    return np.cumsum(a, dtype=np.float32), np.cumprod(a, axis=0, dtype=np.int64), np.cumsum(a, axis=2)


@cases(types=FLOATS)
def so_far_without_nans(a):
    return np.nancumsum(a), np.nancumprod(a, axis=-1)


@cases(types=ALL, same=within(200))
def sums_without_nans(a):
    return np.nansum(a), np.nanprod(a, axis=-1), np.nansum(a, axis=0, keepdims=True)


@cases()
def least_and_most_without_nans(a):
    return np.nanmin(a), np.nanmax(a), np.nanmin(a, axis=-1), np.nanmax(a, axis=0, keepdims=True)


@cases(SOME, types=ALL, same=within(200))
def means_without_nans(a):
    return np.nanmean(a), np.nanmean(a, axis=-1), np.nanmean(a, 0, keepdims=True)


@cases(SOME, types=ALL, same=within(400))
def spread_without_nans(a):
    return np.nanvar(a), np.nanstd(a, axis=0), np.nanvar(a, axis=-1, keepdims=True, ddof=1)


@cases()
def ranges(a):
    return np.ptp(a), np.ptp(a, axis=0), np.ptp(a, -1, keepdims=True)


@cases(types=ALL, same=within(100))
def averages(a):
    w = np.abs(a) + 1   # a sum of weights near zero would enlarge every rounding
    return np.average(a), np.average(a, axis=0), np.average(a, weights=w), np.average(a, axis=-1, weights=w)


@cases([((3, 2), (3,)), ((3, 2), (2,))], types=(("f8", "f8"), ("i4", "f4"), ("f4", "i8"), ("?", "?"), ("c16", "f8")),
       same=within(100))
def averages_of_rows(a, w):
    return np.average(a, axis=0, weights=w), np.average(a, 0, w, keepdims=True)


@cases(LINES + PLANES, types=REALS + ("?",), same=zeros_alike)
def medians(a):
    return np.median(a), np.median(a, axis=0), np.median(a, axis=-1)


@cases(LINES + PLANES, same=zeros_alike)
def quantiles(a):
    return np.quantile(a, 0.3), np.quantile(a, 0.7, axis=0), np.percentile(a, 99.5, axis=-1), np.quantile(a, 1.0)


@cases([(1,), (7,)], same=zeros_alike, extra=[(0.25,), (0.0,), (-0.5,), (1.5,), (float("nan"),), (np.float64(0.3),)])
def quantile_at(a, q):
    return np.quantile(a, q), np.percentile(a, q * 50)


@cases([(2, 3), (4,)])
def of_no_axis(a):
    return np.cumsum(a, axis=-3)


@cases([(2, 5), (3, 4), (3, 1), (2, 0)], types=("f8", "c16", "f4", "i4"), same=within(200))
def covariances(a):
    return np.cov(a), np.cov(a, bias=True), np.cov(a, a[0], ddof=2), np.cov(a[0], a[1])


@cases([(5, 2), (4, 3)], types=("f8", "i4", "f4"), same=within(200))
def covariances_of_columns(a):
    return np.cov(a, rowvar=False)


@cases([(2, 5), (3, 4)], types=("f8", "c16", "f4", "i4"), same=within(200))
def correlations(a):
    return np.corrcoef(a), np.corrcoef(a[0], a[1])


@cases([((3,), (4,)), ((1,), (2, 3)), ((4,), (0,))], types=(("f8", "f8"), ("i4", "f8"), ("f4", "i4"), ("c16", "f4"), ("?", "?")),
       same=within(4))
def polynomials(p, x):
    return np.polyval(p, x), np.polyval(p, 2.5), np.polyval(p, 3)


@cases([(5,), (1,), (2, 3), (0, 3)], types=("f8", "i4", "f4"), same=within(20))
def unwrapped(a):
    return np.unwrap(a), np.unwrap(a, axis=0), np.unwrap(a, discont=4, period=3.0)


@cases([(1,), (4,), (2, 3), (3, 1), (2, 3, 4)], types=("i8", "i4", "u1", "u8"))
def folded(a):
    return (np.gcd.reduce(a), np.lcm.reduce(a % 5), np.bitwise_and.reduce(a), np.bitwise_or.reduce(a, axis=-1),
            np.bitwise_xor.reduce(a, keepdims=True), np.gcd.reduce(a, axis=None), np.gcd.reduce(a, initial=6),
            np.subtract.reduce(a), np.logical_xor.reduce(a, axis=-1),
            np.bitwise_and.reduce(a, axis=None, keepdims=True))


@cases([(0,), (2, 0), (0, 3)], types=("i8", "u1", "?"))
def folded_to_the_identity(a):
    return (np.bitwise_and.reduce(a), np.bitwise_or.reduce(a), np.bitwise_xor.reduce(a, axis=-1),
            np.logical_xor.reduce(a))


@cases([(0,), (1,), (5,), (2, 3)], types=("f8", "f4", "i4"))
def folded_floats(a):
    return np.fmin.reduce(a), np.fmax.reduce(a, axis=-1), np.subtract.reduce(a, axis=-1)


@cases([(1,), (2, 3)], types=("f8", "i4"))
def first_without_identity(a):
    return np.lcm.reduce(a.astype(np.int64)[..., :0], axis=-1)


@cases.mark
def test_equals_numpy(case):
    run(case)


def test_no_weight():
    @thalweg.program
    def weighted(a, w):
        return np.average(a, weights=w)

    compare(weighted, (np.ones(3), np.zeros(3)))


@pytest.mark.parametrize("of", [lambda: np.ones(3, complex), lambda: np.ones(3, bool)])
def test_interpreted(of):
    @thalweg.program
    def several(a):
        return np.cumsum(a), np.nansum(a)

    assert all(map(np.array_equal, several.interpret(of()), several.f(of())))


def test_refusals():
    @thalweg.program
    def middle(a):
        return np.median(a, overwrite_input=True)

    @thalweg.program
    def drops(a):
        return np.cumsum(a, dtype=np.float64)

    for program, a in ((middle, values((3,), "f8")), (drops, values((3,), "c16"))):
        with pytest.raises(NotImplementedError) as caught:
            program(a)
        assert caught.value.code == "TW1085" and "thalweg/definitions" not in str(caught.value)
