"""The mathematical functions: special values as NumPy's, errors within committed bounds, one form in every build.

THALWEG_MATH_POINTS sets the number of random points per function and range (small by default).
"""

import ctypes
import math
import os

import numpy as np
import pytest
from runtime_prelude import C_TYPES, DTYPES, assert_same, build, call, elementwise

SEED = 20260104
POINTS = int(os.environ.get("THALWEG_MATH_POINTS", "20000"))

# The committed bounds in units in the last place. glibc promises 4 for all of them.
BOUND = {"f64": 4.0, "f32": 4.0}

# Where each function is evaluated: uniform in each range; besides, every function gets numbers of all magnitudes.
RANGES = {
    "acos": [(-1, 1)], "acosh": [(1, 2), (1, 1e4)], "asin": [(-1, 1)], "asinh": [(-5, 5)], "atan": [(-5, 5)],
    "atanh": [(-1, 1)], "cbrt": [(-100, 100)], "cos": [(-7, 7), (-1e5, 1e5)], "cosh": [(-3, 3), (-700, 700)],
    "erf": [(-4, 4)], "erfc": [(-4, 27)], "exp": [(-3, 3), (-740, 709)], "exp10": [(-3, 3), (-320, 308)],
    "exp2": [(-3, 3), (-1070, 1023)], "expm1": [(-3, 3), (-1e-3, 1e-3), (-50, 700)], "log": [(0.5, 2), (0, 1e6)],
    "log10": [(0.5, 2), (0, 1e6)], "log1p": [(-1, 1), (-1e-3, 1e-3), (0, 1e6)], "log2": [(0.5, 2), (0, 1e6)],
    "sin": [(-7, 7), (-1e5, 1e5)], "sinh": [(-3, 3), (-700, 700)], "tan": [(-7, 7), (-1e5, 1e5)],
    "tanh": [(-3, 3), (-20, 20)],
}  # fmt: skip
PAIRS = {
    "atan2": [((-5, 5), (-5, 5)), ((-1e9, 1e9), (-1, 1))],
    "hypot": [((-5, 5), (-5, 5)), ((-1e9, 1e9), (-1, 1))],
    "pow": [((0, 3), (-5, 5)), ((0.9, 1.1), (-900, 900)), ((0, 1e6), (-20, 20))],
}
NUMPY = {
    "acos": np.arccos, "acosh": np.arccosh, "asin": np.arcsin, "asinh": np.arcsinh, "atan": np.arctan,
    "atanh": np.arctanh, "cbrt": np.cbrt, "cos": np.cos, "cosh": np.cosh, "exp": np.exp, "exp2": np.exp2,
    "expm1": np.expm1, "log": np.log, "log10": np.log10, "log1p": np.log1p, "log2": np.log2, "sin": np.sin,
    "sinh": np.sinh, "tan": np.tan, "tanh": np.tanh, "atan2": np.arctan2, "hypot": np.hypot, "pow": np.power,
}  # fmt: skip
COMPLEX = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh,
    "cosh": np.cosh, "tanh": np.tanh, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "asinh": np.arcsinh,
    "acosh": np.arccosh, "atanh": np.arctanh,
}  # fmt: skip
PYTHON = {
    "acos": math.acos, "acosh": math.acosh, "asin": math.asin, "asinh": math.asinh, "atan": math.atan,
    "atanh": math.atanh, "cos": math.cos, "cosh": math.cosh, "erf": math.erf, "erfc": math.erfc, "exp": math.exp,
    "expm1": math.expm1, "log": math.log, "log10": math.log10, "log1p": math.log1p, "log2": math.log2,
    "sin": math.sin, "sinh": math.sinh, "sqrt": math.sqrt, "tan": math.tan, "tanh": math.tanh,
}  # fmt: skip
OVERFLOW, DOMAIN = 1, 32

# What the compiler puts behind `extern double thw_exp(double)` in a generated program, as C: all lanes of the
# widest form get the value. And the same form on `lanes` different values at once.
FORMS = """
#if defined(__AVX512F__)
#define FORM_BYTES 64
#define FORM(N, W8, W16, V) _ZGVeN##W16##V##_##N
#elif defined(__AVX2__)
#define FORM_BYTES 32
#define FORM(N, W8, W16, V) _ZGVdN##W8##V##_##N
#endif
typedef double form_f64 __attribute__((vector_size(FORM_BYTES), aligned(8)));
typedef float form_f32 __attribute__((vector_size(FORM_BYTES), aligned(4)));
"""


