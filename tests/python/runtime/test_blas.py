"""Matrix products go to the OpenBLAS that NumPy has loaded, by the same calls: the same bits as np.matmul."""

import ctypes
import subprocess

import numpy as np
import pytest
from runtime_prelude import FLAGS, INCLUDE, SOURCES, compiler

SEED = 20260105
SUFFIXES = {"float64": "f64", "float32": "f32", "complex128": "c128", "complex64": "c64"}
TYPES = [np.dtype(name) for name in SUFFIXES]


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    chosen = compiler("clang++-19", "g++", "clang++")
    if chosen is None:
        pytest.skip("no C++ compiler")
    library = tmp_path_factory.mktemp("runtime") / "runtime.so"
    parts = ("blas", "forks", "matmul", "memory", "pool", "processors", "raise", "solve", "table", "turns")
    sources = [str(SOURCES / f"{name}.cpp") for name in parts]
    subprocess.run([chosen, "-std=c++20", *FLAGS, f"-I{INCLUDE}", *sources, "-o", str(library), "-pthread"], check=True)
    loaded = ctypes.CDLL(str(library))
    loaded.thw_blas_path.restype = ctypes.c_char_p
    return loaded


def product(runtime, a, b, out):
    name = "thw_matmul_" + SUFFIXES[a.dtype.name]
    sizes = [ctypes.c_int64(size) for size in (a.shape[0], b.shape[1], a.shape[1])]
    operands = []
    for x in (a, b, out):
        operands += [ctypes.c_void_p(x.ctypes.data), *(ctypes.c_int64(step // x.itemsize) for step in x.strides)]
    context = ctypes.create_string_buffer(4096)  # a thw_context in which nothing is raised
    getattr(runtime, name)(context, *sizes, *operands)
    return out


def numbers(rng, dtype, *shape):
    parts = rng.standard_normal((2, *shape))
    return (parts[0] + 1j * parts[1] if dtype.kind == "c" else parts[0]).astype(dtype)


def whole_numbers(rng, dtype, *shape):
    parts = rng.integers(-9, 9, (2, *shape))
    return (parts[0] + 1j * parts[1] if dtype.kind == "c" else parts[0]).astype(dtype)


def test_numpys_library_is_found(runtime):
    assert b"openblas" in runtime.thw_blas_path().lower()


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_products_are_numpys_to_the_bit(runtime, dtype):
    rng = np.random.default_rng(SEED)
    shapes = [(1, 1, 50), (1, 40, 30), (40, 1, 30), (5, 7, 3), (64, 64, 64), (200, 150, 120), (33, 1, 1), (3, 4, 1)]
    for m, n, k in shapes:
        left, right = numbers(rng, dtype, m, k), numbers(rng, dtype, k, n)
        for a in (left, np.asfortranarray(left), np.repeat(left, 2, axis=1)[:, ::2]):
            for b in (right, np.asfortranarray(right), np.repeat(right, 2, axis=0)[::2], right[::-1]):
                ours = product(runtime, a, b, np.empty((m, n), dtype))
                theirs = np.matmul(a, b)
                assert ours.tobytes() == theirs.tobytes(), (m, n, k, a.strides, b.strides)
    a = numbers(rng, dtype, 50, 40)
    assert product(runtime, a, a.T, np.empty((50, 50), dtype)).tobytes() == np.matmul(a, a.T).tobytes(), "syrk"


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_any_layout_is_right(runtime, dtype):
    rng = np.random.default_rng(SEED)
    a, b = (whole_numbers(rng, dtype, *shape) for shape in ((12, 17), (17, 8)))
    for left in (a, a[::-1, ::-1], np.asfortranarray(a)[:, ::-1]):
        for right in (b, b[::-1], np.repeat(b, 3, axis=1)[:, ::3]):
            for out in (np.empty((12, 8), dtype), np.empty((8, 12), dtype).T, np.empty((24, 16), dtype)[::2, ::2]):
                assert np.array_equal(product(runtime, left, right, out), left @ right)
    empty = np.full((3, 4), 7, dtype)
    assert not product(runtime, np.empty((3, 0), dtype), np.empty((0, 4), dtype), empty).any()


def solution(runtime, a, b):
    """The solution, and whether the matrix is singular."""
    out = np.empty((a.shape[0] + 1, b.shape[1]), a.dtype)
    operands = []
    for x in (a, b, out):
        operands += [ctypes.c_void_p(x.ctypes.data), *(ctypes.c_int64(step // x.itemsize) for step in x.strides)]
    context = ctypes.create_string_buffer(4096)
    solve = getattr(runtime, "thw_solve_" + SUFFIXES[a.dtype.name])
    solve(context, *map(ctypes.c_int64, (a.shape[0], b.shape[1])), *operands)
    assert (out[-1] == out[-1, 0]).all() and out[-1, 0] in (0, 1)
    return out[:-1], out[-1, 0] == 1


@pytest.mark.parametrize("dtype", [np.dtype("float64"), np.dtype("complex128")], ids=str)
def test_solutions(runtime, dtype):
    rng = np.random.default_rng(SEED)
    try:
        for n, sides in [(0, 1), (1, 1), (2, 3), (17, 40), (130, 30)]:
            a, b = numbers(rng, dtype, n, n), numbers(rng, dtype, n, sides)
            bound = 1e-14 * (n + 1) * (np.linalg.cond(a) if n else 1)
            for left in (a, np.asfortranarray(a), np.repeat(a, 2, axis=1)[:, ::2]):
                for right in (b, np.asfortranarray(b), np.repeat(b, 2, axis=0)[::2]):
                    runtime.thw_set_blas_path(None)
                    found, singular = solution(runtime, left, right)
                    assert not singular and found.tobytes() == np.linalg.solve(a, b).tobytes(), "by NumPy's LAPACK"
                    runtime.thw_set_blas_path(b"")
                    found, singular = solution(runtime, left, right)
                    assert not singular and np.allclose(found, np.linalg.solve(a, b), rtol=bound, atol=bound), "our own"
        for path in (None, b""):
            runtime.thw_set_blas_path(path)
            assert solution(runtime, np.zeros((3, 3), dtype), np.ones((3, 2), dtype))[1]
            assert solution(runtime, np.array([[1, 2], [2, 4]], dtype), np.ones((2, 1), dtype))[1]
    finally:
        runtime.thw_set_blas_path(None)
