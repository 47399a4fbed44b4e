// Index arithmetic as C text.
#pragma once
#include <string>

#include "symbolic/expr.h"

namespace thalweg::emit {

// C's precedence levels, as far as they occur.
enum Precedence : int {
  precedence_select = 1,
  precedence_or,
  precedence_and,
  precedence_bit_or,
  precedence_bit_xor,
  precedence_bit_and,
  precedence_equal,
  precedence_compare,
  precedence_shift,
  precedence_add,
  precedence_mul,
  precedence_unary,
  precedence_primary
};

struct Text {
  std::string text;
  int precedence = precedence_primary;
  // The text, in parentheses if it binds weaker than `least`.
  std::string at(int least) const { return precedence < least ? "(" + text + ")" : text; }
};

std::string integer_text(int64_t value);  // a literal of C
Text index_text(const symbolic::Expr& expr);
// The same as a double, for estimates that must not overflow.
Text estimate_text(const symbolic::Expr& expr);

}  // namespace thalweg::emit
