// Loop fusion and loop distribution: what they make, where they decline, and that random loops keep their meaning.
#include "support/golden.h"
#include "support/loop_text.h"
#include "transforms/loop_distribution.h"
#include "transforms/loop_fusion.h"
#include "transforms/random_loops.h"
#include "transforms/support.h"

namespace thalweg::loop_halves_test {
namespace {

using tests::state_of;
using tests::Step;
using transforms::loop_distribution;
using transforms::loop_fusion;

std::string program(const std::string& body, const std::string& declarations = "") {
  return "sdfg f(a, b, m)\n  symbols N: int64, i: int64, j: int64, k: int64\n  array a: float64[N]\n"
         "  array b: float64[N]\n  array m: float64[N, N]\n  transient scalar s: float64\n" +
         declarations + "  assume 3 <= N\n" + body;
}
const char* const kInner = " from 1 while i < N - 1 update i + 1\n";

std::string loop(const std::vector<std::string>& states, const std::string& header = std::string(" var i") + kInner,
                 const std::string& label = "l") {
  std::string body = "  loop " + label + header;
  for (const std::string& state : states) body += state;
  return body;
}
std::string step(const Step& what, const std::string& label) { return state_of(what, label, "    "); }

// The same two statements as two loops, and as one.
std::string apart(const Step& first, const Step& second) {
  return loop({step(first, "s0")}) + loop({step(second, "s1")}, std::string(" var i") + kInner, "l2");
}
std::string together(const Step& first, const Step& second) { return loop({step(first, "s0"), step(second, "s1")}); }

void both(const Step& first, const Step& second, const std::string& reason, const std::string& declarations = "") {
  EXPECT_EQ(tests::declined(program(apart(first, second), declarations), loop_fusion), reason);
  EXPECT_EQ(tests::declined(program(together(first, second), declarations), loop_distribution), reason);
}

TEST(LoopFusion, TakesTheSecondBodyAndItsVariable) {
  auto graph = tests::graph_of(
      program(loop({step({"a[i]", {"b[i]"}}, "s0")}) +
              loop({step({"b[j]", {"a[j - 1]"}}, "s1")}, " var j from 1 while j < N - 1 update j + 1\n", "l2") +
              state_of({"m[j, i]", {}}, "last", "  ")));
  EXPECT_EQ(tests::apply_checked(*graph, loop_fusion, {{"N", 7}}), 1);
  tests::expect_golden("transforms/loop_fusion.txt", text::print(*graph));
}

TEST(LoopDistribution, CutsWhereItMay) {
  auto graph = tests::graph_of(program(
      state_of({"s", {}}, "first", "  ") +
      loop({step({"s", {"s", "a[i]"}}, "s0"), step({"b[i]", {"b[i - 1]"}}, "s1"), step({"m[i, 0]", {"b[i]"}}, "s2")}) +
      state_of({"m[i, 1]", {"s"}}, "last", "  ")));
  EXPECT_EQ(tests::apply_checked(*graph, loop_distribution, {{"N", 7}}), 2);
  tests::expect_golden("transforms/loop_distribution.txt", text::print(*graph));
}

TEST(LoopHalves, MeetInOneDirectionOnly) {
  both({"a[i]", {}}, {"b[i]", {"a[i]"}}, "");
  both({"a[i]", {}}, {"b[i]", {"a[i - 1]"}}, "");
  both({"a[i]", {}}, {"b[i]", {"a[i + 1]"}}, "a[i + 1] in one iteration may be a[i] of a later one");
  both({"b[i]", {"a[i + 1]"}}, {"a[i]", {}}, "");
  both({"b[i]", {"a[i - 1]"}}, {"a[i]", {}}, "a[i] in one iteration may be a[i - 1] of a later one");
  both({"a[i]", {}}, {"a[N - 1 - i]", {}}, "a[N - i - 1] in one iteration may be a[i] of a later one");
  both({"a[i]", {}}, {"b[i]", {"a[0]"}}, "");
  both({"a[i]", {}}, {"b[i]", {"a[1]"}}, "");
  both({"a[i]", {}}, {"b[i]", {"a[2]"}}, "a[2] in one iteration may be a[i] of a later one");
  both({"s", {"a[i]"}}, {"b[i]", {"s"}}, "s in one iteration may be s of a later one");
  both({"m[i, 1]", {}}, {"b[i]", {"m[i, 1]"}}, "");
}

TEST(LoopHalves, DeclineWhatIsNotTheirs) {
  both({"c[i]", {}}, {"d[i]", {}}, "c and d may be the same memory",
       "  array c: float64[N] may_alias\n  array d: float64[N] may_alias\n");
  both({"a[i]", {}}, {"p[i]", {}}, "it uses p, which is no array of its own",
       "  transient reference p: float64[N] targets (b)\n");
  const std::string check =
      "    state s0\n      n0 = tasklet t(x: float64) -> (o: float64)\n        check(x > 0.0, ValueError, 'negative')\n"
      "        o = x\n      n1 = access a\n      n2 = access b\n      n1 -> n0.x : a[i]\n      n0.o -> n2 : b[i]\n";
  const std::string raises = "it may raise an exception, and what has happened until then would be something else";
  const std::string second = step({"m[i, 0]", {}}, "s1");
  EXPECT_EQ(tests::declined(program(loop({check, second})), loop_distribution), raises);
  EXPECT_EQ(tests::declined(program(loop({check}) + loop({second}, std::string(" var i") + kInner, "l2")), loop_fusion),
            raises);
  const std::string effect =
      "    state s0\n      n0 = tasklet t() -> (o: float64) side_effects\n        o = 1.0\n      n1 = access a\n"
      "      n0.o -> n1 : a[i]\n";
  const std::string order = "it has side effects, whose order is kept";
  EXPECT_EQ(tests::declined(program(loop({effect, second})), loop_distribution), order);
  EXPECT_EQ(
      tests::declined(program(loop({effect}) + loop({second}, std::string(" var i") + kInner, "l2")), loop_fusion),
      order);
}

TEST(LoopHalves, DeclineSymbolsThatBothSeeChange) {
  const std::string assigns = step({"a[i]", {}}, "s0") + "    set k = i\n" + step({"b[i]", {}}, "s1");
  EXPECT_EQ(
      tests::declined(program(loop({assigns}) + loop({step({"b[k]", {}}, "s2")}, std::string(" var i") + kInner, "l2")),
                      loop_fusion),
      "k is assigned in one part and used in the other");
}

TEST(LoopFusion, Declines) {
  const std::string first = loop({step({"a[i]", {}}, "s0")});
  auto second = [&](const std::string& header, const std::string& at = "i") {
    return program(first + loop({step({"b[" + at + "]", {}}, "s1")}, header, "l2"));
  };
  EXPECT_EQ(tests::declined(second(" var i from 1 while i < N update i + 1\n"), loop_fusion),
            "the two loops run over different ranges");
  EXPECT_EQ(tests::declined(second(" var j from 1 while j < N - 1 update j + 1\n", "i"), loop_fusion),
            "one loop uses the variable of the other");
  EXPECT_EQ(tests::declined(second(" while b[0] > 1.0\n", "0"), loop_fusion),
            "it is a while loop: how often it runs is not known beforehand");
  EXPECT_EQ(tests::declined(program(first + "  set k = 2\n" +
                                    loop({step({"b[k]", {}}, "s1")}, std::string(" var i") + kInner, "l2")),
                            loop_fusion),
            "symbols are assigned between the two");
}

TEST(LoopDistribution, Declines) {
  EXPECT_EQ(
      tests::declined(program("  loop l while b[0] > 1.0\n" + step({"a[0]", {}}, "s0") + step({"b[0]", {}}, "s1")),
                      loop_distribution),
      "it is a while loop: how often it runs is not known beforehand");
  EXPECT_EQ(tests::declined(program(loop({step({"a[i]", {}}, "s0") + "    set k = i\n" + step({"b[k]", {}}, "s1")})),
                            loop_distribution),
            "symbols are assigned between the two parts");
  EXPECT_EQ(tests::declined(program(loop({step({"a[i]", {}}, "s0") + "    state s1\n"})), loop_distribution),
            "one part does nothing");
}

TEST(LoopFusion, KeepsTheMeaningOfRandomLoops) { tests::fuzz(loop_fusion, tests::random_loops, 10); }
TEST(LoopDistribution, KeepsTheMeaningOfRandomLoops) { tests::fuzz(loop_distribution, tests::random_loops, 10); }

}  // namespace
}  // namespace thalweg::loop_halves_test
