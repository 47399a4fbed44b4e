// Verify mode: inputs meet the assumptions, faults are found and named, cut-outs are small and show the fault again.
#include "verify/oracle.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "passes/pipelines.h"
#include "support/random_graph.h"
#include "text/text.h"
#include "transforms/registry.h"
#include "verify/cutout.h"

namespace thalweg {
namespace {

using verify::InterpreterOracle;

ir::Ref<ir::SDFG> graph_of(const std::string& text) {
  auto graph = text::parse(text);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : base::render(graph.error(), text));
  return graph.ok() ? *graph : ir::make_ref<ir::SDFG>("none");
}

// Two states that must keep their order, and a third with a map of its own.
const char* const kSwapped = R"(
sdfg swapped(A, B, C)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  array C: float64[N]
  transient scalar x: float64
  assume 0 <= N
  state other
    n0 = access C
    n1 = map m0[i = 0:N]
    n2 = tasklet twice(a: float64) -> (o: float64)
      o = a * 2.0
    n3 = exit n1
    n4 = access B
    n0 -> n1.IN_C : C[0:N]
    n1.OUT_C -> n2.a : C[i]
    n2.o -> n3.IN_B : B[i]
    n3.OUT_B -> n4 : B[0:N]
  state s0
    n0 = tasklet one() -> (o: float64)
      o = 1.0
    n1 = access x
    n0.o -> n1 : x
  state s1
    n0 = access x
    n1 = map m1[i = 0:N]
    n2 = tasklet take(a: float64) -> (o: float64)
      o = a
    n3 = exit n1
    n4 = access A
    n0 -> n1.IN_x : x
    n1.OUT_x -> n2.a : x
    n2.o -> n3.IN_A : A[i]
    n3.OUT_A -> n4 : A[0:N]
)";

// Drops the first writing tasklet of a state: what a transformation with a bug would do.
struct Breaker {
  static constexpr std::string_view name = "Breaker", help = "changes a constant";
  struct Plan {
    ir::Ref<ir::Tasklet> tasklet;
    std::string reason = "for the test";
  };
  using Site = ir::Ref<ir::Tasklet>;
  static std::vector<Site> sites(ir::SDFG& graph) {
    std::vector<Site> found;
    for (ir::State* state : ir::all_states(graph))
      for (const auto& node : state->nodes())
        if (auto* tasklet = ir::as<ir::Tasklet>(node.get()); tasklet && tasklet->get().label == "one")
          found.emplace_back(tasklet);
    return found;
  }
  static bool present(const Site&) { return true; }
  static std::string describe(const Site& site) { return "tasklet " + site->get().label; }
  static base::Location location(const Site& site) { return site->location(); }
  static rewrite::Match<Plan> match(ir::SDFG&, const Site& site) {
    if (ir::code::to_string(site->get().code).find("1.0") == std::string::npos)
      return rewrite::Declined{"it is no one any more"};
    return Plan{site};
  }
  static void apply(ir::SDFG&, const Plan& plan) {
    ir::code::Block code;
    code.emplace_back(ir::code::Store{"o", {}, ir::code::constant(2.0, ir::dtypes::float64)});
    const_cast<ir::Tasklet&>(*plan.tasklet).set<&ir::TaskletFields::code>(code);
  }
};

TEST(Inputs, MeetTheAssumptions) {
  for (const char* assumptions :
       {"0 <= N", "3 <= N", "N == 2 * M\n  assume 1 <= M", "M == 1", "N + M <= 9", "N != M"}) {
    auto graph = graph_of(std::string("sdfg g(A)\n  symbols N: int64, M: int64\n  array A: float64[N, M]\n  assume ") +
                          assumptions + "\n  assume 0 <= M\n  state s\n");
    auto choices = verify::symbol_choices(*graph, 8);
    EXPECT_GE(choices.size(), 5u) << assumptions;
    for (const auto& values : choices)
      for (const auto& condition : graph->get().assumptions)
        EXPECT_EQ(symbolic::evaluate(condition, values), 1) << assumptions;
  }
}

TEST(Inputs, HaveEmptyOneAndOddSizes) {
  auto graph = graph_of("sdfg g(A)\n  symbols N: int64\n  array A: float64[N]\n  assume 0 <= N\n  state s\n");
  std::set<int64_t> sizes;
  for (const auto& inputs : verify::generate_inputs(*graph, 8)) sizes.insert(inputs.symbols.at("N"));
  for (int64_t size : {0, 1, 2, 5, 7}) EXPECT_TRUE(sizes.contains(size)) << size;
}

