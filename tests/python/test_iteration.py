"""Loops over arrays, tuples, enumerate, zip and reversed; what NumPy's definitions in Python text give."""

import numpy as np
import pytest

import thalweg
from support import check
from tolerance import same_bits

CASES = []


def case(*arguments):
    def wrap(function):
        CASES.append((thalweg.program(strict=True)(function), function, arguments))
        return function

    return wrap


def array(*shape, dtype=np.float64):
    return (np.random.default_rng(len(shape)).random(shape) * 10 - 4).astype(dtype)


@case(array(5), array(3, 4), array(4, dtype=np.int32))
def over_arrays(a, b, k):
    total = 0.0
    for x in a:
        total += x * 2
    rows = np.zeros(4)
    for row in b:
        rows += row
        row[0] = 7.0
    count = 0
    for i in k:
        if i < 0:
            continue
        if i > 4:
            break
        count += i
    for last in a[1:]:
        pass
    return total, rows, b, count, last


@case(array(5))
def what_the_loop_writes_is_read(a):
    for x in a:
        a[1:] = a[1:] + x
    return a


@case(array(4))
def rebound_inside(a):
    total = 0.0
    for x in a:
        a = np.zeros(4)
        total += x + a[0]
    return total, a


@case(array(4), array(6), 3)
def counted(a, b, n):
    out = np.zeros(4)
    for i, x in enumerate(a):
        out[i] = x * i
    for i, (x, y) in enumerate(zip(a, b), 2):
        out[i - 2] += x * y + i
    for i, x in zip(range(n, 0, -1), b):
        out[i] -= x
    for x in reversed(b):
        out[0] = out[0] / 2 + x
    for i in reversed(range(1, n)):
        out[i] = out[i - 1]
    return out


@case(array(4, 4))
def unrolled(a):
    for here, left, scale in ((-1, -2, 0.5), (0, 1, 2.0)):
        a[:, here] = a[:, left] * scale
    for k in (1, 2):
        a[k] += k
    for name, factor in (("x", 2), ("y", 3)):
        if name == "y":
            a *= factor
    return a


@case(array(5), array(3, 4), array(2, 3, 4), np.arange(7), array(4).astype(np.complex128))
def spread(a, b, c, k, z):
    return (np.std(a), np.var(b, axis=0), np.std(b, axis=1, keepdims=True), np.std(c, axis=(0, 2)), np.var(a, ddof=1),
            np.std(k), b.std(), np.var(z), np.std(b.astype(np.float32), axis=0))


@case(array(5), array(3, 4), array(2, 3, 4), np.arange(7))
def places(a, b, c, k):
    f = np.flip(a)
    f[0] = 100.0  # a view
    return (f, np.flip(b), np.flip(b, 0), np.flip(c, -1), np.fliplr(b), np.triu(b), np.tril(b, -1), np.triu(k.reshape(1, 7), 3),
            np.repeat(a, 3), np.repeat(b, 2, axis=1), np.repeat(c, 2, 0), np.trace(b), k.repeat(2))


@case(array(5), array(3), array(3, 4), np.arange(4))
def joined(a, b, c, k):
    return (np.add.outer(a, b), np.multiply.outer(b, c), np.minimum.outer(a, a), np.concatenate((a, b, k)),
            np.hstack((c, c[:, :2])), np.vstack((c, k)), np.stack((b, b * 2)), np.stack((b, b * 2), axis=1),
            np.concatenate([c, c], axis=-1), np.hstack((a, b)))


@case(4, 3)
def grids(n, m):
    i, j = np.mgrid[0:n, 1:m]
    g = np.mgrid[2:n:2]
    e = np.linspace(0, 10, n, dtype=np.int64)
    return i * 10 + j, g, np.mgrid[0:n, 0:m, 0:2], e, np.linspace(0.0, 1.0, m, dtype=np.float32)


@case(array(6), array(4, 5), array(2, 3, 4), array(6) > 0)
def masked(a, b, c, m):
    a[m] = a[m] * 2
    b[b > 1] = b[b > 1] ** 2
    c[c < 0] = -c[c < 0]
    a[a > 100] = a[:1]
    d = np.zeros(6, np.int32)
    d[m] = a[m]
    return a, b, c, d


@case(array(6), array(2))
def masked_of_another_number(a, b):
    a[a > 0] = b
    return a


