"""numpy.fft: transforms along one and several axes, complex and real.

Results differ from NumPy's by rounding: at most about 8 eps log2(n) of the 2-norm of a line. Which parts of a line with
an infinity or NaN become infinite, and which NaN, is left open.
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.fourier_lines import transform_lines
from thalweg.definitions.parts import along, is_complex, is_inexact, real_type


def spectrum_type(a):
    """The complex type in which NumPy transforms elements of a."""
    single = a.dtype == np.float16 or is_inexact(a.dtype) and real_type(a) == np.float32
    return np.complex64 if single else np.complex128


def scale_of_halves(n, forward, norm):
    """The same where NumPy computes it in float16: of the axis that it transforms first, if the elements are that."""
    at_least_one(n)
    count = np.full((1,), n, np.float16)[0]
    if norm is not None and norm == "ortho":
        return float(np.reciprocal(np.sqrt(count)))
    if (norm is not None and norm == "forward") == forward:
        return float(np.reciprocal(count))
    return scale_of(n, forward, norm)


def at_least_one(n):
    if n < 1:
        raise ValueError("Invalid number of FFT data points specified.")


def scale_of(n, forward, norm):
    at_least_one(n)
    if norm is None or norm == "backward":
        return 1.0 if forward else 1 / n
    if norm == "forward":
        return 1 / n if forward else 1.0
    if norm == "ortho":
        return float(1 / np.sqrt(n))
    raise ValueError('Invalid norm value; should be "backward", "ortho" or "forward".')


def scale_of_all(a, lengths, forward, norm, out, first=-1):
    """first: which of several axes NumPy transforms first."""
    if out is not None:
        raise NotImplementedError("out= is not supported in numpy.fft")
    scale = 1.0
    if a.dtype == np.float16:
        for n in lengths[:first] + lengths[len(lengths) + first + 1:]:
            scale = scale * scale_of(n, forward, norm)
        return scale * scale_of_halves(lengths[first], forward, norm)
    for n in lengths:
        scale = scale * scale_of(n, forward, norm)
    return scale


def places_of(a, axes):
    """The axes counted from the front."""
    places = ()
    for axis in axes:
        place = normalize_axis_index(axis, a.ndim)
        for other in places:
            if other == place:
                raise NotImplementedError("a transform along the same axis twice is not supported")
        places = places + (place,)
    return places


def fitted(a, lengths, places, dtype):
    """A copy with other extents along some axes: cut off, or filled up with zeros."""
    shape = ()
    for d, extent in enumerate(a.shape):
        size = extent
        for k, place in enumerate(places):
            if place == d:
                size = lengths[k]
        shape = shape + (size,)
    out = np.zeros(shape, dtype)
    into, given = out, a
    for k, place in enumerate(places):
        kept = min(lengths[k], a.shape[place])
        into, given = along(into, place, 0, kept), along(given, place, 0, kept)
    into[...] = given
    return out


def transform(array, places, forward, scale):
    """Transforms in place along some axes."""
    steps = np.empty((len(places), 3), np.int64)
    for k, place in enumerate(places):
        before, behind = 1, 1
        for d, extent in enumerate(array.shape):
            if d < place:
                before = before * extent
            elif d > place:
                behind = behind * extent
        steps[k, 0], steps[k, 1], steps[k, 2] = before, array.shape[place], behind
    if len(places) == 1:
        transform_lines(array, before, array.shape[place], behind, forward, scale)
    else:
        for k in range(len(places)):
            transform_lines(array, steps[k, 0], steps[k, 1], steps[k, 2], forward, scale if k == 0 else 1.0)


def complex_transform(a, lengths, axes, forward, norm, out):
    scale = scale_of_all(a, lengths, forward, norm, out)
    places = places_of(a, axes)
    out = fitted(a, lengths, places, spectrum_type(a))
    transform(out, places, forward, scale)
    return out


def half_spectrum(a, lengths, axes, scale):
    """Of real elements: along the last of the axes, the frequencies that are not conjugates of others."""
    places = places_of(a, axes)
    if is_complex(a.dtype):
        raise TypeError("a real transform does not take complex elements")
    full = fitted(a, lengths, places, spectrum_type(a))
    transform(full, places, True, scale)
    return np.copy(along(full, places[-1], 0, lengths[-1] // 2 + 1))


def real_signal(a, lengths, axes, scale):
    """What half_spectrum undone gives: the real part, where the frequencies that have a conjugate count twice."""
    n = lengths[-1]
    places = places_of(a, axes)
    last = places[-1]
    full = fitted(along(a, last, 0, n // 2 + 1), lengths, places, spectrum_type(a))
    doubled = along(full, last, 1, (n + 1) // 2)
    doubled[...] = doubled * 2
    transform(full, places, False, scale)
    found = np.real(full).copy()
    return found.astype(np.float16) if a.dtype == np.float16 and len(lengths) == 1 else found


def lengths_of(a, s, axes):
    """The lengths of transforms along several axes."""
    if s is not None and len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    lengths = ()
    for k, axis in enumerate(axes):
        if s is None:
            lengths = lengths + (a.shape[axis],)
        else:
            if s[k] is None:
                raise NotImplementedError("None among the lengths of a transform is not supported")
            lengths = lengths + (a.shape[axis] if s[k] == -1 else s[k],)
    return lengths


def axes_of(a, s, axes):
    if axes is None:
        axes = ()
        for k, _ in enumerate(a.shape if s is None else s):
            axes = axes + (k - len(a.shape if s is None else s),)
    if not isinstance(axes, tuple) and not isinstance(axes, list) or len(axes) == 0:
        raise NotImplementedError("a transform along no axis, or axes that are no tuple, is not supported")
    return axes


def fft(a, n=None, axis=-1, norm=None, out=None):
    return complex_transform(a, (a.shape[axis] if n is None else n,), (axis,), True, norm, out)


def ifft(a, n=None, axis=-1, norm=None, out=None):
    return complex_transform(a, (a.shape[axis] if n is None else n,), (axis,), False, norm, out)


def rfft(a, n=None, axis=-1, norm=None, out=None):
    length = a.shape[axis] if n is None else n
    return half_spectrum(a, (length,), (axis,), scale_of_all(a, (length,), True, norm, out))


def irfft(a, n=None, axis=-1, norm=None, out=None):
    length = (a.shape[axis] - 1) * 2 if n is None else n
    return real_signal(a, (length,), (axis,), scale_of_all(a, (length,), False, norm, out))


def hfft(a, n=None, axis=-1, norm=None, out=None):
    length = (a.shape[axis] - 1) * 2 if n is None else n
    return real_signal(np.conj(a), (length,), (axis,), scale_of_all(a, (length,), True, norm, out))


def ihfft(a, n=None, axis=-1, norm=None, out=None):
    length = a.shape[axis] if n is None else n
    return np.conj(half_spectrum(a, (length,), (axis,), scale_of_all(a, (length,), False, norm, out)))


def fftn(a, s=None, axes=None, norm=None, out=None):
    axes = axes_of(a, s, axes)
    return complex_transform(a, lengths_of(a, s, axes), axes, True, norm, out)


def ifftn(a, s=None, axes=None, norm=None, out=None):
    axes = axes_of(a, s, axes)
    return complex_transform(a, lengths_of(a, s, axes), axes, False, norm, out)


def rfftn(a, s=None, axes=None, norm=None, out=None):
    axes = axes_of(a, s, axes)
    lengths = lengths_of(a, s, axes)
    return half_spectrum(a, lengths, axes, scale_of_all(a, lengths, True, norm, out))


def irfftn(a, s=None, axes=None, norm=None, out=None):
    axes = axes_of(a, s, axes)
    lengths = lengths_of(a, s, axes)
    if s is None:
        lengths = lengths[:-1] + ((lengths[-1] - 1) * 2,)
    return real_signal(a, lengths, axes, scale_of_all(a, lengths, False, norm, out, -2 if len(lengths) > 1 else -1))


def fft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    return fftn(a, s, axes, norm, out)


def ifft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    return ifftn(a, s, axes, norm, out)


def rfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    return rfftn(a, s, axes, norm, out)


def irfft2(a, s=None, axes=(-2, -1), norm=None, out=None):
    return irfftn(a, s, axes, norm, out)


DEFINITIONS = {"numpy.fft.fft": fft, "numpy.fft.ifft": ifft, "numpy.fft.rfft": rfft, "numpy.fft.irfft": irfft,
               "numpy.fft.hfft": hfft, "numpy.fft.ihfft": ihfft, "numpy.fft.fftn": fftn, "numpy.fft.ifftn": ifftn,
               "numpy.fft.rfftn": rfftn, "numpy.fft.irfftn": irfftn, "numpy.fft.fft2": fft2, "numpy.fft.ifft2": ifft2,
               "numpy.fft.rfft2": rfft2, "numpy.fft.irfft2": irfft2}
