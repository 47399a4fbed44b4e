// Strip mining: one dimension of a map is cut into strips, which a map around it counts.
//
//   [i = 0:N, j = 0:M: B[i, j] = f(A[i, j])]
//   ==>                                                                       with dim_idx=1, tile_size=64
//   [tile_j = 0:M:64: [i = 0:N, j = tile_j:tile_j + min(64, M - tile_j): B[i, j] = f(A[i, j])]]
//
// Iterations of maps do not depend on one another, so their order is free. The last strip may be shorter, unless the
// size is known to divide the range.
// Declines when: the range depends on another dimension; all of it fits into a strip; the map counts tiles already; the
// size was asked to divide and may not; elements of a stream would be moved in another order.
#include "transforms/strip_mining.h"

#include "transforms/map_nest.h"
#include "transforms/tile.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct StripMining : OnMaps {
  static constexpr std::string_view name = "StripMining";
  static constexpr std::string_view help = "Cuts one dimension of a map into strips.";
  struct Options {
    int64_t dim_idx = -1;
    int64_t tile_size = 64;
    std::string new_dim_prefix = "tile";
    bool divides_evenly = false;
    static constexpr auto describe() {
      return std::tuple{
          rewrite::option("dim_idx", &Options::dim_idx, "which dimension; negative ones count from the last"),
          rewrite::option("tile_size", &Options::tile_size, "iterations of a strip"),
          rewrite::option("new_dim_prefix", &Options::new_dim_prefix, "of the name of the strips' parameter"),
          rewrite::option("divides_evenly", &Options::divides_evenly,
                          "only where the size is known to divide the range")};
    }
  };
  using Plan = TilePlan;

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site, const Options& options) {
    const MapFields& map = site.entry->scope().get();
    const auto count = static_cast<int64_t>(map.params.size());
    const int64_t dimension = options.dim_idx < 0 ? options.dim_idx + count : options.dim_idx;
    if (dimension < 0 || dimension >= count) return Declined{"it has no dimension " + std::to_string(options.dim_idx)};
    if (counts_tiles(*site.entry)) return Declined{"it counts tiles already"};
    auto cut = cut_dimension({"StripMining.rectangular", "StripMining.divides_evenly"}, map,
                             facts_at(*site.state, *site.entry), static_cast<size_t>(dimension), options.tile_size,
                             options.divides_evenly);
    if (auto* declined = std::get_if<Declined>(&cut)) return *declined;
    if (!legal("StripMining.streams", !touches_stream(graph, *site.entry)))
      return Declined{"elements of a stream would be moved in another order"};
    return Plan{site.state.get(), site.entry.get(), {std::get<Cut>(cut)}, options.new_dim_prefix};
  }

  static void apply(SDFG& graph, const Plan& plan) { apply_tiles(graph, plan); }
};

}  // namespace

const rewrite::Transformation strip_mining = rewrite::make_transformation<StripMining>();

}  // namespace thalweg::transforms
