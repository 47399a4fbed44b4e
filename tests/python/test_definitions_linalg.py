"""np.linalg against NumPy: equations, inverses, determinants, factors, norms, powers, products.

Both NumPy's results and ours have errors of at most the condition number times n times eps, so that they may differ by
twice that (eps of double precision: NumPy takes single precision to double and rounds once at the end); residuals stay
within n times eps whatever the condition. A factor of 10 is for the growth of elements in the elimination.
"""

import numpy as np
import pytest

import thalweg
from definition_grid import LONG, Cases, layouts, values, within
from definition_grid import run as run_case

TYPES = ("f8", "c16", "f4", "i4", "c8", "i8", "?", "u1") if LONG else ("f8", "c16")
SIZES = (0, 1, 2, 3, 5, 15, 16, 17, 33, 70) if LONG else (3, 40)
EPS = np.finfo(np.float64).eps


def det(a):
    return np.linalg.det(a)


def slogdet(a):
    sign, log = np.linalg.slogdet(a)
    return sign, log


def inv(a):
    return np.linalg.inv(a)


def solve(a, b):
    return np.linalg.solve(a, b)


def cholesky(a):
    return np.linalg.cholesky(a)


def cholesky_upper(a):
    return np.linalg.cholesky(a, upper=True)


PROGRAMS = {function: thalweg.program(function, strict=True)
            for function in (det, slogdet, inv, solve, cholesky, cholesky_upper)}


def placed(a):
    """Layouts in memory; in short runs more than one for real numbers only."""
    return list(layouts(a))[:4 if LONG or a.dtype.kind == "f" and len(a) < 9 else 1]


def matrices(n, dtype):
    """Regular matrices: random ones, with equal pivots, permuted, badly scaled, ill-conditioned."""
    random = np.random.default_rng(n)
    if dtype == "?":
        return [np.tri(n, dtype=bool)[::-1]]
    made = [values((n, n), dtype, seed=3) + 5 * np.eye(n, dtype=dtype),
            np.eye(n, dtype=dtype)[random.permutation(n)] * np.array(3, dtype)]
    if dtype[0] in "fc" and n > 1:
        scaled = values((n, n), dtype, seed=5) * np.array(10.0**np.linspace(-3, 3, n), dtype)[:, None]
        ties = np.where(np.tri(n, dtype=bool), -1, 0) + 2 * np.eye(n)
        ties[:, -1] = 1
        made += [scaled.astype(dtype), ties[:, ::-1].astype(dtype) if n < 20 else ties.astype(dtype) * 0 + made[1]]
        if n <= 8:
            places = np.arange(n)
            made.append((1 / (places[:, None] + places + 1)).astype(dtype))
    return made


def allowed(a, dtype):
    """The error that the condition allows, relative to the largest element."""
    condition = np.linalg.cond(a.astype(np.complex128)) if a.size else 1
    rounded = np.finfo(dtype).eps if np.dtype(dtype).itemsize * (2 if np.dtype(dtype).kind == "f" else 1) < 16 else 0
    return 10 * max(len(a), 1) * EPS * condition + rounded


def near(found, expected, bound):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.dtype == expected.dtype and found.shape == expected.shape
    assert np.max(np.abs(found - expected), initial=0) <= bound * np.max(np.abs(expected), initial=0)


def run(function, *arguments):
    """The results of NumPy and of the program, which leaves its arguments as they are and shares nothing with them."""
    before = [np.copy(each) for each in arguments]
    found = PROGRAMS[function](*arguments)
    expected = function(*arguments)
    assert type(found) is type(expected)
    for one, other in zip(arguments, before):
        np.testing.assert_array_equal(one, other)
        assert not isinstance(found, np.ndarray) or not np.shares_memory(found, one)
    return found, expected


@pytest.mark.parametrize("dtype", TYPES)
def test_inverses(dtype):
    for n in SIZES:
        for matrix in matrices(n, dtype):
            for a in placed(matrix):
                found, expected = run(inv, a)
                near(found, expected, allowed(a, found.dtype))


