"""Arrays of 0 dimensions are arrays, not scalars; lists and tuples are taken where NumPy takes arrays."""

import numpy as np
import pytest

import thalweg
from support import check, function_from, outcome
from tolerance import same_bits


def made(a):
    return (np.array(3.0), np.array(2), np.zeros(()), np.full((), 3), np.zeros_like(a), a.copy(), np.copy(a),
            np.asarray(1.5), np.array(True), np.reshape(3, ()), np.transpose(3.5), np.copy(2))


def copied_and_changed(a):
    b = a.copy()
    c = b
    b += 1
    d = a.astype(np.float32)
    d += np.float64(1.1)
    e = a.astype(np.int32)
    e[()] = 7
    e[...] += 1
    return c + 0, d, e, b, a


def reshaped(a):
    b = np.array(0.5)
    c = b.reshape(1)
    b += 1
    d = np.ravel(b)
    d += 1
    return c + 0, b + 0, np.expand_dims(3, 0), b.reshape(1, 1).copy(), b[None] * 2, np.squeeze(d)


def indexed(a):
    b = a.copy()
    return b[()], b[...], b[None], a[()] + 1, b.sum(), -b, b * 2


def sums(a):
    b = np.array(0.0)
    for i in range(4):
        b += i * a
        b[()] = b + 1
    return b, b.shape, np.shape(0), (), b.item()


def same_object_twice(a):
    b = a.copy()
    return b, b


def of_two_ways(a):
    b = np.array(0.0)
    if a > 2:
        b = np.array(1.0)
        b += 1
    b += 1
    return b * 1


@pytest.mark.parametrize("function", [made, copied_and_changed, reshaped, indexed, sums, same_object_twice])
def test_arrays_of_no_dimensions(function):
    program = thalweg.program(function)
    for value in (np.array(2.5), np.array(-3.0)):
        expected = outcome(function, (value,))[0]
        for run in (program, program.interpret):
            found, _, error = outcome(run, (value,))
            assert error is None, error
            assert len(found) == len(expected) if isinstance(expected, tuple) else True
            for mine, theirs in zip(found, expected) if isinstance(expected, tuple) else [(found, expected)]:
                assert type(mine) is type(theirs), (mine, theirs)
                assert np.asarray(mine).dtype == np.asarray(theirs).dtype
                np.testing.assert_array_equal(mine, theirs)
    assert thalweg.program(same_object_twice)(np.array(1.0))[0].shape == ()


def test_a_choice_of_two_is_refused():
    with pytest.raises(thalweg.UnsupportedError):
        thalweg.program(of_two_ways)(np.array(3.0))


def test_one_object_is_one_object():
    first, second = thalweg.program(same_object_twice)(np.array(1.0))
    assert first is second


def added_fractions(a):
    b = np.array(3)
    b += 1.5
    return b


def test_casts_in_place_are_refused_as_in_numpy():
    with pytest.raises(TypeError):
        thalweg.program(added_fractions)(np.array(3))


def lists(a):
    return (np.sum([1, 2, 3]), np.mean((1.0, 2.5)), np.dot([1, 2], a), np.sqrt([1, 4, 9.0]), np.max([[1, 2], [3, 4]], axis=0),
            np.tril([[1, 2], [3, 4]]), np.unique([3, 1, 1]), np.flip([1, 2, 3]), np.full((2, 2), [1, 2]), a + [1, 2],
            (3, 4) * a, a > [0, 5], np.array([]), np.zeros_like([1, 2]), np.where([True, False], a, 0), np.dot(3, 4),
            np.array([[], []]), np.concatenate(([1, 2], a)), np.ndim([[1], [2]]), np.clip([1, 5, 9], 2, 6),
            np.diff([1, 4, 9]), np.einsum("i,i", [1, 2], a), np.dot(a, 2), np.interp(1.5, [1, 2], [3, 5]))


def compared(a, b):
    return a.shape == b.shape, a.shape != b.shape, [1] == (1,), (1, 2) == (1, 2), a.shape == (2,)


def test_lists_are_arrays():
    for a in (np.array([1.0, 2.0]), np.array([1, 7])):
        for run in (thalweg.program(lists), thalweg.program(lists).interpret):
            for mine, theirs in zip(run(a.copy()), lists(a), strict=True):
                assert type(mine) is type(theirs)
                assert np.asarray(mine).dtype == np.asarray(theirs).dtype
                np.testing.assert_array_equal(mine, theirs)
    for b in (np.ones(2), np.ones(3), np.ones(5)):
        for a in (np.ones(2), np.ones(3)):
            assert thalweg.program(compared)(a, b) == compared(a, b)


@pytest.mark.parametrize("text, kind, code", [
    ("np.linspace(0, 1, 5, device='cpu')", thalweg.UnsupportedError, "TW1100"),
    ("np.std(a, maen=1)", TypeError, "TW1026"),
    ("np.max(a, axes=0)", TypeError, "TW1026"), ("abs([1, 2])", Exception, "TW1003"),
    ("[1, 2] + (1,)", TypeError, "TW1013")])
def test_what_is_not_taken(text, kind, code):
    from support import function_from

    function = function_from(f"def f(a):\n    return {text}\n", f"<{text}>")
    function.__globals__["np"] = np
    with pytest.raises(kind) as caught:
        thalweg.program(function)(np.ones(3))
    assert caught.value.code == code


def stored_in_an_item(a, c):
    a[0] = c


