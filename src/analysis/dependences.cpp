#include "analysis/dependences.h"

#include <algorithm>

#include "analysis/aliases.h"
#include "analysis/collect.h"
#include "analysis/meeting.h"
#include "sets/budget.h"
#include "sets/set.h"

namespace thalweg::analysis {

using namespace ir;
using sets::Set;
using symbolic::Expr;
using symbolic::Range;
using symbolic::Subset;
using symbolic::Substitution;

Dependences::Dependences(const SDFG& graph, const Body& body, Iterations iterations, symbolic::Facts facts)
    : graph_(graph), body_(body), iterations_(std::move(iterations)), facts_(std::move(facts)) {}

std::vector<const BodyAccess*> Dependences::accesses_of(const std::string& container) const {
  std::vector<const BodyAccess*> out;
  for (const BodyAccess& access : body_.accesses)
    if (access.container == container) out.push_back(&access);
  return out;
}

std::vector<std::string> Dependences::written() const {
  std::set<std::string> names;
  for (const BodyAccess& access : body_.accesses)
    if (access.write) names.insert(access.container);
  return {names.begin(), names.end()};
}

Subset Dependences::subset_of(const BodyAccess& access) const {
  if (access.placed) return access.subset;
  const Container* container = graph_.find(access.container);
  return container ? Subset::whole(container->get().shape) : Subset{};
}

// What varies between two iterations, under another name in the second one.
struct Dependences::Renamed {
  sets::Dims dims;
  Substitution by;
  Renamed(const Iterations& iterations, const BodyAccess& access, const std::string& suffix) {
    auto add = [&](const std::string& name) {
      dims.push_back(name + suffix);
      if (!suffix.empty()) by[name] = Expr::symbol(name + suffix);
    };
    for (const auto& name : iterations.variables) add(name);
    for (const Frame* frame : access.frames) add(frame->variable);
    for (const auto& name : access.unknowns)
      if (std::find(dims.begin(), dims.end(), name + suffix) == dims.end()) add(name);
  }
  Expr operator()(const Expr& expr) const { return by.empty() ? expr : symbolic::substitute(expr, by); }
};

namespace {

// The coefficient of the variable in begin, if what is left is the same for all iterations.
struct Place {
  int64_t coefficient = 0;
  Expr rest;
};
std::optional<Place> place_of(const Expr& begin, const std::string& variable) {
  const Expr at = Expr::symbol(variable);
  const Expr slope = symbolic::substitute(begin, {{variable, at + 1}}) - begin;
  auto coefficient = slope.as_integer();
  if (!coefficient) return std::nullopt;
  const Expr rest = begin - *coefficient * at;
  std::set<std::string> used;
  symbolic::collect_symbols(rest, used);
  for (const auto& name : used)
    if (name == variable || name.find('@') != std::string::npos) return std::nullopt;
  std::set<std::string> containers;
  symbolic::collect_containers(rest, containers);
  if (!containers.empty()) return std::nullopt;
  return Place{*coefficient, rest};
}

}  // namespace

// Plainly apart: in some dimension both are one index, a*i + b and a*i' + b', which no two iterations have in common.
bool Dependences::apart(const BodyAccess& a, const BodyAccess& b) const {
  if (iterations_.variables.size() != 1 || !a.placed || !b.placed || a.subset.rank() != b.subset.rank()) return false;
  const int64_t step = iterations_.ranges[0].step.as_integer().value_or(0);
  for (size_t d = 0; d < a.subset.rank(); ++d) {
    const Range &x = a.subset.ranges[d], &y = b.subset.ranges[d];
    if (!x.is_index() || !y.is_index()) continue;
    auto p = place_of(x.begin, iterations_.variables[0]), q = place_of(y.begin, iterations_.variables[0]);
    if (!p || !q) continue;
    auto difference = (p->rest - q->rest).as_integer();
    if (!difference || p->coefficient != q->coefficient) continue;
    const int64_t c = p->coefficient;
    if (c == 0) {
      if (*difference != 0) return true;
    } else if (*difference == 0 || *difference % c != 0 || (step != 0 && (*difference / c) % step != 0)) {
      return true;
    }
  }
  return false;
}

// Plainly the same elements in every iteration.
bool Dependences::always_meet(const BodyAccess& a, const BodyAccess& b) const {
  if (!a.exact || !b.exact || !a.placed || !b.placed) return false;
  if (!a.conditions.empty() || !b.conditions.empty() || a.subset != b.subset) return false;
  std::set<std::string> used;
  symbolic::collect_symbols(a.subset, used);
  for (const auto& name : used) {
    if (name.find('@') != std::string::npos) return false;
    if (std::find(iterations_.variables.begin(), iterations_.variables.end(), name) != iterations_.variables.end())
      return false;
  }
  return true;
}

// Does each iteration touch the same elements, whichever those are?
bool Dependences::same_each_time(const BodyAccess& access) const {
  if (!access.placed) return true;
  std::set<std::string> used;
  symbolic::collect_symbols(access.subset, used);
  for (const Expr& condition : access.conditions) symbolic::collect_symbols(condition, used);
  for (const auto& name : iterations_.variables)
    if (used.count(name)) return false;
  return std::none_of(access.unknowns.begin(), access.unknowns.end(),
                      [&](const std::string& name) { return used.count(name) > 0; });
}

namespace {

// What an index grows by from one value of the variable to the next, where that is the same for all iterations.
std::optional<Expr> slope_of(const Expr& index, const std::string& variable) {
  const Expr slope = symbolic::substitute(index, {{variable, Expr::symbol(variable) + 1}}) - index;
  std::set<std::string> used, contents;
  symbolic::collect_symbols(slope, used);
  symbolic::collect_containers(slope, contents);
  const bool fixed = std::none_of(used.begin(), used.end(), [&](const std::string& name) {
    return name == variable || name.find('@') != std::string::npos || name.find('\'') != std::string::npos;
  });
  return fixed && contents.empty() ? std::optional(slope) : std::nullopt;
}

}  // namespace

// In some dimension both are one index, S*i + r and S*i' + r' with |r - r'| < |S * step|: rows that lie behind one another,
// as i*M + j with 0 <= j < M. S may be a parameter, which isl cannot multiply with.
bool Dependences::apart_by_stride(const BodyAccess& a, const BodyAccess& b) const {
  if (iterations_.variables.size() != 1 || !a.placed || !b.placed || a.subset.rank() != b.subset.rank()) return false;
  const std::string &variable = iterations_.variables[0], later = variable + kPrime;
  const auto step = iterations_.ranges[0].step.as_integer();
  if (!step) return false;
  const Renamed second(iterations_, b, kPrime);
  Meeting meeting;
  meeting.add_iterations(iterations_, "");
  meeting.add_iterations(iterations_, kPrime);
  symbolic::Facts facts = facts_;
  for (const Expr& condition : meeting.conditions) facts.assume(condition);
  for (const Expr& condition : a.conditions) facts.assume(condition);
  for (const Expr& condition : b.conditions) facts.assume(second(condition));
  for (size_t d = 0; d < a.subset.rank(); ++d) {
    if (!a.subset.ranges[d].is_index() || !b.subset.ranges[d].is_index()) continue;
    const Expr x = facts.simplify(a.subset.ranges[d].begin), y = facts.simplify(second(b.subset.ranges[d].begin));
    const auto slope = slope_of(x, variable), other = slope_of(y, later);
    if (!slope || !other || *slope != *other) continue;
    const Expr between = (x - *slope * Expr::symbol(variable)) - (y - *slope * Expr::symbol(later));
    std::set<std::string> used;
    symbolic::collect_symbols(between, used);
    if (used.count(variable) || used.count(later)) continue;
    for (const Expr& stride : {*slope * *step, -1 * *step * *slope})
      if (facts.proves(lt(between, stride)) && facts.proves(lt(-1 * between, stride))) return true;
  }
  return false;
}

// No question to isl: a write of the same elements in each iteration meets itself.
bool Dependences::plainly_meet(const BodyAccess& a, const BodyAccess& b) const {
  return always_meet(a, b) || (&a == &b && same_each_time(a));
}

std::optional<Dependence> Dependences::between(const BodyAccess& a, const BodyAccess& b) const {
  if (apart(a, b) || apart_by_stride(a, b) || apart_by_function(a, b)) return std::nullopt;
  return describe(a, b);
}

namespace {

const char* verb(bool write) { return write ? "writes" : "reads"; }

std::string iterations_before(std::optional<int64_t> distance) {
  if (!distance) return "an earlier iteration";
  return *distance == 1 ? "the iteration before" : "the iteration " + std::to_string(*distance) + " before";
}

}  // namespace

// One variable: in some dimension both are one index, c*i + r and c*i' + r', so that they only meet a fixed number of
// iterations apart, in the right direction; else isl looks for a pair of iterations.
bool Dependences::may_come_first(const BodyAccess& late, const BodyAccess& early) const {
  if (apart(late, early) || apart_by_stride(late, early)) return false;
  if (iterations_.variables.size() != 1) return true;
  const std::string& variable = iterations_.variables[0];
  const auto step = iterations_.ranges[0].step.as_integer();
  if (!step) return true;
  const bool plain = late.placed && early.placed && late.subset.rank() == early.subset.rank();
  for (size_t d = 0; plain && d < late.subset.rank(); ++d) {
    const Range &x = late.subset.ranges[d], &y = early.subset.ranges[d];
    if (!x.is_index() || !y.is_index()) continue;
    auto p = place_of(x.begin, variable), q = place_of(y.begin, variable);
    if (!p || !q || p->coefficient != q->coefficient || p->coefficient == 0) continue;
    // c*i + r = c*i' + r': i' - i = (r - r') / c, to be 0 or against the step.
    auto difference = (p->rest - q->rest).as_integer();
    if (difference && *difference / p->coefficient * *step <= 0) return false;
  }
  const sets::Budget budget(60'000);
  const Renamed first(iterations_, late, ""), second(iterations_, early, kPrime);
  Meeting meeting;
  meeting.add(iterations_, first.dims, second.dims, subset_of(late), symbolic::substitute(subset_of(early), second.by));
  for (const Expr& condition : late.conditions) meeting.conditions.push_back(condition);
  for (const Expr& condition : early.conditions) meeting.conditions.push_back(second(condition));
  for (const Expr& fact : facts_.conditions()) meeting.conditions.push_back(fact);
  meeting.conditions.push_back(earlier(iterations_));
  return !Set(meeting.dims, meeting.conditions).surely_empty();
}

// Asks which of the two comes first where they meet, and how far apart; the reason in words.
Dependence Dependences::describe(const BodyAccess& a, const BodyAccess& b) const {
  Dependence out;
  out.container = a.container;
  bool forward = true;  // a's iteration comes first
  if (plainly_meet(a, b)) {
    out.exists = a.exact && b.exact;
    out.distance = 1;
    forward = a.write;  // a write that the next iteration's read waits for
  } else {
    const Renamed first(iterations_, a, ""), second(iterations_, b, kPrime);
    Question question{{}, iterations_, &a == &b, b.write && !a.write};
    Meeting& meeting = question.meeting;
    meeting.add(iterations_, first.dims, second.dims, subset_of(a), symbolic::substitute(subset_of(b), second.by));
    for (const Expr& condition : a.conditions) meeting.conditions.push_back(condition);
    for (const Expr& condition : b.conditions) meeting.conditions.push_back(second(condition));
    for (const Expr& fact : facts_.conditions()) meeting.conditions.push_back(fact);
    const Order order = question.answer();
    if (!order.meet) {
      out.kind = DependenceKind::flow;
      out.source = nullptr;  // proved: none
      return out;
    }
    forward = order.forward;
    out.exists = a.exact && b.exact && a.placed && b.placed && order.certain;
    if (order.low && iterations_.variables.size() == 1) {
      if (*order.low > 1) out.least = order.low;
      if (order.high && *order.low == *order.high) out.distance = order.low;
    }
  }
  out.source = forward ? &a : &b;
  out.target = forward ? &b : &a;
  out.kind = !out.source->write  ? DependenceKind::anti
             : out.target->write ? DependenceKind::output
                                 : DependenceKind::flow;
  out.from = out.source->location;
  out.to = out.target->location;
  const std::string may = out.exists ? "" : "may ";
  auto plain = [&](std::string word) { return out.exists ? word : word.substr(0, word.size() - 1); };
  if (out.kind == DependenceKind::anti)
    out.reason = "an iteration " + may + plain("reads") + " " + out.source->text + ", which " +
                 (out.distance ? "the iteration " + std::to_string(*out.distance) + " later" : "a later one") + " " +
                 "overwrites as " + out.target->text;
  else
    out.reason = "an iteration " + may + plain(verb(out.target->write)) + " " + out.target->text + ", which " +
                 iterations_before(out.distance) + " wrote" +
                 (out.source->text == out.target->text ? "" : " as " + out.source->text);
  if (out.distance) out.reason += " (distance " + std::to_string(*out.distance) + ")";
  return out;
}

std::vector<Dependence> Dependences::on(const std::string& container, bool first_only) const {
  std::vector<Dependence> out;
  const auto all = accesses_of(container);
  // The plain ones first: they end the search without a question to isl.
  for (int round = 0; round < 2; ++round)
    for (size_t k = 0; k < all.size(); ++k)
      for (size_t j = k; j < all.size(); ++j) {
        if (!all[k]->write && !all[j]->write) continue;
        if (round == 0 && !(first_only && plainly_meet(*all[k], *all[j]))) continue;
        auto found = between(*all[k], *all[j]);
        if (!found || !found->source) continue;
        out.push_back(std::move(*found));
        if (first_only) return out;
      }
  return out;
}

std::vector<Dependence> Dependences::all() const {
  std::vector<Dependence> out;
  for (const auto& name : written())
    for (Dependence& one : on(name, false)) out.push_back(std::move(one));
  return out;
}

LoopDependences dependences_of(const LoopRegion& loop) {
  LoopDependences out;
  out.counted = counted(loop);
  if (!out.counted.ok()) return out;
  out.body = body_of(loop);
  Iterations iterations{{loop.get().variable}, {out.counted.range}};
  out.carried = Dependences(*loop.sdfg(), out.body, std::move(iterations), facts_at(loop)).all();
  return out;
}

LoopDependences dependences_of(const State& state, const MapEntry& entry) {
  LoopDependences out;
  out.body = body_of(state, entry);
  const MapFields& map = entry.scope().get();
  const ScopeTree scopes(state);
  Iterations iterations{map.params, map.range.ranges};
  out.carried =
      Dependences(*state.sdfg(), out.body, std::move(iterations), facts_in(state, scopes, scopes.parent(entry))).all();
  return out;
}

}  // namespace thalweg::analysis
