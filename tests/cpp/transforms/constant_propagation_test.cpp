// Constant propagation: what it puts in, where it declines, and that random graphs keep their meaning.
#include "transforms/constant_propagation.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::constant_propagation_test {
namespace {

using transforms::constant_propagation;

std::string program(const std::string& body, const std::string& declarations = "") {
  return "sdfg program(A, x)\n  symbols N: int64, k: int64, j: int64\n  array A: float64[N]\n  scalar x: float64\n"
         "  transient scalar s: float64\n  transient scalar p: pyint\n" +
         declarations + "  assume 8 <= N\n  state first\n  set k = 1, j = 2\n" + body;
}
std::string indent(int depth) { return std::string(static_cast<size_t>(2 * depth), ' '); }
// name = value
std::string write(const std::string& state, const std::string& name, const std::string& value, int depth = 1) {
  const std::string in = indent(depth);
  return in + "state " + state + "\n" + in + "  n0 = tasklet t() -> (o)\n" + in + "    o = " + value + "\n" + in +
         "  n1 = access " + name + "\n" + in + "  n0.o -> n1 : " + name + "\n";
}
// A[k] = s
std::string use(const std::string& state, int depth = 1) {
  const std::string in = indent(depth);
  return in + "state " + state + "\n" + in + "  n0 = access s\n" + in + "  n1 = tasklet t(_s) -> (o)\n" + in +
         "    o = _s + float64(k)\n" + in + "  n2 = access A\n" + in + "  n0 -> n1._s : s\n" + in +
         "  n1.o -> n2 : A[k]\n";
}
std::vector<std::string> places(const std::string& text) {
  auto graph = tests::graph_of(text);
  return tests::places(*graph, constant_propagation);
}

TEST(ConstantPropagation, FollowsAssignments) {
  auto graph = tests::graph_of(program(write("s0", "s", "0.5") + write("s1", "p", "pyint(3)") + R"(  state s2
  set k = index(k + 2), j = int64(p)
  state s3
    n0 = access s
    n1 = map m[i = 0:k]
    n2 = tasklet t(_s) -> (o)
      o = _s + float64(j)
    n3 = exit n1
    n4 = access A
    n0 -> n1.IN_s : s volume k
    n1.OUT_s -> n2._s : s
    n2.o -> n3.IN_A : A[i + j]
    n3.OUT_A -> n4 : A[j:j + k]
  conditional c
    branch b if bool(p < pyint(4)) and index(k) == 3
)" + use("s4", 3)));
  EXPECT_EQ(tests::apply_checked(*graph, constant_propagation, {{"N", 8}}), 9);
  tests::expect_golden("transforms/constant_propagation.txt", text::print(*graph));
}

TEST(ConstantPropagation, DeclinesWhereWaysDiffer) {
  EXPECT_EQ(places(program(write("s0", "s", "0.5") +
                           "  conditional c\n    branch b if x > 0.0\n      state s1\n      set k = 3\n" +
                           write("s2", "s", "1.5", 3) + use("use"))),
            (std::vector<std::string>{"k in use: it has another value on another way here",
                                      "s in use: it has another value on another way here"}));
  EXPECT_EQ(places(program("  conditional c\n    branch b if x > 0.0\n" + write("s0", "s", "0.5", 3) +
                           "    branch d\n" + write("s1", "s", "0.5", 3) + use("use"))),
            (std::vector<std::string>{"k in use", "s in use"}));
}

TEST(ConstantPropagation, DeclinesWhatChangesInALoop) {
  const std::string loop = "  loop l while index(k) < 4\n" + use("use", 2) + write("s1", "s", "1.5", 2) +
                           "    set k = index(k + 1)\n    state last\n";
  EXPECT_EQ(places(program(write("s0", "s", "0.5") + loop)),
            (std::vector<std::string>{"k in l: it changes in the loop",
                                      "k in a transition s1 -> last: it changes in the loop",
                                      "k in use: it changes in the loop", "s in use: it changes in the loop"}));
}

TEST(ConstantPropagation, DeclinesWhatChangesInACycle) {
  const std::string cycle = "  region r\n" + use("use", 2) + write("s1", "s", "1.5", 2) +
                            "    state last\n    transitions\n      use -> s1\n      s1 -> use if index(k) < 3 set k = "
                            "index(k + 1)\n      s1 -> last\n";
  EXPECT_EQ(places(program(write("s0", "s", "0.5") + cycle)),
            (std::vector<std::string>{"k in a transition s1 -> use: it changes in a cycle of transitions",
                                      "k in use: it changes in a cycle of transitions",
                                      "s in use: it changes in a cycle of transitions"}));
}

TEST(ConstantPropagation, DeclinesOtherMemoryAndMeanings) {
  // An argument, and a scalar that a reference may lead to: neither is followed.
  EXPECT_EQ(places(program(write("s0", "x", "0.5") + "  state s1\n  set k = int64(x)\n  state s2\n")),
            (std::vector<std::string>{}));
  EXPECT_EQ(places(program(write("s0", "s", "0.5") + use("use"), "  transient reference r: float64 targets (s)\n")),
            (std::vector<std::string>{"k in use"}));
  EXPECT_EQ(places(program(write("s0", "s", "0.5") + R"(  state both
    n0 = access s
    n1 = tasklet t(_s) -> (o)
      o = _s
    n2 = access A
    n3 = tasklet u() -> (o)
      o = 1.5
    n4 = access s
    n0 -> n1._s : s
    n1.o -> n2 : A[0]
    n3.o -> n4 : s
    n1 -> n3
)")),
            (std::vector<std::string>{"s in both: s is written in the same state"}));
  EXPECT_EQ(places(program(write("s0", "s", "0.5") + R"(  state maybe
    n0 = map m[i = 0:N % 2]
    n1 = tasklet t() -> (o)
      o = 1.5
    n2 = access s
    n3 = exit n0
    n0 -> n1
    n1.o -> n2 : s
    n2 -> n3
)" + use("use"))),
            (std::vector<std::string>{"k in use", "s in use: s is written in a scope that may run for no turn"}));
  EXPECT_EQ(places(program("  state s1\n    n0 = access s\n    n1 = access A\n    n0 -> n1 : s -> [0]\n", "") + ""),
            (std::vector<std::string>{}));
}

TEST(ConstantPropagation, KeepsTheMeaningOfRandomFlow) { tests::fuzz(constant_propagation, tests::random_flow, 500); }

}  // namespace
}  // namespace thalweg::constant_propagation_test
