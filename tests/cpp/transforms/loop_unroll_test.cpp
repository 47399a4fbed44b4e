// Loop unrolling: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/loop_unroll.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::loop_unroll_test {
namespace {

using tests::declined;
using transforms::loop_unroll;

std::string program(const std::string& loop, const std::string& more = "") {
  return "sdfg program(A, x, n)\n  symbols N: int64, n: pyint, k: int64, j: int64\n  array A: float64[N]\n"
         "  scalar x: float64\n  assume 8 <= N\n  state first\n  set j = 0\n  loop l " +
         loop + R"(
    state s
      n0 = access A
      n1 = tasklet t(_x) -> (o)
        o = _x + float64(j)
      n2 = access A
      n0 -> n1._x : A[k]
      n1.o -> n2 : A[k + 1]
)" + more +
         R"(  state last
    n0 = tasklet t() -> (o)
      o = float64(k)
    n1 = access A
    n0.o -> n1 : A[0]
)";
}
const char* const kThree = "var k from 0 while index(k) < 5 update index(k + 2)";

TEST(LoopUnroll, CopiesTheBody) {
  auto graph = tests::graph_of(program(kThree, "    set j = index(j + k)\n    state more\n"));
  EXPECT_EQ(tests::apply_checked(*graph, loop_unroll, {{"N", 8}, {"n", 3}}), 1);
  tests::expect_golden("transforms/loop_unroll.txt", text::print(*graph));
  auto ways = tests::graph_of(program(kThree,
                                      "    state a\n    state b\n    transitions\n      s -> a if x > 0.0\n"
                                      "      s -> b\n      a -> b set j = 2\n"));
  EXPECT_EQ(tests::apply_checked(*ways, loop_unroll, {{"N", 8}, {"n", 3}}), 1);
}

TEST(LoopUnroll, Declines) {
  EXPECT_EQ(declined(program(kThree), loop_unroll), "");
  EXPECT_EQ(declined(program("var k from 0 while index(k) < index(n) update index(k + 2)"), loop_unroll),
            "its number of turns is no constant");
  EXPECT_EQ(declined(program("var k from 0 while index(k) < 9 update index(k + 1)"), loop_unroll),
            "its copies would be too large");
  EXPECT_EQ(declined(program("var k from 0 while x > 0.0 update index(k + 1)"), loop_unroll), "it does not count");
  EXPECT_EQ(declined(program("var k from 3 while index(k) < 3 update index(k + 1)"), loop_unroll), "it never runs");
  EXPECT_EQ(
      declined(program("var k from 0 while bool(pyindex(k) + pyint(1) < pyint(4)) update index(k + 1)"), loop_unroll),
      "its condition or variable may raise an exception");
  EXPECT_EQ(
      declined(program(kThree, "    conditional c\n      branch b if x > 0.0\n        continue on\n    state more\n"),
               loop_unroll),
      "its body leaves it early");
  EXPECT_EQ(declined(program(kThree, "    return out\n"), loop_unroll), "its body leaves it early");
}

TEST(LoopUnroll, KeepsTheMeaningOfRandomFlow) { tests::fuzz(loop_unroll, tests::random_flow, 100); }

}  // namespace
}  // namespace thalweg::loop_unroll_test
