"""Values chosen by conditions: select, piecewise, copyto."""

import numpy as np

from thalweg.definitions.parts import inside, is_complex, is_inexact


def level(kind):
    """NumPy's order of kinds: bool, unsigned and signed integers, real, complex numbers."""
    if is_complex(kind):
        return 4
    if is_inexact(kind):
        return 3
    if kind == np.bool_:
        return 0
    return 1 if kind == np.uint8 or kind == np.uint16 or kind == np.uint32 or kind == np.uint64 else 2


def of_kind(x, kind):
    """Cast as arrays are, without a check of what a Python number is."""
    if np.ndim(x) == 0:
        return np.full((1,), x)[0].astype(kind)
    return x.astype(kind)


def select(condlist, choicelist, default=0):
    if not isinstance(condlist, (tuple, list)) or not isinstance(choicelist, (tuple, list)):
        raise NotImplementedError("np.select takes its conditions and choices in lists here")
    if len(condlist) != len(choicelist) or len(condlist) == 0:
        raise ValueError("list of cases must be same length as list of conditions")
    return chosen_among([as_array(each) for each in condlist], [as_array(each) for each in choicelist], default)


def as_array(items):
    return np.array(items) if isinstance(items, (tuple, list)) else items


def chosen_among(condlist, choicelist, default):
    shaped = False
    for k, condition in enumerate(condlist):
        if np.result_type(condition) != np.bool_:
            raise TypeError("invalid entry in condlist: should be boolean ndarray")
        shaped = shaped or np.ndim(condition) > 0 or np.ndim(choicelist[k]) > 0
    if not shaped:
        raise NotImplementedError("np.select of numbers is an array of no dimensions, which is not supported")
    kind = np.result_type(*choicelist, default)
    for choice in choicelist:
        if level(np.result_type(choice)) > level(kind):  # a Python int beside unsigned integers
            raise TypeError("Cannot cast according to the rule 'same_kind'")
    chosen = of_kind(default, kind)
    for k, _ in enumerate(condlist):
        at = len(condlist) - 1 - k
        chosen = np.where(condlist[at], of_kind(choicelist[at], kind), chosen)
    return chosen


def piecewise(x, condlist, funclist):
    """Where the conditions hold, the last one counts; one function more is for where none holds."""
    if np.ndim(x) == 0:
        raise NotImplementedError("np.piecewise of a number is an array of no dimensions, which is not supported")
    conditions = condlist
    if not isinstance(condlist, (tuple, list)):
        if np.ndim(condlist) != 1:
            raise NotImplementedError("np.piecewise takes conditions of several dimensions in a list here")
        inside(0, condlist.shape[0])
        conditions = [condlist]
    if len(funclist) != len(conditions) and len(funclist) != len(conditions) + 1:
        raise ValueError("np.piecewise takes as many functions as conditions, or one more")
    for one in conditions:
        if np.ndim(one) != np.ndim(x):
            raise NotImplementedError("np.piecewise with conditions of other dimensions is not supported")
    y = np.zeros(x.shape, x.dtype)
    if len(funclist) > len(conditions):
        other = np.ones(x.shape, np.bool_)
        for one in conditions:
            other = np.logical_and(other, np.logical_not(one))
        set_where(y, other, funclist[len(funclist) - 1], x)
    for k, one in enumerate(conditions):
        set_where(y, one.astype(np.bool_), funclist[k], x)
    return y


def set_where(y, chosen, function, x):
    """A number, or what a function makes of the elements of x; it is not called for none."""
    if isinstance(function, (int, float, complex, np.generic)):
        y[chosen] = function
    elif bool(np.any(chosen)):
        y[chosen] = function(x[chosen])


def copy_to(dst, src, casting="same_kind", where=True):
    if casting != "same_kind":
        raise NotImplementedError("np.copyto with another casting is not supported")
    given = np.array(src) if isinstance(src, (tuple, list)) else src
    if np.result_type(where) != np.bool_:
        raise TypeError("Cannot cast array data to dtype('bool') according to the rule 'safe'")
    own = level(np.result_type(given))
    if isinstance(given, int) and not isinstance(given, np.generic) and own > 0:
        own = 1 if level(dst.dtype) > 0 else 2
    if own > level(dst.dtype):
        raise TypeError("Cannot cast according to the rule 'same_kind'")
    stored = np.array(given) if isinstance(given, np.generic) else given  # cast, not asked for its int
    if np.ndim(where) == 0:
        if where:
            dst[...] = stored
        else:
            np.empty(dst.shape, dst.dtype)[...] = stored  # it must fit all the same
    else:
        chosen = np.empty(dst.shape, np.bool_)
        chosen[...] = where
        values = np.empty(dst.shape, dst.dtype)
        values[...] = stored
        dst[...] = np.where(chosen, values, dst)


DEFINITIONS = {"numpy.select": select, "numpy.piecewise": piecewise, "numpy.copyto": copy_to}
