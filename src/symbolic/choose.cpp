// Minimum, maximum and selection.
#include <algorithm>

#include "symbolic/terms.h"

namespace thalweg::symbolic {

namespace {

void flatten(Kind kind, const Expr& expr, std::vector<Expr>& into) {
  if (expr.kind() != kind) {
    into.push_back(expr);
    return;
  }
  for (const Expr& operand : expr.operands()) into.push_back(operand);
}

std::optional<int64_t> constant_difference(const Expr& a, const Expr& b) {
  auto difference = combine(Terms::of(a), 1, Terms::of(b), -1);
  if (!difference || !difference->is_constant()) return std::nullopt;
  return difference->constant;
}

// For a minimum: b is never smaller than a, so it can go. Constant distances only, and absorption min(a, max(a, c)) =
// a.
bool makes_redundant(Kind kind, const Expr& a, const Expr& b) {
  Kind other = kind == Kind::min ? Kind::max : Kind::min;
  if (b.kind() == other) {
    std::span<const Expr> inner = b.operands();
    if (std::find(inner.begin(), inner.end(), a) != inner.end()) return true;
  }
  std::optional<int64_t> difference = constant_difference(b, a);
  return difference && (kind == Kind::min ? *difference >= 0 : *difference <= 0);
}

Expr extreme(Kind kind, const Expr& a, const Expr& b) {
  if (a == b) return a;
  std::vector<Expr> all, kept;
  flatten(kind, a, all);
  flatten(kind, b, all);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (size_t i = 0; i < all.size(); ++i) {
    bool redundant = false;
    for (size_t j = 0; j < all.size() && !redundant; ++j) redundant = i != j && makes_redundant(kind, all[j], all[i]);
    if (!redundant) kept.push_back(all[i]);
  }
  if (kept.size() == 1) return kept[0];
  uint8_t flags = std::all_of(kept.begin(), kept.end(), is_boolean) ? Node::boolean : 0;
  return intern(kind, kept, nullptr, flags);
}

}  // namespace

Expr min(const Expr& a, const Expr& b) { return extreme(Kind::min, a, b); }
Expr max(const Expr& a, const Expr& b) { return extreme(Kind::max, a, b); }

Expr select(const Expr& condition, const Expr& a, const Expr& b) {
  Expr test = logical_not(logical_not(condition));  // as a boolean
  if (auto known = test.as_integer()) return *known ? a : b;
  if (a == b) return a;
  if (a.is(1) && b.is(0)) return test;
  if (a.is(0) && b.is(1)) return logical_not(test);
  if (test.kind() == Kind::ne) return select(eq(test.operands()[0], test.operands()[1]), b, a);
  if (test.kind() == Kind::lt || test.kind() == Kind::le) {
    std::span<const Expr> sides = test.operands();
    if (sides[0] == a && sides[1] == b) return min(a, b);
    if (sides[0] == b && sides[1] == a) return max(a, b);
  }
  const Expr operands[3] = {test, a, b};
  return intern(Kind::select, operands, nullptr, is_boolean(a) && is_boolean(b) ? Node::boolean : 0);
}

}  // namespace thalweg::symbolic
