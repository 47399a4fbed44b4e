"""Decompositions in np.linalg, and what is made of them, against NumPy.

Where a decomposition is unique (q and r, eigenvalues, singular values), it is NumPy's within what rounding allows: n
times eps, times the condition number for q and r. Eigenvectors and singular vectors are not unique: they are tested by
what they are for: they are orthonormal and give the matrix. Single precision is double rounded once, as in NumPy.
"""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, Cases, layouts, values, within
from definition_grid import run as run_case

EPS = np.finfo(np.float64).eps
TYPES = ("f8", "c16", "f4", "c8", "i4", "?") if LONG else ("f8", "c16")
SHAPES = [(4, 3), (3, 3), (2, 5), (1, 1), (1, 4), (4, 1)]
SHAPES += [(0, 3), (2, 2, 3)] + [(0, 0), (3, 0), (2, 1, 3, 2), (0, 2, 2), (17, 40), (70, 33)] * LONG
SQUARES = [(3, 3), (1, 1), (2, 2), (20, 20), (2, 3, 3)]
SQUARES += [(0, 0), (0, 2, 2), (2, 1, 2, 2), (75, 75)] * LONG


def shapes_for(function, dtype, all_of=SHAPES):
    """All of the shapes for one function of a kind, in short runs for one element type; matrices for the others."""
    many = function in (qr, eigh, svd) and (LONG or dtype == "f8") or LONG and dtype in ("f8", "c8")
    return all_of if many else all_of[:4]


def qr(a):
    q, r = np.linalg.qr(a)
    return q, r


def complete(a):
    q, r = np.linalg.qr(a, mode="complete")
    return q, r


def only_r(a):
    return np.linalg.qr(a, "r")


def eigh(a):
    w, v = np.linalg.eigh(a)
    return w, v


def upper(a):
    w, v = np.linalg.eigh(a, UPLO="U")
    return w, v


def eigvalsh(a):
    return np.linalg.eigvalsh(a)


def svd(a):
    u, s, vh = np.linalg.svd(a)
    return u, s, vh


