// The transformations that make loops count: while loops with a step, symbols that move beside a variable, steps that
// are symbols, iterations that end early.
#include "support/golden.h"
#include "support/loop_text.h"
#include "transforms/continue_to_branch.h"
#include "transforms/induction_variable.h"
#include "transforms/loop_step.h"
#include "transforms/random_counters.h"
#include "transforms/support.h"
#include "transforms/while_to_for.h"

namespace thalweg::counting_loops_test {
namespace {

using tests::state_of;
using transforms::continue_to_branch;
using transforms::induction_variable;
using transforms::loop_step;
using transforms::while_to_for;

// k is 2 before the loop, and seen behind it.
std::string program(const std::string& loop) {
  return "sdfg f(a, b)\n  symbols N: int64, s: int64, z: int64, i: int64, j: int64, k: int64\n"
         "  array a: float64[4*N + 20]\n  array b: float64[4*N + 20]\n  assume 0 <= N\n  assume 1 <= s\n  state first\n"
         "  set k = 2\n" +
         loop +
         "  state last\n    n0 = tasklet t() -> (o: float64)\n      o = float64(k)\n    n1 = access b\n"
         "    n0.o -> n1 : b[0]\n";
}
std::string state(const std::string& target, const std::string& source, const std::string& label,
                  const std::string& indent = "    ") {
  return state_of({target, {source}}, label, indent);
}
std::string declined(const std::string& loop, const rewrite::Transformation& transformation) {
  return tests::declined(program(loop), transformation);
}
std::string applied(const std::string& loop, const rewrite::Transformation& transformation, int times = 1) {
  auto graph = tests::graph_of(program(loop));
  EXPECT_EQ(tests::apply_checked(*graph, transformation, {{"N", 6}, {"s", 2}, {"z", 1}}), times);
  return text::print(*graph);
}

const std::string kWhile = "  loop l while k < N\n";
const std::string kFor = "  loop l var i from 1 while index(i) < N update index(i + 1)\n";
const std::string kSkip = "    conditional c\n      branch t if a[1] > 2.0\n        continue out\n";

TEST(WhileToFor, GivesTheLoopAVariable) {
  tests::expect_golden(
      "transforms/while_to_for.txt",
      applied(kWhile + state("a[k]", "a[k + 1]", "s0") + "    set k = k + 2\n    state e\n", while_to_for));
}

TEST(WhileToFor, Declines) {
  const std::string body = state("a[k]", "a[k + 1]", "s0");
  EXPECT_EQ(declined(kWhile + body + "    set k = k + 2\n" + state("a[k]", "b[1]", "s1"), while_to_for),
            "its body does not end by stepping what the condition reads");
  EXPECT_EQ(declined(kWhile + body + "    set k = k*2\n    state e\n", while_to_for),
            "its body does not end by stepping what the condition reads");
  EXPECT_EQ(
      declined(kWhile + body + "    set k = k + 1\n" + state("a[k]", "b[1]", "s1") + "    set k = k + 2\n    state e\n",
               while_to_for),
      "k is assigned elsewhere in its body");
  EXPECT_EQ(declined(kWhile + body +
                         "    conditional c\n      branch t if a[1] > 2.0\n        break out\n    state s2\n"
                         "    set k = k + 2\n    state e\n",
                     while_to_for),
            "an iteration may end early");
}

TEST(WhileToFor, KeepsTheMeaningOfRandomCounters) { tests::fuzz(while_to_for, tests::random_counters, 40); }

TEST(InductionVariable, BecomesAnExpression) {
  tests::expect_golden("transforms/induction_variable.txt",
                       applied("  loop l var i from N while i > 1 update i - 2\n" + state("a[k]", "b[i]", "s0") +
                                   "    set k = k + 3\n" + state("b[k]", "b[i]", "s1"),
                               induction_variable));
}

TEST(InductionVariable, Declines) {
  const std::string body = state("a[k]", "a[k + 1]", "s0"), end = state("a[k]", "b[1]", "s1");
  EXPECT_EQ(declined(kFor + body + "    set k = k + 1\n" + end, induction_variable), "");
  EXPECT_EQ(declined(kFor + body + "    set k = k*2\n" + end, induction_variable), "none");
  EXPECT_EQ(declined(kFor + kSkip + body + "    set k = k + 1\n" + end, induction_variable),
            "an iteration may end early");
  EXPECT_EQ(declined(kFor + body + "    set k = k + 1\n" + end +
                         "    conditional c\n      branch t if a[1] > 2.0\n"
                         "        state u\n        set k = 1\n        state v\n",
                     induction_variable),
            "k is assigned in more than one place");
  EXPECT_EQ(declined(kFor + "    state s0\n" + state("a[k]", "b[1]", "s1") +
                         "    transitions\n      s0 -> s1 if a[1] > 2.0 set k = k + 1\n      s0 -> s1\n",
                     induction_variable),
            "an iteration may not come to its step");
  EXPECT_EQ(declined(kFor +
                         "    state s0\n      n0 = tasklet t() -> (o: float64) side_effects\n        o = 1.0\n"
                         "      n1 = access a\n      n0.o -> n1 : a[i]\n    set k = k + 1\n" +
                         end,
                     induction_variable),
            "the loop has effects, which come before an overflow of k");
}

// Memory of a container whose extent is stepped is another one in every turn.
TEST(InductionVariable, DeclinesExtents) {
  EXPECT_EQ(
      tests::declined(
          "sdfg f(a)\n  symbols N: int64, i: int64, k: int64\n  array a: float64[N + 1]\n"
          "  transient array t: float64[k]\n  assume 0 <= N\n  state first\n  set k = 1\n"
          "  loop l var i from 0 while i < N update i + 1\n    state s0\n      n0 = access a\n      n1 = access t\n"
          "      n2 = access a\n      n0 -> n1 : a[0] -> [k - 1]\n      n1 -> n2 : t[k - 1] -> [i]\n"
          "    set k = k + 1\n    state e\n",
          induction_variable),
      "k is the extent of a container");
}

TEST(InductionVariable, RaisesWhatTheLoopWouldRaise) {
  const std::string text =
      "sdfg f(a)\n  symbols N: int64, i: int64, k: pyint\n  array a: float64[N + 1]\n  assume 0 <= N\n  state first\n"
      "  set k = pyint(9223372036854775800)\n  loop l var i from 0 while i < N update i + 1\n" +
      state("a[i]", "a[i]", "s0") + "    set k = pyint(k) + pyint(2)\n    state e\n";
  for (const int64_t n : {3, 4}) {
    auto graph = tests::graph_of(text);
    const bool raises = !tests::run_graph(*graph, {{"N", n}}, 1, 1).ok();
    EXPECT_EQ(raises, n == 4);
    auto made = tests::graph_of(text);
    rewrite::Journal journal;
    EXPECT_EQ(journal.apply_repeated(*made, induction_variable).value(), 1);
    EXPECT_EQ(!tests::run_graph(*made, {{"N", n}}, 1, 1).ok(), raises);
  }
}

TEST(InductionVariable, KeepsTheMeaningOfRandomCounters) {
  tests::fuzz(induction_variable, tests::random_counters, 60);
}

TEST(LoopStep, CountsTurns) {
  tests::expect_golden(
      "transforms/loop_step.txt",
      applied("  loop l var i from 1 while index(i) < N update index(i + s)\n" + state("a[i]", "a[i + 1]", "s0"),
              loop_step));
  applied("  loop l var i from N while index(i) > 0 update index(i - s)\n" + state("a[i]", "a[i + 1]", "s0"),
          loop_step);
}

TEST(LoopStep, Declines) {
  const std::string body = state("a[i]", "a[i + 1]", "s0");
  EXPECT_EQ(declined(kFor + body, loop_step), "its step is a constant");
  EXPECT_EQ(declined("  loop l var i from 1 while index(i) < N update index(i + z)\n" + body, loop_step),
            "it is not known to count");
  EXPECT_EQ(declined("  loop l var i from 1 while index(i) < N update index(i + s)\n" + body +
                         "    conditional c\n      branch t if a[1] > 2.0\n        break out\n",
                     loop_step),
            "an iteration may end early");
  EXPECT_EQ(
      declined("  loop l var i from 1 while index(i) < N update index(i + k)\n" + body + "    set k = 3\n    state e\n",
               loop_step),
      "it is not known to count");
}

// Memory of a container whose extent is the variable is another one in every turn.
TEST(LoopStep, DeclinesExtents) {
  EXPECT_EQ(tests::declined("sdfg f(a)\n  symbols N: int64, s: int64, i: int64\n  array a: float64[N]\n"
                            "  transient array t: float64[i]\n  assume 0 <= N\n  assume 1 <= s\n"
                            "  loop l var i from 1 while index(i) < N update index(i + s)\n    state s0\n"
                            "      n0 = access a\n      n1 = access t\n      n2 = access a\n"
                            "      n0 -> n1 : a[0] -> [i - 1]\n      n1 -> n2 : t[i - 1] -> [i]\n",
                            loop_step),
            "i is the extent of a container");
}

TEST(LoopStep, KeepsTheMeaningOfRandomCounters) { tests::fuzz(loop_step, tests::random_counters, 40); }

TEST(ContinueToBranch, TakesTheRestAlong) {
  tests::expect_golden(
      "transforms/continue_to_branch.txt",
      applied(kFor + kSkip + "    set k = k + 1\n" + state("a[k]", "b[i]", "s0") + state("b[k]", "b[i]", "s1"),
              continue_to_branch));
}

TEST(ContinueToBranch, KeepsWhatIsAssignedOnTheWayToTheContinue) {
  const std::string skip =
      "    conditional c\n      branch t if a[1] > 2.0\n        state u\n        set k = k + 2\n        continue out\n";
  tests::expect_golden("transforms/continue_to_branch_assigns.txt",
                       applied(kFor + skip + "    set k = k + 1\n" + state("a[k]", "b[i]", "s0"), continue_to_branch));
}

TEST(ContinueToBranch, Declines) {
  const std::string rest = state("a[k]", "b[i]", "s0");
  EXPECT_EQ(declined(kFor + "    conditional c\n      branch t if a[1] > 2.0\n        break out\n" + rest,
                     continue_to_branch),
            "it leaves the loop, not the iteration");
  EXPECT_EQ(declined(kFor + kSkip + "      branch e\n        state u\n" + rest, continue_to_branch),
            "it has another branch");
  EXPECT_EQ(declined(kFor + rest + kSkip, continue_to_branch), "nothing is skipped");
  EXPECT_EQ(
      declined(kFor + "    conditional c\n      branch t if a[1] > 2.0\n        state u\n" + rest, continue_to_branch),
      "its branch does not end in a continue");
}

TEST(ContinueToBranch, KeepsTheMeaningOfRandomCounters) { tests::fuzz(continue_to_branch, tests::random_counters, 30); }

}  // namespace
}  // namespace thalweg::counting_loops_test
