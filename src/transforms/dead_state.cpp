// Dead state elimination: blocks that control flow never reaches, and the conditions that make it so.
//
//   if N >= 0: a            a                      s -> t if False      s
//   else: b          ==>                           s -> u          ==>  s -> u
//   (N >= 0 is assumed)                            t -> u               (t is gone)
//
// A condition that is proved true ends the choice; one that is proved false goes with its branch or transition.
// Conditions that may raise an exception stay, whatever they give.
#include "transforms/dead_state.h"

#include <algorithm>

#include "analysis/symbols.h"
#include "transforms/control_code.h"
#include "transforms/control_edit.h"
#include "transforms/control_facts.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Truth;

namespace {

struct DeadStateContext {
  explicit DeadStateContext(const SDFG& graph) : facts(graph) {}
  ControlFacts facts;
};

struct DeadSite {
  enum class Kind : uint8_t { block, transition, branch } kind;
  Ref<Element> element;         // the block, the transition, or the conditional
  Ref<ControlFlowRegion> body;  // of the branch
  std::shared_ptr<DeadStateContext> context;
};

std::set<const ControlFlowBlock*> reached(const ControlFlowRegion& region) {
  std::set<const ControlFlowBlock*> seen{region.start()};
  std::vector<const ControlFlowBlock*> work{region.start()};
  while (!work.empty()) {
    const ControlFlowBlock* block = work.back();
    work.pop_back();
    if (!block || dynamic_cast<const JumpBlock*>(block)) continue;
    for (InterstateEdge* edge : region.out_edges(*block))
      if (seen.insert(&edge->target()).second) work.push_back(&edge->target());
  }
  return seen;
}

size_t branch_index(const ConditionalBlock& block, const ControlFlowRegion& body) {
  for (size_t k = 0; k < block.branches().size(); ++k)
    if (block.branches()[k].body.get() == &body) return k;
  return block.branches().size();
}

// What is known where the branch is tried: the conditions before it do not hold.
Truth decide_branch(const ConditionalBlock& block, size_t index, const ControlFacts& known) {
  symbolic::Facts facts = known.at(block);
  for (size_t k = 0; k < index; ++k)
    if (auto other = index_of(block.branches()[k].condition, facts)) facts.assume_not(*other);
  return decide(block.branches()[index].condition, facts);
}

struct DeadPlan {
  DeadSite site;
  Truth truth = Truth::unknown;
};

struct DeadState {
  static constexpr std::string_view name = "DeadStateElimination";
  static constexpr std::string_view help = "Removes blocks that are never reached, and conditions that are known.";
  using Site = DeadSite;
  using Plan = DeadPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::shared_ptr<DeadStateContext> context;
    auto add = [&](Site::Kind kind, Ref<Element> element, Ref<ControlFlowRegion> body) {
      if (!context) context = std::make_shared<DeadStateContext>(graph);
      found.push_back({kind, std::move(element), std::move(body), context});
    };
    auto region = [&](ControlFlowRegion& of) {
      if (of.chain()) return;
      for (const auto& edge : of.edges())
        if (edge->get().condition || of.out_edges(edge->source()).size() > 1) add(Site::Kind::transition, edge, {});
      for (const auto& block : of.blocks())
        if (block.get() != of.start()) add(Site::Kind::block, block, {});
    };
    region(graph);
    for (ControlFlowBlock* block : all_blocks(graph)) {
      if (auto* inner = as<ControlFlowRegion>(block)) region(*inner);
      if (auto* conditional = as<ConditionalBlock>(block))
        for (const auto& branch : conditional->branches())
          add(Site::Kind::branch, Ref<Element>(conditional), branch.body);
    }
    return found;
  }
  static bool present(const Site& site) {
    if (!site.element->log()) return false;
    return site.kind != Site::Kind::branch || site.body->owner() == site.element.get();
  }
  static std::string describe(const Site& site) {
    if (auto* edge = dynamic_cast<InterstateEdge*>(site.element.get()))
      return "transition " + edge->source().label() + " -> " + edge->target().label();
    auto* block = dynamic_cast<ControlFlowBlock*>(site.element.get());
    return site.body ? "branch " + site.body->label() + " of " + block->label() : "block " + block->label();
  }
  static base::Location location(const Site& site) { return site.element->location(); }

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    switch (site.kind) {
      case Site::Kind::block: return match_block(site);
      case Site::Kind::transition: return match_transition(site);
      case Site::Kind::branch: return match_branch(site);
    }
    return Declined{"unknown"};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    const std::set<std::string> before = analysis::assigned_symbols(graph);
    switch (plan.site.kind) {
      case Site::Kind::block: apply_block(plan); break;
      case Site::Kind::transition: apply_transition(plan); break;
      case Site::Kind::branch: apply_branch(plan); break;
    }
    forget_symbols(graph, before);
  }

 private:
  static rewrite::Match<Plan> match_block(const Site& site) {
    auto& block = dynamic_cast<ControlFlowBlock&>(*site.element);
    const bool dead = !reached(*block.parent()).count(&block);
    if (!legal("DeadState.unreachable", dead)) return Declined{"it can be reached"};
    return Plan{site};
  }

  static rewrite::Match<Plan> match_transition(const Site& site) {
    auto& edge = dynamic_cast<InterstateEdge&>(*site.element);
    const ControlFlowRegion& region = *edge.source().parent();
    for (InterstateEdge* other : region.out_edges(edge.source())) {
      if (other == &edge) break;
      if (!other->get().condition) return Plan{site, Truth::no};  // one before it is always taken
    }
    if (!edge.get().condition) return Declined{"it has no condition"};
    if (!legal("DeadState.checks_stay", !code::may_raise(*edge.get().condition)))
      return Declined{"its condition may raise an exception"};
    const Truth truth = decide(edge.get().condition, facts_behind(site, edge));
    if (!legal("DeadState.known", truth != Truth::unknown)) return Declined{"its condition may hold or not"};
    return Plan{site, truth};
  }
  // A block that assigns symbols cannot spoil what is known around it: facts are about symbols that stay.
  static symbolic::Facts facts_behind(const Site& site, const InterstateEdge& edge) {
    return site.context->facts.at(edge.source());
  }

  static rewrite::Match<Plan> match_branch(const Site& site) {
    auto& block = dynamic_cast<ConditionalBlock&>(*site.element);
    const size_t index = branch_index(block, *site.body);
    const code::Ptr& condition = block.branches()[index].condition;
    if (!condition) {
      if (index == 0) return Plan{site, Truth::yes};
      return Declined{"it has no condition"};
    }
    if (!legal("DeadState.checks_stay", !code::may_raise(*condition)))
      return Declined{"its condition may raise an exception"};
    const Truth truth = decide_branch(block, index, site.context->facts);
    if (!legal("DeadState.known", truth != Truth::unknown)) return Declined{"its condition may hold or not"};
    return Plan{site, truth};
  }

  static void apply_block(const Plan& plan) {
    auto& block = dynamic_cast<ControlFlowBlock&>(*plan.site.element);
    ControlFlowRegion& region = *block.parent();
    region.remove_block(block);
    remove_unreached(region);
  }

  // All at once: what one of them assigns and another one reads is forgotten with both.
  static void remove_unreached(ControlFlowRegion& region) {
    const std::set<const ControlFlowBlock*> stay = reached(region);
    std::vector<Ref<ControlFlowBlock>> gone;
    for (const auto& block : region.blocks())
      if (!stay.count(block.get())) gone.push_back(block);
    for (const auto& block : gone) region.remove_block(*block);
  }

  static void apply_transition(const Plan& plan) {
    auto& edge = dynamic_cast<InterstateEdge&>(*plan.site.element);
    ControlFlowRegion& region = *edge.source().parent();
    if (plan.truth != Truth::no) return edge.set<&InterstateEdgeFields::condition>(code::Ptr());
    region.remove_edge(edge);
    remove_unreached(region);
  }

  static void apply_branch(const Plan& plan) {
    auto& block = dynamic_cast<ConditionalBlock&>(*plan.site.element);
    const size_t index = branch_index(block, *plan.site.body);
    if (plan.truth == Truth::no) {
      block.remove_branch(index);
      if (block.branches().empty()) replace_by_block(block, make_state(block));
      return;
    }
    if (index == 0) {
      ControlFlowRegion& region = *block.parent();
      replace_by_body(block, *plan.site.body);
      return remove_unreached(region);  // a jump in its place: what followed goes with what it reads
    }
    for (size_t k = block.branches().size(); k-- > index + 1;) block.remove_branch(k);
    if (block.branches()[index].condition) block.set_condition(index, nullptr);
  }
  static Ref<State> make_state(const ConditionalBlock& block) {
    auto state = make_ref<State>(unique_label(*block.parent(), block.label() + "_none"));
    state->set_location(block.location());
    return state;
  }
};

}  // namespace

const rewrite::Transformation dead_state = rewrite::make_transformation<DeadState>();

}  // namespace thalweg::transforms
