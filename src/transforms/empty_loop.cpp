// Empty loop elimination: a loop that does nothing but count gives way to the last value of its variable.
//
//   for i in range(N): pass      ==>      i := max(0, N)
//
// The loop must count, so that it is known to end; a while loop without body may run for ever, and stays.
#include "transforms/empty_loop.h"

#include <algorithm>

#include "transforms/control_code.h"
#include "transforms/control_edit.h"
#include "transforms/loop_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

bool raises(const code::Ptr& code) { return code && code::may_raise(*code); }

// Does nothing happen in the region, whichever way it takes?
bool nothing_happens(const ControlFlowRegion& region) {
  for (const auto& edge : region.edges())
    if (!edge->get().assignments.empty() || raises(edge->get().condition)) return false;
  return std::all_of(region.blocks().begin(), region.blocks().end(), [](const Ref<ControlFlowBlock>& block) {
    return match(
        *block, [](State* state) { return state->nodes().empty(); },
        [](ControlFlowRegion* inner) { return inner->chain() && nothing_happens(*inner); },
        [](LoopRegion*) { return false; },
        [](ConditionalBlock* conditional) {
          return std::all_of(conditional->branches().begin(), conditional->branches().end(), [](const auto& branch) {
            return !raises(branch.condition) && nothing_happens(*branch.body);
          });
        },
        [](JumpBlock*) { return false; });
  });
}

Expr last_value(const Counted& range) {
  if (range.step.is(1)) return symbolic::max(range.begin, range.end);
  if (range.step.is(-1)) return symbolic::min(range.begin, range.end);
  return range.last();
}

struct EmptyLoop {
  static constexpr std::string_view name = "EmptyLoopElimination";
  static constexpr std::string_view help = "A loop without a body becomes the last value of its variable.";
  using Site = LoopSite;
  struct Plan {
    LoopSite site;
    Expr last;
  };

  static std::vector<Site> sites(SDFG& graph) { return loop_sites(graph); }
  static bool present(const Site& site) { return loop_site_present(site); }
  static std::string describe(const Site& site) { return "loop " + site.loop->label(); }
  static base::Location location(const Site& site) { return site.loop->location(); }

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    const LoopFields& fields = site.loop->get();
    if (!legal("EmptyLoop.empty", nothing_happens(*site.loop))) return Declined{"it has a body"};
    if (!legal("EmptyLoop.checks_stay", !raises(fields.init) && !raises(fields.condition) && !raises(fields.update)))
      return Declined{"its condition or variable may raise an exception"};
    const symbolic::Facts facts = site.facts->at(*site.loop);
    const auto range = counted(*site.loop, facts);
    if (!range) return Declined{"it is not known to end"};
    const Expr last = last_value(*range);
    const bool unit = range->step.is(1) || range->step.is(-1);
    if (!legal("EmptyLoop.fits", unit || fits_index(last, facts)))
      return Declined{"the last value of " + fields.variable + " is not known to fit into 64 bits"};
    return Plan{site, last};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    LoopRegion& loop = *plan.site.loop;
    auto state = make_ref<State>(unique_label(*loop.parent(), loop.label() + "_none"));
    state->set_location(loop.location());
    const std::string& variable = loop.get().variable;
    const DType dtype = graph.get().symbols.at(variable);
    replace_by_block(loop, state, {{variable, code::symbol(plan.last, dtype)}});
  }
};

}  // namespace

const rewrite::Transformation empty_loop = rewrite::make_transformation<EmptyLoop>();

}  // namespace thalweg::transforms
