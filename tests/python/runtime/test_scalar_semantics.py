"""The C preludes against NumPy and CPython: every scalar operation on special and random values, bit for bit."""

import ctypes
import itertools
import math
import operator

import numpy as np
import pytest
from runtime_prelude import C_TYPES, DTYPES, assert_same, build, call, elementwise

SEED = 20260102
INTEGERS = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"]
FLOATS = ["f16", "f32", "f64"]
COMPLEX = ["c64", "c128"]

INTEGER_BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "min": np.minimum, "max": np.maximum,
    "shl": np.left_shift, "shr": np.right_shift, "floor_div": np.floor_divide, "mod": np.remainder, "fmod": np.fmod,
    "gcd": np.gcd, "lcm": np.lcm,
}  # fmt: skip
INTEGER_UNARY = {"neg": np.negative, "abs": np.abs, "sign": np.sign}
FLOAT_BINARY = {
    "min": np.minimum, "max": np.maximum, "fmin": np.fmin, "fmax": np.fmax, "floor_div": np.floor_divide,
    "mod": np.remainder, "fmod": np.fmod, "copysign": np.copysign, "heaviside": np.heaviside,
}  # fmt: skip
FLOAT_UNARY = {
    "neg": np.negative, "abs": np.abs, "sqrt": np.sqrt, "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc,
    "rint": np.rint, "sign": np.sign,
}  # fmt: skip
FLOAT_TESTS = {"isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite, "signbit": np.signbit}
COMPLEX_BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "min": np.minimum, "max": np.maximum,
}  # fmt: skip
COMPLEX_UNARY = {"neg": np.negative, "conj": np.conjugate, "rint": np.rint}
COMPLEX_TESTS = {"isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite}
BOOL_BINARY = {
    "add": np.add, "mul": np.multiply, "min": np.minimum, "max": np.maximum, "fmin": np.fmin, "fmax": np.fmax,
}  # fmt: skip
COMPARE = {
    "eq": np.equal, "ne": np.not_equal, "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
}  # fmt: skip
PYTHON_INT = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "floor_div": operator.floordiv,
    "mod": operator.mod, "pow": operator.pow, "shl": operator.lshift, "shr": operator.rshift,
    "div": operator.truediv,
}  # fmt: skip
PYTHON_FLOAT = {
    "div": operator.truediv, "floor_div": operator.floordiv, "mod": operator.mod, "pow": operator.pow,
}  # fmt: skip
OVERFLOW, ZERO_DIVISION, NEGATIVE_SHIFT, NEGATIVE_POWER, NOT_A_NUMBER = 1, 2, 4, 8, 16


def loops():
    text = []
    for s in INTEGERS:
        text += [elementwise(f"thw_{name}_{s}", s, s, s) for name in [*INTEGER_BINARY, "pow"]]
        text += [elementwise(f"thw_{name}_{s}", s, s) for name in INTEGER_UNARY]
        text += [elementwise(f"thw_{s}_from_{f}", s, f) for f in FLOATS]
    for s in FLOATS:
        text += [elementwise(f"thw_b8_from_{s}", "b8", s)]
        text += [elementwise(f"thw_{name}_{s}", s, s, s) for name in FLOAT_BINARY]
        text += [elementwise(f"thw_{name}_{s}", s, s) for name in FLOAT_UNARY]
        text += [elementwise(f"thw_{name}_{s}", "b8", s) for name in FLOAT_TESTS]
    for s in COMPLEX:
        text += [elementwise(f"thw_{name}_{s}", s, s, s) for name in [*COMPLEX_BINARY, "mul_scalar"]]
        text += [elementwise(f"thw_{name}_{s}", s, s) for name in COMPLEX_UNARY]
        text += [elementwise(f"thw_{name}_{s}", "b8", s, s) for name in COMPARE]
        text += [elementwise(f"thw_{name}_{s}", "b8", s) for name in COMPLEX_TESTS]
    text += [elementwise(f"thw_{name}_b8", "b8", "b8", "b8") for name in BOOL_BINARY]
    text += [elementwise("thw_not_b8", "b8", "b8")]
    text += [elementwise(f"thw_{name}_i64_u64", "b8", "i64", "u64") for name in ("lt", "le", "eq")]
    for name in PYTHON_INT:
        result = "double" if name == "div" else "int64_t"
        text.append(
            f"{result} t_{name}_py(int64_t a, int64_t b, int32_t* flags) {{ return thw_{name}_py(a, b, flags); }}\n"
        )
    for name in ("neg", "abs"):
        text.append(f"int64_t t_{name}_py(int64_t a, int32_t* flags) {{ return thw_{name}_py(a, flags); }}\n")
    for name in PYTHON_FLOAT:
        text.append(
            f"double t_{name}_pyf(double a, double b, int32_t* flags) {{ return thw_{name}_pyf(a, b, flags); }}\n"
        )
    text.append("int64_t t_int_pyf(double a, int32_t* flags) { return thw_py_from_pyf(a, flags); }\n")
    return "".join(text)


