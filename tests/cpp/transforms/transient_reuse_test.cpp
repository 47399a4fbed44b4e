// Transient reuse: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/transient_reuse.h"

#include "support/golden.h"
#include "transforms/support.h"

namespace thalweg::transient_reuse_test {
namespace {

using transforms::transient_reuse;

struct Pieces {
  std::string t = "float64[N]", u = "float64[N]", flags, more;
  std::string last = "    n2 -> n3 : B[0:N]\n    n3 -> n4 : u[0:N]\n";
  std::string indent, loop;
};

// A -> t -> B -> u -> C, all copies.
std::string copies(const Pieces& p = {}) {
  const std::string state =
      "state s\n    n0 = access A\n    n1 = access t\n    n2 = access B\n    n3 = access u\n"
      "    n4 = access C\n    n0 -> n1 : A[0:N]\n    n1 -> n2 : t[0:N]\n" +
      p.last;
  std::string text =
      "sdfg copies(A, B, C)\n  symbols N: int64, k: int64\n  array A: float64[N]\n  array B: float64[N]\n"
      "  array C: float64[N]\n  transient array t: " +
      p.t + "\n  transient array u: " + p.u + "\n" + p.flags + "  assume 4 <= N\n" + p.loop;
  for (size_t at = 0; at < state.size();) {
    const size_t end = state.find('\n', at);
    text += (at == 0 ? "  " : "") + p.indent + state.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return text + p.more;
}
// Why u does not get t's memory.
std::string reason(const Pieces& p) {
  auto graph = tests::graph_of(copies(p));
  for (const auto& candidate : transient_reuse.candidates(*graph))
    if (candidate.place == "temporary u in the memory of t") return candidate.declined;
  return "none";
}

TEST(TransientReuse, ATemporaryTakesTheMemoryOfAnEarlierOne) {
  auto graph = tests::graph_of(copies());
  EXPECT_EQ(tests::apply_checked(*graph, transient_reuse, {{"N", 5}, {"k", 0}}), 1);
  tests::expect_golden("transforms/transient_reuse.txt", text::print(*graph));
}

TEST(TransientReuse, AlsoInALoopWhereEachTurnWritesBothFirst) {
  Pieces p;
  p.indent = "  ";
  p.loop = "  loop l var k from 0 while k < 3 update k + 1\n";
  auto graph = tests::graph_of(copies(p));
  EXPECT_EQ(tests::apply_checked(*graph, transient_reuse, {{"N", 5}}), 1);
  // The last element comes from an earlier turn.
  p.last = "    n2 -> n3 : B[0:N - k] -> [0:N - k]\n    n3 -> n4 : u[0:N]\n";
  EXPECT_EQ(reason(p), "u may hold elements of an earlier turn of the loop");
}

TEST(TransientReuse, AlsoFromStateToState) {
  Pieces p;
  p.last = "";
  std::string text = copies(p);
  text.replace(text.find("    n3 = access u\n    n4 = access C\n"), 36, "");
  text +=
      "  state s1\n    n0 = access B\n    n1 = access u\n    n2 = access C\n    n0 -> n1 : B[0:N]\n    n1 -> n2 : "
      "u[0:N]\n";
  auto graph = tests::graph_of(text);
  EXPECT_EQ(tests::apply_checked(*graph, transient_reuse, {{"N", 5}, {"k", 0}}), 1);
}

TEST(TransientReuse, DeclinesWhatDiffers) {
  Pieces p;
  p.u = "float64[N] strides (2)";
  EXPECT_EQ(reason(p), "their layouts differ");
  p = {};
  p.u = "float64[N] storage CPU_Pinned";
  EXPECT_EQ(reason(p), "they are kept in different memory or for different times");
  auto graph = tests::graph_of(R"(
sdfg kinds(A, B)
  symbols N: int64
  array A: float64[N]
  array B: int64[N]
  transient array t: float64[N]
  transient array u: int64[N]
  state s
    n0 = access A
    n1 = access t
    n0 -> n1 : A[0:N]
  state s1
    n0 = access B
    n1 = access u
    n0 -> n1 : B[0:N]
)");
  EXPECT_EQ(tests::places(*graph, transient_reuse)[0],
            "temporary u in the memory of t: one holds float64, the other int64");
}

TEST(TransientReuse, DeclinesWhereLivesMayOverlap) {
  Pieces p;
  p.last = "    n0 -> n3 : A[0:N]\n    n3 -> n4 : u[0:N]\n";
  EXPECT_EQ(reason(p), "t is not over before u begins");
  p = {};
  p.more = "  state s1\n    n0 = access t\n    n1 = access C\n    n0 -> n1 : t[0:N]\n";
  EXPECT_EQ(reason(p), "t is still used after u");
  p = {};
  p.flags = "  transient reference r: float64[N] targets (t)\n";
  EXPECT_EQ(reason(p), "t may also be reached through a reference or view");
  p = {};
  p.more = "  state s1\n  transitions\n    s -> s1 if u[0] > 0.0\n";
  EXPECT_EQ(reason(p), "u is used by a condition, an assignment or the result");
}

TEST(TransientReuse, KeepsTheMeaningOfRandomChains) { tests::fuzz(transient_reuse, tests::random_chain, 20); }
TEST(TransientReuse, KeepsTheMeaningOfFusedChains) {
  tests::fuzz(transient_reuse, [](uint64_t seed) { return tests::in_one_state(tests::random_chain(seed)); }, 20);
}

}  // namespace
}  // namespace thalweg::transient_reuse_test
