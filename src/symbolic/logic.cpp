// and, or, not. Any integer may stand as a condition (nonzero is true); results are 0 or 1.
// Negation moves inward to the comparisons, so `not` never remains around anything but a boolean without a negation.
#include <algorithm>

#include "symbolic/node.h"

namespace thalweg::symbolic {

namespace {

Expr truth(const Expr& expr) { return is_boolean(expr) ? expr : ne(expr, 0); }

// Conjunction and disjunction are duals: `absorbing` is 0 for and, 1 for or.
Expr connect(Kind kind, const Expr& a, const Expr& b) {
  int64_t absorbing = kind == Kind::logical_and ? 0 : 1;
  std::vector<Expr> all;
  for (const Expr& side : {truth(a), truth(b)}) {
    if (side.kind() == kind)
      all.insert(all.end(), side.operands().begin(), side.operands().end());
    else if (side.is(absorbing))
      return absorbing;
    else if (!side.is(1 - absorbing))
      all.push_back(side);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (const Expr& one : all)
    if (std::binary_search(all.begin(), all.end(), logical_not(one))) return absorbing;
  if (all.empty()) return 1 - absorbing;
  if (all.size() == 1) return all[0];
  return intern(kind, all, nullptr, Node::boolean);
}

}  // namespace

Expr logical_and(const Expr& a, const Expr& b) { return connect(Kind::logical_and, a, b); }
Expr logical_or(const Expr& a, const Expr& b) { return connect(Kind::logical_or, a, b); }

Expr logical_not(const Expr& a) {
  if (auto value = a.as_integer()) return *value == 0;
  std::span<const Expr> operands = a.operands();
  switch (a.kind()) {
    case Kind::lt: return le(operands[1], operands[0]);
    case Kind::le: return lt(operands[1], operands[0]);
    case Kind::eq: return ne(operands[0], operands[1]);
    case Kind::ne: return eq(operands[0], operands[1]);
    case Kind::logical_not: return truth(operands[0]);
    case Kind::logical_and:
    case Kind::logical_or: {
      bool conjunction = a.kind() == Kind::logical_and;
      Expr result = conjunction ? 0 : 1;
      for (const Expr& operand : operands)
        result = conjunction ? logical_or(result, logical_not(operand)) : logical_and(result, logical_not(operand));
      return result;
    }
    default: break;
  }
  if (!is_boolean(a)) return eq(a, 0);
  if (a.kind() == Kind::select) return select(operands[0], logical_not(operands[1]), logical_not(operands[2]));
  return intern(Kind::logical_not, {&a, 1}, nullptr, Node::boolean);
}

}  // namespace thalweg::symbolic
