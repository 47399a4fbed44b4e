"""Conditions in loops: guards, pieces, early ends, packing."""

import numpy as np

from . import loop
from .domain import choice, data, integer, size


@loop(n=size(0, 4), a=choice("n"), b=data("n"))
def rectify(a, b):
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            b[i] = a[i]
        else:
            b[i] = 0.0


@loop(n=size(0, 4), a=choice("n"), up=data("n"), down=data("n"))
def split_by_sign(a, up, down):
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            up[i] += a[i]
        else:
            down[i] -= a[i]


@loop(n=size(0, 4), a=choice("n"), out=data("n"))
def pack_positive(a, out):
    k = 0
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            out[k] = a[i]
            k += 1
    return k


@loop(n=size(0, 4), a=choice("n"), b=data("n"))
def temporary_in_one_branch(a, b):
    t = 0.0
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            t = a[i] * 2.0
        b[i] = b[i] + t


@loop(n=size(0, 4), a=choice("n"), b=data("n"))
def temporary_in_both_branches(a, b):
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            t = a[i] * 2.0
        else:
            t = -a[i]
        b[i] = b[i] + t


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def guarded_neighbour(a, b):
    for i in range(a.shape[0]):
        if i > 0:
            b[i] = a[i] - a[i - 1]
        else:
            b[i] = a[i]


@loop(n=size(0, 4), k=integer(0, 4), a=data("n"))
def one_place_only(a, k):
    for i in range(a.shape[0]):
        if i == k:
            a[i] = 1.0
        else:
            a[i] = 0.0


@loop(n=size(0, 4), a=choice("n"))
def first_positive(a):
    where = -1
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            where = i
            break
    return where


@loop(n=size(0, 4), a=choice("n"), b=data("n"))
def skip_negative(a, b):
    for i in range(a.shape[0]):
        if a[i] < 0.0:
            continue
        b[i] = np.sqrt(a[i])


@loop(n=size(0, 5), a=data("n", "n"))
def triangle_by_condition(a):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if j <= i:
                a[i, j] = a[i, j] * 2.0


@loop(n=size(0, 4), a=choice("n"))
def copy_first_if(a):
    for i in range(a.shape[0]):
        if a[i] < 0.0:
            a[i] = a[0]


@loop(n=size(0, 4), x=choice("n", values=(-2, 0, 2)), y=data("n"))
def in_three_pieces(x, y):
    for i in range(x.shape[0]):
        if x[i] < -1.0:
            y[i] = -1.0
        elif x[i] > 1.0:
            y[i] = 1.0
        else:
            y[i] = x[i]


@loop(n=size(0, 5), a=data("n"))
def parity_picks_neighbour(a):
    for i in range(a.shape[0] - 1):
        if i % 2 == 0:
            a[i] = a[i + 1]
