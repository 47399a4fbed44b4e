#include "driver/assumptions.h"

#include <algorithm>

namespace thalweg::driver {

bool BuildAssumptions::add(const symbolic::Expr& condition, const base::Span& span, const std::string& reason) {
  bool known = std::any_of(guards_.begin(), guards_.end(), [&](const Guard& g) { return g.condition == condition; });
  if (!known) guards_.push_back({condition, span, reason});
  return true;
}

bool BuildAssumptions::assume(const symbolic::Expr& condition, const base::Span& span, const std::string& reason) {
  if (auto constant = condition.as_integer()) return *constant != 0;
  if (mode_ == Mode::general) return false;
  if (!observed_) return add(condition, span, reason);
  auto value = symbolic::evaluate(condition, *observed_);
  if (!value) return false;  // over something that is not an entry symbol, or beyond 64 bits
  if (*value) return add(condition, span, reason);
  if (condition.kind() == symbolic::Kind::eq) {
    // The opposite is what this build will be made for.
    add(symbolic::logical_not(condition), span, reason);
  } else if (std::find(unmet_.begin(), unmet_.end(), condition) == unmet_.end()) {
    unmet_.push_back(condition);
  }
  return false;
}

std::optional<bool> BuildAssumptions::choose(const symbolic::Expr& condition, const base::Span& span,
                                             const std::string& reason) {
  if (auto constant = condition.as_integer()) return *constant != 0;
  if (!observed_) return std::nullopt;
  auto value = symbolic::evaluate(condition, *observed_);
  if (!value) return std::nullopt;
  add(*value ? condition : symbolic::logical_not(condition), span, reason);
  return *value != 0;
}

std::optional<int64_t> BuildAssumptions::value(const symbolic::Expr& expr, const base::Span& span,
                                               const std::string& reason) {
  if (auto constant = expr.as_integer()) return constant;
  if (!observed_) return std::nullopt;
  auto value = symbolic::evaluate(expr, *observed_);
  if (value) add(symbolic::eq(expr, *value), span, reason);
  return value;
}

}  // namespace thalweg::driver
