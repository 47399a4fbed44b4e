"""Matrices of scipy.sparse as arguments: products bit for bit as SciPy's, shared memory, errors, what is refused."""

import copy
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
import scipy.sparse as sp

import thalweg
from support import function_from
from tolerance import same_bits

LONG = bool(os.environ.get("THALWEG_LONG"))
CLASSES = [sp.csr_array, sp.csc_array, sp.coo_array, sp.csr_matrix, sp.csc_matrix, sp.coo_matrix]
FORMATS = CLASSES[:3]
PAIRS = [("f8", "f8"), ("f4", "f4"), ("f4", "f8"), ("f8", "f2"), ("f4", "f2"), ("c16", "f8"), ("f4", "c8"), ("c8", "c8"),
         ("c16", "c16"), ("i4", "f4"), ("i1", "i1"), ("u1", "i1"), ("i8", "u8"), ("i8", "i8"), ("?", "?"), ("?", "i2"),
         ("?", "f8")]
SHAPES = [(5, 4), (1, 4), (4, 1), (0, 4), (4, 0), (1, 1), (0, 0)] + [(7, 9), (9, 7)] * LONG


def numbers(shape, dtype, seed=0, special=True):
    """Random numbers with zeros of both signs, NaN and infinities among them, whole ones up to the ends of the type."""
    random = np.random.default_rng(seed + 5 * int(np.prod(shape)))
    kind = np.dtype(dtype)
    if kind == bool:
        return random.random(shape) > 0.4
    if kind.kind in "iu":
        ends = np.iinfo(kind)
        return random.integers(ends.min, ends.max, shape, dtype=kind, endpoint=True)
    found = random.normal(size=shape) * 10
    if kind.kind == "c":
        found = found + 1j * random.normal(size=shape)
    if special:
        odd = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0])
        found = np.where(random.random(shape) < 0.15, odd[random.integers(0, 5, shape)], found)
    return found.astype(kind)


