// Redundant copy removal: what it removes, where it declines, and that random graphs keep their meaning.
#include "transforms/redundant_copy.h"

#include "support/golden.h"
#include "transforms/support.h"

namespace thalweg {
namespace {

using transforms::redundant_copy;

// t = f(A) element by element, then t is copied to the target.
std::string into(const std::string& read, const std::string& copy, const std::string& more = "") {
  return R"(
sdfg into(A, B, M)
  symbols N: int64, k: int64
  array A: float64[N]
  array B: float64[N]
  array M: float64[4, N]
  transient array t: float64[N]
  assume 3 <= N
  state s
    n0 = access A
    n1 = map m0[i = 0:N]
    n2 = tasklet first(a: float64) -> (o: float64)
      o = a * 2.0
    n3 = exit n1
    n4 = access t
    n0 -> n1.IN_A : A[0:N]
    n1.OUT_A -> n2.a : )" +
         read + R"(
    n2.o -> n3.IN_t : t[i]
    n3.OUT_t -> n4 : t[0:N]
)" + copy +
         more;
}
// A is copied to t, which a map reads.
std::string from(const std::string& read, const std::string& target, const std::string& more = "") {
  return R"(
sdfg copied(A, B, C)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  array C: float64[N]
  transient array t: float64[N]
  assume 3 <= N
  state s
    n0 = access A
    n1 = access t
    n2 = map m0[i = 1:N - 1]
    n3 = tasklet first(a: float64) -> (o: float64)
      o = a * 2.0
    n4 = exit n2
    n5 = access )" +
         target + R"(
    n0 -> n1 : A[0:N]
    n1 -> n2.IN_t : t[0:N]
    n2.OUT_t -> n3.a : )" +
         read + R"(
    n3.o -> n4.IN_x : )" +
         target + R"([i]
    n4.OUT_x -> n5 : )" +
         target + R"([1:N - 1]
)" + more;
}
std::string only_reason(const std::string& text, size_t place = 0) {
  auto graph = tests::graph_of(text);
  auto candidates = redundant_copy.candidates(*graph);
  return place < candidates.size() ? candidates[place].declined : "none";
}

TEST(RedundantCopy, WritesTheOtherContainerAtOnce) {
  auto graph = tests::graph_of(into("A[i]", "    n5 = access M\n    n4 -> n5 : t[0:N] -> [2, 0:N]\n"));
  EXPECT_EQ(tests::apply_checked(*graph, redundant_copy, {{"N", 5}}), 1);
  tests::expect_golden("transforms/redundant_copy_into.txt", text::print(*graph));
}

TEST(RedundantCopy, ReadsTheOtherContainerAtOnce) {
  auto graph = tests::graph_of(
      from("t[i - 1]", "B", "    n6 = access C\n    n7 = access A\n    n6 -> n7 : C[0:N]\n    n1 -> n6\n"));
  EXPECT_EQ(only_reason(text::print(*graph)), "");
  tests::expect_golden("transforms/redundant_copy_from.txt", [&] {
    EXPECT_EQ(tests::apply_checked(*graph, redundant_copy, {{"N", 5}}), 1);
    return text::print(*graph);
  }());
}

// What the copy waited for comes before the writes that take its place.
TEST(RedundantCopy, WritesAtOnceWaitAsTheCopyDid) {
  const std::string check =
      "    n6 = tasklet check() -> ()\n      check(index(k) < index(4), IndexError, 'index {0} is out of bounds', k)\n";
  const std::string copy = "    n5 = access M\n    n4 -> n5 : t[0:N] -> [k, 0:N]\n";
  for (const std::string waits : {"    n6 -> n5\n", "    n6 -> n4\n"}) {
    auto graph = tests::graph_of(into("A[i]", copy, check + waits));
    EXPECT_EQ(tests::apply_checked(*graph, redundant_copy, {{"N", 5}, {"k", 2}}), 1);
    EXPECT_NE(text::print(*graph).find("n5 -> n1\n"), std::string::npos) << text::print(*graph);
  }
  // What makes the temporary comes before the check.
  EXPECT_EQ(only_reason(into("A[i]", copy, check + "    n3 -> n6\n    n6 -> n5\n")),
            "what makes t comes before what the copy waits for");
}

