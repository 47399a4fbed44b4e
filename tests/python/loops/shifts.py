"""Shifted loads and stores: the distance decides."""

from . import loop
from .domain import data, integer, scalar, size


@loop(n=size(0, 5), x=data("n"), y=data("n"), alpha=scalar(2.0))
def axpy(alpha, x, y):
    for i in range(x.shape[0]):
        y[i] = alpha * x[i] + y[i]


@loop(n=size(0, 5), a=data("n+1"), b=data("n"))
def store_one_ahead(a, b):
    for i in range(b.shape[0]):
        a[i + 1] = b[i] * b[i]


@loop(n=size(0, 5), a=data("n"))
def shift_left_in_place(a):
    for i in range(a.shape[0] - 1):
        a[i] = a[i + 1]


@loop(n=size(0, 5), a=data("n"))
def smear_right(a):
    for i in range(a.shape[0] - 1):
        a[i + 1] = a[i]


@loop(n=size(0, 5), k=integer(0, "n+2"), a=data("2*n+2"))
def shift_by_symbol(a, k):
    n = (a.shape[0] - 2) // 2
    for i in range(n):
        a[i + k] = a[i] * 0.5


@loop(n=size(0, 4), k=integer(0, 3), a=data("n+3"), b=data("n"))
def gather_at_offset(a, b, k):
    for i in range(b.shape[0]):
        b[i] = a[i + k]


@loop(n=size(0, 5), a=data("2*n", dtype="int32"))
def copy_first_half(a):
    n = a.shape[0] // 2
    for i in range(n):
        a[n + i] = a[i]


@loop(steps=size(0, 3), n=size(0, 6), a=data("n"), b=data("n"))
def jacobi_line(a, b, steps):
    for t in range(steps):
        for i in range(1, a.shape[0] - 1):
            b[i] = (a[i - 1] + a[i] + a[i + 1]) / 3.0
        for i in range(1, a.shape[0] - 1):
            a[i] = b[i]


@loop(n=size(0, 6), a=data("n"))
def three_points_in_place(a):
    for i in range(1, a.shape[0] - 1):
        a[i] = (a[i - 1] + a[i] + a[i + 1]) / 3.0


@loop(n=size(0, 4), m=size(0, 4), a=data("n", "m"), out=data("n", "m"))
def five_points(a, out):
    for i in range(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            out[i, j] = 0.2 * (a[i, j] + a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


@loop(n=size(1, 4), m=size(1, 4), a=data("n", "m"))
def along_the_diagonal(a):
    for i in range(a.shape[0] - 1):
        for j in range(a.shape[1] - 1):
            a[i + 1, j + 1] = a[i, j]


@loop(n=size(2, 4), m=size(2, 4), a=data("n", "m"))
def periodic_halo(a):
    n = a.shape[0]
    m = a.shape[1]
    for i in range(n):
        a[i, 0] = a[i, m - 2]
        a[i, m - 1] = a[i, 1]
    for j in range(m):
        a[0, j] = a[n - 2, j]
        a[n - 1, j] = a[1, j]


@loop(n=size(0, 4), a=data("n", 3), b=data("n", 3))
def rows_by_slices(a, b):
    for i in range(1, a.shape[0]):
        b[i, :] = a[i, :] - a[i - 1, :]
