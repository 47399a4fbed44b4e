"""Small programs as NumPy users write them: each means what NumPy means, interpreted and compiled, or is refused with its
line and with what to write instead."""

import inspect

import numpy as np
import pytest

import thalweg
from support import call, check
from tolerance import same_bits

PROGRAMS, REFUSED = [], []
RNG = np.random.default_rng(1)
GRID = RNG.random((6, 7))
LINE = RNG.random(9) - 0.5
COUNTS = RNG.integers(0, 10, 12)


def near(found, expected):
    """For sums, products and elementary functions, whose order or library differs."""
    found, expected = np.asarray(found), np.asarray(expected)
    rtol = 1e-5 if expected.dtype in (np.float32, np.complex64) else 1e-12
    return found.dtype == expected.dtype and found.shape == expected.shape and np.allclose(found, expected, rtol=rtol, atol=1e-14,
                                                                                         equal_nan=True)


def means(*arguments, same=same_bits):
    def keep(function):
        PROGRAMS.append((function, list(arguments), same))
        return function

    return keep


def refused(*arguments, line, instead):
    """Refused at the line that contains `line`, with `instead` in the fix."""
    def keep(function):
        REFUSED.append((function, list(arguments), line, instead))
        return function

    return keep


# ---- assignments and augmented assignments

@means(LINE, 3.0)
def chained_assignment(a, x):
    b = c = a + x
    b[0] = -1.0
    return b, c


@means(LINE)
def nested_unpacking(a):
    (x, y), z = (a[0], a[1]), a[2:]
    x, y = y, x
    return x, y, z


@means(GRID)
def unpack_rows(g):
    first, second = g[:2]
    first += second
    return first


@means(COUNTS)
def integer_augmented(a):
    a += 2
    a *= 3
    a -= a // 2
    a //= 2
    a %= 5
    a **= 2
    a <<= 1
    a |= 1
    a ^= 3
    a &= 0xFF
    a >>= 1
    return a


@means(LINE, 2)
def float_augmented(a, n):
    a[1:] -= a[:-1]
    a[n] *= 2
    a[-1] /= 3
    a[::2] **= 2
    return a


# ---- slices, and slices bound to names

@means(GRID)
def corners(g):
    return g[0, 0], g[0, -1], g[-1, 0], g[-1, -1]


@means(GRID)
def interior(g):
    inner = g[1:-1, 1:-1]
    inner[...] = 0.0
    inner[:, 0] = 1.0
    return g


@means(LINE, 2, 7)
def symbolic_bounds(a, lo, hi):
    part = a[lo:hi]
    part *= 2.0
    return part[::-1], a[hi:lo:-1], a[lo:hi:2]


@means(GRID, 3)
def symbolic_step(g, s):
    return g[::s, ::-s], g[s::-1, 1::s]


@means(GRID)
def checkerboard(g):
    g[::2, ::2] = 0.0
    g[1::2, 1::2] = 0.0
    return g


@means(GRID)
def view_of_view_of_view(g):
    rows = g[1:5]
    part = rows[::2, 2:]
    column = part[:, -1]
    column[:] = [7.0, 8.0]
    return part, g


@means(GRID)
def transposed_writes(g):
    t = g.T
    t[0, 1:] += 10.0
    return t


@means(LINE)
def ellipsis_and_newaxis(a):
    return a[..., None] * a[None, :], a[np.newaxis, ..., :3]


@means(LINE, 3)
def rolled_by_hand(a, k):
    out = np.empty_like(a)
    out[k:] = a[:-k]
    out[:k] = a[-k:]
    return out


@means(LINE)
def shift_in_place(a):
    a[1:] = a[:-1]
    a[:-2] = a[2:]
    return a


# ---- element-wise arithmetic, comparison, ufuncs, broadcasting

@means(GRID, RNG.random(7), RNG.random((6, 1)))
def broadcasting(g, row, column):
    return (g - row) / (column + 1.0), g * 2 + row[None] - column


@means(GRID, GRID + 1)
def comparisons(a, b):
    return a < b, a <= 0.5, a == b, a != b, 0.5 > a, a >= b - 1


@means(GRID > 0.5, GRID > 0.2)
def boolean_logic(a, b):
    return a & b, a | b, a ^ b, ~a, np.logical_and(a, b), np.logical_not(a), a.sum()


