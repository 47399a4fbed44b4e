"""Random arguments: element types, contents with special values, layouts with strides, and aliases."""

import dataclasses

import numpy as np

DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32",
          "float64", "complex64", "complex128"]
COMMON = ["bool", "int32", "int64", "int64", "float32", "float64", "float64", "float64"]
LAYOUTS = ["plain", "fortran", "stepped", "reversed", "offset"]
SIZES = [0, 1, 1, 2, 3, 4, 5, 7, 8, 13, 17, 33]
INTEGERS = [0, 0, 1, 1, 2, 3, 5, 7, -1, -2, -3, 10, 63, 64, 127, 128, 255, 256, 2**31 - 1, 2**31, -2**31, -2**31 - 1,
            2**32, 2**53 + 1, 2**62, 2**63 - 1, -2**63, 2**63]
FLOATS = [0.0, -0.0, 1.0, 1.5, -1.0, -2.5, 0.5, 3.0, 1e-3, 1e10, -1e19, 2.0**31, 2.0**63, float("inf"), float("-inf"),
          float("nan")]


def draw_dtype(rng):
    return np.dtype(rng.choice(COMMON if rng.random() < 0.7 else DTYPES))


def integer(rng, small=False):
    if small or rng.random() < 0.75:
        return int(rng.integers(-4, 10))
    return int(INTEGERS[rng.integers(len(INTEGERS))])


def real(rng):
    if rng.random() < 0.75:
        return float(np.round(rng.random() * 10 - 4, 2))
    return FLOATS[rng.integers(len(FLOATS))]


def elements(rng, dtype, count):
    """Mostly small numbers; one draw in three has special values among them."""
    special = rng.random() < 0.33
    with np.errstate(all="ignore"):
        if dtype.kind == "b":
            return rng.random(count) < 0.5
        if dtype.kind in "iu":
            low = -9 if dtype.kind == "i" else 0
            out = rng.integers(low, 10, count).astype(dtype)
            if special and count:
                info = np.iinfo(dtype)
                few = rng.integers(0, count, max(1, count // 4))
                out[few] = rng.choice(np.array([info.max, info.min, info.max // 2 + 1, 0], dtype=dtype), len(few))
            return out
        out = (rng.random(count) * 10 - 4).astype(dtype)
        if dtype.kind == "c":
            out = (out + 1j * (rng.random(count) * 10 - 4)).astype(dtype)
        if special and count:
            few = rng.integers(0, count, max(1, count // 4))
            out[few] = np.array([real(rng) for _ in few]).astype(dtype)
        return out


def array(rng, dtype, shape, layout):
    """An array of `shape` whose memory is laid out as `layout` says."""
    if layout == "fortran":
        return array(rng, dtype, shape[::-1], "plain").T
    if layout == "stepped":
        whole = array(rng, dtype, tuple(2 * n for n in shape), "plain")
        return whole[tuple(slice(None, None, 2) for _ in shape)]
    if layout == "reversed" and dtype != np.complex64:   # NumPy multiplies those another way (docs/runtime.md)
        return array(rng, dtype, shape, "plain")[tuple(slice(None, None, -1) for _ in shape)]
    if layout == "offset":
        whole = array(rng, dtype, tuple(n + 1 for n in shape), "plain")
        return whole[tuple(slice(1, None) for _ in shape)]
    return elements(rng, dtype, int(np.prod(shape))).reshape(shape)


@dataclasses.dataclass
class Parameter:
    """What a parameter takes: `kind` is array, numpy (a NumPy scalar) or int, float, bool, complex (Python's)."""

    name: str
    kind: str
    dtype: np.dtype | None = None
    extents: tuple = ()

    def text(self):
        if self.kind == "array":
            return f"{self.name}: {self.dtype}[{', '.join(map(str, self.extents))}]"
        return f"{self.name}: {self.dtype if self.kind == 'numpy' else self.kind}"


def scalar(rng, parameter):
    if parameter.kind == "numpy":
        return elements(rng, parameter.dtype, 1)[0]
    if parameter.kind == "int":
        value = integer(rng)
        return value if -2**63 <= value < 2**63 else 7
    if parameter.kind == "float":
        return real(rng)
    if parameter.kind == "complex":
        return complex(real(rng), real(rng))
    return bool(rng.random() < 0.5)


def aliases(rng, arguments):
    """Two arrays of one element type and rank now share memory: equal, shifted, reversed or transposed."""
    arrays = [k for k, value in enumerate(arguments) if isinstance(value, np.ndarray) and value.ndim]
    pairs = [(i, j) for i in arrays for j in arrays if i != j and arguments[i].dtype == arguments[j].dtype and
             arguments[i].ndim == arguments[j].ndim]
    if not pairs:
        return "none"
    i, j = pairs[rng.integers(len(pairs))]
    one, how = arguments[i], rng.choice(["equal", "shifted", "reversed", "transposed"])
    if how == "shifted" and one.shape == arguments[j].shape:
        whole = array(rng, one.dtype, (one.shape[0] + 1,) + one.shape[1:], "plain")
        arguments[i], arguments[j] = whole[:-1], whole[1:]
    elif how == "reversed" and one.shape == arguments[j].shape:
        arguments[j] = one[::-1]
    elif how == "transposed" and one.shape[::-1] == arguments[j].shape:
        arguments[j] = one.T
    elif one.shape == arguments[j].shape:
        how, arguments[j] = "equal", one
    else:
        return "none"
    return str(how)


def draw_sizes(rng):
    """Extents of the three symbols; now and then all the same, so that squares and aliases occur."""
    sizes = {name: int(SIZES[rng.integers(len(SIZES))]) for name in "nmk"}
    if rng.random() < 0.25:
        sizes = dict.fromkeys(sizes, sizes["n"])
    return sizes


def draw_arguments(rng, parameters, sizes, layouts):
    """(arguments, how two of them alias); one call in 40 has an extent that does not fit."""
    out = []
    for parameter in parameters:
        if parameter.kind != "array":
            out.append(scalar(rng, parameter))
            continue
        shape = [sizes[e] if isinstance(e, str) else e for e in parameter.extents]
        if shape and rng.random() < 0.025:
            shape[rng.integers(len(shape))] += 1
        out.append(array(rng, parameter.dtype, tuple(shape), layouts[parameter.name]))
    return out, aliases(rng, out) if rng.random() < 0.1 else "none"
