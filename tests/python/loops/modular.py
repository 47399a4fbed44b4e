"""Subscripts with remainders, floor divisions and products of symbols."""

from . import loop
from .domain import data, integer, size


@loop(n=size(1, 5), k=integer(0, 5), a=data("n"), b=data("n"))
def rotate_by(a, b, k):
    n = a.shape[0]
    for i in range(n):
        b[(i + k) % n] = a[i]


@loop(n=size(0, 5), m=integer(1, 3), a=data("n"), ring=data("m"))
def into_a_ring(a, ring, m):
    for i in range(a.shape[0]):
        ring[i % m] = a[i]


@loop(n=size(0, 5), m=integer(1, 3), out=data("n"), table=data("m"))
def from_a_ring(out, table, m):
    for i in range(out.shape[0]):
        out[i] = table[i % m]


@loop(n=size(0, 6), a=data("n"), pairs=data("n//2+1"))
def last_of_pairs(a, pairs):
    for i in range(a.shape[0]):
        pairs[i // 2] = a[i]


@loop(n=size(0, 4), a=data("n"), wide=data("2*n"))
def repeat_each(a, wide):
    for i in range(wide.shape[0]):
        wide[i] = a[i // 2]


@loop(n=size(0, 3), m=size(0, 3), a=data("n", "m"), flat=data("n*m"))
def flatten(a, flat):
    m = a.shape[1]
    for i in range(a.shape[0]):
        for j in range(m):
            flat[i * m + j] = a[i, j]


@loop(n=size(0, 3), m=size(1, 3), a=data("n", "m"), flat=data("n*m"))
def unflatten(a, flat):
    m = a.shape[1]
    for i in range(flat.shape[0]):
        a[i // m, i % m] = flat[i]


@loop(n=size(0, 6), a=data("n"), b=data("n"))
def every_third_place(a, b):
    n = a.shape[0]
    for i in range(n):
        b[(3 * i) % n] = a[i]


@loop(n=size(0, 5), a=data("n"))
def neighbours_on_a_circle(a):
    n = a.shape[0]
    for i in range(n):
        a[i] = 0.5 * (a[(i + 1) % n] + a[i])


@loop(n=size(0, 3), m=size(0, 2), p=size(0, 3), q=size(0, 2), a=data("n", "m", dtype="int64"),
      b=data("p", "q", dtype="int64"), c=data("n*p", "m*q", dtype="int64"))
def kronecker(a, b, c):
    p = b.shape[0]
    q = b.shape[1]
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            for k in range(p):
                for l in range(q):
                    c[i * p + k, j * q + l] = a[i, j] * b[k, l]
