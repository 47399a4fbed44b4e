// NumPy's C interface, imported once by module.cpp.
#pragma once
#include <nanobind/nanobind.h>
#define PY_ARRAY_UNIQUE_SYMBOL thalweg_numpy_api
#ifndef THALWEG_IMPORT_NUMPY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>

#include <optional>

#include "ir/dtype.h"

namespace thalweg::python {

// The element type of a NumPy descriptor in native byte order; nothing for what has no place here (object, str ...).
std::optional<ir::DType> dtype_of(PyArray_Descr* descr);
// A new reference to the descriptor of a dtype (Python's scalars: the NumPy type of the same storage).
PyArray_Descr* descr_of(ir::DType dtype);
// A Python object of a scalar: NumPy scalar, or Python's own for py* dtypes.
PyObject* scalar_to_python(const void* bytes, ir::DType dtype);

}  // namespace thalweg::python
