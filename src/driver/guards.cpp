#include "driver/guards.h"

#include <algorithm>
#include <array>

namespace thalweg::driver {

using symbolic::Kind;

SlotExpr::SlotExpr(const symbolic::Expr& expr, const std::vector<std::string>& slots) { append(expr, slots); }

void SlotExpr::append(const symbolic::Expr& expr, const std::vector<std::string>& slots) {
  for (const auto& operand : expr.operands()) append(operand, slots);
  int64_t payload = static_cast<int64_t>(expr.operands().size());
  if (expr.kind() == Kind::integer) payload = expr.integer();
  if (expr.kind() == Kind::symbol) {
    auto found = std::find(slots.begin(), slots.end(), expr.name());
    TW_CHECK(found != slots.end(), "guard over a symbol that the call does not give: " + expr.name());
    payload = found - slots.begin();
  }
  TW_CHECK(expr.kind() != Kind::element && expr.kind() != Kind::call, "guard over an opaque expression");
  steps_.push_back({expr.kind(), payload});
}

namespace {

int64_t floor_quotient(int64_t a, int64_t b) {
  int64_t q = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
}

// The value of one step over its operands x[0..n); false when there is none.
bool apply(Kind kind, const int64_t* x, int64_t n, int64_t& out) {
  out = n ? x[0] : 0;
  switch (kind) {
    case Kind::add:
      for (int64_t i = 1; i < n; ++i)
        if (__builtin_add_overflow(out, x[i], &out)) return false;
      return true;
    case Kind::mul:
      for (int64_t i = 1; i < n; ++i)
        if (__builtin_mul_overflow(out, x[i], &out)) return false;
      return true;
    case Kind::floor_div:
    case Kind::mod:
      if (x[1] == 0 || (x[0] == INT64_MIN && x[1] == -1)) return false;
      out = kind == Kind::floor_div ? floor_quotient(x[0], x[1]) : x[0] - floor_quotient(x[0], x[1]) * x[1];
      return true;
    case Kind::min: out = *std::min_element(x, x + n); return true;
    case Kind::max: out = *std::max_element(x, x + n); return true;
    case Kind::select: out = x[0] ? x[1] : x[2]; return true;
    case Kind::lt: out = x[0] < x[1]; return true;
    case Kind::le: out = x[0] <= x[1]; return true;
    case Kind::eq: out = x[0] == x[1]; return true;
    case Kind::ne: out = x[0] != x[1]; return true;
    case Kind::logical_and: out = std::all_of(x, x + n, [](int64_t v) { return v != 0; }); return true;
    case Kind::logical_or: out = std::any_of(x, x + n, [](int64_t v) { return v != 0; }); return true;
    case Kind::logical_not: out = !x[0]; return true;
    case Kind::integer:
    case Kind::symbol:
    case Kind::element:
    case Kind::call: break;
  }
  return false;
}

}  // namespace

std::optional<int64_t> SlotExpr::evaluate(const int64_t* slots) const {
  std::array<int64_t, 32> small;
  std::vector<int64_t> large;
  int64_t* stack = small.data();
  if (steps_.size() > small.size()) {
    large.resize(steps_.size());
    stack = large.data();
  }
  size_t top = 0;
  for (const Step& step : steps_) {
    if (step.kind == Kind::integer) {
      stack[top++] = step.operand;
    } else if (step.kind == Kind::symbol) {
      stack[top++] = slots[step.operand];
    } else {
      top -= static_cast<size_t>(step.operand);
      int64_t value = 0;
      if (!apply(step.kind, stack + top, step.operand, value)) return std::nullopt;
      stack[top++] = value;
    }
  }
  return stack[0];
}

}  // namespace thalweg::driver
