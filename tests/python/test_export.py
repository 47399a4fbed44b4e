"""Exported C++: texts compiled by g++ with OpenMP give NumPy's numbers; what calls Python is refused."""

import ctypes
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

import thalweg
from support import leaves
from test_texts import equality
from texts import TEXTS
from thalweg import _thalweg

FLAGS = ["-std=c++17", "-O1", "-march=native", "-fopenmp", "-ffp-contract=off", "-fno-math-errno", "-fPIC", "-shared"]
needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="this machine has no g++")

# The exported function behind a C signature: pointers, then symbols, then what it returns.
SHIM = """
extern "C" const char* shim(void** data, const long* symbols, thw_array* out) {{
  static std::vector<std::shared_ptr<void>> kept;
  static std::string message;
  thalweg::array results[{room}];
  try {{
    {call};
  }} catch (const thalweg::error& error) {{
    message = error.what();
    return message.c_str();
  }}
  for (int k = 0; k < {count}; ++k) {{
    out[k] = results[k];
    kept.push_back(results[k].owner);
  }}
  return nullptr;
}}
"""


class Array(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("rank", ctypes.c_int64), ("dtype", ctypes.c_int64),
                ("shape", ctypes.c_int64 * 16), ("strides", ctypes.c_int64 * 16)]


def compiled(text, tmp_path):
    """The shim as a ctypes function, the names of what it takes, how many of them are pointers, how many results."""
    signature = re.search(r"^void (\w+)\(([^{]*)\) \{$", text, re.MULTILINE)
    arguments, pointed, symbols = [], [], []
    results = re.search(r"&results\)\[(\d+)\]", signature[2])
    for parameter in [" ".join(part.split()) for part in signature[2].split(",")]:
        kind, name = parameter.rsplit(" ", 1)
        if "results" in parameter:
            arguments.append("results")
        elif kind == "int64_t":
            arguments.append(f"symbols[{len(symbols)}]")
            symbols.append(name)
        else:
            arguments.append(f"({kind})data[{len(pointed)}]" if kind.endswith("*") else f"*({kind}*)data[{len(pointed)}]")
            pointed.append(name)
    count = int(results[1]) if results else 0
    source, library = tmp_path / "program.cpp", tmp_path / "program.so"
    call = f"{signature[1]}({', '.join(arguments)})"
    source.write_text(text + SHIM.format(room=max(count, 1), count=count, call=call))
    (tmp_path / "thalweg_export.h").write_text(_thalweg.export_header())
    subprocess.run(["g++", *FLAGS, "-I", tmp_path, source, "-o", library], check=True)
    function = ctypes.CDLL(str(library)).shim
    function.restype = ctypes.c_char_p
    return function, pointed, symbols, count


def call(function, arrays, symbols, count):
    """(message or None, what was returned) of a call with these arrays and integers."""
    data = (ctypes.c_void_p * (len(arrays) + 1))(*[value.ctypes.data for value in arrays])
    out = (Array * (count + 1))()
    return function(data, (ctypes.c_long * (len(symbols) + 1))(*symbols), out), out


def value_of(result, like):
    """A NumPy array or scalar of what the exported program returned."""
    dtype = np.asarray(like).dtype
    if result.rank <= 0:
        raw = bytes(result.shape)[:dtype.itemsize] if result.rank == -1 else ctypes.string_at(result.data, dtype.itemsize)
        return np.frombuffer(raw, dtype)[0]
    shape, strides = result.shape[:result.rank], result.strides[:result.rank]
    reach = sum((n - 1) * step for n, step in zip(shape, strides)) + dtype.itemsize
    return np.lib.stride_tricks.as_strided(np.frombuffer(ctypes.string_at(result.data, reach), dtype), shape, strides)


@needs_compiler
@pytest.mark.parametrize("name", ["azimint_naive", "hdiff", "jacobi_2d", "mlp", "softmax", "trisolv"])
def test_texts(name, tmp_path):
    text = TEXTS[name]
    program = thalweg.program(text.function)
    arguments = text.inputs(np.random.default_rng(3), **text.small)
    mine = [np.array(value) if isinstance(value, np.ndarray) else value for value in arguments]
    expected = text.function(*arguments)
    function, pointed, symbols, count = compiled(program.compile(*mine).cpp_text, tmp_path)
    by_name = dict(zip(text.function.__code__.co_varnames, mine))

    def symbol(found):
        if found in by_name:
            return int(by_name[found])
        owner, axis = re.fullmatch(r"(\w+)_d(\d+)", found).groups()
        return by_name[owner].shape[int(axis)]

    arrays = [np.atleast_1d(np.asarray(by_name[found])) for found in pointed]
    message, out = call(function, arrays, [symbol(found) for found in symbols], count)
    assert message is None
    same = equality(text, arguments)
    for k, leaf in enumerate(leaves(expected) if expected is not None else []):
        assert same(value_of(out[k], leaf), leaf)
    for found, wanted in zip(mine, arguments):
        assert same(found, wanted) if isinstance(found, np.ndarray) else found == wanted


def equations(a, z, b):
    c = z @ z
    return c, np.linalg.solve(a, b), np.linalg.solve(z, c)


def halve(a):
    while len(a) > 4:
        a = a[::2] + 1
    return a * 1


@needs_compiler
def test_products_equations_and_memory_that_changes_places(tmp_path):
    rng = np.random.default_rng(5)
    square, other = rng.standard_normal((2, 30, 30)) + 9 * np.eye(30)
    for function, arguments in [(equations, [square, square + 1j * other, rng.standard_normal((30, 4))]),
                                (halve, [np.arange(100.0)])]:
        expected = function(*arguments)
        folder = tmp_path / function.__name__
        folder.mkdir()
        made = compiled(thalweg.program(function).compile(*arguments).cpp_text, folder)
        exported, pointed, symbols, count = made
        by_name = dict(zip(function.__code__.co_varnames, arguments))
        sizes = [by_name[owner].shape[int(axis)] for owner, axis in (found.rsplit("_d", 1) for found in symbols)]
        message, out = call(exported, [by_name[found] for found in pointed], sizes, count)
        assert message is None
        for k, leaf in enumerate(leaves(expected)):
            assert np.allclose(value_of(out[k], leaf), leaf, rtol=1e-10, atol=1e-10)


PROGRAM = """
import numpy as np
import thalweg

N = thalweg.symbol("N")

@thalweg.program
def pick(a: thalweg.float64[N], k: thalweg.int64):
    return a[k] * 2

def measure(a):
    return float(a.sum())

@thalweg.program(strict=False)
def scaled(a: thalweg.float64[N]):
    total: thalweg.float64 = measure(a)
    return a / total
"""


@needs_compiler
def test_command(tmp_path):
    (tmp_path / "prog.py").write_text(PROGRAM)
    done = subprocess.run([sys.executable, "-m", "thalweg.cli", "export", tmp_path / "prog.py", "-o", tmp_path / "out"],
                          capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 1 and str(tmp_path / "out" / "pick.cpp") in done.stdout
    assert "TW0801" in done.stderr and "calls back into Python" in done.stderr and "Traceback" not in done.stderr
    function, _, symbols, count = compiled((tmp_path / "out" / "pick.cpp").read_text(), tmp_path)
    a, values = np.array([1.5, 2.5]), {"k": 1, "N": 2}
    message, out = call(function, [a], [values[name] for name in symbols], count)
    assert message is None and value_of(out[0], a[0]) == 5.0
    values["k"] = 7
    message, _ = call(function, [a], [values[name] for name in symbols], count)
    assert b"prog.py:9" in message and b"IndexError" in message and b"7" in message
