// The search itself: choose a term, cancel it with what is known about it, go on with the rest.
#include "symbolic/prover.h"

#include <algorithm>
#include <numeric>

namespace thalweg::symbolic {

namespace {

constexpr int64_t max_scale = int64_t{1} << 20;

bool same_sign(int64_t a, int64_t b) { return (a < 0) == (b < 0); }
int64_t magnitude(int64_t a) { return a < 0 ? -a : a; }

// Which terms to cancel first: a function of symbols brings its symbols in, so it goes before them; what must hold in
// every case goes before what may be chosen.
int urgency(const Form::Item& item) {
  if (item.monomial->degree > 1) return 1;
  switch (item.monomial->kind) {
    case Kind::symbol:
    case Kind::element:
    case Kind::call: return 0;
    case Kind::select: return 3;
    case Kind::min: return item.coefficient > 0 ? 3 : 2;
    case Kind::max: return item.coefficient < 0 ? 3 : 2;
    default: return 2;
  }
}

}  // namespace

bool Form::add_term(const Node* monomial, int64_t coefficient) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].monomial != monomial) continue;
    if (add_overflows(list[i].coefficient, coefficient, list[i].coefficient)) return false;
    if (list[i].coefficient == 0) list.erase(i);
    return true;
  }
  if (coefficient != 0) list.push_back({monomial, coefficient});
  return true;
}

bool Form::add(const Node* node, int64_t by) {
  bool ok = true;
  int64_t product;
  int64_t c = for_each_term(node, [&](const Term& term) {
    ok = ok && !multiply_overflows(term.coefficient, by, product) && add_term(term.monomial, product);
  });
  return ok && !multiply_overflows(c, by, product) && !add_overflows(constant, product, constant);
}

bool Form::scale(int64_t by) {
  if (by == 1) return true;
  for (Item& item : list)
    if (multiply_overflows(item.coefficient, by, item.coefficient)) return false;
  return !multiply_overflows(constant, by, constant);
}

// Short proofs first: with many facts a deep search would spend its steps far from them.
std::optional<int64_t> Prover::lower_bound(const Form& form, int64_t target) {
  Bound best;
  for (int depth : {3, 8}) {
    steps_ = 80;
    cut_short_ = false;
    Bound found = search({&form, 1, target, depth});
    if (found && (!best || *found > *best)) best = found;
    if (!cut_short_ || (best && *best >= target)) break;
  }
  return best;
}

std::optional<int64_t> Prover::lower_bound(const Expr& expr, int64_t target) {
  Form form;
  if (!form.add(expr)) return std::nullopt;
  return lower_bound(form, target);
}

bool Prover::at_least(const Expr& expr, int64_t bound) {
  auto found = lower_bound(expr, bound);
  return found && *found >= bound;
}

Prover::Bound Prover::bound(const Expr& expr, int64_t target, int depth) {
  Form form;
  if (depth <= 0 || !form.add(expr)) return std::nullopt;
  return search({&form, 1, target, depth});
}

int Prover::sign_of(const Expr& expr, int depth) {
  auto low = bound(expr, 0, depth);
  if (low && *low >= 0) return 1;
  auto high = bound(-expr, 0, depth);
  return high && *high >= 0 ? -1 : 0;
}

size_t Prover::count_facts(const Form::Item& term) const {
  size_t count = 0;
  for (const Facts::Fact& fact : facts_.facts_) {
    if (fact.relation == Facts::Relation::nonzero) continue;
    for (const Facts::Term& t : facts_.terms(fact))
      if (t.monomial == term.monomial &&
          (fact.relation == Facts::Relation::zero || same_sign(t.coefficient, term.coefficient)))
        ++count;
  }
  return count;
}

// Facts that hold a factor of the product with its sign (as if the other factors were positive).
size_t Prover::count_multiples(const Form::Item& term) const {
  size_t count = 0;
  std::span<const Expr> factors = factors_of(term.monomial);
  for (const Facts::Fact& fact : facts_.facts_) {
    if (fact.relation == Facts::Relation::nonzero) continue;
    for (const Facts::Term& t : facts_.terms(fact)) {
      if (fact.relation != Facts::Relation::zero && !same_sign(t.coefficient, term.coefficient)) continue;
      for (const Expr& factor : factors) count += Node::of(factor) == t.monomial;
      count += t.monomial == term.monomial;
    }
  }
  return count;
}

std::optional<size_t> Prover::choose(const Form& form) const {
  size_t best = 0;
  int best_urgency = 0;
  for (size_t i = 0; i < form.list.size(); ++i)
    if (int u = urgency(form.list[i]); u > best_urgency) best = i, best_urgency = u;
  if (best_urgency > 1) return best;
  if (best_urgency == 1) {
    // Products only: the one with the fewest facts to multiply.
    size_t fewest = SIZE_MAX;
    for (size_t i = 0; i < form.list.size(); ++i) {
      if (urgency(form.list[i]) != 1) continue;
      if (size_t count = count_multiples(form.list[i]); count < fewest) best = i, fewest = count;
    }
    return best;
  }
  // Symbols only: the one with the fewest facts. Whatever linear facts are subtracted, a symbol without a fact of its
  // sign remains; facts about functions may bring it in later, so then it only waits.
  size_t best_count = SIZE_MAX;
  for (size_t i = 0; i < form.list.size(); ++i) {
    size_t count = count_facts(form.list[i]);
    if (count == 0 && !facts_.has_functions()) return std::nullopt;
    if (count > 0 && count < best_count) best = i, best_count = count;
  }
  if (best_count == SIZE_MAX) return std::nullopt;
  return best;
}

