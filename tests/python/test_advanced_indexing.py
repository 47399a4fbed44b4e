"""Index arrays and masks together with slices, integers, new axes and the ellipsis: random ones, against NumPy."""

import os
import random

import numpy as np
import pytest

import thalweg
from support import check, function_from

LONG = bool(os.environ.get("THALWEG_LONG"))
SHAPES = [(4,), (4, 3), (3, 4, 2), (2, 3, 4), (4, 0), (5, 4, 3)]
STATEMENTS = {
    "read": "return a[{}]",
    "store a number": "a[{}] = n\n    return a",
    "store an array": "a[{}] = v\n    return a",
    "update": "a[{}] += v\n    return a",
}


def one_item(choose, dim):
    return choose.choices(
        [":", choose.choice(["1:", "::2", "::-1", ":2", "-2:", "1:1"]), choose.choice(["0", "-1", "n"]), "i", "j", "i2",
         f"m{dim}", "None"], [25, 15, 10, 10, 10, 8, 12, 10])[0]


def random_index(choose, rank):
    """Items that index at most `rank` dimensions, at least one of them an array. m0: a mask of dimension 0; mm0: of 0 and 1."""
    items, dim = [], 0
    while dim < rank:
        if choose.random() < 0.08 and "..." not in items and items:
            items.append("...")
            dim += choose.choice([0, 1])
        elif choose.random() < 0.1 and dim + 1 < rank:
            items.append(f"mm{dim}")
            dim += 2
        else:
            items.append(one_item(choose, dim))
            dim += items[-1] != "None"
        if choose.random() < 0.1:
            break
    if not any(item in ("i", "j", "i2") or item[0] == "m" for item in items):
        items[0] = "i"
    return ", ".join(items)


def function_of(index, statement, rank):
    masks = [f"m{k}" for k in range(rank)] + [f"mm{k}" for k in range(rank - 1)]
    text = f"def f(a, i, j, i2, n, v, {', '.join(masks)}):\n    {STATEMENTS[statement].format(index)}\n"
    return function_from(text, f"<{statement}: {index} of {rank}>")


def arguments_for(shape, index, turn, rng):
    """a and what indexes it: strided every second time, places out of bounds or a mask too long now and then."""
    a = rng.integers(0, 100, shape).astype(float)
    high = max(min(shape), 1)
    above = high + 2 * (turn == 3)
    named = {"i": rng.integers(-high, above, 3), "j": rng.integers(-high, above, rng.choice([3, 1])),
             "i2": rng.integers(-high, above, (2, 3)), "n": 1}
    named.update({f"m{k}": rng.random(extent) < 0.6 for k, extent in enumerate(shape)})
    named.update({f"mm{k}": rng.random(shape[k:k + 2]) < 0.5 for k in range(len(shape) - 1)})
    if turn == 2 and rng.random() < 0.3:
        named["m0"] = np.append(named["m0"], True)
    try:
        taken = np.shape(eval(f"a[{index}]", {"a": a, **named}))
    except IndexError:
        taken = ()
    shapes = [taken, taken[-1:], (), (1, *taken)]
    values = rng.integers(0, 9, shapes[rng.integers(len(shapes))]).astype([float, np.int64][rng.integers(2)])
    rest = [named[key] for key in ("i", "j", "i2", "n")] + [values]
    rest += [named[key] for key in named if key[0] == "m"]
    return a, rest


def seen(function, a, rest, strided):
    a = np.repeat(a, 2, axis=-1)[..., ::2] if strided else a.copy()
    try:
        result = function(a, *rest)
    except Exception as error:
        return error, a, False
    return result, a, isinstance(result, np.ndarray) and np.shares_memory(result, a)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_random_indices(statement):
    choose = random.Random(statement)
    for number in range(400 if LONG else 8):
        shape = choose.choice(SHAPES)
        index = random_index(choose, len(shape))
        function = function_of(index, statement, len(shape))
        program = thalweg.program(function)
        rng = np.random.default_rng(number)
        for turn in range(4):
            a, rest = arguments_for(shape, index, turn, rng)
            expected = seen(function, a, rest, turn % 2)
            found = seen(program, a, rest, turn % 2)
            where = f"{statement}: a[{index}] of {shape}, turn {turn}: {found[0]!r}, NumPy {expected[0]!r}"
            if isinstance(expected[0], Exception) or isinstance(found[0], Exception):
                assert isinstance(found[0], type(expected[0])), where
                continue
            assert type(found[0]) is type(expected[0]) and np.shape(found[0]) == np.shape(expected[0]), where
            assert np.array_equal(found[0], expected[0]) and np.array_equal(found[1], expected[1]), where
            assert found[2] == expected[2], where


def test_rows_by_a_mask():
    @thalweg.program
    def f(points, limit):
        kept = points[points[:, 0] > limit]
        points[points[:, 1] < 0] = 0
        points[[0, 0], 1:] += 1
        return kept

    points = np.random.default_rng(0).normal(size=(50, 3))
    mine, theirs = points.copy(), points.copy()
    np.testing.assert_array_equal(f(mine, 0.2), f.f(theirs, 0.2))
    np.testing.assert_array_equal(mine, theirs)


# e: no places; w: [4, -2]; n: an integer; z: the same as an array of 0 dimensions
OF_NONE = ["e, n", "z, e", "e, 0", "e, w[:1]", "np.ix_(e, w)", "w, :0", "np.zeros(len(a), bool), n"]
OF_NONE_3 = ["e, :, n", ":0, w, 1", "w[:, None], :, e", "e, w[:1], n"]


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("shape", [(0, 3), (3, 5), (0, 0, 2)] + [(3, 0), (3, 3, 0), (5, 5, 5)] * LONG, ids=str)
def test_integers_are_in_bounds_where_arrays_choose_nothing(shape, statement):
    for index in OF_NONE_3 if len(shape) == 3 else OF_NONE:
        text = f"import numpy as np\ndef f(a, e, w, n, z, v):\n    {STATEMENTS[statement].format(index)}\n"
        program = thalweg.program(function_from(text, f"<{statement}: {index} of {shape}>"))
        for n in (1, 4):
            arguments = (np.ones(shape), np.zeros(0, int), np.array([4, -2]), n, np.array(n), 2.0)
            check(program, arguments, np.array_equal)


MASKED = ["a[m] = 3", "a[m] += 3", "a[m] += one", "a[m] = one", "a[m] *= a[m]", "a[m, ...] = 2", "a[..., m] -= one",
          "np.add.at(a, m, 1)", "np.putmask(a, m, 3)", "a = a[m]"]


@pytest.mark.parametrize("statement", MASKED)
def test_masks_without_elements_fit_any_extent(statement):
    text = f"import numpy as np\ndef f(a, m, one):\n    {statement}\n    return a\n"
    program = thalweg.program(function_from(text, f"<{statement}>"))
    for extents, mask in [(1, 0), (3, 0), (0, 0), (1, 1), (0, 1), (3, 2), (3, 3)]:
        check(program, (np.arange(float(extents)), np.ones(mask, bool), np.ones(1)), np.array_equal)
