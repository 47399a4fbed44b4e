"""Scalars that carry a value from one iteration into the next, and neighbours computed without one."""

from . import loop
from .domain import choice, data, size


@loop(n=size(1, 5), a=data("n"), b=data("n"))
def differences_by_memory(a, b):
    before = a[0]
    for i in range(a.shape[0]):
        b[i] = a[i] - before
        before = a[i]


@loop(n=size(1, 5), a=data("n"), b=data("n"))
def left_neighbour_index(a, b):
    left = a.shape[0] - 1
    for i in range(a.shape[0]):
        b[i] = a[i] + a[left]
        left = i


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def left_by_condition(a, b):
    n = a.shape[0]
    for i in range(n):
        left = i - 1 if i > 0 else n - 1
        b[i] = a[i] + a[left]


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def both_neighbours(a, b):
    n = a.shape[0]
    for i in range(n):
        left = i - 1
        right = i + 1
        if left < 0:
            left = n - 1
        if right == n:
            right = 0
        b[i] = a[left] - 2.0 * a[i] + a[right]


@loop(n=size(0, 5), a=data("n"))
def alternating_sign(a):
    sign = 1.0
    for i in range(a.shape[0]):
        a[i] = sign * a[i]
        sign = -sign


@loop(n=size(0, 5), a=data("n"))
def sign_by_parity(a):
    for i in range(a.shape[0]):
        sign = 1.0
        if i % 2 == 1:
            sign = -1.0
        a[i] = sign * a[i]


@loop(n=size(0, 4), a=choice("n"))
def last_positive(a):
    where = -1
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            where = i
    return where


@loop(n=size(0, 4), a=choice("n"), b=data("n"))
def fill_forward(a, b):
    kept = 0.0
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            kept = a[i]
        b[i] = kept


@loop(n=size(0, 5), a=data("n"), x=data("n"))
def rotate_three(a, x):
    p = 0.0
    q = 1.0
    for i in range(a.shape[0]):
        r = p + q * a[i]
        p = q
        q = r
        x[i] = r


@loop(n=size(0, 4), a=choice("n", values=(0, 1), dtype="int32"))
def count_changes(a):
    count = 0
    for i in range(1, a.shape[0]):
        if a[i] != a[i - 1]:
            count += 1
    return count
