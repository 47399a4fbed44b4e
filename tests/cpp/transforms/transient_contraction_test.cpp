// Transient contraction: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/transient_contraction.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::transient_contraction_test {
namespace {

using tests::declined;
using transforms::transient_contraction;

struct Parts {
  std::string shape = "[N]", before, first, write = "t[k]", read = "t[k]", more, rest, declarations;
  std::string loop = "var k from 0 while index(k) < 5 update index(k + 1)";
};
// loop: { first; write = A[k] * 2; B[k] = read; more }; rest
std::string program(const Parts& parts) {
  return "sdfg program(A, B, x, j)\n  symbols N: int64, k: int64, j: int64, m: int64, u: int64\n  array A: float64[N]\n"
         "  array B: float64[N]\n  scalar x: float64\n  transient array t: float64" +
         parts.shape + "\n" + parts.declarations + "  assume 8 <= N\n  state start\n  set m = 1\n" + parts.before +
         "  loop l " + parts.loop + "\n" + parts.first + R"(    state s0
      n0 = access A
      n1 = tasklet f(_a) -> (o)
        o = _a * 2.0
      n2 = access t
      n0 -> n1._a : A[k]
      n1.o -> n2 : )" +
         parts.write + R"(
    state s1
      n0 = access t
      n1 = tasklet g(_t) -> (o)
        o = _t
      n2 = access B
      n0 -> n1._t : )" +
         parts.read + "\n      n1.o -> n2 : B[k]\n" + parts.more + parts.rest;
}
// B[3] = t[at] in a state of its own.
std::string use(const std::string& at, int depth = 2) {
  const std::string in(static_cast<size_t>(2 * depth), ' ');
  return in + "state use\n" + in + "  n0 = access t\n" + in + "  n1 = tasklet h(_t) -> (o)\n" + in + "    o = _t\n" +
         in + "  n2 = access B\n" + in + "  n0 -> n1._t : t" + at + "\n" + in + "  n1.o -> n2 : B[3]\n";
}

TEST(TransientContraction, RowsAndScalars) {
  auto graph = tests::graph_of(R"(sdfg program(A, B, N)
  symbols N: int64, k: int64
  array A: float64[N]
  array B: float64[N]
  transient array t: float64[4, N, 2]
  transient array w: float64[N]
  assume 8 <= N
  loop l var k from 0 while index(k) < 4 update index(k + 1)
    state s0
      n0 = access A
      n1 = map m[i = 0:N]
      n2 = tasklet f(_a) -> (o)
        o = _a + float64(k)
      n3 = exit n1
      n4 = access t
      n0 -> n1.IN_A : A[0:N]
      n1.OUT_A -> n2._a : A[i]
      n2.o -> n3.IN_t : t[k, i, 1]
      n3.OUT_t -> n4 : t[k, 0:N, 1]
    state s1
      n0 = access t
      n1 = map m[i = 0:N]
      n2 = tasklet f(_a) -> (o)
        o = _a * 0.5
      n3 = access w
      n4 = tasklet g(_w) -> (o)
        o = _w + 1.0
      n5 = exit n1
      n6 = access A
      n7 = access B
      n0 -> n1.IN_t : t[k, 0:N, 1]
      n1.OUT_t -> n2._a : t[k, i, 1]
      n2.o -> n3 : w[i]
      n3 -> n4._w : w[i]
      n4.o -> n5.IN_A : A[i]
      n5.OUT_A -> n6 : A[0:N]
      n0 -> n7 : t[k, 0:N, 1] -> [0:N]
)");
  EXPECT_EQ(tests::apply_checked(*graph, transient_contraction, {{"N", 9}}), 2);
  tests::expect_golden("transforms/transient_contraction.txt", text::print(*graph));
}

TEST(TransientContraction, Declines) {
  EXPECT_EQ(declined(program({}), transient_contraction), "");
  EXPECT_EQ(
      declined(program({.declarations = "  transient reference r: float64[N] targets (t)\n"}), transient_contraction),
      "it may also be reached through a reference or view");
  EXPECT_EQ(declined(program({.more = "    conditional c\n      branch b if t[index(k)] > 0.0\n        state s2\n"}),
                     transient_contraction),
            "it is used by a condition, an assignment or the result");
  EXPECT_EQ(declined(program({.read = "t[k + 1]"}), transient_contraction),
            "no dimension is entered at the same place everywhere");
  EXPECT_EQ(declined(program({.read = "t[k] allow_oob"}), transient_contraction), "an access may lie outside of it");
  EXPECT_EQ(declined(program({.rest = "  state s2\n    n0 = access t\n    n1 = access A\n    n0 -> n1 : A[0:N]\n"}),
                     transient_contraction),
            "it is copied");
}

TEST(TransientContraction, DeclinesWhereAnotherTurnIsSeen) {
  // What an earlier run of the loop left: read before it is written, or written on one way only.
  EXPECT_EQ(declined(program({.first = "    conditional c\n      branch b if x > 0.5\n" + use("[k]", 4)}),
                     transient_contraction),
            "a turn of l may read what an earlier one wrote");
  EXPECT_EQ(declined(program({.write = "t[k] wcr sum"}), transient_contraction),
            "a turn of l may read what an earlier one wrote");
  EXPECT_EQ(declined(program({.shape = "[N, 4]", .write = "t[k, 1]", .read = "t[k, 2]"}), transient_contraction),
            "a turn of l may read what an earlier one wrote");
  EXPECT_EQ(declined(program({.write = "t[m]", .read = "t[m]", .more = "    set m = 2\n    state s2\n"}),
                     transient_contraction),
            "the place changes between its accesses");
  EXPECT_EQ(declined(program({.rest = use("[k]", 1)}), transient_contraction),
            "the place changes between its accesses");
}

TEST(TransientContraction, DeclinesBetweenMaps) {
  auto text = [](const std::string& second) {
    return "sdfg program(A, B, N)\n  symbols N: int64\n  array A: float64[N]\n  array B: float64[N]\n"
           "  transient array t: float64[N]\n  assume 8 <= N\n  state s0\n    n0 = access A\n    n1 = map m[i = 0:N]\n"
           "    n2 = tasklet f(_a) -> (o)\n      o = _a + 1.0\n    n3 = access t\n    n4 = tasklet g(_t) -> (o)\n"
           "      o = _t\n    n5 = exit n1\n    n6 = access B\n    n0 -> n1.IN_A : A[0:N]\n    n1.OUT_A -> n2._a : "
           "A[i]\n"
           "    n2.o -> n3 : t[i]\n    n3 -> n4._t : t[i]\n    n4.o -> n5.IN_B : B[i]\n    n5.OUT_B -> n6 : B[0:N]\n" +
           second;
  };
  EXPECT_EQ(declined(text(""), transient_contraction), "");
  EXPECT_EQ(declined(text("  state s1\n    n0 = map m[i = 0:N]\n    n1 = access t\n    n2 = tasklet f(_t) -> (o)\n"
                          "      o = _t\n    n3 = exit n0\n    n4 = access A\n    n0 -> n1\n    n1 -> n2._t : t[i]\n"
                          "    n2.o -> n3.IN_A : A[i]\n    n3.OUT_A -> n4 : A[0:N]\n"),
                     transient_contraction),
            "i is a parameter of several maps");
}

TEST(TransientContraction, KeepsTheMeaningOfRandomFlow) {
  tests::fuzz(transient_contraction, tests::random_scratch, 200);
}

}  // namespace
}  // namespace thalweg::transient_contraction_test
