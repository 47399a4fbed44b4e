"""The language, statement by statement: each function equals NumPy when interpreted and when compiled."""

import math

import numpy as np
import pytest

import thalweg
from support import check, outcome
from tolerance import same_bits

RNG = np.random.default_rng(0)
W = np.arange(9.0).reshape(3, 3)
C0 = 2.5
K = 3
CASES = {}


def array(*shape):
    return RNG.random(shape) - 0.3


def near(found, expected):
    """For sums, products of matrices and elementary functions, whose order or library differs."""
    found, expected = np.asarray(found), np.asarray(expected)
    tolerance = 1e-5 if expected.dtype in (np.float32, np.complex64) else 1e-12
    return found.dtype == expected.dtype and np.allclose(found, expected, rtol=tolerance, equal_nan=True)


def case(*arguments, same=same_bits):
    def keep(function):
        CASES[function.__name__] = (function, arguments, same)
        return function

    return keep


@thalweg.program
def helper(x, s=2.0):
    x[0] = s
    return x * s


@case(array(10), array(10), 5)
def swap(A, B, n):
    for t in range(n):
        B[1:-1] = 0.5 * (A[:-2] + A[2:])
        A, B = (B, A)
    return A


@case(array(10), 5)
def fresh(h, n):
    for t in range(n):
        h = h * 0.5 + 1.0
    return h


@case(array(10), 0)
def fresh0(h, n):
    for t in range(n):
        h = h * 0.5 + 1.0
    return h


@case(array(10), 6)
def prev(h, n):
    old = h
    for t in range(n):
        new = h * 2.0 - old
        old = h
        h = new
    return (h, old)


@case(array(10))
def mask(a):
    x = a[a > 0]
    y = x * 2
    return y


@case(array(10), same=near)
def masksum(a):
    x = a[a > 0]
    return (x.sum(), x.mean(), x.shape[0])


@case(array(4, 5))
def views(a):
    row = a[2]
    row[:] = 1.0
    b = a.T[1:3, ::-1]
    b += 2.0
    return (a[1:, :], a[:, None, 0])


@case(array(7), np.arange(7))
def accumulate(a, k):
    s = 0.0
    c = 0
    n = 0
    for i in range(a.shape[0]):
        s += a[i]
        c += 3
        n += k[i]
    return (s, c, n)


@case(array(7) + 4, 0.1, 5)
def control(a, eps, n):
    k = 0
    x = a[0]
    while x > eps and k < n:
        if x > 2.0:
            x = x / 2.0
        elif k == 3:
            k += 1
            continue
        else:
            x = x - 0.25
            if a[k] < 0:
                break
        k += 1
    return (x, k)


@case(array(7), array(7), True)
def join_arrays(a, b, flag):
    if flag:
        c = a
        w = 1.5
    else:
        c = b
        w = 2.5
    c[0] = w
    return c


@case(array(5), 2.0)
def early(a, x):
    if x > 1.0:
        return a * 2.0
    b = a + 1.0
    return b


@case(array(9), np.array([1, 5, -1, 0]), np.zeros(4))
def gather(x, idx, out):
    out[:] = x[idx] + 1.0
    for i in range(idx.shape[0]):
        out[i] += x[idx[i]]
        x[idx[i]] = 0.0


@case(array(3, 4), same=near)
def shapes(a):
    b = a.reshape(-1)
    b[0] = 5.0
    c = a.reshape(a.shape[0], 1, a.shape[1])
    d = np.arange(a.shape[1]) * 2
    e = np.linspace(0.0, 1.0, a.shape[0])
    f = np.eye(3)
    return (c[:, 0, :] + d + e[:, np.newaxis], f, b.sum())


@case(array(3, 4), np.arange(5, dtype=np.int32), array(6).astype(np.float32), same=near)
def reductions(a, k, f):
    r = a.mean(axis=0)
    s = np.sum(k)
    t = np.max(a, axis=(0, 1))
    u = f.mean()
    v = np.any(a > 0, axis=1, keepdims=True)
    w = np.argmax(a, axis=1)
    x = np.prod(a.T, axis=0)
    return (r, s, t, u, v, w, x)


@case(array(42), array(6, 7, 1), array(6, 7, 1).astype(np.int32))
def reductions_beside_an_extent_of_one(x, a, k):
    b = x.reshape(6, 7, 1)
    c = k.reshape(6, 1, 7)
    return (np.sum(b, axis=0), np.sum(b, axis=1), np.max(b, axis=2), np.sum(b, axis=(0, 1)), np.min(c, axis=0),
            np.sum(c, axis=2), np.sum(c), np.prod(c, axis=(0, 2)), a.reshape(6, 7, 1).sum(axis=0))


