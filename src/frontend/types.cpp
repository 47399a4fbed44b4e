// Promotion by kind and size; the tables of NumPy 2.4 written as rules.
#include "frontend/types.h"

#include <algorithm>

namespace thalweg::frontend {

namespace dtypes = ir::dtypes;

namespace {

DType signed_of(int bytes) {
  return bytes <= 1 ? dtypes::int8 : bytes == 2 ? dtypes::int16 : bytes == 4 ? dtypes::int32 : dtypes::int64;
}

// The smallest float that holds every value of a small integer type, float64 for the others.
DType float_for(DType integer) {
  if (integer.is_bool() || integer.bytes() == 1) return dtypes::float16;
  return integer.bytes() == 2 ? dtypes::float32 : dtypes::float64;
}

DType complex_for(DType real) { return real.bytes() <= 4 ? dtypes::complex64 : dtypes::complex128; }

DType promote_integers(DType a, DType b) {
  if (a.kind() == b.kind()) return a.bytes() >= b.bytes() ? a : b;
  const DType s = a.is_unsigned() ? b : a, u = a.is_unsigned() ? a : b;
  if (s.bytes() > u.bytes()) return s;
  return u.bytes() == 8 ? dtypes::float64 : signed_of(2 * u.bytes());
}

int rank_of(DType dtype) {
  switch (dtype.kind()) {
    case ir::DTypeKind::boolean: return 0;
    case ir::DTypeKind::unsigned_integer: return 1;
    case ir::DTypeKind::integer: return 2;
    case ir::DTypeKind::floating: return 3;
    case ir::DTypeKind::complex: return 4;
  }
  return 4;
}

// A Python number beside a NumPy type takes that type unless its kind is higher.
DType weak(DType strong, DType python) {
  if (python == dtypes::pybool) return promote(strong, dtypes::bool_);
  if (python == dtypes::pyint) return strong.is_bool() ? dtypes::int64 : strong;
  if (python == dtypes::pyfloat) return strong.is_float() || strong.is_complex() ? strong : dtypes::float64;
  if (strong.is_complex()) return strong;
  return strong.is_float() ? complex_for(strong) : dtypes::complex128;
}

}  // namespace

DType promote(DType a, DType b) {
  if (a == b) return a;
  if (rank_of(a) > rank_of(b)) std::swap(a, b);
  if (a.is_bool()) return b;
  if (b.is_integer()) return promote_integers(a, b);
  if (b.is_float()) {
    const DType other = a.is_float() ? a : float_for(a);
    return other.bytes() >= b.bytes() ? other : b;
  }
  if (a.is_complex()) return a.bytes() >= b.bytes() ? a : b;
  const DType other = complex_for(a.is_float() ? a : float_for(a));
  return other.bytes() >= b.bytes() ? other : b;
}

DType common_type(DType a, DType b) {
  if (!a.python() && !b.python()) return promote(a, b);
  if (a.python() && b.python()) return rank_of(a) >= rank_of(b) ? a : b;
  return a.python() ? weak(b, a) : weak(a, b);
}

DType numpy_type(DType dtype) {
  if (dtype == dtypes::pybool) return dtypes::bool_;
  if (dtype == dtypes::pyint) return dtypes::int64;
  if (dtype == dtypes::pyfloat) return dtypes::float64;
  if (dtype == dtypes::pycomplex) return dtypes::complex128;
  return dtype;
}

DType float_type(DType dtype) {
  const DType own = numpy_type(dtype);
  return own.is_float() || own.is_complex() ? own : float_for(own);
}

DType real_type(DType dtype) {
  if (dtype == dtypes::pycomplex) return dtypes::pyfloat;
  if (!dtype.is_complex()) return dtype;
  return dtype == dtypes::complex64 ? dtypes::float32 : dtypes::float64;
}

DType sum_type(DType dtype) {
  if (dtype.is_bool() || dtype.kind() == ir::DTypeKind::integer) return dtypes::int64;
  return dtype.is_unsigned() ? dtypes::uint64 : dtype;
}

bool same_kind(DType from, DType to) { return rank_of(numpy_type(from)) <= rank_of(to); }

IntegerRange integer_range(DType dtype) {
  const int bits = 8 * dtype.bytes();
  if (dtype.is_bool()) return {0, 1};
  if (dtype.is_unsigned()) return {0, (static_cast<__int128>(1) << bits) - 1};
  return {-(static_cast<__int128>(1) << (bits - 1)), (static_cast<__int128>(1) << (bits - 1)) - 1};
}

const char* ufunc_name(syntax::BinaryOperator op) {
  static constexpr const char* names[] = {"add",         "subtract",   "multiply",   "divide",      "floor_divide",
                                          "remainder",   "power",      "matmul",     "bitwise_and", "bitwise_or",
                                          "bitwise_xor", "left_shift", "right_shift"};
  return names[static_cast<int>(op)];
}

}  // namespace thalweg::frontend
