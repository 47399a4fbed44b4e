// Simplification under facts, from the leaves up. One function per family of operators; each rule says when it holds.
#include <algorithm>

#include "symbolic/facts.h"
#include "symbolic/prover.h"
#include "symbolic/terms.h"

namespace thalweg::symbolic {

namespace {

bool mentions(const Expr& expr, const Node* symbol) {
  const Node* node = Node::of(expr);
  if (Node::is_small(node) || (node->symbols & symbol->symbols) == 0) return false;
  if (node == symbol) return true;
  return std::any_of(expr.operands().begin(), expr.operands().end(),
                     [&](const Expr& e) { return mentions(e, symbol); });
}

}  // namespace

// The symbol that a fact `form == 0` gives a value to: coefficient +-1, and nowhere else in the form. The last such.
std::optional<Expr> Facts::solved_symbol(const Fact& fact) const {
  std::span<const Term> parts = terms(fact);
  for (size_t i = parts.size(); i-- > 0;) {
    const Node* symbol = parts[i].monomial;
    if (symbol->kind != Kind::symbol || (parts[i].coefficient != 1 && parts[i].coefficient != -1)) continue;
    bool alone = true;
    for (size_t k = 0; k < parts.size(); ++k) alone &= k == i || !mentions(Node::share(parts[k].monomial), symbol);
    if (alone) return Node::share(symbol);
  }
  return std::nullopt;
}

// Symbols replaced by what they are known to equal. only_simple: by integers and earlier symbols, so that the result
// is never larger; otherwise by any expression.
Expr Facts::with_equalities(const Expr& expr, bool only_simple) const {
  Expr result = expr;
  for (const Fact& fact : facts_) {
    if (fact.relation != Relation::zero) continue;
    std::optional<Expr> symbol = solved_symbol(fact);
    if (!symbol || !mentions(result, Node::of(*symbol))) continue;
    int64_t sign = 0;
    for (const Term& term : terms(fact))
      if (term.monomial == Node::of(*symbol)) sign = term.coefficient;
    Expr value = sign == 1 ? *symbol - fact.form : fact.form + *symbol;
    if (only_simple && !value.as_integer() && !value.is_symbol()) continue;
    result = substitute(result, {{symbol->name(), value}});
  }
  return result;
}

Expr Facts::simplify(const Expr& expr) const {
  if (expr.operands().empty() && facts_.empty()) return expr;
  Expr start = with_equalities(expr, true);
  // Equalities between symbols may chain (A == B, B == 3): once more, and no further.
  return simplify_node(with_equalities(start, true));
}

// The operands simplified, the operator itself left alone.
Expr Facts::simplify_below(const Expr& expr) const {
  std::vector<Expr> operands;
  operands.reserve(expr.operands().size());
  bool changed = false;
  for (const Expr& operand : expr.operands()) {
    operands.push_back(simplify_node(operand));
    changed |= !(operands.back() == operand);
  }
  return changed ? rebuild(expr, std::move(operands)) : expr;
}

Expr Facts::simplify_node(const Expr& expr) const {
  if (expr.operands().empty()) return expr;
  if (expr.kind() == Kind::select) return simplify_select(expr);
  Expr rebuilt = simplify_below(expr);
  if (!(rebuilt == expr)) {
    return rebuilt.kind() == expr.kind() && rebuilt.operands().size() <= expr.operands().size()
               ? simplify_here(rebuilt)
               : simplify_node(rebuilt);
  }
  return simplify_here(expr);
}

// The root operator only; operands are simple already.
Expr Facts::simplify_here(const Expr& expr) const {
  switch (expr.kind()) {
    case Kind::min:
    case Kind::max: return simplify_extreme(expr);
    case Kind::floor_div:
    case Kind::mod: return simplify_division(expr);
    case Kind::lt:
    case Kind::le:
    case Kind::eq:
    case Kind::ne:
    case Kind::logical_and:
    case Kind::logical_or:
    case Kind::logical_not: {
      Truth truth = prove_directly(expr);
      if (truth == Truth::unknown) truth = prove_directly(with_equalities(expr, false));
      return truth == Truth::unknown ? expr : Expr(truth == Truth::yes);
    }
    default: return expr;
  }
}

// min(a, b) = a if a <= b.
Expr Facts::simplify_extreme(const Expr& expr) const {
  bool is_min = expr.kind() == Kind::min;
  std::vector<Expr> kept(expr.operands().begin(), expr.operands().end());
  for (size_t i = 0; i < kept.size();) {
    bool redundant = false;
    for (size_t j = 0; j < kept.size() && !redundant; ++j) {
      if (i == j) continue;
      Form gap;  // how far kept[i] lies on the losing side of kept[j]
      if (!gap.add(kept[i], is_min ? 1 : -1) || !gap.add(kept[j], is_min ? -1 : 1)) continue;
      auto low = Prover(*this).lower_bound(gap, 0);
      redundant = low && *low >= 0;
    }
    if (redundant)
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
    else
      ++i;
  }
  Expr result = kept[0];
  for (size_t i = 1; i < kept.size(); ++i) result = is_min ? min(result, kept[i]) : max(result, kept[i]);
  return result;
}

Expr Facts::simplify_select(const Expr& expr) const {
  std::span<const Expr> o = expr.operands();
  Expr condition = simplify_node(o[0]);
  if (auto known = condition.as_integer()) return simplify_node(*known ? o[1] : o[2]);
  Facts if_true = *this, if_false = *this;
  if_true.assume(condition);
  if_false.assume(logical_not(condition));
  return select(condition, if_true.simplify_node(o[1]), if_false.simplify_node(o[2]));
}

// x // b = k and x % b = x - k*b if k*b <= x < (k+1)*b, for a constant k; and residues known from facts.
Expr Facts::simplify_division(const Expr& expr) const {
  Expr x = expr.operands()[0], b = expr.operands()[1];
  bool is_mod = expr.kind() == Kind::mod;
  Prover prover(*this);
  if (!prover.at_least(b, 1)) return expr;
  std::optional<int64_t> k = 0;
  if (auto c = b.as_integer()) {
    auto low = Prover(*this).lower_bound(x, INT64_MAX);
    k = low ? std::optional(floor_quotient(*low, *c)) : std::nullopt;
  }
  if (k && Prover(*this).at_least(x - b * *k, 0) && Prover(*this).at_least(b * *k + b - 1 - x, 0))
    return is_mod ? x - b * *k : Expr(*k);
  std::optional<Expr> reduced = b.as_integer() ? with_known_residue(x, *b.as_integer()) : std::nullopt;
  if (!reduced) return expr;
  // x = reduced + c*(...): only the modulo may be replaced; x // c = (x - x % c) / c needs an integer residue.
  if (is_mod) return mod(*reduced, b);
  return expr;
}

std::optional<int64_t> Facts::known_residue(const Expr& x, int64_t c) const {
  std::optional<Expr> reduced = with_known_residue(x, c);
  return reduced ? mod(*reduced, c).as_integer() : std::nullopt;
}

// x with every symbol of known residue modulo a multiple of c replaced by that residue.
std::optional<Expr> Facts::with_known_residue(const Expr& x, int64_t c) const {
  Terms all = Terms::of(x);
  Expr result = x;
  bool changed = false;
  for (const symbolic::Term& term : all.list) {
    for (const Fact& fact : facts_) {
      // atom % m == r, as a fact of one term.
      if (fact.relation != Relation::zero || fact.term_count != 1) continue;
      const Term& only = terms(fact)[0];
      if (only.monomial->kind != Kind::mod || (only.coefficient != 1 && only.coefficient != -1)) continue;
      std::span<const Expr> modulo = only.monomial->operands();
      std::optional<int64_t> m = modulo[1].as_integer();
      int64_t product;
      bool fits = m && Node::of(modulo[0]) == term.monomial && !multiply_overflows(*m, term.coefficient, product) &&
                  product % c == 0 && fact.constant != INT64_MIN;
      if (!fits) continue;
      int64_t r = only.coefficient == 1 ? -fact.constant : fact.constant;
      result = result + (Expr(r) - modulo[0]) * Expr(term.coefficient);
      changed = true;
      break;
    }
  }
  if (!changed) return std::nullopt;
  return result;
}

}  // namespace thalweg::symbolic
