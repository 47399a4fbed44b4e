"""Sorted copies and the orders that sort: NaNs are last, complex numbers go by their real parts first.

Runs of a line are merged in pairs, so that equals keep their order. Runs differ in length by at most one: half of a
merge can go forwards and half backwards without asking where the runs end, and no branch depends on elements.
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import demand, flattened, is_complex, is_float, places, takes_all

SHORT = 16


def before(left, right):
    """Whether an element comes before another in sorted order: NaNs are last."""
    if is_complex(left.dtype):
        return complex_before(left, right)
    if is_float(left.dtype):
        return np.logical_and(np.logical_not(left >= right), left == left)
    return left < right


def complex_before(left, right):
    """By real and then imaginary parts; behind numbers those with NaN as imaginary, as real part, as both."""
    x, y = np.real(left), np.real(right)
    u, v = np.imag(left), np.imag(right)
    rank = 2 * (x != x) + (u != u)
    other = 2 * (y != y) + (v != v)
    within = np.logical_or(x < y, np.logical_and(np.logical_not(x > y), u < v))
    return np.logical_or(rank < other, np.logical_and(rank == other, within))


def ahead(left, right):
    """Whether an element comes before another where no float is NaN."""
    return complex_before(left, right) if is_complex(left.dtype) else left < right


def numbers_first(line, both, orders):
    """Puts a line, its NaNs last, into the front half of both; how many elements are not NaN."""
    count = 0
    for k in range(line.shape[0]):
        value = line[k]
        both[count] = value
        if orders is not None:
            orders[count] = k
        count += 1 if value == value else 0
    if count < line.shape[0]:
        at = count
        for k in range(line.shape[0]):
            if line[k] != line[k]:
                both[at] = line[k]
                if orders is not None:
                    orders[at] = k
                at += 1
    return count


def insert_each(x, orders, lo, hi):
    """Sorts x[lo:hi] by insertion, and moves what stands in orders, if that is not None, with the elements."""
    for k in range(lo + 1, hi):
        value = x[k]
        order = 0 if orders is None else orders[k]
        j = k
        while j > lo and ahead(value, x[j - 1]):
            x[j] = x[j - 1]
            if orders is not None:
                orders[j] = orders[j - 1]
            j -= 1
        x[j] = value
        if orders is not None:
            orders[j] = order


def sort_line(line, both, orders, into):
    """Puts a line, sorted, into another; or, if orders is not None, where its elements stood.

    both, and orders if it is not None, are twice as long as the line; the halves hold the runs in turn.
    """
    n = line.shape[0]
    if is_float(line.dtype):
        n = numbers_first(line, both, orders)
    else:
        both[:n] = line
        if orders is not None:
            orders[:n] = np.arange(n)
    runs = 1
    while SHORT * runs < n:
        runs = 2 * runs
    for run in range(runs):
        insert_each(both, orders, n * run // runs, n * (run + 1) // runs)
    of = 0
    to = line.shape[0]
    while runs > 1:
        lo = 0
        for run in range(0, runs, 2):
            mid = n * (run + 1) // runs
            hi = n * (run + 2) // runs
            each = min(mid - lo, hi - mid)
            front, back = np.int64(to + lo), np.int64(to + hi - 1)
            j, b = np.int64(of + mid), np.int64(of + hi - 1)  # the next of the second run from its front and its back
            others, other_ends = of + lo + j, of + mid - 1 + b  # j and the next of the first run, b and that together
            for k in range(each):
                i = others + k - j
                left, right = both[i], both[j]
                second = ahead(right, left)
                both[front + k] = right if second else left
                if orders is not None:
                    orders[front + k] = orders[j if second else i]
                j += second
                i = other_ends - k - b
                left, right = both[i], both[b]
                second = ahead(right, left)
                both[back - k] = left if second else right
                if orders is not None:
                    orders[back - k] = orders[i if second else b]
                b -= not second
            if hi - lo > 2 * each:
                i = j if j <= b else others + each - j
                both[front + each] = both[i]
                if orders is not None:
                    orders[front + each] = orders[i]
            lo = hi
        runs = runs // 2
        of, to = to, of
    ordered = both if orders is None else orders
    into[n:] = ordered[n:line.shape[0]]
    into[:n] = ordered[of:of + n]


def lines_along(a, place):
    """A copy of a in two dimensions, whose rows are the lines along an axis."""
    moved = np.copy(np.swapaxes(a, place, -1))
    return np.reshape(moved, (places(moved.shape[:-1]), moved.shape[-1]))


def as_before(lines, shape, place):
    """Such lines, put back along the axis of an array of a shape."""
    turned = ()
    for d, n in enumerate(shape):
        turned = turned + (shape[-1] if d == place else shape[place] if d == len(shape) - 1 else n,)
    moved = np.reshape(lines, turned)
    return moved if place == len(shape) - 1 else np.copy(np.swapaxes(moved, place, -1))


def sort_rows(lines):
    """Sorts each row in place."""
    both = np.empty(2 * lines.shape[1], lines.dtype)
    for k in range(lines.shape[0]):
        sort_line(lines[k], both, None, lines[k])


def order_rows(lines):
    """Where the elements of each row stand in sorted order."""
    out = np.reshape(np.empty(lines.size, np.int64), lines.shape)
    both = np.empty(2 * lines.shape[1], lines.dtype)
    orders = np.empty(2 * lines.shape[1], np.int64)
    for k in range(lines.shape[0]):
        sort_line(lines[k], both, orders, out[k])
    return out


def asks_for_stable(kind, order, stable):
    """Whether equal elements must keep their order; what is an error in NumPy is refused."""
    if order is not None:
        raise NotImplementedError("sorting with order is an error in NumPy")
    if kind is None:
        return stable is not None and stable
    if stable is not None:
        raise NotImplementedError("sorting with kind and stable at once is an error in NumPy")
    if kind != "quicksort" and kind != "heapsort" and kind != "mergesort" and kind != "stable":
        raise NotImplementedError("sorting of this kind is an error in NumPy")
    return kind == "stable" or kind == "mergesort"


def sort(a, axis=-1, kind=None, order=None, *, stable=None):
    """Always stable, which is one of the results that NumPy's other kinds may have."""
    stays = asks_for_stable(kind, order, stable)
    source = flattened(a) if axis is None else a
    place = normalize_axis_index(-1 if axis is None else axis, source.ndim)
    lines = lines_along(source, place)
    sort_rows(lines)
    return as_before(lines, source.shape, place)


