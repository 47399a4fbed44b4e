// Symbol propagation: what it puts in, where it declines, and that random graphs keep their meaning.
#include "transforms/symbol_propagation.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::symbol_propagation_test {
namespace {

using transforms::symbol_propagation;

std::string program(const std::string& body) {
  return "sdfg program(A, x, a, b)\n  symbols N: int64, a: int64, b: pyint, k: int64, j: int64, n: pyint\n"
         "  array A: float64[N]\n  scalar x: float64\n  assume 8 <= N\n  assume 0 <= a\n  assume a < 7\n  state "
         "first\n" +
         body;
}
// A[k] = x, at this depth
std::string use(const std::string& state, int depth = 1) {
  const std::string in(static_cast<size_t>(2 * depth), ' ');
  return in + "state " + state + "\n" + in + "  n0 = access x\n" + in + "  n1 = tasklet t(_x) -> (o)\n" + in +
         "    o = _x + float64(k)\n" + in + "  n2 = access A\n" + in + "  n0 -> n1._x : x\n" + in +
         "  n1.o -> n2 : A[k]\n";
}
std::vector<std::string> places(const std::string& body) {
  auto graph = tests::graph_of(program(body));
  return tests::places(*graph, symbol_propagation);
}

TEST(SymbolPropagation, FollowsCopies) {
  auto graph =
      tests::graph_of(program("  set j = index(a + 1), n = pyindex(b)\n  state s0\n  set k = index(j)\n" + use("s1") +
                              "  conditional c\n    branch d if index(k) < index(n)\n" + use("s2", 3) +
                              "  loop l var k from index(j) while index(k) < index(n) update index(k + 1)\n"
                              "    state s3\n"));
  EXPECT_EQ(tests::apply_checked(*graph, symbol_propagation, {{"N", 8}, {"a", 3}, {"b", 6}}), 7);
  tests::expect_golden("transforms/symbol_propagation.txt", text::print(*graph));
}

TEST(SymbolPropagation, Declines) {
  EXPECT_EQ(places("  set k = index(a + b)\n" + use("use")),
            (std::vector<std::string>{"k in use: a + b may be larger than 64 bits"}));
  EXPECT_EQ(places("  set j = index(a)\n  state s0\n  set k = index(j)\n  state s1\n  set j = 2\n" + use("use")),
            (std::vector<std::string>{"j in a transition s0 -> s1", "k in use"}));
  EXPECT_EQ(places("  set j = int64(x)\n  state s0\n  set k = index(j)\n  state s1\n  set j = 2\n" + use("use")),
            (std::vector<std::string>{"j in a transition s0 -> s1: j is read from memory",
                                      "k in use: what it was copied from has changed"}));
  EXPECT_EQ(places("  set j = int64(x)\n  state s0\n  set k = index(j), j = 3\n" + use("use")),
            (std::vector<std::string>{"j in a transition s0 -> use: j is read from memory",
                                      "k in use: what it was copied from has changed"}));
  EXPECT_EQ(places("  set k = index(a)\n  conditional c\n    branch d if x > 0.0\n      state s0\n      set k = "
                   "index(b)\n      state s1\n" +
                   use("use")),
            (std::vector<std::string>{"k in use: it has another value on another way here"}));
}

TEST(SymbolPropagation, DeclinesWhatRunsAgain) {
  EXPECT_EQ(places("  set k = index(a)\n  loop l while index(k) < 5\n" + use("use", 2) +
                   "    set k = index(k + 1)\n    state last\n"),
            (std::vector<std::string>{"k in l: it changes in the loop",
                                      "k in a transition use -> last: it changes in the loop",
                                      "k in use: it changes in the loop"}));
  EXPECT_EQ(places("  set k = index(a)\n  region r\n" + use("use", 2) +
                   "    state last\n    transitions\n      use -> use if index(k) < 4 set k = index(k + 1)\n"
                   "      use -> last\n"),
            (std::vector<std::string>{"k in a transition use -> use: it changes in a cycle of transitions",
                                      "k in use: it changes in a cycle of transitions"}));
}

TEST(SymbolPropagation, KeepsTheMeaningOfRandomFlow) { tests::fuzz(symbol_propagation, tests::random_flow, 120); }

}  // namespace
}  // namespace thalweg::symbol_propagation_test