@case(7.3, 11, np.int64(5))
def scalars(x, n, k):
    a = n // 2 + n % 3
    b = x ** 2 / 3
    c = int(x) + abs(-x)
    d = math.sqrt(b) if b > 0 else 0.0
    e = min(a, n, 7)
    f = k * 2
    g = max(x, 1.5)
    return (a, b, c, d, e, f, g)


@case(array(10), 3)
def steps(a, s):
    a[::2] = 1.0
    a[::-1] = a
    b = a[5:1:-1]
    c = a[::s]
    a[-1] = a[-2] + a[0]
    return (b, c)


@case(array(5).astype(np.float32), np.arange(5, dtype=np.int32), np.arange(5, dtype=np.uint64),
      np.array([True, False, True, True, False]), array(5) + 1j)
def dtypes(f, i, u, b, z):
    p = f * 2.0 + 1
    q = i / 2
    r = u + i
    s = b + b
    t = b & (i > 3)
    v = z * f
    w = i ** 2
    x = u < -1
    y = np.sqrt(i)
    f[:] = q
    i[0] += 1.5
    return (p, q, r, s, t, v, w, x, y)


@case(array(4, 5))
def masked(a):
    a[a < 0] = 0
    a[a > 0.5] *= 2
    np.add(a, 1.0, out=a)


@case(array(10))
def overlap(a):
    a[1:] = a[:-1]
    a[:-1] = a[1:] + a[:-1]
    a += a
    a[0:2] = a[2:4]


@case(np.array([0, 1, 1, 3, 0]), np.zeros(4, dtype=np.int64), np.zeros(1), array(5), same=near)
def histogram(data, hist, total, w):
    for i in thalweg.map[0:data.shape[0]]:
        hist[data[i]] += 1
    for i in thalweg.map[0:data.shape[0]]:
        total[0] += w[i] * 2.0


@case(array(6, 7), array(6, 7))
def map_stencil(A, B):
    for i, j in thalweg.map[1:A.shape[0] - 1, 1:A.shape[1] - 1]:
        c = A[i, j]
        B[i, j] = 0.25 * (A[i - 1, j] + A[i + 1, j] + A[i, j - 1] + A[i, j + 1]) - c


@case(array(6, 7))
def map_loop(A):
    out = np.zeros(A.shape[0])
    for i in thalweg.map[0:A.shape[0]]:
        s = 0.0
        for j in range(A.shape[1]):
            if A[i, j] > 0:
                s += A[i, j]
        out[i] = s
    return out


@case(array(8), array(8))
def two_ret(a, b):
    c = a + b
    return (c, c, c[1:3])


@case(array(5), 3)
def idxerr(a, k):
    return a[k + 2]


@case(array(5), -3)
def idxneg(a, k):
    a[k] = 7.0
    return (a[k - 1], a[:k], a[k:])


@case(array(5), -30)
def slclamp(a, k):
    return (a[k:], a[:k], a[:-k:2], a[::-2])


@case(array(3, 1), array(1, 4))
def bcast(a, b):
    return a * b + a


@case(array(3), array(4))
def mismatch(a, b):
    return a + b


@case(array(4), 0)
def zerodiv(a, n):
    return a * (1 / n)


@case(array(6, 6), same=near)
def triangular(A):
    for i in range(A.shape[0]):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[j, :j]
        A[i, i] = np.sqrt(np.abs(A[i, i]))


@case(array(6), 4)
def nested_fresh(h, n):
    for t in range(n):
        for k in range(3):
            h = np.maximum(h * 0.9, 0.1)
        h = h + 1.0
    return h


@case(array(6), array(6), 4)
def cond_fresh(h, g, n):
    for t in range(n):
        if t % 2 == 0:
            x = h * 2
        else:
            x = g * 3
        h = x + 1
    return h


@case(10)
def fib(n):
    a, b = (0, 1)
    for i in range(n):
        a, b = (b, a + b)
    return a


@case(array(6))
def lastvar(a):
    for i in range(a.shape[0]):
        if a[i] < 0:
            break
    return i


@case(array(6), 3)
def neg_range(a, n):
    s = 0
    for i in range(n, -1, -1):
        a[i] = a[i] + i
        s += i
    return s


@case(array(6), array(6))
def where3(a, b):
    return (np.where(a > b, a, 1), np.clip(a, 0, None), np.minimum(a, b))


@case(array(6, 6), array(6), same=near)
def outer(a, b):
    return (np.outer(b, b) + a, a.T @ b, b @ a.T, a @ a.T)


