// Trivial map elimination: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/trivial_map_elimination.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::trivial_map_elimination_test {
namespace {

using tests::declined;
using tests::kSizes;
using tests::one_map;
using transforms::trivial_map_elimination;

TEST(TrivialMapElimination, DimensionsGo) {
  auto graph = tests::graph_of(one_map("i = N - 1, j = 0:M]"));
  EXPECT_EQ(tests::apply_checked(*graph, trivial_map_elimination, kSizes), 1);
  tests::expect_golden("transforms/trivial_dimension.txt", text::print(*graph));
}

// What was before the map is before its contents, also where no data says so.
TEST(TrivialMapElimination, MapsGoAndOrderStays) {
  auto graph =
      tests::graph_of(one_map("i = 2, j = i]",
                              "    n5 = access V\n    n6 = access W\n    n5 -> n6 : V[0:N]\n    n6 -> n1\n"
                              "    n7 = tasklet more() -> (o: float64)\n      o = float64(j)\n    n8 = access V\n"
                              "    n1 -> n7\n    n7.o -> n3.IN_V : V[j]\n    n3.OUT_V -> n8 : V[0:N]\n"));
  EXPECT_EQ(tests::apply_checked(*graph, trivial_map_elimination, kSizes), 1);
  tests::expect_golden("transforms/trivial_map.txt", text::print(*graph));
}

TEST(TrivialMapElimination, FactsMayShowThatThereIsOneIteration) {
  auto graph = tests::graph_of(one_map("i = 0:min(1, N), j = 0:M]"));
  EXPECT_EQ(tests::apply_checked(*graph, trivial_map_elimination, kSizes), 1);
}

TEST(TrivialMapElimination, Declines) {
  EXPECT_EQ(declined(one_map("i = 0:N, j = 0:M]"), trivial_map_elimination),
            "no dimension is known to have one iteration");
  EXPECT_EQ(declined(one_map("i = 0:2, j = 0:min(3, M)]"), trivial_map_elimination),
            "no dimension is known to have one iteration");
  EXPECT_EQ(declined(one_map("i = 1, j = 2] schedule GPU_Device"), trivial_map_elimination),
            "the map makes its contents run as GPU_Device");
}

TEST(TrivialMapElimination, KeepsTheMeaningOfRandomMaps) {
  tests::fuzz(trivial_map_elimination, tests::random_maps, 100);
}

}  // namespace
}  // namespace thalweg::trivial_map_elimination_test
