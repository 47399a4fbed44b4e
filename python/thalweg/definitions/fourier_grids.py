"""The frequencies of a discrete Fourier transform, and spectra with frequency zero in the middle."""

import numpy as np


def frequencies(n, d=1.0, device=None):
    if device is not None and device != "cpu" or not isinstance(n, (int, np.integer)):
        raise NotImplementedError("np.fft.fftfreq of a number that is no integer is an error in NumPy")
    unit = 1.0 / (n * d)
    results = np.empty(n, np.int64)
    middle = (n - 1) // 2 + 1
    results[:middle] = np.arange(0, middle)
    results[middle:] = np.arange(-(n // 2), 0)
    return results * unit


def real_frequencies(n, d=1.0, device=None):
    if device is not None and device != "cpu" or not isinstance(n, (int, np.integer)):
        raise NotImplementedError("np.fft.rfftfreq of a number that is no integer is an error in NumPy")
    unit = 1.0 / (n * d)
    return np.arange(0, n // 2 + 1) * unit


def shifted(x, axes, back):
    if np.ndim(x) == 0:
        raise NotImplementedError("np.fft.fftshift of no dimensions is an error in NumPy")
    out = np.copy(x)
    if axes is None:
        axes = ()
        for d, _ in enumerate(x.shape):
            axes = axes + (d,)
    elif not isinstance(axes, tuple) and not isinstance(axes, list):
        axes = (axes,)
    for axis in axes:
        half = x.shape[axis] // 2
        out = np.roll(out, -half if back else half, axis)
    return out


def shift(x, axes=None):
    return shifted(x, axes, False)


def shift_back(x, axes=None):
    return shifted(x, axes, True)


DEFINITIONS = {"numpy.fft.fftfreq": frequencies, "numpy.fft.rfftfreq": real_frequencies,
               "numpy.fft.fftshift": shift, "numpy.fft.ifftshift": shift_back}
