"""Strided, interleaved, mirrored and transposed accesses."""

from . import loop
from .domain import choice, data, size


@loop(n=size(0, 4), a=data("2*n"))
def odd_from_even(a):
    for i in range(a.shape[0] // 2):
        a[2 * i + 1] = a[2 * i]


@loop(n=size(0, 4), a=data("2*n"))
def spread_in_place(a):
    for i in range(a.shape[0] // 2):
        a[2 * i] = a[i]


@loop(steps=size(0, 2), n=size(0, 6), u=data("n"))
def red_black(u, steps):
    n = u.shape[0]
    for t in range(steps):
        for i in range(1, n - 1, 2):
            u[i] = 0.5 * (u[i - 1] + u[i + 1])
        for i in range(2, n - 1, 2):
            u[i] = 0.5 * (u[i - 1] + u[i + 1])


@loop(n=size(0, 4), a=choice("n", values=(1, 2, 3), dtype="int64"))
def odd_even_sort(a):
    n = a.shape[0]
    for phase in range(n):
        for i in range(phase % 2, n - 1, 2):
            if a[i] > a[i + 1]:
                t = a[i]
                a[i] = a[i + 1]
                a[i + 1] = t


@loop(n=size(0, 4), x=data("n"), y=data("n"), z=data("2*n"))
def interleave(x, y, z):
    for i in range(x.shape[0]):
        z[2 * i] = x[i]
        z[2 * i + 1] = y[i]


@loop(n=size(0, 4), x=data("2*n", dtype="complex128"), y=data("2*n", dtype="complex128"))
def butterfly(x, y):
    half = x.shape[0] // 2
    for k in range(half):
        t = x[2 * k + 1] * 0.5
        y[k] = x[2 * k] + t
        y[k + half] = x[2 * k] - t


@loop(n=size(0, 4), a=data("2*n"), low=data("n"), high=data("n"))
def haar_step(a, low, high):
    for i in range(low.shape[0]):
        low[i] = (a[2 * i] + a[2 * i + 1]) * 0.5
        high[i] = a[2 * i] - a[2 * i + 1]


@loop(n=size(0, 4), a=data("n", "n"))
def transpose_in_place(a):
    for i in range(a.shape[0]):
        for j in range(i + 1, a.shape[0]):
            t = a[i, j]
            a[i, j] = a[j, i]
            a[j, i] = t


@loop(n=size(0, 6), a=data("n", dtype="int32"))
def reverse_in_place(a):
    n = a.shape[0]
    for i in range(n // 2):
        a[i], a[n - 1 - i] = a[n - 1 - i], a[i]


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def reversed_copy(a, b):
    n = a.shape[0]
    for i in range(n):
        b[n - 1 - i] = a[i]


@loop(n=size(0, 5), a=data("n"))
def mirror_whole(a):
    n = a.shape[0]
    for i in range(n):
        a[i] = a[n - 1 - i]


@loop(n=size(0, 3), m=size(0, 3), p=size(0, 3), a=data("n", "m", "p"), b=data("p", "n", "m"))
def rotate_axes(a, b):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            for k in range(a.shape[2]):
                b[k, i, j] = a[i, j, k]
