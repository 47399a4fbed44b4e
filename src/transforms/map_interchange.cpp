// Map interchange: two maps, one directly inside of the other, change places.
//
//   [i: [j: B[j, i] = f(A[j, i])]]      ==>      [j: [i: B[j, i] = f(A[j, i])]]
//
// Iterations of maps do not depend on one another, so their order is free. The schedules stay at their levels.
// Declines when: something else lies in the outer map; the inner range depends on the outer parameters; elements of a
// stream would be moved in another order.
#include "transforms/map_interchange.h"

#include "transforms/map_nest.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct MapInterchange : OnMaps {
  static constexpr std::string_view name = "MapInterchange";
  static constexpr std::string_view help = "Lets two maps that lie directly within one another change places.";
  static constexpr bool once = true;
  struct Options {
    std::string outermost;
    static constexpr auto describe() {
      return std::tuple{
          rewrite::option("outermost", &Options::outermost,
                          "only where the outer map has this first parameter afterwards ('': everywhere)")};
    }
  };
  struct Plan {
    State* state = nullptr;
    MapEntry *outer = nullptr, *inner = nullptr;
  };

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site, const Options& options) {
    MapEntry* inner = nullptr;
    for (const Edge* edge : site.entry->out_edges())
      if (auto* entry = as<MapEntry>(&edge->target()); entry && !inner) inner = entry;
    if (!inner) return Declined{"there is no map inside"};
    if (!legal("MapInterchange.only_child", only_child(*site.entry) == inner))
      return Declined{"there is more inside than the map " + inner->scope().get().label};
    const MapFields &around = site.entry->scope().get(), &inside = inner->scope().get();
    for (const symbolic::Range& range : inside.range.ranges)
      if (!legal("MapInterchange.independent_range", !range_uses(range, around.params)))
        return Declined{"the inner range " + symbolic::to_string(range) + " depends on the outer map"};
    if (!legal("MapInterchange.streams", !touches_stream(graph, *site.entry)))
      return Declined{"elements of a stream would be moved in another order"};
    if (!options.outermost.empty() && inside.params[0] != options.outermost)
      return Declined{"its inner map runs over " + inside.params[0] + ", not " + options.outermost};
    return Plan{site.state.get(), site.entry.get(), inner};
  }

  static void apply(SDFG&, const Plan& plan) {
    MapFields around = plan.outer->scope().get(), inside = plan.inner->scope().get();
    std::swap(around.schedule, inside.schedule);
    const base::Location outer_place = plan.outer->scope().location(), inner_place = plan.inner->scope().location();
    plan.outer->scope().assign(std::move(inside));
    plan.inner->scope().assign(std::move(around));
    plan.outer->scope().set_location(inner_place);
    plan.inner->scope().set_location(outer_place);
    propagate_border(*plan.state, *plan.inner);
  }
};

}  // namespace

const rewrite::Transformation map_interchange = rewrite::make_transformation<MapInterchange>();

}  // namespace thalweg::transforms
