// Dead state elimination: what it removes, where it declines, and that random graphs keep their meaning.
#include "transforms/dead_state.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::dead_state_test {
namespace {

using tests::declined;
using transforms::dead_state;

std::string program(const std::string& body, const std::string& declarations = "") {
  return "sdfg program(A, B, x, n)\n  symbols N: int64, n: pyint, k: int64\n  array A: float64[N]\n"
         "  array B: float64[N]\n  scalar x: float64\n" +
         declarations + "  assume 3 <= N\n" + body;
}
std::string copy(const std::string& from, const std::string& to, int depth) {
  const std::string in(static_cast<size_t>(2 * depth), ' ');
  return in + "n0 = access " + from + "\n" + in + "n1 = access " + to + "\n" + in + "n0 -> n1 : " + from + "[0:N]\n";
}

TEST(DeadState, KeepsWhatIsReached) {
  auto graph =
      tests::graph_of(program("  conditional known\n    branch no if index(N) < 2\n      state s0\n" +
                              copy("A", "B", 4) + "    branch yes if index(N) >= 1 and index(N) > 2\n" +
                              "      state s1\n" + copy("B", "A", 4) + "    branch other\n      state s2\n" +
                              copy("A", "B", 4) + "  region ways\n    state a\n    state b\n" + copy("A", "B", 3) +
                              "    state c\n    state d\n    transitions\n      a -> b if False\n"
                              "      a -> c if index(N) > 0\n      a -> d\n      b -> c\n"));
  EXPECT_EQ(tests::apply_checked(*graph, dead_state, {{"N", 5}, {"n", 2}}), 5);
  tests::expect_golden("transforms/dead_state.txt", text::print(*graph));
}

TEST(DeadState, FollowsLoopsAndBranchesAround) {
  auto graph = tests::graph_of(
      program("  loop l var k from 1 while index(k) < index(N) update index(k + 1)\n    conditional positive\n"
              "      branch yes if index(k) > 0\n        state s0\n" +
              copy("A", "B", 5) + "      branch no\n        state s1\n" + copy("B", "A", 5) +
              "    conditional large\n"
              "      branch some if index(n) > 5\n        conditional again\n          branch never if index(n) < 3\n"
              "            state s2\n" +
              copy("B", "A", 7)));
  EXPECT_EQ(tests::places(*graph, dead_state),
            (std::vector<std::string>{"branch yes of positive", "branch no of positive: it has no condition",
                                      "branch some of large: its condition may hold or not", "branch never of again"}));
  EXPECT_EQ(tests::apply_checked(*graph, dead_state, {{"N", 5}, {"n", 7}}), 2);
}

TEST(DeadState, Declines) {
  const std::string body = "      state s\n" + copy("A", "B", 4);
  auto choice = [&](const std::string& condition) {
    return program("  conditional c\n    branch b if " + condition + "\n" + body);
  };
  EXPECT_EQ(declined(choice("x > 0.5"), dead_state), "its condition may hold or not");
  EXPECT_EQ(declined(choice("index(n) < 7"), dead_state), "its condition may hold or not");
  EXPECT_EQ(declined(choice("bool(pyindex(n) + pyint(1) > pyindex(n))"), dead_state),
            "its condition may raise an exception");
  EXPECT_EQ(declined(choice("index(N) > 2"), dead_state), "");
  // A symbol that is assigned may have left what was assumed about it.
  auto graph =
      tests::graph_of(program("  state s0\n  set N = 2\n  conditional c\n    branch b if index(N) > 2\n" + body));
  EXPECT_EQ(tests::places(*graph, dead_state),
            (std::vector<std::string>{"branch b of c: its condition may hold or not"}));
}

// What is made in a branch has a size where the branch is taken, and says nothing outside.
TEST(DeadState, TransientsDoNotDecide) {
  const std::string made = "  transient array t: float64[N - 4]\n";
  const std::string body =
      "      state s\n        n0 = access A\n        n1 = access t\n        n0 -> n1 : A[0:N - 4]\n";
  EXPECT_EQ(declined(program("  conditional c\n    branch b if index(N) >= 4\n" + body, made), dead_state),
            "its condition may hold or not");
}

TEST(DeadState, ReachedBlocksStay) {
  auto graph = tests::graph_of(program("  state a\n  state b\n" + copy("A", "B", 2) +
                                       "  state c\n  transitions\n    a -> b if x > 0.0\n    a -> c\n"));
  EXPECT_EQ(tests::places(*graph, dead_state),
            (std::vector<std::string>{"transition a -> b: its condition may hold or not",
                                      "transition a -> c: it has no condition", "block b: it can be reached",
                                      "block c: it can be reached"}));
}

TEST(DeadState, KeepsTheMeaningOfRandomFlow) { tests::fuzz(dead_state, tests::random_flow, 200); }

TEST(DeadState, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(dead_state, tests::random_program, 1); }

}  // namespace
}  // namespace thalweg::dead_state_test
