// Walks a body in the order in which one iteration runs it, with what is known about the value of each symbol.
#include "analysis/accesses.h"

#include <algorithm>

#include "analysis/collect.h"
#include "analysis/loop_range.h"
#include "analysis/symbols.h"
#include "base/match.h"

namespace thalweg::analysis {

using namespace ir;
using symbolic::Expr;
using symbolic::Range;
using symbolic::Subset;
using symbolic::Substitution;

bool is_carried_name(const std::string& name) { return name.find("@in") != std::string::npos; }

void Collector::begin(const Names& assigned) {
  body_.assigned = assigned;
  for (const auto& name : assigned) values_[name] = Expr::symbol(name + "@in");
}

void Collector::obstacle(const std::string& what, const base::Location& where) {
  if (!body_.obstacle.empty()) return;
  body_.obstacle = what;
  body_.obstacle_at = where;
}

void Collector::note_names(const Names& used) {
  for (const auto& name : used)
    if (is_carried_name(name)) body_.carried.insert(name.substr(0, name.find("@in")));
}

Expr Collector::value_of(const Expr& expr) {
  const Expr out = symbolic::substitute(expr, values_);
  Names used;
  symbolic::collect_symbols(out, used);
  note_names(used);
  return out;
}

// A value that nobody knows; one that may be an earlier iteration's stays recognisable.
Expr Collector::unknown(const std::string& name, bool carried) {
  std::string fresh = name + (carried ? "@in" : "@") + std::to_string(++names_);
  body_.depth[fresh] = now_.frames.size();
  return Expr::symbol(fresh);
}

bool Collector::may_be_carried(const std::string& name) const {
  auto found = values_.find(name);
  if (found == values_.end()) return false;
  Names used;
  symbolic::collect_symbols(found->second, used);
  return std::any_of(used.begin(), used.end(), is_carried_name);
}

void Collector::region(const ControlFlowRegion& region) {
  auto chain = region.chain();
  if (!chain) return unordered_region(region);
  this->chain(region, *chain);
}

void Collector::chain(const ControlFlowRegion& region, std::span<ControlFlowBlock* const> blocks) {
  // What is known of scalars holds along one chain only.
  scalars_.clear();
  for (ControlFlowBlock* block : blocks) {
    this->block(*block);
    for (const InterstateEdge* edge : region.out_edges(*block)) assignments(*edge);
    if (!as<State>(block)) scalars_.clear();
  }
  scalars_.clear();
}

// Blocks in an order that only values decide: anything may have happened before.
void Collector::unordered_region(const ControlFlowRegion& region) {
  const Now before = now_;
  now_.exact = now_.exact_in_turn = now_.ordered = false;
  forget(assigned_symbols(region));
  for (const auto& edge : region.edges()) {
    if (edge->get().condition) code_reads(edge->get().condition, edge->location());
    for (const auto& [name, value] : edge->get().assignments) code_reads(value, edge->location());
  }
  for (const auto& block : region.blocks()) {
    forget(assigned_symbols(region));
    this->block(*block);
  }
  forget(assigned_symbols(region));
  now_ = before;
  now_.exact = now_.exact && !left_;
}

void Collector::forget(const Names& names) {
  for (const auto& name : names) values_[name] = unknown(name, may_be_carried(name));
}

void Collector::assignments(const InterstateEdge& edge) {
  Substitution next;
  for (const auto& [name, code] : edge.get().assignments) {
    code_reads(code, edge.location());
    auto value = assigned(code);
    next[name] = value ? *value : unknown(name, false);
  }
  for (auto& [name, value] : next) values_[name] = std::move(value);
}

// An index expression, or the contents of a scalar that holds one.
std::optional<Expr> Collector::assigned(const code::Ptr& code) {
  if (auto value = index_of(code)) return value_of(*value);
  const code::Ptr& inner = code && code->op == code::Op::cast ? code->args[0] : code;
  if (!inner || inner->op != code::Op::input || !inner->type.is_integer() || inner->type.bytes() != 8 ||
      !code->type.is_integer() || code->type.bytes() != 8)
    return std::nullopt;
  auto known = scalars_.find(inner->name);
  return known == scalars_.end() ? std::nullopt : std::optional(known->second);
}

void Collector::block(const ControlFlowBlock& block) {
  ++order_;
  match(
      const_cast<ControlFlowBlock&>(block), [&](State* state) { this->state(*state); },
      [&](ControlFlowRegion* inner) { region(*inner); }, [&](LoopRegion* loop) { this->loop(*loop); },
      [&](ConditionalBlock* conditional) { this->conditional(*conditional); },
      [&](JumpBlock* jump) { this->jump(*jump); });
}

void Collector::jump(const JumpBlock& jump) {
  if (jump.jump() == Jump::return_ && !placement_) return obstacle("it returns from inside", jump.location());
  if (loop_depth_ == 0 && jump.jump() == Jump::break_) return obstacle("it is left by a break", jump.location());
  if (loop_depth_ == 0 && jump.jump() == Jump::continue_)
    obstacle("an iteration may end early, by a continue", jump.location());
  left_ = true;  // what follows may not happen
  if (jump.jump() == Jump::break_) broken_ = true;
}

void Collector::conditional(const ConditionalBlock& conditional) {
  const Now before = now_;
  const Substitution values = values_;
  std::vector<Substitution> ends;
  bool has_else = false, left = left_;
  for (const auto& branch : conditional.branches()) {
    values_ = values;
    std::optional<Expr> condition;
    if (branch.condition) {
      code_reads(branch.condition, conditional.location());
      condition = index_of(branch.condition);
      if (condition) condition = value_of(*condition);
    }
    has_else = has_else || !branch.condition;
    // A condition on data is some value that is not known, the same for all that asks it here.
    if (branch.condition && !condition) condition = gt(unknown("if", false), 0);
    const Now here = now_;
    if (condition) now_.conditions.push_back(*condition);
    const bool left_before = std::exchange(left_, false);
    region(*branch.body);
    if (!left_ || ends.empty()) ends.push_back(values_);
    left = left || left_;
    left_ = left_before;
    now_ = here;
    if (condition) now_.conditions.push_back(symbolic::logical_not(*condition));
  }
  if (!has_else) ends.push_back(values);
  now_ = before;
  join(values, ends);
  if (left && !left_) left_ = true;
  now_.exact = now_.exact && !left_;
}

void Collector::join(const Substitution& before, const std::vector<Substitution>& ends) {
  values_ = before;
  Names names;
  for (const auto& end : ends)
    for (const auto& [name, value] : end) names.insert(name);
  for (const auto& name : names) {
    bool same = true, carried = false;
    for (const auto& end : ends) {
      auto at = end.find(name), first = ends[0].find(name);
      same = same && at != end.end() && first != ends[0].end() && at->second == first->second;
      values_ = end;
      carried = carried || may_be_carried(name);
    }
    values_ = before;
    if (same) continue;
    joined_[name] = carried;
  }
  values_ = ends[0];
  for (const auto& [name, carried] : std::exchange(joined_, {})) values_[name] = unknown(name, carried);
}

void Collector::loop(const LoopRegion& loop) {
  const LoopFields& fields = loop.get();
  code_reads(fields.init, loop.location());
  const Now before = now_;
  const Substitution outside = values_;
  CountedLoop range = counted(loop);
  if (range.ok())
    range.range = symbolic::Range{value_of(range.range.begin), value_of(range.range.size), range.range.step};
  Names inside;
  for (const auto& block : loop.blocks()) inside.merge(assigned_symbols(*block));
  for (const auto& edge : loop.edges())
    for (const auto& [name, value] : edge->get().assignments) inside.insert(name);
  enter(fields.variable, range.ok() ? std::optional(range.range) : std::nullopt);
  forget(inside);
  const bool left = std::exchange(left_, false), broken = std::exchange(broken_, false);
  const size_t first = body_.accesses.size();
  ++loop_depth_;
  code_reads(fields.condition, loop.location());
  region(loop);
  code_reads(fields.update, loop.location());
  --loop_depth_;
  if (broken_ || !range.ok())
    for (size_t k = first; k < body_.accesses.size(); ++k) body_.accesses[k].exact = false;
  left_ = left;
  broken_ = broken;
  leave();
  now_ = before;
  now_.exact = now_.exact && !left_;
  values_ = outside;
  forget(inside);
  if (!fields.variable.empty()) values_[fields.variable] = unknown(fields.variable, false);
}

// Bounds of a frame's variable become conditions of all accesses inside.
void Collector::enter(const std::string& variable, const std::optional<Range>& range) {
  Frame& frame = body_.frames.emplace_back();
  frame.variable = variable + "@" + std::to_string(++names_);
  frame.enter = ++order_;
  now_.frames.push_back(&frame);
  now_.exact_in_turn = now_.ordered;
  const Expr at = Expr::symbol(frame.variable);
  if (!variable.empty()) values_[variable] = at;
  if (!range) {
    now_.exact = false;
    return;
  }
  add_range(*range, at, now_.conditions);
}
void Collector::leave() {
  const_cast<Frame*>(now_.frames.back())->leave = ++order_;
  now_.frames.pop_back();
}

void add_range(const Range& given, const Expr& at, std::vector<Expr>& conditions) {
  const Range range = not_empty(given);
  if (range.is_index()) {
    conditions.push_back(eq(at, range.begin));
    return;
  }
  const auto step = range.step.as_integer();
  if (!step || *step == INT64_MIN) return;
  const int64_t stride = *step > 0 ? *step : -*step;
  // size is max(0, ceil(distance / stride)): the end itself is the simpler bound.
  conditions.push_back(*step > 0 ? ge(at, range.begin) : le(at, range.begin));
  if (stride == 1) {
    conditions.push_back(*step > 0 ? lt(at, range.end()) : gt(at, range.end()));
  } else {
    conditions.push_back(*step > 0 ? le(at, range.last()) : ge(at, range.last()));
    conditions.push_back(eq(mod(at - range.begin, stride), 0));
  }
}

}  // namespace thalweg::analysis
