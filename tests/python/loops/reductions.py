"""Accumulations: integer and boolean ones are free in order, floating-point ones are not."""

import numpy as np

from . import loop
from .domain import choice, data, index, size


@loop(n=size(0, 5), a=data("n"), out=data(1))
def sum_float(a, out):
    s = 0.0
    for i in range(a.shape[0]):
        s += a[i]
    out[0] = s


@loop(n=size(0, 5), a=data("n", dtype="int64"))
def sum_integer(a):
    s = np.int64(0)
    for i in range(a.shape[0]):
        s += a[i]
    return s


@loop(n=size(0, 5), a=data("n", dtype="int32"))
def product_integer(a):
    p = np.int32(1)
    for i in range(a.shape[0]):
        p = p * a[i]
    return p


@loop(n=size(0, 4), a=choice("n"))
def count_positive(a):
    count = 0
    for i in range(a.shape[0]):
        if a[i] > 0.0:
            count += 1
    return count


@loop(n=size(0, 4), a=choice("n"))
def any_negative(a):
    found = False
    for i in range(a.shape[0]):
        if a[i] < 0.0:
            found = True
    return found


@loop(n=size(0, 5), mask=data("n", dtype="bool"))
def all_true(mask):
    good = np.bool_(True)
    for i in range(mask.shape[0]):
        good = good & mask[i]
    return good


@loop(n=size(1, 4), a=choice("n", values=(1, 2), dtype="int64"))
def maximum_integer(a):
    top = a[0]
    for i in range(1, a.shape[0]):
        top = max(top, a[i])
    return top


@loop(n=size(1, 4), a=choice("n", values=(1, 2), dtype="int32"))
def minimum_by_if(a):
    least = a[0]
    for i in range(1, a.shape[0]):
        if a[i] < least:
            least = a[i]
    return least


@loop(n=size(1, 4), a=choice("n"))
def maximum_float(a):
    top = a[0]
    for i in range(1, a.shape[0]):
        top = max(top, a[i])
    return top


@loop(n=size(1, 4), a=choice("n", values=(1, 2)))
def where_is_maximum(a):
    best = a[0]
    where = 0
    for i in range(1, a.shape[0]):
        if a[i] > best:
            best = a[i]
            where = i
    return where


@loop(n=size(0, 4), keys=index("n", below=3), hist=data(3, dtype="int64"))
def histogram(keys, hist):
    for i in range(keys.shape[0]):
        hist[keys[i]] += 1


@loop(n=size(0, 4), keys=index("n", below=3), weights=data("n"), hist=data(3))
def weighted_histogram(keys, weights, hist):
    for i in range(keys.shape[0]):
        hist[keys[i]] += weights[i]


@loop(n=size(0, 4), m=size(0, 4), a=data("n", "m"), out=data("n"))
def row_sums(a, out):
    for i in range(a.shape[0]):
        s = 0.0
        for j in range(a.shape[1]):
            s += a[i, j]
        out[i] = s


@loop(n=size(0, 4), m=size(0, 4), a=data("n", "m", dtype="int32"), total=data("m", dtype="int32"))
def column_counts(a, total):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total[j] += a[i, j]


@loop(n=size(0, 5), words=data("n", dtype="uint32"))
def xor_checksum(words):
    check = np.uint32(0)
    for i in range(words.shape[0]):
        check = check ^ words[i]
    return check


@loop(n=size(0, 5), a=data("n", dtype="int64"), b=data("n", dtype="int64"))
def credits_and_debits(a, b):
    balance = np.int64(100)
    for i in range(a.shape[0]):
        balance += a[i]
        balance -= b[i]
    return balance


@loop(n=size(0, 5), a=data("n", dtype="int64"))
def sum_then_double(a):
    s = np.int64(1)
    for i in range(a.shape[0]):
        s += a[i]
        s *= 2
    return s


@loop(n=size(0, 3), m=size(0, 3), p=size(0, 3), a=data("n", "p", dtype="int64"), b=data("p", "m", dtype="int64"),
      c=data("n", "m", dtype="int64"))
def product_of_integer_matrices(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


@loop(n=size(0, 5), z=data("n", dtype="complex128"), out=data(1))
def norm_squared(z, out):
    s = 0.0
    for i in range(z.shape[0]):
        s += z[i].real * z[i].real + z[i].imag * z[i].imag
    out[0] = s


@loop(n=size(0, 4), votes=data("n", dtype="int64"), total=data(1, dtype="int64"))
def partial_sums_seen(votes, total):
    for i in range(votes.shape[0]):
        total[0] += votes[i]
        votes[i] = total[0]
