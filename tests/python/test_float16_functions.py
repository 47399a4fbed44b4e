"""NumPy's functions of float16: NumPy's element types, and its values exactly or within the bounds of docs/numpy.md."""

import numpy as np
import pytest

import thalweg
from definition_grid import compare, values, within, zeros_alike
from tolerance import same_bits

H = np.float16
EVERY_NUMBER = np.arange(1 << 16, dtype=np.uint16).view(H)
LINES = [values((n,), "f2", special) for n in (1, 2, 5, 7) for special in (False, True)] + [
    values((1000,), "f2"), values((0,), "f2"), values((9,), "f2")[::-2],
    np.array([60000, 60000, -60000, 3], H), np.array([-0.0, 0, 2049, 2051, 6e-8], H), np.full(7, 65504, H)]
PLANES = [values(shape, "f2", special) for shape in ((2, 3), (3, 1), (4, 5)) for special in (False, True)] + [
    values((5, 4), "f2").T, values((4, 6), "f2")[::-1, ::2]]
EXACT, SUMS, ALIKE = same_bits, within(200), zeros_alike


def ordered(a):
    return np.sort(a), np.sort(a)[::-1], np.unique(a), np.unique(a, return_counts=True)[1]


def orders(a):
    return np.argsort(a, kind="stable"), np.lexsort((a, a > 0)), np.unique(a, return_index=True, return_inverse=True)


def sets(a):
    return (np.isin(a, a[:2]), np.isin(a, [3, 1]), np.setdiff1d(a, [1]), np.intersect1d(a, a[1:]), np.union1d(a, a[:1]),
            np.setxor1d(a, a[:1]))


def searched(a):
    edges = np.sort(np.where(np.isnan(a), 0, a))
    return (np.searchsorted(edges, a), np.searchsorted(edges, a, side="right"), np.digitize(a, [0, 1]),
            np.digitize(a, edges, right=True), np.count_nonzero(a), np.flatnonzero(a))


def middles(a):
    return np.median(a), np.nanmedian(a), np.median(a, keepdims=True)


def quantiles(a):
    return (np.quantile(a, 0.3), np.quantile(a, 0.7, method="nearest"), np.percentile(a, [25, 75]),
            np.percentile(a, 30),
            np.quantile(a, 0.4, method="hazen"), np.nanquantile(a, 0.3), np.nanpercentile(a, 60))


def extremes(a):
    return np.nanmin(a), np.nanmax(a), np.ptp(a), np.maximum.reduce(a), np.minimum.reduce(a), np.fmax.reduce(a)


def single_numbers(a):
    return (np.nan_to_num(a), np.nan_to_num(a, nan=2.5, posinf=1, neginf=-1), np.round(a, 1),
            np.isclose(a, a, equal_nan=True),
            np.array_equal(a, a, equal_nan=True), np.diff(a), np.ediff1d(a), np.clip(a, -1, 1))


def sums(a):
    return (np.sum(a), np.nansum(a), np.mean(a), np.nanmean(a), np.average(a), np.cumsum(a), np.nancumsum(a),
            np.dot(a, a), a @ a, np.vdot(a, a), np.inner(a, a), np.einsum("i,i", a, a), np.add.reduce(a),
            np.trapezoid(a), np.linalg.norm(a))


def deviations(a):
    return np.var(a), np.std(a), np.nanvar(a), np.nanstd(a)


def products(a):
    b = 1 + a / 64
    return np.prod(b), np.nanprod(b), np.cumprod(b), np.nancumprod(b), np.multiply.reduce(b), np.divide.reduce(b)


def convolutions(a):
    return np.convolve(a, a), np.convolve(a, a[:2], "same"), np.correlate(a, a, "full"), np.convolve(a, [1, 2], "valid")


