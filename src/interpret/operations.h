// The operations of code trees on values. Types were settled by whoever made the tree; nothing is promoted here.
#pragma once
#include <span>

#include "interpret/scalar.h"
#include "ir/memlet.h"

namespace thalweg::interpret {

// What an operation may find out besides its value.
struct Findings {
  int32_t python = 0;      // THW_OVERFLOW ... of thalweg/scalar.h
  bool undefined = false;  // the operation does not exist for these types
};

// Not for leaves, casts, select, logical_and, logical_or: those are evaluated by the tree walker.
Scalar apply(ir::code::Op op, std::span<const Scalar> args, ir::DType result, Findings& findings);
Scalar cast(const Scalar& value, ir::DType to, Findings& findings);

// One family each; false: not of this family.
bool apply_arithmetic(ir::code::Op op, std::span<const Scalar> args, ir::DType result, Findings& findings, Scalar& out);
bool apply_comparison(ir::code::Op op, std::span<const Scalar> args, ir::DType result, Scalar& out);
bool apply_complex(ir::code::Op op, std::span<const Scalar> args, ir::DType result, Findings& findings, Scalar& out);

// new = old (op) value for everything but Wcr::custom.
Scalar combine(ir::Wcr wcr, const Scalar& old, const Scalar& value, Findings& findings);

}  // namespace thalweg::interpret