def definitions(name, arguments):
    text = ""
    for suffix, scalar, narrow, wide in (("f64", name, 4, 8), ("f32", f"{name}f", 8, 16)):
        t, form = C_TYPES[suffix], f"FORM({scalar}, {narrow}, {wide}, {'v' * arguments})"
        names = "xy"[:arguments]
        formal = ", ".join(f"{t} {n}" for n in names)
        splat = ", ".join(f"{n} - (form_{suffix}){{}}" for n in names)
        pointers = "".join(f"const {t}* {n}, " for n in names)
        loads = ", ".join(f"*(const form_{suffix}*)({n} + i)" for n in names)
        text += f"form_{suffix} {form}({', '.join([f'form_{suffix}'] * arguments)});\n"
        text += f"{t} thw_{scalar}({formal}) {{ return {form}({splat})[0]; }}\n"
        text += (
            f"void t_lanes_{name}_{suffix}({pointers}{t}* out, int64_t count) {{\n"
            f"  for (int64_t i = 0; i + FORM_BYTES / (int)sizeof({t}) <= count; i += FORM_BYTES / sizeof({t}))\n"
            f"    *(form_{suffix}*)(out + i) = {form}({loads});\n}}\n"
        )
    return text


def references():
    """out = the error of `ours` in units in the last place, against the long double function."""
    text = (
        "extern long double ldexpl(long double, int); extern int ilogbl(long double);\n"
        "static double ulps(long double exact, double ours, int digits, int least) {\n"
        "  if (exact != exact || ours != ours) return exact != exact && ours != ours ? 0 : 1e300;\n"
        "  if (exact == 0 || exact == ours) return exact == ours ? 0 : 1e300;\n"
        "  int exponent = ilogbl(exact) - digits + 1; if (exponent < least) exponent = least;\n"
        "  long double greatest = ldexpl(2 - ldexpl(1, 1 - digits), digits == 53 ? 1023 : 127);\n"
        "  if (ours > greatest) ours = digits == 53 ? 1.7976931348623157e308 : 3.4028234663852886e38;\n"
        "  if (ours < -greatest) ours = digits == 53 ? -1.7976931348623157e308 : -3.4028234663852886e38;\n"
        "  if (exact > greatest) exact = greatest; if (exact < -greatest) exact = -greatest;\n"
        "  long double error = (exact - ours) / ldexpl(1, exponent); return error < 0 ? -error : error;\n}\n"
    )
    for name in [*RANGES, *PAIRS]:
        two = name in PAIRS
        text += f"extern long double {name}l(long double{', long double' if two else ''});\n"
        for suffix, digits, least in (("f64", 53, -1074), ("f32", 24, -149)):
            t = C_TYPES[suffix]
            formal, values = (f"const {t}* y, ", "x[i], y[i]") if two else ("", "x[i]")
            text += (
                f"void t_ulps_{name}_{suffix}(const {t}* x, {formal}const {t}* ours, double* out, int64_t count) {{\n"
                f"  for (int64_t i = 0; i < count; ++i)\n"
                f"    out[i] = ulps({name}l({values}), ours[i], {digits}, {least});\n}}\n"
            )
    return text


def loops():
    text = []
    for s in ("f64", "f32"):
        text += [elementwise(f"thw_{name}_{s}", s, s) for name in [*RANGES, "deg2rad", "rad2deg", "spacing"]]
        text += [elementwise(f"thw_{n}_{s}", s, s, s) for n in [*PAIRS, "logaddexp", "logaddexp2", "nextafter"]]
        text.append(elementwise(f"thw_ldexp_{s}", s, s, "i64"))
    text += [elementwise(f"thw_{name}_f16", "f16", "f16") for name in RANGES]
    text += [elementwise(f"thw_{name}_f16", "f16", "f16", "f16") for name in PAIRS]
    for s, part in (("c64", "f32"), ("c128", "f64")):
        text += [elementwise(f"thw_{name}_{s}", s, s) for name in COMPLEX]
        text += [elementwise(f"thw_pow_{s}", s, s, s)]
        text += [elementwise(f"thw_{name}_{s}", part, s) for name in ("abs", "angle")]
    for name in PYTHON:
        text.append(f"double t_{name}_pyf(double x, int32_t* flags) {{ return thw_{name}_pyf(x, flags); }}\n")
    return "".join(text)


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("math")
    own = FORMS + "".join(definitions(n, 2 if n in PAIRS else 1) for n in [*RANGES, *PAIRS]) + references()
    headers = ("scalar", "math")
    built = {
        "generated": build(folder, "generated", own + loops(), headers),
        "interpreter": build(folder, "interpreter", loops(), headers, sources=["vector_math.cpp", "forks.cpp"]),
    }
    if None in built.values():
        pytest.skip("no C and C++ compilers")
    return built


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def every_build(libraries, name, result, *operands):
    """The result, after checking that generated code and the interpreter agree bit for bit."""
    ours = [call(library, name, result, *operands) for library in libraries.values()]
    assert_same(f"{name}: generated against interpreter", ours[0], ours[1], *operands)
    return ours[0]


