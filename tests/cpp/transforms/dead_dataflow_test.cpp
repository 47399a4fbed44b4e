// Dead dataflow elimination: what it removes, where it declines, and that random graphs keep their meaning.
#include "transforms/dead_dataflow.h"

#include "support/golden.h"
#include "transforms/support.h"

namespace thalweg {
namespace {

using tests::declined;
using transforms::dead_dataflow;

// t = f(A) in a map of its own; then more.
std::string writes(const std::string& code, const std::string& after = "", const std::string& declarations = "") {
  return R"(
sdfg writes(A, B)
  symbols N: int64, k: int64
  array A: float64[N]
  array B: float64[N]
  transient array t: float64[N]
)" + declarations +
         R"(  assume 3 <= N
  state s
    n0 = access A
    n1 = map m0[i = 0:N]
    n2 = tasklet first(a: float64) -> (o: float64)
)" + code +
         R"(
    n3 = exit n1
    n4 = access t
    n0 -> n1.IN_A : A[0:N]
    n1.OUT_A -> n2.a : A[i]
    n2.o -> n3.IN_t : t[i]
    n3.OUT_t -> n4 : t[0:N]
)" + after;
}
const char* const kCode = "      o = a * 2.0";

TEST(DeadDataflow, RemovesWhatOnlyADeadValueNeeds) {
  auto graph = tests::graph_of(R"(
sdfg two(A, B, C)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  array C: float64[N]
  transient array t: float64[N]
  transient array u: float64[N]
  transient scalar s: float64
  assume 3 <= N
  state s0
    n0 = access A
    n1 = access C
    n2 = map m0[i = 0:N]
    n3 = tasklet both(a: float64, c: float64) -> (o: float64, p: float64)
      o = a * 2.0
      p = a + c
    n4 = tasklet more(c: float64) -> (o: float64)
      o = c * 3.0
    n5 = access s
    n6 = tasklet again(s: float64) -> (o: float64)
      o = s
    n7 = exit n2
    n8 = access B
    n9 = access t
    n10 = access u
    n0 -> n2.IN_A : A[0:N]
    n1 -> n2.IN_C : C[0:N]
    n2.OUT_A -> n3.a : A[i]
    n2.OUT_C -> n3.c : C[i]
    n2.OUT_C -> n4.c : C[i]
    n3.o -> n7.IN_B : B[i]
    n3.p -> n7.IN_t : t[i]
    n4.o -> n5 : s
    n5 -> n6.s : s
    n6.o -> n7.IN_u : u[i]
    n7.OUT_B -> n8 : B[0:N]
    n7.OUT_t -> n9 : t[0:N]
    n7.OUT_u -> n10 : u[0:N]
)");
  EXPECT_EQ(tests::apply_checked(*graph, dead_dataflow, {{"N", 5}}), 2);
  tests::expect_golden("transforms/dead_dataflow.txt", text::print(*graph));
}

TEST(DeadDataflow, KeepsTheOrderAroundWhatItRemoves) {
  auto graph =
      tests::graph_of(writes(kCode, "    n5 = access B\n    n6 = access A\n    n5 -> n6 : B[0:N]\n    n3 -> n5\n"));
  EXPECT_EQ(tests::apply_checked(*graph, dead_dataflow, {{"N", 5}}), 1);
}

TEST(DeadDataflow, RemovesAWholeMap) {
  auto graph = tests::graph_of(writes(kCode));
  EXPECT_EQ(tests::apply_checked(*graph, dead_dataflow, {{"N", 5}}), 1);
  EXPECT_EQ(graph->find("t"), nullptr);
  EXPECT_TRUE(ir::all_states(*graph)[0]->nodes().empty());
}

TEST(DeadDataflow, Declines) {
  EXPECT_EQ(declined(writes(kCode, "  state s1\n    n0 = access t\n    n1 = access B\n    n0 -> n1 : t[0:N]\n"),
                     dead_dataflow),
            "t is read by a later state");
  EXPECT_EQ(declined(writes(kCode, "    n5 = access t\n    n6 = access B\n    n5 -> n6 : t[0:N]\n    n4 -> n5\n"),
                     dead_dataflow),
            "t is read again in this state");
  EXPECT_EQ(declined(writes("      check(a > 0.0, ValueError, \"no\")\n      o = a"), dead_dataflow),
            "first may raise an exception");
  EXPECT_EQ(declined(writes(kCode, "", "  transient reference r: float64[N] targets (A, t)\n"), dead_dataflow),
            "t may also be read through a reference or view");
}

TEST(DeadDataflow, DeclinesSideEffects) {
  std::string text = writes(kCode);
  text.insert(text.find('\n', text.find("tasklet first")), " side_effects");
  EXPECT_EQ(declined(text, dead_dataflow), "first has side effects");
}

TEST(DeadDataflow, ReadsOfAnotherTurnOfALoopCount) {
  EXPECT_EQ(declined(R"(
sdfg turns(A, B)
  symbols N: int64, k: int64
  array A: float64[N]
  array B: float64[N]
  transient array t: float64[N]
  assume 3 <= N
  state s0
    n0 = access A
    n1 = access t
    n2 = access B
    n0 -> n1 : A[0:N]
    n1 -> n2 : t[0:N]
  loop l var k from 0 while k < 2 update k + 1
    state s1
      n0 = access t
      n1 = access B
      n0 -> n1 : t[0:N]
    state s2
      n0 = access A
      n1 = access t
      n0 -> n1 : A[0:N]
)",
                     dead_dataflow),
            "t is read by a later state");
}

// A write that combines reads what was there.
TEST(DeadDataflow, CombiningCountsAsReading) {
  const std::string combine = "    n0 = access A\n    n1 = access t\n    n0 -> n1 : t[0:N] -> [0:N] wcr sum\n";
  auto graph = tests::graph_of(writes(
      kCode, "  state s1\n" + combine + "  state s2\n    n0 = access t\n    n1 = access B\n    n0 -> n1 : t[0:N]\n"));
  EXPECT_EQ(tests::places(*graph, dead_dataflow),
            (std::vector<std::string>{"write to t in state s: t is read by a later state",
                                      "write to t in state s1: t is read by a later state"}));
}

TEST(DeadDataflow, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(dead_dataflow, tests::random_program, 100); }

TEST(DeadDataflow, KeepsTheMeaningOfRandomChains) {
  tests::fuzz(dead_dataflow, [](uint64_t seed) { return tests::in_one_state(tests::random_chain(seed)); }, 100);
}

}  // namespace
}  // namespace thalweg
