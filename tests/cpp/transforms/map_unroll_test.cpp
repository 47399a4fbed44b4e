// Map unrolling: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_unroll.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::map_unroll_test {
namespace {

using tests::declined;
using tests::kSizes;
using tests::one_map;
using transforms::map_unroll;

// B[i, 0] = f(A[i, 0]) with a temporary in between.
std::string with_temporary(const std::string& range) {
  return tests::matrices("    n0 = access A\n    n1 = map one[" + range + R"(]
    n2 = tasklet first(a: float64) -> (o: float64)
      o = a * 2.0 + float64(i)
    n3 = access x
    n4 = tasklet second(a: float64) -> (o: float64)
      o = a + 1.0
    n5 = exit n1
    n6 = access B
    n0 -> n1.IN_A : A[0:N, 0:M]
    n1.OUT_A -> n2.a : A[i, 0]
    n2.o -> n3 : x
    n3 -> n4.a : x
    n4.o -> n5.IN_B : B[i, 0]
    n5.OUT_B -> n6 : B[0:N, 0:M]
)",
                         "  transient scalar x: float64\n");
}

TEST(MapUnroll, ReplacesAMapByItsContents) {
  auto graph = tests::graph_of(with_temporary("i = 1:3"));
  EXPECT_EQ(tests::apply_checked(*graph, map_unroll, kSizes), 1);
  tests::expect_golden("transforms/map_unroll.txt", text::print(*graph));
}

TEST(MapUnroll, TrianglesOfConstantsHaveConstantSizes) {
  auto graph = tests::graph_of(one_map("i = 0:2, j = 0:i + 1]"));
  EXPECT_EQ(tests::apply_checked(*graph, map_unroll, kSizes), 1);
}

TEST(MapUnroll, Declines) {
  EXPECT_EQ(declined(one_map("i = 0:2, j = 0:M]"), map_unroll), "the number of iterations of j, M, is no constant");
  EXPECT_EQ(declined(one_map("i = 0:3, j = 0:2]"), map_unroll), "it has more than 4 iterations");
  EXPECT_EQ(declined(one_map("i = 0:2, j = 0:2] schedule GPU_Device"), map_unroll),
            "the map makes its contents run as GPU_Device");
  EXPECT_EQ(declined(one_map("i = 0:2, j = 0:2]", tests::pushing("n1", "n3"), tests::kStream), map_unroll),
            "elements of a stream would be moved in another order");
  EXPECT_EQ(declined(one_map("i = 0:0, j = 0:2]"), map_unroll), "it has no iterations");
  EXPECT_EQ(declined(one_map("i = 0:3, j = 0:2]"), *map_unroll.with({{"limit", int64_t{6}}})), "");
}

TEST(MapUnroll, KeepsTheMeaningOfRandomMaps) {
  tests::fuzz(*map_unroll.with({{"limit", int64_t{6}}}), tests::random_maps, 100);
}

}  // namespace
}  // namespace thalweg::map_unroll_test
