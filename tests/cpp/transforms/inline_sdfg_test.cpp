// Inlining: what it makes, where it declines, and that random graphs keep their meaning.
#include "transforms/inline_sdfg.h"

#include "support/golden.h"
#include "transforms/support.h"

namespace thalweg {
namespace {

using tests::declined;
using transforms::inline_sdfg;

// B[2, :] = graph(A) with this body.
std::string call(const std::string& body, const std::string& flags = "", const std::string& output = "[2, 0:N]") {
  return R"(
sdfg call(A, B)
  symbols N: int64
  array A: float64[N]
  array B: float64[4, N]
  assume 3 <= N
  state s
    n0 = access A
    n1 = nested body(a) -> (b) where [M = N])" +
         flags + R"(
      sdfg body()
        symbols M: int64, k: int64
        array a: float64[M]
        array b: float64[M]
        transient array t: float64[M]
)" + body +
         R"(
    n2 = access B
    n0 -> n1.a : A[0:N]
    n1.b -> n2 : B)" +
         output + "\n";
}
const char* const kOneState = R"(        state inner
          n0 = access a
          n1 = map m[i = 0:M]
          n2 = tasklet first(x: float64) -> (o: float64)
            o = x * 2.0
          n3 = exit n1
          n4 = access t
          n5 = tasklet row(x: float64) -> (o: float64)
            o[k] = x[0]
          n6 = access b
          n0 -> n1.IN_a : a[0:M]
          n1.OUT_a -> n2.x : a[i]
          n2.o -> n3.IN_t : t[i]
          n3.OUT_t -> n4 : t[0:M]
          n4 -> n6 : t[0:M])";
std::string one_state() {
  std::string text = kOneState;
  const std::string row = "          n5 = tasklet row(x: float64) -> (o: float64)\n            o[k] = x[0]\n";
  text.erase(text.find(row), row.size());
  std::string out = call(text);
  out.replace(out.find(", k: int64"), 10, "");
  return out;
}
const char* const kLoop = R"(        loop l var k from 0 while k < M update k + 1
          state inner
            n0 = access a
            n1 = tasklet first(x: float64) -> (o: float64)
              o = x * 2.0 + float64(k)
            n2 = access b
            n0 -> n1.x : a[k]
            n1.o -> n2 : b[k])";

TEST(InlineSDFG, OneStateMovesIntoTheStateAround) {
  auto graph = tests::graph_of(one_state());
  EXPECT_EQ(tests::apply_checked(*graph, inline_sdfg, {{"N", 5}}), 1);
  tests::expect_golden("transforms/inline_state.txt", text::print(*graph));
}

TEST(InlineSDFG, ControlFlowBecomesARegion) {
  auto graph = tests::graph_of(call(kLoop));
  EXPECT_EQ(tests::apply_checked(*graph, inline_sdfg, {{"N", 5}}), 1);
  tests::expect_golden("transforms/inline_region.txt", text::print(*graph));
}

TEST(InlineSDFG, Declines) {
  EXPECT_EQ(declined(call(kLoop), inline_sdfg), "");
  EXPECT_EQ(declined(call(kLoop, " no_inline"), inline_sdfg), "it is marked to stay");
  EXPECT_EQ(declined(call(kLoop) + "    n3 = access B\n    n2 -> n3 : B[0, 0] -> [1, 0]\n", inline_sdfg),
            "it has control flow and shares its state with others");
  EXPECT_EQ(declined(call(kLoop, "", "[2, 0:N] wcr sum"), inline_sdfg), "its result b is combined with what is there");
  EXPECT_EQ(declined(call(std::string(kLoop) + "\n        return out"), inline_sdfg), "it returns from inside");
}

// In a scope each container is either an input or an output: what is read back would have to be read through the exit.
TEST(InlineSDFG, DeclinesWhatIsReadBackInAScope) {
  EXPECT_EQ(declined(R"(
sdfg scope(A, B, C)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  array C: float64[N]
  state s
    n0 = access A
    n1 = map m[j = 0:N]
    n2 = nested body(a) -> (b, c)
      sdfg body()
        scalar a: float64
        scalar b: float64
        scalar c: float64
        state inner
          n0 = access a
          n1 = tasklet first(x: float64) -> (o: float64)
            o = x * 2.0
          n2 = access b
          n3 = tasklet second(x: float64) -> (o: float64)
            o = x + 1.0
          n4 = access c
          n0 -> n1.x : a
          n1.o -> n2 : b
          n2 -> n3.x : b
          n3.o -> n4 : c
    n3 = exit n1
    n4 = access B
    n5 = access C
    n0 -> n1.IN_A : A[0:N]
    n1.OUT_A -> n2.a : A[j]
    n2.b -> n3.IN_B : B[j]
    n2.c -> n3.IN_C : C[j]
    n3.OUT_B -> n4 : B[0:N]
    n3.OUT_C -> n5 : C[0:N]
)",
                     inline_sdfg),
            "b is written and read inside, in a scope");
}

TEST(InlineSDFG, LocationsSayWhereTheCallStands) {
  auto graph = tests::graph_of(one_state());
  auto at = [](const char* file, int line) {
    return base::Location{base::Span{std::make_shared<const std::string>(file), line, 0, line, 9, nullptr}};
  };
  for (const auto& node : ir::all_states(*graph)[0]->nodes())
    if (auto* nested = ir::as<ir::NestedSDFG>(node.get())) {
      nested->set_location(at("caller.py", 7));
      for (const auto& inner : ir::all_states(nested->sdfg())[0]->nodes()) inner->set_location(at("callee.py", 3));
    }
  tests::apply_checked(*graph, inline_sdfg, {{"N", 5}});
  for (const auto& node : ir::all_states(*graph)[0]->nodes()) {
    if (!ir::as<ir::Tasklet>(node.get())) continue;
    ASSERT_EQ(node->location().size(), 1u);
    EXPECT_EQ(base::describe(node->location()[0]), "callee.py:3");
    ASSERT_TRUE(node->location()[0].called_from);
    EXPECT_EQ(base::describe(*node->location()[0].called_from), "caller.py:7");
  }
}

tests::RandomGraph random_calls(uint64_t seed) {
  tests::GraphFeatures features;
  features.statements = 10;
  features.nesting = 3;
  return tests::random_graph(seed, features);
}

TEST(InlineSDFG, KeepsTheMeaningOfRandomGraphs) { tests::fuzz(inline_sdfg, random_calls, 60); }

}  // namespace
}  // namespace thalweg
