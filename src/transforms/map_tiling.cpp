// Map tiling: a map becomes a map over tiles around a map over the iterations of one tile.
//
//   [i = 0:N, j = 0:M: B[i, j] = f(A[i, j])]
//   ==>                                                                       with tile_sizes=[32, 8]
//   [tile_i = 0:N:32, tile_j = 0:M:8:
//      [i = tile_i:tile_i + min(32, N - tile_i), j = tile_j:tile_j + min(8, M - tile_j): B[i, j] = f(A[i, j])]]
//
// Iterations of maps do not depend on one another, so their order is free. The last tile may be smaller, unless the size
// is known to divide the range.
// Declines when: a range depends on another dimension; all of a dimension fits into a tile; the map counts tiles
// already; sizes were asked to divide and may not; elements of a stream would be moved in another order.
#include "transforms/map_tiling.h"

#include "transforms/map_nest.h"
#include "transforms/tile.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct MapTiling : OnMaps {
  static constexpr std::string_view name = "MapTiling";
  static constexpr std::string_view help = "Cuts all dimensions of a map into tiles.";
  struct Options {
    std::vector<int64_t> tile_sizes = {32};
    std::string prefix = "tile";
    bool divides_evenly = false;
    static constexpr auto describe() {
      return std::tuple{rewrite::option("tile_sizes", &Options::tile_sizes,
                                        "iterations of a tile, a dimension each (the last for all that follow)"),
                        rewrite::option("prefix", &Options::prefix, "of the names of the tiles' parameters"),
                        rewrite::option("divides_evenly", &Options::divides_evenly,
                                        "only where the sizes are known to divide the ranges")};
    }
  };
  using Plan = TilePlan;

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site, const Options& options) {
    Plan plan{site.state.get(), site.entry.get(), {}, options.prefix};
    const MapFields& map = site.entry->scope().get();
    if (options.tile_sizes.empty()) return Declined{"no tile sizes are given"};
    if (counts_tiles(*site.entry)) return Declined{"it counts tiles already"};
    const symbolic::Facts facts = facts_at(*site.state, *site.entry);
    for (size_t d = 0; d < map.params.size(); ++d) {
      const int64_t size = options.tile_sizes[std::min(d, options.tile_sizes.size() - 1)];
      auto cut = cut_dimension({"MapTiling.rectangular", "MapTiling.divides_evenly"}, map, facts, d, size,
                               options.divides_evenly);
      if (auto* declined = std::get_if<Declined>(&cut)) return *declined;
      plan.cuts.push_back(std::get<Cut>(cut));
    }
    if (!legal("MapTiling.streams", !touches_stream(graph, *site.entry)))
      return Declined{"elements of a stream would be moved in another order"};
    return plan;
  }

  static void apply(SDFG& graph, const Plan& plan) { apply_tiles(graph, plan); }
};

}  // namespace

const rewrite::Transformation map_tiling = rewrite::make_transformation<MapTiling>();

}  // namespace thalweg::transforms
