// Horizontal map fusion: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_fusion_horizontal.h"

#include "support/golden.h"
#include "support/random_maps.h"
#include "transforms/maps.h"
#include "transforms/support.h"

namespace thalweg::map_fusion_horizontal_test {
namespace {

using tests::declined;
using transforms::map_fusion_horizontal;

struct Pieces {
  std::string range = "p = 0:N, q = 0:M]", at = "p, q", read = "A", connector = "a", more, declarations;
  std::string source = "    n5 = access A\n";
};

// B = f(A) and C = g(A), by two maps.
std::string two_maps(const Pieces& p = {}) {
  return tests::one_map("i = 0:N, j = 0:M]",
                        p.source + "    n6 = map two[" + p.range + "\n    n7 = tasklet second(" + p.connector +
                            ": float64) -> (o: float64)\n      o = " + p.connector +
                            " + float64(p)\n    n8 = exit n6\n    n9 = access C\n    n5 -> n6.IN_x : " + p.read +
                            "[0:N, 0:M]\n    n6.OUT_x -> n7." + p.connector + " : " + p.read + "[" + p.at +
                            "]\n    n7.o -> n8.IN_C : C[" + p.at + "]\n    n8.OUT_C -> n9 : C[0:N, 0:M]\n" + p.more,
                        p.declarations);
}

TEST(MapFusionHorizontal, MakesOneMapOfTwo) {
  Pieces p;
  p.source = "    n5 = access W\n";
  std::string text = two_maps();
  auto graph = tests::graph_of(text);
  EXPECT_EQ(tests::apply_checked(*graph, map_fusion_horizontal, tests::kSizes), 1);
  tests::expect_golden("transforms/map_fusion_horizontal.txt", text::print(*graph));
}

TEST(MapFusionHorizontal, WhatBothReadIsReadOnce) {
  std::string text = two_maps();
  text.replace(text.find("    n5 = access A\n"), 18, "");
  text.replace(text.find("    n5 -> n6"), 12, "    n0 -> n6");
  auto graph = tests::graph_of(text);
  const rewrite::Transformation common = *map_fusion_horizontal.with({{"only_if_common_ancestor", true}});
  EXPECT_EQ(tests::apply_checked(*graph, common, tests::kSizes), 1);
  tests::expect_golden("transforms/map_fusion_horizontal_shared.txt", text::print(*graph));
}

TEST(MapFusionHorizontal, Declines) {
  Pieces p;
  p.range = "p = 1:N, q = 0:M]";
  EXPECT_EQ(declined(two_maps(p), map_fusion_horizontal), "one runs over 0:N, 0:M, the other over 1:N, 0:M");
  p = {};
  p.range = "p = 0:N, q = 0:M] schedule Sequential";
  EXPECT_EQ(declined(two_maps(p), map_fusion_horizontal), "one is run as Default, the other as Sequential");
  p = {};
  p.range = "p = 0:N, q = 0:M] unroll";
  EXPECT_EQ(declined(two_maps(p), map_fusion_horizontal), "only one of the maps is to be unrolled");
  p = {};
  p.source = "", p.read = "B";
  std::string text = two_maps(p);
  text.replace(text.find("n5 -> n6"), 8, "n4 -> n6");
  EXPECT_EQ(declined(text, map_fusion_horizontal), "one depends on the other");
  p = {};
  p.connector = "j";
  EXPECT_EQ(declined(two_maps(p), map_fusion_horizontal), "'j' means something else in the map two");
  p = {};
  p.more = tests::pushing("n6", "n8");
  p.declarations = tests::kStream;
  EXPECT_EQ(declined(two_maps(p), map_fusion_horizontal), "elements of a stream are moved");
  EXPECT_EQ(declined(two_maps(), *map_fusion_horizontal.with({{"only_if_common_ancestor", true}})),
            "they read nothing in common");
}

TEST(MapFusionHorizontal, KeepsTheMeaningOfRandomMaps) { tests::fuzz(map_fusion_horizontal, tests::random_maps, 40); }
TEST(MapFusionHorizontal, KeepsTheMeaningOfRandomChains) {
  tests::fuzz(map_fusion_horizontal, [](uint64_t seed) { return tests::in_one_state(tests::random_chain(seed)); }, 40);
}

}  // namespace
}  // namespace thalweg::map_fusion_horizontal_test