Prover::Bound Prover::search(const Goal& goal) {
  const Form& form = *goal.form;
  if (form.list.empty()) {
    if (form.constant == INT64_MIN) return std::nullopt;
    return ceil_quotient(form.constant, goal.scale);
  }
  std::optional<size_t> term = choose(form);
  if (!term) return std::nullopt;
  // Products are multiplied out on the way and cost several times as much.
  steps_ -= urgency(form.list[*term]) == 1 ? 3 : 1;
  if (goal.depth == 0 || steps_ < 0) {
    cut_short_ = true;
    return std::nullopt;
  }
  Bound best;
  use_facts(goal, *term, best);
  const Node* monomial = form.list[*term].monomial;
  if (reached(goal, best) || urgency(form.list[*term]) == 0) return best;
  if (monomial->degree > 1) {
    use_products(goal, *term, best);
    if (!reached(goal, best)) use_product_lemmas(goal, *term, best);
  } else {
    use_lemmas(goal, *term, best);
  }
  if (!reached(goal, best)) split_cases(goal, *term, best);
  return best;
}

void Prover::use_facts(const Goal& goal, size_t term, Bound& best) {
  const Form::Item wanted = goal.form->list[term];
  for (const Facts::Fact& fact : facts_.facts_) {
    if (fact.relation == Facts::Relation::nonzero || reached(goal, best)) continue;
    for (const Facts::Term& t : facts_.terms(fact)) {
      if (t.monomial != wanted.monomial) continue;
      bool turned = !same_sign(t.coefficient, wanted.coefficient);
      if (turned && fact.relation != Facts::Relation::zero) break;
      Form known;
      for (const Facts::Term& part : facts_.terms(fact)) known.list.push_back({part.monomial, part.coefficient});
      known.constant = fact.constant;
      if (!turned || known.scale(-1)) cancel(goal, term, known, best);
      break;
    }
  }
}

void Prover::cancel(const Goal& goal, size_t term, const Expr& known, Bound& best) {
  Form form;
  if (form.add(keep(known))) cancel(goal, term, form, best);
}

void Prover::cancel(const Goal& goal, size_t term, const Form& known, Bound& best) {
  if (reached(goal, best)) return;
  const Form::Item wanted = goal.form->list[term];
  int64_t k = 0;
  for (const Form::Item& item : known.list)
    if (item.monomial == wanted.monomial) k = item.coefficient;
  if (k == 0 || !same_sign(k, wanted.coefficient) || k == INT64_MIN || wanted.coefficient == INT64_MIN) return;
  // |k| * p - |w| * known has no such term; both factors are first divided by what they share.
  int64_t w = magnitude(wanted.coefficient), g = std::gcd(magnitude(k), w), up = magnitude(k) / g, product;
  int64_t scale;
  if (multiply_overflows(goal.scale, up, scale) || scale > max_scale) return;
  Form rest = *goal.form;
  if (!rest.scale(up)) return;
  for (const Form::Item& item : known.list)
    if (multiply_overflows(item.coefficient, -(w / g), product) || !rest.add_term(item.monomial, product)) return;
  if (multiply_overflows(known.constant, -(w / g), product) || add_overflows(rest.constant, product, rest.constant))
    return;
  Bound found = search({&rest, scale, goal.target, goal.depth - 1});
  if (found && (!best || *found > *best)) best = found;
}

// min, max and select take one of their operands' values: the bound holds if it holds in every case.
void Prover::split_cases(const Goal& goal, size_t term, Bound& best) {
  const Form::Item item = goal.form->list[term];
  const Node* const monomial = item.monomial;
  for (const Expr& factor : factors_of(monomial)) {
    Kind kind = factor.kind();
    if (kind != Kind::min && kind != Kind::max && kind != Kind::select) continue;
    std::span<const Expr> cases = factor.operands().subspan(kind == Kind::select ? 1 : 0);
    std::optional<Expr> cofactor = divide_monomial(monomial, Node::of(factor));
    Bound worst;
    for (const Expr& value : cases) {
      Form rest = *goal.form;
      rest.list.erase(term);
      Bound found;
      if (rest.add(keep(*cofactor * value), item.coefficient))
        found = search({&rest, goal.scale, goal.target, goal.depth - 1});
      if (!found) return;
      if (!worst || *found < *worst) worst = found;
      if (best && *worst <= *best) return;
    }
    if (worst && (!best || *worst > *best)) best = worst;
    return;
  }
}

}  // namespace thalweg::symbolic
