// Comparisons. The difference of the sides decides the form, so i < N, N > i and i <= N - 1 are one handle:
// positive terms on one side, negative ones on the other, coefficients without a common factor.
#include <algorithm>

#include "symbolic/terms.h"

namespace thalweg::symbolic {

namespace {

Expr comparison(Kind kind, const Expr& a, const Expr& b) {
  const Expr operands[2] = {a, b};
  return intern(kind, operands, nullptr, Node::boolean);
}

// Splits terms by sign: terms = positive - negative (constants are left out). False if a sign cannot be turned.
bool by_sign(const Terms& terms, Terms& positive, Terms& negative) {
  for (const Term& term : terms.list) {
    if (term.coefficient == INT64_MIN) return false;
    if (term.coefficient > 0)
      positive.list.push_back(term);
    else
      negative.list.push_back({term.monomial, -term.coefficient, nullptr});
  }
  return true;
}

void divide(Terms& terms, int64_t g) {
  if (g <= 1) return;
  for (Term& term : terms.list) term = {term.monomial, term.coefficient / g, nullptr};
  terms.constant = floor_quotient(terms.constant, g);
}

// A comparison of one boolean with constants: decided by its two cases.
std::optional<Expr> on_boolean(const Terms& d, bool (*holds)(int64_t)) {
  if (d.list.size() != 1 || !(d.list[0].monomial->flags & Node::boolean)) return std::nullopt;
  int64_t at_one;
  if (add_overflows(d.constant, d.list[0].coefficient, at_one)) return std::nullopt;
  bool if_false = holds(d.constant), if_true = holds(at_one);
  if (if_false == if_true) return Expr(if_true);
  Expr boolean = Node::share(d.list[0].monomial);
  return if_true ? boolean : logical_not(boolean);
}

// d >= 0, as the comparison that reads best.
std::optional<Expr> non_negative(Terms d) {
  if (d.is_constant()) return Expr(d.constant >= 0);
  if (auto simple = on_boolean(d, [](int64_t v) { return v >= 0; })) return simple;
  divide(d, gcd_of_coefficients(d));
  Terms positive, negative;
  if (!by_sign(d, positive, negative) || d.constant == INT64_MAX || d.constant == INT64_MIN) return std::nullopt;
  int64_t c = d.constant;
  if (positive.is_constant()) {
    if (c == -1) return comparison(Kind::lt, to_expr(negative), 0);
    if (c <= 0) return comparison(Kind::le, to_expr(negative), c);
    return comparison(Kind::lt, to_expr(negative), c + 1);
  }
  if (c == -1) return comparison(Kind::lt, to_expr(negative), to_expr(positive));
  if (c >= 0 && !negative.is_constant()) {
    positive.constant = c;
    return comparison(Kind::le, to_expr(negative), to_expr(positive));
  }
  negative.constant = -c;
  return comparison(Kind::le, to_expr(negative), to_expr(positive));
}

std::optional<Expr> zero(Terms d, Kind kind) {
  bool equal = kind == Kind::eq;
  if (d.is_constant()) return Expr((d.constant == 0) == equal);
  int64_t g = gcd_of_coefficients(d);
  if (d.constant % g != 0) return Expr(!equal);
  if (auto simple = on_boolean(d, [](int64_t v) { return v == 0; })) return equal ? *simple : logical_not(*simple);
  divide(d, g);
  if (d.list[0].coefficient < 0) {
    auto turned = combine(d, -1, {}, 0);
    if (!turned) return std::nullopt;
    d = *turned;
  }
  Terms positive, negative;
  if (!by_sign(d, positive, negative) || d.constant == INT64_MIN) return std::nullopt;
  negative.constant = -d.constant;
  return comparison(kind, to_expr(positive), to_expr(negative));
}

Expr equality(Kind kind, const Expr& a, const Expr& b) {
  if (a == b) return kind == Kind::eq;
  auto d = combine(Terms::of(a), 1, Terms::of(b), -1);
  std::optional<Expr> result = d ? zero(std::move(*d), kind) : std::nullopt;
  if (result) return *result;
  return Expr::compare(a, b) <= 0 ? comparison(kind, a, b) : comparison(kind, b, a);
}

}  // namespace

Expr lt(const Expr& a, const Expr& b) {
  auto d = combine(Terms::of(b), 1, Terms::of(a), -1);
  std::optional<Expr> result;
  if (d && !add_overflows(d->constant, -1, d->constant)) result = non_negative(std::move(*d));
  return result ? *result : comparison(Kind::lt, a, b);
}

Expr le(const Expr& a, const Expr& b) {
  auto d = combine(Terms::of(b), 1, Terms::of(a), -1);
  std::optional<Expr> result = d ? non_negative(std::move(*d)) : std::nullopt;
  return result ? *result : comparison(Kind::le, a, b);
}

Expr gt(const Expr& a, const Expr& b) { return lt(b, a); }
Expr ge(const Expr& a, const Expr& b) { return le(b, a); }
Expr eq(const Expr& a, const Expr& b) { return equality(Kind::eq, a, b); }
Expr ne(const Expr& a, const Expr& b) { return equality(Kind::ne, a, b); }

}  // namespace thalweg::symbolic
