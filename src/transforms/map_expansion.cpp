// Map expansion: a map over several dimensions becomes maps of one dimension each, within one another.
//
//   [i, j: B[i, j] = f(A[i, j])]      ==>      [i: [j: B[i, j] = f(A[i, j])]]
//
// The inverse of map collapse; always legal, for points keep their order.
// Declines when: the map has one dimension; its dimensions were asked to be run as one, or are those of a device's grid.
#include "transforms/map_expansion.h"

#include "transforms/map_nest.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct MapExpansion : OnMaps {
  static constexpr std::string_view name = "MapExpansion";
  static constexpr std::string_view help = "Makes maps of one dimension each of a map of several.";
  struct Options {
    int64_t expansion_limit = 0;
    std::string inner_schedule = "Default";
    static constexpr auto describe() {
      return std::tuple{rewrite::option("expansion_limit", &Options::expansion_limit,
                                        "how many maps are made; the last keeps what is left (0: one a dimension)"),
                        rewrite::option("inner_schedule", &Options::inner_schedule, "the schedule of the inner maps")};
    }
  };
  struct Plan {
    State* state = nullptr;
    MapEntry* entry = nullptr;
    size_t maps = 0;
    Schedule inner;
  };

  static rewrite::Match<Plan> match(SDFG&, const Site& site, const Options& options) {
    const MapFields& map = site.entry->scope().get();
    if (map.params.size() < 2) return Declined{"it has one dimension"};
    if (!legal("MapExpansion.collapse", map.collapse <= 1))
      return Declined{"its outer " + std::to_string(map.collapse) + " dimensions are to be run as one"};
    if (!legal("MapExpansion.host", !runs_on_device(map)))
      return Declined{"its dimensions are those of a " + map.schedule.name() + " launch"};
    const auto inner = find_schedule(options.inner_schedule);
    if (!inner) return Declined{"no schedule is called '" + options.inner_schedule + "'"};
    if (options.expansion_limit < 0 || options.expansion_limit == 1) return Declined{"the limit leaves it as it is"};
    const auto limit = static_cast<size_t>(options.expansion_limit);
    return Plan{site.state.get(), site.entry.get(), limit == 0 ? map.params.size() : std::min(limit, map.params.size()),
                *inner};
  }

  static void apply(SDFG&, const Plan& plan) {
    const MapFields whole = plan.entry->scope().get();
    auto part = [&](size_t first, size_t last) {
      MapFields fields = whole;
      auto at = [](size_t k) { return static_cast<std::ptrdiff_t>(k); };
      fields.params.assign(whole.params.begin() + at(first), whole.params.begin() + at(last));
      fields.range.ranges.assign(whole.range.ranges.begin() + at(first), whole.range.ranges.begin() + at(last));
      if (first > 0) fields.schedule = plan.inner;
      return fields;
    };
    // What lies inside may use all parameters: the inner maps come before the outer one loses its own.
    for (size_t k = plan.maps; k-- > 1;) {
      const size_t last = k + 1 == plan.maps ? whole.params.size() : k + 1;
      plan.entry->scope().assign(part(0, k));
      insert_map(*plan.state, *plan.entry, part(k, last));
    }
  }
};

}  // namespace

const rewrite::Transformation map_expansion = rewrite::make_transformation<MapExpansion>();

}  // namespace thalweg::transforms
