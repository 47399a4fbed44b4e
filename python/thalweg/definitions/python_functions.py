"""Python's own functions over what can be iterated: item by item, in order, as CPython does it."""


def add_up(iterable, start=0):
    total = start
    for item in iterable:
        total = total + item
    return total


def any_of(iterable):
    for item in iterable:
        if item:
            return True
    return False


def all_of(iterable):
    for item in iterable:
        if not item:
            return False
    return True


def quotient_and_remainder(a, b):
    return a // b, a % b


def smallest(items):
    """The first of equals, and what is compared with NaN stays, as in Python."""
    if items.ndim != 1:
        raise NotImplementedError("min() over an array of several dimensions is not supported")
    if items.shape[0] == 0:
        raise ValueError("min() iterable argument is empty")
    best = items[0]
    for k in range(1, items.shape[0]):
        if items[k] < best:
            best = items[k]
    return best


def largest(items):
    if items.ndim != 1:
        raise NotImplementedError("max() over an array of several dimensions is not supported")
    if items.shape[0] == 0:
        raise ValueError("max() iterable argument is empty")
    best = items[0]
    for k in range(1, items.shape[0]):
        if items[k] > best:
            best = items[k]
    return best


DEFINITIONS = {"builtins.sum": add_up, "builtins.any": any_of, "builtins.all": all_of,
               "builtins.divmod": quotient_and_remainder, "builtins.min.of_array": smallest,
               "builtins.max.of_array": largest}