// A is copied to t, then written, and t copied to B: the copy in their place is over before A is written.
TEST(RedundantCopy, CopiesAtOnceAreOverBeforeWhatWaitedForTheTemporary) {
  const std::string text = R"(
sdfg twice(A, B)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  transient array t: float64[N]
  assume 3 <= N
  state s
    n0 = access A
    n1 = access t
    n2 = access B
    n3 = map m0[i = 0:N]
    n4 = tasklet one() -> (o: float64)
      o = 1.0
    n5 = exit n3
    n6 = access A
    n0 -> n1 : A[0:N]
    n1 -> n2 : t[0:N]
    n1 -> n3
    n3 -> n4
    n4.o -> n5.IN_A : A[i]
    n5.OUT_A -> n6 : A[0:N]
)";
  for (size_t place : {0, 1}) {
    auto graph = tests::graph_of(text);
    auto candidates = redundant_copy.candidates(*graph);
    ASSERT_LT(place, candidates.size());
    EXPECT_EQ(candidates[place].declined, "");
  }
  auto graph = tests::graph_of(text);
  EXPECT_EQ(tests::apply_checked(*graph, redundant_copy, {{"N", 5}}), 1);
  EXPECT_NE(text::print(*graph).find("n1 -> n2\n"), std::string::npos) << text::print(*graph);
}

TEST(RedundantCopy, InPlaceAtTheOwnElement) {
  auto graph = tests::graph_of(into("A[i]", "    n5 = access A\n    n4 -> n5 : t[0:N]\n"));
  EXPECT_EQ(tests::apply_checked(*graph, redundant_copy, {{"N", 5}}), 1);
  graph = tests::graph_of(from("t[i]", "A"));
  EXPECT_EQ(tests::apply_checked(*graph, redundant_copy, {{"N", 5}}), 1);
}

TEST(RedundantCopy, DeclinesInPlaceAtOtherElements) {
  EXPECT_EQ(only_reason(into("A[N - 1 - i]", "    n5 = access A\n    n4 -> n5 : t[0:N]\n")),
            "A is still read while t is made");
  EXPECT_EQ(only_reason(from("t[i - 1]", "A")), "A is written before t is read");
}

// A := A @ A by way of t: the product would write what it still reads.
TEST(RedundantCopy, DeclinesLibraryNodesInPlace) {
  const auto text = [](const std::string& target) {
    return "sdfg product(A, B)\n  symbols N: int64\n  array A: float64[N, N]\n  array B: float64[N, N]\n"
           "  transient array t: float64[N, N]\n  state s\n    n0 = access A\n"
           "    n1 = library MatMul(_a, _b) -> (_c)\n      a_rank = 2\n      b_rank = 2\n    n2 = access t\n"
           "    n3 = access " +
           target + "\n    n0 -> n1._a : A[0:N, 0:N]\n    n0 -> n1._b : A[0:N, 0:N]\n" +
           "    n1._c -> n2 : t[0:N, 0:N]\n    n2 -> n3 : t[0:N, 0:N]\n";
  };
  EXPECT_EQ(only_reason(text("A")), "A is read by what makes t");
  EXPECT_EQ(only_reason(text("B")), "");
}

TEST(RedundantCopy, Declines) {
  EXPECT_EQ(only_reason(into("A[i]", "    n5 = access B\n    n4 -> n5 : t[0:2]\n")), "only a part of t is copied");
  EXPECT_EQ(
      only_reason(
          into("A[i]", "    n5 = access B\n    n4 -> n5 : t[0:N]\n    n6 = access M\n    n4 -> n6 : t[0] -> [0, 0]\n")),
      "t is also read by others");
  EXPECT_EQ(only_reason(into("A[i]", "    n5 = access B\n    n4 -> n5 : t[0:N]\n",
                             "  state s1\n    n0 = access t\n    n1 = access M\n    n0 -> n1 : t[0] -> [0, 0]\n")),
            "t is also used elsewhere");
  EXPECT_EQ(only_reason(into("A[i]",
                             "    n5 = access B\n    n4 -> n5 : t[0:N]\n    n6 = access B\n    n7 = access M\n    n6 "
                             "-> n7 : B[0] -> [0, 0]\n    n7 -> n4\n")),
            "B is still read while t is made");
}

