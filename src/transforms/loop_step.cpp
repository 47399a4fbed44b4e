// Loop step: a loop whose step is a symbol counts its turns instead.
//
//   for i = b; i < e; i := i + k: A[i]     ==>     for t = 0; t < ceil((e - b) / k): A[b + k*t]
//                                                  i := b + k*max(0, ceil((e - b) / k))
//
// Ranges have constant steps everywhere else.
//
// Legal when: the sign of the step is known and nothing inside assigns what begin, end and step are made of; nothing
// leaves the loop early, so that the variable's last value is that of the last turn; the variable is no container's
// extent.
#include "transforms/loop_step.h"

#include "transforms/control_edit.h"
#include "transforms/fresh_names.h"
#include "transforms/jumps.h"
#include "transforms/loop_sites.h"
#include "transforms/value_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

struct LoopStep {
  static constexpr std::string_view name = "LoopStep";
  static constexpr std::string_view help = "A loop whose step is a symbol counts its turns instead.";
  using Site = LoopSite;
  struct Plan {
    Site site;
    Counted range;
  };

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found = loop_sites(graph);
    std::erase_if(found, [](const Site& site) { return site.loop->get().variable.empty(); });
    return found;
  }
  static bool present(const Site& site) { return loop_site_present(site); }
  static std::string describe(const Site& site) { return "loop " + site.loop->label(); }
  static base::Location location(const Site& site) { return site.loop->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    const auto range = counted_by_any(*site.loop, site.facts->at(*site.loop));
    if (!range) return Declined{"it is not known to count"};
    if (range->step.as_integer()) return Declined{"its step is a constant"};
    const bool leaves = leaves_loop(*site.loop) || returns_inside(*site.loop);
    if (!legal("LoopStep.no_jumps", !leaves)) return Declined{"an iteration may end early"};
    const std::string& variable = site.loop->get().variable;
    if (!legal("LoopStep.no_extent", !is_extent(graph, variable)))
      return Declined{variable + " is the extent of a container"};
    return Plan{site, *range};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    LoopRegion& loop = *plan.site.loop;
    LoopFields fields = loop.get();
    const std::string variable = fields.variable, turn = FreshNames(graph).fresh(variable + "_turn");
    const Expr at = Expr::symbol(turn), trips = plan.range.trips();
    const DType type = graph.get().symbols.at(variable);
    graph.add_symbol(turn, dtypes::int64);
    replace_symbols_inside(loop, {{variable, plan.range.begin + plan.range.step * at}});
    fields.variable = turn;
    fields.init = code::constant(int64_t{0}, dtypes::int64);
    fields.condition = code::make(code::Op::lt, code::symbol(at), code::symbol(trips));
    fields.update = code::symbol(at + 1);
    loop.assign(std::move(fields));
    State& behind = insert_behind(loop, loop.label() + "_end");
    loop.parent()->in_edges(behind)[0]->set<&InterstateEdgeFields::assignments>(
        Assignments{{variable, code::symbol(plan.range.begin + plan.range.step * trips, type)}});
  }
};

}  // namespace

const rewrite::Transformation loop_step = rewrite::make_transformation<LoopStep>();

}  // namespace thalweg::transforms
