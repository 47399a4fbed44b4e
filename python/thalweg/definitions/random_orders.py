"""Orders of items, and choices among them."""

import numpy as np

from thalweg.definitions.random_bits import next_32, next_64, to_double
from thalweg.definitions.random_integers import fill_integers, up_to

TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))
TOLERANCE_32 = float(np.sqrt(np.finfo(np.float32).eps))


def place_up_to(state, last):
    """A place up to last, which is not 0, from its bits alone: what is too large is drawn again."""
    mask = last | (last >> 1)
    mask |= mask >> 2
    mask |= mask >> 4
    mask |= mask >> 8
    mask |= mask >> 16
    mask |= mask >> 32
    if last > 0xFFFFFFFF:
        found = next_64(state) & mask
        while found > last:
            found = next_64(state) & mask
    else:
        found = next_32(state) & mask
        while found > last:
            found = next_32(state) & mask
    return np.int64(found)


def mix(state, x):
    """Exchanges each item of x but the first with itself or one before it: M. Durstenfeld's algorithm 235."""
    for k in range(x.shape[0] - 1):
        i = x.shape[0] - 1 - k
        j = place_up_to(state, np.uint64(i))
        if x.ndim == 1:
            item = x[i]
            x[i] = x[j]
            x[j] = item
        else:
            items = np.copy(x[i])
            x[i] = x[j]
            x[j] = items


def shuffle(state, x, axis=0):
    if isinstance(x, (tuple, list)):
        raise NotImplementedError("shuffle() of a list is not supported")
    if np.ndim(x) == 0:
        raise TypeError("len() of unsized object")
    x[:0] = x[:0]  # ValueError where x may not be written
    lines = x if axis == 0 else np.swapaxes(x, 0, axis)
    if x.size > 0:  # NumPy draws nothing for no items
        mix(state, lines)


def permutation(state, x, axis=0):
    if isinstance(x, (tuple, list)):
        return permuted(state, np.array(x), axis)
    return permuted(state, x, axis)


def permuted(state, x, axis):
    if np.ndim(x) == 0:
        if not (isinstance(x, int) or isinstance(x, np.integer)):
            raise NotImplementedError("permutation() of a number that is no int is an error in NumPy")
        order = np.arange(x)
        mix(state, order)
        return order
    if np.ndim(x) == 1:
        items = np.copy(x)
        shuffle(state, items, axis)
        return items
    order = np.arange(x.shape[axis])
    mix(state, order)
    return np.take(x, order, axis)


def mix_places(state, x, start):
    """The same for choice(), which draws its places in another way, of all items but the first `start`."""
    for k in range(x.shape[0] - start):
        i = x.shape[0] - 1 - k
        j = np.int64(up_to(state, np.uint64(i)))
        item = x[i]
        x[i] = x[j]
        x[j] = item


def mask_for(count):
    """All bits that count has, and those below them."""
    mask = 1
    while mask < count:
        mask = 2 * mask + 1
    return mask


def different_places(state, among, count, shuffled):
    """So many places below `among`, none of them twice.

    Of many among many the end of what is shuffled, else R. W. Floyd's algorithm (J. Bentley, Programming pearls, 1987).
    """
    if among > 10000 and count > among // (50 if shuffled else 20):
        order = np.arange(among)
        mix_places(state, order, max(among - count, 1))
        return np.copy(order[among - count:])
    found = np.empty(count, np.int64)
    mask = mask_for(2 * count)
    seen = np.full(mask + 1, -1)
    for k in range(count):
        last = among - count + k
        place = np.int64(up_to(state, np.uint64(last)))
        at = place & mask
        while seen[at] != -1 and seen[at] != place:
            at = (at + 1) & mask
        if seen[at] == place:
            place = np.int64(last)
            at = place & mask
            while seen[at] != -1:
                at = (at + 1) & mask
        seen[at] = place
        found[k] = place
    if shuffled:
        mix_places(state, found, 1)
    return found


def items_of(shape):
    count = 1
    for extent in shape if isinstance(shape, (tuple, list)) else (shape,):
        count = count * extent
    return count


def cumulated(p, among):
    """The sums of the first probabilities, of all of which NumPy demands that they are 1 together."""
    weights = p.astype(np.float64)
    if weights.ndim != 1:
        raise ValueError("p must be 1-dimensional")
    if weights.shape[0] != among:
        raise ValueError("a and p must have same size")
    sums = np.empty(weights.shape[0], np.float64)
    plain, total, lost, valid = np.float64(0), np.float64(0), np.float64(0), True
    for k in range(weights.shape[0]):
        plain = plain + weights[k]
        sums[k] = plain
        more = weights[k] - lost  # W. Kahan, Further remarks on reducing truncation errors (CACM 8, 1965)
        next_total = total + more
        lost = (next_total - total) - more
        total = next_total
        valid = valid and not weights[k] < 0
    tolerance = TOLERANCE_32 if p.dtype == np.float32 else TOLERANCE
    if not (valid and abs(total - 1.0) <= tolerance):
        raise ValueError("probabilities are not a number or negative, or their sum is not 1")
    return sums / sums[-1]


def fill_by_sums(state, out, sums):
    for k in range(out.shape[0]):
        x = to_double(next_64(state))
        low, high = 0, sums.shape[0]
        while low < high:
            middle = (low + high) // 2
            if sums[middle] <= x:
                low = middle + 1
            else:
                high = middle
        out[k] = low


def choice(state, a, size=None, replace=True, p=None, axis=0, shuffle=True):
    items = np.array(a) if isinstance(a, (tuple, list)) else a
    shares = np.array(p) if isinstance(p, (tuple, list)) else p
    return choice_of(state, items, size, replace, shares, axis, shuffle)


def choice_of(state, a, size, replace, p, axis, shuffled):
    if isinstance(a, float) or isinstance(a, complex):
        raise ValueError("a must be a sequence or an integer")
    if np.ndim(a) == 0 and not (isinstance(a, int) or isinstance(a, np.integer)):
        raise NotImplementedError("choice() among what is neither an int nor an array of items is not supported")
    among = int(a) if np.ndim(a) == 0 else a.shape[axis]
    count = 1 if size is None else items_of(size)
    if among <= 0 and count != 0:
        raise ValueError("a cannot be empty unless no samples are taken")
    if not replace and count > among:
        raise ValueError("Cannot take a larger sample than population when replace is False")
    places = np.empty(1 if size is None else size, np.int64)
    flat = np.reshape(places, -1)
    if p is not None:
        if not replace:
            raise NotImplementedError("choice() without replacement, with probabilities, is not supported")
        fill_by_sums(state, flat, cumulated(p, among))
    elif replace:
        fill_integers(state, flat, 0, max(among - 1, 0))
    else:
        flat[:] = different_places(state, among, count, shuffled)
    if np.ndim(a) == 0:
        return int(places[0]) if size is None else places
    if size is None:
        return np.copy(np.take(a, places[0], axis)) if np.ndim(a) > 1 else a[places[0]]
    if np.ndim(places) > 0:
        return np.take(a, places, axis)
    if np.ndim(a) > 1:
        raise NotImplementedError("choice() of no dimensions among items of several is not supported")
    item = np.empty((), a.dtype)
    item[...] = a[places]
    return item


DEFINITIONS = {"numpy.random.Generator.shuffle": shuffle, "numpy.random.Generator.permutation": permutation,
               "numpy.random.Generator.choice": choice}
