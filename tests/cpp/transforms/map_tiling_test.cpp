// Map tiling: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_tiling.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::map_tiling_test {
namespace {

using tests::declined;
using tests::kSizes;
using tests::one_map;
using transforms::map_tiling;

rewrite::Transformation tiles(const std::vector<int64_t>& sizes, bool even = false) {
  return *map_tiling.with({{"tile_sizes", sizes}, {"divides_evenly", even}});
}

TEST(MapTiling, CutsEveryDimension) {
  auto graph = tests::graph_of(one_map("i = 0:N, j = 1:M]"));
  EXPECT_EQ(tests::apply_checked(*graph, tiles({2, 3}), kSizes), 1);
  tests::expect_golden("transforms/map_tiling.txt", text::print(*graph));
}

TEST(MapTiling, WholeTilesNeedNoMinimum) {
  auto graph = tests::graph_of(one_map("i = 0:2*it + 2, j = 0:M]", "", "  assume 0 <= it\n  assume it <= 0\n"));
  EXPECT_EQ(declined(text::print(*graph), tiles({2})), "one tile would hold all iterations of i");
  graph = tests::graph_of(tests::matrices(
      "    n0 = access t\n    n1 = map one[i = 0:64]\n    n2 = tasklet first() -> (o: float64)\n      o = float64(i)\n"
      "    n3 = exit n1\n    n1 -> n2\n    n2.o -> n3.IN_t : t[i]\n    n3.OUT_t -> n0 : t[0:64]\n",
      "  transient array t: float64[64]\n"));
  EXPECT_EQ(tests::apply_checked(*graph, tiles({16}, true), kSizes), 1);
  EXPECT_EQ(text::print(*graph).find("min("), std::string::npos) << text::print(*graph);
}

TEST(MapTiling, TilesMayBeCutAgain) {
  auto graph = tests::graph_of(one_map("i = 0:N, j = 0:M]"));
  EXPECT_EQ(tests::apply_checked(*graph, tiles({32}), kSizes), 1);
  EXPECT_EQ(tests::apply_checked(*graph, tiles({4}), kSizes), 1);
  EXPECT_EQ(tests::places(*graph, tiles({4})),
            (std::vector<std::string>{"map one[tile_i, tile_j] in state s: it counts tiles already",
                                      "map one[tile_i_0, tile_j_0] in state s: it counts tiles already",
                                      "map one[i, j] in state s: one tile would hold all iterations of i"}));
}

TEST(MapTiling, Declines) {
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:min(M, i + 1)]"), map_tiling),
            "the range of j depends on another dimension");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:3]"), map_tiling), "one tile would hold all iterations of j");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), tiles({2}, true)),
            "tiles of 2 may not divide the N iterations of i");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), tiles({2, 1})), "a tile of 1 iterations is none");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), tiles({})), "no tile sizes are given");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]", tests::pushing("n1", "n3"), tests::kStream), map_tiling),
            "elements of a stream would be moved in another order");
}

TEST(MapTiling, OptionsAreChecked) {
  auto unknown = map_tiling.with({{"tile_size", int64_t{2}}});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code + ": " + unknown.error().message, "TW0641: MapTiling has no option 'tile_size'");
  EXPECT_EQ(unknown.error().fix, "write one of tile_sizes, prefix, divides_evenly");
  auto wrong = map_tiling.with({{"tile_sizes", "many"}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code + ": " + wrong.error().message,
            "TW0642: option 'tile_sizes' is a list of integers, but 'many' is given");
}

TEST(MapTiling, KeepsTheMeaningOfRandomMaps) { tests::fuzz(tiles({2, 3}), tests::random_maps, 100); }
TEST(MapTiling, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(tiles({2}), tests::random_program, 100); }

}  // namespace
}  // namespace thalweg::map_tiling_test
