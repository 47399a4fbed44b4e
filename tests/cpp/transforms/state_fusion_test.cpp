// State fusion: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/state_fusion.h"

#include "support/golden.h"
#include "transforms/support.h"

namespace thalweg {
namespace {

using tests::declined;
using transforms::state_fusion;

// Two states, each a tasklet, with this between and inside.
std::string two_states(const std::string& first, const std::string& second, const std::string& declarations = "",
                       const std::string& transitions = "") {
  return "sdfg two(A, B, x)\n  symbols N: int64, k: int64\n  array A: float64[N]\n  array B: float64[N]\n"
         "  scalar x: float64\n" +
         declarations + "  assume 3 <= N\n  state s0\n" + first + "  state s1\n" + second + transitions;
}
const char* const kCopy = "    n0 = access A\n    n1 = access B\n    n0 -> n1 : A[0:N]\n";

// A check waits for nothing and stays in front of the access that it guards; what is in bounds anyway does not wait for it.
TEST(StateFusion, ChecksComeBeforeWhatTheyGuard) {
  const std::string check =
      "    n0 = tasklet check() -> ()\n      check(index(k) < index(N), IndexError, 'index {0} is out of bounds', k)\n";
  auto store = [](const std::string& at) {
    return "    n0 = tasklet one() -> (o: float64)\n      o = 1.0\n    n1 = access B\n    n0.o -> n1 : B[" + at + "]\n";
  };
  for (const auto& [at, ordered] : {std::pair<std::string, bool>{"k", true}, {"N - 1", false}}) {
    auto graph = tests::graph_of(two_states(check, store(at)));
    EXPECT_EQ(tests::apply_checked(*graph, state_fusion, {{"N", 5}, {"k", 2}}), 1);
    EXPECT_EQ(text::print(*graph).find("n0 -> n1\n") != std::string::npos, ordered) << text::print(*graph);
  }
}

// The second check may be about a symbol that is set only where the first one holds.
TEST(StateFusion, ChecksKeepTheirOrder) {
  const auto check = [](const std::string& what) {
    return "    n0 = tasklet check() -> ()\n      check(index(" + what + ") < index(N), IndexError, '')\n";
  };
  auto graph = tests::graph_of(two_states(check("k"), check("k + 1")));
  EXPECT_EQ(tests::apply_checked(*graph, state_fusion, {{"N", 5}, {"k", 1}}), 1);
  EXPECT_NE(text::print(*graph).find("n0 -> n1\n"), std::string::npos) << text::print(*graph);
}

// The outer memlet of a map is in bounds, an element inside may not be; a library node may ask for what was checked.
TEST(StateFusion, ChecksComeBeforeScopesAndLibraryNodes) {
  const std::string check =
      "    n0 = tasklet check() -> ()\n      check(index(k) < index(N), IndexError, 'index {0} is out of bounds', k)\n";
  auto map = [](const std::string& at) {
    return "    n0 = access A\n    n1 = map m0[i = 0:N]\n    n2 = tasklet one(a: float64) -> (o: float64)\n      o = "
           "a\n"
           "    n3 = exit n1\n    n4 = access B\n    n0 -> n1.IN_A : A[0:N]\n    n1.OUT_A -> n2.a : A[" +
           at + "]\n    n2.o -> n3.IN_B : B[i]\n    n3.OUT_B -> n4 : B[0:N]\n";
  };
  const std::string largest =
      "    n0 = access A\n    n1 = library Reduce(_in) -> (_out)\n      axes = [0]\n      wcr = wcr(max)\n"
      "    n2 = access s\n    n0 -> n1._in : A[0:N]\n    n1._out -> n2 : s\n";
  const std::string scalar = "  transient scalar s: float64\n";
  for (const auto& [second, ordered] :
       {std::pair<std::string, bool>{map("i"), false}, {map("i*k"), true}, {largest, true}}) {
    auto graph = tests::graph_of(two_states(check, second, scalar));
    EXPECT_EQ(tests::apply_checked(*graph, state_fusion, {{"N", 5}, {"k", 1}}), 1);
    EXPECT_EQ(text::print(*graph).find("n0 -> n2\n") != std::string::npos, ordered) << text::print(*graph);
  }
}

// A copy happens when its target is reached: that waits for the check, and the source may become one with an earlier node.
TEST(StateFusion, ChecksComeBeforeCopies) {
  auto graph = tests::graph_of(two_states(
      "    n0 = access A\n    n1 = access t\n    n0 -> n1 : A[0:N]\n"
      "    n2 = tasklet check() -> ()\n      check(index(k) < index(N), IndexError, 'index {0} is out of bounds', k)\n",
      "    n0 = access t\n    n1 = access B\n    n0 -> n1 : t[0] -> [k]\n", "  transient array t: float64[N]\n"));
  EXPECT_EQ(tests::apply_checked(*graph, state_fusion, {{"N", 5}, {"k", 2}}), 1);
  EXPECT_NE(text::print(*graph).find("n2 -> n3\n"), std::string::npos) << text::print(*graph);
}

TEST(StateFusion, JoinsReadersToTheLastWriter) {
  auto graph = tests::graph_of(R"(
sdfg steps(A, B)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  transient array t: float64[N]
  assume 3 <= N
  state s0
    n0 = access A
    n1 = map m0[i = 0:N]
    n2 = tasklet twice(a: float64) -> (o: float64)
      o = a * 2.0
    n3 = exit n1
    n4 = access t
    n0 -> n1.IN_A : A[0:N]
    n1.OUT_A -> n2.a : A[i]
    n2.o -> n3.IN_t : t[i]
    n3.OUT_t -> n4 : t[0:N]
  state s1
    n0 = access t
    n1 = access B
    n0 -> n1 : t[0:N]
  state s2
    n0 = access B
    n1 = map m1[i = 1:N - 1]
    n2 = tasklet sum(a: float64, b: float64) -> (o: float64)
      o = a + b
    n3 = exit n1
    n4 = access A
    n0 -> n1.IN_B : B[0:N]
    n1.OUT_B -> n2.a : B[i - 1]
    n1.OUT_B -> n2.b : B[i + 1]
    n2.o -> n3.IN_A : A[i]
    n3.OUT_A -> n4 : A[1:N - 1]
)");
  EXPECT_EQ(tests::places(*graph, state_fusion), (std::vector<std::string>{"state s0 -> s1", "state s1 -> s2"}));
  EXPECT_EQ(tests::apply_checked(*graph, state_fusion, {{"N", 5}}), 2);
  tests::expect_golden("transforms/state_fusion.txt", text::print(*graph));
}

// A is read by the first state and overwritten by a copy in the second: the copy waits, although it has no node.
TEST(StateFusion, CopiesWaitForEarlierReaders) {
  auto graph = tests::graph_of(R"(
sdfg waits(A, B, C)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  array C: float64[N]
  assume 3 <= N
  state s0
    n0 = access A
    n1 = access C
    n2 = access B
    n0 -> n1 : A[0:N]
  state s1
    n0 = access B
    n1 = access A
    n0 -> n1 : B[0:N]
)");
  EXPECT_EQ(tests::apply_checked(*graph, state_fusion, {{"N", 5}}), 1);
}

TEST(StateFusion, KeepsTheOrderOfMemoryThatMayOverlap) {
  auto graph = tests::graph_of(R"(
sdfg overlaps(A, B, C)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  array C: float64[N]
  transient reference r: float64[N] targets (A, B)
  assume 3 <= N
  state s
    n0 = access A
    n1 = access r connectors (set) -> ()
    n0 -> n1.set : A[0:N]
  state s0
    n0 = access C
    n1 = access A
    n0 -> n1 : C[0:N]
  state s1
    n0 = access r
    n1 = access B
    n0 -> n1 : r[0:N]
)");
  EXPECT_EQ(tests::apply_checked(*graph, state_fusion, {{"N", 4}}), 1);
}

TEST(StateFusion, Declines) {
  EXPECT_EQ(declined(two_states(kCopy, kCopy), state_fusion), "");
  EXPECT_EQ(declined(two_states(kCopy, kCopy, "", "  transitions\n    s0 -> s1 if x > 0.0\n"), state_fusion),
            "the transition has a condition");
  EXPECT_EQ(declined(two_states(kCopy, kCopy, "", "  transitions\n    s0 -> s1 set k = 3\n"), state_fusion),
            "the transition assigns k");
  EXPECT_EQ(declined(two_states("    n0 = tasklet t() -> (o: float64) side_effects\n      o = 1.0\n    n1 = access x\n"
                                "    n0.o -> n1 : x\n",
                                kCopy),
                     state_fusion),
            "state s0 has side effects, whose order is kept");
  EXPECT_EQ(
      declined(
          two_states(kCopy, "    n0 = access A\n    n1 = access r connectors (set) -> ()\n    n0 -> n1.set : A[0:N]\n",
                     "  transient reference r: float64[N]\n"),
          state_fusion),
      "state s1 sets a reference or view");
  EXPECT_EQ(declined(two_states(kCopy, "    n0 = access x\n    n1 = access S\n    n0 -> n1 : x\n",
                                "  transient stream S: float64\n"),
                     state_fusion),
            "state s1 uses a stream");
}

TEST(StateFusion, DeclinesWhereAnotherWayLeads) {
  auto graph = tests::graph_of(
      two_states(kCopy, kCopy, "", "  state s2\n  transitions\n    s0 -> s1 if x < 0.0\n    s0 -> s2\n    s1 -> s2\n"));
  for (const std::string& place : tests::places(*graph, state_fusion))
    EXPECT_TRUE(place.find("another way") != std::string::npos || place.find("condition") != std::string::npos)
        << place;
}

TEST(StateFusion, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(state_fusion, tests::random_program, 200); }

TEST(StateFusion, KeepsTheMeaningOfRandomChains) { tests::fuzz(state_fusion, tests::random_chain, 500); }

}  // namespace
}  // namespace thalweg
