// Which type an operation computes in: NumPy 2's promotion (NEP 50) and CPython's rules for its own scalars.
#pragma once
#include <optional>
#include <vector>

#include "ir/dtype.h"
#include "syntax/ast.h"

namespace thalweg::frontend {

using ir::DType;

// np.promote_types on two NumPy types.
DType promote(DType a, DType b);
// The common type of two operands: Python's numbers are weak beside NumPy's; among themselves CPython's tower.
DType common_type(DType a, DType b);
// The NumPy type that a Python scalar has on its own (np.asarray(x).dtype); NumPy types stay.
DType numpy_type(DType dtype);
// The type in which functions such as sqrt compute: integers become floats of enough precision.
DType float_type(DType dtype);
// The type of the real and imaginary part; real types stay.
DType real_type(DType dtype);
// np.add.reduce's type: small integers and bool are summed in 64 bits.
DType sum_type(DType dtype);
// np.can_cast(from, to, 'same_kind'), which augmented assignment asks for.
bool same_kind(DType from, DType to);
// The range of an integer type.
struct IntegerRange {
  __int128 low, high;
};
IntegerRange integer_range(DType dtype);

const char* ufunc_name(syntax::BinaryOperator op);  // NumPy's: "add"

}  // namespace thalweg::frontend
