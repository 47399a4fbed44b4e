"""numpy.fft against NumPy; the bound is of the 2-norm of a line.

A build takes half a second, so the wide grid of lengths, axes and normalisations runs the definitions as the plain
Python that they are, and compiled programs a part of it.
"""

import itertools

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, attempt, compare, layouts, values
from thalweg.definitions import definition_of
from tolerance import same_bits

LENGTHS = [*range(1, 71), 97, 127, 211, 1000, 1024, 2310, 4096, 10007]
NORMS = (None, "ortho", "forward", "backward")


def near(found, expected):
    if found.dtype != expected.dtype:
        return False
    n = max(2, *found.shape) * (2 if found.ndim else 1)
    bound = 8 * np.finfo(found.dtype).eps * np.log2(n)
    return bool(np.linalg.norm(found - expected) <= bound * np.linalg.norm(expected))


def forward(a, n):
    return np.fft.fft(a, n)


def inverse(a, n):
    return np.fft.ifft(a, n, axis=0, norm="ortho")


def half(a, n):
    return np.fft.rfft(a, n, norm="forward")


def whole(a, n):
    return np.fft.irfft(a, n, 0)


def hermitian(a, n):
    return np.fft.hfft(a, n)


def half_inverse(a, n):
    return np.fft.ihfft(a, n, norm="ortho")


ONE_AXIS = [(forward, "c16", 1), (inverse, "f4", 2), (half, "i4", 1), (whole, "c8", 2), (half_inverse, "f8", 1),
            (hermitian, "c16", 1)]


@pytest.mark.parametrize("case", ONE_AXIS if LONG else ONE_AXIS[:2], ids=lambda case: case[0].__name__)
def test_lengths(case):
    function, dtype, rank = case
    program = thalweg.program(function)
    for n in LENGTHS if LONG or function is forward else LENGTHS[::7]:
        for given in (n, n + 3) if n % 5 else (n, max(n - 3, 0)):
            compare(program, (values((given, 3)[:rank], dtype), n), near)


def agree(name, a, **options):
    expected, expected_error = attempt(lambda a: getattr(np.fft, name)(a, **options), (a,))
    found, error = attempt(lambda a: definition_of(f"numpy.fft.{name}")(a, **options), (a,))
    told = f"{name}({a!r}, {options}): {found!r}, {error!r}, in NumPy {expected!r}, {expected_error!r}"
    if expected_error is not None:
        assert isinstance(error, TypeError if isinstance(expected_error, TypeError) else type(expected_error)), told
    else:
        assert error is None and found.shape == expected.shape and near(found, expected), told


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"])
def test_one_axis_as_python(name):
    for dtype in ("f8", "c16", "f4", "c8", "i4", "?") if LONG else ("f8", "c8", "?"):
        for shape in [(1,), (6,), (2, 3), (2, 3, 4)]:
            for axis, n, norm in itertools.product((-1, 0, 1), (None, 1, 4, 7, 0, -1), (*NORMS, "both")):
                agree(name, values(shape, dtype), axis=axis, n=n, norm=norm)
    for n in (49, 53, 106, 127, 1009) if LONG else (49, 53):
        agree(name, values((n, 2), "f8"), axis=0)


