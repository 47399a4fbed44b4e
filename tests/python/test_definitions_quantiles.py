"""Medians, quantiles by all methods, averages, variances and covariances with their options against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, REALS, Cases, compare, run, values, within, zeros_alike
from thalweg.definitions.order_statistics import CONTINUOUS, DISCRETE

cases = Cases()


def some(*types):
    """All of the types in long runs, the first alone in short ones: each takes a build of several sorts."""
    return types if LONG else types[:1]


PLACES = (0.0, 0.1, 0.25, 0.5, 0.7, 1.0)


@cases([(2, 3, 4), (3, 1, 5)] if LONG else [(2, 3, 4)], types=some("f4", "f8", "i4", "?"), same=zeros_alike)
def medians_over_axes(a):
    return (np.median(a, axis=0), np.median(a, axis=1, keepdims=True), np.median(a, axis=(0, -1)),
            np.median(a, keepdims=True))


@cases([(2, 3, 4)], types=some("f4", "f8", "i4"), same=zeros_alike)
def quantiles_over_axes(a):
    return (np.quantile(a, 0.3, axis=0), np.quantile(a, 0.7, axis=(0, 1), keepdims=True),
            np.percentile(a, [10, 50, 99.5], axis=-1, keepdims=True), np.quantile(a, (0.25, 0.5)))


@thalweg.program
def quantile_by(a, q, method):
    return np.quantile(a, q, method=method)


@cases([(5,), (2, 3, 4)], types=("f8", "i4", "f4"))
def ranges(a):
    out = np.empty(a.shape[1:], a.dtype) if a.ndim > 1 else a
    if a.ndim > 1:
        np.ptp(a, axis=0, out=out)
    return np.ptp(a, axis=-1), np.ptp(a, keepdims=True), out


@cases([(2, 3, 4), (4,)], types=("f4", "c16", "f8", "i4"), same=within(100))
def averages_and_sums_of_weights(a):
    w = np.abs(a) + 1
    mean, count = np.average(a, returned=True)
    means, counts = np.average(a, axis=0, returned=True)
    weighed, sums = np.average(a, axis=-1, weights=w, returned=True)
    return mean, count, means, counts, weighed, sums


@cases([((2, 3, 4), (4, 2)), ((2, 3, 4), (3, 2))], types=(("f8", "f8"), ("i4", "f4")), same=within(100))
def averages_over_axes(a, w):
    return (np.average(a, axis=(-1, 0), weights=np.abs(w) + 1),)


@cases([((3, 2), (3,)), ((3, 2), (2,))], types=(("f8", "f8"), ("f4", "i8")), same=within(100))
def averages_of_rows(a, w):
    found, sums = np.average(a, axis=0, weights=np.abs(w) + 1, returned=True)
    return found, sums


@cases([(2, 3, 4), (5,)], types=("c16", "i4", "f8", "f4", "?"), same=within(400))
def variances(a):
    return (np.var(a, correction=1), np.std(a, axis=0, correction=0), np.var(a, axis=-1, ddof=0.5, keepdims=True),
            np.var(a, mean=np.mean(a, keepdims=True)), np.std(a, -1, mean=np.mean(a, axis=-1, keepdims=True)))


@cases([(2, 3, 4), (5,)], types=("c16", "i4", "f8", "f4", "?"), same=within(400))
def variances_where(a):
    chosen = np.abs(a) > 1
    return (np.var(a, where=chosen), np.std(a, axis=-1, where=chosen, ddof=1),
            np.var(a, axis=0, where=chosen, mean=np.mean(a, axis=0, keepdims=True), keepdims=True))


@cases([(2, 3, 4)], types=("f8", "i4", "f4"), same=within(400))
def variances_in_another_type(a):
    return np.var(a, dtype=np.float64), np.std(a, axis=0, dtype=np.float32)


@cases([(2, 5), (3, 4)], types=("c16", "f8", "f4", "i4"), same=within(400))
def weighed_covariances(a):
    counts = np.arange(a.shape[1]) + 1
    shares = counts / 3
    return (np.cov(a, fweights=counts), np.cov(a, aweights=shares), np.cov(a, fweights=counts, aweights=shares, ddof=0),
            np.cov(a, fweights=counts, aweights=shares, ddof=2), np.cov(a, aweights=shares, bias=True))


@cases([(5, 2), (4, 3)], types=("f8", "i4", "f4"), same=within(400))
def covariances_of_columns(a):
    return np.cov(a, a * a, rowvar=False), np.corrcoef(a, a[:, :1] + 1, rowvar=False), np.cov(a, a[:, 0], False, True)


@cases([(5, 2), (4, 3)], types=("f8", "i4", "f4"), same=within(400))
def covariances_in_another_type(a):
    return np.cov(a, dtype=np.float32), np.corrcoef(a, dtype=np.float64)


@cases([(5,), (2, 3), (3, 1)], types=("f8", "i4"), same=within(4))
def without_nans_into(a):
    x, y = np.zeros(a.shape[1:]), np.zeros(a.shape[:-1])
    if a.ndim == 1:
        return np.nanquantile(a, 0.25), np.nanmedian(a)
    return (np.nanquantile(a, 0.5, axis=0, out=x), np.nanpercentile(a, 30.0, axis=-1, out=y), x, y,
            np.nanmedian(a, 0, out=x))


@cases.mark
def test_equals_numpy(case):
    run(case)


@pytest.mark.parametrize("method", DISCRETE + CONTINUOUS)
def test_methods_of_quantiles(method):
    for kind in REALS if LONG else ("f8", "f4"):
        for size in (1, 2, 5, 10) if LONG else (5,):
            for q in PLACES if LONG or size == 5 else PLACES[::2]:
                compare(quantile_by, (values((size,), kind), q, method), zeros_alike)
    compare(quantile_by, (np.array([3.0, np.nan, 1.0]), 0.3, method))
    compare(quantile_by, (np.array([3.0, np.inf, 1.0]), 0.9, method))
    for q in (np.float64(0.3), np.array(PLACES)) if LONG or method in ("midpoint", "nearest", "linear") else ():
        compare(quantile_by, (values((7,), "f4"), q, method), zeros_alike)
    for q in (1.5, float("nan")):
        compare(quantile_by, (values((7,), "f8"), q, method))
    compare(quantile_by, (np.zeros(0), 0.5, method))


def test_weights_that_do_not_fit():
    @thalweg.program
    def of_all(a, w):
        return np.average(a, weights=w)

    @thalweg.program
    def of_rows(a, w):
        return np.average(a, axis=0, weights=w)

    for a, w in ((np.ones(3), np.ones(4)), (np.ones((2, 3)), np.ones((3, 2)))):
        compare(of_all, (a, w))
    for a, w in ((np.ones(3), np.ones(4)), (np.ones((2, 3)), np.ones((3, 2))), (np.ones((2, 3)), np.ones(3))):
        compare(of_rows, (a, w))


def test_weights_of_observations():
    @thalweg.program
    def counted(a, w):
        return np.cov(a, fweights=w)

    @thalweg.program
    def weighed(a, w):
        return np.cov(a, aweights=w)

    for program in (counted, weighed):
        for w in ([1.0, 2.0, 1.5], [1.0, -1.0, 1.0], [0.0, 0.0, 0.0]):
            compare(program, (values((2, 3), "f8"), np.array(w)), within(100))
        with pytest.raises(ValueError, match="RuntimeError"):
            program(values((2, 3), "f8"), np.ones(2))


def test_two_corrections():
    @thalweg.program
    def corrected(a):
        return np.var(a, ddof=1, correction=1)

    compare(corrected, (np.ones(3),))


def test_refusals():
    @thalweg.program
    def weighed(a):
        return np.quantile(a, 0.5, weights=a, method="inverted_cdf")

    @thalweg.program
    def of_no_such_method(a):
        return np.quantile(a, 0.5, method="median")

    @thalweg.program
    def at_integers(a):
        return np.quantile(a, 1)

    @thalweg.program
    def of_one_variable(a):
        return np.cov(a)

    for program in (weighed, of_no_such_method, at_integers, of_one_variable):
        with pytest.raises(NotImplementedError) as caught:
            program(values((3,), "f8"))
        assert caught.value.code == "TW1085" and "thalweg/definitions" not in str(caught.value)
