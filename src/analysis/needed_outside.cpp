// One walk in program order with the set of names that have a value of their own; the loop takes it from all of them.
#include "analysis/needed_outside.h"

#include <algorithm>

#include "base/match.h"
#include "ir/code.h"

namespace thalweg::analysis {

using namespace ir;

namespace {

bool lies_in(const Element& element, const Element& container) {
  for (const Element* at = &element; at; at = at->owner())
    if (at == &container) return true;
  return false;
}

bool holds_jump(const ControlFlowRegion& region) {
  for (ControlFlowBlock* block : all_blocks(const_cast<ControlFlowRegion&>(region)))
    if (as<JumpBlock>(block)) return true;
  return false;
}

// Does the access node get a whole new value, whatever was there?
bool is_set_here(const AccessNode& node, const ScopeTree& scopes, const SDFG& graph) {
  const Container* container = graph.find(node.get().data);
  if (!container || !container->is_scalar() || scopes.parent(node)) return false;
  return std::any_of(node.in_edges().begin(), node.in_edges().end(), [](const Edge* edge) {
    const MemletFields& memlet = edge->memlet().get();
    const bool plain = as<Tasklet>(&edge->source()) || as<AccessNode>(&edge->source());
    return !memlet.data.empty() && plain && memlet.wcr == Wcr::none && !memlet.dynamic;
  });
}

class Walk {
 public:
  Walk(const SDFG& graph, const LoopRegion& loop, const Names& names) : graph_(graph), loop_(loop), names_(names) {}

  Names run() {
    region(graph_);
    use_returns();
    return needed_;
  }

 private:
  void use(const std::string& name) {
    if (names_.count(name) && !set_.count(name)) needed_.insert(name);
  }
  void use(const Names& used) {
    for (const auto& name : used) use(name);
  }
  void use(const code::Ptr& code) {
    if (!code) return;
    Names used;
    code::collect_symbols(*code, used);
    code::collect_inputs(*code, used);
    use(used);
  }
  void use_returns() {
    for (const ReturnValue& value : graph_.get().returns) {
      Names used;
      symbolic::collect_symbols(value.expr, used);
      symbolic::collect_symbols(value.subset, used);
      use(used);
      use(value.container);
    }
  }
  void use(const InterstateEdge& edge) {
    use(edge.get().condition);
    for (const auto& [name, value] : edge.get().assignments) use(value);
  }

  void region(const ControlFlowRegion& region) {
    auto chain = region.chain();
    if (!chain) return unordered(region);
    for (ControlFlowBlock* one : *chain) {
      block(*one);
      for (const InterstateEdge* edge : region.out_edges(*one)) {
        use(*edge);
        for (const auto& [name, value] : edge->get().assignments) set_.insert(name);
      }
    }
  }

  // Any block may come after any other.
  void unordered(const ControlFlowRegion& region) {
    const bool around = lies_in(loop_, region);
    if (around) set_.clear();
    const Names before = set_;
    for (const auto& edge : region.edges()) use(*edge);
    for (const auto& one : region.blocks()) {
      block(*one);
      set_ = before;
    }
  }

  void block(const ControlFlowBlock& block) {
    if (&block == &loop_) return set_.clear();
    match(
        const_cast<ControlFlowBlock&>(block), [&](State* state) { this->state(*state); },
        [&](ControlFlowRegion* inner) { region(*inner); }, [&](LoopRegion* inner) { loop(*inner); },
        [&](ConditionalBlock* inner) { conditional(*inner); },
        [&](JumpBlock* jump) {
          if (jump->jump() == Jump::return_) use_returns();
        });
  }

  void state(const State& state) {
    use(used_symbols(state));
    const ScopeTree scopes(state);
    for (Node* node : state.topological_order()) {
      auto* access = as<AccessNode>(node);
      if (!access) continue;
      const std::string& data = access->get().data;
      for (const Edge* edge : access->in_edges())
        if (edge->memlet()->wcr != Wcr::none) use(data);  // combining reads
      if (is_set_here(*access, scopes, graph_)) set_.insert(data);
      for (const Edge* edge : access->out_edges())
        if (!edge->memlet().is_empty()) use(data);
    }
  }

  void loop(const LoopRegion& inner) {
    const LoopFields& fields = inner.get();
    const bool around = lies_in(loop_, inner);
    use(fields.init);
    const Names before = set_;
    if (around) set_.clear();  // a turn before may have run it
    set_.insert(fields.variable);
    use(fields.condition);
    region(inner);
    if (around && holds_jump(inner)) set_.clear();
    use(fields.update);
    set_.insert(fields.variable);
    use(fields.condition);
    if (around)
      keep_common(before);
    else
      set_ = before;  // it may run for no turn at all
    set_.insert(fields.variable);
  }

  void conditional(const ConditionalBlock& conditional) {
    for (const auto& branch : conditional.branches()) use(branch.condition);
    const Names before = set_;
    std::optional<Names> common;
    bool otherwise = false;
    for (const auto& branch : conditional.branches()) {
      set_ = before;
      region(*branch.body);
      if (common) keep_common(*common);
      common = set_;
      otherwise = otherwise || !branch.condition;
    }
    set_ = common.value_or(before);
    if (!otherwise) keep_common(before);
  }

  void keep_common(const Names& other) {
    std::erase_if(set_, [&](const std::string& name) { return !other.count(name); });
  }

  const SDFG& graph_;
  const LoopRegion& loop_;
  const Names& names_;
  Names set_, needed_;
};

}  // namespace

Names needed_outside(const SDFG& graph, const LoopRegion& loop, const Names& names) {
  return Walk(graph, loop, names).run();
}

}  // namespace thalweg::analysis
