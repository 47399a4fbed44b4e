// Trivial map elimination: dimensions of one iteration go, and maps that have no others.
//
//   [i = 0:N, k = 3: B[i] = A[i, k]]      ==>      [i = 0:N: B[i] = A[i, 3]]
//   [k = 3: B[k] = A[k]]                  ==>      B[3] = A[3]
//
// Declines when: no range has exactly one element; the map is what makes a device run its contents.
#include "transforms/trivial_map_elimination.h"

#include "analysis/symbols.h"
#include "ir/scopes.h"
#include "transforms/map_nest.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;

namespace {

struct TrivialMapElimination : OnMaps {
  static constexpr std::string_view name = "TrivialMapElimination";
  static constexpr std::string_view help = "Removes dimensions of one iteration, and maps without others.";
  struct Plan {
    State* state = nullptr;
    MapEntry* entry = nullptr;
    symbolic::Substitution by;  // parameters that go
    MapFields left;             // without them
  };

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    Plan plan{site.state.get(), site.entry.get(), {}, site.entry->scope().get()};
    const MapFields& map = site.entry->scope().get();
    plan.left.params.clear();
    plan.left.range.ranges.clear();
    for (size_t d = 0; d < map.params.size(); ++d) {
      const symbolic::Range range = symbolic::substitute(map.range.ranges[d], plan.by);
      if (legal("TrivialMapElimination.one_iteration", is_one(site, range.size))) {
        plan.by[map.params[d]] = range.begin;
      } else {
        plan.left.params.push_back(map.params[d]);
        plan.left.range.ranges.push_back(range);
      }
    }
    if (plan.by.empty()) return Declined{"no dimension is known to have one iteration"};
    if (plan.left.params.empty() && !legal("TrivialMapElimination.host", !runs_on_device(map)))
      return Declined{"the map makes its contents run as " + map.schedule.name()};
    return plan;
  }

  static void apply(SDFG&, const Plan& plan) {
    substitute_in(nodes_in_scope(*plan.entry), plan.entry, plan.by);
    if (plan.left.params.empty())
      dissolve(*plan.state, *plan.entry);
    else
      plan.entry->scope().assign(plan.left);
  }

 private:
  static bool is_one(const Site& site, const Expr& size) {
    if (size.as_integer() || size.is_symbol()) return size.is(1);
    const Scopes scopes(*site.state);
    const symbolic::Facts facts = analysis::facts_in(*site.state, scopes, scopes.parent(*site.entry));
    return facts.proves(symbolic::eq(size, 1));
  }
};

}  // namespace

const rewrite::Transformation trivial_map_elimination = rewrite::make_transformation<TrivialMapElimination>();

}  // namespace thalweg::transforms
