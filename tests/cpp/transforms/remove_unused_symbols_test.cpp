// Removal of unused symbols: what it removes, where it declines, and that random graphs keep their meaning.
#include "transforms/remove_unused_symbols.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/constant_propagation.h"
#include "transforms/support.h"

namespace thalweg::remove_unused_symbols_test {
namespace {

using tests::declined;
using transforms::remove_unused_symbols;

std::string program(const std::string& body, const std::string& symbols = "", const std::string& assumed = "") {
  return "sdfg program(A, x, n)\n  symbols N: int64, n: pyint" + symbols +
         "\n  array A: float64[N]\n  scalar x: float64\n  assume 8 <= N\n" + assumed + body;
}

TEST(RemoveUnusedSymbols, RemovesAssignmentsAndDeclaration) {
  auto graph = tests::graph_of(program(R"(  state s0
  set j = 3, k = 2
  state s1
  set j = index(j + 1), m = index(j)
  state s2
    n0 = access x
    n1 = nested body(a) -> (b) where [M = N, unused = n]
      sdfg body()
        symbols M: int64, unused: pyint
        scalar a: float64
        array b: float64[M]
        state inner
          n0 = access a
          n1 = tasklet t(x) -> (o)
            o = x
          n2 = access b
          n0 -> n1.x : a
          n1.o -> n2 : b[0]
    n2 = access A
    n0 -> n1.a : x
    n1.b -> n2 : A[0:N]
)",
                                       ", j: int64, k: int64, m: int64"));
  EXPECT_EQ(tests::apply_checked(*graph, remove_unused_symbols, {{"N", 8}, {"n", 1}}), 4);
  tests::expect_golden("transforms/remove_unused_symbols.txt", text::print(*graph));
}

TEST(RemoveUnusedSymbols, Declines) {
  const std::string start = "  state s0\n  set k = ";
  EXPECT_EQ(declined(program(start + "2\n  state s1\n", ", k: int64"), remove_unused_symbols), "");
  EXPECT_EQ(declined(program(start + "2\n  conditional c\n    branch b if index(k) < index(n)\n      state s1\n",
                             ", k: int64"),
                     remove_unused_symbols),
            "it is used");
  EXPECT_EQ(declined(program(start + "pyindex(n) + pyint(1)\n  state s1\n", ", k: pyint"), remove_unused_symbols),
            "an assignment to it may raise an exception");
  EXPECT_EQ(declined(program(start + "2\n  state s1\n", ", k: int64", "  assume 0 <= k\n"), remove_unused_symbols),
            "an assumption speaks of it");
  EXPECT_EQ(declined(program("  state s0\n  set n = pyint(2)\n  state s1\n"), remove_unused_symbols),
            "it is an argument");
}

// Without constants in the place of symbols nearly all of them are used.
TEST(RemoveUnusedSymbols, KeepsTheMeaningOfRandomFlow) {
  tests::fuzz(
      remove_unused_symbols,
      [](uint64_t seed) {
        tests::RandomGraph graph = tests::random_flow(seed);
        rewrite::Journal journal;
        EXPECT_TRUE(journal.apply_repeated(*graph.sdfg, transforms::constant_propagation).ok());
        graph.sdfg->log()->forget();
        return graph;
      },
      200);
}

}  // namespace
}  // namespace thalweg::remove_unused_symbols_test
