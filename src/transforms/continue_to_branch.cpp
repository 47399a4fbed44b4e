// Continue to branch: what an iteration skips by a continue becomes the other side of the condition.
//
//   for i: if c: continue       ==>       for i: if c: pass
//          rest                                  else: rest
//
// Then every iteration comes to its end, as loops must that become maps.
//
// Legal when: the branch does nothing else behind the continue, and the condition has no other branch.
#include "transforms/continue_to_branch.h"

#include "transforms/control_edit.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct ContinueSite {
  Ref<LoopRegion> loop;
  Ref<ConditionalBlock> block;
};

struct ContinueToBranch {
  static constexpr std::string_view name = "ContinueToBranch";
  static constexpr std::string_view help = "What a continue skips becomes the other side of its condition.";
  using Site = ContinueSite;
  struct Plan {
    Site site;
    std::vector<Ref<ControlFlowBlock>> rest;
  };

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    for (ControlFlowBlock* block : all_blocks(graph)) {
      auto* conditional = as<ConditionalBlock>(block);
      auto* loop = conditional ? as<LoopRegion>(conditional->parent()) : nullptr;
      if (loop) found.push_back({Ref<LoopRegion>(loop), Ref<ConditionalBlock>(conditional)});
    }
    return found;
  }
  static bool present(const Site& site) { return site.block->parent() == site.loop.get() && site.loop->log(); }
  static std::string describe(const Site& site) { return "condition " + site.block->label(); }
  static base::Location location(const Site& site) { return site.block->location(); }

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    const auto& branches = site.block->branches();
    const auto body = branches[0].body->chain();
    auto* jump = body && !body->empty() ? as<JumpBlock>(body->back()) : nullptr;
    if (!jump) return Declined{"its branch does not end in a continue"};
    if (!legal("ContinueToBranch.continues", jump->jump() == Jump::continue_))
      return Declined{"it leaves the loop, not the iteration"};
    if (!legal("ContinueToBranch.one_branch", branches.size() == 1 && branches[0].condition))
      return Declined{"it has another branch"};
    const auto chain = site.loop->chain();
    if (!chain) return Declined{"the blocks around it do not follow one another"};
    Plan plan{site, {}};
    bool behind = false;
    for (ControlFlowBlock* block : *chain) {
      if (behind) plan.rest.emplace_back(block);
      behind = behind || block == site.block.get();
    }
    if (plan.rest.empty()) return Declined{"nothing is skipped"};
    return plan;
  }

  static void apply(SDFG&, const Plan& plan) {
    LoopRegion& loop = *plan.site.loop;
    ConditionalBlock& block = *plan.site.block;
    std::vector<std::pair<InterstateEdgeFields, base::Location>> between;
    ControlFlowBlock* last = &block;
    for (const auto& next : plan.rest) {
      const InterstateEdge& edge = *loop.out_edges(*last)[0];
      between.emplace_back(edge.get(), edge.location());
      last = next.get();
    }
    auto otherwise = make_ref<ControlFlowRegion>(block.label() + "_else");
    otherwise->set_location(block.location());
    block.add_branch(nullptr, otherwise);
    last = &add_empty(*otherwise, block);
    for (size_t k = 0; k < plan.rest.size(); ++k) {
      loop.remove_block(*plan.rest[k]);
      otherwise->add_block(plan.rest[k]);
      otherwise->add_edge(*last, *plan.rest[k], between[k].first).set_location(between[k].second);
      last = plan.rest[k].get();
    }
    ControlFlowRegion& body = *block.branches()[0].body;
    ControlFlowBlock& jump = *body.chain()->back();
    const auto& into = body.in_edges(jump);
    const auto assigned = into.empty() ? InterstateEdgeFields{} : into[0]->get();  // on the way to the continue
    ControlFlowBlock* before = into.empty() ? nullptr : &into[0]->source();
    body.remove_block(jump);
    if (!before || !assigned.assignments.empty()) {
      State& end = add_empty(body, block);
      if (before) body.add_edge(*before, end, assigned);
    }
  }

 private:
  static State& add_empty(ControlFlowRegion& region, const ConditionalBlock& block) {
    auto state = make_ref<State>(block.label() + "_begin");
    region.add_block(state);
    state->set_location(block.location());
    return *state;
  }
};

}  // namespace

const rewrite::Transformation continue_to_branch = rewrite::make_transformation<ContinueToBranch>();

}  // namespace thalweg::transforms