def thin(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return u, s, vh


def svd_of_hermitian(a):
    u, s, vh = np.linalg.svd(a, hermitian=True)
    return u, s, vh


def of_hermitian(a):
    return np.linalg.svd(a, compute_uv=False, hermitian=True), np.linalg.matrix_rank(a, hermitian=True)


def pinv_of_hermitian(a):
    return np.linalg.pinv(a, hermitian=True)


def svdvals(a):
    return np.linalg.svdvals(a)


def pinv(a):
    return np.linalg.pinv(a)


def pinv_above(a):
    return np.linalg.pinv(a, rtol=None), np.linalg.pinv(a, 1e-3), np.linalg.pinv(a, rtol=1e-3)


def matrix_rank(a):
    return np.linalg.matrix_rank(a)


def rank_above(a):
    return np.linalg.matrix_rank(a, 0.5), np.linalg.matrix_rank(a, rtol=0.3)


def cond(a):
    return np.linalg.cond(a)


def cond_of_norms(a):
    return np.linalg.cond(a, 1), np.linalg.cond(a, -np.inf), np.linalg.cond(a, "fro"), np.linalg.cond(a, np.inf), \
        np.linalg.cond(a, -1)


def cond_of_values(a):
    return np.linalg.cond(a, -2), np.linalg.cond(a, 2), np.linalg.cond(a, "nuc")


def lstsq(a, b):
    x, residuals, rank, s = np.linalg.lstsq(a, b)
    return x, residuals, rank, s


def lstsq_above(a, b, rcond):
    x, residuals, rank, s = np.linalg.lstsq(a, b, rcond)
    return x, residuals, rank, s


def tensorinv(a):
    return np.linalg.tensorinv(a)


def tensorinv_of_one(a):
    return np.linalg.tensorinv(a, ind=1)


def tensorsolve(a, b):
    return np.linalg.tensorsolve(a, b)


def tensorsolve_turned(a, b):
    return np.linalg.tensorsolve(a, b, axes=(0, 2))


PROGRAMS = {function: thalweg.program(function, strict=True) for function in
            (qr, complete, only_r, eigh, upper, eigvalsh, svd, thin, svd_of_hermitian, of_hermitian, pinv_of_hermitian,
             svdvals, pinv, pinv_above, matrix_rank, rank_above, cond, cond_of_norms, cond_of_values, lstsq,
             lstsq_above, tensorinv, tensorinv_of_one, tensorsolve, tensorsolve_turned)}


def run(function, *arguments):
    """The results of the program, which leaves its arguments as they are, and NumPy's; of the same types and shapes."""
    before = [np.copy(each) for each in arguments]
    found = PROGRAMS[function](*arguments)
    with np.errstate(all="ignore"):
        expected = function(*arguments)
    for one, other in zip(arguments, before):
        np.testing.assert_array_equal(one, other)
    several = isinstance(expected, tuple)
    for one, other in zip(found, expected) if several else [(found, expected)]:
        assert type(one) is type(other) and one.dtype == other.dtype and one.shape == other.shape, (one, other)
        for argument in arguments:
            assert not isinstance(one, np.ndarray) or not np.shares_memory(one, argument)
    return found, expected


def kinds(shape, dtype):
    """Matrices of full rank, of low rank, zero, graded, very large and very small."""
    made = [values(shape, dtype, seed=1), np.zeros(shape, dtype)]
    if dtype[0] in "fc" and (LONG or shape in ((4, 3), (3, 3), (20, 20))):
        low = values(shape, dtype, seed=2)
        low[..., -1:] = low[..., :1] * 3
        graded = made[0] * np.array(10.0**np.linspace(-9, 9, shape[-1]), dtype)
        made += [low, graded, *[made[0].astype(np.dtype("c16" if dtype[0] == "c" else "f8")) * 10.0**power
                                for power in ((-200, 200, -310) if dtype in ("f8", "c16") else (-20, 20))]]
    return [each.astype(dtype) for each in made]


def placed(a):
    return list(layouts(a))[:4 if LONG else 2 if a.shape in ((4, 3), (3, 3)) else 1]


def size(a):
    return np.max(np.abs(a), initial=0)


def unit(a, dtype):
    """The error that rounding allows for numbers of the size of a in results of this type."""
    single = np.dtype(dtype) in (np.dtype("f4"), np.dtype("c8"))
    tiny = np.finfo(np.float32 if single else np.float64).tiny
    return max(np.shape(a)[-2:]) * ((EPS * 10) + np.finfo(np.float32).eps * single) * size(a) + tiny * EPS * 8


def double(a):
    return a.astype(np.complex128 if a.dtype.kind == "c" else np.float64)


def orthonormal(q):
    """Whether the columns of the matrices are orthonormal."""
    q = double(q), q.dtype
    gram = np.conj(np.swapaxes(q[0], -1, -2)) @ q[0]
    assert size(gram - np.eye(gram.shape[-1])) <= unit(np.ones(q[0].shape[-2:]), q[1])


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("function", [qr, complete, only_r])
def test_orthogonal_factors(function, dtype):
    for shape in shapes_for(function, dtype):
        for number, matrix in enumerate(kinds(shape, dtype)):
            for a in placed(matrix):
                found, expected = run(function, a)
                if function is only_r:
                    found, expected = (found,), (expected,)
                assert not np.any(np.tril(found[-1], -1))
                if function is not only_r:
                    assert size(double(found[0]) @ double(found[1]) - a) <= unit(a, found[1].dtype)
                    orthonormal(found[0])
                if number == 0 and a.size and dtype != "?":
                    condition = np.max(np.linalg.cond(double(a))) if min(shape[-2:]) > 1 else 1
                    for one, other in zip(found, expected):
                        assert size(one - other) <= condition * unit(other, one.dtype)


def hermitian(a):
    return a + np.conj(np.swapaxes(a, -1, -2)) if a.dtype != bool else a | np.swapaxes(a, -1, -2)


@pytest.mark.parametrize("function, dtype", [(eigh, each) for each in TYPES] + [
    (function, each) for function in (upper, eigvalsh) for each in (TYPES[:4] if LONG else TYPES[:1])])
def test_eigenvectors(function, dtype):
    for shape in shapes_for(function, dtype, SQUARES):
        for matrix in kinds(shape, dtype):
            matrix = hermitian(matrix)
            for a in placed(matrix):
                found, expected = run(function, a)
                bound = unit(a, np.result_type(a.dtype, "f4"))
                if function is eigvalsh:
                    assert size(found - expected) <= bound
                    continue
                w, v = found
                assert size(w - expected[0]) <= bound
                assert size(double(a) @ double(v) - double(v) * w[..., None, :]) <= 2 * bound
                orthonormal(v)


@pytest.mark.parametrize("function", [eigh, upper] if LONG else [eigh])
def test_only_one_triangle_is_read(function):
    a = values((4, 4), "c16")
    half = np.tril(a, -1) if function is eigh else np.triu(a, 1)
    full = half + half.conj().T + np.diag(np.diag(a).real)
    read = half + np.diag(np.diag(a)) + np.where(half == 0, np.nan, 0)
    np.fill_diagonal(read, np.diag(a))
    w, v = PROGRAMS[function](read)
    assert size(w - np.linalg.eigvalsh(full)) < 1e-13 and size(full @ v - v * w) < 1e-13


@pytest.mark.parametrize("function, dtype", [(svd, each) for each in TYPES] + [
    (function, each) for function in (thin, svdvals) for each in (TYPES[:4] if LONG else TYPES[:1])])
def test_singular_vectors(function, dtype):
    for shape in shapes_for(function, dtype):
        for matrix in kinds(shape, dtype):
            for a in placed(matrix):
                found, expected = run(function, a)
                bound = unit(a, np.result_type(a.dtype, "f4"))
                if function is svdvals:
                    assert size(found - expected) <= bound
                    continue
                u, s, vh = found
                assert size(s - expected[1]) <= bound
                least = s.shape[-1]
                again = (double(u)[..., :, :least] * s[..., None, :]) @ double(vh)[..., :least, :]
                assert size(again - a) <= 2 * bound
                orthonormal(u)
                orthonormal(np.swapaxes(vh, -1, -2))


@pytest.mark.parametrize("dtype", TYPES if LONG else TYPES[1:])
def test_singular_vectors_of_hermitian_matrices(dtype):
    for shape in SQUARES if LONG else SQUARES[:1]:
        for number, matrix in enumerate(kinds(shape, dtype)):
            a = hermitian(matrix)
            (u, s, vh), (_, expected, _) = run(svd_of_hermitian, a)
            bound = unit(a, np.result_type(a.dtype, "f4"))
            assert size(s - expected) <= bound
            assert size((double(u) * s[..., None, :]) @ double(vh) - a) <= 2 * bound
            orthonormal(u)
            orthonormal(np.swapaxes(vh, -1, -2))
            if LONG and number == 0 and a.size and dtype != "?":
                for one, other in zip(*run(of_hermitian, a)):
                    assert size(one - other) <= bound
                near(*run(pinv_of_hermitian, a), a)


def wilkinson(n):
    return np.diag(np.abs(np.arange(n) - n // 2) + 0.0) + np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)


def difficult():
    """Clusters of equal values, values of all sizes, and triangular forms with zeros."""
    yield wilkinson(21)
    yield np.diag([2.0, 2, 2, -1, 0])
    yield np.tri(12).T - 1.5 * np.tri(12, k=-1).T
    yield np.diag([1.0, 0, 3, 0]) + np.diag([1.0, 2, 0], 1)
    yield np.array([[0.0, 5e-324], [5e-324, 0]])
    yield 1 / (np.arange(9)[:, None] + np.arange(9) + 1.0)
    if LONG:
        yield np.kron(np.eye(4), wilkinson(11)) + np.diag(np.full(43, 1e-8), 1) + np.diag(np.full(43, 1e-8), -1)
        yield np.ones((30, 30))
        yield np.diag(10.0**np.arange(-150, 150, 15)) + np.diag(10.0**np.arange(-140, 145, 15), 1)


def test_difficult():
    for a in difficult():
        for function in (svd, thin) if LONG else (thin,):
            (u, s, vh), (_, expected, _) = run(function, a)
            assert size(s - expected) <= unit(a, "f8") and size((u * s) @ vh - a) <= 2 * unit(a, "f8")
            orthonormal(u)
            orthonormal(vh)
        a = np.tril(a) + np.tril(a, -1).T
        (w, v), (expected, _) = run(eigh, a)
        assert size(w - expected) <= unit(a, "f8") and size(a @ v - v * w) <= 2 * unit(a, "f8")
        orthonormal(v)


def near(found, expected, a):
    """As NumPy's, as far as the condition of the full rank of a allows."""
    values = np.linalg.svdvals(double(a))
    kept = np.where(values > 1e-10 * values[..., :1], values, np.inf)
    condition = np.max(values[..., :1] / np.min(kept, axis=-1, keepdims=True, initial=np.inf), initial=1)
    for one, other in zip(found, expected) if isinstance(found, tuple) else [(found, expected)]:
        far = ~np.isfinite(other)
        np.testing.assert_array_equal(one[far], other[far])
        allowed = 10 * condition * unit(np.ones(a.shape[-2:]) * size(other[~far]), one.dtype)
        assert size(one[~far] - other[~far]) <= allowed


@pytest.mark.parametrize("dtype", ("f8", "c8", "i4") if LONG else TYPES[:1])
@pytest.mark.parametrize("function", [matrix_rank, pinv] + [rank_above, pinv_above] * LONG)
def test_ranks_and_pseudo_inverses(function, dtype):
    if dtype in ("i4", "?") and function is pinv_above:
        return
    for shape in shapes_for(function, dtype):
        if dtype in ("i4", "?") and function is pinv and 0 in shape[-2:]:
            continue  # NumPy's result is of integers
        for number, matrix in enumerate(kinds(shape, dtype)[:3]):
            for a in placed(matrix)[:4 if number == 0 else 1]:
                found, expected = run(function, a)
                if function in (matrix_rank, rank_above):
                    np.testing.assert_array_equal(found, expected)
                elif number != 2 or a.dtype.itemsize == (16 if a.dtype.kind == "c" else 8):
                    near(found, expected, a)


def test_ranks_of_vectors():
    for a in (np.zeros(3), np.array([0, 2]), np.zeros(0), np.array(3.0), np.array(False)):
        found, expected = PROGRAMS[matrix_rank](a), matrix_rank(a)
        assert type(found) is type(expected) is int and found == expected


@pytest.mark.parametrize("dtype", ("f8", "c8", "i4") if LONG else TYPES[:1])
@pytest.mark.parametrize("function", [cond] + [cond_of_norms, cond_of_values] * LONG)
def test_condition_numbers(function, dtype):
    for shape in shapes_for(function, dtype, SHAPES if function is cond else SQUARES):
        if 0 in shape[-2:]:
            continue
        for number, matrix in enumerate(kinds(shape, dtype)[:2]):
            if number == 1 and function is cond_of_values:
                continue
            for a in placed(matrix):
                near(*run(function, a), np.eye(2) if np.linalg.matrix_rank(double(a)).min(initial=2) < 2 else a)
    if LONG and function is not cond_of_values:
        a = np.stack([np.eye(2), np.zeros((2, 2)), np.ones((2, 2)) * 2]).astype(dtype)
        assert np.array_equal(*[np.isinf(each) if function is cond else np.isinf(each[0]) for each in run(function, a)])


@pytest.mark.parametrize("dtype", TYPES if LONG else TYPES[:1])
def test_least_squares(dtype):
    for shape in [(4, 3), (3, 3), (2, 5), (1, 1)] + [(0, 3), (3, 0), (0, 0), (40, 7)] * LONG:
        for sides in ((), (2,), (0,)) if LONG else ((2,),):
            for number, matrix in enumerate(kinds(shape, dtype)[:3]):
                for a, b in zip(placed(matrix), placed(values(shape[:1] + sides, dtype, seed=9))):
                    if number == 2 and a.dtype.itemsize < (16 if a.dtype.kind == "c" else 8):
                        continue  # the rank of rounded numbers
                    found, expected = run(lstsq, a, b)
                    assert found[2] == expected[2]
                    near((found[0], found[3]), (expected[0], expected[3]), a)
                    assert size(found[1] - expected[1]) <= unit(a, found[1].dtype) * size(b) * 100


@pytest.mark.skipif(not LONG, reason="long")
def test_least_squares_above():
    a = values((5, 3), "f8")
    a[:, 2] = a[:, 0] * (1 + 1e-5 * np.arange(5))
    for rcond in (1e-3, 1e-12, 0.0, -1.0, 0.9, 1.5):
        found, expected = run(lstsq_above, a, np.arange(5.0), rcond)
        assert found[2] == expected[2] and size(found[0] - expected[0]) <= 1e-6 * size(expected[0])


@pytest.mark.parametrize("dtype", TYPES if LONG else TYPES[:1])
def test_tensors(dtype):
    for function, *shapes in ((tensorinv, (2, 3, 6)), (tensorinv, (2, 3, 3, 2)), (tensorinv_of_one, (4, 2, 2)),
                              (tensorsolve, (2, 3, 6), (2, 3)), (tensorsolve, (4, 2, 2), (4,)),
                              (tensorsolve, (0, 3, 0), (0, 3)), (tensorsolve, (3, 3), (3,)),
                              (tensorsolve_turned, (2, 6, 3), (6,)))[::1 if LONG else 3]:
        a, *b = (values(shape, dtype if dtype != "?" else "i4", seed=5 + k) for k, shape in enumerate(shapes))
        for placed_a in placed(a):
            found, expected = run(function, placed_a, *b)
            assert size(found - expected) <= 1e-11 * max(size(expected), 1) if found.dtype.itemsize >= 8 else 1e-4


def raised(function, *arguments):
    with pytest.raises(Exception) as caught, np.errstate(all="ignore"):
        function(*arguments)
    return caught.value


LINE = np.ones(3)
OBLONG = np.ones((2, 3))
NOT_NUMBERS = np.full((3, 3), np.nan)
ERRORS = [
    (eigh, OBLONG), (svd, LINE), (qr, LINE), (svdvals, NOT_NUMBERS), (lstsq, OBLONG, LINE), (tensorsolve, OBLONG, LINE),
    (eigvalsh, NOT_NUMBERS), (eigvalsh, LINE)]
MORE_ERRORS = [
    (eigh, LINE), (eigvalsh, OBLONG), (qr, np.array(1.0)), (svd, np.array(1.0)), (pinv, LINE), (cond, LINE),
    (cond_of_norms, OBLONG), (cond, np.ones((0, 3))), (cond, np.ones((2, 3, 0))), (eigh, NOT_NUMBERS),
    (svd, NOT_NUMBERS), (thin, np.array([[1, np.nan]])), (svdvals, np.array([[np.nan]])), (cond, NOT_NUMBERS),
    (pinv, NOT_NUMBERS), (matrix_rank, NOT_NUMBERS), (eigh, np.eye(2, dtype="f2")), (svd, np.eye(2, dtype="f2")),
    (qr, np.eye(2, dtype="f2")), (tensorinv, np.ones((2, 3, 5))), (tensorinv, np.ones((2, 0, 0))),
    (tensorinv_of_one, LINE[:2]), (tensorsolve, np.ones((3, 3)), np.ones(4)), (tensorsolve, np.zeros((3, 3)), LINE)]


@pytest.mark.parametrize("case", ERRORS + MORE_ERRORS * LONG, ids=lambda case: case[0].__name__)
def test_errors(case):
    expected, found = raised(*case), raised(PROGRAMS[case[0]], *case[1:])
    assert isinstance(found, type(expected)), (found, expected)
    assert " ".join(str(expected).split()).startswith(" ".join(str(found).splitlines()[0].split()))


def test_what_is_not_finite_passes_through_qr():
    found, expected = PROGRAMS[qr](NOT_NUMBERS), qr(NOT_NUMBERS)
    np.testing.assert_array_equal(np.isnan(found[1]), np.isnan(expected[1]))


def test_refusals():
    @thalweg.program
    def raw(a):
        return np.linalg.qr(a, "raw")

    @thalweg.program
    def several_tolerances(a):
        return np.linalg.pinv(a, np.array([[1.0], [2.0]]))

    @thalweg.program
    def cond_of_order_3(a):
        return np.linalg.cond(a, 3)

    for program in (raw, several_tolerances, cond_of_order_3):
        with pytest.raises(NotImplementedError) as caught:
            program(np.eye(3))
        assert caught.value.code == "TW1085"


cases = Cases()
KINDS = ("f8", "c16", "f4", "i4") if LONG else ("f8",)


@cases([(3, 3), (2, 3), (0, 3), (3, 0)] if LONG else [(2, 3)], types=KINDS, same=within(50))
def of_matrices(a):
    return np.linalg.norm(a, "fro"), np.linalg.norm(a, np.inf), np.linalg.matrix_norm(a, keepdims=True), \
        np.linalg.norm(a, axis=(1, 0), ord="fro", keepdims=True), np.linalg.norm(a, np.inf, axis=(1, 0), keepdims=True)


@cases([(3, 3), (2, 3), (1, 0)] if LONG else [(2, 3)], types=KINDS, same=within(50))
def of_least_rows(a):
    return np.linalg.norm(a, -np.inf), np.linalg.norm(a, -np.inf, axis=(1, 0), keepdims=True)


@cases([(3, 3), (2, 3), (2, 3, 2)] if LONG else [(2, 3)], types=KINDS, same=within(200))
def of_values(a):
    return np.linalg.norm(a, "nuc", axis=(0, 1), keepdims=True)


@cases([(2, 3, 4), (2, 0, 3)] if LONG else [(2, 3, 4)], types=KINDS, same=within(50))
def along_axes(a):
    return np.linalg.vector_norm(a, axis=(0, 2)), np.linalg.vector_norm(a, axis=(1, 0), keepdims=True, ord=1), \
        np.linalg.vector_norm(a, axis=(0, 1, 2)), np.linalg.vector_norm(a, axis=(-1,))


@cases([(2, 3), (3, 2, 4), (0, 3), (2, 3, 0)], types=KINDS + ("u1", "?") * LONG, same=within(8))
def traces(a):
    return np.linalg.trace(a), np.linalg.trace(a, offset=1), np.linalg.trace(a, offset=-1), \
        np.linalg.trace(a, offset=-7)


@cases([((3, 2), (3, 2)), ((3, 2, 2), (3, 1, 2)), ((2, 2), (2, 2))], types=[(each, each) for each in KINDS])
def crossed(a, b):
    return np.linalg.cross(a, b, axis=0)


@cases([(3,)], types=KINDS, same=within(4))
def of_numbers(a):
    return np.linalg.norm(a[0])


if LONG:
    @cases([(3, 3), (2, 3), (2, 3, 2)], types=KINDS, same=within(200))
    def of_greatest_and_least_values(a):
        return np.linalg.matrix_norm(a, ord=2), np.linalg.norm(a, -2, axis=(-1, 0), keepdims=True)


@cases.mark
def test_equals_numpy(case):
    run_case(case)
