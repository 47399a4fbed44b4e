"""What np.r_, np.c_, np.ogrid and np.mgrid make of an index: rows of arrays, and grids of evenly spaced numbers."""

import numpy as np


def is_count(step):
    """An imaginary step says how many numbers there are, both ends among them."""
    return np.iscomplexobj(0 if step is None else step)


def numbers_of(each):
    """The numbers that a slice stands for."""
    begin = 0 if each.start is None else each.start
    if each.stop is None:
        raise NotImplementedError("a slice without an end is not supported here")
    if is_count(each.step):
        return np.linspace(begin, each.stop, int(np.abs(each.step)))
    return np.arange(begin, each.stop, 1 if each.step is None else each.step)


def is_number(each):
    return not isinstance(each, (slice, tuple, list)) and np.ndim(each) == 0


def with_ones(x, ndmin, place):
    """The array with as many dimensions as asked for; its own come where `place` says, -1 for the last ones."""
    more = ndmin - x.ndim
    if more <= 0:
        return x
    wide = np.reshape(x, (1,) * more + x.shape)
    if place == -1:
        return wide
    before = place + more + 1 if place < 0 else place
    dimensions = tuple([d for d, _ in enumerate((0,) * ndmin)])
    return np.transpose(wide, dimensions[:before] + dimensions[more:] + dimensions[before:more])


def line_among(numbers, ndmin, place):
    """The numbers of a slice, which lie along the last dimension or, exchanged with it, another."""
    wide = np.reshape(numbers, (1,) * (ndmin - 1) + numbers.shape)
    return wide if place == -1 or ndmin == 1 else np.swapaxes(wide, -1, place)


def joined(items, axis, ndmin, place):
    """One behind the other; Python's numbers do not widen the type."""
    kinds, parts = (), ()
    for each in items:
        if isinstance(each, slice):
            numbers = numbers_of(each)
            parts, kinds = parts + (line_among(numbers, ndmin, place),), kinds + (np.empty(0, numbers.dtype),)
        elif is_number(each):
            parts, kinds = parts + (each,), kinds + (each,)
        else:
            x = np.array(each) if isinstance(each, (tuple, list)) else each
            parts, kinds = parts + (with_ones(x, ndmin, place),), kinds + (np.empty(0, x.dtype),)
    kind = np.result_type(*kinds)
    whole = ()
    for each in parts:
        whole = whole + ((np.full((1,) * ndmin, each, kind) if is_number(each) else each.astype(kind)),)
    return np.concatenate(whole, axis=axis)


def grid_type(slices):
    """The type of the numbers on all axes: that of Python's arithmetic with their begins, ends and steps."""
    kinds = (0,)
    for each in slices:
        step = 1 if each.step is None else each.step
        kinds = kinds + (0 if each.start is None else each.start, each.stop, 1.0 if is_count(step) else step)
    return np.result_type(*kinds)


def axis_of_grid(each, kind):
    begin = 0 if each.start is None else each.start
    step = 1 if each.step is None else each.step
    if not is_count(step):
        return np.arange(int(np.ceil((each.stop - begin) / step))).astype(kind) * step + begin
    count = int(np.abs(step))
    apart = (each.stop - begin) / float(count - 1) if count != 1 else 1
    return np.arange(count).astype(kind) * apart + begin


def check_slices(slices):
    for each in slices:
        if not isinstance(each, slice) or each.stop is None:
            raise NotImplementedError("a grid needs a slice with an end for each dimension")


def line(each):
    """The grid of one dimension."""
    check_slices((each,))
    if is_count(each.step):
        return axis_of_grid(each, grid_type((each,)))
    return numbers_of(each)


def open_grid(index):
    if not isinstance(index, tuple):
        return line(index)
    check_slices(index)
    kind = grid_type(index)
    axes = ()
    for k, each in enumerate(index):
        numbers = axis_of_grid(each, kind)
        axes = axes + (np.reshape(numbers, (1,) * k + numbers.shape + (1,) * (len(index) - 1 - k)),)
    return axes


def full_grid(index):
    if not isinstance(index, tuple):
        return line(index)
    axes = open_grid(index)
    shape = (len(axes),)
    for k, each in enumerate(axes):
        shape = shape + (each.shape[k],)
    out = np.empty(shape, axes[0].dtype)
    for k, each in enumerate(axes):
        out[k] = each
    return out


DEFINITIONS = {"numpy.r_.joined": joined, "numpy.ogrid": open_grid, "numpy.mgrid.of_numbers": full_grid}