def product(a, b):
    return a @ b


@pytest.mark.parametrize("dtype", ("c16", "c8"))
def test_complex_products_are_those_of_blas_to_the_bit(dtype):
    """From 513 multiplications on; smaller ones are loops in their place."""
    program = thalweg.program(product, strict=True)
    for left, right in (((30, 40), (40, 20)), ((600,), (600, 30)), ((30, 600), (600,)), ((600,), (600,)),
                        ((3, 0), (0, 4))):
        a, b = values(left, dtype, seed=3), values(right, dtype, seed=4)
        for x, y in ((a, b), (a[..., ::-1], b), (np.asfortranarray(a), np.asfortranarray(b))):
            assert np.array_equal(program(x, y), x @ y)
    for n in (1, 2, 8, 9):
        a = values((n, n), dtype, seed=5)
        assert np.allclose(program(a, a), a @ a, rtol=1e-4 if dtype == "c8" else 1e-13)


@pytest.mark.parametrize("dtype", ("f8", "c16", "f4", "c8", "i4"))
def test_solutions_are_lapacks_to_the_bit(dtype):
    for n in (1, 2, 17, 70):
        for a in layouts(values((n, n), dtype, seed=3) + np.array(5 * np.eye(n), dtype)):
            for shape in ((n,), (n, 20), (2, n, 3)):
                b = values(shape, dtype, seed=7)[..., ::-1]
                for function, given in ((inv, (a,)), (solve, (a, b))):
                    found, expected = run(function, *given)
                    assert found.dtype == expected.dtype and np.array_equal(found, expected)


@pytest.mark.parametrize("dtype", TYPES)
def test_equations(dtype):
    for n in SIZES:
        for matrix in matrices(n, dtype):
            for shape in ((n,), (n, 3), (n, 0), (n, 20)) if LONG else ((n,),) if dtype == "c16" else ((n, 3),):
                for a, b in zip(placed(matrix), placed(values(shape, dtype, seed=7))):
                    found, expected = run(solve, a, b)
                    near(found, expected, allowed(a, found.dtype))
                    if a.dtype.itemsize < 8 or n == 0:
                        continue
                    residual = np.abs(a @ found - b)
                    scale = np.abs(a) @ np.abs(found) + np.abs(b)
                    assert np.all(residual <= 10 * n * np.finfo(found.dtype).eps * np.max(scale, initial=0))


@pytest.mark.parametrize("dtype", TYPES)
def test_determinants(dtype):
    for n in SIZES:
        for matrix in matrices(n, dtype):
            for a in placed(matrix):
                found, expected = run(det, a)
                near(found, expected, n * allowed(a, found.dtype))
                (sign, log), (expected_sign, expected_log) = run(slogdet, a)
                near(sign, expected_sign, n * allowed(a, found.dtype))
                assert type(log) is type(expected_log)
                assert abs(log - expected_log) <= n * allowed(a, found.dtype) * max(1, abs(expected_log))


@pytest.mark.parametrize("dtype", [each for each in TYPES if each[0] in "fci"])
@pytest.mark.parametrize("function", [cholesky] + ([cholesky_upper] if LONG else []))
def test_cholesky(function, dtype):
    for n in SIZES:
        half = values((n, n), dtype, seed=1)
        matrix = half @ half.conj().T + n * np.eye(n, dtype=dtype)
        other = np.tril(matrix) if function is cholesky else np.triu(matrix)  # the other half is not read
        for a in (*placed(matrix), other):
            found, expected = run(function, a)
            near(found, expected, allowed(matrix, found.dtype))
            np.testing.assert_array_equal(found[np.tri(n, k=-1, dtype=bool).T if function is cholesky else
                                                np.tri(n, k=-1, dtype=bool)], 0)


