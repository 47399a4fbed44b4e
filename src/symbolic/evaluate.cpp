// Evaluation under an assignment: exact, or nothing. Branches not taken are not evaluated.
#include "symbolic/expr.h"
#include "symbolic/terms.h"

namespace thalweg::symbolic {

namespace {

using Values = std::map<std::string, int64_t>;

std::optional<int64_t> combine_values(Kind kind, int64_t a, int64_t b) {
  int64_t out;
  switch (kind) {
    case Kind::add: return add_overflows(a, b, out) ? std::nullopt : std::optional(out);
    case Kind::mul: return multiply_overflows(a, b, out) ? std::nullopt : std::optional(out);
    case Kind::min: return std::min(a, b);
    case Kind::max: return std::max(a, b);
    case Kind::lt: return a < b;
    case Kind::le: return a <= b;
    case Kind::eq: return a == b;
    case Kind::ne: return a != b;
    case Kind::floor_div:
      if (b == 0 || (a == INT64_MIN && b == -1)) return std::nullopt;
      return floor_quotient(a, b);
    case Kind::mod:
      if (b == 0) return std::nullopt;
      return floor_remainder(a, b);
    default: return std::nullopt;
  }
}

std::optional<int64_t> evaluate_logic(const Expr& expr, const Values& values) {
  bool conjunction = expr.kind() == Kind::logical_and;
  for (const Expr& operand : expr.operands()) {
    auto value = evaluate(operand, values);
    if (!value) return std::nullopt;
    if ((*value != 0) != conjunction) return !conjunction;
  }
  return conjunction;
}

}  // namespace

std::optional<int64_t> evaluate(const Expr& expr, const Values& values) {
  std::span<const Expr> operands = expr.operands();
  switch (expr.kind()) {
    case Kind::integer: return expr.integer();
    case Kind::symbol: {
      auto found = values.find(expr.name());
      return found == values.end() ? std::nullopt : std::optional(found->second);
    }
    case Kind::element:
    case Kind::call: return std::nullopt;
    case Kind::logical_and:
    case Kind::logical_or: return evaluate_logic(expr, values);
    case Kind::logical_not: {
      auto value = evaluate(operands[0], values);
      return value ? std::optional<int64_t>(*value == 0) : std::nullopt;
    }
    case Kind::select: {
      auto condition = evaluate(operands[0], values);
      if (!condition) return std::nullopt;
      return evaluate(operands[*condition != 0 ? 1 : 2], values);
    }
    default: break;
  }
  std::optional<int64_t> result = evaluate(operands[0], values);
  for (size_t i = 1; result && i < operands.size(); ++i) {
    auto next = evaluate(operands[i], values);
    result = next ? combine_values(expr.kind(), *result, *next) : std::nullopt;
  }
  return result;
}

}  // namespace thalweg::symbolic
