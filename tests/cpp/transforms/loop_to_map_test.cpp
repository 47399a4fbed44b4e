// Loop to map: what it makes, where it declines and why, and that random loops keep their meaning.
#include "transforms/loop_to_map.h"

#include "sets/budget.h"
#include "support/golden.h"
#include "support/loop_text.h"
#include "transforms/random_loops.h"
#include "transforms/support.h"

namespace thalweg {
namespace {

using tests::state_of;
using tests::Step;
using transforms::loop_to_map;

std::string program(const std::string& body, const std::string& declarations = "") {
  return "sdfg f(a, b, m)\n  symbols N: int64, i: int64, j: int64, k: int64\n  array a: float64[N]\n"
         "  array b: float64[N]\n  array m: float64[N, N]\n  transient scalar s: float64\n" +
         declarations + "  assume 3 <= N\n" + body;
}

// for i in range(1, N - 1)
std::string loop_of(const std::vector<Step>& steps, const std::string& header = "from 1 while i < N - 1 update i + 1") {
  std::string body = "  loop l var i " + header + "\n";
  for (size_t k = 0; k < steps.size(); ++k) body += state_of(steps[k], "s" + std::to_string(k), "    ");
  return body;
}

std::string declined(const std::string& body, const std::string& declarations = "") {
  return tests::declined(program(body, declarations), loop_to_map);
}

TEST(LoopToMap, TakesTheBodyWithItsBranchesAndTemporaries) {
  auto graph = tests::graph_of(program(
      "  loop l var i from N - 2 while i >= 1 update i - 1\n" + state_of({"s", {"a[i]", "a[i + 1]"}}, "s0", "    ") +
      "    conditional c\n      branch large if s > 2.5\n" + state_of({"b[i]", {"s"}}, "s1", "        ") +
      "      branch small\n" + state_of({"b[i]", {"a[i - 1]"}}, "s2", "        ")));
  EXPECT_EQ(tests::places(*graph, loop_to_map), std::vector<std::string>{"loop l"});
  EXPECT_EQ(tests::apply_checked(*graph, loop_to_map, {{"N", 7}}), 1);
  tests::expect_golden("transforms/loop_to_map.txt", text::print(*graph));
}

TEST(LoopToMap, LeavesTheVariableItsLastValue) {
  auto graph = tests::graph_of(program(loop_of({{"b[i]", {"a[i]"}}}) + state_of({"a[i - 1]", {}}, "s9", "  ")));
  EXPECT_EQ(tests::apply_checked(*graph, loop_to_map, {{"N", 6}}), 1);
}

TEST(LoopToMap, AppliesToLoopsInLoops) {
  const std::string inner = "    loop l2 var j from 0 while j < i update j + 1\n";
  auto graph = tests::graph_of(program("  loop l var i from 0 while i < N update i + 1\n" + inner +
                                       state_of({"m[i, j]", {"m[j, i]"}}, "s0", "      ")));
  EXPECT_EQ(tests::apply_checked(*graph, loop_to_map, {{"N", 5}}), 2);
  // The outer loop waits, the inner one does not.
  auto rows =
      tests::graph_of(program("  loop l var i from 1 while i < N update i + 1\n"
                              "    loop l2 var j from 0 while j < N update j + 1\n" +
                              state_of({"m[i, j]", {"m[i - 1, j]"}}, "s0", "      ")));
  EXPECT_EQ(tests::apply_checked(*rows, loop_to_map, {{"N", 5}}), 1);
}

TEST(LoopToMap, DeclinesRecurrences) {
  EXPECT_EQ(declined(loop_of({{"b[i]", {"a[i]"}}})), "");
  EXPECT_EQ(declined(loop_of({{"a[i]", {"a[i - 1]"}}})),
            "an iteration reads a[i - 1], which the iteration before wrote as a[i] (distance 1)");
  EXPECT_EQ(declined(loop_of({{"a[i]", {"a[i + 1]"}}})),
            "an iteration reads a[i + 1], which the iteration 1 later overwrites as a[i] (distance 1)");
  EXPECT_EQ(declined(loop_of({{"s", {"s", "a[i]"}}})),
            "an iteration reads s, which the iteration before wrote (distance 1)");
  EXPECT_EQ(declined(loop_of({{"a[0]", {"b[i]"}}})),
            "an iteration writes a[0], which the iteration before wrote (distance 1)");
}

TEST(LoopToMap, DeclinesWhereTheLastValueIsUsed) {
  const std::vector<Step> steps = {{"s", {"a[i]"}}, {"b[i]", {"s"}}};
  EXPECT_EQ(declined(loop_of(steps)), "");
  EXPECT_EQ(declined(loop_of(steps) + state_of({"a[0]", {"s"}}, "s9", "  ")),
            "the value that s has after the last iteration is used behind the loop");
  const std::string assigns = "  loop l var i from 1 while i < N - 1 update i + 1\n" +
                              state_of({"a[i]", {}}, "s0", "    ") + "    set k = i - 1\n" +
                              state_of({"b[k]", {}}, "s1", "    ");
  EXPECT_EQ(declined(assigns), "");
  EXPECT_EQ(declined(assigns + state_of({"a[k]", {}}, "s9", "  ")), "the value of k is used behind the loop");
}

TEST(LoopToMap, DeclinesWhatItCannotSee) {
  const std::string counts = "  loop l var i from 1 while i < N - 1 update i + 1\n" +
                             state_of({"a[i]", {}}, "s0", "    ") + "    set k = k + 1\n" +
                             state_of({"b[k]", {}}, "s1", "    ");
  EXPECT_EQ(declined(counts), "an iteration uses the value of k that an earlier one left");
  EXPECT_EQ(declined("  loop l var i from 1 while i < N - 1 update i + 1\n    state s0\n"
                     "      n0 = tasklet t() -> (o: float64)\n        o = float64(k)\n      n1 = access a\n"
                     "      n0.o -> n1 : a[i]\n    set k = i\n" +
                     state_of({"b[i]", {}}, "s1", "    ")),
            "an iteration uses the value of k that an earlier one left")
      << "in code only";
  EXPECT_EQ(declined("  loop l while a[0] > 1.0\n" + state_of({"a[0]", {}}, "s0", "    ")),
            "it is a while loop: how often it runs is not known beforehand");
  EXPECT_EQ(declined("  loop l var i from 1 while i < N - 1 update i + 1\n    state s0\n"
                     "      n0 = tasklet t() -> (o: float64) side_effects\n        o = 1.0\n      n1 = access a\n"
                     "      n0.o -> n1 : a[i]\n"),
            "it has side effects, whose order is kept");
  EXPECT_EQ(declined("  loop l var i from 1 while i < N - 1 update i + 1\n" + state_of({"a[i]", {}}, "s0", "    ") +
                     "    conditional c\n      branch stop if a[i] > 3.0\n        break out\n"),
            "it is left by a break");
  EXPECT_EQ(declined(loop_of({{"p[i]", {"a[i + 1]"}}}), "  transient reference p: float64[N] targets (a, b)\n"),
            "it uses p, which is no array of its own");
}

// A negative index counts from the end: the first and the last iteration may then meet.
TEST(LoopToMap, StaysBesideTheMapWhereAnIndexMayBeNegative) {
  const std::string body =
      program(loop_of({{"a[(N + i if i < 0 else i)]", {"b[(i + 40) % 5]"}}}, "from k while i < N update i + 1"));
  for (const int64_t k : {2, -3, 9}) {
    auto graph = tests::graph_of(body);
    EXPECT_EQ(tests::apply_checked(*graph, loop_to_map, {{"N", 7}, {"k", k}}), 1);
    if (k == 2) tests::expect_golden("transforms/loop_guard.txt", text::print(*graph));
  }
  // From the end on: element 0 first, and again where the array has no more elements than that.
  std::string ends = program(loop_of({{"w[(k - i if 0 < i else -i)]", {"b[i]"}}}, "from 0 while i < N update i + 1"),
                             "  array w: float64[k]\n  assume 1 <= k\n");
  ends.replace(ends.find("(a, b, m)"), 9, "(a, b, m, w)");
  for (const int64_t k : {9, 7, 6}) {
    auto graph = tests::graph_of(ends);
    EXPECT_EQ(tests::apply_checked(*graph, loop_to_map, {{"N", 7}, {"k", k}}), 1);
  }
  EXPECT_NE(declined(loop_of({{"a[(N + i if i < 0 else i)]", {"b[i]"}}, {"a[i + 1]", {}}},
                             "from k while i < N - 1 update i + 1")),
            "");
}

TEST(LoopToMap, DeclinesArgumentsThatMayOverlap) {
  const std::string text =
      "sdfg f(a, b)\n  symbols N: int64, i: int64\n  array a: float64[N] may_alias\n"
      "  array b: float64[N] may_alias\n" +
      loop_of({{"b[i]", {"a[i]"}}});
  EXPECT_EQ(tests::declined(text, loop_to_map), "b and a may be the same memory");
}

TEST(LoopToMap, DeclinesPlacesThatItMoves) {
  EXPECT_EQ(
      declined("  loop l var i from 1 while i < N - 1 update i + 1\n" + state_of({"w[i]", {"a[i]"}}, "s0", "    ") +
                   "    set k = i\n" + state_of({"b[i]", {}}, "s1", "    "),
               "  transient array w: float64[N + k]\n"),
      "the extents of w change inside");
}

TEST(LoopToMap, TimeLoopsAreDeclinedWithoutAQuestion) {
  const std::string inner = "    loop l2 var j from 1 while j < N - 1 update j + 1\n";
  auto graph = tests::graph_of(program("  loop l var i from 0 while i < N update i + 1\n" + inner +
                                       state_of({"b[j]", {"a[j - 1]", "a[j + 1]"}}, "s0", "      ") +
                                       "    loop l3 var j from 1 while j < N - 1 update j + 1\n" +
                                       state_of({"a[j]", {"b[j - 1]", "b[j + 1]"}}, "s1", "      ")));
  const uint64_t before = sets::questions_asked();
  EXPECT_EQ(tests::places(*graph, loop_to_map),
            (std::vector<std::string>{"loop l: an iteration writes a[j], which the iteration before wrote (distance 1)",
                                      "loop l2", "loop l3"}));
  EXPECT_EQ(sets::questions_asked(), before);
}

TEST(LoopToMap, DeclinesFewIterationsAroundLoops) {
  const std::string inner =
      "    loop l2 var j from 0 while j < N update j + 1\n" + state_of({"m[i, j]", {}}, "s0", "      ");
  auto graph = tests::graph_of(program("  loop l var i from 0 while i < 3 update i + 1\n" + inner));
  EXPECT_EQ(tests::places(*graph, loop_to_map)[0],
            "loop l: it runs 3 times only, and holds loops that may run in parallel");
}

TEST(LoopToMap, KeepsTheMeaningOfRandomLoops) { tests::fuzz(loop_to_map, tests::random_loops, 100); }

TEST(LoopToMap, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(loop_to_map, tests::random_program, 1); }

}  // namespace
}  // namespace thalweg
