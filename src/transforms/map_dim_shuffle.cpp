// Map dimension shuffle: the dimensions of a map in another order.
//
//   [i, j: B[j, i] = f(A[j, i])]      ==>      [j, i: B[j, i] = f(A[j, i])]      with parameters=['j', 'i']
//
// Iterations of maps do not depend on one another, so their order is free.
// Declines when: the order asked for is no order of the map's parameters; a range would come before a parameter that it
// uses; elements of a stream would be moved in another order.
#include "transforms/map_dim_shuffle.h"

#include <algorithm>

#include "transforms/map_nest.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

struct MapDimShuffle : OnMaps {
  static constexpr std::string_view name = "MapDimShuffle";
  static constexpr std::string_view help = "Puts the dimensions of a map in another order.";
  struct Options {
    std::vector<std::string> parameters;
    static constexpr auto describe() {
      return std::tuple{rewrite::option("parameters", &Options::parameters, "all parameters in the new order")};
    }
  };
  struct Plan {
    Map* map = nullptr;
    MapFields fields;
  };

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site, const Options& options) {
    MapFields fields = site.entry->scope().get();
    const std::vector<std::string> before = fields.params;
    if (options.parameters.empty()) return Declined{"no order is asked for"};
    if (options.parameters == before) return Declined{"its dimensions are in this order"};
    auto sorted = [](std::vector<std::string> names) {
      std::sort(names.begin(), names.end());
      return names;
    };
    if (!legal("MapDimShuffle.permutation", sorted(before) == sorted(options.parameters)))
      return Declined{"its parameters are " + listed(before) + ", not " + listed(options.parameters)};
    fields.params = options.parameters;
    fields.range.ranges.clear();
    for (const std::string& param : options.parameters) {
      const auto at = std::find(before.begin(), before.end(), param);
      if (at == before.end()) continue;
      fields.range.ranges.push_back(site.entry->scope().get().range.ranges[static_cast<size_t>(at - before.begin())]);
    }
    for (size_t d = 0; d < fields.range.rank(); ++d) {
      const std::vector<std::string> later(fields.params.begin() + static_cast<std::ptrdiff_t>(d), fields.params.end());
      if (!legal("MapDimShuffle.range_order", !range_uses(fields.range.ranges[d], later)))
        return Declined{"the range of " + fields.params[d] + " uses a parameter that would come later"};
    }
    if (!legal("MapDimShuffle.streams", !touches_stream(graph, *site.entry)))
      return Declined{"elements of a stream would be moved in another order"};
    return Plan{&site.entry->scope(), std::move(fields)};
  }

  static void apply(SDFG&, const Plan& plan) { plan.map->assign(plan.fields); }
};

}  // namespace

const rewrite::Transformation map_dim_shuffle = rewrite::make_transformation<MapDimShuffle>();

}  // namespace thalweg::transforms
