// The golden helper itself: a difference is found, and shown in few lines.
#include "support/golden.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <string>

namespace thalweg::tests {
namespace {

TEST(Golden, EqualTextPasses) { expect_golden("support/three_lines.txt", "one\ntwo\nthree\n"); }

TEST(Golden, DifferentTextFails) {
  if (std::getenv("THALWEG_UPDATE_GOLDEN")) GTEST_SKIP() << "would rewrite the file with the wrong text";
  EXPECT_NONFATAL_FAILURE(expect_golden("support/three_lines.txt", "one\n2\nthree\n"), "- two\n+ 2\n");
  EXPECT_NONFATAL_FAILURE(expect_golden("support/three_lines.txt", "one\ntwo\nthree"), "newline");
  EXPECT_NONFATAL_FAILURE(expect_golden("support/none.txt", ""), "no golden file");
}

TEST(Golden, DiffLeavesOutLongCommonStretches) {
  std::string expected, actual;
  for (int i = 0; i < 20; ++i) expected += std::to_string(i) + "\n";
  actual = expected + "20\n";
  EXPECT_EQ(line_diff(expected, actual), "  ...\n  17\n  18\n  19\n+ 20\n");
}

}  // namespace
}  // namespace thalweg::tests