@means(GRID, same=near)
def transcendental(a):
    return np.exp(a), np.log(a + 1), np.sin(a), np.cos(a), np.tanh(a), np.arctan2(a, 2 * a), np.hypot(a, 1.0)


@means(LINE)
def rounding(a):
    b = a * 10
    return np.floor(b), np.ceil(b), np.trunc(b), np.rint(b), np.sign(b), np.abs(b)


@means(np.array([7, -7, 7, -7]), np.array([3, 3, -3, -3]))
def integer_division(a, b):
    return a // b, a % b, a / b, np.floor_divide(a, b), np.remainder(a, b)


@means(np.array([1, 0, -1]), np.array([0, 0, 0]))
def integer_division_by_zero(a, b):
    return a // b, a % b


@means(np.array([250, 3], np.uint8), np.array([-128, 127], np.int8))
def small_integers_wrap(u, i):
    return u + u, u - np.uint8(4), -i, i * i, u + i, np.abs(i)


@means(np.array([1.5, np.nan, -np.inf, -0.0]), np.array([np.nan, 1.0, np.inf, 0.0]))
def not_a_number(a, b):
    return np.minimum(a, b), np.maximum(a, b), np.fmin(a, b), np.isnan(a), np.isfinite(b), a == a


@means(LINE, LINE.astype(np.float32), COUNTS[:9])
def promotion(d, f, i):
    return d + f, f * 2, f * 2.5, f + i, i / 2, i * True, f + np.float64(1.0), i + np.int8(3)


@means(LINE)
def where_and_clip(a):
    return np.where(a > 0, a, 0.0), np.clip(a, -0.2, 0.2), np.where(a < 0, -1, 1), np.minimum(np.maximum(a, 0), 1)


@means(np.array([1 + 2j, 0.5 - 1j]), np.array([2.0, -1.0]))
def complex_arithmetic(z, x):
    return z + x, z * z, np.real(z) + x, np.imag(z) * 2, np.conj(z), x * 1j


@means(LINE)
def out_argument(a):
    out = np.zeros(9)
    np.multiply(a, 2.0, out=out)
    np.add(out, a, out=out)
    return out


# ---- reductions and products

@means(GRID, same=near)
def reductions(g):
    return g.sum(), g.sum(axis=0), np.mean(g, axis=1), g.max(), g.min(axis=-1), np.prod(g[:2], axis=0), g.sum(axis=(0, 1))


@means(GRID, same=near)
def normalise_rows(g):
    total = g.sum(axis=1, keepdims=True)
    return g / total


@means(GRID, same=near)
def standardise(g):
    mean = g.mean(axis=0)
    spread = np.sqrt(((g - mean) ** 2).mean(axis=0))
    return (g - mean) / spread


@means(COUNTS)
def integer_reductions(a):
    return a.sum(), a.max(), a.min(), a.prod(), np.any(a > 8), np.all(a >= 0), a.argmax(), np.argmin(a)


@means(np.zeros((0, 3)))
def reductions_of_nothing(a):
    return a.sum(), a.sum(axis=0), a.prod(axis=1), np.any(a), np.all(a)


@means(np.zeros(0))
def maximum_of_nothing(a):
    return a.max()


@means(RNG.random((4, 5)), RNG.random((5, 3)), RNG.random(5), same=near)
def products(a, b, x):
    return a @ b, a @ x, x @ b, x @ x, np.dot(a, b), np.matmul(a, x), np.outer(x, x)


@means(RNG.random((4, 5)), RNG.random((4, 5)))
def product_that_does_not_fit(a, b):
    return a @ b


@means(RNG.random((5, 2)), same=near)
def distances(p):
    d = p[:, None, :] - p[None, :, :]
    return np.sqrt((d * d).sum(axis=2))


@means(RNG.random((5, 5)), RNG.random(5), 20, same=near)
def power_iteration(m, v, n):
    for _ in range(n):
        v = m @ v
        v = v / np.sqrt(v @ v)
    return v


# ---- loops and branches

@means(LINE, 4)
def jacobi(u, steps):
    new = u.copy()
    for _ in range(steps):
        new[1:-1] = (u[:-2] + u[2:]) / 2
        u, new = new, u
    return u


@means(LINE)
def prefix_sum(a):
    for i in range(1, a.shape[0]):
        a[i] += a[i - 1]
    return a


