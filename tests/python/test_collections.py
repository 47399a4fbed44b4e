"""Lists, dictionaries and comprehensions that are known when compiling; loops over tuples; match; with np.errstate."""

import numpy as np
import pytest

import thalweg
from support import check


def same(a, b):
    return np.array_equal(a, b, equal_nan=True)


def list_of_products(x):
    s = x * 0
    for a in [0.1 * k for k in range(5)]:
        s = s + a * x
    return s


def two_clauses(x):
    return np.array([i * j for i in range(4) for j in range(3) if i != j]) + x[0]


def parts_of_an_array(x):
    return np.concatenate([x[i::3] for i in range(3)])


def targets_are_its_own(x):
    i = 7
    y = np.stack([x * i for i in (1, 2, 3)])
    return y, i


def nested_lists(x):
    return np.array([[x[0], 2, 3.5], [4, x[1], 6]]), np.array([x, x * 2]), np.array([[i + j for j in range(3)] for i in range(2)])


def generators(x):
    return sum(x[i] * i for i in range(4)), max(abs(v) for v in (-3.0, 2.0)), tuple(i * 2 for i in range(3))[1]


def grown_item_by_item(x):
    out = []
    for i in range(3):
        row = x * i
        out.append(row[:2])
    out.extend([x[2:4]])
    out += [x[-2:]]
    return np.concatenate(out), len(out)


def grown_where_it_is_known(x):
    names = []
    for name, factor in (("a", 1.0), ("b", 2.0), ("c", 3.0)):
        if name != "b":
            names.append(factor)
    return x * names[0] + names[1] + len(names)


def dictionary(x):
    p = {"a": 2.0, "b": x, 3: x[0], (1, "k"): 4}
    return p["a"] * p["b"] + p[3] + p[1, "k"] + len(p) + p.get("none", 5)


def dictionary_of_a_comprehension(x):
    p = {k: x * k for k in (1, 2, 3)}
    s = x * 0
    for k, v in p.items():
        s = s + k * v
    for k in p:
        s = s - k
    return s + sum(p.keys()) + sum(v[0] for v in p.values())


def merged_dictionaries(x):
    a = {"p": 1.0, "q": 2.0}
    b = {**a, "q": 3.0, "r": x}
    return b["p"] + b["q"] * b["r"], "q" in b, "z" in b, "z" not in a


def items_in_a_tuple(x):
    s = 0
    for i in range(len(x)):
        if i in (1, 3, 5):
            s += i
        if i not in (1, 2):
            s += 100
    return s, 3 in (1, 2), "a" in ("a", "b")


def break_out_of_a_tuple(x):
    for w in (1.0, 2.0, 3.0):
        if x[1] > w:
            break
        x = x + w
    return x


def continue_in_a_tuple(x):
    s = 0.0
    for i, w in enumerate((3.0, 1.0, 2.0)):
        if x[i] > w:
            continue
        s += w * x[i]
    return s


def all_of_them(x):
    s = 0.0
    for w in (1.0, 4.0, 2.0, 8.0):
        if x[0] > w:
            continue
        for k in range(4):
            if x[k] > w:
                break
            s += w
        if s > 12:
            break
        s += 100 * w
    else:
        s = -s
    return s


def return_from_a_tuple(x):
    for k, w in enumerate((1.0, 4.0, x[2])):
        if x[1] == w:
            return x * k
        x[k] = w
    return x


def in_a_loop(x):
    s = 0.0
    for i in range(len(x)):
        for w in (2.0, 5.0):
            if x[i] < w:
                s += w
                break
        else:
            continue
        s += 0.5
    return s


def known_breaks(x):
    for name in ("a", "b", "c"):
        if name == "b":
            break
        x = x + 1
    return x


def any_and_all(x):
    return any(x > 2), all(x >= 0), any((x[0] > 5, x[1] > 0)), all([x[0] > 5, x[1] / 0 > 0]), divmod(7, 3)[1], divmod(-x, 2)[0]


def matched(x):
    match len(x):
        case 4:
            y = x
        case 7 | 8:
            y = x * 2
        case _ if x[1] > 5:
            y = x * 3
        case _:
            y = x * 4
    return y


def matched_text(x, mode="fast"):
    match mode:
        case "slow":
            return x
        case "fast":
            return x + 1