def magnitudes(rng, suffix):
    """Random numbers of every size and sign, subnormals too."""
    bits = np.uint64 if suffix == "f64" else np.uint32
    x = rng.integers(0, np.iinfo(bits).max, POINTS, bits, endpoint=True).view(DTYPES[suffix])
    return x[np.isfinite(x)]


def errors(library, name, suffix, ours, *operands):
    out = np.empty(ours.size)
    pointers = [ctypes.c_void_p(np.ascontiguousarray(x).ctypes.data) for x in (*operands, ours, out)]
    getattr(library, f"t_ulps_{name}_{suffix}")(*pointers, ctypes.c_int64(ours.size))
    return out


def specials(suffix):
    info = np.finfo(DTYPES[suffix])
    x = [0, 1, 0.5, 2, 3, 5, 30, 0.1, 1e-10, 88, 104, 700, 710, 745, 1e5, 1e10, 1e22, math.inf, math.nan, 1023, 1074]
    x += [info.tiny, info.smallest_subnormal, 3 * float(info.smallest_subnormal), info.max]
    x += [1 - info.epsneg, 1 + info.eps]
    x = np.array(x, DTYPES[suffix])
    return np.concatenate([x, -x])


@pytest.mark.parametrize("suffix", ["f64", "f32"])
@pytest.mark.parametrize("name", [*RANGES, *PAIRS])
def test_error_bounds(libraries, name, suffix):
    rng = np.random.default_rng(SEED)
    worst = 0.0
    for ranges in [*RANGES.get(name, ()), *PAIRS.get(name, ()), None]:
        if name in PAIRS and ranges:
            operands = [rng.uniform(*r, POINTS).astype(DTYPES[suffix]) for r in ranges]
        elif ranges:
            operands = [rng.uniform(*ranges, POINTS).astype(DTYPES[suffix])]
        else:
            operands = [magnitudes(rng, suffix) for _ in range(2 if name in PAIRS else 1)]
            size = min(map(len, operands))
            operands = [operand[:size] for operand in operands]
        ours = every_build(libraries, f"thw_{name}_{suffix}", suffix, *operands)
        error = errors(libraries["generated"], name, suffix, ours, *operands)
        at = int(np.argmax(error))
        assert error[at] <= BOUND[suffix], (name, [operand[at] for operand in operands], ours[at], error[at])
        worst = max(worst, error[at])
    print(f"ulp {name} {suffix} {worst:.2f}")


@pytest.mark.parametrize("suffix", ["f64", "f32"])
@pytest.mark.parametrize("name", NUMPY)
def test_special_values(libraries, name, suffix):
    """NaN, infinities, zeros and signs are NumPy's; numbers within 4 + 4 units."""
    x = specials(suffix)
    operands = [grid.ravel() for grid in np.meshgrid(x, x, indexing="ij")] if name in PAIRS else [x]
    ours = every_build(libraries, f"thw_{name}_{suffix}", suffix, *operands)
    theirs = NUMPY[name](*operands)
    number = np.isfinite(ours) & np.isfinite(theirs)
    assert_same(name, np.where(number, 0 * ours, ours), np.where(number, 0 * theirs, theirs), *operands)
    assert np.array_equal(np.signbit(ours[number]), np.signbit(theirs[number])), name
    assert np.all(np.abs(ours - theirs)[number] <= 8 * np.spacing(np.abs(theirs[number]))), name


@pytest.mark.parametrize("suffix", ["f64", "f32"])
@pytest.mark.parametrize("name", [*RANGES, *PAIRS])
def test_lanes_do_not_disturb_each_other(libraries, name, suffix):
    """An element's bits are the same alone in the vector and beside special values."""
    rng = np.random.default_rng(SEED)
    lowest, highest = (PAIRS[name][0][0] if name in PAIRS else RANGES[name][0])
    operands = []
    for _ in range(2 if name in PAIRS else 1):
        x = rng.uniform(lowest, highest, 4096).astype(DTYPES[suffix])
        x[rng.random(4096) < 0.2] = rng.choice(specials(suffix), 1)[0]
        replaced = rng.random(4096) < 0.3
        x[replaced] = rng.choice(specials(suffix), int(replaced.sum()))
        operands.append(x)
    alone = call(libraries["generated"], f"thw_{name}_{suffix}", suffix, *operands)
    together = call(libraries["generated"], f"lanes_{name}_{suffix}", suffix, *operands)
    assert_same(name, together, alone, *operands)