def matrix(made_by, shape, dtype, index="i4", seed=0):
    """Stored in no order, with duplicates, explicit zeros and lines without an element; nothing is put in order."""
    random = np.random.default_rng(seed + 31 * shape[0] + shape[1])
    stored = 0 if 0 in shape else 3 * max(shape)
    data = numbers(stored, dtype, seed)
    # Every other one has elements in the first half of its lines only.
    row, col = (random.integers(0, max(extent // 2, 1) if seed % 2 else max(extent, 1), stored) for extent in shape)
    if made_by.__name__.startswith("coo"):
        made = made_by((data, (row, col)), shape=shape)
        made.coords = tuple(each.astype(index) for each in made.coords)
    else:
        lines, indices = (row, col) if made_by.__name__.startswith("csr") else (col, row)
        count = shape[0] if made_by.__name__.startswith("csr") else shape[1]
        indptr = np.searchsorted(np.sort(lines), np.arange(count + 1))
        made = made_by((data, indices, indptr), shape=shape)
        made.indices, made.indptr = made.indices.astype(index), made.indptr.astype(index)
    assert made.data.dtype == dtype
    return made


def call(function, *arguments):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        return function(*arguments)


def same(found, expected):
    """Types, bits, and where an element lies."""
    if isinstance(expected, (tuple, list)):
        return type(found) is type(expected) and len(found) == len(expected) and all(map(same, found, expected))
    if type(found) is not type(expected):
        return False
    if not isinstance(expected, (np.ndarray, np.generic)):
        return found == expected
    places = not isinstance(expected, np.ndarray) or expected.size < 2 or [
        a for a, n in zip(found.strides, found.shape) if n > 1] == [
        b for b, n in zip(expected.strides, expected.shape) if n > 1]
    return same_bits(found, expected) and places


def check(program, *arguments, interpret=False):
    expected = call(program.f, *copy.deepcopy(arguments))
    found = call(program, *copy.deepcopy(arguments))
    assert same(found, expected), f"compiled: {found}\nSciPy: {expected}"
    if interpret:
        found = call(program.interpret, *copy.deepcopy(arguments))
        assert same(found, expected), f"interpreted: {found}\nSciPy: {expected}"


@thalweg.program
def products(A, x, X, y, Y):
    return A @ x, A @ X, y @ A, Y @ A


@thalweg.program
def times(A, x):
    return A @ x


@thalweg.program
def from_left(x, A):
    return x @ A


# ---- products

@pytest.mark.parametrize("made_by", CLASSES, ids=lambda each: each.__name__)
@pytest.mark.parametrize("dtype, other", PAIRS)
def test_products_have_the_bits_of_scipy(made_by, dtype, other):
    program = thalweg.program(products.__wrapped__)
    for index in ("i4", "i8") if LONG or dtype == "f8" else ("i4",):
        for seed, shape in enumerate(SHAPES if LONG else SHAPES[:5]):
            rows, columns = shape
            A = matrix(made_by, shape, dtype, index, seed)
            operands = [numbers(each, other, 7) for each in ((columns,), (columns, 3), (rows,), (2, rows))]
            check(program, A, *operands, interpret=LONG or seed == 0)


@pytest.mark.parametrize("made_by", CLASSES, ids=lambda each: each.__name__)
def test_products_of_every_shape(made_by):
    for seed, shape in enumerate(SHAPES):
        rows, columns = shape
        A = matrix(made_by, shape, "f8", "i4", seed)
        for right in ((columns,), (columns, 1), (columns, 0), (columns, 5)):
            check(times, A, numbers(right, "f8"), interpret=True)
        for left in ((rows,), (1, rows), (0, rows), (5, rows)):
            check(from_left, numbers(left, "f8"), A, interpret=True)


@pytest.mark.parametrize("made_by", FORMATS, ids=lambda each: each.__name__)
def test_dense_operands_of_every_layout(made_by):
    A = matrix(made_by, (5, 4), "f8")
    for dense in (numbers((8,), "f8")[::2], numbers(4, "f8")[::-1], np.broadcast_to(np.float64(3), 4),
                  numbers((3, 4), "f8").T, numbers((4, 6), "f8")[:, ::-2], numbers((8, 3), "f8")[::2]):
        check(times, A, dense)
    for dense in (numbers((10,), "f8")[::-2], numbers((5, 3), "f8").T, numbers((3, 10), "f8")[:, ::2]):
        check(from_left, dense, A)


def test_parts_that_are_no_lines_without_gaps():
    A = matrix(sp.csr_array, (5, 4), "f8")
    A.data = np.repeat(A.data, 2)[::2]
    A.indices = np.repeat(A.indices, 3)[::3]
    x = numbers(4, "f8")
    assert not A.data.flags.c_contiguous
    assert same(call(times, A, x), call(times.f, A, x))


@pytest.mark.parametrize("made_by", CLASSES, ids=lambda each: each.__name__)
def test_lists_are_arrays(made_by):
    A = matrix(made_by, (3, 2), "i4")

    @thalweg.program
    def f(A):
        return A @ [1, 2], A @ [[1.5, 2], [3, 4]], [1, 2, 3] @ A, A @ (True, False)

    check(f, A)


@pytest.mark.parametrize("made_by", CLASSES, ids=lambda each: each.__name__)
def test_transposed(made_by):
    @thalweg.program
    def f(A, x, y):
        B = A.T
        return B @ x, y @ B, A.T.T @ y, B.shape, B.nnz, 1 if B.format == "csr" else 2, B.data

    check(f, matrix(made_by, (5, 4), "f8"), numbers(5, "f8"), numbers(4, "f8"), interpret=True)


@pytest.mark.parametrize("made_by", CLASSES, ids=lambda each: each.__name__)
def test_dot_is_the_product(made_by):
    @thalweg.program
    def f(A, x, X):
        return A.dot(x), A.dot(X), A.dot([1, 2, 3, 4]), A.T.dot(A.dot(x))

    A = matrix(made_by, (5, 4), "f8")
    check(f, A, numbers(4, "f8"), numbers((4, 3), "f8"))

    @thalweg.program
    def dot(A, x):
        return A.dot(x)

    for other in (numbers(3, "f8"), numbers((3, 2), "f8")):
        for run in (dot, dot.f):
            with pytest.raises(ValueError):
                run(A, other)
    for other in (2.0, np.float64(2)):
        with pytest.raises(NotImplementedError, match="a multiple of a sparse matrix"):
            dot(A, other)
    kind = NotImplementedError if A.format == "coo" else ValueError  # SciPy: a multiple, or an error
    with pytest.raises(kind):
        dot(A, np.array(2.0))


def test_many_rows_run_in_parallel_with_the_same_bits():
    A = sp.random_array((4000, 3000), density=0.01, format="csr", rng=np.random.default_rng(1))
    x = numbers(3000, "f8", special=False)
    for other in (A, A.tocsc(), A.tocoo()):
        check(times, other, x)
        check(times, other, numbers((3000, 4), "f8", special=False))
        check(from_left, numbers(4000, "f8", special=False), other)


def test_one_build_serves_all_sizes():
    program = thalweg.program(times.__wrapped__)
    for shape in ((5, 4), (6, 7), (100, 3), (2, 2)):
        check(program, matrix(sp.csr_array, shape, "f8"), numbers(shape[1], "f8"))
    assert len(program.builds) == 1
    check(program, matrix(sp.csr_matrix, (5, 4), "f8"), numbers(4, "f8"))
    assert len(program.builds) == 2


# ---- attributes and loops over the arrays

@pytest.mark.parametrize("made_by", CLASSES, ids=lambda each: each.__name__)
def test_attributes(made_by):
    @thalweg.program
    def f(A):
        by_columns = 1 if A.format == "csc" else 2
        return A.shape, A.shape[0] * A.shape[1], A.nnz, A.ndim, by_columns, A.data, np.zeros(A.nnz, A.dtype)

    @thalweg.program
    def indices(A):
        return A.indices, A.indptr

    @thalweg.program
    def places(A):
        row, col = A.coords
        return A.row, A.col, row, col

    for shape in SHAPES:
        for dtype in ("f8", "i1", "c8"):
            A = matrix(made_by, shape, dtype)
            check(f, A, interpret=True)
            check(places if A.format == "coo" else indices, A)


def test_the_arrays_are_those_of_the_matrix():
    @thalweg.program
    def f(A):
        return A.data, A.indices, A.indptr, A.data[1:]

    A = matrix(sp.csr_array, (5, 4), "f8")
    data, indices, indptr, rest = f(A)
    assert data is A.data and indices is A.indices and indptr is A.indptr and np.shares_memory(rest, A.data)


@pytest.mark.parametrize("made_by", CLASSES, ids=lambda each: each.__name__)
def test_writes_are_seen_outside(made_by):
    @thalweg.program
    def f(A, x):
        A.data[:] = A.data * 2
        A.data[1] += 3
        A.data += 1
        A.data *= x[0]
        return A @ x

    A, B = (matrix(made_by, (5, 4), "f8") for _ in range(2))
    x = numbers(4, "f8", special=False)
    data = A.data
    assert same(call(f, A, x), call(f.f, B, x))
    assert A.data is data and same_bits(A.data, B.data)


def test_index_arrays_can_be_written():
    @thalweg.program
    def mirrored(A, x):
        for k in range(A.nnz):
            A.indices[k] = A.shape[1] - 1 - A.indices[k]
        A.indptr[0] = 2
        return A @ x, A.nnz

    A, B = (matrix(sp.csr_array, (5, 4), "f8") for _ in range(2))
    x = numbers(4, "f8")
    assert same(call(mirrored, A, x), call(mirrored.f, B, x))
    assert same_bits(A.indices, B.indices) and A.indptr[0] == 2


def test_nnz_is_read_where_it_is_asked_for():
    @thalweg.program
    def f(A):
        before = A.nnz
        A.indptr[A.shape[0]] = 1
        return before, A.nnz

    check(f, matrix(sp.csr_array, (5, 4), "f8"), interpret=True)


def test_loops_over_rows():
    @thalweg.program
    def row_sums(A):
        out = np.zeros(A.shape[0], A.dtype)
        for i in range(A.shape[0]):
            for k in range(A.indptr[i], A.indptr[i + 1]):
                out[i] += A.data[k]
        return out

    @thalweg.program
    def scaled(A, d):
        for i in range(A.shape[0]):
            A.data[A.indptr[i]:A.indptr[i + 1]] *= d[i]
        return A.data

    @thalweg.program
    def dense(A):
        out = np.zeros(A.shape, A.dtype)
        for row, col, value in zip(A.row, A.col, A.data):
            out[row, col] += value
        return out

    for shape in SHAPES:
        check(row_sums, matrix(sp.csr_matrix, shape, "f8"))
        check(scaled, matrix(sp.csr_matrix, shape, "f8"), numbers(shape[0], "f8"))
        check(dense, matrix(sp.coo_array, shape, "f8"))


def test_iterations_and_helpers():
    def residual(A, x, b):
        return b - A @ x

    @thalweg.program
    def richardson(A, b, steps):
        x = np.zeros(A.shape[1])
        for _ in range(steps):
            x = x + 0.1 * residual(A, x, b)
        return x

    @thalweg.program
    def power(A, x, steps):
        for _ in range(steps):
            y = A @ x
            x = y / np.abs(y).max()
        return x

    A = sp.random_array((50, 50), density=0.1, format="csr", rng=np.random.default_rng(3))
    check(richardson, A, numbers(50, "f8", special=False), 20)
    check(power, A, np.ones(50), 20)


def test_two_matrices_in_any_order_with_names_of_parts():
    @thalweg.program
    def f(x, B, A_data, A, *, A_d0=2):
        A_indices = A @ x
        return A_indices, B @ A_indices + A_data * A_d0, A.data, B.data

    check(f, numbers(4, "f8"), matrix(sp.csc_array, (3, 5), "f8"), 1.5, matrix(sp.csr_array, (5, 4), "f8"))

    @thalweg.program
    def chosen(A, B, first, x):
        C = A if first else B
        return C @ x

    with pytest.raises(thalweg.CompileError, match="on one way"):
        chosen(matrix(sp.csr_array, (5, 4), "f8"), matrix(sp.csr_array, (5, 4), "f8"), True, numbers(4, "f8"))


def in_a_tuple(A, B, x):
    for M in (A, B, A):
        x = M @ x
    return x


def in_a_dictionary(A, B, x):
    both = {"first": A, "second": B}
    return both["first"] @ x + both["second"] @ x, [A @ x, x @ B]


def in_a_branch(A, B, x):
    if x[0] > 1000:
        y = A @ x[:3]
    else:
        y = A @ x
    return y, B @ y if x[1] > 0 else A @ y


def under_other_names(A, B, x):
    A = A.T
    A, B = B, A
    return A @ x, B @ x


def in_functions(A, B, x):
    def times(v):
        return A @ v

    back = lambda v: B.T @ times(v)  # noqa: E731
    return times(x), back(x)


def in_a_map(A, B, x):
    out = np.zeros((3, A.shape[0]))
    sums = np.zeros(A.shape[0])
    for i in thalweg.map[0:3]:
        out[i] = A @ (x + i)
    for i in thalweg.map[0:A.shape[0]]:
        for k in range(A.indptr[i], A.indptr[i + 1]):
            sums[i] += A.data[k] * x[A.indices[k]]
    return out, sums


def in_place(A, B, x):
    x += A @ x
    x -= x @ B
    return x


def until(A, B, x):
    n = 0
    while np.abs(x).max() < 1e3 and n < 5:
        x = A @ x
        n += 1
    return x, n


def asked_about(A, B, x):
    rows, columns = A.shape
    return A is None, B is not None, rows * columns, len(A.data), A.dtype == x.dtype, len(B.shape)


USES = [in_a_tuple, in_a_dictionary, in_a_branch, under_other_names, in_functions, in_a_map, in_place, until,
        asked_about]


@pytest.mark.parametrize("use", USES, ids=lambda each: each.__name__)
def test_uses(use):
    A, B = matrix(sp.csr_array, (4, 4), "f8", seed=2), matrix(sp.csc_array, (4, 4), "f8", seed=3)
    for each in (A, B):
        each.data = np.where(np.isfinite(each.data), each.data, 1.0)
    check(thalweg.program(use), A, B, numbers(4, "f8", special=False), interpret=True)


def test_a_loop_that_changes_what_a_name_means_is_refused():
    @thalweg.program
    def f(A, x):
        for _ in range(3):
            A = A.T
            x = A @ x
        return x

    with pytest.raises(thalweg.CompileError, match="which a loop carries only for arrays and numbers"):
        f(matrix(sp.csr_array, (4, 4), "f8"), numbers(4, "f8"))


DEFAULT = sp.csr_array(np.diag([1.0, 2.0, 3.0]))


def test_a_matrix_as_a_default():
    @thalweg.program
    def f(x, A=DEFAULT):
        return A @ x

    check(f, np.ones(3))


def test_an_annotation_of_the_program_that_is_called():
    @thalweg.program
    def inner(a: thalweg.float64[4, 4], x):
        return a @ x

    @thalweg.program
    def outer(A, x):
        return inner(A, x)

    with pytest.raises(TypeError, match="(?s)annotated float64 with 2 dimensions, found a csr_array"):
        outer(matrix(sp.csr_array, (4, 4), "f8"), numbers(4, "f8"))


def test_none_instead_of_a_matrix():
    @thalweg.program
    def f(x, A=None):
        return x if A is None else A @ x

    x = numbers(4, "f8")
    check(f, x)
    check(f, x, matrix(sp.csr_array, (4, 4), "f8"))


# ---- memory

@pytest.mark.parametrize("made_by", FORMATS, ids=lambda each: each.__name__)
def test_overlapping_arguments(made_by):
    @thalweg.program
    def f(A, x, B):
        x[:] = A @ x
        B.data[:] += 1
        return A @ x

    for share in (False, True):
        outcomes = []
        for run in (f.f, f):
            A = made_by(sp.eye_array(4, format="coo") * 3.0)
            x = A.data if share else np.arange(4.0)
            result = run(A, x, A)
            outcomes.append((result, A.data.copy(), x.copy()))
        assert same(outcomes[1], outcomes[0])


def test_read_only_data():
    @thalweg.program
    def f(A, x, write):
        if write:
            A.data[0] = 1.0
        return A @ x

    A, x = matrix(sp.csr_array, (5, 4), "f8"), numbers(4, "f8")
    A.data.flags.writeable = False
    assert same(call(f, A, x, False), call(f.f, A, x, False))
    for run in (f, f.f):
        with pytest.raises(ValueError, match="read-only"):
            call(run, A, x, True)


def test_byte_swapped_data_are_copied_and_written_back():
    @thalweg.program
    def f(A, x):
        A.data *= 2
        return A @ x

    A, B = (matrix(sp.csr_array, (5, 4), "f8") for _ in range(2))
    A.data = A.data.astype(">f8")
    x = numbers(4, "f8")
    with pytest.warns(thalweg.Notice, match=r"argument A\.data is byte-swapped"), np.errstate(all="ignore"):
        found = f(A, x)
    assert same(found, call(f.f, B, x)) and np.array_equal(A.data, B.data, equal_nan=True)


# ---- errors

@pytest.mark.parametrize("made_by", CLASSES, ids=lambda each: each.__name__)
def test_operands_that_do_not_fit_raise_as_in_scipy(made_by):
    A = matrix(made_by, (3, 4), "f8")
    flat = [(times, A, numbers(3, "f8")), (times, A, numbers((3, 2), "f8")), (times, A, numbers((3, 1), "f8")),
            (times, A, numbers((1, 4), "f8")), (times, A, numbers(0, "f8")), (from_left, numbers(4, "f8"), A),
            (from_left, numbers((2, 4), "f8"), A), (from_left, numbers((3, 2), "f8"), A), (times, A, 2.0),
            (times, A, 2), (times, A, np.float64(2)), (times, A, np.array(2.0)), (from_left, 2.0, A),
            (from_left, np.array(2.0), A), (times, A, None)]
    deep = [(times, A, numbers((2, 4, 2), "f8")), (from_left, numbers((2, 2, 3), "f8"), A)]
    for function, *arguments in flat + (deep if A.format != "coo" else []):
        with pytest.raises(Exception) as expected:
            function.f(*arguments)
        with pytest.raises(expected.type):
            function(*arguments)
    with pytest.raises(ValueError, match=r"(?s)scalar operands are not allowed.*TW1103"):
        times(A, 2)
    kind, said = (NotImplementedError, "(?s)more than 2.*TW1075") if A.format == "coo" else (ValueError, "(?s)interpret.*TW1104")
    with pytest.raises(kind, match=said):
        times(A, numbers((2, 4, 2), "f8"))


def test_a_mismatch_says_what_scipy_says():
    A = matrix(sp.csr_array, (3, 4), "f8")
    with pytest.raises(ValueError, match=r"dimension mismatch with signature \(n,k=4\),\(k=3,1\?\)->\(n,1\?\)"):
        times(A, numbers(3, "f8"))
    with pytest.raises(ValueError, match=r"dimension mismatch with signature \(n,k=4\),\(k=3,m\)->\(n,m\)"):
        times(A, numbers((3, 2), "f8"))


def damaged(made_by, name, change):
    A = matrix(made_by, (5, 4), "f8")
    if made_by is sp.coo_array:
        A.coords = tuple(each.copy() for each in A.coords)
    array = getattr(A, name)
    change(array)
    return A


def put(at, value):
    def change(array):
        array[at] = value
    return change


@pytest.mark.parametrize("value", [-1, 1000, 2**31 - 1, -2**31])
@pytest.mark.parametrize("made_by, name", [
    (sp.csr_array, "indices"), (sp.csr_array, "indptr"), (sp.csc_array, "indices"), (sp.csc_array, "indptr"),
    (sp.coo_array, "row"), (sp.coo_array, "col")])
def test_indices_out_of_bounds_are_index_errors(made_by, name, value):
    for at in (0, 3, -1):
        for dense in (numbers(4, "f8"), numbers((4, 2), "f8")):
            A = damaged(made_by, name, put(at, value))
            with pytest.raises(IndexError):
                times(A, dense)
            with pytest.raises(IndexError):
                times.interpret(A, dense)
            A = damaged(made_by, name, put(at, value))
            with pytest.raises(IndexError):
                from_left(numbers(dense.shape[::-1][:-1] + (5,), "f8"), A)


def test_arrays_that_do_not_belong_together():
    x = numbers(4, "f8")
    for name, value, kind in (
            ("indices", np.zeros(3, "i4"), ValueError), ("indptr", np.zeros(3, "i4"), ValueError),
            ("data", np.zeros(3), ValueError), ("data", np.zeros((3, 2)), TypeError),
            ("indices", np.zeros(15, "f8"), TypeError), ("indptr", np.zeros(6, "u4"), TypeError),
            ("data", [1.0] * 15, TypeError)):
        A = matrix(sp.csr_array, (5, 4), "f8")
        setattr(A, name, value)
        with pytest.raises(kind, match=r"scipy\.sparse\.csr_array"):
            times(A, x)


def test_what_is_no_argument():
    x = numbers(4, "f8")
    with pytest.raises(ValueError, match="at most"):
        times(sp.coo_array(([1.0], ([0], [0])), shape=(2**50, 4)), x)
    with pytest.raises(TypeError, match="has dtype longdouble|has dtype float128"):
        times(sp.csr_array(np.eye(4, dtype=np.longdouble)), x)
    with pytest.raises(TypeError, match="1 dimensions"):
        times(sp.coo_array(np.arange(4.0)), x)
    for other in (sp.lil_array, sp.dok_matrix, sp.bsr_array, sp.dia_matrix):
        with pytest.raises(thalweg.CompileError, match=r"A\.tocsr\(\)"):
            times(other(np.eye(4)), x)

    @thalweg.program
    def annotated(A: thalweg.float64[4, 4], x):
        return A @ x

    with pytest.raises(TypeError, match="annotated"):
        annotated(sp.csr_array(np.eye(4)), x)

    G = sp.csr_array(np.eye(4))

    @thalweg.program
    def of_around(x):
        return G @ x

    with pytest.raises(thalweg.CompileError, match="pass the sparse matrix as an argument"):
        of_around(x)


def test_too_many_arguments():
    names = ", ".join(f"a{k}" for k in range(64))
    f = thalweg.program(function_from(f"def f({names}):\n    return a0 @ a1\n", "<64 parameters>"))
    with pytest.raises(TypeError, match="more than 64"):
        f(matrix(sp.csr_array, (5, 4), "f8"), numbers(4, "f8"), *range(62))


REFUSED = {
    "return A[0, 1]": "this use of a",
    "return A[0]": "this use of a",
    "return A[1:]": "this use of a",
    "return A + A": "this use of a",
    "return A - x": "this use of a",
    "return A * 2": "this use of a",
    "return 2.0 * A": "this use of a",
    "return A * x": "this use of a",
    "return A ** 2": "this use of a",
    "return A @ A": "a product of two sparse matrices",
    "return -A": "this use of a",
    "return abs(A)": "this use of a",
    "return A == A": "this use of a",
    "return A < 2": "this use of a",
    "return A is A": "this use of a",
    "return A in (A, x)": "this use of a",
    "return A.toarray()": "the attribute 'toarray'",
    "return A.dot(A)": "a product of two sparse matrices",
    "return A.dot(3)": "a multiple of a sparse matrix",
    "return A.sum(axis=0)": "the attribute 'sum'",
    "return A.has_sorted_indices": "the attribute 'has_sorted_indices'",
    "return A.T.indices if A.format != 'coo' else A.T.row": "the index arrays of a transposed sparse matrix",
    "return np.sum(A)": "this use of a",
    "return np.dot(A, x)": "this use of a",
    "return np.concatenate([A, A])": "this use of a",
    "return np.zeros(3) + [A, A]": "this use of a",
    "return isinstance(A, np.ndarray)": "this use of a",
    "return len(A)": "this use of a",
    "return x if A else -x": "this use of a",
    "return A and x": "this use of a",
    "return not A": "this use of a",
    "return x[A]": "this use of a",
    "return A": "returning a",
    "return A, x": "returning a",
    "return [row for row in A]": "a loop over a",
    "for row in A:\n        x = row\n    return x": "a loop over a",
    "a, b = A\n    return a": "this use of a",
    "A[0, 1] = 3.0": "this use of a",
    "A[0, 1] += 3.0": "this use of a",
    "x[0] = A": "this use of a",
    "x[:] = A": "this use of a",
    "A.data = x": "this target of an assignment",
    "A.shape = (4, 5)": "this target of an assignment",
    "A *= 2": "this use of a",
    "A += A": "this use of a",
    "x += A": "this use of a",
    "y: thalweg.float64 = outside(A)": "strict forbids",
    "with_key = {'A': A}\n    return with_key": "returning a",
}


def outside(A):
    return float(A.toarray().sum())


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("made_by", FORMATS, ids=lambda each: each.__name__)
def test_what_is_refused(made_by, what):
    text = f"import numpy as np\nimport thalweg\nfrom test_sparse import outside\n\ndef f(A, x):\n    {what}\n"
    program = thalweg.program(function_from(text, f"<refused {list(REFUSED).index(what)}>"))
    with pytest.raises(thalweg.CompileError) as found:
        program(matrix(made_by, (5, 4), "f8"), numbers(4, "f8"))
    # SciPy might do it: no error of another class, which a program may expect and catch.
    said = str(found.value)
    assert isinstance(found.value, NotImplementedError)
    assert REFUSED[what] in said and "fix:" in said and "<refused" in said
    assert any(code in said for code in ("TW1101", "TW1102", "TW1042", "TW1047", "TW1055", "TW1077"))


def test_an_element_is_refused_with_what_to_write():
    @thalweg.program
    def f(A):
        return A[0, 1]

    with pytest.raises(thalweg.CompileError, match=r"(?s)this use of a csr_matrix.*A\.indptr.*A\.toarray\(\)"):
        f(matrix(sp.csr_matrix, (5, 4), "f8"))


def test_a_refused_branch_is_refused():
    @thalweg.program
    def f(A, x, flag):
        if flag:
            x = A[0]
        return x

    with pytest.raises(thalweg.CompileError):
        f(matrix(sp.csr_array, (5, 4), "f8"), numbers(4, "f8"), False)


# ---- SciPy itself

def test_scipy_is_not_imported():
    text = """
import sys
import numpy as np
import thalweg
import tempfile, os
path = os.path.join(tempfile.mkdtemp(), "module_of_mine.py")
open(path, "w").write('''
import thalweg
class csr_array:
    data = 3.0
@thalweg.program
def f(A, x):
    return A.data * x
''')
sys.path.insert(0, os.path.dirname(path))
import module_of_mine
assert module_of_mine.f(module_of_mine.csr_array(), np.ones(2)).tolist() == [3, 3]
assert not any(name.startswith("scipy") for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", text], check=True)