def quietly(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = x / 0
        if x[0] > 1:
            return y * 2
        z = y + 1
    return z


def operands(x, y=None, n=0):
    y = y or 3.0
    return x * y, n or 5, len(x) and 2, x[0] or x[1], (x[1] and x[2]) * 2


def classes(x, n=3):
    return (isinstance(x, np.ndarray), isinstance(n, int), isinstance(x[0], float), isinstance(x[0], (int, np.integer)),
            isinstance("a", str), isinstance((1,), (list, tuple)), isinstance(x.sum(), np.floating))


def imaginary_part_of_real_numbers(x):
    y = x.imag
    return y, x.real


PROGRAMS = [list_of_products, two_clauses, parts_of_an_array, targets_are_its_own, nested_lists, generators,
            grown_item_by_item, grown_where_it_is_known, dictionary, dictionary_of_a_comprehension,
            merged_dictionaries, items_in_a_tuple, break_out_of_a_tuple, continue_in_a_tuple, all_of_them,
            return_from_a_tuple, in_a_loop, known_breaks, any_and_all, matched, matched_text, quietly, operands,
            classes, imaginary_part_of_real_numbers]


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("size, start", [(4, 0.0), (7, 1.0), (12, 3.0)])
def test_as_numpy(function, size, start):
    check(function, (np.arange(float(size)) + start,), same)


def written_imaginary_part(x):
    y = np.imag(x)
    y[0] = 1
    return y


def wrong_in_a_branch(x):
    if x[0] > 1:
        x += np.ones(5)
    else:
        x[0] = 7
    return x


def wrong_in_a_branch_of_a_loop(x):
    for i in range(4):
        x[i] += 1
        if x[i] > 3.5:
            x[i] = np.ones((2, 2)) @ np.ones(3)
    return x


@pytest.mark.parametrize("function", [written_imaginary_part, wrong_in_a_branch, wrong_in_a_branch_of_a_loop],
                         ids=lambda f: f.__name__)
@pytest.mark.parametrize("start", [0.0, 2.0])
def test_raises_where_numpy_does(function, start):
    check(function, (np.arange(4.0) + start,), same)


def test_what_is_wrong_on_every_way_is_said_when_compiling():
    def program(x):
        x += np.ones(5)
        return x

    with pytest.raises(ValueError, match="could not be broadcast"):
        thalweg.program(program)(np.ones((2, 3)))


def two_names(x):
    a = [x]
    b = a
    a.append(x)
    return len(b)


def changed_in_a_loop(x):
    a = [x]
    for i in range(len(x)):
        a.append(x)
    return len(a)


def held_by_a_tuple(x):
    a = [x]
    t = (a, 1)
    a += [x]
    return len(t[0])


def function_in_a_comprehension(x):
    fs = [lambda: k for k in (1, 2)]
    return fs[0]()


def late_condition(x):
    return np.array([k for k in (1, 2) if x[k] > 0])


@pytest.mark.parametrize("function, code", [(two_names, "TW1093"), (changed_in_a_loop, "TW1093"),
                                            (held_by_a_tuple, "TW1093"), (function_in_a_comprehension, "TW1021"),
                                            (late_condition, "TW1091")])
def test_refused(function, code):
    with pytest.raises(thalweg.CompileError, match=code):
        thalweg.program(function)(np.arange(4.0))


def of_the_items(a, b, n):
    x, y, *rest = a
    first, second = b[0]
    return (x, y, rest, first, second, tuple(a), list(b[1]), tuple(a + 1)[2], [k * n for k in range(n)],
            [row.sum() for row in tuple(b)], {k: a[k] for k in range(n)}, (*a, n))


def of_many_items(a):
    return tuple(a)


def test_arrays_of_a_length_known_at_the_call():
    """Python needs to know how many items there are when the program is compiled: another length is another build."""
    program = thalweg.program(of_the_items)
    for length in (3, 4, 3):
        for n in (0, 2):
            a, b = np.arange(float(length)), np.arange(4).reshape(2, 2)
            mine, theirs = program(a, b, n), of_the_items(a, b, n)
            assert type(mine) is type(theirs) and repr(mine) == repr(theirs)
    with pytest.raises(thalweg.CompileError, match="TW1043"):
        program(np.arange(4.0), np.zeros((2, 3)), 2)
    with pytest.raises(thalweg.CompileError, match="TW1065"):
        thalweg.program(of_many_items)(np.arange(65.0))


def complex_numbers(x, z):
    return (complex(x, 2), complex(x), complex(0.0, -0.0), complex(z), complex(1), complex(), complex(True, x),
            np.array([complex(np.inf, np.nan), 1])[0], np.zeros((2, 3))[Ellipsis, 1].shape)


def test_complex_numbers_of_python():
    program = thalweg.program(complex_numbers)
    for x in (1.5, -0.0, np.inf):
        mine, theirs = program(x, 1 - 2j), complex_numbers(x, 1 - 2j)
        assert [type(each) for each in mine] == [type(each) for each in theirs] and repr(mine) == repr(theirs)


def changed_collections(a):
    items = {"p": a}
    items["q"] = 2
    items["p"] = a + 1
    line = [a, 1, 2]
    line[1] = 3
    line[-1] = a * 2
    return items["p"] * items["q"], line[1] + line[2], len(items)


def with_more_keywords(a):
    def scaled(x, *, by=1, **more):
        return x * by * more["k"] + len(more)
    return scaled(a, k=2, by=3, j=4), scaled(a, k=1)


def deleted_names(a):
    b = a + 1
    c = b * 2
    del b
    for i in range(3):
        t = c + i
        c = t * 2
        del t
    b = c
    return b


@pytest.mark.parametrize("function", [changed_collections, with_more_keywords, deleted_names])
def test_collections_that_change(function):
    check(function, (np.array([3.0, -1.0, 7.0]),), same)


def read_after_del(a):
    b = a + 1
    del b
    return b


def shared_dictionary(a):
    items = {"p": a}
    other = items
    other["p"] = a + 1
    return items["p"]


@pytest.mark.parametrize("function, code", [(read_after_del, "TW1002"), (shared_dictionary, "TW1093")])
def test_changes_that_are_refused(function, code):
    with pytest.raises(thalweg.CompileError) as caught:
        thalweg.program(function)(np.ones(3))
    assert caught.value.code == code
