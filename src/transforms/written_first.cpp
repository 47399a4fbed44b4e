#include "transforms/written_first.h"

#include <algorithm>

#include "analysis/effects.h"
#include "analysis/symbols.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using symbolic::Subset;

namespace {

class Walk {
 public:
  Walk(const std::string& container, const ControlFacts& facts) : container_(container), facts_(facts) {}

  bool region(const ControlFlowRegion& region) {
    const auto chain = region.chain();
    if (!chain) return ways(region);
    for (size_t k = 0; k < chain->size(); ++k) {
      if (!block(*(*chain)[k])) return false;
      if (k + 1 == chain->size()) break;
      for (const auto& [symbol, value] : region.out_edges(*(*chain)[k])[0]->get().assignments) forget({symbol});
    }
    return true;
  }

 private:
  // Blocks in no certain order: each sees what was written before all of them.
  bool ways(const ControlFlowRegion& region) {
    forget(assigned_inside(region));
    const std::vector<Subset> before = written_;
    for (const auto& inner : region.blocks()) {
      if (!block(*inner)) return false;
      written_ = before;
    }
    return true;
  }

  bool block(ControlFlowBlock& block) {
    return match(
        block, [&](State* state) { return this->state(*state); },
        [&](ControlFlowRegion* inner) { return region(*inner); },
        [&](LoopRegion* loop) {
          forget(analysis::assigned_symbols(*loop));
          const std::vector<Subset> before = written_;
          if (!region(*loop)) return false;
          written_ = before;  // it may run for no turn
          return true;
        },
        [&](ConditionalBlock* conditional) {
          const std::vector<Subset> before = written_;
          for (const auto& branch : conditional->branches()) {
            written_ = before;
            if (!region(*branch.body)) return false;
          }
          written_ = before;
          forget(analysis::assigned_symbols(*conditional));
          return true;
        },
        [](JumpBlock*) { return true; });
  }

  bool state(const State& state) {
    const Scopes scopes(state);
    const symbolic::Facts facts = facts_.at(state);
    std::vector<const AccessNode*> nodes;
    for (const auto& node : state.nodes())
      if (auto* access = as<AccessNode>(node.get()); access && access->get().data == container_)
        nodes.push_back(access);
    for (const AccessNode* node : nodes) {
      if (scopes.parent(*node)) return false;
      std::vector<Subset> here = written_;
      for (const AccessNode* other : nodes)
        if (other != node && reaches(*other, *node)) add_writes(*other, here);
      for (Edge* edge : node->in_edges())
        if (carries(edge) && edge->memlet()->wcr != Wcr::none && !covered(*edge, here, facts)) return false;
      add_writes(*node, here);
      for (Edge* edge : node->out_edges())
        if (carries(edge) && !covered(*edge, here, facts)) return false;
    }
    for (const AccessNode* node : nodes) add_writes(*node, written_);
    return true;
  }

  bool covered(const Edge& edge, const std::vector<Subset>& by, const symbolic::Facts& facts) const {
    const MemletFields& memlet = edge.memlet().get();
    return memlet.data == container_ && std::any_of(by.begin(), by.end(), [&](const Subset& one) {
             return symbolic::covers(one, memlet.subset, facts) == symbolic::Truth::yes;
           });
  }

  void add_writes(const AccessNode& node, std::vector<Subset>& into) const {
    for (Edge* edge : node.in_edges()) {
      const MemletFields& memlet = edge->memlet().get();
      if (!carries(edge) || memlet.data != container_ || memlet.wcr != Wcr::none) continue;
      if (as<AccessNode>(&edge->source())) {
        if (!memlet.dynamic) into.push_back(memlet.subset);
        continue;
      }
      for (const analysis::Access& write : analysis::effects_of(edge->source()).writes)
        if (write.container == container_ && write.certain && write.subset && *write.subset == memlet.subset)
          into.push_back(memlet.subset);
    }
  }

  // Subsets that are named by these symbols are other ones from now on.
  void forget(const std::set<std::string>& symbols) {
    std::erase_if(written_, [&](const Subset& one) {
      std::set<std::string> used;
      symbolic::collect_symbols(one, used);
      return std::any_of(used.begin(), used.end(), [&](const auto& name) { return symbols.count(name) > 0; });
    });
  }

  const std::string& container_;
  const ControlFacts& facts_;
  std::vector<Subset> written_;
};

}  // namespace

bool written_first(const ControlFlowRegion& region, const std::string& container, const ControlFacts& facts) {
  return Walk(container, facts).region(region);
}

}  // namespace thalweg::transforms
