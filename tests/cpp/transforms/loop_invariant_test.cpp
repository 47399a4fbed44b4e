// Loop-invariant code motion: what it moves, where it declines, and that random graphs keep their meaning.
#include "transforms/loop_invariant.h"

#include "support/golden.h"
#include "support/random_flow.h"
#include "transforms/support.h"

namespace thalweg::loop_invariant_test {
namespace {

using transforms::loop_invariant;

struct Parts {
  std::string loop = "var k from 0 while index(k) < index(n) update index(k + 1)";
  std::string before, first, code = "_a * 2.0", read = "A[1]", write = "t", flags, more, rest, declarations, symbols;
  std::string t = "transient scalar t: float64";
};
// loop: { first; write = code(read); B[k] = t; more }; rest
std::string program(const Parts& parts) {
  const std::string from = parts.read.substr(0, parts.read.find('[')),
                    to = parts.write.substr(0, parts.write.find_first_of("[ "));
  return "sdfg program(A, B, x, n, j)\n  symbols N: int64, n: pyint, k: int64, j: int64" + parts.symbols +
         "\n  array A: float64[N]\n  array B: float64[N]\n  scalar x: float64\n  " + parts.t + "\n" +
         parts.declarations + "  assume 8 <= N\n  assume n < 7\n" + parts.before + "  loop l " + parts.loop + "\n" +
         parts.first + "    state s0\n      n0 = access " + from + "\n      n1 = tasklet f(_a) -> (o)" + parts.flags +
         "\n        o = " + parts.code + "\n      n2 = access " + to + "\n      n0 -> n1._a : " + parts.read +
         "\n      n1.o -> n2 : " + parts.write + R"(
    state s1
      n0 = access t
      n1 = tasklet g(_t) -> (o)
        o = _t
      n2 = access B
      n0 -> n1._t : t
      n1.o -> n2 : B[k]
)" + parts.more +
         parts.rest;
}
// Why the tasklet f stays.
std::string declined(const Parts& parts) {
  auto graph = tests::graph_of(program(parts));
  for (const rewrite::Candidate& candidate : loop_invariant.candidates(*graph))
    if (candidate.place.rfind("f in state", 0) == 0) return candidate.declined;
  return "none";
}
const char* const kRuns = "var k from 0 while index(k) < 5 update index(k + 1)";

TEST(LoopInvariant, MovesTaskletsAndMaps) {
  auto graph = tests::graph_of(program({.more = R"(    state s2
      n0 = access A
      n1 = access t
      n2 = map m[i = 0:N]
      n3 = tasklet h(_a, _t) -> (o)
        o = _a + _t
      n4 = exit n2
      n5 = access w
      n6 = tasklet last(_w) -> (o)
        o = _w + float64(k)
      n7 = access B
      n0 -> n2.IN_A : A[0:N]
      n1 -> n2.IN_t : t volume N
      n2.OUT_A -> n3._a : A[i]
      n2.OUT_t -> n3._t : t
      n3.o -> n4.IN_w : w[i]
      n4.OUT_w -> n5 : w[0:N]
      n5 -> n6._w : w[3]
      n6.o -> n7 : B[k]
)",
                                        .declarations = "  transient array w: float64[N]\n"}));
  EXPECT_EQ(tests::apply_checked(*graph, loop_invariant, {{"N", 9}, {"n", 3}, {"j", 1}}), 2);
  tests::expect_golden("transforms/loop_invariant.txt", text::print(*graph));
}

TEST(LoopInvariant, DeclinesWhatChanges) {
  EXPECT_EQ(declined({}), "");
  EXPECT_EQ(declined({.read = "A[k]"}), "it uses k, which changes in the loop");
  EXPECT_EQ(declined({.read = "B[1]"}), "B changes in the loop");
  EXPECT_EQ(declined({.write = "B[1]"}), "B is no temporary");
  EXPECT_EQ(declined({.declarations = "  transient reference r: float64 targets (t)\n"}),
            "t may also be reached through a reference or view");
  EXPECT_EQ(declined({.more = "    conditional c\n      branch b if t > 0.0\n        state s2\n"}),
            "t is used by a condition, an assignment or the result");
  EXPECT_EQ(declined({.write = "u[0]",
                      .more = "    set m = index(j)\n    state s2\n",
                      .declarations = "  transient array u: float64[m + 1]\n",
                      .symbols = ", m: int64"}),
            "u is born anew when m changes");
  EXPECT_EQ(declined({.write = "t wcr sum"}), "t is combined with what is there");
  EXPECT_EQ(declined({.read = "r[1]",
                      .more = "    state s2\n      n0 = access A\n      n1 = access r connectors (set) -> ()\n"
                              "      n0 -> n1.set : A[k:k + 2]\n",
                      .declarations = "  transient reference r: float64[2] targets (A)\n"}),
            "r is set in the loop");
}

