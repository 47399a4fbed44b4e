#include "python/numpy_api.h"

#include <cstring>

namespace thalweg::python {

using ir::DType;
namespace dtypes = ir::dtypes;

std::optional<DType> dtype_of(PyArray_Descr* descr) {
  auto of = [](std::initializer_list<DType> choices, npy_intp bytes) -> std::optional<DType> {
    for (DType dtype : choices)
      if (dtype.bytes() == bytes) return dtype;
    return std::nullopt;
  };
  npy_intp bytes = PyDataType_ELSIZE(descr);
  switch (descr->kind) {
    case 'b': return dtypes::bool_;
    case 'i': return of({dtypes::int8, dtypes::int16, dtypes::int32, dtypes::int64}, bytes);
    case 'u': return of({dtypes::uint8, dtypes::uint16, dtypes::uint32, dtypes::uint64}, bytes);
    case 'f': return of({dtypes::float16, dtypes::float32, dtypes::float64}, bytes);
    case 'c': return of({dtypes::complex64, dtypes::complex128}, bytes);
    default: return std::nullopt;
  }
}

PyArray_Descr* descr_of(DType dtype) {
  // By log2 of the size: NumPy's type numbers per kind.
  constexpr int kSigned[] = {NPY_INT8, NPY_INT16, NPY_INT32, NPY_INT64};
  constexpr int kUnsigned[] = {NPY_UINT8, NPY_UINT16, NPY_UINT32, NPY_UINT64};
  constexpr int kFloating[] = {NPY_VOID, NPY_HALF, NPY_FLOAT, NPY_DOUBLE};
  int size = __builtin_ctz(static_cast<unsigned>(dtype.bytes())), number = NPY_VOID;
  switch (dtype.kind()) {
    case ir::DTypeKind::boolean: number = NPY_BOOL; break;
    case ir::DTypeKind::integer: number = kSigned[size]; break;
    case ir::DTypeKind::unsigned_integer: number = kUnsigned[size]; break;
    case ir::DTypeKind::floating: number = kFloating[size]; break;
    case ir::DTypeKind::complex: number = dtype.bytes() == 8 ? NPY_CFLOAT : NPY_CDOUBLE; break;
  }
  return PyArray_DescrFromType(number);
}

PyObject* scalar_to_python(const void* bytes, DType dtype) {
  if (!dtype.python()) {
    PyArray_Descr* descr = descr_of(dtype);
    PyObject* out = PyArray_Scalar(const_cast<void*>(bytes), descr, nullptr);
    Py_DECREF(descr);
    return out;
  }
  if (dtype.is_bool()) return PyBool_FromLong(*static_cast<const uint8_t*>(bytes));
  if (dtype.is_integer()) {
    int64_t value;
    std::memcpy(&value, bytes, sizeof value);
    return PyLong_FromLongLong(value);
  }
  double parts[2] = {0, 0};
  std::memcpy(parts, bytes, static_cast<size_t>(dtype.bytes()));
  return dtype.is_float() ? PyFloat_FromDouble(parts[0]) : PyComplex_FromDoubles(parts[0], parts[1]);
}

}  // namespace thalweg::python
