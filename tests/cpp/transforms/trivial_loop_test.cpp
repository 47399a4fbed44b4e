// Trivial loop elimination: what it leaves, where it declines, and that random graphs keep their meaning.
#include "transforms/trivial_loop.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::trivial_loop_test {
namespace {

using tests::declined;
using transforms::trivial_loop;

// A[k] = x in a loop; then A[0] = k.
std::string program(const std::string& loop, const std::string& more = "") {
  return "sdfg program(A, x, n)\n  symbols N: int64, n: pyint, k: int64, j: int64\n  array A: float64[N]\n"
         "  scalar x: float64\n  assume 8 <= N\n  state first\n  set k = 4, j = 1\n  loop l " +
         loop + R"(
    state s
      n0 = access x
      n1 = tasklet t(_x) -> (o)
        o = _x
      n2 = access A
      n0 -> n1._x : x
      n1.o -> n2 : A[k]
)" + more +
         R"(  state last
    n0 = tasklet t() -> (o)
      o = float64(k)
    n1 = access A
    n0.o -> n1 : A[0]
)";
}

TEST(TrivialLoop, OneTurnAndNone) {
  auto graph = tests::graph_of(program("var k from 2 while index(k) < 3 update index(k + 1)",
                                       "    loop inner var j from index(N) while index(j) < 8 update index(j + 1)\n"
                                       "      state body\n"));
  EXPECT_EQ(tests::apply_checked(*graph, trivial_loop, {{"N", 8}, {"n", 3}}), 2);
  tests::expect_golden("transforms/trivial_loop.txt", text::print(*graph));
  for (const char* loop : {"var k from 2 while False update index(k + 1)", "while False",
                           "var k from 2 while index(k) < 2 update index(k + 1) inverted",
                           "var k from 2 while index(k) < 2 update index(k + 1) inverted condition_before_update",
                           "var k from index(N - 1) while index(k) < index(N) update index(k + 3)",
                           "var k from 3 while index(k) > 2 update index(k - 1)"}) {
    auto other = tests::graph_of(program(loop));
    EXPECT_EQ(tests::apply_checked(*other, trivial_loop, {{"N", 8}, {"n", 3}}), 1) << loop;
  }
}

// Declared on, it would be a symbol that the caller gives.
TEST(TrivialLoop, ForgetsWhatOnlyItsBodyAssigned) {
  auto graph = tests::graph_of(
      "sdfg f(A)\n  symbols N: int64, i: int64, m: int64\n  array A: float64[N]\n  assume 8 <= N\n  state first\n"
      "  loop l var i from 0 while index(i) < 0 update index(i + 1)\n    state a\n    set m = i + 1\n    state b\n"
      "      n0 = tasklet t() -> (o)\n        o = 1.0\n      n1 = access A\n      n0.o -> n1 : A[m]\n");
  EXPECT_EQ(tests::apply_checked(*graph, trivial_loop, {{"N", 8}}), 1);
  EXPECT_FALSE(graph->get().symbols.count("m"));
}

TEST(TrivialLoop, Declines) {
  const std::string once = "var k from 2 while index(k) < 3 update index(k + 1)";
  EXPECT_EQ(declined(program(once), trivial_loop), "");
  EXPECT_EQ(declined(program("var k from 2 while index(k) < 4 update index(k + 1)"), trivial_loop),
            "it may run more than once");
  EXPECT_EQ(declined(program("var k from 2 while index(k) < index(n) update index(k + 1)"), trivial_loop),
            "it may run or not");
  EXPECT_EQ(
      declined(program("var k from 2 while bool(pyindex(k) + pyint(1) < pyint(4)) update index(k + 1)"), trivial_loop),
      "its condition may raise an exception");
  EXPECT_EQ(declined(program("var k from int64(x) while index(k) < 4 update index(k + 1)"), trivial_loop),
            "the first value of k is not known");
  EXPECT_EQ(declined(program(once, "    conditional c\n      branch b if x > 0.0\n        break out\n"), trivial_loop),
            "its body leaves it early");
  EXPECT_EQ(declined(program("var k from 2 while index(k) < 3 update index(k + j)", "    set j = 0\n    state more\n"),
                     trivial_loop),
            "what its condition reads is assigned in its body");
}

TEST(TrivialLoop, KeepsTheMeaningOfRandomFlow) { tests::fuzz(trivial_loop, tests::random_flow, 100); }

}  // namespace
}  // namespace thalweg::trivial_loop_test