def sort_in_place(self, axis=-1, kind=None, order=None, *, stable=None):
    self[...] = sort(self, axis, kind, order, stable=stable)


def order_of(a, axis=-1, kind=None, order=None, *, stable=None):
    asks_for_stable(kind, order, stable)  # equal elements keep their order, which NumPy's other kinds leave open
    flat = takes_all(a, axis)
    source = flattened(a) if flat else a
    place = normalize_axis_index(-1 if flat else axis, source.ndim)
    return as_before(order_rows(lines_along(source, place)), source.shape, place)


def order_by_several(keys, axis=-1):
    """Sorts by the first key, then stably by the next, and so on: the last one decides first."""
    if isinstance(keys, tuple) or isinstance(keys, list):
        if len(keys) == 0:
            raise NotImplementedError("np.lexsort of no keys is an error in NumPy")
        given = tuple([np.array(key) if isinstance(key, (tuple, list)) else key for key in keys])
        shape = given[0].shape
        place = normalize_axis_index(axis, len(shape))
        orders = order_rows(lines_along(given[0], place))
        for key in given[1:]:
            if key.ndim != len(shape):
                raise NotImplementedError("np.lexsort of keys of several shapes is an error in NumPy")
            for extent, other in zip(key.shape, shape):
                demand(extent == other)
            reorder(orders, lines_along(key, place))
        return as_before(orders, shape, place)
    if np.ndim(keys) < 2:
        raise NotImplementedError("np.lexsort of the numbers in an array of 1 dimension is not supported")
    if keys.shape[0] == 0:
        raise TypeError("need sequence of keys with len > 0 in lexsort")
    place = normalize_axis_index(axis, keys.ndim - 1)
    orders = order_rows(lines_along(keys[0], place))
    for k in range(1, keys.shape[0]):
        reorder(orders, lines_along(keys[k], place))
    return as_before(orders, keys.shape[1:], place)


def reorder(orders, lines):
    """Sorts each row of orders by the elements that it names in a row of lines."""
    for k in range(orders.shape[0]):
        lines[k] = lines[k][orders[k]]
    better = order_rows(lines)
    for k in range(orders.shape[0]):
        orders[k] = orders[k][better[k]]


def sort_as_complex(a):
    ordered = np.sort(a)
    if is_complex(a.dtype):
        return ordered
    small = a.dtype == np.int8 or a.dtype == np.uint8 or a.dtype == np.int16 or a.dtype == np.uint16
    return ordered.astype(np.complex64 if small else np.complex128)


DEFINITIONS = {"numpy.sort": sort, "numpy.ndarray.sort": sort_in_place, "numpy.argsort": order_of, "numpy.lexsort": order_by_several,
               "numpy.sort_complex": sort_as_complex}
