"""What arrays say of themselves when compiling: flags, .flat, which are one object or share memory; limits of types."""

import numpy as np
import pytest

import thalweg
from definition_grid import compare, values
from support import function_from

SHAPES = [(), (0,), (1,), (5,), (2, 3), (0, 3), (3, 1), (1, 1), (2, 3, 4), (2, 1, 4)]


def laid_out(a):
    """The same elements in other places: rows, columns, gaps, backwards, turned."""
    yield a
    if a.ndim:
        yield np.asfortranarray(a)
        yield np.repeat(a, 2, axis=-1)[..., ::2]
        yield np.ascontiguousarray(a[::-1])[::-1]
        yield np.swapaxes(np.ascontiguousarray(np.swapaxes(a, 0, -1)), 0, -1)


@thalweg.program
def flags(a):
    return (a.flags.c_contiguous, a.flags["F_CONTIGUOUS"], a.flags["C"], a.flags.forc, a.flags.fnc, a.flags.writeable,
            a.T.flags.c_contiguous, a.T.flags["W"], a.flags.contiguous, a.flags["FORTRAN"])


@thalweg.program
def flags_of_parts(a):
    return a[::2].flags.c_contiguous, a[..., :1].flags.f_contiguous, a[1:].flags["CONTIGUOUS"], a[:1].flags.owndata


@pytest.mark.parametrize("shape", SHAPES)
def test_flags(shape):
    for a in laid_out(np.asarray(values(shape, "f8"))):
        compare(flags, (a,))
        if shape:
            compare(flags_of_parts, (a,))
        a.flags.writeable = False
        compare(flags, (a,))


@thalweg.program
def flags_of_new_ones(n):
    x, y, z = np.zeros((n, 2)), np.ones((2, n), order="F"), np.array([[1, 2], [3, 4]])
    return [(each.flags.c_contiguous, each.flags.f_contiguous, each.flags.owndata, each.flags.writeable)
            for each in (x, y, z, np.full((2, 3), 1.5), np.arange(n), np.eye(3))]


def test_flags_of_new_arrays():
    for n in (0, 1, 2, 5):
        assert flags_of_new_ones(n) == flags_of_new_ones.f(n)


@pytest.mark.parametrize("text", ["(a + 1).flags.c_contiguous", "np.sort(a, axis=0).flags.f_contiguous",
                                  "a.flags.owndata", "a.flags.num", "a.flags['ALIGNED']"])
def test_flags_that_are_not_known(text):
    function = function_from(f"def f(a):\n    return {text}\n", f"<{text}>")
    function.__globals__["np"] = np
    with pytest.raises(thalweg.CompileError) as caught:
        thalweg.program(function)(np.ones((2, 3)))
    assert caught.value.code == "TW1024"


@thalweg.program
def flat(a, k):
    total = a.flat[k] * 0
    for each in a.flat:
        total = total + each
    return a.flat[k], a.flat[1:4], a.flat[-1], a.flat[np.array([0, -1, 0])], a.flat[:], total


@pytest.mark.parametrize("dtype", ["f8", "i4", "c16", "?"])
@pytest.mark.parametrize("shape", [(1,), (5,), (2, 3), (3, 1), (2, 3, 4)])
def test_flat(shape, dtype):
    size = int(np.prod(shape))
    for a in laid_out(values(shape, dtype)):
        for k in (0, -1, size - 1, size, -size - 1):
            if dtype != "?":
                compare(flat, (a, k))


@thalweg.program
def written(a, k, value):
    a.flat[k] = value
    a.flat[::2] = 7
    a.flat[[0, -1]] = value
    a.flat[k] -= 2
    return a, len(a.flat)


@thalweg.program
def filled(a, value):
    a.flat = value
    return a


@pytest.mark.parametrize("shape", [(1,), (5,), (2, 3), (3, 1), (2, 3, 4)])
def test_writing_through_flat(shape):
    for dtype in ("f8", "i4", "c16"):
        for k in (0, -1, 99):
            compare(written, (values(shape, dtype), k, 3))
        for a in laid_out(values(shape, dtype)):
            mine, theirs = a.copy(order="K"), a.copy(order="K")
            filled(mine, 4)
            filled.f(theirs, 4)
            np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("body, code", [("a.flat = [1, 2]", "TW1042"), ("a.flat[1:3] = a.flat[:2]", "TW1042"),
                                        ("a.T.flat[0] = 1", "TW1042"), ("return a.flat[0, 1]", "TW1024"),
                                        ("return a.flat()", "TW1027"), ("a.flags['W'] = False", "TW1044")])
