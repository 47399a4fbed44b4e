"""Triangles, trapezoids, diagonals and eliminations."""

import numpy as np

from . import loop
from .domain import data, integer, size


@loop(n=size(0, 4), a=data("n", "n"))
def clear_below(a):
    for i in range(a.shape[0]):
        for j in range(i):
            a[i, j] = 0.0


@loop(n=size(0, 4), a=data("n", "n"))
def mirror_lower(a):
    for i in range(a.shape[0]):
        for j in range(i):
            a[j, i] = a[i, j]


@loop(n=size(0, 4), l=data("n", "n"), x=data("n"))
def forward_by_rows(l, x):
    for i in range(x.shape[0]):
        s = x[i]
        for j in range(i):
            s = s - l[i, j] * x[j]
        x[i] = s / l[i, i]


@loop(n=size(0, 4), l=data("n", "n"), x=data("n"))
def forward_by_columns(l, x):
    n = x.shape[0]
    for j in range(n):
        x[j] = x[j] / l[j, j]
        for i in range(j + 1, n):
            x[i] = x[i] - l[i, j] * x[j]


@loop(n=size(0, 4), a=data("n", "n"))
def eliminate(a):
    n = a.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] = a[i, k] / a[k, k]
            for j in range(k + 1, n):
                a[i, j] = a[i, j] - a[i, k] * a[k, j]


@loop(n=size(0, 4), a=data("n", "n"))
def cholesky_by_columns(a):
    n = a.shape[0]
    for j in range(n):
        a[j, j] = np.sqrt(np.abs(a[j, j]))
        for i in range(j + 1, n):
            a[i, j] = a[i, j] / a[j, j]
        for k in range(j + 1, n):
            for i in range(k, n):
                a[i, k] = a[i, k] - a[i, j] * a[k, j]


@loop(n=size(0, 3), d=data("n", "n"))
def shortest_paths(d):
    n = d.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                d[i, j] = min(d[i, j], d[i, k] + d[k, j])


@loop(n=size(0, 5), c=data("n", "n", dtype="int64"))
def pascal(c):
    for i in range(c.shape[0]):
        c[i, 0] = 1
        for j in range(1, i + 1):
            c[i, j] = c[i - 1, j - 1] + c[i - 1, j]


@loop(n=size(0, 4), a=data("n", "n"), packed=data("n*(n+1)//2"))
def pack_lower(a, packed):
    for i in range(a.shape[0]):
        for j in range(i + 1):
            packed[i * (i + 1) // 2 + j] = a[i, j]


@loop(n=size(0, 4), x=data("n"), dist=data("n", "n"))
def pairwise(x, dist):
    for i in range(x.shape[0]):
        for j in range(i + 1, x.shape[0]):
            d = abs(x[i] - x[j])
            dist[i, j] = d
            dist[j, i] = d


@loop(n=size(0, 5), w=integer(0, 2), a=data("n", "n"), x=data("n"), y=data("n"))
def banded_product(a, x, y, w):
    n = x.shape[0]
    for i in range(n):
        s = 0.0
        for j in range(max(0, i - w), min(n, i + w + 1)):
            s += a[i, j] * x[j]
        y[i] = s


@loop(n=size(0, 4), g=data("n", "n"))
def wavefront(g):
    n = g.shape[0]
    for d in range(2, 2 * n - 1):
        for i in range(max(1, d - n + 1), min(n, d)):
            g[i, d - i] = g[i - 1, d - i] + g[i, d - i - 1]
