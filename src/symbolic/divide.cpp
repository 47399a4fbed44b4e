// Floor division and modulo. Rules hold for every divisor but 0, for which both are undefined.
#include "symbolic/terms.h"

namespace thalweg::symbolic {

namespace {

Expr division(Kind kind, const Expr& a, const Expr& b) {
  const Expr operands[2] = {a, b};
  return intern(kind, operands);
}

// terms / g, where g divides every coefficient; the constant is floored.
Terms divide_exactly(const Terms& terms, int64_t g) {
  Terms out;
  for (const Term& term : terms.list)
    out.list.push_back({term.monomial, term.coefficient / g, g == 1 ? term.whole : nullptr});
  out.constant = floor_quotient(terms.constant, g);
  return out;
}

// c > 1. (c*x + r) // c = x + r // c;  (g*y + k) // (g*d) = (y + k // g) // d;  (x // k) // c = x // (k*c);
// a leading minus is turned: (-x + r) // c = -((x + c-1 - r) // c).
std::optional<Expr> floor_div_constant(const Expr& a, int64_t c) {
  Terms all = Terms::of(a), quotient, rest;
  for (const Term& term : all.list) {
    if (term.coefficient % c == 0)
      quotient.list.push_back({term.monomial, term.coefficient / c, nullptr});
    else
      rest.list.push_back(term);
  }
  quotient.constant = floor_quotient(all.constant, c);
  rest.constant = floor_remainder(all.constant, c);
  Expr whole = to_expr(quotient);
  if (rest.is_constant()) return whole;
  int64_t g = gcd_of_coefficients(rest, c);
  rest = divide_exactly(rest, g);
  c /= g;
  if (rest.list[0].coefficient < 0) {
    rest.constant = c - 1 - rest.constant;
    for (Term& term : rest.list) {
      if (term.coefficient == INT64_MIN) return std::nullopt;
      term = {term.monomial, -term.coefficient, nullptr};
    }
    return whole - floor_div(to_expr(rest), c);
  }
  const Term& first = rest.list[0];
  bool nested = rest.list.size() == 1 && first.coefficient == 1 && first.monomial->kind == Kind::floor_div;
  if (nested) {
    std::span<const Expr> inner = first.monomial->operands();
    std::optional<int64_t> k = inner[1].as_integer();
    int64_t product, shift;
    if (k && *k > 0 && !multiply_overflows(*k, c, product) && !multiply_overflows(*k, rest.constant, shift))
      return whole + floor_div(inner[0] + Expr(shift), product);
  }
  return whole + division(Kind::floor_div, to_expr(rest), c);
}

// Terms of `all` that are multiples of coefficient*monomial go to the quotient, the others stay in `rest`.
Expr take_multiples(const Terms& all, const Term& divisor, Terms& rest) {
  Expr quotient = 0;
  rest.constant = all.constant;
  for (const Term& term : all.list) {
    std::optional<Expr> ratio;
    if (term.coefficient % divisor.coefficient == 0) ratio = divide_monomial(term.monomial, divisor.monomial);
    if (ratio)
      quotient = quotient + *ratio * Expr(term.coefficient / divisor.coefficient);
    else
      rest.list.push_back(term);
  }
  return quotient;
}

// A divisor with a negative leading coefficient: the canonical form turns its sign.
bool leads_negative(const Terms& divisor) { return divisor.list[0].coefficient < 0; }

// Also the constant must be a multiple.
int64_t common_factor(const Terms& a, const Terms& b) {
  int64_t g = gcd_of_coefficients(a, gcd_of_coefficients(b));
  if (g > 1 && (a.constant % g != 0 || b.constant % g != 0)) return 1;
  return g;
}

Expr floor_div_symbolic(const Expr& a, const Expr& b) {
  Terms divisor = Terms::of(b), all = Terms::of(a);
  if (leads_negative(divisor)) {
    auto minus_a = combine(all, -1, {}, 0), minus_b = combine(divisor, -1, {}, 0);
    if (minus_a && minus_b) return floor_div(to_expr(*minus_a), to_expr(*minus_b));
    return division(Kind::floor_div, a, b);
  }
  if (a == b) return 1;
  if (a == -b) return -1;
  Expr quotient = 0;
  Terms rest = all;
  if (divisor.list.size() == 1 && divisor.constant == 0) {
    rest = {};
    quotient = take_multiples(all, divisor.list[0], rest);
  }
  if (rest.is_constant() && rest.constant == 0) return quotient;
  int64_t g = common_factor(rest, divisor);
  Expr top = to_expr(divide_exactly(rest, g)), bottom = to_expr(divide_exactly(divisor, g));
  return quotient + (g == 1 || bottom.as_integer() ? division(Kind::floor_div, top, bottom) : floor_div(top, bottom));
}

// The representative of c modulo m that is nearest to 0: in (-m/2, m/2].
int64_t nearest_residue(int64_t c, int64_t m) {
  int64_t r = floor_remainder(c, m);
  return r > m / 2 ? r - m : r;
}

// (k*(x % m)) % c = (k*x) % c if c divides k*m: the inner modulo is dropped.
std::optional<Expr> drop_inner_mod(const Terms& terms, int64_t c) {
  for (const Term& term : terms.list) {
    if (term.monomial->kind != Kind::mod) continue;
    std::span<const Expr> inner = term.monomial->operands();
    std::optional<int64_t> m = inner[1].as_integer();
    int64_t product;
    if (!m || multiply_overflows(*m, term.coefficient, product) || product % c != 0) continue;
    Expr others = to_expr(terms) - Node::share(term.monomial) * Expr(term.coefficient);
    return others + inner[0] * Expr(term.coefficient);
  }
  return std::nullopt;
}

// c > 1. Coefficients are reduced modulo c; (g*x) % (g*d) = g*(x % d).
Expr mod_constant(const Expr& a, int64_t c) {
  Terms all = Terms::of(a), rest;
  for (const Term& term : all.list) {
    int64_t coefficient = nearest_residue(term.coefficient, c);
    if (coefficient != 0) rest.list.push_back({term.monomial, coefficient, nullptr});
  }
  rest.constant = floor_remainder(all.constant, c);
  if (rest.is_constant()) return rest.constant;
  rest.constant = nearest_residue(all.constant, c);
  if (auto simpler = drop_inner_mod(rest, c)) return mod(*simpler, c);
  int64_t g = gcd_of_coefficients(rest, c);
  if (g > 1 && rest.constant % g == 0) {
    Expr inside = to_expr(divide_exactly(rest, g));
    return mod(inside, c / g) * Expr(g);
  }
  return division(Kind::mod, to_expr(rest), c);
}

Expr mod_symbolic(const Expr& a, const Expr& b) {
  Terms divisor = Terms::of(b), all = Terms::of(a);
  if (leads_negative(divisor)) {
    auto minus_a = combine(all, -1, {}, 0), minus_b = combine(divisor, -1, {}, 0);
    if (minus_a && minus_b) return -mod(to_expr(*minus_a), to_expr(*minus_b));
    return division(Kind::mod, a, b);
  }
  if (a == b || a == -b) return 0;
  Terms rest = all;
  if (divisor.list.size() == 1 && divisor.constant == 0) {
    rest = {};
    take_multiples(all, divisor.list[0], rest);
  }
  if (rest.is_constant() && rest.constant == 0) return 0;
  int64_t g = common_factor(rest, divisor);
  Expr top = to_expr(divide_exactly(rest, g)), bottom = to_expr(divide_exactly(divisor, g));
  if (g == 1 || bottom.as_integer()) return division(Kind::mod, top, bottom) * Expr(g);
  return mod(top, bottom) * Expr(g);
}

}  // namespace

Expr floor_div(const Expr& a, const Expr& b) {
  std::optional<int64_t> divisor = b.as_integer();
  if (!divisor) return floor_div_symbolic(a, b);
  if (*divisor == 0 || *divisor == INT64_MIN) return division(Kind::floor_div, a, b);
  if (*divisor == 1) return a;
  if (auto dividend = a.as_integer()) {
    if (*dividend == INT64_MIN && *divisor == -1) return division(Kind::floor_div, a, b);
    return floor_quotient(*dividend, *divisor);
  }
  if (*divisor == -1) return -a;
  if (*divisor < 0) return floor_div(-a, -*divisor);
  if (auto result = floor_div_constant(a, *divisor)) return *result;
  return division(Kind::floor_div, a, b);
}

Expr ceil_div(const Expr& a, const Expr& b) { return -floor_div(-a, b); }

Expr mod(const Expr& a, const Expr& b) {
  std::optional<int64_t> divisor = b.as_integer();
  if (!divisor) return mod_symbolic(a, b);
  if (*divisor == 0 || *divisor == INT64_MIN) return division(Kind::mod, a, b);
  if (*divisor == 1 || *divisor == -1) return 0;
  if (auto dividend = a.as_integer()) return floor_remainder(*dividend, *divisor);
  if (*divisor < 0) return -mod(-a, -*divisor);
  return mod_constant(a, *divisor);
}

namespace {

// w and z differ by a multiple of m (an integer) in every coefficient.
bool congruent(const Expr& w, const Expr& z, int64_t m) {
  auto difference = combine(Terms::of(w), 1, Terms::of(z), -1);
  if (!difference || difference->constant % m != 0) return false;
  for (const Term& term : difference->list)
    if (term.coefficient % m != 0) return false;
  return true;
}

// What k*(z % m) and the term `other` add up to, if other is k*m*(z // m) up to canonical form.
std::optional<Expr> recombined(const Term& mod_term, const Term& other) {
  std::span<const Expr> modulo = mod_term.monomial->operands();
  const Expr &z = modulo[0], &m = modulo[1];
  int64_t k = mod_term.coefficient, km;
  if (auto constant = m.as_integer()) {
    if (*constant == 0 || *constant == INT64_MIN || other.monomial->kind != Kind::floor_div) return std::nullopt;
    std::span<const Expr> division = other.monomial->operands();
    if (!(division[1] == m) || multiply_overflows(k, *constant, km) || km == INT64_MIN) return std::nullopt;
    if (other.coefficient == km && congruent(division[0], z, *constant)) return division[0] * Expr(k);
    // -(w // m) = (m-1 - w) // m
    Expr turned = Expr(*constant - 1) - division[0];
    if (other.coefficient == -km && congruent(turned, z, *constant)) return turned * Expr(k);
    return std::nullopt;
  }
  Expr product = m * division(Kind::floor_div, z, m);
  Terms expected = Terms::of(product);
  bool single = expected.list.size() == 1 && expected.constant == 0 && expected.list[0].monomial == other.monomial;
  if (!single || multiply_overflows(k, expected.list[0].coefficient, km) || other.coefficient != km)
    return std::nullopt;
  return z * Expr(k);
}

}  // namespace

std::optional<Expr> recombine_mod(const Terms& terms) {
  for (size_t i = 0; i < terms.list.size(); ++i) {
    if (terms.list[i].monomial->kind != Kind::mod) continue;
    for (size_t j = 0; j < terms.list.size(); ++j) {
      if (i == j) continue;
      std::optional<Expr> together = recombined(terms.list[i], terms.list[j]);
      if (!together) continue;
      Terms others;
      others.constant = terms.constant;
      for (size_t k = 0; k < terms.list.size(); ++k)
        if (k != i && k != j) others.list.push_back(terms.list[k]);
      return to_expr(others) + *together;
    }
  }
  return std::nullopt;
}

}  // namespace thalweg::symbolic
