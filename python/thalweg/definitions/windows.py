"""Windows for signals, and the modified Bessel function of order 0 that Kaiser's is made of."""

import numpy as np

from thalweg.definitions.parts import flattened, is_complex, is_inexact

# Chebyshev coefficients of exp(-x) I0(x) in x / 4 - 1 for x <= 8, and of exp(-x) sqrt(x) I0(x) in 16 / x - 1 beyond,
# from their cosine sums at 64 places in 40 digits; the highest first.
BELOW_8 = np.array([
    -4.4153416464793395e-18, 3.3307945188222384e-17, -2.431279846547955e-16, 1.715391285555133e-15,
    -1.1685332877993451e-14, 7.676185498604936e-14, -4.856446783111929e-13, 2.95505266312964e-12,
    -1.726826291441556e-11, 9.675809035373237e-11, -5.189795601635263e-10, 2.6598237246823866e-09,
    -1.300025009986248e-08, 6.046995022541919e-08, -2.670793853940612e-07, 1.1173875391201037e-06,
    -4.4167383584587505e-06, 1.6448448070728896e-05, -5.754195010082104e-05, 0.00018850288509584165,
    -0.0005763755745385824, 0.0016394756169413357, -0.004324309995050576, 0.010546460394594998, -0.02373741480589947,
    0.04930528423967071, -0.09490109704804764, 0.17162090152220877, -0.3046826723431984, 0.6767952744094761])
ABOVE_8 = np.array([
    0.0, 0.0, 0.0, 0.0, 9.921475412173699e-19, -7.233180487874754e-18, -4.830504485944182e-18, 4.46562142029676e-17,
    3.461222867697461e-17, -2.8276239805165836e-16, -3.425485619677219e-16, 1.7725601330565263e-15,
    3.8116806693526224e-15, -9.554846698828307e-15, -4.150569347287222e-14, 1.54008621752141e-14,
    3.8527783827421426e-13, 7.180124451383666e-13, -1.7941785315068062e-12, -1.3215811840447713e-11,
    -3.1499165279632416e-11, 1.1889147107846439e-11, 4.94060238822497e-10, 3.3962320257083865e-09,
    2.266668990498178e-08, 2.0489185894690638e-07, 2.8913705208347567e-06, 6.889758346916825e-05,
    0.0033691164782556943, 0.8044904110141088])


def bessel(x):
    """I0(x) for one x >= 0, by Clenshaw's recurrence."""
    small = x <= 8.0
    t = x / 2.0 - 2.0 if small else 32.0 / x - 2.0
    last = 0.0
    now = 0.0
    before = 0.0
    for k in range(BELOW_8.shape[0]):
        before = last
        last = now
        now = t * last - before + (BELOW_8[k] if small else ABOVE_8[k])
    grown = np.exp(x) * (0.5 * (now - before))
    return grown if small else grown / np.sqrt(x)


def bessel_of_halves(sizes):
    """The same in float16 at every step: where exp(x) overflows, so does NumPy's result."""
    below, above = BELOW_8.astype(np.float16), ABOVE_8.astype(np.float16)
    t = np.where(sizes <= 8.0, sizes / 2.0 - 2.0, 32.0 / sizes - 2.0)
    last = np.zeros(sizes.shape[0], np.float16)
    now = np.zeros(sizes.shape[0], np.float16)
    before = np.zeros(sizes.shape[0], np.float16)
    for k in range(below.shape[0]):
        before[...] = last
        last[...] = now
        now[...] = t * last - before + np.where(sizes <= 8.0, below[k], above[k])
    grown = np.exp(sizes) * (0.5 * (now - before))
    return np.where(sizes <= 8.0, grown, grown / np.sqrt(sizes))


def bessel_of_each(x):
    if np.ndim(x) == 0:
        raise NotImplementedError("np.i0 of a number is an array of no dimensions, which is not supported")
    if is_complex(x.dtype):
        raise TypeError("i0 not supported for complex values")
    if x.dtype == np.float16:
        return np.reshape(bessel_of_halves(np.abs(flattened(x))), x.shape)
    sizes = np.abs(flattened(x)).astype(np.float64)
    out = np.empty(sizes.shape[0])
    for k in range(sizes.shape[0]):
        out[k] = bessel(sizes[k])
    return np.reshape(out, x.shape).astype(x.dtype if is_inexact(x.dtype) else np.float64)


def places(M):
    """1 - M, 3 - M ... M - 1."""
    if is_inexact(np.result_type(M)):
        raise NotImplementedError("a window of a number of points that is no integer is not supported")
    return np.arange(1 - M, M, 2).astype(np.float64)


def bartlett(M):
    n = places(M)
    return np.where(n <= 0, 1 + n / max(M - 1, 1), 1 - n / max(M - 1, 1))


def blackman(M):
    n = places(M)
    turns = np.pi * n / max(M - 1, 1)
    return np.where(M == 1, 1.0, 0.42 + 0.5 * np.cos(turns) + 0.08 * np.cos(2.0 * turns))


def hamming(M):
    return np.where(M == 1, 1.0, 0.54 + 0.46 * np.cos(np.pi * places(M) / max(M - 1, 1)))


def hanning(M):
    return np.where(M == 1, 1.0, 0.5 + 0.5 * np.cos(np.pi * places(M) / max(M - 1, 1)))


def kaiser(M, beta):
    apart = places(M) / max(M - 1, 1)
    root = np.abs(np.float64(beta) * np.sqrt(1 - apart * apart))
    out = np.empty(apart.shape[0])
    whole = bessel(np.abs(np.float64(beta)))
    for k in range(apart.shape[0]):
        out[k] = bessel(root[k]) / whole
    return np.where(M == 1, 1.0, out)


DEFINITIONS = {"numpy.i0": bessel_of_each, "numpy.bartlett": bartlett, "numpy.blackman": blackman,
               "numpy.hamming": hamming, "numpy.hanning": hanning, "numpy.kaiser": kaiser}
