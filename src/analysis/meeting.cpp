#include "analysis/meeting.h"

#include <unordered_map>

#include "analysis/collect.h"
#include "sets/budget.h"

namespace thalweg::analysis {

using sets::Set;
using symbolic::Expr;
using symbolic::Range;
using symbolic::Subset;
using symbolic::Substitution;

void Meeting::add(const Iterations& iterations, const sets::Dims& first, const sets::Dims& second, const Subset& x,
                  const Subset& y) {
  dims.insert(dims.end(), first.begin(), first.end());
  dims.insert(dims.end(), second.begin(), second.end());
  add_iterations(iterations, "");
  add_iterations(iterations, kPrime);
  for (size_t d = 0; d < x.rank() && d < y.rank(); ++d) add_elements(x.ranges[d], y.ranges[d]);
}

void Meeting::add_iterations(const Iterations& iterations, const std::string& suffix) {
  Substitution by;
  for (const auto& name : iterations.variables) by[name] = Expr::symbol(name + suffix);
  for (size_t k = 0; k < iterations.variables.size(); ++k) {
    const Range range = symbolic::substitute(iterations.ranges[k], by);
    if (!range.step.as_integer()) exact = false;
    add_range(range, Expr::symbol(iterations.variables[k] + suffix), conditions);
  }
}

void Meeting::add_elements(const Range& x, const Range& y) {
  if (x.is_index() && y.is_index()) {
    conditions.push_back(eq(x.begin, y.begin));
    return;
  }
  const std::string name = "$" + std::to_string(dims.size());
  dims.push_back(name);
  for (const Range* range : {&x, &y}) {
    if (!range->step.as_integer() && !range->is_index()) exact = false;
    add_range(*range, Expr::symbol(name), conditions);
  }
}

Expr earlier(const Iterations& iterations) {
  Expr out = 0, equal = 1;
  for (size_t k = 0; k < iterations.variables.size(); ++k) {
    const Expr a = Expr::symbol(iterations.variables[k]), b = Expr::symbol(iterations.variables[k] + kPrime);
    const bool up = iterations.ranges[k].step.as_integer().value_or(1) > 0;
    out = logical_or(out, logical_and(equal, up ? lt(a, b) : gt(a, b)));
    equal = logical_and(equal, eq(a, b));
  }
  return out;
}

Set Question::at_distance(const char* from, const char* to) const {
  std::vector<Expr> conditions = meeting.conditions;
  if (iterations.variables.size() == 1) {
    const std::string& name = iterations.variables[0];
    const int64_t step = iterations.ranges[0].step.as_integer().value_or(1);
    conditions.push_back(eq(Expr::symbol(name + to), Expr::symbol(name + from) + step * Expr::symbol("$t")));
    conditions.push_back(ge(Expr::symbol("$t"), 1));
  } else {
    Expr order = earlier(iterations);
    if (*from) {  // the other way round
      Substitution swap;
      for (const auto& name : iterations.variables) {
        swap[name] = Expr::symbol(name + kPrime);
        swap[name + kPrime] = Expr::symbol(name);
      }
      order = symbolic::substitute(order, swap);
    }
    conditions.push_back(order);
    conditions.push_back(eq(Expr::symbol("$t"), 1));
  }
  sets::Dims dims = meeting.dims;
  dims.push_back("$t");
  return Set(dims, conditions);
}

Order Question::ask() const {
  constexpr unsigned long kOperations = 60'000;  // a few milliseconds
  const sets::Budget budget(kOperations);
  Order out;
  Set one = at_distance("", kPrime);
  if (one.surely_empty()) {
    one = at_distance(kPrime, "");
    out.forward = false;
    if (one.surely_empty()) {
      out.meet = false;
      return out;
    }
  } else if (!one_access) {
    Set other = at_distance(kPrime, "");
    if (!other.surely_empty() && prefers_backward) {
      one = std::move(other);
      out.forward = false;
    }
  }
  out.low = one.lowest("$t");
  out.high = one.highest("$t");
  out.certain = one.exact() && meeting.exact && one.known();
  return out;
}

// Everything that the answer depends on.
std::vector<Expr> Question::key() const {
  std::vector<Expr> out = meeting.conditions;
  for (const std::string& name : meeting.dims) out.push_back(Expr::symbol(name));
  for (size_t k = 0; k < iterations.variables.size(); ++k) {
    out.push_back(Expr::symbol(iterations.variables[k]));
    out.push_back(iterations.ranges[k].step);
  }
  out.push_back(Expr(one_access * 2 + prefers_backward));
  return out;
}

Order Question::answer() const {
  struct Hash {
    size_t operator()(const std::vector<Expr>& key) const {
      size_t out = key.size();
      for (const Expr& each : key) out = out * 31 + each.hash();
      return out;
    }
  };
  constexpr size_t kMost = 256;
  thread_local std::unordered_map<std::vector<Expr>, Order, Hash> known;
  std::vector<Expr> key = this->key();
  if (auto found = known.find(key); found != known.end()) return found->second;
  if (known.size() == kMost) known.clear();
  return known.emplace(std::move(key), ask()).first->second;
}

}  // namespace thalweg::analysis