TEST(RedundantCopy, DeclinesWhereTheOtherContainerIsWrittenMeanwhile) {
  EXPECT_EQ(only_reason(into("A[i]",
                             "    n5 = access B\n    n4 -> n5 : t[0:N]\n    n6 = access A\n    n7 = access B\n"
                             "    n6 -> n7 : A[0:N]\n    n7 -> n4\n")),
            "B is written while t is made");
}

TEST(RedundantCopy, LooksAtTransientsOnly) {
  std::string text = into("A[i]", "    n5 = access B\n    n4 -> n5 : t[0:N]\n");
  EXPECT_EQ(only_reason(text), "");
  text.erase(text.find("transient "), 10);
  EXPECT_EQ(only_reason(text), "none");
}

// Nothing orders the read of A[i] in place of t[i] and the other tasklet's write to A[i].
TEST(RedundantCopy, DeclinesInPlaceWhereTheReadCouldBeLate) {
  EXPECT_EQ(only_reason(R"(
sdfg late(A, B, C)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  array C: float64[N]
  transient array t: float64[N]
  state s
    n0 = access A
    n1 = access t
    n2 = map m0[i = 0:N]
    n3 = tasklet first(a: float64) -> (o: float64)
      o = a * 2.0
    n4 = tasklet second(c: float64) -> (o: float64)
      o = c
    n5 = exit n2
    n6 = access B
    n7 = access A
    n8 = access C
    n0 -> n1 : A[0:N]
    n1 -> n2.IN_t : t[0:N]
    n8 -> n2.IN_C : C[0:N]
    n2.OUT_t -> n3.a : t[i]
    n2.OUT_C -> n4.c : C[i]
    n3.o -> n5.IN_B : B[i]
    n4.o -> n5.IN_A : A[i]
    n5.OUT_B -> n6 : B[0:N]
    n5.OUT_A -> n7 : A[0:N]
)"),
            "A is written before t is read");
}

// Only the first two elements of t are new in each turn.
TEST(RedundantCopy, DeclinesElementsFromAnEarlierTurn) {
  const std::string text = R"(
sdfg turns(A, B)
  symbols N: int64, k: int64
  array A: float64[N]
  array B: float64[N]
  transient array t: float64[N]
  assume 3 <= N
  loop l var k from 0 while k < 2 update k + 1
    state s
      n0 = access A
      n1 = access t
      n2 = access B
      n0 -> n1 : A[0:2]
      n1 -> n2 : t[0:N]
)";
  EXPECT_EQ(only_reason(text, 0), "only a part of t is copied");
  EXPECT_EQ(only_reason(text, 1), "elements of t may come from an earlier turn of the loop");
}

// A row is moved by one: the temporary keeps what is read from being overwritten.
TEST(RedundantCopy, DeclinesOverlappingCopies) {
  const std::string text = R"(
sdfg shift(A)
  symbols N: int64
  array A: float64[N]
  transient array t: float64[N - 1]
  assume 3 <= N
  state s
    n0 = access A
    n1 = access t
    n2 = access A
    n0 -> n1 : A[0:N - 1]
    n1 -> n2 : A[1:N]
)";
  EXPECT_EQ(only_reason(text, 0), "t separates overlapping copies");
  EXPECT_EQ(only_reason(text, 1), "t separates overlapping copies");
}

TEST(RedundantCopy, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(redundant_copy, tests::random_program, 5); }

TEST(RedundantCopy, KeepsTheMeaningOfRandomChains) {
  tests::fuzz(redundant_copy, [](uint64_t seed) { return tests::in_one_state(tests::random_chain(seed)); }, 30);
}

}  // namespace
}  // namespace thalweg