@pytest.mark.parametrize("suffix", ["f64", "f32"])
def test_composed_functions(libraries, suffix):
    x = np.concatenate([specials(suffix), np.random.default_rng(SEED).normal(0, 50, 5000).astype(DTYPES[suffix])])
    y = np.random.default_rng(SEED + 1).permutation(x)
    for name in ("deg2rad", "rad2deg", "spacing"):
        assert_same(name, every_build(libraries, f"thw_{name}_{suffix}", suffix, x), getattr(np, name)(x), x)
    n = np.random.default_rng(SEED).integers(-2200, 2200, len(x))
    assert_same("nextafter", every_build(libraries, f"thw_nextafter_{suffix}", suffix, x, y), np.nextafter(x, y), x, y)
    assert_same("ldexp", every_build(libraries, f"thw_ldexp_{suffix}", suffix, x, n), np.ldexp(x, n), x, n)
    for name in ("logaddexp", "logaddexp2"):
        ours, theirs = every_build(libraries, f"thw_{name}_{suffix}", suffix, x, y), getattr(np, name)(x, y)
        scale = np.maximum(np.abs(theirs), 1)
        number = np.isfinite(theirs)
        assert_same(name, np.where(number, 0, ours), np.where(number, 0, theirs), x, y)
        assert np.all(np.abs(ours - theirs)[number] <= 8 * np.spacing(scale[number])), name


@pytest.mark.parametrize("suffix", ["c64", "c128"])
def test_complex(libraries, suffix):
    """glibc's functions, which NumPy calls: the same bits; abs, angle and pow within units of the modulus."""
    part = "f32" if suffix == "c64" else "f64"
    rng = np.random.default_rng(SEED)
    special = np.array([0.0, -0.0, 1.0, -1.0, 0.5, -2.5, np.inf, -np.inf, np.nan], DTYPES[part])
    re, im = (grid.ravel() for grid in np.meshgrid(special, special, indexing="ij"))
    x = np.empty(len(re) + 3000, DTYPES[suffix])
    x.real = np.concatenate([re, rng.normal(0, 2, 3000)])
    x.imag = np.concatenate([im, rng.normal(0, 2, 3000)])
    for name, function in COMPLEX.items():
        assert_same(name, every_build(libraries, f"thw_{name}_{suffix}", suffix, x), function(x), x)
    for name, function in (("abs", np.abs), ("angle", np.angle)):
        ours, theirs = every_build(libraries, f"thw_{name}_{suffix}", part, x), function(x)
        number = np.isfinite(theirs)
        assert_same(name, np.where(number, 0, ours), np.where(number, 0, theirs), x)
        assert np.all(np.abs(ours - theirs)[number] <= 8 * np.spacing(np.abs(theirs[number]))), name
    x = x[len(re) :]
    for y in (0, 1, 2, 3, 4, 7, -1, -3, 50, 0.5, 2 + 1j, -1.5 - 0.25j, 120):
        y = np.full(len(x), y, DTYPES[suffix])
        ours, theirs = every_build(libraries, f"thw_pow_{suffix}", suffix, x, y), np.power(x, y)
        limit = (8 + 4 * np.abs(y[0])) * np.finfo(DTYPES[part]).eps * np.abs(theirs) + np.finfo(DTYPES[part]).tiny
        number = np.isfinite(theirs) & np.isfinite(ours)
        assert number.mean() > 0.3 and np.all(np.abs(ours - theirs)[number] <= limit[number]), y[0]


@pytest.mark.parametrize("name", PYTHON)
def test_python_math(libraries, name):
    """CPython's math module, to the bit, with its exceptions as flags."""
    x = np.concatenate([specials("f64"), np.random.default_rng(SEED).normal(0, 3, 2000)])
    for library in libraries.values():
        function = getattr(library, f"t_{name}_pyf")
        function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double, ctypes.POINTER(ctypes.c_int32)]
        for value in x.tolist():
            flags = ctypes.c_int32(0)
            ours = function(value, ctypes.byref(flags))
            try:
                theirs, wanted = PYTHON[name](value), 0
            except OverflowError:
                theirs, wanted = None, OVERFLOW
            except ValueError:
                theirs, wanted = None, DOMAIN
            assert flags.value == wanted, (name, value, ours, theirs)
            if not wanted:
                assert_same(name, np.array([ours]), np.array([theirs]), [value])


def test_half(libraries):
    """float16 functions are those of float32, rounded: all 65536 values, within one unit of NumPy's."""
    x = np.arange(65536, dtype=np.uint16).view(np.float16)
    y = np.random.default_rng(SEED).permutation(x)
    for name, function in NUMPY.items():
        operands = [x, y] if name in PAIRS else [x]
        ours, theirs = every_build(libraries, f"thw_{name}_f16", "f16", *operands), function(*operands)
        steps = np.abs(ours.view(np.int16).astype(int) - theirs.view(np.int16).astype(int))
        assert np.array_equal(np.isnan(ours), np.isnan(theirs)) and steps[~np.isnan(ours)].max() <= 1, name