def parts(a):
    return (np.add.reduceat(a, [0, a.size // 2]), np.subtract.reduceat(a, [0]),
            np.multiply.reduceat(a / 8, [0, a.size // 3]),
            np.subtract.reduce(a), np.add.reduce(a, initial=2), np.add.reduce(a, where=a > 0),
            np.subtract.accumulate(a), np.maximum.accumulate(a))


def counts(a):
    numbers = np.where(np.isfinite(a), a, 1) / 4
    return np.histogram(numbers), np.histogram(numbers, 3, (0, 5)), np.histogram(numbers, [0, 1, 2]), \
        np.histogram(numbers, 5, weights=np.abs(numbers)), np.histogram(numbers, 4, density=True)


def padded(a):
    return (np.pad(a, 2, "mean"), np.pad(a, 2, "linear_ramp", end_values=3), np.pad(a, 1, "median"),
            np.pad(a, 1, "maximum"))


def norms(a):
    return (np.linalg.norm(a, 1), np.linalg.norm(a, np.inf), np.linalg.norm(a, 0), np.linalg.norm(a, 3),
            np.linalg.norm(a, axis=0))


def slopes(a):
    return np.gradient(a), np.gradient(a, 0.5), np.trapezoid(a, np.arange(a.size) / 2)


def polynomials(a):
    return np.polyval(np.append(a[:2], 1), a), np.polyadd(a, a[:1]), np.interp(a, [0, 1], [2, 3])


def of_planes(a):
    return (a @ a.T, np.dot(a, a.T), np.inner(a, a), np.tensordot(a, a), np.tensordot(a, a.T, 1), np.matvec(a, a[0]),
            np.vecdot(a, a), np.kron(a, a), np.outer(a, a), np.cov(a), np.trace(a))


def sums_of_planes(a):
    return (np.nansum(a, axis=0), np.nanmean(a, axis=1), np.std(a, axis=0), np.var(a, axis=1, ddof=1, keepdims=True),
            np.nanstd(a, axis=1), np.add.reduce(a, axis=1), np.add.reduce(a, axis=(0, 1), keepdims=True),
            np.add.reduceat(a, [0, 1], axis=1), np.cumsum(a, axis=0), np.average(a, axis=1, weights=np.abs(a) + 1))


def sums_of_products(a):
    return (np.einsum("ij->i", a), np.einsum("ij->j", a), np.einsum("ij,kj->ik", a, a), np.einsum("ij,ij->j", a, a),
            np.einsum("ij,kj,kl->il", a, a, a), np.einsum("ij->", a), np.einsum("ij->ji", a), np.linalg.norm(a, axis=1))


def planes_in_order(a):
    return (np.sort(a, axis=0), np.argsort(a, axis=1, kind="stable"), np.median(a, axis=0), np.nanmax(a, axis=1),
            np.quantile(a, 0.25, axis=0), np.nanmedian(a, axis=1), np.unique(a), np.count_nonzero(a, axis=0))


def spectra(a):
    return (np.fft.fft(a), np.fft.ifft(a), np.fft.rfft(a, norm="ortho"), np.fft.irfft(a, 5), np.fft.ihfft(a),
            np.fft.fft(a, norm="forward"), np.fft.fftshift(a))


def spectra_of_planes(a):
    return (np.fft.fft2(a), np.fft.ifft2(a), np.fft.irfft2(a, (4, 6), norm="ortho"), np.fft.rfftn(a, norm="forward"),
            np.fft.irfft(a, 3), np.fft.irfftn(a, (5,), axes=(0,), norm="ortho"))


def as_spectra(found, expected):
    """Which parts of a line with an infinity or NaN become infinite, and which NaN, is left open."""
    finite = np.isfinite(found) & np.isfinite(expected)
    alike = np.array_equal(np.isfinite(found), np.isfinite(expected))
    same_type = found.dtype == expected.dtype
    return alike and same_type and within(50)(np.where(finite, found, 0), np.where(finite, expected, 0))


OF_LINES = [(ordered, ALIKE), (orders, EXACT), (sets, ALIKE), (searched, EXACT), (middles, ALIKE), (quantiles, SUMS),
            (extremes, ALIKE), (single_numbers, EXACT), (sums, SUMS), (deviations, SUMS), (products, SUMS),
            (convolutions, SUMS), (parts, SUMS), (counts, SUMS), (padded, SUMS), (norms, SUMS), (slopes, SUMS),
            (polynomials, SUMS), (spectra, as_spectra)]
OF_PLANES = [(of_planes, SUMS), (sums_of_planes, SUMS), (sums_of_products, SUMS), (planes_in_order, ALIKE),
             (spectra_of_planes, as_spectra)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", OF_LINES, ids=lambda case: case[0].__name__)
def test_of_lines(case):
    function, same = case
    program = thalweg.program(function, strict=True)
    for a in LINES[::3] if same is as_spectra else LINES:   # each length is a build of some seconds
        compare(program, (a,), same)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", OF_PLANES, ids=lambda case: case[0].__name__)
def test_of_planes(case):
    function, same = case
    program = thalweg.program(function, strict=True)
    for a in PLANES[::3] if same is as_spectra else PLANES:
        compare(program, (a,), same)


def neighbours(a, b):
    return (np.spacing(a), np.nextafter(a, b), np.modf(a), np.frexp(a), np.ldexp(a, 3), np.ldexp(a, -9),
            np.nan_to_num(a),
            np.sinc(np.clip(a, -60, 60)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("other", [np.zeros_like, np.negative, np.copy, np.roll, lambda a: np.full_like(a, -np.inf)])
def test_every_number(other):
    b = other(EVERY_NUMBER, 12345) if other is np.roll else other(EVERY_NUMBER)
    compare(thalweg.program(neighbours, strict=True), (EVERY_NUMBER, b))


@pytest.mark.filterwarnings("ignore")
def test_logarithms_of_sums():
    def added(a, b):
        return np.logaddexp(a, b), np.logaddexp2(a, b)
    rng = np.random.default_rng(5)
    compare(thalweg.program(added, strict=True), (EVERY_NUMBER, rng.permutation(EVERY_NUMBER)), within(1))


@pytest.mark.filterwarnings("ignore")
def test_asked_for_float16():
    def asked(a, i):
        return (np.sum(a, dtype=H), np.sum(i, dtype=H), np.prod(i[:2], dtype=H), np.mean(a, dtype=H),
                np.mean(i, dtype=H), np.var(a, dtype=H), np.std(i / 8, dtype=H), np.add.reduce(i, dtype=H),
                np.var(a.astype(H), dtype=np.float32),
                np.add.reduceat(i, [0, 2], dtype=H), np.mean(a.astype(H), dtype=np.float64), np.cumsum(i, dtype=H))
    program = thalweg.program(asked, strict=True)
    for a in (values((7,), "f8"), np.array([60000.0, 60000, -60000]), np.array([70000.0, -70000])):
        compare(program, (a, np.arange(6)), within(16))
        compare(program, (a, np.array([70000, -70000, 3])), within(16))


@pytest.mark.filterwarnings("ignore")
def test_numbers_in_equal_steps():
    def steps(a, b):
        return (np.linspace(a[0], b[0], 7), np.linspace(a[0], 1, 3), np.linspace(a, b, 4),
                np.linspace(a[0], b[0], 5, endpoint=False),
                np.linspace(a[0], a[0], 3))
    for a in LINES[:6]:
        compare(thalweg.program(steps, strict=True), (a, a[::-1]), within(2))


def test_what_numpy_does_not_do_either():
    def inverse(a):
        return np.linalg.inv(a)

    def spectral(a):
        return np.linalg.norm(a, 2)

    def fitted(a):
        return np.polyfit([0, 1], a[0], 1)
    for function in (inverse, spectral, fitted):
        compare(thalweg.program(function), (np.array([[3, -1], [7, 2]], H),))


def lists_for_arrays(a):
    return (np.digitize(a, [0, 1]), np.digitize(a, (1.5, 0.5, -1), right=True), np.digitize([0.5, 3], [0, 1]),
            np.searchsorted([3, 1, 2], [2, 1], sorter=[1, 2, 0]), np.ediff1d([1, 2, 4], to_end=[1]),
            np.histogram(a, [0, 1, 2])[0], np.interp(a, [0, 1], [2, 3]), np.isin(a, [1, 2]),
            np.trapezoid([1, 2, 3], [0, 1, 3]),
            np.select([a > 0, [True, False] * 3 + [True]], [[1, 2, 3, 4, 5, 6, 7], 4]),
            np.histogram2d(a, a, bins=[[0, 1, 2], (0, 1, 4)]), np.gradient([1, 2, 4], [0, 1, 3]),
            np.lexsort([[1, 2], [3, 1]]), np.bincount([1, 2, 2], weights=[1, 2, 3]))


@pytest.mark.parametrize("kind", ["f2", "f8", "i4"])
def test_lists_for_arrays(kind):
    compare(thalweg.program(lists_for_arrays, strict=True), (values((7,), kind),), within(8))


@pytest.mark.filterwarnings("ignore")
def test_bessel():
    def bessel(a):
        return np.i0(a)
    program = thalweg.program(bessel, strict=True)
    for a in (EVERY_NUMBER, EVERY_NUMBER.reshape(256, 256)[:, ::3], EVERY_NUMBER[:0]):
        compare(program, (a,), near_halves)


def near_halves(found, expected):
    """Within two ulp of each number: np.exp is within 4 ulp, and what is made of it is rounded."""
    one, other = found.astype(float), expected.astype(float)
    with np.errstate(all="ignore"):
        near = (np.abs(one - other) <= 2 * np.finfo(H).eps * np.abs(other)) | (one == other)
    return found.dtype == expected.dtype and bool(np.all(near | np.isnan(one) & np.isnan(other)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["f2", "f4"])
def test_histograms_in_single_precision(kind):
    def by_number(a, b):
        return (np.histogram(a), np.histogram(a, 7), np.histogram(a, 4, (-1, 2)), np.histogram(a, 5, (0.1, 0.7)),
                np.histogram(a, 6, weights=b), np.histogram_bin_edges(a, 9), np.histogram2d(a, b, 3),
                np.histogramdd((a, b), 4))
    program = thalweg.program(by_number, strict=True)
    for n in (1, 5, 1000):
        compare(program, (values((n,), kind), values((n,), kind, seed=1)), within(8))
    compare(program, (np.full(3, 2048, kind), np.ones(3, kind)), within(8))

    def edges(a):
        return np.histogram(a, 3), np.histogram(a, 3, (0, 2))
    compare(thalweg.program(edges, strict=True), (np.zeros(0, kind),))
