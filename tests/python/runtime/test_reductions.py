"""The fixed reduction trees: exactness where NumPy is exact, error bounds elsewhere, the same bits in every build."""

import ctypes
import math

import numpy as np
import pytest
from runtime_prelude import C_TYPES, DTYPES, build

SEED = 20260103
INTEGERS = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"]
FLOATS = ["f32", "f64"]
LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 511, 512, 513, 700, 1024, 1025, 5000, 20011]
BLOCK = 512


def wide(suffix):
    return {"i": "i64", "u": "u64", "b": "i64"}[suffix[0]] if suffix[0] in "iub" else suffix


def loops():
    text = []
    for s in [*INTEGERS, "f16", *FLOATS]:
        t = C_TYPES[s]
        for name in ("sum", "prod", "minimum", "maximum", "argmin", "argmax"):
            result = "int64_t" if name.startswith("arg") else C_TYPES[wide(s)] if name in ("sum", "prod") else t
            text.append(
                f"void r_{name}_{s}(const {t}* x, int64_t count, int64_t stride, {result}* out) "
                f"{{ *out = thw_{name}_{s}(x, count, stride); }}\n"
            )
    for s in FLOATS:
        t = C_TYPES[s]
        text.append(
            f"void r_chunked_{s}(const {t}* x, int64_t count, int64_t chunk, {t}* out) {{\n"
            f"  {t} part[4096]; int64_t parts = 0;\n"
            f"  for (int64_t i = 0; i < count; i += chunk)\n"
            f"    part[parts++] = thw_sum_{s}(x + i, count - i < chunk ? count - i : chunk, 1);\n"
            f"  *out = thw_sum_chunks_{s}(part, parts);\n}}\n"
        )
    for s in ("c64", "c128"):
        text.append(
            f"void r_sum_{s}(const {C_TYPES[s]}* x, int64_t count, int64_t stride, {C_TYPES[s]}* out) "
            f"{{ *out = thw_sum_{s}(x, count, stride); }}\n"
        )
    for name, result in (("sum", "int64_t"), ("any", "uint8_t"), ("all", "uint8_t")):
        text.append(
            f"void r_{name}_b8(const uint8_t* x, int64_t count, int64_t stride, {result}* out) "
            f"{{ *out = thw_{name}_b8(x, count, stride); }}\n"
        )
    return "".join(text)


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reduce")
    built = {way: build(folder, way, loops()) for way in ("generated", "interpreter")}
    if None in built.values():
        pytest.skip("no C and C++ compilers")
    return built


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def reduce(library, name, suffix, x, result, argument=None):
    """One reduction of `x` (any stride); `argument` replaces the stride for r_chunked."""
    out = np.empty(1, DTYPES[result])
    step = x.strides[0] // x.itemsize if argument is None else argument
    function = getattr(library, f"r_{name}_{suffix}")
    function(
        ctypes.c_void_p(x.ctypes.data), ctypes.c_int64(len(x)), ctypes.c_int64(step), ctypes.c_void_p(out.ctypes.data)
    )
    return out[0]


def all_builds(libraries, name, suffix, x, result, argument=None):
    """The result in every build, which must be the same bits (any NaN equals any NaN)."""
    results = [reduce(library, name, suffix, x, result, argument) for library in libraries.values()]
    same = results[0].tobytes() == results[1].tobytes() or all(value != value for value in results)
    assert same, (name, suffix, len(x), results)
    return results[0]


def views(x):
    """The same numbers contiguous, with stride 3, and backwards with stride -1 (values reversed)."""
    spread = np.zeros(3 * len(x), x.dtype)
    spread[::3] = x
    return [x, spread[::3], x[::-1]]


@pytest.mark.parametrize("suffix", INTEGERS)
def test_integers(libraries, suffix):
    info = np.iinfo(DTYPES[suffix])
    rng = np.random.default_rng(SEED)
    for length in LENGTHS:
        for x in views(rng.integers(info.min, info.max, length, DTYPES[suffix], endpoint=True)):
            for name, function in (("sum", np.sum), ("prod", np.prod)):
                assert all_builds(libraries, name, suffix, x, wide(suffix)) == function(x), (name, length)
            for name, function in (("minimum", np.min), ("maximum", np.max)):
                assert all_builds(libraries, name, suffix, x, suffix) == function(x), (name, length)
            for name, function in (("argmin", np.argmin), ("argmax", np.argmax)):
                assert all_builds(libraries, name, suffix, x, "i64") == function(x), (name, length)