TEST(Inputs, OverlapWhereContainersMayAlias) {
  auto graph = graph_of(
      "sdfg g(A, B, C)\n  symbols N: int64\n  array A: float64[N] may_alias\n  array B: float64[N] may_alias\n"
      "  array C: float64[N]\n  assume 0 <= N\n  state s\n");
  int shared = 0, apart = 0;
  for (const auto& inputs : verify::generate_inputs(*graph, 8)) {
    const bool same = inputs.places.at("A").block == inputs.places.at("B").block;
    ++(same ? shared : apart);
    EXPECT_NE(inputs.places.at("A").block, inputs.places.at("C").block);
  }
  EXPECT_GT(shared, 0);
  EXPECT_GT(apart, 0);
}

TEST(Inputs, FollowSymbolicStrides) {
  auto graph = graph_of(
      "sdfg g(A)\n  symbols N: int64, M: int64, s0: int64, s1: int64\n  array A: float64[N, M] strides (s0, s1)\n"
      "  assume 1 <= N\n  assume 1 <= M\n  state s\n");
  auto all = verify::generate_inputs(*graph, 8);
  ASSERT_GE(all.size(), 5u);
  for (const auto& inputs : all) EXPECT_GE(inputs.symbols.at("s0"), inputs.symbols.at("M") * inputs.symbols.at("s1"));
}

TEST(Oracle, NamesTheGuiltyApplication) {
  const auto breaker = rewrite::make_transformation<Breaker>();
  auto graph = graph_of(kSwapped);
  InterpreterOracle oracle("");
  rewrite::Journal journal(&oracle);
  auto done = journal.apply_repeated(*graph, breaker);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, "TW2005");
  EXPECT_NE(done.error().message.find("Breaker at tasklet one changed what the program computes: element 0 of 'A'"),
            std::string::npos)
      << done.error().message;
  EXPECT_TRUE(journal.applications().empty()) << "the application was not undone";
  EXPECT_NE(text::print(*graph).find("o = 1.0"), std::string::npos);
}

// Loses an edge that only orders.
struct Loser {
  static constexpr std::string_view name = "Loser", help = "removes an order edge";
  using Site = ir::Ref<ir::Edge>;
  using Plan = Site;
  static std::vector<Site> sites(ir::SDFG& graph) {
    std::vector<Site> found;
    for (ir::State* state : ir::all_states(graph))
      for (const auto& edge : state->edges())
        if (edge->memlet().is_empty() && ir::as<ir::AccessNode>(&edge->source())) found.push_back(edge);
    return found;
  }
  static bool present(const Site& site) { return site->owner() != nullptr; }
  static std::string describe(const Site&) { return "the edge"; }
  static base::Location location(const Site& site) { return site->location(); }
  static rewrite::Match<Plan> match(ir::SDFG&, const Site& site) { return site; }
  static void apply(ir::SDFG&, const Plan& edge) { edge->source().state()->remove_edge(*edge); }
};

// Without a run: the tasklet that waited may now be first, whether an input shows it or not.
TEST(Oracle, ObjectsToALostOrder) {
  const auto loser = rewrite::make_transformation<Loser>();
  for (const char* read : {"A[0]", "A[3]"}) {
    auto graph = graph_of(std::string("sdfg lost(A, B)\n  array A: float64[4]\n  array B: float64[4]\n  state s\n"
                                      "    n0 = access A\n    n1 = access B\n    n2 = tasklet one() -> (o: float64)\n"
                                      "      o = 1.0\n    n3 = access A\n    n0 -> n1 : ") +
                          read + " -> [0]\n    n2.o -> n3 : A[0]\n    n1 -> n2\n");
    const std::string before = text::print(*graph);
    verify::OrderOracle oracle;
    rewrite::Journal journal(&oracle);
    auto done = journal.apply_repeated(*graph, loser);
    EXPECT_EQ(oracle.applications(), 1);
    if (read == std::string("A[3]")) {
      EXPECT_TRUE(done.ok());
      continue;
    }
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, "TW2005");
    EXPECT_EQ(done.error().message,
              "Loser at the edge left accesses in no order: A: B reads and one writes in state s");
    EXPECT_EQ(text::print(*graph), before) << "it was not undone";
  }
}