@pytest.mark.parametrize("shapes", [((2, 3, 3), (3,)), ((2, 3, 3), (3, 2)), ((3, 3), (4, 3, 2)),
                                    ((2, 1, 3, 3), (4, 3, 2)), ((0, 3, 3), (3, 2)), ((2, 0, 0), (2, 0, 1)),
                                    ((2, 2, 2), (2, 2)), ((1, 3, 3), (5, 3, 1)), ((0, 0), (0,)), ((0, 0), (0, 3)),
                                    ((1, 1), (1, 2))][::1 if LONG else 4])
def test_stacks(shapes):
    of_a, of_b = shapes
    a = values(of_a, "f8", seed=2) + 6 * np.eye(of_a[-1])
    b = values(of_b, "f8", seed=4)
    near(*run(solve, a, b), 1e-13)
    if a.ndim > 2 and LONG:
        near(*run(inv, a), 1e-13)
        near(*run(det, a), 1e-13)
        for found, expected in zip(*run(slogdet, a)):
            near(found, expected, 1e-13)
        near(*run(cholesky, a @ np.swapaxes(a, -1, -2)), 1e-13)


def raised(function, *arguments):
    with pytest.raises(Exception) as caught, np.errstate(all="ignore"):
        function(*arguments)
    return caught.value


SINGULAR = np.array([[1.0, 2, 3], [2, 4, 6], [1, 1, 1]])


ERRORS = [
    (inv, (SINGULAR,)), (solve, (SINGULAR, np.ones((3, 2)))), (inv, (np.zeros((2, 3)),)), (inv, (np.zeros(3),)),
    (inv, (np.array(1.0),)), (det, (np.zeros(3),)), (slogdet, (np.zeros(3),)), (cholesky, (-np.eye(2),)),
    (cholesky, (SINGULAR,)), (cholesky, (np.zeros(2),)), (solve, (np.zeros(2), np.zeros(2))),
    (solve, (np.eye(2), np.array(1.0)))]
MORE_ERRORS = [
    (inv, (np.zeros((1, 1)),)), (solve, (SINGULAR, np.ones((3, 0)))), (inv, (np.stack([np.eye(3), SINGULAR]),)),
    (det, (np.zeros((2, 3)),)), (inv, (np.eye(2, dtype="f2"),)), (det, (np.eye(2, dtype="f2"),)),
    (solve, (np.eye(2), np.ones(2, "f2")))]


@pytest.mark.parametrize("function, arguments", ERRORS + (MORE_ERRORS if LONG else MORE_ERRORS[-1:]),
                         ids=lambda one: getattr(one, "__name__", None))
def test_errors(function, arguments):
    expected = raised(function, *arguments)
    found = raised(PROGRAMS[function], *arguments)
    assert isinstance(found, type(expected)) and str(found).splitlines()[0] == str(expected), (found, expected)


@pytest.mark.parametrize("shape", [(2,), (2, 1)])
def test_sizes_that_do_not_fit(shape):
    expected = raised(solve, np.eye(3), np.ones(shape))
    found = raised(PROGRAMS[solve], np.eye(3), np.ones(shape))
    assert isinstance(found, type(expected))
    assert str(expected).startswith(str(found).splitlines()[0])  # NumPy goes on with the signature and the sizes


def test_singular():
    for a in (SINGULAR, SINGULAR + 1j * SINGULAR, *((np.zeros((2, 2), "i8"), SINGULAR.astype("f4")) if LONG else ())):
        found, expected = run(det, a)
        assert found == expected and type(found) is type(expected)
        found, expected = run(slogdet, a)
        assert found == tuple(expected) and [type(each) for each in found] == [type(each) for each in expected]


def test_not_numbers():
    """What is not finite goes into the result and raises nothing, as in NumPy."""
    a = np.eye(3) + 1
    for odd in (np.nan, np.inf):
        a[2, 2] = odd
        with np.errstate(all="ignore"):
            for function, arguments in ((inv, (a,)), (det, (a,)), (cholesky, (a,)), (solve, (a, np.ones(3)))):
                found, expected = run(function, *arguments)
                np.testing.assert_array_equal(np.isfinite(found).all(), np.isfinite(expected).all())


