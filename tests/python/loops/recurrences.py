"""Recurrences: what one iteration computes from an earlier one."""

from . import loop
from .domain import data, integer, scalar, size


@loop(n=size(0, 5), a=data("n"))
def prefix_sum(a):
    for i in range(1, a.shape[0]):
        a[i] = a[i] + a[i - 1]


@loop(n=size(0, 5), x=data("n"), b=data("n"), c=scalar(0.5))
def first_order(x, b, c):
    for i in range(1, x.shape[0]):
        x[i] = c * x[i - 1] + b[i]


@loop(n=size(0, 6), x=data("n", dtype="int64"))
def fibonacci_table(x):
    for i in range(2, x.shape[0]):
        x[i] = x[i - 1] + x[i - 2]


@loop(n=size(0, 6), a=data("n", dtype="float32"))
def distance_two(a):
    for i in range(2, a.shape[0]):
        a[i] = a[i - 2] * 0.5


@loop(n=size(0, 5), d=data("n"), e=data("n"), x=data("n"))
def bidiagonal_back(d, e, x):
    for i in range(x.shape[0] - 2, -1, -1):
        x[i] = (x[i] - e[i] * x[i + 1]) / d[i]


@loop(n=size(1, 5), lower=data("n"), diag=data("n"), upper=data("n"), rhs=data("n"))
def thomas(lower, diag, upper, rhs):
    n = diag.shape[0]
    for i in range(1, n):
        w = lower[i] / diag[i - 1]
        diag[i] = diag[i] - w * upper[i - 1]
        rhs[i] = rhs[i] - w * rhs[i - 1]
    rhs[n - 1] = rhs[n - 1] / diag[n - 1]
    for i in range(n - 2, -1, -1):
        rhs[i] = (rhs[i] - upper[i] * rhs[i + 1]) / diag[i]


@loop(n=size(0, 4), m=size(0, 4), a=data("n", "m"))
def prefix_along_rows(a):
    for i in range(a.shape[0]):
        for j in range(1, a.shape[1]):
            a[i, j] += a[i, j - 1]


@loop(n=size(0, 4), m=size(0, 4), a=data("n", "m", dtype="int32"))
def prefix_down_columns(a):
    for i in range(1, a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] += a[i - 1, j]


@loop(n=size(0, 5), c=data("n"), x=scalar(1.25), value=data(1))
def horner(c, x, value):
    s = 0.0
    for i in range(c.shape[0] - 1, -1, -1):
        s = s * x + c[i]
    value[0] = s


@loop(n=size(0, 5), a=data("n", dtype="int64"), b=data("n", dtype="int64"))
def running_maximum(a, b):
    if a.shape[0] > 0:
        b[0] = a[0]
    for i in range(1, a.shape[0]):
        b[i] = max(b[i - 1], a[i])


@loop(n=size(0, 7), k=integer(1, 3), a=data("n"))
def distance_k(a, k):
    for i in range(k, a.shape[0]):
        a[i] = a[i - k] + 1.0


@loop(steps=size(0, 4), n=size(0, 4), pop=data("n"))
def logistic_map(pop, steps):
    for t in range(steps):
        for i in range(pop.shape[0]):
            pop[i] = 3.5 * pop[i] * (1.0 - pop[i])
