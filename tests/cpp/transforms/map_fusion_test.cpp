// Map fusion: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/map_fusion.h"

#include "support/golden.h"
#include "transforms/state_fusion.h"
#include "transforms/support.h"

namespace thalweg {
namespace {

using tests::declined;
using transforms::map_fusion;

struct Pieces {
  std::string producer = "o = a * 2.0";
  std::string written = "t[i]";
  std::string range = "0:N";
  std::string consumer = "o = a + b";
  std::string reads[2] = {"t[i - 1]", "t[i + 1]"};
  std::string target = "B", stored = "B[i]";
  std::string consumer_wcr;
  std::string temporary = "  transient array t: float64[N]\n";
  std::string more;  // nodes and edges
  std::string indent = "  ", loop;
};

// A -> [t = f(A)] -> t -> [B = g(t, t)] -> B
std::string chain(const Pieces& p) {
  std::string state = R"(state s
  n0 = access A
  n1 = map m0[i = )" + p.range +
                      R"(]
  n2 = tasklet first(a: float64) -> (o: float64)
    )" + p.producer + R"(
  n3 = exit n1
  n4 = access t
  n5 = map m1[i = 1:N - 1]
  n6 = tasklet second(a: float64, b: float64) -> (o: float64)
    )" + p.consumer + R"(
  n7 = exit n5
  n8 = access )" + p.target +
                      R"(
  n0 -> n1.IN_A : A[0:N]
  n1.OUT_A -> n2.a : A[i]
  n2.o -> n3.IN_t : )" +
                      p.written + R"(
  n3.OUT_t -> n4 : t[0:N]
  n4 -> n5.IN_t : t[0:N]
  n5.OUT_t -> n6.a : )" +
                      p.reads[0] + R"(
  n5.OUT_t -> n6.b : )" +
                      p.reads[1] + R"(
  n6.o -> n7.IN_X : )" +
                      p.stored + p.consumer_wcr + R"(
  n7.OUT_X -> n8 : )" +
                      p.target + "[0:N]" + p.consumer_wcr + "\n" + p.more;
  std::string text =
      "sdfg chain(A, B, C)\n  symbols N: int64, k: int64\n  array A: float64[N]\n"
      "  array B: float64[N]\n  array C: float64[N]\n" +
      p.temporary + "  assume 4 <= N\n" + p.loop;
  for (size_t at = 0; at < state.size();) {
    size_t end = state.find('\n', at);
    text += p.indent + state.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return text;
}

TEST(MapFusion, ComputesShiftedElementsAgain) {
  auto graph = tests::graph_of(chain({}));
  EXPECT_EQ(tests::apply_checked(*graph, map_fusion, {{"N", 6}}), 1);
  tests::expect_golden("transforms/map_fusion_stencil.txt", text::print(*graph));
}

TEST(MapFusion, InPlaceAtTheOwnElement) {
  Pieces p;
  p.reads[0] = p.reads[1] = "t[i]";
  p.target = "A", p.stored = "A[i]";
  auto graph = tests::graph_of(chain(p));
  EXPECT_EQ(tests::apply_checked(*graph, map_fusion, {{"N", 6}}), 1);
  tests::expect_golden("transforms/map_fusion_in_place.txt", text::print(*graph));
}

TEST(MapFusion, DeclinesWhatTheTemporaryForbids) {
  Pieces p;
  p.temporary = "  array t: float64[N]\n";
  EXPECT_EQ(declined(chain(p), map_fusion), "t is visible outside");
  p = {};
  p.more = "  n9 = access t\n  n10 = access C\n  n9 -> n10 : t[0] -> [0]\n  n4 -> n9\n";
  EXPECT_EQ(declined(chain(p), map_fusion), "t is also used elsewhere");
  p = {};
  p.more = "  n9 = access C\n  n4 -> n9 : t[0] -> [0]\n";
  EXPECT_EQ(declined(chain(p), map_fusion), "t is read by something other than a map");
}

TEST(MapFusion, DeclinesWhatTheProducerForbids) {
  Pieces p;
  p.written = "t[N - 1 - i]";
  EXPECT_EQ(declined(chain(p), map_fusion), "the producer's indices cannot be turned around");
  p = {};
  p.producer = "check(a > 0.0, ValueError, \"no\")\n    o = a";
  EXPECT_EQ(declined(chain(p), map_fusion), "the producer may raise an exception");
  p = {};
  p.written = "t[i] wcr sum";
  EXPECT_EQ(declined(chain(p), map_fusion), "the producer's result is combined, not written");
}

TEST(MapFusion, DeclinesParametersThatDoNotIndexTheTemporary) {
  Pieces p;
  p.range = "0:N, j = 0:1";
  EXPECT_EQ(declined(chain(p), map_fusion), "parameter j of the producer does not index the temporary");
}

TEST(MapFusion, DeclinesInputsWrittenInBetween) {
  Pieces p;
  p.more = "  n9 = access C\n  n10 = access A\n  n9 -> n10 : C[0:N]\n  n4 -> n9\n  n10 -> n5\n";
  EXPECT_EQ(declined(chain(p), map_fusion), "A is written between producer and consumer");
}

