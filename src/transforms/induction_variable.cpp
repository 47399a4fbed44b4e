// Induction variable: a symbol that each turn of a counted loop moves by the same step becomes an expression of the
// loop's variable.
//
//   for i = 0; i < n:                   k_end := k + 2*n
//     b[i] = a[k]            ==>        for i = 0; i < n: b[i] = a[k + 2*i]
//     k := k + 2                        k := k_end
//
// Then no iteration waits for the one before it. All values lie between the first and the last one, which is computed
// before the loop: an OverflowError is raised there, earlier, or never.
//
// Legal when: the loop counts and nothing leaves it early; the step is on its way in every iteration, the only change
// of the symbol, and the same each time; nothing inside is an effect that would come before the exception.
#include "transforms/induction_variable.h"

#include <algorithm>

#include "analysis/effects.h"
#include "analysis/loop_range.h"
#include "analysis/symbols.h"
#include "transforms/control_edit.h"
#include "transforms/control_facts.h"
#include "transforms/fresh_names.h"
#include "transforms/jumps.h"
#include "transforms/value_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

struct InductionSite {
  Ref<LoopRegion> loop;
  Ref<InterstateEdge> edge;
  std::string symbol;
};
struct InductionPlan {
  InductionSite site;
  int64_t step = 0;
  symbolic::Range range;  // of the loop
};

struct InductionVariable {
  static constexpr std::string_view name = "InductionVariable";
  static constexpr std::string_view help = "A symbol that a counted loop moves by a fixed step becomes an expression.";
  using Site = InductionSite;
  using Plan = InductionPlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    for (ControlFlowBlock* block : all_blocks(graph)) {
      auto* loop = as<LoopRegion>(block);
      if (!loop || loop->get().variable.empty()) continue;
      for (const auto& edge : loop->edges())
        for (const auto& [symbol, value] : edge->get().assignments) {
          auto next = analysis::index_of(value);
          if (next && (*next - Expr::symbol(symbol)).as_integer())
            found.push_back({Ref<LoopRegion>(loop), edge, symbol});
        }
    }
    std::reverse(found.begin(), found.end());  // inner loops first: the outer ones may follow
    return found;
  }
  static bool present(const Site& site) { return site.loop->log() && site.edge->owner() == site.loop.get(); }
  static std::string describe(const Site& site) { return "symbol " + site.symbol + " in loop " + site.loop->label(); }
  static base::Location location(const Site& site) { return site.edge->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    LoopRegion& loop = *site.loop;
    const analysis::CountedLoop counted = analysis::counted(loop);
    if (!counted.ok()) return Declined{counted.problem};
    const bool leaves = leaves_loop(loop) || returns_inside(loop);
    if (!legal("InductionVariable.no_jumps", !leaves)) return Declined{"an iteration may end early"};
    const bool always = loop.chain() && !site.edge->get().condition;
    if (!legal("InductionVariable.every_turn", always)) return Declined{"an iteration may not come to its step"};
    if (!legal("InductionVariable.once", times_assigned(loop, site.symbol) == 1))
      return Declined{site.symbol + " is assigned in more than one place"};
    if (!legal("InductionVariable.no_extent", !is_extent(graph, site.symbol)))
      return Declined{site.symbol + " is the extent of a container"};
    if (!legal("InductionVariable.no_effects",
               !analysis::effects_of(static_cast<ControlFlowBlock&>(loop)).side_effects))
      return Declined{"the loop has effects, which come before an overflow of " + site.symbol};
    if (!begin_stays(loop, counted.range)) return Declined{"its body assigns what its begin depends on"};
    if (!graph.get().symbols.count(site.symbol)) return Declined{site.symbol + " is not declared"};
    for (const auto& [symbol, value] : site.edge->get().assignments)
      if (symbol == site.symbol)
        return Plan{site, *(*analysis::index_of(value) - Expr::symbol(symbol)).as_integer(), counted.range};
    return Declined{"its step is gone"};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    LoopRegion& loop = *plan.site.loop;
    const std::string& symbol = plan.site.symbol;
    const DType type = graph.get().symbols.at(symbol);
    const Expr turn = symbolic::floor_div(Expr::symbol(loop.get().variable) - plan.range.begin, plan.range.step);
    const Expr first = Expr::symbol(symbol);
    replace_in_body(loop, plan, first + plan.step * turn, first + plan.step * (turn + 1));
    const std::string end = FreshNames(graph).fresh(symbol + "_end");
    graph.add_symbol(end, type);
    auto number = [](const Expr& expr) { return code::symbol(expr, dtypes::pyint); };
    const code::Ptr moved =
        code::make(code::Op::mul, code::constant(plan.step, dtypes::pyint), number(plan.range.size));
    const code::Ptr last = code::cast(code::make(code::Op::add, number(first), moved), type);
    State& before = insert_before(loop, loop.label() + "_begin");
    loop.parent()->out_edges(before)[0]->set<&InterstateEdgeFields::assignments>(Assignments{{end, last}});
    State& behind = insert_behind(loop, loop.label() + "_end");
    loop.parent()->in_edges(behind)[0]->set<&InterstateEdgeFields::assignments>(
        Assignments{{symbol, code::symbol(Expr::symbol(end), type)}});
  }

 private:
  static bool begin_stays(const LoopRegion& loop, const symbolic::Range& range) {
    analysis::Names inside, used;
    for (const auto& block : loop.blocks()) inside.merge(analysis::assigned_symbols(*block));
    for (const auto& edge : loop.edges())
      for (const auto& [name, value] : edge->get().assignments) inside.insert(name);
    inside.insert(loop.get().variable);
    for (const Expr& expr : {range.begin, range.size}) symbolic::collect_symbols(expr, used);
    return std::none_of(used.begin(), used.end(), [&](const std::string& name) { return inside.count(name) > 0; });
  }

  static void replace_in_body(LoopRegion& loop, const Plan& plan, const Expr& before, const Expr& behind) {
    const symbolic::Substitution early{{plan.site.symbol, before}}, late{{plan.site.symbol, behind}};
    bool passed = false;
    const std::vector<ControlFlowBlock*> chain = *loop.chain();
    for (ControlFlowBlock* block : chain) {
      replace_symbols(*block, passed ? late : early);
      for (InterstateEdge* edge : loop.out_edges(*block)) {
        const bool here = edge == plan.site.edge.get();
        if (here)
          edge->set<&InterstateEdgeFields::assignments>([&] {
            auto kept = edge->get().assignments;
            std::erase_if(kept, [&](const auto& one) { return one.first == plan.site.symbol; });
            return kept;
          }());
        replace_code(*edge, {{}, {}, passed ? late : early});
        passed = passed || here;
      }
    }
  }
};

}  // namespace

const rewrite::Transformation induction_variable = rewrite::make_transformation<InductionVariable>();

}  // namespace thalweg::transforms
