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


DEFINITIONS = {"builtins.sum": add_up, "builtins.any": any_of, "builtins.all": all_of,
               "builtins.divmod": quotient_and_remainder}
