"""Loops that run downwards, negative subscripts and steps other than one."""

from . import loop
from .domain import data, integer, size


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def scale_downwards(a, b):
    for i in range(a.shape[0] - 1, -1, -1):
        b[i] = 2.0 * a[i]


@loop(n=size(0, 5), a=data("n"))
def shift_right_downwards(a):
    for i in range(a.shape[0] - 2, -1, -1):
        a[i + 1] = a[i]


@loop(n=size(0, 5), a=data("n", dtype="int64"))
def suffix_sum(a):
    for i in range(a.shape[0] - 2, -1, -1):
        a[i] += a[i + 1]


@loop(n=size(0, 7), a=data("n"))
def every_second_down(a):
    for i in range(a.shape[0] - 1, 0, -2):
        a[i] = a[i - 1]


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def from_the_end(a, b):
    for i in range(a.shape[0]):
        b[i] = a[-1 - i]


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def store_from_the_end(a, b):
    for i in range(a.shape[0]):
        b[-i] = a[i]


@loop(n=size(0, 6), k=integer(1, 3), a=data("n"))
def step_by_symbol(a, k):
    for i in range(0, a.shape[0], k):
        a[i] = 0.0


@loop(n=size(0, 6), k=integer(1, 3), a=data("n"))
def down_by_symbol(a, k):
    for i in range(a.shape[0] - 1, k - 1, -k):
        a[i] = a[i - k]


@loop(n=size(0, 4), a=data("n"), b=data("n"))
def opposite_ends(a, b):
    n = a.shape[0]
    for i in range(n, 0, -1):
        a[n - i] = b[i - 1]


@loop(n=size(0, 4), m=size(0, 4), a=data("n", "m"), b=data("n", "m"))
def flip_both(a, b):
    for i in range(a.shape[0] - 1, -1, -1):
        for j in range(a.shape[1] - 1, -1, -1):
            b[i, j] = a[a.shape[0] - 1 - i, a.shape[1] - 1 - j]