TEST(Oracle, TheJournalKeepsTheReason) {
  const auto breaker = rewrite::make_transformation<Breaker>();
  auto graph = graph_of(kSwapped);
  rewrite::Journal journal;
  ASSERT_TRUE(journal.apply_repeated(*graph, breaker).ok());
  ASSERT_EQ(journal.applications().size(), 1u);
  EXPECT_EQ(journal.applications()[0].reason, "for the test");
}

// A fault planted in a real transformation: found, named, cut out, saved, and shown again by the file.
TEST(Oracle, APlantedFaultIsFoundAndCanBeReplayed) {
  ASSERT_EQ(setenv("THALWEG_PLANT", "DeadDataflow.not_read_later", 1), 0);
  auto graph = graph_of(kSwapped);
  const std::string before = text::print(*graph);
  InterpreterOracle oracle(testing::TempDir());
  rewrite::Journal journal(&oracle);
  auto done = journal.apply_repeated(*graph, *transforms::find_transformation("DeadDataflowElimination"));
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, "TW2005");
  EXPECT_EQ(done.error().message.find("DeadDataflowElimination at "), 0u) << done.error().message;
  EXPECT_EQ(text::print(*graph), before) << "it was not undone";

  const std::string path = testing::TempDir() + "/swapped.DeadDataflowElimination.cutout";
  EXPECT_NE(done.error().fix.find(path), std::string::npos) << done.error().fix;
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(text, oracle.cutout());
  EXPECT_EQ(text.find("state other"), std::string::npos) << "nothing of it is to blame:\n" << text;
  auto found = verify::replay(text);
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_TRUE(found->has_value()) << text;
  unsetenv("THALWEG_PLANT");
  found = verify::replay(text);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->has_value()) << "without the fault: " << (*found)->what << "\n" << text;
}

// Small, so that a run takes milliseconds; the fuzz of each transformation has the large ones.
tests::RandomGraph small_graph(uint64_t seed) {
  tests::GraphFeatures features;
  features.statements = 4;
  features.nesting = 1;
  return tests::random_graph(seed, features);
}

TEST(Oracle, NothingIsFoundInTheRealPipeline) {
  int applications = 0, runs = 0;
  auto [first, last] = tests::fuzz_seeds(12);
  for (uint64_t seed = first; seed <= last; ++seed) {
    auto random = small_graph(seed);
    InterpreterOracle oracle("", 4);
    rewrite::Journal journal(&oracle);
    auto status = passes::optimise(*random.sdfg, journal);
    ASSERT_TRUE(status.ok()) << "THALWEG_FUZZ_SEEDS=" << seed << "-" << seed << ": " << status.error().message << "\n"
                             << oracle.cutout();
    applications += oracle.applications();
    runs += oracle.runs();
  }
  EXPECT_GT(applications, 12);
  EXPECT_GT(runs, 2 * applications);
}

TEST(CutOut, TextReadsBack) {
  auto graph = graph_of(kSwapped);
  const verify::CutOut cutout{"StateFusion", "state s0 -> s1", "element 0", verify::generate_inputs(*graph, 3).back(),
                              graph};
  const std::string text = verify::to_text(cutout);
  auto again = verify::cutout_from_text(text);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(verify::to_text(*again), text);
  auto found = verify::replay(text);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->has_value());
}

TEST(CutOut, OtherFilesAreRefused) {
  auto graph = graph_of(kSwapped);
  const std::string text =
      verify::to_text({"StateFusion", "p", "w", verify::generate_inputs(*graph, 1).front(), graph});
  auto reason = [](const std::string& file) {
    auto read = verify::replay(file);
    EXPECT_FALSE(read.ok());
    return read.ok() ? "" : read.error().code + ": " + read.error().message;
  };
  EXPECT_EQ(reason("hello").find("TW2006: this is no cut-out of verify mode"), 0u);
  EXPECT_EQ(reason("thalweg cut-out 1\nnonsense 3\n").find("TW2006"), 0u);
  std::string other = text;
  other.replace(other.find("StateFusion"), 11, "NoSuchThing");
  EXPECT_NE(reason(other).find("no transformation 'NoSuchThing'"), std::string::npos);
  std::string missing = text;
  missing.erase(missing.find("container A"), missing.find("container B") - missing.find("container A"));
  EXPECT_NE(reason(missing).find("no values for 'A'"), std::string::npos);
  EXPECT_NE(reason(text.substr(0, text.find("graph\n") + 6) + "sdfg (").find("TW"), std::string::npos);
}

}  // namespace
}  // namespace thalweg