// What the producer writes is no box, so it cannot be held against what is read.
TEST(MapFusion, DeclinesTrianglesInsideALoop) {
  auto text = [](const std::string& range) {
    return R"(
sdfg triangle(A, B)
  symbols N: int64, k: int64
  array A: float64[N, N]
  array B: float64[N, N]
  transient array t: float64[N, N]
  assume 4 <= N
  loop l var k from 0 while k < 3 update k + 1
    state s
      n0 = access A
      n1 = map m0[i = 0:N, j = )" +
           range + R"(]
      n2 = tasklet first(a: float64) -> (o: float64)
        o = a * 2.0
      n3 = exit n1
      n4 = access t
      n5 = map m1[i = 0:N, j = 0:N]
      n6 = tasklet second(a: float64) -> (o: float64)
        o = a + 1.0
      n7 = exit n5
      n8 = access B
      n0 -> n1.IN_A : A[0:N, 0:N]
      n1.OUT_A -> n2.a : A[i, j]
      n2.o -> n3.IN_t : t[i, j]
      n3.OUT_t -> n4 : t[0:N, 0:N]
      n4 -> n5.IN_t : t[0:N, 0:N]
      n5.OUT_t -> n6.a : t[i, j]
      n6.o -> n7.IN_B : B[i, j]
      n7.OUT_B -> n8 : B[0:N, 0:N]
)";
  };
  EXPECT_EQ(declined(text("0:i + 1"), map_fusion), "the producer writes a triangle");
  EXPECT_EQ(declined(text("0:N"), map_fusion), "");
}

TEST(MapFusion, DeclinesWhereTheInputChanges) {
  Pieces p;
  p.target = "A", p.stored = "A[i]";  // A[i] = t[i - 1] + t[i + 1] with t of the old A
  EXPECT_EQ(declined(chain(p), map_fusion), "the consumer overwrites A, which the producer reads");
  p = {};
  p.more = "  n9 = access C\n  n10 = access B\n  n9 -> n10 : C[0:N]\n  n4 -> n9\n  n10 -> n5\n";
  EXPECT_EQ(declined(chain(p), map_fusion), "what must come after the producer comes before a consumer");
  p = {};
  p.reads[0] = p.reads[1] = "t[i]";
  p.target = "A", p.stored = "A[i]", p.consumer_wcr = " wcr sum";
  EXPECT_EQ(declined(chain(p), map_fusion), "the consumer overwrites A, which the producer reads");
}

// Another tasklet of the consumer overwrites what the producer's copy would read: nothing orders the two.
TEST(MapFusion, DeclinesWhereACopyCouldReadTooLate) {
  EXPECT_EQ(declined(R"(
sdfg late(A, B, C)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  array C: float64[N]
  transient array t: float64[N]
  state s
    n0 = access A
    n1 = map m0[i = 0:N]
    n2 = tasklet first(a: float64) -> (o: float64)
      o = a * 2.0
    n3 = exit n1
    n4 = access t
    n5 = map m1[i = 0:N]
    n6 = tasklet second(a: float64) -> (o: float64)
      o = a
    n7 = tasklet third(c: float64) -> (o: float64)
      o = c
    n8 = exit n5
    n9 = access B
    n10 = access C
    n11 = access A
    n0 -> n1.IN_A : A[0:N]
    n1.OUT_A -> n2.a : A[i]
    n2.o -> n3.IN_t : t[i]
    n3.OUT_t -> n4 : t[0:N]
    n4 -> n5.IN_t : t[0:N]
    n10 -> n5.IN_C : C[0:N]
    n5.OUT_t -> n6.a : t[i]
    n5.OUT_C -> n7.c : C[i]
    n6.o -> n8.IN_B : B[i]
    n7.o -> n8.IN_A : A[i]
    n8.OUT_B -> n9 : B[0:N]
    n8.OUT_A -> n11 : A[0:N]
)",
                     map_fusion),
            "A could be overwritten before the producer's copy reads it");
}

// In turn k the first N - k elements are new, the others are from earlier turns.
TEST(MapFusion, DeclinesElementsFromAnEarlierTurn) {
  Pieces p;
  p.range = "0:N - k";
  p.indent = "    ";
  p.loop = "  loop l var k from 0 while k < 3 update k + 1\n";
  EXPECT_EQ(declined(chain(p), map_fusion), "the consumer may read elements that the producer does not write");
  p.range = "0:N";
  EXPECT_EQ(declined(chain(p), map_fusion), "");
}

// t[N - 1] has no value; in its place the producer would read A where it may have no element.
TEST(MapFusion, DeclinesElementsWithoutAValue) {
  Pieces p;
  p.range = "0:N - 1";
  EXPECT_EQ(declined(chain(p), map_fusion), "the consumer may read elements that the producer does not write");
}

// Both fusions in turn: a fused state holds the producers and consumers that map fusion looks for.
rewrite::Transformation both() {
  rewrite::Transformation both = map_fusion;
  both.sweep = [](ir::SDFG& graph, const rewrite::Perform& perform) -> base::Result<int> {
    TW_TRY(int states, transforms::state_fusion.sweep(graph, perform));
    TW_TRY(int maps, map_fusion.sweep(graph, perform));
    return states + maps;
  };
  both.first = [](ir::SDFG& graph) {
    auto first = transforms::state_fusion.first(graph);
    return first ? first : map_fusion.first(graph);
  };
  return both;
}

TEST(MapFusion, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(both(), tests::random_program, 200); }

TEST(MapFusion, KeepsTheMeaningOfRandomChains) {
  tests::fuzz(map_fusion, [](uint64_t seed) { return tests::in_one_state(tests::random_chain(seed)); }, 60);
}

}  // namespace
}  // namespace thalweg