@pytest.mark.parametrize("name", ["fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_several_axes_as_python(name):
    for dtype, shape in itertools.product(("f8", "c16", "f4"), [(2, 3), (2, 3, 4)]):
        for options in ({}, {"axes": (0, 1)}, {"axes": [-1, 0]}, {"axes": (0,)}, {"axes": (5, 0)}, {"s": (3, 4)},
                        {"s": (-1, 2)}, {"s": [4, 1], "axes": (0, -1)}, {"s": (2, 0)},
                        {"s": (1, 2, 3), "axes": (0, 1)}):
            for norm in NORMS[:3]:
                agree(name, values(shape, dtype), norm=norm, **options)


def test_lines_do_not_mix():
    for shape in [(5, 16), (3, 30), (2, 53), (0, 53), (0, 4), (1, 1), (600, 20)]:
        a = values(shape, "c16") * 10.0 ** np.linspace(-20, 20, shape[0])[:, None]
        for placed in layouts(a):
            found, expected = definition_of("numpy.fft.fft")(placed), np.fft.fft(placed)
            assert all(map(near, found, expected))


def defaults_complex(a):
    return np.fft.fft(a), np.fft.ifft(a), np.fft.irfft(a), np.fft.hfft(a)


def defaults_real(a):
    return np.fft.fft(a, axis=0), np.fft.rfft(a), np.fft.ihfft(a, axis=-2), np.fft.irfft(a)


def normalised(a):
    return (np.fft.fft(a, norm="forward"), np.fft.ifft(a, norm="backward"), np.fft.irfft(a, norm="forward"),
            np.fft.hfft(a, norm="ortho"))


def normalised_real(a):
    return np.fft.rfft(a, norm="ortho"), np.fft.ihfft(a, norm="forward"), np.fft.ifft(a, norm="forward")


def several(a):
    return np.fft.fft2(a), np.fft.ifftn(a, norm="ortho"), np.fft.irfftn(a)


def several_of(a, n, m):
    return (np.fft.fft2(a, (n, m)), np.fft.ifftn(a, axes=(-1, 0), norm="forward"), np.fft.irfftn(a, (n, m), (-1, 0)),
            np.fft.ifft2(a, s=(-1, m)))


def several_real(a, n, m):
    return np.fft.rfft2(a, norm="ortho"), np.fft.rfftn(a, (n, m), (1, 0)), np.fft.rfft2(a, [n, -1])


def in_space(a):
    return np.fft.fftn(a)


def in_plane(a, n, m):
    return np.fft.irfft2(a, (n, m))


LONG_CASES = [
    (defaults_complex, [(5,), (2, 3), (0, 3)], ("c16", "c8"), [()]),
    (defaults_real, [(5, 6), (2, 3, 4)], ("f8", "i1", "?"), [()]),
    (normalised, [(2,), (9,), (2, 10)], ("c16",), [()]),
    (normalised_real, [(2,), (9,)], ("f4",), [()]),
    (several, [(2, 3), (4, 2), (2, 3, 4), (0, 3)], ("c16",), [()]),
    (several_of, [(2, 3), (2, 3, 4)], ("i4",), [(3, 5), (1, 1), (4, 2)]),
    (several_real, [(2, 3), (2, 3, 4)], ("f4",), [(3, 5), (1, 1), (4, 2)])]
SHORT_CASES = [(in_space, [(2, 3, 5), (4, 1, 6)], ("i1",), [()]),
               (in_plane, [(3, 4), (5, 2)], ("c16",), [(3, 6), (6, 3)])]


@pytest.mark.parametrize("case", (LONG_CASES if LONG else []) + SHORT_CASES, ids=lambda case: case[0].__name__)
def test_equals_numpy(case):
    function, shapes, types, extra = case
    program = thalweg.program(function)
    for dtype in types:
        for shape in shapes:
            for more in extra:
                compare(program, (values(shape, dtype), *more), near)


def frequencies(n, d):
    return np.fft.fftfreq(n), np.fft.rfftfreq(n), np.fft.fftfreq(n, d), np.fft.rfftfreq(n, d=d)


def test_frequencies():
    program = thalweg.program(frequencies)
    for n in (*range(-2, 9), 1000):
        for d in (0.1, 1.0, 3):
            compare(program, (n, d), same_bits)
    compare(program, (np.int64(7), np.float32(0.25)), same_bits)


def shifts(a):
    return np.fft.fftshift(a), np.fft.ifftshift(a), np.fft.fftshift(a, -1), np.fft.ifftshift(a, (0, -1)), \
        np.fft.fftshift(a, axes=[0])


def test_shifts():
    program = thalweg.program(shifts)
    for dtype in ("f8", "c8", "?") if LONG else ("f8",):
        for shape in [(0,), (1,), (4,), (5,), (2, 3), (3, 4), (0, 3), (2, 3, 5)]:
            for a in layouts(values(shape, dtype)) if LONG else (values(shape, dtype),):
                compare(program, (a,))


def bad_axis(a):
    return np.fft.fft(a, axis=2)


def bad_axis_of_n(a):
    return np.fft.fft(a, 3, -3)


def bad_norm(a):
    return np.fft.ifft(a, norm="both")


def complex_as_real(a):
    return np.fft.rfft(a * 1j)


def other_lengths(a):
    return np.fft.fft2(a, (1, 2, 3))


def bad_shift(a):
    return np.fft.fftshift(a, 2)


def no_points(a):
    return np.fft.rfft(a, 0)


def no_points_of_halves(a):
    return np.fft.ifft(a.astype(np.float16)[:, :0], axis=1)


@pytest.mark.parametrize("function", [bad_axis, bad_axis_of_n, bad_norm, complex_as_real, other_lengths, bad_shift,
                                      no_points, no_points_of_halves], ids=lambda function: function.__name__)
def test_bad_arguments(function):
    compare(thalweg.program(function), (values((2, 3), "f8"),))


def twice(a):
    return np.fft.fftn(a, axes=(0, 0))


def into(a):
    out = np.empty(a.shape, np.complex128)
    return np.fft.fft(a, out=out)


def no_axes(a):
    return np.fft.fftn(a, axes=())


def no_dimensions(a):
    return np.fft.fftshift(a[0, 0])


def no_length(a):
    return np.fft.fft2(a, (None, 2))


@pytest.mark.parametrize("function", [twice, into, no_axes, no_length, no_dimensions],
                         ids=lambda function: function.__name__)
def test_refusals(function):
    with pytest.raises(NotImplementedError) as caught:
        thalweg.program(function)(values((3, 3), "f8"))
    assert caught.value.code == "TW1085"
