// Assumptions taken apart into linear facts, and the questions that the prover answers from them.
#include "symbolic/facts.h"

#include <algorithm>

#include "symbolic/prover.h"
#include "symbolic/terms.h"

namespace thalweg::symbolic {

void Facts::assume(const Expr& condition) {
  Expr kept = condition;  // the caller's may live in conditions_, which moves when it grows
  conditions_.push_back(kept);
  derive(kept);
}

void Facts::truncate(size_t size) {
  if (size >= conditions_.size()) return;
  conditions_.resize(size);
  while (!facts_.empty() && facts_.back().condition >= size) {
    terms_.resize(facts_.back().first_term);
    facts_.pop_back();
  }
}

void Facts::derive(const Expr& condition) {
  std::span<const Expr> o = condition.operands();
  switch (condition.kind()) {
    case Kind::logical_and:
      for (const Expr& operand : o) derive(operand);
      return;
    case Kind::lt: return add(o[1] - o[0] - 1, Relation::non_negative);
    case Kind::le: return add(o[1] - o[0], Relation::non_negative);
    case Kind::eq: return add(o[0] - o[1], Relation::zero);
    case Kind::ne: return add(o[0] - o[1], Relation::nonzero);
    case Kind::logical_or: return;  // kept as a condition: it answers itself
    default: break;
  }
  if (is_boolean(condition))
    add(condition - 1, Relation::zero);
  else
    add(condition, Relation::nonzero);
}

void Facts::add(const Expr& form, Relation relation) {
  Fact fact{
      form, relation,       static_cast<uint32_t>(conditions_.size() - 1), static_cast<uint32_t>(terms_.size()), 0,
      0,    has_functions()};
  fact.constant = for_each_term(Node::of(form), [&](const symbolic::Term& term) {
    terms_.push_back({term.monomial, term.coefficient});
    fact.functions_so_far |= term.monomial->kind != Kind::symbol;
  });
  fact.term_count = static_cast<uint32_t>(terms_.size()) - fact.first_term;
  facts_.push_back(std::move(fact));
  tighten(form, relation);
}

// x >= 0 and x != 0 give x >= 1, in whichever order they come.
void Facts::tighten(const Expr& form, Relation relation) {
  if (relation == Relation::nonzero) {
    if (Prover(*this).at_least(form, 0))
      add(form - 1, Relation::non_negative);
    else if (Prover(*this).at_least(-form, 0))
      add(-form - 1, Relation::non_negative);
  } else if (relation == Relation::non_negative) {
    for (size_t i = 0; i < facts_.size(); ++i)
      if (facts_[i].relation == Relation::nonzero && (facts_[i].form == form || facts_[i].form == -form))
        return add(form - 1, Relation::non_negative);
  }
}

namespace {

Truth negate(Truth truth) {
  if (truth == Truth::unknown) return truth;
  return truth == Truth::yes ? Truth::no : Truth::yes;
}

// Whether the difference cannot be 0 because every coefficient shares a factor that the constant lacks.
bool indivisible(const Expr& difference) {
  Terms terms = Terms::of(difference);
  int64_t g = gcd_of_coefficients(terms);
  return g > 1 && terms.constant % g != 0;
}

}  // namespace

Truth Facts::prove(const Expr& condition) const {
  if (auto value = condition.as_integer()) return *value ? Truth::yes : Truth::no;
  Truth direct = prove_directly(condition);
  if (direct != Truth::unknown || conditions_.empty()) return direct;
  Expr simpler = simplify_below(with_equalities(with_equalities(condition, false), false));
  if (auto value = simpler.as_integer()) return *value ? Truth::yes : Truth::no;
  if (!(simpler == condition)) direct = prove_directly(simpler);
  return direct != Truth::unknown ? direct : prove_by_cases(simpler, 0, 2);
}

// Under "a or b": what holds if a holds and also if b holds. Looks at conditions from `first` on, `depth` of them at
// once.
Truth Facts::prove_by_cases(const Expr& condition, size_t first, int depth) const {
  if (depth == 0) return Truth::unknown;
  for (size_t i = first; i < conditions_.size(); ++i) {
    if (conditions_[i].kind() != Kind::logical_or) continue;
    std::optional<Truth> all;
    for (const Expr& operand : conditions_[i].operands()) {
      if (prove_directly(operand) == Truth::no) continue;  // this case cannot occur
      Facts in_case = *this;
      in_case.assume(operand);
      Truth one = in_case.prove_directly(condition);
      if (one == Truth::unknown) one = in_case.prove_by_cases(condition, i + 1, depth - 1);
      if (all && *all != one) one = Truth::unknown;
      all = one;
      if (one == Truth::unknown) break;
    }
    if (all && *all != Truth::unknown) return *all;
  }
  return Truth::unknown;
}

Truth Facts::prove_directly(const Expr& condition) const {
  std::span<const Expr> o = condition.operands();
  switch (condition.kind()) {
    case Kind::integer: return condition.is(0) ? Truth::no : Truth::yes;
    case Kind::lt:
    case Kind::le: {
      Form form;
      if (!form.add(o[1]) || !form.add(o[0], -1)) return Truth::unknown;
      if (condition.kind() == Kind::lt && add_overflows(form.constant, -1, form.constant)) return Truth::unknown;
      auto low = Prover(*this).lower_bound(form, 0);
      if (low && *low >= 0) return Truth::yes;
      if (!form.scale(-1)) return Truth::unknown;
      low = Prover(*this).lower_bound(form, 1);
      return low && *low >= 1 ? Truth::no : Truth::unknown;
    }
    case Kind::eq: return prove_zero(o[0] - o[1]);
    case Kind::ne: return negate(prove_zero(o[0] - o[1]));
    case Kind::logical_and:
    case Kind::logical_or: return prove_connective(condition);
    case Kind::logical_not: return negate(prove_directly(o[0]));
    default: return negate(prove_zero(condition));
  }
}

Truth Facts::prove_zero(const Expr& difference) const {
  if (auto value = difference.as_integer()) return *value == 0 ? Truth::yes : Truth::no;
  if (indivisible(difference)) return Truth::no;
  Expr turned = -difference;
  for (const Fact& fact : facts_)
    if (fact.relation == Relation::nonzero && (fact.form == difference || fact.form == turned)) return Truth::no;
  auto low = Prover(*this).lower_bound(difference, 1);
  if (low && *low >= 1) return Truth::no;
  auto high = Prover(*this).lower_bound(turned, 1);
  if (high && *high >= 1) return Truth::no;
  return low && high && *low >= 0 && *high >= 0 ? Truth::yes : Truth::unknown;
}

Truth Facts::prove_connective(const Expr& condition) const {
  bool conjunction = condition.kind() == Kind::logical_and;
  Truth settles = conjunction ? Truth::no : Truth::yes;
  if (std::find(conditions_.begin(), conditions_.end(), condition) != conditions_.end()) return Truth::yes;
  bool all_known = true;
  for (const Expr& operand : condition.operands()) {
    Truth one = prove_directly(operand);
    if (one == settles) return settles;
    all_known &= one != Truth::unknown;
  }
  if (all_known) return negate(settles);
  // a and b is false if b is false wherever a holds; a or b is true if b is true wherever a does not.
  Facts assumed = *this;
  for (const Expr& operand : condition.operands()) {
    if (assumed.prove_directly(operand) == settles) return settles;
    assumed.assume(conjunction ? operand : logical_not(operand));
  }
  return Truth::unknown;
}

std::optional<int64_t> Facts::lower_bound(const Expr& expr) const {
  auto plain = Prover(*this).lower_bound(expr, INT64_MAX);
  Expr simpler = simplify(expr);
  if (simpler == expr) return plain;
  auto better = Prover(*this).lower_bound(simpler, INT64_MAX);
  return better && (!plain || *better > *plain) ? better : plain;
}

std::optional<int64_t> Facts::upper_bound(const Expr& expr) const {
  auto low = lower_bound(-expr);
  if (!low || *low == INT64_MIN) return std::nullopt;
  return -*low;
}

}  // namespace thalweg::symbolic
