// Map expansion: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_expansion.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::map_expansion_test {
namespace {

using tests::declined;
using tests::kSizes;
using tests::one_map;
using transforms::map_expansion;

rewrite::Transformation limited(int64_t limit) { return *map_expansion.with({{"expansion_limit", limit}}); }

TEST(MapExpansion, MakesAMapForEachDimension) {
  auto graph = tests::graph_of(one_map("i = 0:N, j = 0:min(M, i + 1), k = 1:2]"));
  EXPECT_EQ(tests::apply_checked(*graph, map_expansion, kSizes), 1);
  tests::expect_golden("transforms/map_expansion.txt", text::print(*graph));
}

TEST(MapExpansion, ALimitKeepsTheRestTogether) {
  auto graph = tests::graph_of(one_map("i = 0:N, j = 0:M, k = 1:2]"));
  auto candidate = limited(2).first(*graph);
  ASSERT_TRUE(candidate.has_value());
  candidate->apply();
  EXPECT_EQ(tests::places(*graph, map_expansion),
            (std::vector<std::string>{"map one[i] in state s: it has one dimension", "map one[j, k] in state s"}));
}

TEST(MapExpansion, Declines) {
  EXPECT_EQ(declined(one_map("i = 0:N]", "", "", "i, 0"), map_expansion), "it has one dimension");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M] collapse 2"), map_expansion),
            "its outer 2 dimensions are to be run as one");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M] schedule GPU_Device"), map_expansion),
            "its dimensions are those of a GPU_Device launch");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), limited(1)), "the limit leaves it as it is");
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), *map_expansion.with({{"inner_schedule", "Fast"}})),
            "no schedule is called 'Fast'");
}

TEST(MapExpansion, KeepsTheMeaningOfRandomMaps) { tests::fuzz(map_expansion, tests::random_maps, 200); }
TEST(MapExpansion, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(map_expansion, tests::random_program, 100); }

}  // namespace
}  // namespace thalweg::map_expansion_test
