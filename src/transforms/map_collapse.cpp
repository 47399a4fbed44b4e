// Map collapse: two maps, one directly inside of the other, become one over both ranges.
//
//   [i: [j: B[i, j] = f(A[i, j])]]      ==>      [i, j: B[i, j] = f(A[i, j])]
//
// The inner range may depend on the outer parameters (a triangle). Points keep their order.
// Declines when: something else lies in the outer map; the two are run in different ways.
#include "transforms/map_collapse.h"

#include "transforms/map_nest.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct MapCollapse : OnMaps {
  static constexpr std::string_view name = "MapCollapse";
  static constexpr std::string_view help = "Makes one map of two that lie directly within one another.";
  struct Plan {
    State* state = nullptr;
    MapEntry *outer = nullptr, *inner = nullptr;
  };

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    MapEntry* inner = any_child(*site.entry);
    if (!inner) return Declined{"there is no map inside"};
    if (!legal("MapCollapse.only_child", only_child(*site.entry) == inner))
      return Declined{"there is more inside than the map " + inner->scope().get().label};
    const MapFields &around = site.entry->scope().get(), &inside = inner->scope().get();
    const bool alike = inside.schedule == schedules::default_ || inside.schedule == around.schedule;
    if (!legal("MapCollapse.schedule", alike))
      return Declined{"the inner map is run as " + inside.schedule.name() + ", the outer as " + around.schedule.name()};
    if (inside.unroll != around.unroll) return Declined{"only one of the maps is to be unrolled"};
    return Plan{site.state.get(), site.entry.get(), inner};
  }

  static void apply(SDFG&, const Plan& plan) {
    MapFields fields = plan.outer->scope().get();
    const MapFields& inside = plan.inner->scope().get();
    fields.params.insert(fields.params.end(), inside.params.begin(), inside.params.end());
    fields.range.ranges.insert(fields.range.ranges.end(), inside.range.ranges.begin(), inside.range.ranges.end());
    base::Location location = plan.outer->scope().location();
    base::add_spans(location, plan.inner->scope().location());
    dissolve(*plan.state, *plan.inner);
    plan.outer->scope().assign(std::move(fields));
    plan.outer->scope().set_location(std::move(location));
  }

 private:
  // The first map inside, whatever else is there.
  static MapEntry* any_child(const MapEntry& outer) {
    for (const Edge* edge : outer.out_edges())
      if (auto* entry = as<MapEntry>(&edge->target())) return entry;
    return nullptr;
  }
};

}  // namespace

const rewrite::Transformation map_collapse = rewrite::make_transformation<MapCollapse>();

}  // namespace thalweg::transforms
