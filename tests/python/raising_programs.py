"""Functions that raise. In a file of their own: pytest writes the asserts of test files anew."""

LIMIT = 5.0


class Broken(Exception):
    """A user's own."""


def checks_first(a, n, mode="fast"):
    if n < 0:
        raise ValueError(f"n is {n}, a has {a.shape} from {a[0]:.3f} on, {mode}")
    assert n < 100, ("too large",
                     n)
    if n == 7:
        raise Broken
    if n == 8: raise Broken(mode, n) from KeyError("x")  # noqa: E701
    return a + n


def in_a_loop(a, n):
    for i in range(n):
        if a[i] > LIMIT:
            raise OverflowError("at %d: %s" % (i, a[i]))
        a[i] += 1
    return a


def after_a_while(a, n):
    total = a[0] - a[0]
    i = 0
    while i < n:
        total += a[i]
        assert total < 20, total
        i += 1
    return total


def some_ways_return(a, n):
    if n == 3:
        return a * 2
    elif n == 4:
        raise Broken("four")
    elif n > 4:
        if a[0] > 0:
            raise Broken(n, a[0])
        else:
            return a * 3
    return a + 1


def only_one_way_binds(a, n):
    if n > 2:
        b = a * 2
    else:
        raise Broken(n)
    return b


def else_raises(a, n):
    if n > 2:
        b = a * 2
    elif n > 1:
        b = a * 4
    else:
        raise Broken(f"{n:>5}", a.mean())
    return b


def always(a, n):
    a[0] = n
    raise Broken(a.sum(), n)


def a_sum(a, n):
    if not n:
        raise ZeroDivisionError("no n")
    return a.sum() / n


def in_a_callee(a, n):
    a += 1
    return a_sum(a[1:], n - 2)


def names_of_the_outer():
    limit = 3

    def inner(a, n):
        assert n < limit, f"{n} < {limit}, {[k for k in range(n)]}"
        return a

    return inner


def own_name_of_a_builtin(a, n):
    AssertionError = n  # noqa: A001
    assert n > 2, AssertionError
    return a


def message_is_an_error(a, n):
    if n > 2:
        raise Broken(1 // (n - 3))
    return a


def refuse(what):
    raise Broken(what)


def by_a_helper(a, n):
    if n == 2:
        refuse(n)
        return "never"
    elif n > 3:
        b = refuse(a[0])
    else:
        b = a * 2
    return b


def always_by_a_helper(a, n):
    a += 1
    refuse(n)
    return [a, no_such_name]  # noqa: F821