cases = Cases()
KINDS = ("f8", "c16", "f4", "i4")


@cases([(5,)], types=KINDS, same=within(50))
def of_vectors(a):
    return np.linalg.norm(a, 1), np.linalg.norm(a, np.inf), np.linalg.norm(a, -np.inf), np.linalg.norm(a, 0), \
        np.linalg.norm(a, 3), np.linalg.norm(a, 2, keepdims=True), np.linalg.vector_norm(a, ord=1)


@cases([(2, 3), (0, 3), (2, 3, 4)] if LONG else [(2, 3, 4)], types=KINDS, same=within(50))
def of_rows(a):
    return np.linalg.norm(a, np.inf, axis=0), np.linalg.norm(a, 1, axis=-1, keepdims=True), \
        np.linalg.vector_norm(a), np.linalg.vector_norm(a, axis=1), np.linalg.norm(a, axis=(0, -1))


@cases([(2, 3), (0, 3)], types=KINDS, same=within(50))
def of_matrices(a):
    return np.linalg.norm(a, 1), np.linalg.matrix_norm(a), np.linalg.norm(a, 1, axis=(1, 0), keepdims=True)


@cases([(2, 3), (0, 3)], types=KINDS, same=within(50))
def by_the_least(a):
    return np.linalg.norm(a, -1, axis=(-1, 0))


@cases([(0, 0), (2, 3, 3), (2, 3), (3, 3)] if LONG else [(3, 3)], types=KINDS, same=within(100))
def powers(a):
    return np.linalg.matrix_power(a, 0), np.linalg.matrix_power(a, 1), np.linalg.matrix_power(a, 2), \
        np.linalg.matrix_power(a, 3), np.linalg.matrix_power(a, 11)


@cases([((2, 3), (3,)), ((2, 3), (4, 3)), ((3,), (3, 2)), ((0, 3), (3,))], types=(("f8", "f8"), ("c16", "f8"), ("i4", "u1")),
       same=within(50))
def of_three(a, b):
    return np.linalg.multi_dot((a, np.transpose(b))), np.linalg.multi_dot([a, np.ones((3, 3)), np.transpose(b)])


@cases([((2, 3), (3,)), ((2, 3), (4, 3)), ((3,), (3,))] + [((2, 3), (2, 3)), ((3,), (2, 3)),
                                                            ((0, 3), (3,)), ((3,), (2,))] * LONG,
       types=(("f8", "f8"), ("c16", "c16"), ("i4", "u1"), ("?", "?")), same=within(50))
def vector_products(a, b):
    return np.vecdot(a, b), np.linalg.vecdot(a, b)


@cases([((2, 3), (3,)), ((4, 2, 3), (3,)), ((4, 2, 3), (4, 3)), ((2, 3), (5, 3)), ((2, 3), (2,))][:5 if LONG else 2],
       types=(("f8", "f8"), ("c16", "c16"), ("i4", "u1")), same=within(50))
def matrix_products(a, b):
    return np.matvec(a, b), np.vecmat(b, np.swapaxes(a, -1, -2)), np.linalg.matmul(a, b[..., None])


@cases([((3,), (3,)), ((3,), (2,))], types=(("f8", "f8"), ("i4", "u1")))
def newer_names(a, b):
    return np.linalg.outer(a, b), np.linalg.cross(a, b), np.linalg.tensordot(a, b, axes=0)


@cases([(2, 3), (3, 3)], types=("f8", "i4"), same=within(4))
def newer_names_of_matrices(a):
    return np.linalg.matrix_transpose(a), np.matrix_transpose(a), np.linalg.trace(a)


@cases.mark
def test_equals_numpy(case):
    run_case(case)
