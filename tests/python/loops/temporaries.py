"""Temporaries: scalars and arrays that each iteration fills anew, or seems to."""

import numpy as np

from . import loop
from .domain import choice, data, size


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def swap_arrays(a, b):
    for i in range(a.shape[0]):
        t = a[i]
        a[i] = b[i]
        b[i] = t


@loop(n=size(1, 5), a=data("n"), b=data("n"))
def last_value_used(a, b):
    t = 0.0
    for i in range(a.shape[0]):
        t = a[i] * a[i]
        b[i] = t + 1.0
    return t


@loop(n=size(0, 4), m=size(1, 4), a=data("n", "m"), b=data("n", "m"))
def row_workspace(a, b):
    m = a.shape[1]
    work = np.zeros(m)
    for i in range(a.shape[0]):
        for j in range(m):
            work[j] = a[i, j] * 2.0
        for j in range(m):
            b[i, j] = work[m - 1 - j]


@loop(n=size(0, 4), m=size(1, 4), a=data("n", "m"), b=data("n", "m"))
def stale_workspace(a, b):
    m = a.shape[1]
    work = np.zeros(m + 1)
    for i in range(a.shape[0]):
        for j in range(m):
            work[j + 1] = work[j] + a[i, j]
        for j in range(m):
            b[i, j] = work[j + 1]
        work[0] = a[i, 0]


@loop(n=size(0, 4), a=data("n"), b=data("n"), work=data(1))
def workspace_of_the_caller(a, b, work):
    for i in range(a.shape[0]):
        work[0] = a[i] + 1.0
        b[i] = work[0] * work[0]


@loop(n=size(0, 4), m=size(0, 4), a=data("n", "m"), out=data("n", "m"))
def fresh_row(a, out):
    for i in range(a.shape[0]):
        row = a[i, :] * 2.0
        out[i, :] = row - a[0, :]


@loop(n=size(0, 4), q=data("n", 3), out=data("n", 3))
def small_vector(q, out):
    v = np.zeros(3)
    for i in range(q.shape[0]):
        v[0] = q[i, 1] - q[i, 2]
        v[1] = q[i, 2] - q[i, 0]
        v[2] = q[i, 0] - q[i, 1]
        for j in range(3):
            out[i, j] = v[j] * 0.5


@loop(n=size(0, 4), a=choice("n"), out=data("n"))
def workspace_filled_sometimes(a, out):
    work = np.zeros(1)
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            work[0] = a[i]
        out[i] = out[i] + work[0]


@loop(n=size(0, 4), x=data("n"), pos=data("n", 2), force=data("n", 2))
def forces(pos, force):
    n = pos.shape[0]
    for i in range(n):
        fx = 0.0
        fy = 0.0
        for j in range(n):
            dx = pos[j, 0] - pos[i, 0]
            dy = pos[j, 1] - pos[i, 1]
            r = dx * dx + dy * dy + 0.01
            fx += dx / r
            fy += dy / r
        force[i, 0] = fx
        force[i, 1] = fy


@loop(n=size(0, 4), a=data("n"), b=data("n"))
def name_used_twice(a, b):
    for i in range(a.shape[0]):
        t = a[i] + 1.0
        b[i] = t
        t = b[i] * 2.0
        a[i] = t
