#include "transforms/liveness.h"

namespace thalweg::transforms {

using namespace ir;

namespace {

using Names = std::set<std::string>;

class Liveness {
 public:
  explicit Liveness(bool writes_too) : writes_too_(writes_too) {}
  std::map<const State*, Names> after;

  void region(const ControlFlowRegion& region, const Names& live) {
    std::map<const ControlFlowBlock*, std::vector<const ControlFlowBlock*>> next;
    for (const auto& edge : region.edges()) next[&edge->source()].push_back(&edge->target());
    for (const auto& ref : region.blocks()) {
      Names reads = live;
      std::set<const ControlFlowBlock*> seen;
      std::vector<const ControlFlowBlock*> work{ref.get()};
      while (!work.empty()) {
        const ControlFlowBlock* from = work.back();
        work.pop_back();
        for (const ControlFlowBlock* to : next[from])
          if (seen.insert(to).second) {
            const Names& more = reads_of(*to);
            reads.insert(more.begin(), more.end());
            work.push_back(to);
          }
      }
      block(*ref, reads);
    }
  }

 private:
  void block(ControlFlowBlock& block, const Names& live) {
    match(
        block, [&](State* state) { after[state] = live; }, [&](ControlFlowRegion* inner) { region(*inner, live); },
        [&](LoopRegion* loop) {
          Names again = live;
          again.insert(reads_of(*loop).begin(), reads_of(*loop).end());
          region(*loop, again);
        },
        [&](ConditionalBlock* conditional) {
          for (const auto& branch : conditional->branches()) region(*branch.body, live);
        },
        [](JumpBlock*) {});
  }

  const Names& reads_of(const ControlFlowBlock& block) {
    auto [at, fresh] = reads_.try_emplace(&block);
    if (!fresh) return at->second;
    Names found;
    auto add_region = [&](const ControlFlowRegion& region) {
      for (const auto& inner : region.blocks()) found.insert(reads_of(*inner).begin(), reads_of(*inner).end());
    };
    match(
        const_cast<ControlFlowBlock&>(block),
        [&](State* state) {
          for (const auto& node : state->nodes())
            if (auto* access = as<AccessNode>(node.get())) {
              for (const Edge* edge : access->out_edges())
                if (!edge->memlet().is_empty()) found.insert(access->get().data);
              for (const Edge* edge : access->in_edges())  // combining reads what is there
                if (edge->memlet()->wcr != Wcr::none || (writes_too_ && !edge->memlet().is_empty()))
                  found.insert(access->get().data);
            }
        },
        [&](ControlFlowRegion* region) { add_region(*region); }, [&](LoopRegion* loop) { add_region(*loop); },
        [&](ConditionalBlock* conditional) {
          for (const auto& branch : conditional->branches()) add_region(*branch.body);
        },
        [](JumpBlock*) {});
    return reads_[&block] = std::move(found);
  }

  const bool writes_too_;
  std::map<const ControlFlowBlock*, Names> reads_;
};

std::map<const State*, Names> after(SDFG& graph, bool writes_too) {
  Liveness liveness(writes_too);
  liveness.region(graph, {});
  return std::move(liveness.after);
}

}  // namespace

std::map<const State*, Names> read_after(SDFG& graph) { return after(graph, false); }
std::map<const State*, Names> used_after(SDFG& graph) { return after(graph, true); }

}  // namespace thalweg::transforms
