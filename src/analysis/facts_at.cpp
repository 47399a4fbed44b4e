// What is known about symbols where a block begins to run.
#include <algorithm>

#include "analysis/dependences.h"
#include "analysis/symbols.h"
#include "ir/results.h"

namespace thalweg::analysis {

using namespace ir;
using symbolic::Expr;

namespace {

Names symbols_of(const Expr& expr) {
  Names out;
  symbolic::collect_symbols(expr, out);
  return out;
}

// Conditions on symbols that nothing in between assigns.
class Gatherer {
 public:
  explicit Gatherer(Names changing) : changing_(std::move(changing)) {}
  symbolic::Facts facts;

  void assume(const Expr& condition) {
    Names contents;  // change with every write
    symbolic::collect_containers(condition, contents);
    if (!contents.empty()) return;
    for (const auto& name : symbols_of(condition))
      if (changing_.count(name)) return;
    facts.assume(condition);
  }
  void change(const Names& names) { changing_.insert(names.begin(), names.end()); }

  void loop(const LoopRegion& loop) {
    // Its variable has one value in the body, whatever other loops use it for; other symbols may change in it.
    Names inside = assigned_symbols(loop);
    inside.erase(loop.get().variable);
    change(inside);
    CountedLoop range = counted(loop);
    if (!range.ok()) return change({loop.get().variable});
    range.range = not_empty(range.range);
    const Expr at = Expr::symbol(loop.get().variable);
    const bool up = range.range.step.integer() > 0;
    assume(ge(range.range.size, 1));
    assume(up ? ge(at, range.range.begin) : le(at, range.range.begin));
    assume(up ? le(at, range.range.last()) : ge(at, range.range.last()));
    change({loop.get().variable});
  }

  void branch(const ConditionalBlock& conditional, const ControlFlowRegion& taken) {
    change(assigned_symbols(taken));
    for (const auto& branch : conditional.branches()) {
      auto condition = index_of(branch.condition);
      if (branch.body.get() == &taken) {
        if (condition) assume(*condition);
        return;
      }
      if (condition) assume(symbolic::logical_not(*condition));
    }
  }

 private:
  Names changing_;
};

void gather_graph(const SDFG& graph, Gatherer& gather) {
  gather.change(assigned_symbols(graph));
  for (const auto& condition : graph.get().assumptions) gather.assume(condition);
  for (const Expr& condition : sizes_of_given(graph)) gather.assume(condition);
  const NestedSDFG* node = graph.parent_node();
  if (!node || !node->state()) return;
  // From the graph around: what is said about symbols that are called the same inside.
  Names same;
  for (const auto& [name, value] : node->get().symbol_mapping)
    if (value == Expr::symbol(name)) same.insert(name);
  const ScopeTree scopes(*node->state());
  symbolic::Facts outer = facts_in(*node->state(), scopes, scopes.parent(*node));
  Names changing;
  if (const SDFG* around = node->state()->sdfg()) changing = assigned_symbols(*around);
  for (const Expr& condition : outer.conditions()) {
    const Names used = symbols_of(condition);
    const bool fixed = std::all_of(used.begin(), used.end(),
                                   [&](const auto& name) { return same.count(name) && !changing.count(name); });
    if (fixed) gather.assume(condition);
  }
}

}  // namespace

symbolic::Facts facts_at(const ControlFlowBlock& block) {
  Gatherer gather({});
  const ControlFlowBlock* at = &block;
  while (at && !dynamic_cast<const SDFG*>(at)) {
    const Element* owner = at->owner();
    if (auto* loop = dynamic_cast<const LoopRegion*>(owner)) {
      gather.loop(*loop);
    } else if (auto* conditional = dynamic_cast<const ConditionalBlock*>(owner)) {
      gather.branch(*conditional, *dynamic_cast<const ControlFlowRegion*>(at));
    }
    at = dynamic_cast<const ControlFlowBlock*>(owner);
  }
  if (auto* graph = dynamic_cast<const SDFG*>(at)) gather_graph(*graph, gather);
  return gather.facts;
}

}  // namespace thalweg::analysis