def stored_in_a_part(a, c):
    a[::2] = c


def filled_with(a, c):
    a.fill(c)


def stored_as_a_number(a, c):
    a[0] = c[()]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", [stored_in_an_item, stored_in_a_part, filled_with, stored_as_a_number])
def test_are_cast_as_arrays_and_numbers_are_asked(function):
    program = thalweg.program(function, strict=True)
    for c in (np.array(np.nan, np.float32), np.array(300), np.array(-1.5), np.array(1e30)):
        for kind in (np.int8, np.uint8, np.int32):
            found, expected = outcome(program, [np.zeros(3, kind), c]), outcome(function, [np.zeros(3, kind), c])
            assert (found[2] is None) == (expected[2] is None)
            if found[2] is None:
                assert np.array_equal(found[1][0], expected[1][0])
            else:
                assert isinstance(found[2], expected[0])


SCALARS = ["np.heaviside(x, x)", "np.heaviside(x, 0)", "np.logaddexp(x, x)", "np.logaddexp2(x, 0)", "np.nextafter(x, 0)", "np.spacing(x)",
           "np.frexp(x)[0]", "np.median([x, x])", "np.where(x > 0, x, x)"]


@pytest.mark.parametrize("expression", SCALARS)
def test_nan_is_stored_into_integers_from_arrays_only(expression):
    function = function_from(
        f"import numpy as np\ndef f(x):\n    out = np.zeros(1, np.int64)\n    out[0] = {expression}\n    return out\n", f"<{expression}>")
    check(function, (np.float64("nan"),), lambda a, b: a.dtype == b.dtype)


ITEMS = ["a.item(5)", "a.item(-1)", "a.item(1, 2)", "a.item((1, 2))", "a.T.item(5)", "a.item(99)", "a.item(1, 2, 3)", "a[:1, :1].item()",
         "a.item(p)", "a.item(p, -p)", "(a > 3).item(4)", "a.item()", "a[p:].item()", "a[0].item((2,))", "a.astype(np.int8).item(3) / 2"]


@pytest.mark.parametrize("expression", ITEMS)
def test_items(expression):
    function = function_from(f"import numpy as np\ndef f(a, p):\n    return {expression}\n", f"<{expression}>")
    for p in (1, 3):
        check(function, (np.arange(12.0).reshape(3, 4), p), lambda a, b: type(a) is type(b) and same_bits(a, b))


def chosen_by_two_names(a):
    x = np.where(a[0] > 0, 1.0, 2.0)
    y = x
    x += 1
    return x, y


def chosen_in_a_function(a):
    def increased(x):
        x += 1
        return 0
    x = np.where(a[0] > 0, 1.0, 2.0)
    increased(x)
    return x, [x, x][0], (x, 1), x.copy(), x.T, x.real, x.astype(np.float32), np.where(x > 2, x, 0)


def chosen_and_stored(a):
    x = np.where(a[0] > 0, 1.0, 2.0)
    z = x[...]
    x[...] = 5
    return x, z, x[None], x + 1, x ** 2, x.reshape(1), np.stack([x, x])


def chosen_as_index(a):
    x = np.where(a[0] > 0, 1, 2)
    b = np.zeros((3, 3))
    return b[x], b[x, x], b[..., x, x], b[:, x], a[:x]


@pytest.mark.parametrize("function", [chosen_by_two_names, chosen_in_a_function, chosen_and_stored, chosen_as_index])
def test_where_of_scalars_is_an_array(function):
    for first in (-1.0, 1.0):
        a = np.array([first, 2.0, 3.0])
        check(function, (a,), lambda x, y: type(x) is type(y) and same_bits(x, y))


RESULTS = ["np.reshape(x, ())", "np.permute_dims(x, ())", "np.transpose(x, ())", "np.squeeze(x, ())", "np.imag(x)", "x.imag", "x.real",
           "-x", "+x", "np.conj(x)", "x.conjugate()", "np.kron(x, 2)", "np.kron(2.5, x)", "np.positive(x)", "np.clip(x, 0, 5)"]


@pytest.mark.parametrize("expression", RESULTS)
def test_what_is_made_of_scalars_and_arrays_without_dimensions(expression):
    function = function_from(f"import numpy as np\ndef f(x):\n    return {expression}\n", f"<{expression}>")
    for x in (np.float64(2.5), np.array(2.5), np.int8(3), np.array(3, np.float32), np.complex128(2.5 + 1j), np.array([1, 2], np.int8)):
        try:
            function(x)
        except (AttributeError, TypeError, ValueError):
            continue
        check(function, (x,), lambda a, b: type(a) is type(b) and same_bits(a, b))


STORED = ["-x", "np.conj(x)", "np.positive(x)", "np.negative(x)", "np.clip(x, None, 5)", "x + 0", "x", "x.copy()", "np.maximum(x, x)"]


@pytest.mark.parametrize("expression", STORED)
def test_nan_of_an_array_without_dimensions_is_cast(expression):
    function = function_from(
        f"import numpy as np\ndef f(x):\n    out = np.zeros(1, np.int64)\n    out[0] = {expression}\n    return out\n", f"<{expression}>")
    check(function, (np.array(np.nan),), lambda a, b: a.dtype == b.dtype)


def test_power_of_booleans():
    def f(b):
        return np.power(b, 2), b ** 2, np.power(b, 3), np.power(b, True)
    check(f, (np.array([True, False]),), same_bits)
