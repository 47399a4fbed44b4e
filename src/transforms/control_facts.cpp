#include "transforms/control_facts.h"

#include <algorithm>

#include "analysis/symbols.h"
#include "ir/results.h"
#include "transforms/control_code.h"

namespace thalweg::transforms {

using namespace ir;
using symbolic::Expr;
using symbolic::Facts;

namespace {

bool mentions(const Expr& expr, const std::set<std::string>& names) {
  std::set<std::string> used;
  symbolic::collect_symbols(expr, used);
  return std::any_of(used.begin(), used.end(), [&](const auto& name) { return names.count(name) > 0; });
}

bool reads_memory(const Expr& expr) {
  std::set<std::string> containers;
  symbolic::collect_containers(expr, containers);
  return !containers.empty();
}

// condition as "variable < end" (upward) or "variable > end"; nothing if it is of another form.
std::optional<Expr> end_of(const Expr& condition, const Expr& variable, bool upward) {
  using symbolic::Kind;
  if (condition.kind() != Kind::lt && condition.kind() != Kind::le) return std::nullopt;
  Expr margin = condition.operands()[1] - condition.operands()[0];  // positive where it holds
  if (condition.kind() == Kind::le) margin = margin + 1;
  const Expr end = upward ? margin + variable : variable - margin;
  if (mentions(end, {variable.name()})) return std::nullopt;
  return end;
}

}  // namespace

Expr Counted::trips() const {
  return symbolic::max(0, symbolic::ceil_div(up ? end - begin : begin - end, up ? step : -1 * step));
}
Expr Counted::last() const { return begin + trips() * step; }

std::set<std::string> assigned_inside(const ControlFlowRegion& region) {
  std::set<std::string> out;
  for (const auto& edge : region.edges())
    for (const auto& [name, value] : edge->get().assignments) out.insert(name);
  for (const auto& block : region.blocks()) {
    const auto inner = analysis::assigned_symbols(*block);
    out.insert(inner.begin(), inner.end());
  }
  return out;
}

std::optional<Counted> counted(const LoopRegion& loop, const Facts& facts) {
  auto found = counted_by_any(loop, facts);
  const auto step = found ? found->step.as_integer() : std::nullopt;
  return step && *step != INT64_MIN ? found : std::nullopt;
}

std::optional<Counted> counted_by_any(const LoopRegion& loop, const Facts& facts) {
  const LoopFields& fields = loop.get();
  if (fields.variable.empty() || fields.inverted) return std::nullopt;
  auto begin = index_of(fields.init, facts), condition = index_of(fields.condition, facts),
       next = index_of(fields.update, facts);
  if (!begin || !condition || !next) return std::nullopt;
  const Expr variable = Expr::symbol(fields.variable);
  const Expr step = *next - variable;
  const bool up = facts.proves(symbolic::gt(step, 0));
  if (!up && !facts.proves(symbolic::lt(step, 0))) return std::nullopt;
  auto end = end_of(*condition, variable, up);
  std::set<std::string> changing = assigned_inside(loop);
  if (reads_memory(step) || mentions(step, changing) || mentions(step, {fields.variable})) return std::nullopt;
  if (!end || changing.count(fields.variable) || reads_memory(*end) || reads_memory(*begin)) return std::nullopt;
  if (mentions(*end, changing) || mentions(*begin, changing)) return std::nullopt;
  if (mentions(*begin, {fields.variable})) return std::nullopt;
  return Counted{variable, *begin, *end, step, up};
}

ControlFacts::ControlFacts(const SDFG& graph) : graph_(&graph), assigned_(analysis::assigned_symbols(graph)) {
  for (const Expr& condition : graph.get().assumptions)
    if (!mentions(condition, assigned_)) base_.assume(condition);
  for (const Expr& condition : ir::sizes_of_given(graph))
    if (!mentions(condition, assigned_)) base_.assume(condition);
}

// What is known because `inner` lies in its owner.
void ControlFacts::assume_around(const Element& inner, Facts& facts) const {
  const Element* owner = inner.owner();
  if (!owner || owner == graph_) return;
  assume_around(*owner, facts);
  if (auto* loop = dynamic_cast<const LoopRegion*>(owner)) {
    if (auto range = counted(*loop, facts)) {
      const bool upward = range->step.integer() > 0;
      facts.assume(upward ? symbolic::ge(range->variable, range->begin) : symbolic::le(range->variable, range->begin));
      facts.assume(upward ? symbolic::lt(range->variable, range->end) : symbolic::gt(range->variable, range->end));
    }
  } else if (auto* conditional = dynamic_cast<const ConditionalBlock*>(owner)) {
    auto* body = dynamic_cast<const ControlFlowRegion*>(&inner);
    if (!body) return;
    const std::set<std::string> changing = assigned_inside(*body);
    for (const auto& branch : conditional->branches()) {
      auto holds = branch.condition ? index_of(branch.condition, facts) : std::nullopt;
      const bool here = branch.body.get() == body;
      if (holds && !reads_memory(*holds) && !mentions(*holds, changing))
        here ? facts.assume(*holds) : facts.assume_not(*holds);
      if (here) return;
    }
  }
}

Facts ControlFacts::at(const ControlFlowBlock& block) const {
  Facts facts = base_;
  assume_around(block, facts);
  return facts;
}

Facts ControlFacts::in(const ControlFlowRegion& region) const {
  Facts facts = base_;
  if (&region == graph_) return facts;
  assume_around(region, facts);
  // A block of the region knows what the region's blocks know.
  if (!region.blocks().empty()) return at(*region.blocks().front());
  return facts;
}

size_t times_assigned(const ControlFlowRegion& region, const std::string& symbol) {
  size_t count = 0;
  for (const auto& edge : region.edges())
    for (const auto& [name, value] : edge->get().assignments) count += name == symbol;
  for (const auto& block : region.blocks()) {
    if (auto* loop = as<LoopRegion>(block.get())) count += loop->get().variable == symbol;
    if (auto* inner = as<ControlFlowRegion>(block.get())) count += times_assigned(*inner, symbol);
    if (auto* conditional = as<ConditionalBlock>(block.get()))
      for (const auto& branch : conditional->branches()) count += times_assigned(*branch.body, symbol);
  }
  return count;
}

}  // namespace thalweg::transforms
