"""Bits of bytes, one element each, and back."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from thalweg.definitions.parts import along, demand, flattened, is_inexact


def shift_of(k, bitorder):
    if bitorder != "big" and bitorder != "little":
        raise ValueError("'order' must be either 'little' or 'big'")
    return 7 - k if bitorder == "big" else k


def pack(a, /, axis=None, bitorder="big"):
    if is_inexact(a.dtype):
        raise TypeError("Expected an input array of integer or boolean data type")
    x = flattened(a) if axis is None else a
    place = 0 if axis is None else normalize_axis_index(axis, x.ndim)
    lead, n, rest = x.shape[:place], x.shape[place], x.shape[place + 1:]
    count = (n + 7) // 8
    bits = np.zeros(lead + (8 * count,) + rest, np.uint8)
    along(bits, place, 0, n)[...] = x != 0
    each = np.moveaxis(np.reshape(bits, lead + (count, 8) + rest), place + 1, 0)
    packed = each[0] << shift_of(0, bitorder)
    for k in (1, 2, 3, 4, 5, 6, 7):
        packed = packed | each[k] << shift_of(k, bitorder)
    return packed


def unpack(a, /, axis=None, count=None, bitorder="big"):
    if a.dtype != np.uint8:
        raise TypeError("Expected an input array of unsigned byte data type")
    x = flattened(a) if axis is None else a
    place = 0 if axis is None else normalize_axis_index(axis, x.ndim)
    lead, n, rest = x.shape[:place], x.shape[place], x.shape[place + 1:]
    bits = np.empty(lead + (n, 8) + rest, np.uint8)
    each = np.moveaxis(bits, place + 1, 0)
    for k in (0, 1, 2, 3, 4, 5, 6, 7):
        each[k] = x >> shift_of(k, bitorder) & 1
    whole = np.reshape(bits, lead + (8 * n,) + rest)
    if count is None:
        return whole
    wanted = count if count >= 0 else 8 * n + count
    demand(wanted >= 0)
    out = np.zeros(lead + (wanted,) + rest, np.uint8)
    kept = min(wanted, 8 * n)
    along(out, place, 0, kept)[...] = along(whole, place, 0, kept)
    return out


DEFINITIONS = {"numpy.packbits": pack, "numpy.unpackbits": unpack}
