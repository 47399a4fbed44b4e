"""inner, vdot, tensordot, kron, cross and the other products against NumPy."""

import numpy as np
import pytest

import thalweg
from definition_grid import Cases, compare, run, values, within

cases = Cases()
MIXED = (("f8", "f8"), ("i4", "u1"), ("f4", "f8"), ("c16", "f8"), ("?", "?"), ("f8", "c16"), ("i8", "i8"))
near = within(50)


@cases([((0,), (0,)), ((3,), (3,)), ((3,), (2,)), ((2, 3), (3,)), ((2, 3), (4, 3)), ((3,), (2, 3)), ((2, 0), (3, 0)),
        ((2, 3, 4), (5, 4))], types=MIXED, same=near)
def inner(a, b):
    return np.inner(a, b)


@cases([((0,), (0,)), ((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3, 2)), ((2, 3), (5,))], types=MIXED, same=near)
def conjugated(a, b):
    return np.vdot(a, b)


@cases([((2, 3), (2, 3)), ((2, 3, 4), (3, 4, 5)), ((2, 3), (3, 2)), ((2, 3, 4), (3, 4)), ((0, 3), (0, 3))], types=MIXED,
       same=near)
def over_two(a, b):
    return np.tensordot(a, b)


@cases([((2, 3), (3, 4)), ((3,), (3,)), ((2, 3, 4), (4, 2)), ((2, 3), (2, 3)), ((2, 0), (0, 2))], types=MIXED,
       same=near)
def over_one(a, b):
    return np.tensordot(a, b, axes=1), np.tensordot(a, b, 0)


@cases([((2, 3, 4), (2, 4)), ((2, 3), (2, 3)), ((2, 3), (3, 2))], types=MIXED, same=near)
def over_named(a, b):
    return np.tensordot(a, b, axes=((0, -1), (0, 1))), np.tensordot(a, b, axes=([0, 1], [0, 1]))


@cases([((2, 3), (3, 4)), ((2, 3, 4), (3,)), ((3, 2), (3,))], types=MIXED, same=near)
def over_pair(a, b):
    return np.tensordot(a, b, axes=(1, 0))


@cases([((2,), (3,)), ((2, 3), (3,)), ((2,), (3, 1)), ((0,), (2,)), ((2, 2, 2), (2, 3)), ((2, 3), (3, 2))], types=MIXED)
def blocks(a, b):
    return np.kron(a, b)


@cases([((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((2, 3), (4, 3)), ((1, 3), (4, 3)), ((2, 4), (2, 4)),
        ((0, 3), (0, 3))], types=MIXED[:4] + MIXED[5:])
def crossed(a, b):
    return np.cross(a, b)


@cases([((2,), (3,)), ((2, 3), (4,)), ((0,), (2,)), ((2, 3), (4, 5))], types=(("f8", "f8"), ("i4", "u1"), ("f4", "f8")))
def outer(a, b):
    return np.add.outer(a, b), np.subtract.outer(a, b), np.multiply.outer(a, b), np.maximum.outer(a, b)


@cases([((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 2)), ((1, 3, 4), (2, 4, 2)), ((3, 4), (2, 4, 5)), ((4,), (2, 4, 5)),
        ((2, 3, 4), (4,)), ((2, 2, 3, 4), (4, 5)), ((2, 3, 4), (3, 4, 2)),
        ((2, 1, 3, 4), (5, 4, 2)), ((2, 2, 3, 4), (4,)), ((0, 3, 4), (5, 2)), ((0, 3, 4), (4, 2)), ((2, 3, 4), (5,))],
       types=MIXED,
       same=near)
def stacked(a, b):
    return a @ b


@cases([(0,), (5,), (2, 3), (2, 3, 4)], types=("f8", "i4", "c16", "f4", "?"), same=near)
def norms(a):
    return np.linalg.norm(a), np.linalg.norm(a, axis=0), np.linalg.norm(a, axis=-1, keepdims=True)


@cases([((2, 3, 4), (4,)), ((2, 3, 4), (4, 5)), ((2, 3), (5, 3, 4)), ((3,), (2, 3, 4)), ((2, 3, 4), (5, 4, 2)),
        ((2, 3, 0), (2, 0, 2)), ((0, 2, 3), (3, 4)), ((2, 3, 4), (3, 4)), ((2, 2, 2, 3), (2, 1, 3, 2))], types=MIXED,
       same=near)
def dotted(a, b):
    return np.dot(a, b)


@cases([((2, 3), (2,)), ((2, 3), (3, 1)), ((0, 2), (3,)), ((), (3,)), ((2, 1, 2), (2, 2))], types=MIXED)
def each_with_each(a, b):
    return np.outer(a, b)


@cases([((2, 3), (2, 3)), ((3, 3), (3, 3))], types=(("f8", "f8"), ("i4", "u1"), ("c16", "f8")), same=near)
def crossed_along(a, b):
    return np.cross(a, b, axisc=0), np.cross(a, b, axis=1), np.cross(a, b, axisc=-2)


@cases([((3, 2), (3, 2)), ((3, 3), (3, 3)), ((3, 2, 3), (3, 2, 3))], types=(("f8", "f8"), ("i4", "u1")), same=near)
def crossed_along_the_first(a, b):
    return (np.cross(a, b, axisa=0, axisb=0), np.cross(a, b, axis=0), np.cross(a, b, 0, 0, axisc=-1),
            np.cross(a, b, 0, 0, 0))


@thalweg.program
def chained(a, b, c, d):
    return np.linalg.multi_dot([a, b, c, d])


def test_chains_of_four():
    random = np.random.default_rng(2)
    for sizes in ((2, 3, 4, 5, 6), (9, 2, 9, 2, 9), (2, 9, 2, 9, 2), (9, 8, 2, 3, 4), (4, 3, 2, 8, 9), (1, 1, 1, 1, 1),
                  (3, 0, 2, 1, 4)):
        arrays = [random.random((n, m)) for n, m in zip(sizes, sizes[1:])]
        compare(chained, arrays, near)
    compare(chained, (random.random(3), random.random((3, 4)), random.random((4, 2)), random.random(2)), near)


@cases.mark
def test_equals_numpy(case):
    run(case)


def test_refusals():
    @thalweg.program
    def of_two(a):
        return np.cross(a, a)

    with pytest.raises(NotImplementedError) as caught:
        of_two(values((3, 2), "f8"))
    assert caught.value.code == "TW1085"