@pytest.mark.parametrize("suffix", ["f16", *FLOATS])
def test_float_extremes(libraries, suffix):
    rng = np.random.default_rng(SEED)
    for length in LENGTHS:
        base = rng.integers(-length, length, length).astype(DTYPES[suffix])  # with ties
        for nans in ([], [length - 1], [length // 2, length - 1], [0]):
            base_copy = base.copy()
            base_copy[nans] = np.nan
            base_copy[rng.integers(0, length)] *= np.inf
            for x in views(base_copy):
                for name, function in (("minimum", np.min), ("maximum", np.max)):
                    ours = all_builds(libraries, name, suffix, x, suffix)
                    assert np.array_equal(ours, function(x), equal_nan=True), (name, length, nans)
                for name, function in (("argmin", np.argmin), ("argmax", np.argmax)):
                    assert all_builds(libraries, name, suffix, x, "i64") == function(x), (name, length, nans)


def sum_bound(suffix, x):
    """The committed bound: that of pairwise summation with 16 terms in a row, and a few roundings to spare."""
    eps = np.finfo(DTYPES[suffix]).eps
    return (20 + math.log2(max(len(x), 2))) * eps / 2 * math.fsum(np.abs(x.astype(np.float64)))


@pytest.mark.parametrize("suffix", FLOATS)
def test_sums_are_within_the_bound(libraries, suffix):
    rng = np.random.default_rng(SEED)
    uneven = lambda n: rng.standard_normal(n) * 10.0 ** rng.integers(-6, 6, n)  # noqa: E731
    errors = []
    for length in [*LENGTHS, 200003]:
        for make in (rng.random, rng.standard_normal, uneven):
            for x in views(make(length).astype(DTYPES[suffix])):
                exact = math.fsum(x.astype(np.float64))
                error = abs(float(all_builds(libraries, "sum", suffix, x, suffix)) - exact)
                assert error <= sum_bound(suffix, x), (length, error)
                theirs = abs(float(np.sum(np.ascontiguousarray(x))) - exact)
                errors.append(np.array([error, theirs]) / sum_bound(suffix, x))
    ours, numpy = np.sqrt(np.mean(np.square(errors), axis=0))
    print(f"{suffix}: root mean square error in units of the bound: {ours:.3g}, NumPy's {numpy:.3g}")
    assert ours <= 1.2 * numpy


@pytest.mark.parametrize("suffix", FLOATS)
def test_sums_do_not_depend_on_chunks(libraries, suffix):
    rng = np.random.default_rng(SEED)
    for length in [100, 512, 513, 1023, 1024, 1025, 5000, 20011, 65536, 100001]:
        x = rng.standard_normal(length).astype(DTYPES[suffix])
        whole = all_builds(libraries, "sum", suffix, x, suffix)
        for level in range(6):
            parts = all_builds(libraries, "chunked", suffix, x, suffix, BLOCK << level)
            assert parts.tobytes() == whole.tobytes(), (length, level)


@pytest.mark.parametrize("suffix", FLOATS)
def test_products(libraries, suffix):
    rng = np.random.default_rng(SEED)
    eps = np.finfo(DTYPES[suffix]).eps
    for length in LENGTHS:
        for x in views((1 + rng.standard_normal(length) / (4 + length)).astype(DTYPES[suffix])):
            exact = math.exp(math.fsum(np.log(x.astype(np.longdouble))))
            ours = float(all_builds(libraries, "prod", suffix, x, suffix))
            assert abs(ours - exact) <= (length + 2) * eps * abs(exact), length


@pytest.mark.parametrize("suffix", FLOATS)
def test_special_sums(libraries, suffix):
    """Empty sums, sums of minus zero (NumPy's is plus zero), and infinities of both signs."""
    inf = np.inf
    for values in ([], [-0.0], [-0.0] * 700, [inf] * 40, [inf, -inf], [1.0] * 600 + [np.nan], [-inf] * 3 + [1] * 600):
        x = np.array(values, DTYPES[suffix])
        for name, function in (("sum", np.sum), ("prod", np.prod)):
            ours, expected = all_builds(libraries, name, suffix, x, suffix), function(x)
            assert np.array_equal(ours, expected, equal_nan=True), (name, values[:3])
            assert np.isnan(ours) or np.signbit(ours) == np.signbit(expected), (name, values[:3])


@pytest.mark.parametrize("suffix", ["c64", "c128"])
def test_complex_sums(libraries, suffix):
    """Each part has the error of a real sum."""
    rng = np.random.default_rng(SEED)
    for length in LENGTHS:
        for x in views((rng.standard_normal(length) + 1j * rng.standard_normal(length)).astype(DTYPES[suffix])):
            ours = all_builds(libraries, "sum", suffix, x, suffix)
            part = "f32" if suffix == "c64" else "f64"
            for mine, numbers in ((ours.real, x.real), (ours.imag, x.imag)):
                exact = math.fsum(numbers.astype(np.float64))
                assert abs(float(mine) - exact) <= sum_bound(part, numbers), length


def test_masks(libraries):
    rng = np.random.default_rng(SEED)
    for length in LENGTHS:
        for chance in (0.0, 0.001, 0.5, 0.999, 1.0):
            for x in views(rng.random(length) < chance):
                assert all_builds(libraries, "sum", "b8", x, "i64") == np.count_nonzero(x)
                assert all_builds(libraries, "any", "b8", x, "b8") == x.any()
                assert all_builds(libraries, "all", "b8", x, "b8") == x.all()


@pytest.mark.parametrize("suffix", FLOATS)
def test_extremes_keep_the_sign_of_zero(libraries, suffix):
    for length in (1, 5, 600):
        x = np.full(length, -0.0, DTYPES[suffix])
        for name in ("minimum", "maximum"):
            assert np.signbit(all_builds(libraries, name, suffix, x, suffix)), (name, length)


def test_half_sums(libraries):
    """Reduced in float32 and rounded once: within one unit of the exact sum, as NumPy's."""
    rng = np.random.default_rng(SEED)
    for length in LENGTHS:
        for x in views(rng.standard_normal(length).astype(np.float16)):
            ours, wide = all_builds(libraries, "sum", "f16", x, "f16"), x.astype(np.float32)
            exact = math.fsum(x.astype(np.float64))
            half_unit = np.spacing(np.abs(np.float16(exact))) / 2
            assert abs(float(ours) - exact) <= half_unit + sum_bound("f32", wide), length
            product = all_builds(libraries, "prod", "f16", x[:8], "f16")
            assert np.isclose(float(product), float(np.prod(x[:8].astype(np.float64))), rtol=2e-3, atol=1e-7), length


def tree_sum(x, lanes):
    """The order of additions that reduce.h promises, written down plainly."""
    levels = {}
    for start in range(0, len(x), BLOCK):
        block = x[start : start + BLOCK]
        rows = np.concatenate([block, np.zeros(-len(block) % lanes, x.dtype)]).reshape(-1, lanes)
        value = np.zeros(lanes, x.dtype)
        for row in rows:
            value = value + row
        while len(value) > 1:
            value = value[: len(value) // 2] + value[len(value) // 2 :]
        value, level = value[0], 0
        while level in levels:
            value, level = levels.pop(level) + value, level + 1
        levels[level] = value
    result = None
    for level in sorted(levels):
        result = levels[level] if result is None else levels[level] + result
    return result


@pytest.mark.parametrize("suffix", FLOATS)
def test_the_tree_is_the_one_promised(libraries, suffix):
    rng = np.random.default_rng(SEED)
    for length in [*range(1, 70), *LENGTHS]:
        x = rng.standard_normal(length).astype(DTYPES[suffix])
        ours = all_builds(libraries, "sum", suffix, x, suffix)
        assert ours.tobytes() == tree_sum(x, 32 if suffix == "f64" else 64).tobytes(), length
