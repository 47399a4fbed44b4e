// Guard conditions of a build, compiled to postfix code so that a call tests them in nanoseconds.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "symbolic/expr.h"

namespace thalweg::driver {

// An integer expression over numbered slots (the entry symbols of a call).
class SlotExpr {
 public:
  // Fails (internal error) on opaque kinds or symbols without a slot.
  SlotExpr(const symbolic::Expr& expr, const std::vector<std::string>& slots);
  // Value, or nothing on a zero divisor or 64-bit overflow.
  std::optional<int64_t> evaluate(const int64_t* slots) const;
  bool holds(const int64_t* slots) const { return evaluate(slots).value_or(0) != 0; }

 private:
  struct Step {
    symbolic::Kind kind;
    int64_t operand;  // integer value, slot number, or number of operands
  };
  void append(const symbolic::Expr& expr, const std::vector<std::string>& slots);
  std::vector<Step> steps_;
};

struct Guard {
  symbolic::Expr condition;
  base::Span span;
  std::string reason;
};

}  // namespace thalweg::driver
