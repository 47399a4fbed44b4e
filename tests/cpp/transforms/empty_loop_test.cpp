// Empty loop elimination: what it leaves, where it declines, and that random graphs keep their meaning.
#include "transforms/empty_loop.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::empty_loop_test {
namespace {

using tests::declined;
using transforms::empty_loop;

std::string program(const std::string& loop, const std::string& body = "    state s\n") {
  return "sdfg program(A, x, n, a)\n  symbols N: int64, n: pyint, k: int64, a: int64\n  array A: float64[N]\n"
         "  scalar x: float64\n  assume 8 <= N\n  loop l " +
         loop + "\n" + body + R"(  state last
    n0 = tasklet t() -> (o)
      o = float64(k)
    n1 = access A
    n0.o -> n1 : A[0]
)";
}
const char* const kCounts = "var k from 0 while index(k) < index(n) update index(k + 1)";

TEST(EmptyLoop, LeavesTheLastValue) {
  auto graph = tests::graph_of(program(kCounts,
                                       "    state s0\n    conditional c\n      branch b if x > 0.0\n"
                                       "        state s1\n    state s2\n"));
  EXPECT_EQ(tests::apply_checked(*graph, empty_loop, {{"N", 8}, {"n", 3}, {"a", 0}}), 1);
  tests::expect_golden("transforms/empty_loop.txt", text::print(*graph));
  for (int64_t n : {-2, 0, 1, 7})
    for (const char* loop : {kCounts, "var k from 3 while index(k) > index(n) update index(k - 1)",
                             "var k from 1 while index(k) < 7 update index(k + 4)"}) {
      auto other = tests::graph_of(program(loop));
      EXPECT_EQ(tests::apply_checked(*other, empty_loop, {{"N", 8}, {"n", n}, {"a", 0}}), 1);
    }
}

TEST(EmptyLoop, Declines) {
  EXPECT_EQ(declined(program(kCounts), empty_loop), "");
  EXPECT_EQ(
      declined(program(kCounts, "    state s0\n      n0 = access x\n      n1 = access A\n      n0 -> n1 : x -> [0]\n"),
               empty_loop),
      "it has a body");
  EXPECT_EQ(declined(program(kCounts, "    state s\n    break out\n"), empty_loop), "it has a body");
  EXPECT_EQ(declined(program("var k from 0 while x > 0.0 update index(k + 1)"), empty_loop), "it is not known to end");
  EXPECT_EQ(declined(program("var k from 0 while index(k) < index(n) update index(k)"), empty_loop),
            "it is not known to end");
  EXPECT_EQ(
      declined(program("var k from 0 while bool(pyindex(k) < pyindex(n) * pyint(2)) update index(k + 1)"), empty_loop),
      "its condition or variable may raise an exception");
  EXPECT_EQ(declined(program("var k from index(a) while index(k) < index(n) update index(k + 2)"), empty_loop),
            "the last value of k is not known to fit into 64 bits");
}

TEST(EmptyLoop, KeepsTheMeaningOfRandomFlow) { tests::fuzz(empty_loop, tests::random_flow, 20); }

}  // namespace
}  // namespace thalweg::empty_loop_test