@pytest.fixture(scope="module", params=["generated", "interpreter"])
def library(request, tmp_path_factory):
    built = build(tmp_path_factory.mktemp("scalar"), request.param, loops(), headers=("scalar",))
    if built is None:
        pytest.skip("no C compiler")
    return built


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def integers(suffix, count=4000):
    """All pairs of special values, then random pairs of every magnitude."""
    info = np.iinfo(DTYPES[suffix])
    bits = info.bits
    special = {0, 1, 2, 3, 5, 7, bits - 1, bits, bits + 1, info.max // 2}
    special |= {info.max, info.max - 1, info.min, info.min + 1}
    special |= {-value for value in special if -value >= info.min}
    special = sorted(value for value in special if info.min <= value <= info.max)
    pairs = np.array(list(itertools.product(special, special)), dtype=object)
    random = np.random.default_rng(SEED).integers(info.min, info.max, (2, count), DTYPES[suffix], endpoint=True)
    random >>= np.random.default_rng(SEED + 1).integers(0, bits, (2, count)).astype(DTYPES[suffix])
    return [np.concatenate([pairs[:, k].astype(DTYPES[suffix]), random[k]]) for k in (0, 1)]


def special_floats(suffix):
    info = np.finfo(DTYPES[suffix])
    positive = [0.0, 1.0, 2.0, 3.0, 0.1, 0.5, 1.5, 2.5, 7.5, 1e16, 3.3, 1.0 - info.epsneg, 1.0 + info.eps]
    positive += [float(info.max), float(info.tiny), float(info.smallest_subnormal), math.inf, math.nan]
    return np.array(positive + [-value for value in positive], DTYPES[suffix])


def floats(suffix, count=20000):
    special = special_floats(suffix)
    a, b = (grid.ravel() for grid in np.meshgrid(special, special, indexing="ij"))
    rng = np.random.default_rng(SEED)
    bits = {"f64": np.uint64, "f32": np.uint32, "f16": np.uint16}[suffix]
    wild = rng.integers(0, np.iinfo(bits).max, (2, count), bits, endpoint=True).view(DTYPES[suffix])
    tame = (rng.standard_normal((2, count)) * 10.0 ** rng.integers(-3, 4, (2, count))).astype(DTYPES[suffix])
    whole = rng.integers(-50, 50, (2, count)).astype(DTYPES[suffix]) / DTYPES[suffix](4)
    # Quotients at and beside whole numbers of every size: what // and % get wrong first.
    factor = np.floor(10.0 ** rng.uniform(0, 18, count)).astype(DTYPES[suffix])
    near = np.stack([tame[0] * factor, tame[0]])
    near[0] = np.nextafter(near[0], np.sign(rng.standard_normal(count)).astype(DTYPES[suffix]) * np.inf)
    near[0, ::3] = tame[0, ::3] * factor[::3]
    return [np.concatenate([s, wild[k], tame[k], whole[k], near[k]]) for k, s in enumerate((a, b))]


def complexes(suffix, count=20000):
    part = "f32" if suffix == "c64" else "f64"
    a, b = floats(part, count)
    order = np.random.default_rng(SEED).permutation(len(a))
    x, y = np.empty(len(a), DTYPES[suffix]), np.empty(len(a), DTYPES[suffix])
    x.real, x.imag, y.real, y.imag = a, b, a[order], b[order[::-1]]
    return x, y


@pytest.mark.parametrize("suffix", INTEGERS)
@pytest.mark.parametrize("name", INTEGER_BINARY)
def test_integer_binary(library, suffix, name):
    a, b = integers(suffix)
    assert_same(name, call(library, f"thw_{name}_{suffix}", suffix, a, b), INTEGER_BINARY[name](a, b), a, b)


@pytest.mark.parametrize("suffix", INTEGERS)
def test_integer_unary_and_power(library, suffix):
    a, b = integers(suffix)
    for name, function in INTEGER_UNARY.items():
        assert_same(name, call(library, f"thw_{name}_{suffix}", suffix, a), function(a), a)
    keep = b >= 0
    a, b = a[keep], b[keep]
    assert_same("pow", call(library, f"thw_pow_{suffix}", suffix, a, b), np.power(a, b), a, b)


@pytest.mark.parametrize("suffix", FLOATS)
def test_casts_from_float(library, suffix):
    """uint32 is compared one element at a time: NumPy's answers out of range depend on the array's length."""
    edges = [2.0**k + d for k in (7, 8, 15, 16, 31, 32, 53, 62, 63, 64) for d in (-2048, -1.5, -1, -0.5, 0, 0.5, 1, 5)]
    x = np.concatenate([floats(suffix, 3000)[0], np.array(edges), -np.array(edges)]).astype(DTYPES[suffix])
    for target in [*INTEGERS, "b8"]:
        expected = x.astype(DTYPES[target])
        if target == "u32":
            expected = np.array([x[i : i + 1].astype(np.uint32)[0] for i in range(len(x))])
        assert_same(f"{target} from {suffix}", call(library, f"thw_{target}_from_{suffix}", target, x), expected, x)


@pytest.mark.parametrize("suffix", FLOATS)
@pytest.mark.parametrize("name", FLOAT_BINARY)
def test_float_binary(library, suffix, name):
    a, b = floats(suffix)
    assert_same(name, call(library, f"thw_{name}_{suffix}", suffix, a, b), FLOAT_BINARY[name](a, b), a, b)


@pytest.mark.parametrize("suffix", FLOATS)
def test_float_unary(library, suffix):
    a, _ = floats(suffix)
    for name, function in FLOAT_UNARY.items():
        assert_same(name, call(library, f"thw_{name}_{suffix}", suffix, a), function(a), a)
    for name, function in FLOAT_TESTS.items():
        assert_same(name, call(library, f"thw_{name}_{suffix}", "b8", a), function(a), a)


@pytest.mark.parametrize("suffix", COMPLEX)
def test_complex(library, suffix):
    a, b = complexes(suffix)
    for name, function in COMPLEX_BINARY.items():
        assert_same(name, call(library, f"thw_{name}_{suffix}", suffix, a, b), function(a, b), a, b)
    for name, function in COMPLEX_UNARY.items():
        assert_same(name, call(library, f"thw_{name}_{suffix}", suffix, a), function(a), a)
    for name, function in COMPLEX_TESTS.items():
        assert_same(name, call(library, f"thw_{name}_{suffix}", "b8", a), function(a), a)
    for name, function in COMPARE.items():
        assert_same(name, call(library, f"thw_{name}_{suffix}", "b8", a, b), function(a, b), a, b)


def test_bool(library):
    a, b = np.array([False, False, True, True]), np.array([False, True, False, True])
    for name, function in BOOL_BINARY.items():
        assert_same(name, call(library, f"thw_{name}_b8", "b8", a, b), function(a, b), a, b)
    assert_same("not", call(library, "thw_not_b8", "b8", a), np.logical_not(a), a)


@pytest.mark.parametrize("suffix", COMPLEX)
def test_complex_scalar_product(library, suffix):
    a, b = (operand[:3000] for operand in complexes(suffix, 1000))
    expected = np.array([x * y for x, y in zip(a, b, strict=True)])
    assert_same("scalar product", call(library, f"thw_mul_scalar_{suffix}", suffix, a, b), expected, a, b)


def test_signed_against_unsigned(library):
    a, _ = integers("i64")
    b, _ = integers("u64")
    size = min(len(a), len(b))
    a, b = a[:size], np.random.default_rng(SEED).permutation(b[:size])
    b[::3] = a[::3].astype(np.uint64)
    for name in ("lt", "le", "eq"):
        assert_same(name, call(library, f"thw_{name}_i64_u64", "b8", a, b), COMPARE[name](a, b), a, b)


def python_call(library, name, result, *arguments):
    function = getattr(library, f"t_{name}")
    function.restype = result
    function.argtypes = [
        *(ctypes.c_double if isinstance(a, float) else ctypes.c_int64 for a in arguments),
        ctypes.POINTER(ctypes.c_int32),
    ]
    flags = ctypes.c_int32(0)
    return function(*arguments, ctypes.byref(flags)), flags.value


def python_outcome(function, *arguments):
    """What CPython gives: (value, flag that stands for it where 64 bits cannot say it)."""
    if function is operator.pow and arguments[0] < 0 and all(map(math.isfinite, arguments)):
        if not float(arguments[1]).is_integer():
            return None, NEGATIVE_POWER
    try:
        if function is operator.lshift and arguments[0] and arguments[1] > 4096:
            return None, OVERFLOW
        value = function(*arguments)
    except ZeroDivisionError:
        return None, ZERO_DIVISION
    except OverflowError:
        return None, OVERFLOW
    except ValueError as error:
        return None, NEGATIVE_SHIFT if "shift" in str(error) else NOT_A_NUMBER
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return None, OVERFLOW
    if isinstance(value, complex):
        return None, NEGATIVE_POWER
    return value, 0


def small_enough(name, a, b):
    """Powers that CPython would compute for minutes are decided by their logarithm."""
    return name != "pow" or abs(a) < 2 or b <= 64


@pytest.mark.parametrize("name", PYTHON_INT)
def test_python_int(library, name):
    a, b = integers("i64", 1500)
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        if name == "pow" and y < 0:
            expected = None, ZERO_DIVISION if x == 0 else NEGATIVE_POWER
        elif not small_enough(name, x, y):
            expected = None, OVERFLOW
        else:
            expected = python_outcome(PYTHON_INT[name], x, y)
        value, flags = python_call(library, f"{name}_py", ctypes.c_double if name == "div" else ctypes.c_int64, x, y)
        assert flags == expected[1], (name, x, y, value, flags, expected)
        if flags == 0:
            assert value == expected[0] and math.copysign(1, value) == math.copysign(1, expected[0]), (name, x, y)
    for name, function in (("neg", operator.neg), ("abs", abs)):
        for x in a.tolist():
            value, flags = python_call(library, f"{name}_py", ctypes.c_int64, x)
            expected = python_outcome(function, x)
            assert flags == expected[1] and (flags or value == expected[0]), (name, x)


@pytest.mark.parametrize("name", PYTHON_FLOAT)
def test_python_float(library, name):
    a, b = floats("f64", 1500)
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        expected, wanted = python_outcome(PYTHON_FLOAT[name], x, y)
        value, flags = python_call(library, f"{name}_pyf", ctypes.c_double, x, y)
        assert flags == wanted, (name, x, y, value, flags, expected)
        if flags == 0:
            both_nan = math.isnan(value) and math.isnan(expected)
            equal = value == expected and math.copysign(1, value) == math.copysign(1, expected)
            assert both_nan or equal, (name, x, y)


def test_int_of_python_float(library):
    for x in floats("f64", 1500)[0].tolist():
        expected, wanted = python_outcome(int, x)
        value, flags = python_call(library, "int_pyf", ctypes.c_int64, x)
        assert flags == wanted and (flags or value == expected), (x, value, flags, expected)


def test_every_type_is_covered():
    """A suffix added to the preludes without tests is noticed here."""
    assert set(C_TYPES) == {*INTEGERS, *FLOATS, *COMPLEX, "b8"}
