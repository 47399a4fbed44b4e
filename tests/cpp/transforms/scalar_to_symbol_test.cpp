// Scalar-to-symbol promotion: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/scalar_to_symbol.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::scalar_to_symbol_test {
namespace {

using tests::declined;
using transforms::scalar_to_symbol;

// s = code(read), then A[0] = s.
struct Parts {
  std::string type = "pyint", code = "pyint(_in)", more, rest, declarations, flags;
};
std::string program(const Parts& parts) {
  return "sdfg program(A, D, x, n)\n  symbols N: int64, n: pyint\n  array A: float64[N]\n  array D: int64[N]\n"
         "  scalar x: float64\n  transient scalar s: " +
         parts.type + "\n" + parts.declarations +
         "  assume 8 <= N\n  assume -5 <= n\n  assume n < 6\n  state s0\n    n0 = access D\n    n1 = tasklet t(_in) -> "
         "(o)" +
         parts.flags + "\n      o = " + parts.code +
         "\n    n2 = access s\n    n0 -> n1._in : D[2]\n    n1.o -> n2 : s\n" + parts.more + R"(  state s1
    n0 = access s
    n1 = tasklet t(_s) -> (o)
      o = float64(_s)
    n2 = access A
    n0 -> n1._s : s
    n1.o -> n2 : A[0]
)" + parts.rest;
}

TEST(ScalarToSymbol, AssignsBehindTheState) {
  auto graph = tests::graph_of(program({.rest = R"(  loop l while bool(s < pyint(4))
    state s2
      n0 = access s
      n1 = map m[i = 0:N]
      n2 = tasklet t(_s) -> (o)
        o = float64(_s)
      n3 = exit n1
      n4 = access A
      n5 = tasklet next(_s) -> (o)
        o = select(_s < pyint(-4), pyint(1), _s + pyint(1))
      n6 = access s
      n0 -> n1.IN_s : s volume N
      n1.OUT_s -> n2._s : s
      n2.o -> n3.IN_A : A[i]
      n3.OUT_A -> n4 : A[0:N]
      n0 -> n5._s : s
      n5.o -> n6 : s
      n3 -> n6
)"}));
  EXPECT_EQ(tests::apply_checked(*graph, scalar_to_symbol, {{"N", 9}, {"n", 3}}), 1);
  tests::expect_golden("transforms/scalar_to_symbol.txt", text::print(*graph));
}

TEST(ScalarToSymbol, NumpyIntegersThatDoNotWrap) {
  for (const char* code :
       {"index(N)", "index(n) + 3", "select(_in < 3, _in, 4)", "int64(int32(_in))", "_in % 7", "int64(_in < 3)"})
    EXPECT_EQ(declined(program({.type = "int64", .code = code}), scalar_to_symbol), "") << code;
  for (const char* code : {"_in + 1", "index(N) * 2", "_in // -1", "abs(_in)", "int64(uint64(_in))", "_in << 2"})
    EXPECT_EQ(declined(program({.type = "int64", .code = code}), scalar_to_symbol), "a value assigned to it may wrap")
        << code;
}

TEST(ScalarToSymbol, Declines) {
  EXPECT_EQ(declined(program({}), scalar_to_symbol), "");
  EXPECT_EQ(declined(program({.type = "int32", .code = "int32(_in)"}), scalar_to_symbol),
            "it is int32, not int64 or a Python int");
  EXPECT_EQ(declined(program({.declarations = "  transient reference r: pyint targets (s)\n"}), scalar_to_symbol),
            "it may also be reached through a reference");
  EXPECT_EQ(declined(program({.flags = " side_effects"}), scalar_to_symbol), "t has side effects");
  EXPECT_EQ(declined(program({.more = "    n3 = tasklet u() -> (o)\n      o = pyint(2)\n    n4 = access s\n"
                                      "    n3.o -> n4 : s\n    n2 -> n3\n"}),
                     scalar_to_symbol),
            "it is written twice in s0");
  EXPECT_EQ(declined(program({.more = "    n3 = tasklet u(_s) -> (o)\n      o = float64(_s)\n    n4 = access A\n"
                                      "    n2 -> n3._s : s\n    n3.o -> n4 : A[1]\n"}),
                     scalar_to_symbol),
            "its new value is read in s0 already");
  EXPECT_EQ(declined(program({.more = "    n3 = tasklet u() -> (o)\n      o = 5\n    n4 = access D\n    n3.o -> n4 : "
                                      "D[2]\n    n1 -> n3\n"}),
                     scalar_to_symbol),
            "D, which it is made of, is written in the same state");
  EXPECT_EQ(declined(program({.rest = "  state s2\n    n0 = access s\n    n1 = access y\n    n0 -> n1 : s\n",
                              .declarations = "  scalar y: pyint\n"}),
                     scalar_to_symbol),
            "it is read by y, which is no tasklet");
  EXPECT_EQ(declined(program({.rest = "  state s2\n    n0 = map m[i = 0:N % 2]\n    n1 = tasklet u() -> (o)\n"
                                      "      o = pyint(2)\n    n2 = access s\n    n3 = exit n0\n    n0 -> n1\n"
                                      "    n1.o -> n2 : s\n    n2 -> n3\n"}),
                     scalar_to_symbol),
            "it is written inside of a scope");
  const std::string print =
      "    n3 = tasklet print() -> (o) side_effects\n      o = 1.0\n    n4 = access A\n    n3.o -> n4 : A[3]\n";
  EXPECT_EQ(declined(program({.code = "pyint(_in) + pyint(1)", .more = print}), scalar_to_symbol),
            "what it is made of may raise an exception, and s0 has effects");
  EXPECT_EQ(declined(program({.code = "pyint(_in)", .more = print}), scalar_to_symbol), "");
  EXPECT_EQ(declined(program({.more = "    n3 = tasklet u(s) -> (o)\n      o = float64(s)\n    n4 = access x\n"
                                      "    n5 = access A\n    n4 -> n3.s : x\n    n3.o -> n5 : A[1]\n"}),
                     scalar_to_symbol),
            "a connector in s0 has its name");
}

// Reads after the write count wherever they hang.
TEST(ScalarToSymbol, ReadsOrderedBehindTheWrite) {
  EXPECT_EQ(declined(program({.more = "    n3 = access s\n    n4 = tasklet u(_s) -> (o)\n      o = float64(_s)\n"
                                      "    n5 = access A\n    n3 -> n4._s : s\n    n4.o -> n5 : A[1]\n    n2 -> n4\n"}),
                     scalar_to_symbol),
            "its new value is read in s0 already");
}

TEST(ScalarToSymbol, KeepsTheMeaningOfRandomFlow) { tests::fuzz(scalar_to_symbol, tests::random_flow, 200); }

}  // namespace
}  // namespace thalweg::scalar_to_symbol_test
