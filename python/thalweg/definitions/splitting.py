"""Arrays split along an axis: into equal parts, at given places, into single ones. Views."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import along, demand, is_inexact


def is_sequence(sections):
    return isinstance(sections, (tuple, list)) or np.ndim(sections) != 0


def split_at(ary, places, axis):
    if not isinstance(places, (tuple, list)) and places.ndim != 1:
        raise TypeError("only integer scalar arrays can be converted to a scalar index")
    parts = []
    begin = 0
    for end in tuple(places):
        parts = parts + [along(ary, axis, begin, end)]
        begin = end
    return parts + [along(ary, axis, begin, ary.shape[axis])]


def split_into(ary, indices_or_sections, axis=0):
    sections = indices_or_sections
    place = normalize_axis_index(axis, ary.ndim)
    if is_sequence(sections):
        return split_at(ary, sections, place)
    if is_inexact(np.result_type(sections)):
        raise NotImplementedError("a float as the number of sections, which NumPy cuts to an integer, is not supported")
    if sections <= 0:
        raise ValueError("number sections must be larger than 0.")
    n = ary.shape[place]
    each = n // sections
    longer = n % sections
    parts = []
    for k, _ in enumerate((0,) * sections):
        parts = parts + [along(ary, place, k * each + min(k, longer), (k + 1) * each + min(k + 1, longer))]
    return parts


def split(ary, indices_or_sections, axis=0):
    if not is_sequence(indices_or_sections) and not is_inexact(np.result_type(indices_or_sections)):
        demand(ary.shape[normalize_axis_index(axis, ary.ndim)] % indices_or_sections == 0)
    return split_into(ary, indices_or_sections, axis)


def split_columns(ary, indices_or_sections):
    if ary.ndim == 0:
        raise ValueError("hsplit only works on arrays of 1 or more dimensions")
    return split(ary, indices_or_sections, 1 if ary.ndim > 1 else 0)


def split_rows(ary, indices_or_sections):
    if ary.ndim < 2:
        raise ValueError("vsplit only works on arrays of 2 or more dimensions")
    return split(ary, indices_or_sections, 0)


def split_depth(ary, indices_or_sections):
    if ary.ndim < 3:
        raise ValueError("dsplit only works on arrays of 3 or more dimensions")
    return split(ary, indices_or_sections, 2)


def unstack(x, /, *, axis=0):
    if x.ndim == 0:
        raise ValueError("Input array must be at least 1-d.")
    return tuple(np.moveaxis(x, axis, 0))


DEFINITIONS = {"numpy.array_split": split_into, "numpy.split": split, "numpy.vsplit": split_rows,
               "numpy.hsplit": split_columns, "numpy.dsplit": split_depth, "numpy.unstack": unstack}
