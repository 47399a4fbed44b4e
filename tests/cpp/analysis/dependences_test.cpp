// Dependences of small loops: which there are, how far apart, and what people read about them.
#include "analysis/dependences.h"

#include <gtest/gtest.h>

#include "analysis/needed_outside.h"
#include "sets/budget.h"
#include "support/loop_text.h"
#include "text/text.h"

namespace thalweg {
namespace {

using analysis::DependenceKind;
using tests::state_of;
using tests::Step;

// for i in range(1, N - 1), in steps of one.
std::string loop_over(const std::vector<Step>& steps, const std::string& assumptions = "",
                      const std::string& header = "from 1 while i < N - 1 update i + 1") {
  std::string text =
      "sdfg f(a, b, c)\n  symbols N: int64, M: int64, i: int64, j: int64\n  array a: float64[N]\n"
      "  array b: float64[N]\n  array c: float64[N, N]\n  transient scalar s: float64\n"
      "  transient array row: float64[N]\n  assume 3 <= N\n" +
      assumptions + "  loop l var i " + header + "\n";
  for (size_t k = 0; k < steps.size(); ++k) text += state_of(steps[k], "s" + std::to_string(k), "    ");
  return text;
}

struct Loop {
  ir::Ref<ir::SDFG> graph;
  ir::LoopRegion* loop = nullptr;
  explicit Loop(const std::string& text) {
    auto parsed = text::parse(text);
    if (!parsed) throw std::runtime_error(base::render(parsed.error(), text) + text);
    graph = *parsed;
    for (ir::ControlFlowBlock* block : ir::all_blocks(*graph))
      if (auto* found = ir::as<ir::LoopRegion>(block); found && !loop) loop = found;
  }
};

std::vector<std::string> reasons(const std::string& text) {
  Loop loop(text);
  std::vector<std::string> out;
  for (const auto& one : analysis::dependences_of(*loop.loop).carried) out.push_back(one.reason);
  return out;
}

using Reasons = std::vector<std::string>;

TEST(Dependences, NoneWhereIterationsStayApart) {
  EXPECT_EQ(reasons(loop_over({{"b[i]", {"a[i - 1]", "a[i + 1]"}}})), Reasons{});
  EXPECT_EQ(reasons(loop_over({{"a[i]", {"a[i]", "b[0]"}}})), Reasons{});
  EXPECT_EQ(reasons(loop_over({{"c[i, 2]", {"c[i, 1]", "c[i, 0]"}}})), Reasons{});
  const std::string in_steps = "from 1 while i < N - 1 update i + 2";
  EXPECT_EQ(reasons(loop_over({{"a[i]", {"a[i - 1]"}}}, "", in_steps)), Reasons{});
  const std::string downwards = "from N - 2 while i > 0 update i - 1";
  EXPECT_EQ(reasons(loop_over({{"b[i]", {"a[N - i]"}}}, "", downwards)), Reasons{});
}

TEST(Dependences, IndicesThatAreRemaindersAndQuotients) {
  // Not as many iterations as the divisor.
  EXPECT_EQ(reasons(loop_over({{"a[(i + M) % N]", {"b[i]"}}})), Reasons{});
  EXPECT_NE(reasons(loop_over({{"a[(i + M) % N]", {"b[i]"}}}, "", "from 0 while i <= N update i + 1")), Reasons{});
  EXPECT_NE(reasons(loop_over({{"a[(2*i) % N]", {}}})), Reasons{});
  EXPECT_NE(reasons(loop_over({{"a[(i + M) % N]", {"a[(i + M + 1) % N]"}}})), Reasons{});
  EXPECT_NE(reasons(loop_over({{"a[i % M]", {}}})), Reasons{});
  // Quotient and remainder together are the iteration.
  EXPECT_EQ(reasons(loop_over({{"c[i // M, i % M]", {}}})), Reasons{});
  EXPECT_NE(reasons(loop_over({{"c[i // M, i % 2]", {}}})), Reasons{});
  EXPECT_NE(reasons(loop_over({{"c[(i + 1) // M, i % M]", {}}})), Reasons{});
  EXPECT_NE(reasons(loop_over({{"c[i // M, 0]", {}}})), Reasons{});
}

TEST(Dependences, RowsOfATriangle) {
  auto packed = [](const std::string& index, const std::string& end) {
    return reasons(
        "sdfg f(p)\n  symbols N: int64, i: int64, j: int64\n  array p: float64[N*N + 1]\n  assume 0 <= N\n"
        "  loop l var i from 0 while i < N update i + 1\n    loop k var j from 0 while j < " +
        end + " update j + 1\n" + state_of({"p[" + index + "]", {}}, "s", "      "));
  };
  EXPECT_EQ(packed("i*(i + 1)//2 + j", "i + 1"), Reasons{});
  EXPECT_NE(packed("i*(i + 1)//2 + j", "i + 2"), Reasons{});  // into the next row
  EXPECT_NE(packed("i*(i - 1)//2 + j", "i + 1"), Reasons{});
  EXPECT_EQ(packed("i*(i - 1)//2 + j", "i"), Reasons{});
  EXPECT_NE(packed("i//2 + j", "1"), Reasons{});
}

TEST(Dependences, IslProvesWhatIndicesDoNotShow) {
  EXPECT_EQ(reasons(loop_over({{"a[i]", {"a[i - M]"}}}, "  assume N <= M\n")), Reasons{});
  EXPECT_EQ(reasons(loop_over({{"a[i]", {"a[N - 1]", "a[0]"}}})), Reasons{});
  // The upper triangle is read, the lower one written.
  const std::string triangle = R"(
sdfg f(c)
  symbols N: int64, i: int64, j: int64
  array c: float64[N, N]
  loop l var i from 0 while i < N update i + 1
    loop k var j from 0 while j < i update j + 1
      state s
        n0 = access c
        n1 = tasklet t(x: float64) -> (o: float64)
          o = x
        n2 = access c
        n0 -> n1.x : c[j, i]
        n1.o -> n2 : c[i, j]
)";
  EXPECT_EQ(reasons(triangle), Reasons{});
}

// A product of parameters is beyond isl.
TEST(Dependences, IslIsAskedOnceOfALoop) {
  const std::string text = loop_over({{"a[i // 2]", {"b[i]"}}, {"b[i // 2]", {"a[i]"}}});
  const Reasons first = reasons(text);
  const uint64_t asked = sets::questions_asked();
  EXPECT_EQ(reasons(text), first);
  EXPECT_EQ(sets::questions_asked(), asked);
  reasons(loop_over({{"a[i // 2]", {"b[i]"}}, {"b[i // 2]", {"a[i + 1]"}}}));
  EXPECT_GT(sets::questions_asked(), asked);
}

TEST(Dependences, RowsOfAFlatMatrixStayApart) {
  auto rows = [](const std::string& index, const std::string& end) {
    return reasons(
        "sdfg f(w)\n  symbols N: int64, M: int64, i: int64, j: int64\n  array w: float64[N*M]\n"
        "  loop l var i from 0 while i < N update i + 1\n    loop k var j from 0 while j < " +
        end + " update j + 1\n" + state_of({"w[" + index + "]", {}}, "s", "      "));
  };
  EXPECT_EQ(rows("M*i + j", "M"), Reasons{});
  EXPECT_EQ(rows("(j + M*i) if 0 <= j + M*i else 0", "M"), Reasons{});
  EXPECT_EQ(rows("M*i + j", "M + 1").size(), 1u);
  EXPECT_EQ(rows("M*j + i", "M").size(), 1u);
}

TEST(Dependences, SayWhichIterationWaitsForWhich) {
  EXPECT_EQ(reasons(loop_over({{"a[i]", {"a[i - 1]"}}})),
            Reasons{"an iteration reads a[i - 1], which the iteration before wrote as a[i] (distance 1)"});
  EXPECT_EQ(reasons(loop_over({{"a[i]", {"a[i + 2]"}}}, "  assume 7 <= N\n")),
            Reasons{"an iteration reads a[i + 2], which the iteration 2 later overwrites as a[i] (distance 2)"});
}

TEST(Dependences, HaveKindAndDistance) {
  auto of = [](const std::string& text) {
    Loop loop(text);
    auto found = analysis::dependences_of(*loop.loop).carried;
    EXPECT_EQ(found.size(), 1u) << text;
    return found.empty() ? analysis::Dependence{} : found[0];
  };
  auto flow = of(loop_over({{"a[i]", {"a[i - 2]"}}}, "", "from 2 while i < N update i + 1"));
  EXPECT_EQ(flow.kind, DependenceKind::flow);
  EXPECT_EQ(flow.distance, 2);
  EXPECT_TRUE(flow.exists);
  auto anti = of(loop_over({{"a[i]", {"a[i + 1]"}}}));
  EXPECT_EQ(anti.kind, DependenceKind::anti);
  EXPECT_EQ(anti.distance, 1);
  auto output = of(loop_over({{"a[0]", {"b[i]"}}}));
  EXPECT_EQ(output.kind, DependenceKind::output);
  auto mirrored = of(loop_over({{"a[i]", {"a[N - 1 - i]"}}}));
  EXPECT_FALSE(mirrored.distance.has_value());
}

TEST(Dependences, TemporariesAreWrittenBeforeTheyAreRead) {
  auto private_to_iteration = [](const std::string& text, const std::string& name) {
    Loop loop(text);
    const analysis::Body body = analysis::body_of(*loop.loop);
    const analysis::CountedLoop counted = analysis::counted(*loop.loop);
    return analysis::Dependences(*loop.graph, body, {{"i"}, {counted.range}}, analysis::facts_at(*loop.loop))
        .written_before_read(name);
  };
  EXPECT_TRUE(private_to_iteration(loop_over({{"s", {"a[i]"}}, {"b[i]", {"s"}}}), "s"));
  EXPECT_FALSE(private_to_iteration(loop_over({{"b[i]", {"s"}}, {"s", {"a[i]"}}}), "s"));
  EXPECT_TRUE(
      private_to_iteration(loop_over({{"row[2]", {"a[i]"}}, {"row[1]", {}}, {"b[i]", {"row[1]", "row[2]"}}}), "row"));
  EXPECT_FALSE(private_to_iteration(loop_over({{"row[2]", {"a[i]"}}, {"b[i]", {"row[1]"}}}), "row"));
}

TEST(Dependences, SymbolsThatKeepTheirValueAreCarried) {
  auto carried = [](const std::string& assignments) {
    Loop loop(
        "sdfg f(a)\n  symbols N: int64, i: int64, k: int64\n  array a: float64[N]\n"
        "  loop l var i from 0 while i < N update i + 1\n" +
        state_of({"a[i]", {}}, "s0", "    ") + "    set " + assignments + "\n" + state_of({"a[k]", {}}, "s1", "    "));
    return analysis::body_of(*loop.loop).carried;
  };
  EXPECT_EQ(carried("k = k + 1"), analysis::Names{"k"});
  EXPECT_EQ(carried("k = i"), analysis::Names{});
}

TEST(NeededOutside, FollowsTheOrderOfTheProgram) {
  auto needed = [](const std::string& behind) {
    Loop loop(loop_over({{"s", {"a[i]"}}, {"b[i]", {"s"}}}) + behind);
    return analysis::needed_outside(*loop.graph, *loop.loop, {"i", "s"});
  };
  const std::string sets = state_of({"s", {"a[0]"}}, "s9", "  "), uses = state_of({"a[0]", {"s"}}, "s8", "  ");
  EXPECT_EQ(needed(""), analysis::Names{});
  EXPECT_EQ(needed(uses), analysis::Names{"s"});
  EXPECT_EQ(needed(sets + uses), analysis::Names{});
  EXPECT_EQ(needed(state_of({"a[i]", {}}, "s7", "  ")), analysis::Names{"i"});
}

}  // namespace
}  // namespace thalweg