TEST(LoopInvariant, DeclinesWhereOthersWouldNotice) {
  const std::string again =
      "      n0 = tasklet u() -> (o)\n        o = 1.0\n      n1 = access t\n      n0.o -> n1 : t\n";
  EXPECT_EQ(declined({.more = "    state s2\n" + again}), "t is written elsewhere, too");
  const std::string use = "    n0 = access t\n    n1 = access B\n    n0 -> n1 : t -> [0]\n";
  EXPECT_EQ(declined({.rest = "  state s2\n" + use}), "t is read outside of the loop, which may run for no turn");
  EXPECT_EQ(declined({.loop = kRuns, .rest = "  state s2\n" + use}), "");
  EXPECT_EQ(declined({.first = "    conditional c\n      branch b if index(k) > 0\n        state s\n"
                               "          n0 = access t\n          n1 = access B\n          n0 -> n1 : t -> [0]\n"}),
            "t is read in the loop before it is written");
}

TEST(LoopInvariant, DeclinesWhatMustNotRun) {
  EXPECT_EQ(declined({.flags = " side_effects"}), "f has side effects");
  EXPECT_EQ(declined({.code = "float64(pyfloat(_a) / pyfloat(2.0))"}),
            "it may raise an exception, and the loop may run for no turn or have effects before");
  EXPECT_EQ(declined({.loop = kRuns, .code = "float64(pyfloat(_a) / pyfloat(2.0))"}), "");
  EXPECT_EQ(declined({.loop = kRuns,
                      .first = "    state s\n      n0 = tasklet print() -> (o) side_effects\n        o = 1.0\n"
                               "      n1 = access B\n      n0.o -> n1 : B[0]\n",
                      .code = "float64(pyfloat(_a) / pyfloat(2.0))"}),
            "it may raise an exception, and the loop may run for no turn or have effects before");
  EXPECT_EQ(declined({.read = "A[j]"}), "the elements of A may not exist where the loop runs for no turn");
  EXPECT_EQ(declined({.loop = kRuns, .read = "A[j]"}), "");
  EXPECT_EQ(declined({.loop = kRuns,
                      .first = "    conditional c\n      branch b if x > 0.0\n        break out\n",
                      .read = "A[j]"}),
            "the elements of A may not exist where the loop runs for no turn");
  EXPECT_EQ(declined({.code = "_a[index(j) % 3]", .read = "A[0:3]"}), "f picks elements by values");
  EXPECT_EQ(declined({.loop = kRuns, .code = "_a[0]", .read = "A[0:3]"}), "");
}

// s = c -> w -> u inside of a map; w is its own or not.
TEST(LoopInvariant, MapsWithMemoryOfTheirOwn) {
  auto inner = [](const std::string& index, const std::string& also) {
    auto graph = tests::graph_of(program(
        {.more =
             "    state s2\n      n0 = access A\n      n1 = map m[i = 0:N]\n      n2 = tasklet h(_a) -> (o)\n"
             "        o = _a + 1.0\n      n3 = access w\n      n4 = tasklet k(_w) -> (o)\n        o = _w * 2.0\n"
             "      n5 = exit n1\n      n6 = access v\n      n0 -> n1.IN_A : A[0:N]\n      n1.OUT_A -> n2._a : A[i]\n"
             "      n2.o -> n3 : w[" +
             index + "]\n      n3 -> n4._w : w[" + index +
             "]\n      n4.o -> n5.IN_v : v[i]\n      n5.OUT_v -> n6 : v[0:N]\n" + also,
         .declarations = "  transient array w: float64[4]\n  transient array v: float64[N]\n"}));
    for (const rewrite::Candidate& candidate : loop_invariant.candidates(*graph))
      if (candidate.place.rfind("m in state", 0) == 0) return candidate.declined;
    return std::string("none");
  };
  EXPECT_EQ(inner("2", ""), "");
  EXPECT_EQ(inner("i % 4", ""), "");
  EXPECT_EQ(inner("j", ""), "the elements of w may not exist where the loop runs for no turn");
  EXPECT_EQ(inner("2", "    state s3\n      n0 = access w\n      n1 = access B\n      n0 -> n1 : w[2] -> [0]\n"),
            "w is also used elsewhere");
}

TEST(LoopInvariant, KeepsTheMeaningOfRandomFlow) { tests::fuzz(loop_invariant, tests::random_flow, 100); }

}  // namespace
}  // namespace thalweg::loop_invariant_test
