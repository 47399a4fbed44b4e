// Strip mining: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/strip_mining.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::strip_mining_test {
namespace {

using tests::declined;
using tests::kSizes;
using tests::one_map;
using transforms::strip_mining;

rewrite::Transformation strips(int64_t dimension, int64_t size, bool even = false) {
  return *strip_mining.with({{"dim_idx", dimension}, {"tile_size", size}, {"divides_evenly", even}});
}

TEST(StripMining, CutsOneDimension) {
  auto graph = tests::graph_of(one_map("i = 0:N, j = range(0, (M + 1)//2, 2)]"));
  EXPECT_EQ(tests::apply_checked(*graph, strips(1, 2), kSizes), 1);
  tests::expect_golden("transforms/strip_mining.txt", text::print(*graph));
}

TEST(StripMining, OtherDimensionsMayDependOnIt) {
  auto graph = tests::graph_of(one_map("i = 0:N, j = 0:min(M, i + 1)]"));
  EXPECT_EQ(tests::apply_checked(*graph, strips(0, 2), kSizes), 1);
}

TEST(StripMining, Declines) {
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:min(M, i + 1)]"), strip_mining),
            "the range of j depends on another dimension");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), strips(2, 2)), "it has no dimension 2");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:3]"), strip_mining), "one tile would hold all iterations of j");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), strips(-2, 2, true)),
            "tiles of 2 may not divide the N iterations of i");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]", tests::pushing("n1", "n3"), tests::kStream), strip_mining),
            "elements of a stream would be moved in another order");
}

TEST(StripMining, KeepsTheMeaningOfRandomMaps) { tests::fuzz(strips(-1, 2), tests::random_maps, 100); }
TEST(StripMining, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(strips(0, 2), tests::random_program, 100); }

}  // namespace
}  // namespace thalweg::strip_mining_test
