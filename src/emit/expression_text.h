// Scalar computation as C text: every operation on every element type, by the functions of the preludes where C's own
// operators do not mean the same.
#pragma once
#include <functional>
#include <string>

#include "emit/index_text.h"
#include "ir/code.h"

namespace thalweg::emit {

struct LeafText {
  std::function<Text(const ir::code::Expr&)> element;  // a load
  std::function<Text(const std::string&)> variable;
};

// Operations that may raise set bits in the variable `flags` of the emitted function.
Text expression_text(const ir::code::Expr& expr, const LeafText& leaves);
std::string constant_text(const ir::code::Value& value, ir::DType type);

// What the expression needs of the preludes.
struct Needs {
  bool math = false, reduce = false, python = false, complex_ = false;
  bool suffix[8] = {};  // i8 ... u64
  bool f32 = false, f64 = false;
  void type(ir::DType dtype);
  void expression(const ir::code::Expr& expr);
};

}  // namespace thalweg::emit
