// Loop fusion: two loops in a row over the same range become one.
//
//   for i in range(N): first(i)
//   for j in range(N): second(j)      ==>      for i in range(N): first(i); j := i; second(j)
//
// Legal when no iteration of the second loop touches what a later one of the first touches, with one of them writing it
// (loop_halves.h). What the first wrote is then still in the cache, and loops to maps get larger bodies.
#include "transforms/loop_fusion.h"

#include "analysis/dependences.h"
#include "transforms/control_code.h"
#include "transforms/control_edit.h"
#include "transforms/jumps.h"
#include "transforms/loop_halves.h"
#include "transforms/loop_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

struct FusedPair {
  Ref<LoopRegion> first, second;
};

// The loop that follows, with nothing in between.
LoopRegion* next_loop(const LoopRegion& loop) {
  ControlFlowRegion* region = loop.parent();
  const auto out = region->out_edges(loop);
  if (out.size() != 1) return nullptr;
  auto* next = as<LoopRegion>(&out[0]->target());
  return next && region->in_edges(*next).size() == 1 ? next : nullptr;
}

struct LoopFusion {
  static constexpr std::string_view name = "LoopFusion";
  static constexpr std::string_view help = "Two loops in a row over the same range become one.";
  struct Plan {
    FusedPair site;
  };
  using Site = FusedPair;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> out;
    for (const LoopSite& site : loop_sites(graph))
      if (LoopRegion* next = next_loop(*site.loop)) out.push_back({site.loop, Ref<LoopRegion>(next)});
    return out;
  }
  static bool present(const Site& site) {
    return site.first->log() && site.second->log() && next_loop(*site.first) == site.second.get();
  }
  static std::string describe(const Site& site) {
    return "loops " + site.first->label() + " and " + site.second->label();
  }
  static base::Location location(const Site& site) { return site.first->location(); }

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    LoopRegion &first = *site.first, &second = *site.second;
    const InterstateEdge* between = first.parent()->out_edges(first)[0];
    if (!legal("LoopFusion.nothing_between", !between->get().condition && between->get().assignments.empty()))
      return Declined{"symbols are assigned between the two"};
    const analysis::CountedLoop a = analysis::counted(first), b = analysis::counted(second);
    if (!a.ok()) return Declined{a.problem};
    if (!b.ok()) return Declined{b.problem};
    const symbolic::Facts facts = analysis::facts_at(first);
    const bool same = facts.simplify(a.range.begin - b.range.begin).is(0) &&
                      facts.simplify(a.range.size - b.range.size).is(0) && a.range.step == b.range.step;
    if (!legal("LoopFusion.same_range", same)) return Declined{"the two loops run over different ranges"};
    const auto chains = {first.chain(), second.chain()};
    for (const auto& chain : chains)
      if (!chain || chain->empty()) return Declined{"the body of one is no chain of blocks"};
    const std::string &outer = first.get().variable, &inner = second.get().variable;
    LoopHalf one = half_of(first, 0, first.chain()->size()), other = half_of(second, 0, second.chain()->size());
    if (auto reason = variables_meet(outer, inner, one, other)) return Declined{*reason};
    rename_variable(other, inner, outer);
    if (auto reason = coupled(first, a.range, one, other)) return Declined{*reason};
    return Plan{site};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    LoopRegion &first = *plan.site.first, &second = *plan.site.second;
    const std::string &variable = first.get().variable, &other = second.get().variable;
    Assignments takes;
    if (other != variable) takes = {{other, code::symbol(Expr::symbol(variable), graph.get().symbols.at(variable))}};
    ControlFlowBlock* last = first.chain()->back();
    auto place = make_ref<State>(unique_label(first, second.label()));
    first.add_block(place);
    first.add_edge(*last, *place, {nullptr, takes}).set_location(second.location());
    replace_by_body(*place, second);
    base::Location location = first.location();
    base::add_spans(location, second.location());
    first.set_location(std::move(location));
    auto behind = make_ref<State>(unique_label(*second.parent(), second.label() + "_done"));
    behind->set_location(second.location());
    replace_by_block(second, behind, takes);  // the value that the other variable has behind its loop
  }

 private:
  // Each loop has a variable of its own: the other one neither uses nor assigns it.
  static std::optional<std::string> variables_meet(const std::string& a, const std::string& b, const LoopHalf& first,
                                                   const LoopHalf& second) {
    if (a == b) return std::nullopt;
    const bool apart =
        !first.used.count(b) && !first.assigned.count(b) && !second.used.count(a) && !second.assigned.count(a);
    if (!legal("LoopFusion.variables", apart)) return "one loop uses the variable of the other";
    return std::nullopt;
  }
};

}  // namespace

const rewrite::Transformation loop_fusion = rewrite::make_transformation<LoopFusion>();

}  // namespace thalweg::transforms
