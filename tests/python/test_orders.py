"""The order in memory of new arrays: NumPy's, whatever the order of the operands, so that what is a view of them is one here."""

import numpy as np
import pytest

import thalweg
from support import check, function_from
from tolerance import same_bits

OF_ANY = [
    "np.sort(a, axis=0)", "np.sort_complex(a)", "np.roll(a, 1)", "np.roll(a, 1, axis=0)", "np.gradient(a)", "np.diff(a, axis=1)",
    "np.nan_to_num(a)", "np.cumsum(a, axis=1)", "np.cumprod(a, 0)", "np.cumulative_sum(a, axis=0)", "np.nancumsum(a, 1)",
    "np.unwrap(a)", "np.round(a, 1)", "a.round()", "np.fft.fft(a)", "np.fft.ifft(a, axis=0)", "np.fft.rfft(a)", "np.fft.fft2(a)",
    "np.gcd(i, i + 2)", "np.lcm(i, 4)", "np.ldexp(a, 1)", "np.nextafter(a, 1.0)", "np.heaviside(a, 0.5)", "np.isclose(a, a + 1)",
    "np.divmod(a, a + 1)", "np.modf(a)", "np.frexp(a)", "np.spacing(a)", "np.bitwise_count(i)", "np.angle(a)", "np.degrees(a)",
    "np.deg2rad(a)", "np.fix(a)", "np.float_power(a, 2)", "np.i0(a)", "np.isposinf(a)", "np.logaddexp(a, a)", "np.sinc(a)",
    "np.sum(a, axis=0)", "a.prod(axis=1)", "np.max(a, axis=0, initial=0) + 0", "np.any(a, axis=1)", "a.mean(axis=0)",
    "np.std(a, axis=1)", "np.var(a, axis=0, keepdims=True)", "np.ptp(a, axis=1)", "np.median(a, axis=0)",
    "np.nansum(a, axis=1)", "np.nanmax(a, axis=0)", "np.nanmean(a, axis=1)", "np.average(a, axis=0)",
    "np.count_nonzero(a, axis=1)", "np.trapezoid(a, axis=0)", "np.trapezoid(a)", "np.vecdot(a, a)", "np.maximum.reduce(a)",
    "np.add.reduce(a, axis=1)", "np.maximum.accumulate(a, axis=1)", "np.add.accumulate(a)", "np.add.reduceat(a, [0, 1], axis=1)",
    "np.add.reduceat(a, [0, 1])", "np.subtract.outer(a, a)", "np.multiply.outer(a, [1, 2])", "np.column_stack((a, a + 1))",
    "np.block([a, a])", "np.dstack((a, a))", "np.linspace(a, 1, 3)", "np.logspace(a, a, 2)", "np.unique(a, axis=1)",
    "np.pad(a, 1)", "np.pad(a, 1, mode='edge')", "np.delete(a, 0, axis=1)", "a.imag", "np.isreal(a)", "np.argwhere(a > 1)",
    "a[[0, 1, 0]]", "a[:, [0, 1, 0]]", "a[..., [0, 1]]", "a[None, [1, 0]]", "a[[0, 1], ::-1]", "a[1:, [0, 1]] * 2",
    "a[[[0, 1], [1, 0]]]", "a[np.array([True, False])]", "a[:, i[0] > 0] + 0", "np.dot(a, 2.0)", "np.dot(2, i)", "a.conj()",
    "np.conj(a)", "np.tile(a, 1)", "np.kron(a, 2)"]


def layouts():
    flat = np.arange(24) % 7 * 1.0
    yield "rows", flat.reshape(2, 3, 4)[0]
    yield "columns", np.asfortranarray(flat.reshape(2, 12)[:, :3])
    yield "part of columns", np.asfortranarray(flat.reshape(4, 6))[::2, 1:4]
    yield "backwards", flat.reshape(12, 2)[:3, ::-1].T
    yield "three", flat.reshape(2, 3, 4)[:, :2]
    yield "three columns", np.asfortranarray(flat.reshape(2, 3, 4))
    yield "three turned", flat.reshape(4, 3, 2).transpose(2, 0, 1)


def layout(value):
    """Of all arrays in a result: the strides along what has more than one element, and whether they can be written."""
    if isinstance(value, (tuple, list)):
        return [found for item in value for found in layout(item)]
    if not isinstance(value, np.ndarray) or value.size == 0:
        return []
    return [(tuple(step for step, extent in zip(value.strides, value.shape) if extent > 1), value.flags.writeable)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", OF_ANY)
def test_new_arrays_lie_in_memory_as_numpy_s_do(text):
    function = function_from(f"import numpy as np\ndef f(a, i):\n    return {text}\n", f"<{text}>")
    program = thalweg.program(function)
    tried = 0
    for name, a in layouts():
        i = a.astype(np.int64)
        try:
            expected = function(a, i)
        except (ValueError, IndexError):
            continue  # it is not of this rank
        tried += 1
        assert layout(program.interpret(a, i)) == layout(expected), name
    assert tried >= 3


def flattened_columns(a, i):
    b = a[:, i]
    c = b.reshape(-1)
    b[0, 0] = 77
    return b, c


def divisors(a):
    b = np.gcd(a, a + 2)
    c = b.reshape(-1)
    b[0, 0] = 77
    d = np.sum(a[None], axis=0)
    e = d.ravel()
    d[0, 0] = 77
    return b, c, e


def test_views_of_them_are_views_as_in_numpy():
    for a in (np.arange(6).reshape(2, 3), np.asfortranarray(np.arange(6).reshape(2, 3)), np.arange(6).reshape(3, 2).T):
        check(flattened_columns, (a, np.array([2, 0])), same_bits)
        check(divisors, (a,), same_bits)


def half_lines(a):
    return np.subtract.reduce(a, axis=0), np.subtract.reduce(a, axis=1)


def test_float16_is_rounded_in_the_steps_of_numpy_s_loops():
    rng = np.random.default_rng(4)
    for shape in ((4, 1), (4, 2), (9, 5), (1, 7), (6, 6)):
        for _ in range(4):
            a = rng.normal(size=shape).astype(np.float16)
            for each in (a, np.asfortranarray(a), a[::-1]):
                check(half_lines, (each,), same_bits)
