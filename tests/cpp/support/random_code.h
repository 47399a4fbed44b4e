// Random, well-typed code trees: every operation on every type that takes it.
#pragma once
#include <random>

#include "ir/code.h"

namespace thalweg::tests {

struct CodeLeaves {
  std::vector<std::pair<std::string, ir::DType>> scalars;  // inputs
  std::vector<std::pair<std::string, ir::DType>> arrays;   // two-dimensional, read with element
  std::vector<std::string> symbols;
};
// Two scalars and one array of every type (names "f32_a", "f32_b", "f32_m" ...), symbols N and i.
CodeLeaves all_leaves();
ir::code::NameTypes name_types(const CodeLeaves& leaves);

// A tree of this type, about `depth` operations deep.
ir::code::Ptr random_tree(std::mt19937_64& random, const CodeLeaves& leaves, ir::DType type, int depth);

struct ExpressionOptions {
  std::vector<ir::DType> types;  // of casts and operands
  bool exact = true;             // only operations with one right answer on every machine (no sin, pow, hypot ...)
};
// A tree of this type over these leaves; operations that may raise are never used.
ir::code::Ptr random_expression(std::mt19937_64& random, const std::vector<ir::code::Ptr>& leaves, ir::DType type,
                                int depth, const ExpressionOptions& options);
ir::code::Ptr random_constant(std::mt19937_64& random, ir::DType type);

}  // namespace thalweg::tests
