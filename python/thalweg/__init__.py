"""Thalweg: decorated NumPy functions become machine code, with the same numbers.

    import numpy as np, thalweg

    @thalweg.program
    def smooth(a, b):
        b[1:-1] = (a[:-2] + a[1:-1] + a[2:]) / 3
"""

from thalweg._thalweg import __version__
from thalweg.errors import CompileError, InternalError, Notice, UnsupportedError
from thalweg.maps import map
from thalweg.program import Program, method, program
from thalweg.types import (
    bool_, compiletime, complex64, complex128, float16, float32, float64, int8, int16, int32, int64, symbol, uint8, uint16, uint32,
    uint64,
)

__all__ = [
    "CompileError", "InternalError", "Notice", "Program", "UnsupportedError", "__version__", "bool_",
    "compiletime", "complex64", "complex128", "float16", "float32", "float64", "int16", "int32", "int64", "int8", "map",
    "method", "program", "symbol", "uint16", "uint32", "uint64", "uint8",
]