@case(array(6), array(4, 5), np.array([0, 2, 2, -1]), np.array([1, 1, 0, 4]), array(4))
def scattered(a, b, i, j, v):
    a[i] = v
    b[i, j] = v * 2
    b[i[:2], j[1]] = 9
    a[i[1:]] = a[i[:-1]]
    return a, b


@case(array(6), np.array([0, 2, 6, 1]))
def scattered_out_of_bounds(a, i):
    a[i] = 1.0
    return a


@case(array(2, 3, 4), array(4, 5), array(2, 4, 3), array(2, 2, 3, 4))
def products(a, b, c, d):
    return a @ b, a @ c, np.matmul(d, b), a[:1] @ c


@case(array(2, 3, 4), array(5, 2))
def products_that_do_not_fit(a, b):
    return a @ b


@case(array(2, 3, 4), array(3, 4, 2))
def stacks_of_other_lengths(a, b):
    return a @ b


@case(np.ones((0, 3, 4)), np.ones((5, 2)))
def no_products_that_do_not_fit(a, b):
    return a @ b


@case(np.ones((0, 3, 4)), np.ones((4, 2)), np.ones((1, 4, 2), np.float32), np.ones((2, 0, 4)))
def empty_products(a, b, c, d):
    return a @ b, a @ c, d @ b


@case(array(3, 4))
def flip_of_no_axis(a):
    return np.flip(a, 5)


@case(array(3, 4))
def repeat_of_no_axis(a):
    return np.repeat(a, 2, axis=-3)


@case(array(3), 1)
def repeat_of_the_second_axis(a, axis):
    return np.repeat(a, 2, axis)


@case(array(3, 4), 1)
def axis_at_run_time(a, axis):
    return np.flip(a, axis), np.repeat(a, 2, axis), np.std(a, axis)


@case(3, 2)
def reversed_grid(n, m):
    return np.mgrid[n:m], np.mgrid[0:-n]


@case(3, 2)
def reversed_grids(n, m):
    return np.mgrid[0:m, n:m]


@case(array(3, 4), array(2, 3, 4), 3)
def reshaped(a, b, n):
    c = np.reshape(a.T, (2, 6)) * 2 + a.T.ravel().sum()
    d = b[1].reshape(12)
    d[3] = 50.0  # a view
    e = b[0, 1:n].reshape(-1)
    e += 1
    total = np.zeros(12)
    for i in range(2):
        total += b[i].reshape(12) * (i + 1) + np.ravel(b[i].T)
    f = np.zeros((2, 5))
    g = f[:, 1:5]
    h = g.reshape(8) + g[1, 1]
    return c, d, e, b, total, h


def close(found, wanted):
    return np.shape(found) == np.shape(wanted) and np.allclose(found, wanted, rtol=1e-14, atol=0, equal_nan=True)


def close_after_a_sum(found, wanted):  # of numbers of both signs
    return np.shape(found) == np.shape(wanted) and np.allclose(found, wanted, rtol=1e-12, atol=0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1].__name__)
def test_equals_numpy(case):
    program, function, arguments = case
    tolerances = {"products": close, "spread": close, "reshaped": close_after_a_sum}
    check(program, arguments, tolerances.get(function.__name__, np.array_equal))


def test_nothing_is_written_where_an_index_is_out_of_bounds():
    @thalweg.program
    def local(a, i, j):
        a[i] = 1.0
        return a

    a = np.zeros(6)
    with pytest.raises(IndexError):
        local(a, np.array([0, 2, 6]), 1)
    assert not a.any()


def kept_reshape(a):
    b = a.T.reshape(4)
    return b + 1


def written_reshape(a):
    a.T.reshape(4)[1] = 2.0
    return a


def returned_reshape(a):
    return (a, a.T.ravel())


@pytest.mark.parametrize("function", [kept_reshape, written_reshape, returned_reshape], ids=lambda f: f.__name__)
def test_reshapes_that_copy(function):
    check(function, [np.arange(4.0).reshape(2, 2)], np.array_equal)


