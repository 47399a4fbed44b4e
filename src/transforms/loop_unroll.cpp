// Loop unrolling: a loop with a small constant number of turns becomes that many copies of its body.
//
//   for i in range(0, 3): body(i)      ==>      i := 0; body(i); i := 1; body(i); i := 2; body(i); i := 3
//
// Constant propagation then puts the values in. What is unrolled is bounded: turns, and nodes of all copies together.
#include "transforms/loop_unroll.h"

#include "ir/clone.h"
#include "transforms/control_code.h"
#include "transforms/control_edit.h"
#include "transforms/jumps.h"
#include "transforms/loop_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

constexpr int64_t kMostTurns = 8;
constexpr int64_t kMostNodes = 120;

int64_t size_of(LoopRegion& loop) {
  int64_t nodes = 0;
  for (ControlFlowBlock* block : all_blocks(loop)) {
    auto* state = as<State>(block);
    nodes += 1 + (state ? static_cast<int64_t>(state->nodes().size()) : 0);
  }
  return nodes;
}

// Copies of the blocks of the body, one behind the other; anything but a chain is copied as a region.
class Copies {
 public:
  explicit Copies(LoopRegion& loop) : loop_(loop), all_(make_ref<ControlFlowRegion>(loop.label())) {
    all_->set_location(loop.location());
  }
  ControlFlowRegion& all() { return *all_; }

  // One more turn; the assignment stands on the way into it.
  void turn(const Assignments& before) {
    InterstateEdgeFields into{nullptr, before};
    auto chain = loop_.chain();
    if (!chain || chain->empty()) {
      auto region = make_ref<ControlFlowRegion>(loop_.label());
      copy_all(*region);
      return append(region, into);
    }
    for (size_t k = 0; k < chain->size(); ++k) {
      append(clone_block(*(*chain)[k]), into);
      if (k + 1 < chain->size()) into = loop_.out_edges(*(*chain)[k])[0]->get();
    }
  }

 private:
  void append(const Ref<ControlFlowBlock>& block, const InterstateEdgeFields& into) {
    ControlFlowBlock* last = all_->blocks().empty() ? nullptr : all_->blocks().back().get();
    block->set_label(unique_label(*all_, block->label()));
    all_->add_block(block);
    if (last) all_->add_edge(*last, *block, into).set_location(loop_.location());
  }
  void copy_all(ControlFlowRegion& into) {
    std::map<const ControlFlowBlock*, ControlFlowBlock*> made;
    for (const auto& block : loop_.blocks()) made[block.get()] = &into.add_block(clone_block(*block));
    if (loop_.start()) into.set_start(*made.at(loop_.start()));
    for (const auto& edge : loop_.edges())
      into.add_edge(*made.at(&edge->source()), *made.at(&edge->target()), edge->get()).set_location(edge->location());
    into.set_location(loop_.location());
  }

  LoopRegion& loop_;
  Ref<ControlFlowRegion> all_;
};

struct LoopUnroll {
  static constexpr std::string_view name = "LoopUnroll";
  static constexpr std::string_view help = "A loop with a few constant turns becomes copies of its body.";
  using Site = LoopSite;
  struct Plan {
    LoopSite site;
    Counted range;
    int64_t turns;
  };

  static std::vector<Site> sites(SDFG& graph) { return loop_sites(graph); }
  static bool present(const Site& site) { return loop_site_present(site); }
  static std::string describe(const Site& site) { return "loop " + site.loop->label(); }
  static base::Location location(const Site& site) { return site.loop->location(); }

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    LoopRegion& loop = *site.loop;
    const LoopFields& fields = loop.get();
    const bool raises =
        (fields.condition && code::may_raise(*fields.condition)) || (fields.update && code::may_raise(*fields.update));
    if (!legal("LoopUnroll.checks_stay", !raises)) return Declined{"its condition or variable may raise an exception"};
    const auto range = counted(loop, site.facts->at(loop));
    if (!range) return Declined{"it does not count"};
    const auto turns = range->trips().as_integer();
    if (!turns) return Declined{"its number of turns is no constant"};
    if (!legal("LoopUnroll.runs", *turns > 0)) return Declined{"it never runs"};
    if (*turns > kMostTurns || *turns * size_of(loop) > kMostNodes) return Declined{"its copies would be too large"};
    const auto chain = loop.chain();
    const bool jumps = leaves_loop(loop) || (chain && !chain->empty() && as<JumpBlock>(chain->back()));
    if (!legal("LoopUnroll.no_jumps", !jumps)) return Declined{"its body leaves it early"};
    return Plan{site, *range, *turns};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    LoopRegion& loop = *plan.site.loop;
    const std::string variable = loop.get().variable;
    const DType dtype = graph.get().symbols.at(variable);
    auto at = [&](int64_t turn) {
      return Assignments{{variable, index_code(plan.range.begin + plan.range.step * turn, dtype)}};
    };
    Copies copies(loop);
    for (int64_t turn = 0; turn < plan.turns; ++turn) copies.turn(at(turn));
    replace_by_body(loop, copies.all(), {{variable, loop.get().init}}, at(plan.turns));
  }
};

}  // namespace

const rewrite::Transformation loop_unroll = rewrite::make_transformation<LoopUnroll>();

}  // namespace thalweg::transforms
