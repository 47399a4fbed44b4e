// Trivial loop elimination: a loop that never runs, or runs exactly once, is no loop.
//
//   for i in range(2, 3): body      ==>      i := 2; body; i := 3
//   for i in range(3, 3): body      ==>      i := 3
//
// The variable keeps the value that it has after the loop.
#include "transforms/trivial_loop.h"

#include <algorithm>

#include "analysis/symbols.h"
#include "transforms/control_code.h"
#include "transforms/control_edit.h"
#include "transforms/jumps.h"
#include "transforms/loop_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;
using symbolic::Truth;

namespace {

struct TrivialPlan {
  LoopSite site;
  bool runs = false;     // once; else never
  bool updates = false;  // the variable, after the body
};

bool meets(const code::Ptr& code, const std::set<std::string>& names) {
  std::set<std::string> used;
  if (code) code::collect_symbols(*code, used), code::collect_inputs(*code, used);
  return std::any_of(used.begin(), used.end(), [&](const auto& name) { return names.count(name) > 0; });
}

// The condition where the variable has this value.
code::Ptr with_value(const LoopFields& fields, const std::optional<Expr>& value) {
  if (!value) return fields.condition;
  return code::replace(fields.condition, {{}, {}, {{fields.variable, *value}}});
}

struct TrivialLoop {
  static constexpr std::string_view name = "TrivialLoopElimination";
  static constexpr std::string_view help = "A loop that never runs or runs once gives way to its body.";
  using Site = LoopSite;
  using Plan = TrivialPlan;

  static std::vector<Site> sites(SDFG& graph) { return loop_sites(graph); }
  static bool present(const Site& site) { return loop_site_present(site); }
  static std::string describe(const Site& site) { return "loop " + site.loop->label(); }
  static base::Location location(const Site& site) { return site.loop->location(); }

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    LoopRegion& loop = *site.loop;
    const LoopFields& fields = loop.get();
    if (!legal("TrivialLoop.checks_stay", !fields.condition || !code::may_raise(*fields.condition)))
      return Declined{"its condition may raise an exception"};
    const symbolic::Facts facts = site.facts->at(loop);
    std::optional<Expr> first, second;
    if (!fields.variable.empty()) {
      first = index_of(fields.init, facts);
      if (!first) return Declined{"the first value of " + fields.variable + " is not known"};
      second = index_of(code::replace(fields.update, {{}, {}, {{fields.variable, *first}}}), facts);
    }
    const Truth enters = fields.inverted ? Truth::yes : decide(with_value(fields, first), facts);
    if (enters == Truth::no) return Plan{site, false, false};
    if (!legal("TrivialLoop.enters", enters == Truth::yes)) return Declined{"it may run or not"};
    if (auto declined = runs_again(loop, facts, first, second)) return *declined;
    const bool updates = !fields.variable.empty() && (!fields.inverted || fields.update_before_condition);
    return Plan{site, true, updates};
  }

  static void apply(SDFG& graph, const Plan& plan) {
    LoopRegion& loop = *plan.site.loop;
    const LoopFields fields = loop.get();
    Assignments before, behind;
    if (!fields.variable.empty()) before.emplace_back(fields.variable, fields.init);
    if (plan.updates) behind.emplace_back(fields.variable, fields.update);
    if (plan.runs) return replace_by_body(loop, loop, before, behind);
    const std::set<std::string> assigned = analysis::assigned_symbols(graph);
    auto state = make_ref<State>(unique_label(*loop.parent(), loop.label() + "_none"));
    state->set_location(loop.location());
    replace_by_block(loop, state, before);
    forget_symbols(graph, assigned);
  }

 private:
  // Why the loop may run a second time.
  static std::optional<Declined> runs_again(const LoopRegion& loop, const symbolic::Facts& facts,
                                            const std::optional<Expr>& first, const std::optional<Expr>& second) {
    const LoopFields& fields = loop.get();
    if (!legal("TrivialLoop.no_jumps", !leaves_loop(loop))) return Declined{"its body leaves it early"};
    std::set<std::string> changing = assigned_inside(loop);
    const bool same = !changing.count(fields.variable) && !meets(fields.condition, changing) &&
                      !meets(fields.update, changing) && !meets(fields.init, changing) &&
                      !(first && meets(fields.init, {fields.variable}));
    if (!legal("TrivialLoop.unchanged", same)) return Declined{"what its condition reads is assigned in its body"};
    const bool updates = !fields.inverted || fields.update_before_condition;
    if (updates && first && !second) return Declined{"the second value of " + fields.variable + " is not known"};
    const Truth again = decide(with_value(fields, updates ? second : first), facts);
    if (!legal("TrivialLoop.once", again == Truth::no)) return Declined{"it may run more than once"};
    return std::nullopt;
  }
};

}  // namespace

const rewrite::Transformation trivial_loop = rewrite::make_transformation<TrivialLoop>();

}  // namespace thalweg::transforms