def test_refusals_are_at_the_call():
    @thalweg.program
    def written(a):
        for i in range(1, 3):
            b = a[:i].T.reshape(-1)
            b[0] = 1
        return a

    with pytest.raises(NotImplementedError, match="a view in NumPy") as caught:
        written(np.ones((2, 2)))
    assert caught.value.code == "TW1071"

    @thalweg.program
    def several(a):
        return np.median(a, axis=(0, 1), overwrite_input=True)

    @thalweg.program
    def over_a_number(a):
        for x in a[0]:
            a[1] = x
        return a

    with pytest.raises(TypeError, match="is not iterable") as caught:
        over_a_number(np.ones(3))
    assert caught.value.code == "TW1090"
    with pytest.raises(NotImplementedError) as caught:
        several(np.ones((2, 2)))
    assert caught.value.code == "TW1085"
    assert "np.median(a, axis=(0, 1)" in str(caught.value) and "definitions" not in str(caught.value)


def wrong_join(a):
    return np.concatenate(a)


def unlike_join(a):
    return np.concatenate((a, a.reshape(1, 4)))


def endless_grid(a):
    return np.mgrid[2:]


def class_test(a):
    return isinstance(a, thalweg.Program)


@pytest.mark.parametrize("function, code", [(wrong_join, "TW1086"), (unlike_join, "TW1087"), (endless_grid, "TW1088"),
                                            (class_test, "TW1089")])
def test_codes(function, code):
    with pytest.raises(thalweg.CompileError) as caught:
        thalweg.program(function)(np.ones(4))
    assert caught.value.code == code


def test_the_index_of_definitions_is_true():
    from importlib import import_module
    from pathlib import Path

    import thalweg.definitions as definitions
    from thalweg.definitions.index import FAMILIES

    files = {path.stem for path in Path(definitions.__file__).parent.glob("*.py")} - {"__init__", "index", "parts"}
    assert files == set(FAMILIES)
    for family, paths in FAMILIES.items():
        assert list(import_module(f"thalweg.definitions.{family}").DEFINITIONS) == paths.split()


def four_around(y, i):
    a, b, c, d = y[i - 1:i + 3]
    return a + 10 * b + 100 * c + 1000 * d


def first_and_last_above(x, least):
    first, last = x[x > least]
    return first - last


def test_items_to_unpack_are_counted_when_it_runs():
    y = np.arange(8.0)
    for i in (1, 3, 5, 6, 7, 0):
        check(four_around, (y, i), same_bits)
    for least in (5.5, 6.5, 4.5, 20):
        check(first_and_last_above, (y, least), same_bits)
    with pytest.raises(ValueError, match=r"too many values to unpack \(expected 2"):
        thalweg.program(first_and_last_above)(y, 0)
    with pytest.raises(ValueError, match=r"not enough values to unpack \(expected 2, got 1\)"):
        thalweg.program(first_and_last_above)(y, 6.5)


def root_of_a_whole_number(n):
    return n ** 0.5, n ** -1.5 if n > 0 else 0.0, int(n ** 0.5) + 1


def test_broken_powers_of_whole_numbers():
    for n in (0, 1, 2, 99, 10**12):
        check(root_of_a_whole_number, (n,), same_bits)
    with pytest.raises(thalweg.CompileError, match="complex where the base is negative"):
        thalweg.program(root_of_a_whole_number)(-4)


def powers_in_a_dictionary(bases, e):
    table = {}
    totals = [0, 0, 0]
    for k in range(1, 4):
        table[k] = bases ** k % 11
        totals[k - 1] = table[k].sum() * e
        totals[0] += k
    for i, x in enumerate((1.5, 2.5)):
        totals[i] *= x
    return table[1] + table[2] * table[3], totals[0], totals[1], totals[2]


def test_items_that_change_turn_by_turn():
    for e in (2, 3):
        check(powers_in_a_dictionary, (np.array([2, 3, 5, 7]), e), same_bits)


def items_updated(a, x):
    held = [a, x]
    held[0] += 2
    held[1] *= x
    by_name = {"field": a, "count": 1}
    by_name["field"] -= held[1]
    by_name["count"] += 2
    held[-1] -= by_name["count"]
    return a, held[0], held[1], by_name["count"]


def item_that_is_not_there(a):
    by_name = {"field": a}
    by_name["other"] += 1
    return a


def test_items_are_updated_in_place():
    check(items_updated, (np.arange(4.0), 3), same_bits)
    check(items_updated, (np.arange(4.0), 2.5), same_bits)
    with pytest.raises(thalweg.CompileError, match="KeyError: the dictionary has no key 'other'"):
        thalweg.program(item_that_is_not_there)(np.ones(2))
