// Canonical sums: terms ordered by monomial (higher degree first, then by structure), like terms collected,
// the constant apart. A sum whose coefficients would overflow stays an unfolded pair.
#include <algorithm>
#include <numeric>

#include "symbolic/terms.h"

namespace thalweg::symbolic {

std::span<const Expr> factors_of(const Node* const& monomial) {
  // An atom's handle is the pointer itself: Expr is a pointer to its node and nothing else.
  static_assert(sizeof(Expr) == sizeof(const Node*));
  if (is_atom(monomial)) return {reinterpret_cast<const Expr*>(&monomial), 1};
  return monomial->operands();
}

int compare_monomials(const Node* a, const Node* b) {
  if (a == b) return 0;
  if (a->degree != b->degree) return a->degree > b->degree ? -1 : 1;
  std::span<const Expr> x = factors_of(a), y = factors_of(b);
  for (size_t i = 0; i < x.size() && i < y.size(); ++i)
    if (int order = Expr::compare(x[i], y[i])) return order;
  return x.size() < y.size() ? -1 : 1;
}

Terms Terms::of(const Expr& expr) {
  Terms out;
  out.constant = for_each_term(Node::of(expr), [&](const Term& term) { out.list.push_back(term); });
  return out;
}

namespace {

// Appends a*term, or false on overflow.
bool append(Terms& out, const Term& term, int64_t a) {
  Term next = term;
  if (a != 1) {
    if (multiply_overflows(term.coefficient, a, next.coefficient)) return false;
    next.whole = nullptr;
  }
  out.list.push_back(next);
  return true;
}

}  // namespace

std::optional<Terms> combine(const Terms& x, int64_t a, const Terms& y, int64_t b) {
  Terms out;
  int64_t left, right;
  if (multiply_overflows(x.constant, a, left) || multiply_overflows(y.constant, b, right) ||
      add_overflows(left, right, out.constant))
    return std::nullopt;
  size_t i = 0, j = 0;
  while (i < x.list.size() || j < y.list.size()) {
    int order = i == x.list.size()   ? 1
                : j == y.list.size() ? -1
                                     : compare_monomials(x.list[i].monomial, y.list[j].monomial);
    if (order < 0) {
      if (a != 0 && !append(out, x.list[i], a)) return std::nullopt;
      ++i;
    } else if (order > 0) {
      if (b != 0 && !append(out, y.list[j], b)) return std::nullopt;
      ++j;
    } else {
      Term term{x.list[i].monomial, 0, nullptr};
      if (multiply_overflows(x.list[i].coefficient, a, left) || multiply_overflows(y.list[j].coefficient, b, right) ||
          add_overflows(left, right, term.coefficient))
        return std::nullopt;
      if (term.coefficient != 0) out.list.push_back(term);
      ++i;
      ++j;
    }
  }
  return out;
}

Expr scaled(const Node* monomial, int64_t coefficient) {
  if (coefficient == 0) return 0;
  if (coefficient == 1) return Node::share(monomial);
  InlineVector<Expr, 6> operands;
  operands.push_back(coefficient);
  for (const Expr& factor : factors_of(monomial)) operands.push_back(factor);
  return intern(Kind::mul, operands, is_atom(monomial) ? nullptr : monomial);
}

namespace {

Expr term_expr(const Term& term) {
  return term.whole ? Node::share(term.whole) : scaled(term.monomial, term.coefficient);
}

bool may_recombine(const Terms& terms) {
  return std::any_of(terms.list.begin(), terms.list.end(), [](const Term& t) { return t.monomial->kind == Kind::mod; });
}

}  // namespace

Expr to_expr(const Terms& terms) {
  if (terms.list.empty()) return terms.constant;
  if (terms.list.size() == 1 && terms.constant == 0) return term_expr(terms.list[0]);
  if (may_recombine(terms))
    if (auto rewritten = recombine_mod(terms)) return *rewritten;
  InlineVector<Expr, 9> operands;
  if (terms.constant != 0) operands.push_back(terms.constant);
  for (const Term& term : terms.list) operands.push_back(term_expr(term));
  return intern(Kind::add, operands);
}

int64_t gcd_of_coefficients(const Terms& terms, int64_t start) {
  uint64_t g = start < 0 ? -static_cast<uint64_t>(start) : static_cast<uint64_t>(start);
  for (const Term& term : terms.list) {
    int64_t c = term.coefficient;
    g = std::gcd(g, c < 0 ? -static_cast<uint64_t>(c) : static_cast<uint64_t>(c));
  }
  return g > INT64_MAX ? 1 : static_cast<int64_t>(g);
}

namespace {

Expr unfolded_pair(Kind kind, const Expr& a, const Expr& b) {
  bool in_order = Expr::compare(a, b) <= 0;
  Expr operands[2] = {in_order ? a : b, in_order ? b : a};
  return intern(kind, operands, nullptr, Node::unfolded);
}

}  // namespace

Expr operator+(const Expr& a, const Expr& b) {
  if (a.is(0)) return b;
  if (b.is(0)) return a;
  if (auto sum = combine(Terms::of(a), 1, Terms::of(b), 1)) return to_expr(*sum);
  return unfolded_pair(Kind::add, a, b);
}

Expr operator-(const Expr& a, const Expr& b) {
  if (b.is(0)) return a;
  if (a == b) return 0;
  if (auto sum = combine(Terms::of(a), 1, Terms::of(b), -1)) return to_expr(*sum);
  return unfolded_pair(Kind::add, a, -b);
}

Expr operator-(const Expr& a) { return a * Expr(-1); }

}  // namespace thalweg::symbolic
