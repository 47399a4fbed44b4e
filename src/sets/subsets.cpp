#include "sets/subsets.h"

#include <algorithm>

#include "base/result.h"
#include "sets/budget.h"
#include "symbolic/questions.h"

namespace thalweg::sets {

using symbolic::Range;
using symbolic::Subset;

namespace {

// Names that no expression of a program has.
Dims dimension_names(size_t rank) {
  Dims out;
  for (size_t d = 0; d < rank; ++d) out.push_back("$" + std::to_string(d));
  return out;
}

// The facts, and that no range has a negative size.
Set context_of(const Subset& a, const Subset& b, const Facts& facts) {
  std::vector<Expr> conditions = facts.conditions();
  for (const Subset* subset : {&a, &b})
    for (const Range& range : subset->ranges) conditions.push_back(ge(range.size, 0));
  return Set({}, conditions);
}

Set under(const Set& set, const Set& context) { return set.intersect(context.add_dims(set.dims())); }

}  // namespace

// Points of b outside of a, under the facts: none at all, or some for all values.
Truth covers_by_isl(const Subset& a, const Subset& b, const Facts& facts) {
  const Budget budget;
  const Dims names = dimension_names(a.rank());
  const Set context = context_of(a, b, facts);
  const Set inside = Set::of(a, names), points = under(Set::of(b, names), context);
  return points.subtract(inside).empty(context);
}

Truth intersects_by_isl(const Subset& a, const Subset& b, const Facts& facts) {
  const Budget budget;
  const Dims names = dimension_names(a.rank());
  const Set context = context_of(a, b, facts);
  const Set both = under(Set::of(a, names).intersect(Set::of(b, names)), context);
  const Truth none = both.empty(context);
  return none == Truth::yes ? Truth::no : none == Truth::no ? Truth::yes : Truth::unknown;
}

namespace {

Truth truth_of(symbolic::Answer answer) {
  return answer == symbolic::Answer::yes ? Truth::yes : answer == symbolic::Answer::no ? Truth::no : Truth::unknown;
}

}  // namespace

Truth covers(const Subset& a, const Subset& b, const Facts& facts) {
  const symbolic::Answer cheap = symbolic::Questions(facts).covers(a, b);
  return cheap == symbolic::Answer::unknown ? covers_by_isl(a, b, facts) : truth_of(cheap);
}
Truth intersects(const Subset& a, const Subset& b, const Facts& facts) {
  const symbolic::Answer cheap = symbolic::Questions(facts).intersects(a, b);
  return cheap == symbolic::Answer::unknown ? intersects_by_isl(a, b, facts) : truth_of(cheap);
}

std::optional<Subset> hull(const Subset& subset, const std::vector<std::string>& parameters, const Subset& over,
                           const Facts& facts) {
  TW_CHECK(parameters.size() == over.rank(), "one range for each parameter");
  const Budget budget;
  std::set<std::string> moving(parameters.begin(), parameters.end());
  Subset out;
  for (const Range& range : subset.ranges) {
    std::set<std::string> used;
    symbolic::collect_symbols(Subset{{range}}, used);
    const bool moves = std::any_of(used.begin(), used.end(), [&](auto& name) { return moving.count(name) > 0; });
    if (!moves) {
      out.ranges.push_back(range);
      continue;
    }
    // The element is a dimension beside the parameters; both are bounded at once.
    Dims dims = parameters;
    dims.push_back("$0");
    std::vector<Expr> conditions = facts.conditions();
    auto add_range = [&](const Range& r, const Expr& at) {
      auto step = r.step.as_integer();
      if (!step || *step == INT64_MIN) return false;
      conditions.push_back(ge(r.size, 0));
      conditions.push_back(*step > 0 ? ge(at, r.begin) : le(at, r.begin));
      conditions.push_back(*step > 0 ? lt(at, r.end()) : gt(at, r.end()));
      if (*step != 1 && *step != -1) conditions.push_back(eq(mod(at - r.begin, *step > 0 ? *step : -*step), 0));
      return true;
    };
    for (size_t k = 0; k < parameters.size(); ++k)
      if (!add_range(over.ranges[k], Expr::symbol(parameters[k]))) return std::nullopt;
    if (!add_range(range, Expr::symbol("$0"))) return std::nullopt;
    const Set points(dims, conditions);
    auto low = points.lowest_expr("$0"), high = points.highest_expr("$0");
    if (!low || !high) return std::nullopt;
    out.ranges.push_back({*low, facts.simplify(max(0, *high - *low + 1)), 1});
  }
  return out;
}

}  // namespace thalweg::sets
