// Canonical products: factors flattened and ordered, an integer factor in front; products of sums are multiplied out,
// so that equal polynomials are equal handles. What would overflow or explode stays an unfolded pair.
#include <algorithm>

#include "symbolic/terms.h"

namespace thalweg::symbolic {

namespace {

// Beyond this many terms a product of sums is kept as it is.
constexpr size_t max_expanded_terms = 2048;
constexpr size_t max_degree = 1000;

}  // namespace

Expr multiply_monomials(const Node* a, const Node* b) {
  std::span<const Expr> x = factors_of(a), y = factors_of(b);
  InlineVector<Expr, 6> factors;
  size_t i = 0, j = 0;
  while (i < x.size() || j < y.size()) {
    bool left = j == y.size() || (i < x.size() && Expr::compare(x[i], y[j]) <= 0);
    factors.push_back(left ? x[i++] : y[j++]);
  }
  return intern(Kind::mul, factors);
}

std::optional<Expr> divide_monomial(const Node* monomial, const Node* divisor) {
  std::span<const Expr> x = factors_of(monomial), y = factors_of(divisor);
  if (y.size() > x.size()) return std::nullopt;
  // Most questions end here: look before copying handles.
  size_t matched = 0;
  for (size_t i = 0; i < x.size() && matched < y.size(); ++i) matched += x[i] == y[matched];
  if (matched < y.size()) return std::nullopt;
  InlineVector<Expr, 6> rest;
  size_t j = 0;
  for (const Expr& factor : x) {
    if (j < y.size() && factor == y[j])
      ++j;
    else
      rest.push_back(factor);
  }
  if (rest.empty()) return Expr(1);
  if (rest.size() == 1) return rest[0];
  return intern(Kind::mul, rest);
}

namespace {

std::optional<Expr> scale_sum(const Expr& sum, int64_t by) {
  if (by == 0) return Expr(0);
  auto terms = combine(Terms::of(sum), by, {}, 0);
  if (!terms) return std::nullopt;
  return to_expr(*terms);
}

struct OwnedTerm {
  Expr monomial;
  int64_t coefficient;
};

// Sorts, collects like terms and builds the sum; nothing on overflow.
std::optional<Expr> collect(std::vector<OwnedTerm>& owned, int64_t constant) {
  std::sort(owned.begin(), owned.end(), [](const OwnedTerm& a, const OwnedTerm& b) {
    return compare_monomials(Node::of(a.monomial), Node::of(b.monomial)) < 0;
  });
  Terms out;
  out.constant = constant;
  for (size_t i = 0; i < owned.size();) {
    int64_t coefficient = 0;
    size_t first = i;
    for (; i < owned.size() && owned[i].monomial == owned[first].monomial; ++i)
      if (add_overflows(coefficient, owned[i].coefficient, coefficient)) return std::nullopt;
    if (coefficient != 0) out.list.push_back({Node::of(owned[first].monomial), coefficient, nullptr});
  }
  return to_expr(out);
}

std::optional<Expr> expand(const Terms& a, const Terms& b) {
  if ((a.list.size() + 1) * (b.list.size() + 1) > max_expanded_terms) return std::nullopt;
  std::vector<OwnedTerm> owned;
  int64_t constant, product;
  if (multiply_overflows(a.constant, b.constant, constant)) return std::nullopt;
  for (const Term& x : a.list) {
    if (b.constant != 0) {
      if (multiply_overflows(x.coefficient, b.constant, product)) return std::nullopt;
      owned.push_back({Node::share(x.monomial), product});
    }
    for (const Term& y : b.list) {
      if (multiply_overflows(x.coefficient, y.coefficient, product)) return std::nullopt;
      if (size_t{x.monomial->degree} + y.monomial->degree > max_degree) return std::nullopt;
      owned.push_back({multiply_monomials(x.monomial, y.monomial), product});
    }
  }
  for (const Term& y : b.list) {
    if (a.constant == 0) break;
    if (multiply_overflows(y.coefficient, a.constant, product)) return std::nullopt;
    owned.push_back({Node::share(y.monomial), product});
  }
  return collect(owned, constant);
}

}  // namespace

Expr operator*(const Expr& a, const Expr& b) {
  std::optional<Expr> result;
  if (auto value = a.as_integer()) {
    if (*value == 1) return b;
    result = scale_sum(b, *value);
  } else if (auto value = b.as_integer()) {
    if (*value == 1) return a;
    result = scale_sum(a, *value);
  } else {
    result = expand(Terms::of(a), Terms::of(b));
  }
  if (result) return *result;
  bool in_order = Expr::compare(a, b) <= 0;
  Expr operands[2] = {in_order ? a : b, in_order ? b : a};
  return intern(Kind::mul, operands, nullptr, Node::unfolded);
}

}  // namespace thalweg::symbolic
