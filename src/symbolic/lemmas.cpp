// Facts made on the spot about divisions, modulos, minima, comparisons and products.
#include "symbolic/prover.h"

namespace thalweg::symbolic {

namespace {

constexpr int side_depth = 4;  // for side conditions: "the divisor is positive"

}  // namespace

void Prover::use_lemmas(const Goal& goal, size_t term, Bound& best) {
  const Form::Item item = goal.form->list[term];
  Expr atom = Node::share(item.monomial);
  bool below = item.coefficient > 0;  // a lower bound of the atom is wanted
  switch (atom.kind()) {
    case Kind::min:  // min(a, b) <= a
      if (below) return;
      for (const Expr& operand : atom.operands()) cancel(goal, term, operand - atom, best);
      return;
    case Kind::max:  // max(a, b) >= a
      if (!below) return;
      for (const Expr& operand : atom.operands()) cancel(goal, term, atom - operand, best);
      return;
    case Kind::floor_div:
      use_monotone_division(goal, term, best);
      if (!reached(goal, best)) use_division(goal, term, best);
      return;
    case Kind::mod: return use_modulo(goal, term, best);
    default: break;
  }
  if (is_boolean(atom)) cancel(goal, term, below ? atom : 1 - atom, best);
}

// q = x // b with b >= 1.
void Prover::use_division(const Goal& goal, size_t term, Bound& best) {
  const Form::Item item = goal.form->list[term];
  Expr q = Node::share(item.monomial);
  Expr x = q.operands()[0], b = q.operands()[1];
  bool below = item.coefficient > 0;
  if (auto c = b.as_integer()) {
    if (*c <= 0) return;
    // c*q <= x <= c*q + c-1, or x = c*q + r with a known residue r. No nodes are made here: this is a frequent
    // question.
    std::optional<int64_t> r;
    if (facts_.has_functions()) r = facts_.known_residue(x, *c);
    Form known;
    bool ok =
        below
            ? known.add(q, *c) && known.add(x, -1) && !add_overflows(known.constant, r.value_or(*c - 1), known.constant)
            : known.add(x, 1) && known.add(q, -*c) && !add_overflows(known.constant, -r.value_or(0), known.constant);
    if (ok) cancel(goal, term, known, best);
    return;
  }
  Bound smallest = bound(b, 2, side_depth);
  if (!smallest || *smallest < 1) return;
  turn_division(goal, term, best);
  if (reached(goal, best)) return;
  Bound x_low = bound(x, 0, side_depth);
  if (x_low && *x_low >= 0) {
    if (below) return cancel(goal, term, q, best);       // q >= 0
    return cancel(goal, term, x - q * *smallest, best);  // q <= x // smallest
  }
  Bound x_high = bound(-x, 0, side_depth);
  if (!x_high || *x_high < 0) return;
  cancel(goal, term, below ? q - x : -q, best);  // x <= 0: x <= q <= 0
}

// With b >= 1, x // b <= r says the same as x < b*(r + 1), and x // b >= r the same as x >= b*r: the question itself
// can be put without the quotient where that stands alone.
void Prover::turn_division(const Goal& goal, size_t term, Bound& best) {
  const Form::Item item = goal.form->list[term];
  bool alone = item.coefficient == 1 || item.coefficient == -1;
  if (!alone || goal.scale != 1 || goal.target > 1 || goal.target < -1) return;
  Expr x = Node::share(item.monomial).operands()[0], b = Node::share(item.monomial).operands()[1];
  Expr rest = goal.form->constant - goal.target;  // wanted: rest + coefficient * (x // b) >= 0
  for (const Form::Item& other : goal.form->list)
    if (other.monomial != item.monomial) rest = rest + scaled(other.monomial, other.coefficient);
  Expr turned = item.coefficient > 0 ? x + b * rest : b * (rest + 1) - x - 1;
  Form form;
  if (!form.add(keep(turned))) return;
  Bound low = search({&form, 1, 0, goal.depth - 1});
  if (low && *low >= 0) best = goal.target;
}

// x // b - y // b >= k if x - y >= k*b: for another quotient by the same divisor in the form, of opposite sign.
void Prover::use_monotone_division(const Goal& goal, size_t term, Bound& best) {
  const Form::Item item = goal.form->list[term];
  Expr q = Node::share(item.monomial);
  Expr x = q.operands()[0], b = q.operands()[1];
  for (size_t i = 0; i < goal.form->list.size(); ++i) {
    const Form::Item other = goal.form->list[i];
    if (other.monomial->kind != Kind::floor_div || (other.coefficient < 0) == (item.coefficient < 0)) continue;
    Expr r = Node::share(other.monomial);
    if (!(r.operands()[1] == b)) continue;
    if (!b.as_integer() && !(bound(b, 1, side_depth) >= Bound(1))) continue;
    bool below = item.coefficient > 0;
    std::optional<int64_t> c = b.as_integer();
    if (c && *c <= 0) continue;
    Bound gap = bound(below ? x - r.operands()[0] : r.operands()[0] - x, c.value_or(0), side_depth);
    if (!gap || (!c && *gap < 0)) continue;
    Expr k = c ? floor_quotient(*gap, *c) : 0;
    cancel(goal, term, below ? q - r - k : r - q - k, best);
  }
}

// 0 <= x % b <= b - 1 for b >= 1; x % b <= x for x >= 0.
void Prover::use_modulo(const Goal& goal, size_t term, Bound& best) {
  const Form::Item item = goal.form->list[term];
  Expr m = Node::share(item.monomial);
  Expr x = m.operands()[0], b = m.operands()[1];
  Bound smallest = bound(b, 1, side_depth);
  if (!smallest || *smallest < 1) return;
  if (item.coefficient > 0) return cancel(goal, term, m, best);
  cancel(goal, term, b - 1 - m, best);
  if (reached(goal, best)) return;
  Bound x_low = bound(x, 0, side_depth);
  if (x_low && *x_low >= 0) cancel(goal, term, x - m, best);
}

// A fact f >= 0 that holds a divisor of the monomial, times the cofactor: f*q >= 0 for q >= 0.
void Prover::use_products(const Goal& goal, size_t term, Bound& best) {
  const Form::Item item = goal.form->list[term];
  for (const Facts::Fact& fact : facts_.facts_) {
    if (fact.relation == Facts::Relation::nonzero) continue;
    for (const Facts::Term& t : facts_.terms(fact)) {
      if (t.monomial->degree >= item.monomial->degree) continue;
      std::optional<Expr> cofactor = divide_monomial(item.monomial, t.monomial);
      if (!cofactor) continue;
      int wanted = (t.coefficient < 0) == (item.coefficient < 0) ? 1 : -1;
      bool fits = fact.relation == Facts::Relation::zero || sign_of(*cofactor, side_depth) == wanted;
      if (fits) use_multiple(goal, term, fact, *cofactor, wanted, best);
      if (reached(goal, best)) return;
    }
  }
}

// fact * cofactor * sign >= 0, multiplied out term by term.
void Prover::use_multiple(const Goal& goal, size_t term, const Facts::Fact& fact, const Expr& cofactor, int sign,
                          Bound& best) {
  Form known;
  bool ok = fact.constant != INT64_MIN && known.add(keep(cofactor), fact.constant * sign);
  for (const Facts::Term& t : facts_.terms(fact)) {
    if (!ok || t.coefficient == INT64_MIN) return;
    Expr product = keep(multiply_monomials(t.monomial, Node::of(cofactor)));
    ok = known.add_term(Node::of(product), t.coefficient * sign);
  }
  if (ok) cancel(goal, term, known, best);
}

// b*(x // b) lies in x-b+1 .. x for b >= 1; a product's own sign; x % b inside a product.
void Prover::use_product_lemmas(const Goal& goal, size_t term, Bound& best) {
  const Form::Item item = goal.form->list[term];
  const Node* const monomial = item.monomial;
  Expr product = Node::share(monomial);
  int wanted = item.coefficient > 0 ? 1 : -1;
  int sign = 1;
  std::span<const Expr> factors = factors_of(monomial);
  for (size_t i = 0; i < factors.size() && sign != 0; ++i) {
    bool square = i + 1 < factors.size() && factors[i] == factors[i + 1];
    if (square)
      ++i;
    else
      sign *= sign_of(factors[i], side_depth);
  }
  if (sign == wanted) cancel(goal, term, product * Expr(sign), best);
  for (const Expr& factor : factors) {
    if (reached(goal, best)) return;
    if (factor.kind() != Kind::floor_div && factor.kind() != Kind::mod) continue;
    Expr x = factor.operands()[0], b = factor.operands()[1];
    Expr cofactor = *divide_monomial(monomial, Node::of(factor));
    if (factor.kind() == Kind::floor_div) {
      Terms divisor = Terms::of(b);
      bool single = divisor.list.size() == 1 && divisor.constant == 0;
      std::optional<Expr> rest;
      if (single) rest = divide_monomial(Node::of(cofactor), divisor.list[0].monomial);
      if (!rest || !(bound(b, 1, side_depth) >= Bound(1))) continue;
      int rest_sign = sign_of(*rest, side_depth);
      if (rest_sign == 0) continue;
      bool upper = rest_sign != wanted;  // an upper bound of b*(x // b)
      Expr known = upper ? x - b * factor : b * factor - x + b - 1;
      cancel(goal, term, known * *rest * Expr(rest_sign), best);
    } else {
      if (!(bound(b, 1, side_depth) >= Bound(1))) continue;
      int cofactor_sign = sign_of(cofactor, side_depth);
      if (cofactor_sign == 0) continue;
      Expr known = cofactor_sign != wanted ? b - 1 - factor : factor;
      cancel(goal, term, known * cofactor * Expr(cofactor_sign), best);
    }
  }
}

}  // namespace thalweg::symbolic
