// Map collapse: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_collapse.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::map_collapse_test {
namespace {

using tests::nested_maps;
using transforms::map_collapse;

std::string outer_reason(const std::string& text) {
  auto graph = tests::graph_of(text);
  return map_collapse.candidates(*graph)[0].declined;
}

TEST(MapCollapse, MakesOneMapOfTwo) {
  auto graph = tests::graph_of(nested_maps("i = 0:N] schedule CPU_Multicore", "j = 0:M]"));
  EXPECT_EQ(tests::apply_checked(*graph, map_collapse, tests::kSizes), 1);
  tests::expect_golden("transforms/map_collapse.txt", text::print(*graph));
}

TEST(MapCollapse, TrianglesStayTriangles) {
  auto graph = tests::graph_of(nested_maps("i = 0:N]", "j = 0:min(M, i + 1)]"));
  EXPECT_EQ(tests::apply_checked(*graph, map_collapse, tests::kSizes), 1);
}

TEST(MapCollapse, Declines) {
  EXPECT_EQ(outer_reason(nested_maps("i = 0:N]", "j = 0:M]", "i, j",
                                     "    n7 = tasklet more() -> (o: float64)\n      o = 1.0\n    n8 = access V\n"
                                     "    n1 -> n7\n    n7.o -> n5.IN_V : V[i]\n    n5.OUT_V -> n8 : V[0:N]\n")),
            "there is more inside than the map inner");
  EXPECT_EQ(outer_reason(nested_maps("i = 0:N] schedule Sequential", "j = 0:M] schedule CPU_Multicore")),
            "the inner map is run as CPU_Multicore, the outer as Sequential");
  EXPECT_EQ(outer_reason(nested_maps("i = 0:N]", "j = 0:M] unroll")), "only one of the maps is to be unrolled");
  EXPECT_EQ(outer_reason(tests::one_map("i = 0:N, j = 0:M]")), "there is no map inside");
}

TEST(MapCollapse, KeepsTheMeaningOfRandomMaps) { tests::fuzz(map_collapse, tests::random_maps, 60); }
TEST(MapCollapse, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(map_collapse, tests::random_program, 40); }

}  // namespace
}  // namespace thalweg::map_collapse_test
