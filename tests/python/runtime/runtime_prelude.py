"""Builds loops over the C preludes in the two ways in which Thalweg uses them, and calls them on NumPy arrays.

"generated": C text pasted together, clang, for this processor. "interpreter": C++, any processor.
"""

import ctypes
import pathlib
import shutil
import subprocess

import numpy as np

INCLUDE = pathlib.Path(__file__).parents[3] / "runtime" / "include"
SOURCES = INCLUDE.parent / "src"
FLAGS = ["-O2", "-w", "-shared", "-fPIC", "-ffp-contract=off", "-fno-math-errno"]

C_TYPES = {
    "b8": "uint8_t", "i8": "int8_t", "i16": "int16_t", "i32": "int32_t", "i64": "int64_t",
    "u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t",
    "f16": "_Float16", "f32": "float", "f64": "double", "c64": "thw_c64", "c128": "thw_c128",
}  # fmt: skip
DTYPES = {
    "b8": np.bool_, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64,
    "u8": np.uint8, "u16": np.uint16, "u32": np.uint32, "u64": np.uint64,
    "f16": np.float16, "f32": np.float32, "f64": np.float64, "c64": np.complex64, "c128": np.complex128,
}  # fmt: skip


def compiler(*names):
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    return None


def build(folder, way, text, headers=("scalar", "reduce"), sources=()):
    """The shared library of `text` behind the preludes, built the `way` named; None without a compiler."""
    library = folder / f"{way}.so"
    if way == "generated":
        chosen = compiler("clang-19", "clang", "gcc")
        parts = [(INCLUDE / "thalweg" / f"{name}.h").read_text() for name in ("abi", *headers)]
        (folder / "generated.c").write_text("\n".join([*parts, text]))
        command = [chosen, *FLAGS, "-march=native", str(folder / "generated.c")]
    else:
        chosen = compiler("g++", "clang++-19", "clang++")
        parts = [f'#include "thalweg/{name}.h"' for name in headers]
        (folder / "interpreter.cpp").write_text("\n".join([*parts, 'extern "C" {', text, "}"]))
        command = [chosen, "-std=c++20", *FLAGS, f"-I{INCLUDE}", str(folder / "interpreter.cpp")]
        command += [str(SOURCES / name) for name in sources]
    if chosen is None:
        return None
    subprocess.run([*command, "-o", str(library), "-lm", "-l:libmvec.so.1"], check=True)
    return ctypes.CDLL(str(library))


def elementwise(name, result, *operands):
    """C text of the loop t_NAME: out[i] = NAME(a[i], b[i] ...), each argument an array of the suffix given."""
    letters = "abc"[: len(operands)]
    pointers = "".join(f"const {C_TYPES[s]}* {letter}, " for letter, s in zip(letters, operands, strict=True))
    values = ", ".join(f"{letter}[i]" for letter in letters)
    return (
        f"void t_{name}({pointers}{C_TYPES[result]}* out, int64_t count) {{\n"
        f"  for (int64_t i = 0; i < count; ++i) out[i] = {name}({values});\n}}\n"
    )


def call(library, name, result, *operands):
    """Runs the loop t_NAME over the arrays `operands`; an array of suffix `result`."""
    operands = [np.ascontiguousarray(operand) for operand in operands]
    out = np.empty(operands[0].shape, DTYPES[result])
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in [*operands, out]]
    getattr(library, f"t_{name}")(*pointers, ctypes.c_int64(out.size))
    return out


def same(ours, theirs):
    """Equal bit for bit, except that any NaN equals any NaN."""
    if ours.dtype.kind == "c":
        return same(ours.real.copy(), theirs.real.copy()) & same(ours.imag.copy(), theirs.imag.copy())
    if ours.dtype.kind != "f":
        return ours == theirs
    return (np.isnan(ours) & np.isnan(theirs)) | ((ours == theirs) & (np.signbit(ours) == np.signbit(theirs)))


def assert_same(what, ours, theirs, *operands):
    """Fails with the first few operands for which the results differ."""
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape, what
    bad = np.flatnonzero(~same(ours, theirs))
    shown = [(*(operand[i] for operand in operands), "ours", ours[i], "NumPy", theirs[i]) for i in bad[:5]]
    assert not len(bad), f"{what}: {len(bad)} of {ours.size} differ: {shown}"