@case(array(6).astype(np.float32), 1.5, same=near)
def f32(a, c):
    x = a * c
    y = x.sum() / c
    z = a[0] * c
    return (x, y, z)


@case(array(4))
def closure(a):
    return a * C0 + W[1, 2] * K + W[:, 1].sum()


@case(array(4))
def calls(a):
    y = helper(a)
    z = helper(a, s=3.0)
    return y + z + helper(x=a)


@case(array(4))
def call_order(a):
    return a[0] + helper(a)[0]


@case(array(4))
def call_order2(a):
    return a * 1.0 + helper(a)


@case(array(5), array(5))
def alias_view(a, b):
    c = a[1:]
    d = a[:-1]
    c[:] = d * 2
    d += c
    return (c, d)


@case(5, 3)
def pyints(n, k):
    return (n // k, -n // k, n % k, -n % k, n ** 2, 2 ** 3, n << 2, n >> 1, n & k, n | k, n ^ k, ~n, abs(-n),
            n / k, n == k, n != k, -n)


@case(5.5, -2.0)
def pyfloats(x, y):
    return (x // y, x % y, x / y, x * y, x - y, -x, x > y, abs(y), int(y), float(int(x)), bool(x), x ** 2, x ** (-1))


@case(np.float64(5.5), np.float64(0.0))
def npfloats(x, y):
    return (x / y, x // y, y / y, x % y, x ** 0.5)


@case(np.int32(7), np.int32(-2))
def npints(x, y):
    return (x // y, x % y, x / y, x * y, x - 100, x + 1.5, x ** 2, x << 2)


@case(np.array([5, -7, 0], dtype=np.int32), np.array([2, 0, -3], dtype=np.int32))
def intarr(a, b):
    return (a // b, a % b, a / b, np.abs(a), np.sign(a), a == b, a & b, ~a, -a)


@case(np.array([True, False, True]), np.array([True, True, False]))
def boolarr(a, b):
    return (a & b, a | b, a ^ b, ~a, a + b, a * b, np.logical_xor(a, b), a == b, a < b, a / 1, a * 2, a + 1.5,
            a.sum(), a.mean(), np.maximum(a, b))


@case(array(5) + 1j * array(5), array(5), same=near)
def cplx(z, x):
    return (z * z, z + x, z * 2, z - 1j, np.conj(z), np.real(z), np.imag(z), np.abs(z), z == z)


@case(array(3, 4, 5), same=near)
def axes(a):
    return (a.sum(axis=(0, 2)), a.max(axis=-1), a.min(axis=1, keepdims=True), np.mean(a), a.sum(axis=1).T,
            a[..., 0].sum(), np.transpose(a, (2, 0, 1)) + 0, a[:, 1, :].mean(axis=0))


@case(array(6), 3)
def whileloop(a, n):
    i = 0
    while i < a.shape[0]:
        if a[i] > 0.5:
            break
        a[i] = a[i] * 2
        i += 1
    return i


@case(array(6), 3)
def ternary(a, n):
    b = a if n > 2 else a * 2
    x = 1.0 if a[0] > 0 else 2.0
    y = n if n > 10 else -n
    return (b, x, y)


@case(array(6), 10)
def andor(a, n):
    s = 0
    for i in range(n):
        if i < a.shape[0] and a[i] > 0:
            s += 1
        if i >= a.shape[0] or a[i] < 0:
            s += 10
    return s


@case(array(6), array(6))
def notor(a, b):
    if not a[0] > b[0] or a[1] <= b[1]:
        return a
    else:
        return b


@case(array(2, 3))
def unpack(a):
    m, n = a.shape
    x, y = (a[0, 0], a[1, 1])
    a[0, 0], a[1, 1] = (y, x)
    return (m * n, x)


@case(array(6))
def chained(a):
    b = c = a * 2
    b[0] = 5
    return c


@case(array(6), 0)
def emptyslice(a, k):
    return (a[k:k].sum(), a[10:].sum(), a[:0])


@case(array(0))
def emptymax(a):
    return a.max()


@case(array(0))
def emptysum(a):
    return (a.sum(), a.prod(), a * 2)


@case(array(5))
def selfrev(a):
    a[:] = a[::-1]
    b = a[::-1]
    b[:2] += 1
    return b


@case(array(4, 4))
def selft(a):
    a[:] = a.T
    a += a.T
    return a


@case(array(5).astype(np.float32), same=near)
def f32ops(a):
    return (a + 1, a * 2.5, a / 3, a ** 2, np.sqrt(np.abs(a)), a + np.float64(1), a.mean(), a.sum(), a[0] + 1.5,
            np.float32(2) * 3.5, a > 0.1)


@case(np.arange(5, dtype=np.int8), same=near)
def int8ops(a):
    return (a + 1, a * 100, a / 2, a.sum(), a ** 2, a + np.int16(300), a - np.uint8(3), a // 2, a < 300, a == -1000)


@case(array(6))
def mapnest(a):
    out = np.zeros((6, 6))
    for i in thalweg.map[0:6]:
        for j in thalweg.map[0:6]:
            out[i, j] = a[i] * a[j]
    return out


@case(array(6), array(6, 6), same=near)
def mapslice(a, B):
    for i in thalweg.map[0:6]:
        B[i, :] = a * a[i]
        t = B[i].sum()
        a_i = t * 2
        if a_i > 1:
            B[i, 0] = a_i


@case(array(6))
def maperr(a):
    for i in thalweg.map[0:6]:
        a[i + 1] = 1.0


@case(array(6), np.array([0, 1, 9, 2]))
def maperr2(a, idx):
    out = np.zeros(4)
    for i in thalweg.map[0:4]:
        out[i] = a[idx[i]]
    return out


@case(array(6), -1)
def negstep(a, s):
    return (a[::s], a[4:1:s], a[-2:-5:s], a[::2 * s])


@case(array(6), np.array([True, False, True, True, False, False]))
def maskarr(a, m):
    a[m] = 7
    b = a[~m]
    b[0] = 1
    return (b, a[m].sum(), b.shape[0])


@case(array(6))
def ones_etc(a):
    return (np.ones_like(a), np.full((2, 3), 1.5), np.zeros((2, 2), dtype=np.int32), np.full_like(a, 3),
            np.array([1, 2, 3]), np.arange(2, 10, 3), np.arange(10, 0, -3), np.linspace(0, 1, 5), a.copy(),
            a.astype(np.float32), a.astype(int))


@case(3, 4)
def shapes0(n, m):
    z = np.zeros((n, m))
    z[1:, :] = 1
    z[:, 0] = np.arange(n)
    return (z, z.size, z.ndim)


@case(array(5), array(5), same=near)
def dots(a, b):
    return (a @ b, np.dot(a, b), a.dot(b))


@case(array(5))
def swapel(a):
    a[0], a[1] = (a[1], a[0])
    for i in range(4):
        a[i], a[i + 1] = (a[i + 1], a[i])


@case(array(5), 3)
def rebind(a, n):
    for i in range(n):
        a = a[1:] if False else a
        b = a * 2
        a = b
    return a


@case(array(5), 3)
def inplace_then_fresh(a, n):
    for i in range(n):
        a[0] += 1
        a = a + 1
        a[1] = 5
    return a


@case(array(8), 3)
def fourbuf(a, n):
    p = a * 1.0
    q = a * 2.0
    r = a * 3.0
    for i in range(n):
        s = p + q * r
        p = q
        q = r
        r = s
    return (p, q, r)


@case(array(8), 3)
def swap3(a, n):
    b = a + 1
    c = a + 2
    for i in range(n):
        a, b, c = (b, c, a)
        a[0] += b[0]
    return (a, b, c)


@case(0.0, 5)
def mixed(x, n):
    s = 0
    for i in range(n):
        s = s + x
    return s


@case(np.arange(4))
def intsum(k):
    s = 0
    for i in range(4):
        s += k[i]
    return s


@case(array(5), -7)
def gindex(a, k):
    return a[k]


@case(array(5), 2.0, same=near)
def math_(a, x):
    return (math.sqrt(x), math.floor(x / 3), math.ceil(-x / 3), math.log(x), math.pi * x)


@case(-1.0)
def matherr(x):
    return math.sqrt(x)


@case(array(3, 3))
def neg_newaxis(a):
    return (a[None], a[:, np.newaxis, :] + a, a[..., None] * 2, a[-1], a[-1, -1], a[1:, None, :2])


@pytest.mark.parametrize("name", sorted(CASES))
def test_equals_numpy(name):
    function, arguments, same = CASES[name]
    check(function, [a.copy() if isinstance(a, np.ndarray) else a for a in arguments], same)


def test_python_ints_never_wrap():
    def total(x, n):
        s = x
        for i in range(n):
            s = s + x
        return s

    program = thalweg.program(total)
    assert outcome(program, [2**62, 5])[0] is OverflowError
    assert outcome(program.interpret, [2**62, 5])[0] is OverflowError
    assert program(2**60, 5) == 6 * 2**60