def test_what_flat_refuses(body, code):
    function = function_from(f"def f(a):\n    {body}\n", f"<{body}>")
    with pytest.raises(thalweg.CompileError) as caught:
        thalweg.program(function)(np.ones((2, 3)))
    assert caught.value.code == code


@thalweg.program
def identities(a):
    b = a
    return (np.asarray(a) is a, b is a, a[:] is a, a.copy() is not a, np.ascontiguousarray(a) is a,
            np.atleast_1d(a) is a, np.zeros(3) is np.zeros(3), np.conj is np.conjugate, np.sum is np.prod,
            np.bitwise_not is not np.invert, np.asarray(a, dtype=np.int8) is a)


def test_identities():
    for a in (np.ones(3), np.ones((2, 3)), np.asfortranarray(np.ones((2, 3)))):
        assert identities(a) == identities.f(a)


def test_whether_two_arguments_are_one_object_is_not_known():
    @thalweg.program
    def same(a, b):
        return a is b

    @thalweg.program
    def same_views(a):
        return a[1:] is a[1:]

    for program, arguments in ((same, (np.ones(2), np.ones(2))), (same_views, (np.ones(2),))):
        with pytest.raises(thalweg.CompileError) as caught:
            program(*arguments)
        assert caught.value.code == "TW1019"


@thalweg.program
def sharing(a, b):
    return (np.shares_memory(a, b), np.may_share_memory(a, b), np.shares_memory(a, a), np.shares_memory(a, a + 1),
            np.shares_memory(a, a.copy()), np.shares_memory(a[:1], a[:1]), np.may_share_memory(a, np.asarray(a)))


def test_sharing():
    for shape in ((3,), (0,), (2, 3), (2, 0)):
        a, b = np.ones(shape), np.ones(shape)
        assert sharing(a, b) == sharing.f(a, b)
    a = np.ones(8)
    with pytest.raises(thalweg.CompileError) as caught:
        sharing(a[:5], a[3:])
    assert caught.value.code == "TW1064"


@thalweg.program
def limits(x, z):
    return (np.finfo(np.float64).eps, np.finfo(x.dtype).max, np.finfo(np.float32).eps, np.finfo("f4").min,
            np.finfo(z.dtype).tiny, np.finfo(float).smallest_subnormal, np.finfo(np.float64).epsneg,
            np.finfo(x.dtype).bits, np.finfo(np.float32).smallest_normal, np.iinfo(np.int8).min,
            np.iinfo(np.uint16).max,
            np.iinfo(int).max, np.iinfo(np.int64).min, np.iinfo(np.uint8).bits, np.finfo(np.float32).max)


def test_limits():
    for x, z in ((np.ones(2), np.ones(2, "c8")), (np.ones(2, "f4"), np.ones(2, "c16"))):
        for mine, theirs in zip(limits(x, z), limits.f(x, z), strict=True):
            assert type(mine) is type(theirs) and mine == theirs


@thalweg.program
def types_compared(a):
    return (a.dtype == int, a.dtype == float, a.dtype == "float64", a.dtype != bool, int == a.dtype, a.dtype == complex,
            np.can_cast(a, "f4"), np.can_cast(np.int32, np.int64), np.can_cast(a.dtype, "f4"), np.can_cast("i8", "f8"),
            np.can_cast("i8", "f4"), np.can_cast(complex, float), np.can_cast("f8", "f4", "same_kind"),
            np.can_cast("f8", "i4", "unsafe"), np.can_cast("f8", "f8", "no"),
            np.can_cast("u8", "i8"), np.can_cast(bool, "c8"),
            np.promote_types("i4", "f4") == np.float64)


def test_types():
    for dtype in ("f8", "i8", "?", "c16", "f4", "u1"):
        a = np.ones(2, dtype)
        assert types_compared(a) == types_compared.f(a)
