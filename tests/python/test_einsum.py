"""np.einsum against NumPy, over labels, element types, strides and extents of 0 and 1."""

import itertools
import linecache

import numpy as np
import pytest

import thalweg
from definition_grid import within
from support import outcome

SIZES = {"i": 3, "j": 4, "k": 5, "l": 2, "m": 0, "n": 1}
CASES = ["ij->ij", "ij->ji", "ij->j", "ij->", "ii->i", "ii", "iji->j", "i,i", "i,i->i", "i,j->ij", "ij,j", "ij,jk",
         "ij,jk->ki", "ij,kj->ik", "ji,jk->ik", "ij,ij->", "ij,ij->i", "ij,kl->ijkl", "lij,ljk->lik", "ijl,jkl->lik",
         "ij,jk,kl->il", "i,ij,j->", "ijk,ijl->kl", "ijk,k->ij", "im,mj->ij", "in,nj->ij", "mn,nm->", "ij, jk -> i k",
         "...j->...", "i...->...", "...,...", "lij,...jk->...ik", "...ij,...jk"]


def drawn(labels, dtype, seed):
    random = np.random.default_rng(seed)
    shape = tuple(SIZES[label] for label in labels.replace("...", "l"))
    if dtype[0] in "iu":
        return random.integers(0, 9, shape).astype(dtype)
    a = random.standard_normal(shape)
    return (a + 1j * random.standard_normal(shape) if dtype[0] == "c" else a).astype(dtype)


def operands(subscripts, dtypes):
    inputs = subscripts.replace(" ", "").split("->")[0].split(",")
    return tuple(drawn(labels, dtypes[k % len(dtypes)], k) for k, labels in enumerate(inputs))


def program_of(subscripts, count):
    names = ", ".join("xyz"[:count])
    space = {"np": np}
    file = f"<einsum {subscripts}>"
    text = f"def f({names}):\n    return np.einsum({subscripts!r}, {names})\n"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    exec(compile(text, file, "exec"), space)
    return space["f"]


@pytest.mark.parametrize("subscripts", CASES)
def test_einsum(subscripts):
    count = subscripts.split("->")[0].count(",") + 1
    function = program_of(subscripts, count)
    program = thalweg.program(function)
    for dtypes in (("f8",), ("i4",), ("c16", "f4")):
        arguments = operands(subscripts, dtypes)
        for strided in (arguments, tuple(np.repeat(a, 2, axis=0)[::2] for a in arguments)):
            expected = function(*strided)
            for run in (program, program.interpret):
                found, _, error = outcome(run, strided)
                assert error is None, error
                assert found.dtype == expected.dtype and found.shape == expected.shape
                np.testing.assert_allclose(found, expected, rtol=1e-4 if "f4" in dtypes else 1e-12, atol=1e-12)


@pytest.mark.parametrize("subscripts, code", [
    ("ij,jk", "TW1099"), ("ij->k", "TW1099"), ("ij->ii", "TW1099"), ("i", "TW1099"), ("i?", "TW1099"),
    ("i->j->", "TW1099")])
def test_wrong_subscripts(subscripts, code):
    function = program_of(subscripts, 1)
    with pytest.raises((ValueError, thalweg.UnsupportedError)) as caught:
        thalweg.program(function)(np.ones((2, 3)))
    assert caught.value.code == code


def lists_of_labels(a, b):
    return np.einsum(a, [0, 1], b, [1, 2], [0, 2]), np.einsum(a, [0, 1])


def test_lists_of_labels():
    a, b = drawn("ij", "f8", 1), drawn("jk", "f8", 2)
    for mine, theirs in zip(thalweg.program(lists_of_labels)(a, b), lists_of_labels(a, b)):
        np.testing.assert_allclose(mine, theirs)


def test_extents_that_do_not_match_raise():
    function = program_of("ij,jk->ik", 2)
    with pytest.raises(ValueError):
        thalweg.program(function)(np.ones((2, 3)), np.ones((4, 5)))


def in_one_type(a, b, v):
    return (np.einsum("ij,->i", a, v), np.einsum("ij,k->i", a, b), np.einsum("ij,j->i", a, b), np.einsum("ij,jk->", a, a * b),
            np.einsum("ii,j", a, b), np.einsum("ij,kl,k->l", a, a, b))


TYPES = itertools.product([np.int8, np.bool_, np.uint64, np.float16], [np.int8, np.int64, np.float32],
                          [np.uint8, np.float16, np.complex64])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("types", list(TYPES), ids=lambda types: " ".join(np.dtype(each).name for each in types))
def test_sums_are_taken_in_the_common_type(types):
    rng = np.random.default_rng(1)
    a, b = (rng.integers(0, 120, shape).astype(dtype) for shape, dtype in zip([(3, 3), (3,)], types))
    v = types[2](3)
    for found, expected in zip(thalweg.program(in_one_type)(a, b, v), in_one_type(a, b, v), strict=True):
        assert within(64 if expected.dtype == np.float16 else 8)(np.asarray(found), np.asarray(expected)), (found, expected)
