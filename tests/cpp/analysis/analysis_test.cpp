// Scopes, propagation, effects and symbols of small graphs written as text.
#include <gtest/gtest.h>

#include "analysis/effects.h"
#include "analysis/propagate.h"
#include "analysis/symbols.h"
#include "text/text.h"

namespace thalweg {
namespace {

ir::Ref<ir::SDFG> graph(const std::string& text) {
  auto sdfg = text::parse(text);
  if (!sdfg) throw std::runtime_error(base::render(sdfg.error(), text));
  return *sdfg;
}

const char* const nested_maps = R"(
sdfg f(A, B)
  symbols N: int64, M: int64
  array A: float64[N, M]
  array B: float64[N + 2]
  scalar s: float64
  state one
    n0 = access A
    n1 = map outer[i = 0:N]
    n2 = map inner[j = 1:M:1]
    n3 = tasklet t(a, b) -> (o)
      o = a + b
    n4 = exit n2
    n5 = exit n1
    n6 = access B
    n7 = access s
    n0 -> n1.IN_A : A[0, 0]
    n1.OUT_A -> n2.IN_A : A[0, 0]
    n1.OUT_A -> n2.IN_A_1 : A[0, 0]
    n2.OUT_A -> n3.a : A[i, j]
    n2.OUT_A_1 -> n3.b : A[i, j - 1]
    n3.o -> n4.IN_B : B[i + 2] wcr sum
    n4.OUT_B -> n5.IN_B : B[0] wcr sum
    n5.OUT_B -> n6 : B[0] wcr sum
    n7 -> n0
)";

TEST(Scopes, FollowEntriesAndExits) {
  auto sdfg = graph(nested_maps);
  const ir::State& state = *ir::all_states(*sdfg)[0];
  const analysis::ScopeTree scopes(state);
  auto node = [&](size_t k) -> ir::Node& { return *state.nodes()[k]; };
  EXPECT_EQ(scopes.parent(node(0)), nullptr);
  EXPECT_EQ(scopes.parent(node(2)), &node(1));
  EXPECT_EQ(scopes.parent(node(3)), &node(2));
  EXPECT_EQ(scopes.parent(node(4)), &node(2));
  EXPECT_EQ(scopes.parent(node(6)), nullptr);
  EXPECT_EQ(scopes.exit(node(1)), &node(5));
  EXPECT_EQ(scopes.entry(node(4)), &node(2));
  EXPECT_EQ(scopes.children(&node(1)), (std::vector<ir::Node*>{&node(2), &node(5)}));
  EXPECT_EQ(scopes.enclosing(node(3)), (std::vector<ir::Node*>{&node(2), &node(1)}));
  EXPECT_EQ(&scopes.outermost(node(4)), &node(1));
  EXPECT_EQ(scopes.scope_of_outputs(node(4)), &node(1));
}

TEST(Propagate, WritesOuterMemletsFromInnerOnes) {
  auto sdfg = graph(nested_maps);
  ir::State& state = *ir::all_states(*sdfg)[0];
  analysis::propagate_memlets(state);
  std::vector<std::string> memlets;
  for (const auto& edge : state.edges()) memlets.push_back(text::to_string(edge->memlet().get()));
  EXPECT_EQ(memlets,
            (std::vector<std::string>{"A[0:N, 0:M] volume 2*M*N - 2*N", "A[i, 1:M]", "A[i, 0:M - 1]", "A[i, j]",
                                      "A[i, j - 1]", "B[i + 2] wcr sum", "B[i + 2] volume M - 1 wcr sum",
                                      "B[2:N + 2] volume M*N - N wcr sum", "()"}));
}

TEST(Propagate, UnknownBecomesTheWholeContainer) {
  auto sdfg = graph(nested_maps);
  ir::State& state = *ir::all_states(*sdfg)[0];
  ir::Edge& read = *state.edges()[3];
  read.memlet().set<&ir::MemletFields::subset>(*symbolic::parse_subset("i*i - j*i, j"));
  analysis::propagate_memlets(state);
  EXPECT_EQ(text::to_string(state.edges()[0]->memlet().get()), "A[0:N, 0:M] volume 2*M*N - 2*N dynamic");
}

std::string spell(const std::vector<analysis::Access>& accesses) {
  std::string out;
  for (const auto& access : accesses)
    out += (out.empty() ? "" : "; ") + access.container + "[" +
           (access.subset ? symbolic::to_string(*access.subset) : "?") + "]" + (access.certain ? "!" : "") +
           (access.wcr == ir::Wcr::none ? "" : "+");
  return out;
}

TEST(Effects, OfStatesAndLoops) {
  auto sdfg = graph(R"(
sdfg f(A, B)
  symbols N: int64, i: int64, k: int64
  array A: float64[N, N]
  array B: float64[N]
  scalar x: float64
  loop l var i from 1 while i < N and x < 1.0 update i + 1
    state a
      n0 = access A
      n1 = access B
      n0 -> n1 : A[i, k] -> [i]
  set k = 3
  loop m var i from 1 while i < N update i + 2
    state b
      n0 = access A
      n1 = access B
      n2 = map rows[p = 0:N]
      n3 = tasklet t(a) -> (o)
        check(a > 0.0, ValueError, '')
        o = a
      n4 = exit n2
      n0 -> n2.IN_A : A[i, 0:N]
      n2.OUT_A -> n3.a : A[i, p]
      n3.o -> n4.IN_B : B[p]
      n4.OUT_B -> n1 : B[0:N]
)");
  const analysis::Effects all = analysis::effects_of(static_cast<ir::ControlFlowBlock&>(*sdfg));
  EXPECT_EQ(spell(all.writes), "B[?]; B[0:N]");
  EXPECT_TRUE(all.reads_container("x"));
  EXPECT_TRUE(all.may_raise);
  EXPECT_FALSE(all.side_effects);
  EXPECT_EQ(all.symbols_assigned, (std::set<std::string>{"i", "k"}));
  const analysis::Effects second = analysis::effects_of(*sdfg->blocks()[1]);
  EXPECT_EQ(spell(second.reads), "A[1:2*max(0, N//2) + 1:2, 0:N]");
  const analysis::Effects inner = analysis::effects_of(*ir::all_states(*sdfg)[1]);
  EXPECT_EQ(spell(inner.reads), "A[i, 0:N]!");
  EXPECT_EQ(spell(inner.writes), "B[0:N]!");
  EXPECT_EQ(inner.symbols_read, (std::set<std::string>{"N", "i"}));
  EXPECT_EQ(analysis::free_symbols(*sdfg), (std::set<std::string>{"N"}));
}

TEST(Effects, AWriteThroughAMapIsCertainOnlyWhereItCoversItsHull) {
  for (auto [subset, certain] :
       {std::pair{"B[p]", true}, {"B[p + 1]", true}, {"B[2*p]", false}, {"B[p*p]", false}, {"B[0]", false}}) {
    auto sdfg = graph(
        std::string("sdfg f(B)\n  array B: float64[30]\n  state s\n    m = map m[p = 0:5]\n    t = tasklet t() -> (o)\n"
                    "      o = 1.0\n    e = exit m\n    b = access B\n    m -> t\n    t.o -> e.IN_B : ") +
        subset + "\n    e.OUT_B -> b : B[0:5]\n");
    ir::State& state = *ir::all_states(*sdfg)[0];
    analysis::propagate_memlets(state);
    EXPECT_EQ(analysis::effects_of(state).writes.at(0).certain, certain) << subset;
  }
}

TEST(Effects, OrderBehindAMapIsNoAccess) {
  auto sdfg = graph(R"(
sdfg f(B)
  array B: float64[30]
  state s
    m = map m[p = 0:5]
    t = tasklet t() -> (o)
      o = 1.0
    e = exit m
    u = tasklet u() -> (o)
      o = 2.0
    b = access B
    m -> t
    t.o -> e.IN_B : B[p]
    e.OUT_B -> b : B[0:5]
    e -> u
    u.o -> b : B[7]
)");
  EXPECT_EQ(analysis::effects_of(*ir::all_states(*sdfg)[0]).writes.size(), 2u);
}

// Loops and maps that count downwards touch what they touch, no less.
TEST(Effects, OfLoopsThatCountDownwards) {
  for (const char* condition : {"i > 0", "0 < i"}) {
    auto sdfg = graph(std::string("sdfg f(A, B)\n  symbols N: int64, i: int64\n  array A: float64[N]\n"
                                  "  array B: float64[N]\n  loop l var i from index(N - 1) while ") +
                      condition +
                      " update index(i - 2)\n    state a\n      n0 = access A\n      n1 = access B\n"
                      "      n0 -> n1 : A[i - 1] -> [i]\n");
    const analysis::Effects loop = analysis::effects_of(*sdfg->blocks()[0]);
    ASSERT_TRUE(loop.writes.at(0).subset) << condition;
    for (int64_t n = 1; n < 8; ++n) {
      std::set<int64_t> touched;
      const auto& range = loop.writes.at(0).subset->ranges.at(0);
      auto at = [&](const symbolic::Expr& e) { return *symbolic::evaluate(e, {{"N", n}}); };
      for (int64_t k = 0; k < at(range.size); ++k) touched.insert(at(range.begin) + k * at(range.step));
      std::set<int64_t> expected;
      for (int64_t i = n - 1; i > 0; i -= 2) expected.insert(i);
      EXPECT_EQ(touched, expected) << condition << " N = " << n;
    }
  }
}

// The verifier wants maps to go upwards; whoever builds one that does not must still not be told lies before it is refused.
TEST(Propagate, DownwardsMaps) {
  auto sdfg = graph(R"(
sdfg f(A)
  symbols N: int64
  array A: float64[N, N]
  state s
    m = map rows[p = N - 1:-1:-1]
    q = map columns[q = 0:p + 1]
    t = tasklet t() -> (o)
      o = 1.0
    e = exit q
    f = exit m
    a = access A
    m -> q
    q -> t
    t.o -> e.IN_A : A[p, q]
    e.OUT_A -> f.IN_A : A[0, 0]
    f.OUT_A -> a : A[0, 0]
)");
  ir::State& state = *ir::all_states(*sdfg)[0];
  analysis::propagate_memlets(state);
  const analysis::ScopeTree scopes(state);
  const symbolic::Facts facts = analysis::facts_in(state, scopes, state.nodes()[1].get());
  EXPECT_TRUE(facts.proves(*symbolic::parse("p >= 0")));
  EXPECT_TRUE(facts.proves(*symbolic::parse("p < N")));
  EXPECT_FALSE(facts.proves(*symbolic::parse("p >= N - 1")));
  const symbolic::Subset& whole = state.edges().back()->memlet().get().subset;
  for (int64_t n = 1; n < 5; ++n) {
    const symbolic::Subset all = symbolic::substitute(symbolic::Subset::whole({n, n}), {{"N", n}});
    EXPECT_EQ(symbolic::covers(symbolic::substitute(whole, {{"N", n}}), all, {}), symbolic::Truth::yes)
        << symbolic::to_string(whole);
  }
}

}  // namespace
}  // namespace thalweg
