"""Results that nest: tuples, lists and dictionaries of arrays and numbers."""

import numpy as np
import pytest

import thalweg
from support import outcome


def nested(a):
    return (a + 1, (a * 2, 3), [a.sum(), [a, 1.5]]), np.nonzero(a > 1)


def a_list(a):
    return [a[i] * i for i in range(3)]


def a_dictionary(a):
    return {"mean": a.mean(), "parts": [a[:2], a[2:]], 3: None}


def empty(a):
    return (), [], {}


def nothing_in_it(a):
    return ()


def the_same_list_twice(a):
    x = [a + 1]
    y = x + [2]
    return x, x, y, y[:1], [*x]


def of_two_ways(a):
    if a[0] > 0:
        return [a + 1, 2]
    return [a - 1, 3]


def rest_of_a_tuple(a):
    first, *rest = (a, 1, 2)
    return rest


def same_tree(found, expected, objects):
    assert type(found) is type(expected)
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for key in expected:
            same_tree(found[key], expected[key], objects)
    elif isinstance(expected, (tuple, list)):
        assert len(found) == len(expected)
        if isinstance(expected, list):
            objects.append((found, expected))
        for mine, theirs in zip(found, expected):
            same_tree(mine, theirs, objects)
    else:
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("function", [nested, a_list, a_dictionary, empty, nothing_in_it, the_same_list_twice,
                                      of_two_ways, rest_of_a_tuple])
def test_results_nest_as_in_python(function):
    program = thalweg.program(function)
    for a in (np.arange(4.0), np.arange(4.0) + 1):
        expected = function(a.copy())
        for run in (program, program.interpret):
            objects = []
            same_tree(run(a.copy()), expected, objects)
            for mine, theirs in objects:  # which lists are one object
                assert [mine is other for other, _ in objects] == [theirs is other for _, other in objects]


def keys_of_a_dictionary(a):
    return {"x": a}.keys()


def slices_as_keys(a):
    return {1.5: a}


@pytest.mark.parametrize("function", [keys_of_a_dictionary, slices_as_keys])
def test_what_cannot_be_returned(function):
    _, _, error = outcome(thalweg.program(function), (np.arange(3.0),))
    assert error.code in ("TW1047", "TW1092")


def chosen(a, w):
    return (np.sum(a, axis=0, where=w), a.sum(initial=3), np.prod(a, where=w, initial=2), np.max(a, initial=2),
            np.min(a, axis=1, initial=7), a.max(axis=0, where=w, initial=1), np.any(a > 2, axis=0, where=w),
            np.all(a > 2, where=w), np.mean(a, axis=1, where=w), np.mean(a, where=w[:1]), a.min(where=w, initial=50))


@pytest.mark.parametrize("dtype", ["f8", "i4", "f4", "u1"])
def test_initial_and_where(dtype):
    program = thalweg.program(chosen)
    for shape in ((3, 4), (1, 5), (0, 3), (3, 0)):
        random = np.random.default_rng(1)
        a = random.integers(0, 9, shape).astype(dtype)
        w = random.random(shape) > 0.4
        with np.errstate(all="ignore"), pytest.warns(RuntimeWarning) if 0 in shape else np.errstate():
            expected = chosen(a, w)
        for run in (program, program.interpret):
            found = run(a.copy(), w.copy())
            for mine, theirs in zip(found, expected, strict=True):
                assert mine.dtype == theirs.dtype
                np.testing.assert_allclose(mine, theirs, rtol=1e-6)


def largest_where(a, w):
    return np.max(a, where=w)


def where_of_numbers(a, w):
    return np.sum(a, where=a)


def where_of_a_wrong_shape(a, w):
    return np.sum(a, where=w[:1, :2])


def test_initial_and_where_that_are_wrong():
    a, w = np.ones((3, 4)), np.ones((3, 4), bool)
    for function, error, code in [(largest_where, ValueError, "TW1097"), (where_of_numbers, Exception, "TW1097")]:
        with pytest.raises(error) as caught:
            thalweg.program(function)(a, w)
        assert caught.value.code == code
    with pytest.raises(ValueError):
        thalweg.program(where_of_a_wrong_shape)(a, w)
