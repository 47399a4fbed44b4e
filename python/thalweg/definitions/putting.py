"""Values stored at places of the flat array and through masks, again and again where there are more places."""

import numpy as np

from thalweg.definitions.parts import demand, demand_writable, is_complex, is_inexact
from thalweg.definitions.taking import as_array, as_places, within


def spread(values, count, dtype):
    """So many values of one type, the given ones again and again."""
    return np.resize(np.full((1,), values) if np.ndim(values) == 0 else values, (count,)).astype(dtype)


def cast_alone(a, values):
    """What a list or a number becomes in the type of a, item by item."""
    return np.array(values, a.dtype) if isinstance(values, (tuple, list)) else values


def safe_values(a, values):
    """Values that NumPy casts to the type of a: arrays only where that is safe."""
    given = as_array(values)
    if np.ndim(given) == 0 or isinstance(values, (tuple, list)):
        if is_inexact(np.result_type(given)) and not is_inexact(a.dtype):
            raise NotImplementedError("a number with a fraction for an array of integers is not supported here")
    elif np.result_type(a, given) != a.dtype:
        raise TypeError("Cannot cast array data according to the rule 'safe'")
    return cast_alone(a, values)


def put(a, ind, v, mode="raise"):
    if a.ndim == 0 or a.ndim > 3 or is_complex(np.result_type(as_array(v))) and not is_complex(a.dtype):
        raise NotImplementedError("np.put into more than 3 dimensions, or of complex numbers into others, is not "
                                  "supported")
    places = as_array(ind)
    kind = np.result_type(places)
    if is_inexact(kind) and np.isscalar(ind):
        raise NotImplementedError("a float as an index is cut to an integer by NumPy, which is not supported")
    if is_inexact(kind) or kind == np.uint64:
        raise TypeError("Cannot cast array data to dtype('int64') according to the rule 'safe'")
    line = np.full((1,), as_places(places)) if np.ndim(places) == 0 else np.ravel(np.copy(as_places(places)))
    values = np.ravel(np.array(v, a.dtype))
    count = values.shape[0]
    demand_writable(a)
    for k in range(line.shape[0] if count > 0 else 0):
        put_at(a, within(line[k], a.size, mode), values[k % count])


def put_at(a, place, value):
    """Stores at a place of the flat array, which may count from its end."""
    at = place + a.size if place < 0 else place
    if at < 0 or at >= a.size:
        raise IndexError("index is out of bounds for the size of the array")
    if a.ndim == 1:
        a[at] = value
    elif a.ndim == 2:
        a[at // a.shape[1], at % a.shape[1]] = value
    else:
        row = at // a.shape[2]
        a[row // a.shape[1], row % a.shape[1], at % a.shape[2]] = value


def put_mask(a, /, mask, values):
    chosen = as_array(mask)
    demand(chosen.size == a.size)
    if chosen.ndim != a.ndim:
        raise NotImplementedError("np.putmask with a mask of another rank is not supported")
    for extent, other in zip(a.shape, chosen.shape):
        demand(extent == other or a.size == 0)
    given = safe_values(a, values)
    if np.ndim(given) == 0:
        a[chosen != 0] = given
    elif np.size(given) > 0:
        a[...] = np.where(chosen != 0, np.resize(given, a.shape).astype(a.dtype), a)


def place(arr, mask, vals):
    chosen = as_array(mask)
    demand(chosen.size == arr.size)
    if chosen.ndim != arr.ndim:
        raise NotImplementedError("np.place with a mask of another rank is not supported")
    for extent, other in zip(arr.shape, chosen.shape):
        demand(extent == other)
    given = safe_values(arr, vals)
    if np.ndim(given) == 0:
        arr[chosen != 0] = given
    else:
        count = np.count_nonzero(chosen)
        demand(count == 0 or np.size(given) > 0)
        arr[chosen != 0] = spread(given, count, arr.dtype)


DEFINITIONS = {"numpy.put": put, "numpy.putmask": put_mask, "numpy.place": place}
