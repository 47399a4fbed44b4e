"""Integers that steer subscripts: reassigned, stepped along, read from arrays."""

from . import loop
from .domain import data, index, integer, size


@loop(n=size(0, 4), a=data("2*n"), b=data("n"))
def step_along_by_two(a, b):
    k = 0
    for i in range(b.shape[0]):
        b[i] = a[k]
        k += 2


@loop(n=size(0, 4), a=data("n"), b=data("n"))
def count_down_beside(a, b):
    k = a.shape[0]
    for i in range(b.shape[0]):
        k -= 1
        b[i] = a[k]


@loop(n=size(0, 4), s=integer(0, 3), a=data("3*n"), b=data("n"))
def store_by_symbol_step(a, b, s):
    k = 0
    for i in range(b.shape[0]):
        a[k] = b[i]
        k = k + s


@loop(n=size(0, 4), a=data("2*n"))
def offset_reassigned_between(a):
    k = a.shape[0] // 2
    for i in range(k):
        a[i + k] = a[i]
    k = 1
    for i in range(a.shape[0] - k):
        a[i] = a[i + k]


@loop(n=size(0, 5), a=data("n+1"))
def offset_changes_inside(a):
    k = 0
    for i in range(a.shape[0] - 1):
        a[i + k] = a[i] + 1.0
        k = 1


@loop(n=size(0, 7), width=integer(1, 3), a=data("n"))
def by_blocks(a, width):
    n = a.shape[0]
    for b in range((n + width - 1) // width):
        low = b * width
        high = min(low + width, n)
        for i in range(low, high):
            a[i] = a[i] * 2.0


@loop(n=size(0, 6), a=data("n"))
def halves(a):
    m = a.shape[0] // 2
    for i in range(m):
        a[i] = 1.0
    m = a.shape[0] - m
    for i in range(m):
        a[a.shape[0] - 1 - i] = 2.0


@loop(n=size(0, 3), nnz=size(0, 3), ptr=index("n+1", below="nnz+1"), val=data("nnz"), scale=data("n"))
def scale_segments(ptr, val, scale):
    for i in range(scale.shape[0]):
        begin = ptr[i]
        end = ptr[i + 1]
        for k in range(begin, end):
            val[k] = val[k] * scale[i]


@loop(n=size(0, 5), a=data("n"), b=data("n"))
def counted_while(a, b):
    i = 0
    while i < a.shape[0]:
        b[i] = a[i] + 1.0
        i += 1


@loop(n=size(0, 6), a=data("n"))
def while_by_twos(a):
    i = a.shape[0] - 1
    while i > 0:
        a[i] = a[i - 1]
        i -= 2


@loop(n=size(0, 4), a=data("n*(n+1)//2"), out=data("n", "n"))
def unpack_by_counter(a, out):
    k = 0
    for i in range(out.shape[0]):
        for j in range(i + 1):
            out[i, j] = a[k]
            k += 1


@loop(n=size(0, 4), m=integer(-2, 3), a=data("n"))
def zero_trip(a, m):
    for i in range(m, 0):
        a[i] = 0.0
    for i in range(min(m, a.shape[0])):
        a[i] = 1.0


@loop(n=size(1, 6), a=data("2*n"))
def doubling_distance(a):
    n = a.shape[0]
    d = 1
    while d < n:
        for i in range(d):
            if i + d < n:
                a[i + d] = a[i] + 1.0
        d *= 2
