// Fusion in bytes moved: what a trip through memory is worth.
#include "transforms/fusion_cost.h"

#include <gtest/gtest.h>

namespace thalweg::tests {
namespace {

using transforms::fusion_cost;

TEST(FusionCost, OneCopyCostsNothing) {
  EXPECT_EQ(fusion_cost(8, 8, {1000, 0}, 1).repeated, 0);
  EXPECT_TRUE(fusion_cost(1, 8, {1000, 0}, 1).worth());
}

TEST(FusionCost, ThreeTripsOfADoublePayForSixtyFourOperations) {
  EXPECT_EQ(fusion_cost(8, 8, {16, 0}, 5).saved, 24);
  EXPECT_TRUE(fusion_cost(8, 8, {16, 0}, 5).worth());
  EXPECT_FALSE(fusion_cost(8, 8, {17, 0}, 5).worth());
}

TEST(FusionCost, NarrowValuesAreComputedFasterAndMovedFaster) {
  EXPECT_TRUE(fusion_cost(4, 4, {16, 0}, 5).worth());
  EXPECT_FALSE(fusion_cost(4, 4, {17, 0}, 5).worth());
}

TEST(FusionCost, AMaskOfDoublesIsCheapToMoveAndDearToCompute) {
  EXPECT_TRUE(fusion_cost(1, 8, {2, 0}, 5).worth());
  EXPECT_FALSE(fusion_cost(1, 8, {3, 0}, 5).worth());
  EXPECT_EQ(to_string(fusion_cost(1, 8, {8, 0}, 5)),
            "computing it again takes as long as moving 12 bytes an element, and saves 3");
}

}  // namespace
}  // namespace thalweg::tests
