// Map interchange: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_interchange.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::map_interchange_test {
namespace {

using tests::nested_maps;
using transforms::map_interchange;

std::string outer_reason(const std::string& text, const rewrite::Transformation& transformation = map_interchange) {
  auto graph = tests::graph_of(text);
  return transformation.candidates(*graph)[0].declined;
}

TEST(MapInterchange, SwapsTwoMaps) {
  auto graph = tests::graph_of(nested_maps("i = 0:N] schedule CPU_Multicore", "j = 0:M]"));
  EXPECT_EQ(tests::apply_checked(*graph, map_interchange, tests::kSizes), 1);
  tests::expect_golden("transforms/map_interchange.txt", text::print(*graph));
}

TEST(MapInterchange, Declines) {
  EXPECT_EQ(outer_reason(nested_maps("i = 0:N]", "j = 0:min(M, i + 1)]")),
            "the inner range 0:min(M, i + 1) depends on the outer map");
  EXPECT_EQ(outer_reason(nested_maps("i = 0:N]", "j = 0:M]", "i, j",
                                     "    n7 = tasklet more() -> (o: float64)\n      o = 1.0\n    n8 = access V\n"
                                     "    n1 -> n7\n    n7.o -> n5.IN_V : V[i]\n    n5.OUT_V -> n8 : V[0:N]\n")),
            "there is more inside than the map inner");
  EXPECT_EQ(outer_reason(nested_maps("i = 0:N]", "j = 0:M]", "i, j",
                                     "    p0 = tasklet push() -> (o: float64)\n      o = 1.0\n    p1 = access X\n"
                                     "    n2 -> p0\n    p0.o -> n4.IN_X : X\n    n4.OUT_X -> n5.IN_X : X\n"
                                     "    n5.OUT_X -> p1 : X\n",
                                     tests::kStream)),
            "elements of a stream would be moved in another order");
  EXPECT_EQ(outer_reason(nested_maps("i = 0:N]", "j = 0:M]"), *map_interchange.with({{"outermost", "i"}})),
            "its inner map runs over j, not i");
  EXPECT_EQ(outer_reason(tests::one_map("i = 0:N, j = 0:M]")), "there is no map inside");
}

TEST(MapInterchange, KeepsTheMeaningOfRandomMaps) { tests::fuzz(map_interchange, tests::random_maps, 60); }
TEST(MapInterchange, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(map_interchange, tests::random_program, 40); }

}  // namespace
}  // namespace thalweg::map_interchange_test
