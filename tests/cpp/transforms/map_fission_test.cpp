// Map fission: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_fission.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::map_fission_test {
namespace {

using tests::declined;
using tests::kSizes;
using transforms::map_fission;

struct Pieces {
  std::string range = "i = 0:N, j = 0:M", at = "i, j";
  std::string temporary = "  transient scalar x: float64\n", element = "x";
  std::string store = "o = a * 2.0", load = "o = a + 1.0";
  std::string more, declarations;
};

// B = g(x) with x = f(A), in one map.
std::string two_parts(const Pieces& p = {}) {
  return tests::matrices("    n0 = access A\n    n1 = map one[" + p.range +
                             "]\n    n2 = tasklet first(a: float64) -> (o: float64)\n      " + p.store +
                             "\n    n3 = access x\n    n4 = tasklet second(a: float64) -> (o: float64)\n      " +
                             p.load + "\n    n5 = exit n1\n    n6 = access B\n    n0 -> n1.IN_A : A[0:N, 0:M]\n" +
                             "    n1.OUT_A -> n2.a : A[" + p.at + "]\n    n2.o -> n3 : " + p.element +
                             "\n    n3 -> n4.a : " + p.element + "\n    n4.o -> n5.IN_B : B[" + p.at +
                             "]\n    n5.OUT_B -> n6 : B[0:N, 0:M]\n" + p.more,
                         p.temporary + p.declarations);
}

TEST(MapFission, TemporariesBecomeArrays) {
  auto graph = tests::graph_of(two_parts());
  EXPECT_EQ(tests::apply_checked(*graph, map_fission, kSizes), 1);
  tests::expect_golden("transforms/map_fission.txt", text::print(*graph));
}

TEST(MapFission, PartsWithoutDataBetweenThemKeepTheirOrder) {
  // A[i, j] is overwritten once the first part has read it.
  auto graph = tests::graph_of(tests::one_map("i = 1:N, j = 0:M]",
                                              "    n5 = tasklet second() -> (o: float64)\n      o = 1.0\n"
                                              "    n6 = access A\n    n2 -> n5\n    n5.o -> n3.IN_A : A[i, j]\n"
                                              "    n3.OUT_A -> n6 : A[0:N, 0:M]\n"));
  EXPECT_EQ(tests::apply_checked(*graph, map_fission, kSizes), 1);
  tests::expect_golden("transforms/map_fission_in_place.txt", text::print(*graph));
}

TEST(MapFission, StepsAndElementsOfSmallArrays) {
  Pieces p;
  p.range = "i = range(1, N//2, 2), j = 0:M";
  p.temporary = "  transient array x: float64[3]\n";
  p.element = "x[1]";
  auto graph = tests::graph_of(two_parts(p));
  EXPECT_EQ(tests::apply_checked(*graph, map_fission, kSizes), 1);
}

TEST(MapFission, Declines) {
  EXPECT_EQ(declined(tests::one_map("i = 0:N, j = 0:M]"), map_fission), "its body is one part");
  Pieces p;
  p.range = "i = 0:N, j = 0:min(M, i + 1)";
  EXPECT_EQ(declined(two_parts(p), map_fission), "the number of iterations of j depends on another dimension");
  p = {};
  p.temporary = "  transient array x: float64[3]\n";
  p.element = "x[0:3]";
  p.store = "o[0] = a\n      o[1] = a\n      o[2] = a";
  p.load = "o = a[1]";
  EXPECT_EQ(declined(two_parts(p), map_fission), "code sees x as an array");
  p = {};
  p.more = "  state t\n    n0 = access x\n    n1 = tasklet last() -> (o: float64)\n      o = 1.0\n    n1.o -> n0 : x\n";
  EXPECT_EQ(declined(two_parts(p), map_fission), "x is used outside of an iteration, too");
  p = {};
  p.more = tests::pushing("n1", "n5");
  p.declarations = tests::kStream;
  EXPECT_EQ(declined(two_parts(p), map_fission), "elements of a stream would be moved in another order");
}

TEST(MapFission, DeclinesWhereTheExtentDependsOnAMapAround) {
  auto graph = tests::graph_of(tests::matrices(R"(    n0 = map outer[i = 0:N]
    n1 = map one[j = 0:min(M, i + 1)]
    n2 = tasklet first() -> (o: float64)
      o = float64(j)
    n3 = access x
    n4 = tasklet second(a: float64) -> (o: float64)
      o = a + 1.0
    n5 = exit n1
    n6 = exit n0
    n7 = access B
    n0 -> n1
    n1 -> n2
    n2.o -> n3 : x
    n3 -> n4.a : x
    n4.o -> n5.IN_B : B[i, j]
    n5.OUT_B -> n6.IN_B : B[i, 0:M]
    n6.OUT_B -> n7 : B[0:N, 0:M]
)",
                                               "  transient scalar x: float64\n"));
  EXPECT_EQ(tests::places(*graph, map_fission),
            (std::vector<std::string>{"map outer[i] in state s: its body is one part",
                                      "map one[j] in state s: the number of iterations of j depends on a map around"}));
}

TEST(MapFission, KeepsTheMeaningOfRandomMaps) { tests::fuzz(map_fission, tests::random_maps, 150); }
TEST(MapFission, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(map_fission, tests::random_program, 40); }

}  // namespace
}  // namespace thalweg::map_fission_test