@means(LINE)
def backwards(a):
    for i in range(len(a) - 2, -1, -1):
        a[i] -= 0.5 * a[i + 1]
    return a


@means(2.0, 1e-12)
def newton(x, tolerance):
    guess = x
    while abs(guess * guess - x) > tolerance:
        guess = 0.5 * (guess + x / guess)
    return guess


@means(LINE, 0.3)
def first_above(a, threshold):
    found = -1
    for i in range(a.size):
        if a[i] > threshold:
            found = i
            break
    return found


@means(LINE)
def sum_of_positive(a):
    s = np.float64(0.0)
    for i in range(a.shape[0]):
        if a[i] <= 0:
            continue
        s += a[i]
    return s


@means(COUNTS)
def insertion_sort(a):
    for i in range(1, a.shape[0]):
        k = i
        while k > 0 and a[k - 1] > a[k]:
            x = a[k]
            a[k] = a[k - 1]
            a[k - 1] = x
            k -= 1
    return a


@means(27)
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@means(LINE, 2)
def branches(a, kind):
    if kind == 0:
        a = a * 2
    elif kind == 1:
        a = a - 1
    elif kind == 2 and a[0] < 1:
        a[:3] = 0.0
    else:
        a = -a
    return a


@means(6)
def sieve(n):
    prime = np.ones(n * n, dtype=bool)
    prime[:2] = False
    for i in range(2, n):
        if prime[i]:
            prime[i * i::i] = False
    return prime


@means(GRID)
def loop_variable_after_the_loop(g):
    for i in range(g.shape[0]):
        row = g[i]
        k = 2 * i
    return i, k, row


@means(GRID, 0.9)
def loop_variable_after_break(g, x):
    for i in range(g.shape[0]):
        row = g[i, i:]
        if g[i, 0] > x:
            break
    return i, row


@means(LINE)
def tuple_of_new_arrays(a):
    pair = (a * 2, a + 1)
    a[:] = 0.0
    return pair[0] + pair[1]


@means(5, np.float64(2.0))
def mandelbrot(n, radius):
    counts = np.zeros((n, n), dtype=np.int64)
    for i in range(n):
        for j in range(n):
            x, y, k = 0.0, 0.0, 0
            while k < 20 and x * x + y * y <= radius * radius:
                x, y = x * x - y * y + 4.0 * i / n - 2.0, 2.0 * x * y + 4.0 * j / n - 2.0
                k += 1
            counts[i, j] = k
    return counts


# ---- scalars

@means(7, -3)
def python_integers(a, b):
    return a // b, a % b, a / b, a ** 2, -a, a & 6, a << 2, ~b, abs(b), min(a, b), max(a, b)


@means(7, 0)
def python_division_by_zero(a, b):
    return a // b


@means(np.int32(2 ** 31 - 1), np.float32(1.5))
def numpy_scalars(i, f):
    return i + np.int32(1), i * 2, f * 2, f / 3, f + 1.0, i + f


@means(3.7, 2)
def conversions(x, n):
    return int(x), float(n), bool(n), int(-x), float(int(x))


@means(True, 2)
def booleans_are_integers(flag, n):
    return flag + n, flag * 3, not flag, flag and n > 1


# ---- masks, maps, calls, closures

@means(LINE)
def masked_assignment(a):
    a[a < 0] = 0.0
    a[a > 0.3] *= 2.0
    return a, a[a > 0].sum()


@means(GRID)
def compressed(g):
    big = g[g > 0.5]
    return big * 2, big.shape[0]


@means(GRID, np.zeros((6, 7)))
def five_points(a, b):
    for i, j in thalweg.map[1:a.shape[0] - 1, 1:a.shape[1] - 1]:
        b[i, j] = a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1] - 4 * a[i, j]
    return b


@means(COUNTS, np.zeros(10, np.int64))
def histogram(values, bins):
    for i in thalweg.map[0:values.shape[0]]:
        bins[values[i]] += 1
    return bins


WEIGHTS = np.array([0.25, 0.5, 0.25])
SCALE = 3.0


@means(LINE)
def closure(a):
    return SCALE * (WEIGHTS[0] * a[:-2] + WEIGHTS[1] * a[1:-1] + WEIGHTS[2] * a[2:])


