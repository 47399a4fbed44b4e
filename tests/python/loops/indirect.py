"""Index arrays: what their contents may make of a loop."""

import numpy as np

from . import loop
from .domain import data, index, pointers, size


@loop(n=size(0, 3), m=size(1, 4), idx=index("n", below="m"), a=data("m"), b=data("n"))
def gather(a, idx, b):
    for i in range(idx.shape[0]):
        b[i] = a[idx[i]]


@loop(n=size(0, 3), m=size(1, 4), idx=index("n", below="m"), a=data("m"), b=data("n"))
def scatter(a, idx, b):
    for i in range(idx.shape[0]):
        a[idx[i]] = b[i]


@loop(n=size(0, 3), m=size(1, 2), p=index("n", below="m"), q=index("n", below="n"), a=data("m"), out=data("n"))
def gather_twice(a, p, q, out):
    for i in range(q.shape[0]):
        out[i] = a[p[q[i]]]


@loop(n=size(0, 4), idx=index("n", below="n"), a=data("n"))
def gather_in_place(a, idx):
    for i in range(idx.shape[0]):
        a[i] = a[idx[i]] + 1.0


@loop(n=size(0, 3), nnz=size(0, 3), ptr=pointers("n", "nnz"), col=index("nnz", below=2), val=data("nnz"), x=data(2),
      y=data("n"))
def sparse_rows(ptr, col, val, x, y):
    for i in range(y.shape[0]):
        s = 0.0
        for k in range(ptr[i], ptr[i + 1]):
            s += val[k] * x[col[k]]
        y[i] = s


@loop(n=size(0, 3), nnz=size(0, 3), ptr=pointers("n", "nnz"), row=index("nnz", below=2), val=data("nnz"),
      x=data("n"), y=data(2))
def sparse_columns(ptr, row, val, x, y):
    for j in range(x.shape[0]):
        for k in range(ptr[j], ptr[j + 1]):
            y[row[k]] += val[k] * x[j]


@loop(n=size(0, 3), nnz=size(0, 4), ptr=pointers("n", "nnz"), deg=data("n", dtype="int64"))
def degrees(ptr, deg):
    for i in range(deg.shape[0]):
        count = np.int64(0)
        for k in range(ptr[i], ptr[i + 1]):
            count += 1
        deg[i] = count


@loop(n=size(0, 3), m=size(1, 3), idx=index("n", below="m"), table=data("m", 2), out=data("n", 2))
def gather_rows(table, idx, out):
    for i in range(idx.shape[0]):
        out[i, :] = table[idx[i], :]


@loop(n=size(0, 3), keys=index("n", below=2), place=index(2, below="n"), out=data("n", dtype="int64"))
def place_by_key(keys, place, out):
    for i in range(keys.shape[0]):
        k = keys[i]
        out[place[k] % out.shape[0]] = i
        place[k] += 1


@loop(n=size(1, 4), successor=index("n", below="n"), out=data("n", dtype="int64"))
def follow_links(successor, out):
    at = 0
    for i in range(successor.shape[0]):
        out[i] = at
        at = successor[at]


@loop(n=size(0, 2), m=size(0, 2), image=index("n", "m", below=3), colours=data(3, dtype="float32"),
      out=data("n", "m", dtype="float32"))
def look_up_colours(image, colours, out):
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = colours[image[i, j]]


@loop(n=size(0, 4), idx=index("n", below=3), seen=data(3, dtype="bool"))
def mark_seen(idx, seen):
    for i in range(idx.shape[0]):
        seen[idx[i]] = True


@loop(n=size(0, 3), m=size(1, 3), idx=index("n", below="m"), a=data("m", "n"))
def scatter_by_column(a, idx):
    for i in range(idx.shape[0]):
        a[idx[i], i] = 0.0
