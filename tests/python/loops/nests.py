"""Whole kernels in loops: which of their loops may run in parallel."""

import numpy as np

from . import loop
from .domain import choice, data, index, scalar, size


@loop(n=size(0, 3), m=size(0, 3), p=size(0, 3), a=data("n", "p"), b=data("p", "m"), c=data("n", "m"))
def matrix_product(a, b, c):
    for i in range(c.shape[0]):
        for j in range(c.shape[1]):
            s = 0.0
            for k in range(a.shape[1]):
                s += a[i, k] * b[k, j]
            c[i, j] = s


@loop(n=size(0, 3), m=size(0, 3), p=size(0, 3), a=data("n", "p"), b=data("p", "m"), c=data("n", "m"))
def matrix_product_by_rows(a, b, c):
    for i in range(c.shape[0]):
        for k in range(a.shape[1]):
            for j in range(c.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


@loop(n=size(0, 4), w=size(1, 3), x=data("n+w-1"), h=data("w"), y=data("n"))
def convolve(x, h, y):
    for i in range(y.shape[0]):
        y[i] = 0.0
        for k in range(h.shape[0]):
            y[i] += x[i + k] * h[k]


@loop(n=size(0, 3), w=size(1, 3), x=data("n", dtype="int64"), h=data("w", dtype="int64"),
      y=data("n+w-1", dtype="int64"))
def convolve_outwards(x, h, y):
    for i in range(x.shape[0]):
        for k in range(h.shape[0]):
            y[i + k] += x[i] * h[k]


@loop(n=size(0, 4), m=size(0, 4), image=data("n", "m", dtype="float32"), out=data("n", "m", dtype="float32"))
def box_blur(image, out):
    for i in range(1, image.shape[0] - 1):
        for j in range(1, image.shape[1] - 1):
            s = np.float32(0.0)
            for di in range(3):
                for dj in range(3):
                    s += image[i + di - 1, j + dj - 1]
            out[i, j] = s / 9.0


@loop(n=size(0, 5), g=data("n", "n"))
def seidel_sweep(g):
    for i in range(1, g.shape[0] - 1):
        for j in range(1, g.shape[1] - 1):
            g[i, j] = 0.25 * (g[i - 1, j] + g[i + 1, j] + g[i, j - 1] + g[i, j + 1])


@loop(n=size(0, 5), m=size(0, 5), old=data("n", "m", dtype="bool"), new=data("n", "m", dtype="int32"))
def game_of_life(old, new):
    for i in range(1, old.shape[0] - 1):
        for j in range(1, old.shape[1] - 1):
            alive = np.int32(0)
            for di in range(-1, 2):
                for dj in range(-1, 2):
                    alive += old[i + di, j + dj]
            if alive == 3 or (alive == 4 and old[i, j]):
                new[i, j] = 1
            else:
                new[i, j] = 0


@loop(n=size(0, 3), re=choice("n", values=(-2, 0)), im=data("n"), count=data("n", "n", dtype="int64"))
def escape_times(re, im, count):
    for i in range(re.shape[0]):
        for j in range(im.shape[0]):
            x = 0.0
            y = 0.0
            steps = 0
            while steps < 5 and x * x + y * y < 4.0:
                t = x * x - y * y + re[i]
                y = 2.0 * x * y + im[j]
                x = t
                steps += 1
            count[i, j] = steps


@loop(n=size(0, 2), m=size(0, 3), p=size(0, 3), a=data("n", "m", "p"), x=data("p"), out=data("n", "m"))
def contract_last_axis(a, x, out):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[i, j] = np.dot(a[i, j, :], x)


@loop(n=size(0, 4), m=size(0, 4), x=data("n"), y=data("m"), a=data("n", "m"), alpha=scalar(0.5))
def rank_one_update(a, x, y, alpha):
    for i in range(a.shape[0]):
        t = alpha * x[i]
        for j in range(a.shape[1]):
            a[i, j] += t * y[j]


@loop(n=size(0, 3), edges=size(0, 3), src=data("edges", dtype="int64"), dst=index("edges", below="n"), rank=data(10),
      out=data("n"))
def spread_along_edges(src, dst, rank, out):
    for i in range(out.shape[0]):
        out[i] = 0.0
    for e in range(src.shape[0]):
        out[dst[e]] += rank[src[e]]


@loop(n=size(0, 3), m=size(0, 3), p=size(0, 4), a=data("n", "m", "p"))
def sweep_third_axis(a):
    for k in range(1, a.shape[2]):
        for i in range(a.shape[0]):
            for j in range(a.shape[1]):
                a[i, j, k] = a[i, j, k] - 0.5 * a[i, j, k - 1]


@loop(n=size(0, 4), m=size(0, 4), a=data("n", "m", dtype="int64"), best=data("n", dtype="int64"))
def row_maxima(a, best):
    for i in range(a.shape[0]):
        top = np.int64(-100)
        for j in range(a.shape[1]):
            top = max(top, a[i, j])
        best[i] = top


@loop(n=size(0, 3), m=size(0, 3), s=choice("n", values=(0, 1), dtype="int64"), t=choice("m", values=(0, 1), dtype="int64"),
      table=data("n+1", "m+1", dtype="int64"))
def common_subsequence(s, t, table):
    for i in range(s.shape[0]):
        for j in range(t.shape[0]):
            if s[i] == t[j]:
                table[i + 1, j + 1] = table[i, j] + 1
            else:
                table[i + 1, j + 1] = max(table[i, j + 1], table[i + 1, j])


@loop(n=size(0, 4), r=data("n"), g=data("n"), b=data("n"), out=data("n", 3))
def grey_to_channels(r, g, b, out):
    for i in range(r.shape[0]):
        grey = 0.3 * r[i] + 0.6 * g[i] + 0.1 * b[i]
        for c in range(3):
            out[i, c] = grey