@thalweg.program
def smooth(a, weight=0.5):
    a[1:-1] = weight * a[1:-1] + (1 - weight) * a[2:]
    return a[1:]


@means(LINE)
def calls(a):
    b = smooth(a)
    c = smooth(a, weight=0.25)
    return a, b[:2] * c[-1]


@means(LINE)
def iterating_an_array(a):
    s = 0.0
    for x in a:
        s += x
    return s


@means(LINE)
def enumerating(a):
    for i, x in enumerate(a):
        a[i] = x * 2
    return a


@means(LINE)
def else_behind_a_loop(a):
    for i in range(3):
        a[i] = 0.0
    else:
        a[0] = 1.0
    return a


@means(LINE)
def return_inside_a_loop(a):
    for i in range(3):
        if a[i] > 0:
            return a[i]
    return a[0]


@means(GRID, same=near)
def inverse(g):
    return np.linalg.inv(g[:, :6])


@means(GRID)
def reshaped_slice(g):
    return g[:, 1:].reshape(-1)


@means(2.5)
def rounds(x):
    return round(x)


@means(LINE)
def index_lists(a):
    return a[[0, 2]] + a[[1, 3]]


@pytest.mark.parametrize("function, arguments, same", PROGRAMS, ids=[function.__name__ for function, *_ in PROGRAMS])
def test_means_what_numpy_means(function, arguments, same):
    check(function, arguments, same)


# ---- outside the slice of the language

@refused(LINE, line="[x", instead="")
def comprehension(a):
    return np.array([x * 2 for x in a])


@refused(LINE, line="lambda", instead="")
def lambdas_of_a_comprehension(a):
    f = [lambda x: x * k for k in (1, 2)]
    return f[0](a)


@refused(LINE, line="try", instead="")
def with_try(a):
    try:
        return a[100]
    except IndexError:
        return a[0]


@refused(LINE, line="with", instead="")
def with_errstate(a):
    with np.errstate(all="raise"):
        return a / 0


@refused(LINE, line="d[", instead="")
def writes_a_dictionary(a):
    d = {"a": a}
    e = d
    d["b"] = a
    return e["a"]


@refused(LINE, line="yield", instead="")
def generator(a):
    yield a


@refused(LINE, line="global", instead="")
def writes_a_global(a):
    global SCALE
    SCALE = 2.0
    return a


@refused(LINE, 3, line="for i in range(n)", instead="name of its own")
def tuple_carried_by_a_loop(a, n):
    x = (0, 0)
    for i in range(n):
        x = (i, i)
    return a[x[0]]


@refused(LINE, 3, line="for i in range(n)", instead="another name")
def none_then_array(a, n):
    x = None
    for i in range(n):
        x = a * i
    return x


@refused(LINE, True, line="if flag", instead="same kind")
def array_or_number(a, flag):
    if flag:
        x = a
    else:
        x = 1
    return x


@refused(LINE, line="f\"{a[0]}", instead="plain statements")
def formats(a):
    s = f"{a[0]}"
    return s


@refused(LINE, line="sorted", instead="")
def sorts(a):
    return sorted(a)


@refused(np.arange(4), line="a += 0.5", instead="astype")
def floats_into_integers(a):
    a += 0.5
    return a


@refused(LINE, line="np.partition", instead="")
def partitions_with_numpy(a):
    return np.partition(a, 1)


@refused(LINE, line="del", instead="")
def deletes(a):
    del a[0]
    return a


@refused(LINE, line=":=", instead="")
def walrus(a):
    if a[0] > 100 and (n := a.shape[0]) > 3:
        return a[:n - 1]
    return a


@pytest.mark.parametrize("function, arguments, line, instead", REFUSED, ids=[function.__name__ for function, *_ in REFUSED])
def test_refused_with_what_to_write_instead(function, arguments, line, instead):
    lines, start = inspect.getsourcelines(function)
    for engine in ("__call__", "interpret"):
        result, _, error = call(getattr(thalweg.program(function), engine), arguments)
        assert isinstance(error, thalweg.CompileError), (result, error)
        assert not isinstance(error, thalweg.errors.InternalError), error
        text = str(error)
        place, fix = text.splitlines()[1], text.partition("fix: ")[2]
        assert "test_programs.py" in place and line in lines[int(place.rsplit(":", 1)[1]) - start], text
        assert fix and instead in fix, text
