// Streams: Kahn channels between components that run at the same time. Probe 9 and its relatives.
#include <algorithm>

#include "support.h"

namespace thalweg::interpret::tests {
namespace {

void add_stream(ir::SDFG& graph, const std::string& name, std::vector<symbolic::Expr> shape, int64_t depth,
                bool transient = true) {
  ir::ContainerFields fields;
  fields.name = name;
  fields.kind = ir::ContainerKind::stream;
  fields.dtype = dt::float64;
  fields.shape = std::move(shape);
  fields.buffer_size = depth;
  fields.transient = transient;
  graph.add_container(fields);
}
ir::MapFields sequential(const std::string& label, const std::string& range) {
  ir::MapFields map;
  map.label = label;
  map.params = {"i"};
  map.range = sub(range);
  map.schedule = ir::schedules::sequential;
  return map;
}
// A map that reads one memlet and writes another, in the order of its range.
void add_pipe(ir::State& state, const std::string& label, const std::string& text, const ir::MemletFields& from,
              const ir::MemletFields& to, ir::AccessNode* from_node = nullptr, const std::string& range = "0:N") {
  auto [entry, exit] = state.add_map(sequential(label, range));
  auto& tasklet = state.add_tasklet(label, {{"a", std::nullopt}}, {{"out", std::nullopt}}, code(text));
  state.add_memlet_path({from_node ? from_node : &state.add_access(from.data), entry, &tasklet}, "", "a", from);
  state.add_memlet_path({&tasklet, exit, &state.add_access(to.data)}, "out", "", to);
}

struct Streams : ::testing::Test {
  ir::Ref<ir::SDFG> held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  ir::State& state = held->append_state("s");
  std::vector<double> a{3, 1, 4, 1, 5, 9}, b = std::vector<double>(6);
  Streams() {
    graph.add_symbol("N");
    graph.add_array("A", dt::float64, {sym("N")});
    graph.add_array("B", dt::float64, {sym("N")});
  }
  base::Result<Outcome> run_it(bool exact, uint64_t seed) {
    b.assign(b.size(), -1);
    Options options;
    options.exact_stream_depths = exact;
    options.seed = seed;
    options.max_steps = 100000;
    return run(graph, {{{"A", array(a, {6})}, {"B", array(b, {6})}}, {}}, options);
  }
  void expect_in_all_modes(const std::vector<double>& expected) {
    for (bool exact : {false, true})
      for (uint64_t seed : {0, 1, 2, 3}) {
        auto result = run_it(exact, seed);
        EXPECT_RUNS(result);
        EXPECT_EQ(b, expected) << (exact ? "exact" : "unbounded") << ", seed " << seed;
      }
  }
};

// Probe 9: producer and consumer in one state, joined by a stream of depth 1.
TEST_F(Streams, ProducerAndConsumerRunAtTheSameTime) {
  add_stream(graph, "S", {}, 1);
  add_pipe(state, "producer", "out = a * 10.0", mem("A", "i"), mem("S", ""));
  add_pipe(state, "consumer", "out = a + 1.0", mem("S", ""), mem("B", "i"));
  expect_in_all_modes({31, 11, 41, 11, 51, 91});
}

TEST_F(Streams, OneAccessNodeBetweenThemOrdersNothing) {
  add_stream(graph, "S", {1}, 1);
  auto& middle = state.add_access("S");
  auto [entry, exit] = state.add_map(sequential("producer", "0:N"));
  auto& tasklet = state.add_tasklet("producer", {{"a", std::nullopt}}, {{"out", std::nullopt}}, code("out = a"));
  state.add_memlet_path({&state.add_access("A"), entry, &tasklet}, "", "a", mem("A", "i"));
  state.add_memlet_path({&tasklet, exit, &middle}, "out", "", mem("S", "0"));
  add_pipe(state, "consumer", "out = a", mem("S", "0"), mem("B", "i"), &middle);
  expect_in_all_modes(a);
}

TEST_F(Streams, ArrayOfChannelsAsASystolicChain) {
  // Cell p of a parallel map takes from channel p and gives to channel p + 1: iterations wait for one another.
  add_stream(graph, "S", {4}, 2);
  add_pipe(state, "feed", "out = a", mem("A", "i"), mem("S", "0"));
  auto cell = base::make_ref<ir::SDFG>("cell");
  cell->add_symbol("N");
  cell->add_symbol("p");
  add_stream(*cell, "from", {1}, 2, false);
  add_stream(*cell, "to", {1}, 2, false);
  add_pipe(cell->append_state("s"), "cell", "out = a + float64(p) + 1.0", mem("from", "0"), mem("to", "0"));
  ir::MapFields map;
  map.label = "cells";
  map.params = {"p"};
  map.range = sub("0:3");
  auto [entry, exit] = state.add_map(map);
  auto& node = state.add_nested_sdfg(cell, {"from"}, {"to"}, {{"N", sym("N")}, {"p", sym("p")}});
  state.add_memlet_path({&state.add_access("S"), entry, &node}, "", "from", mem("S", "p"));
  state.add_memlet_path({&node, exit, &state.add_access("S")}, "to", "", mem("S", "p + 1"));
  add_pipe(state, "drain", "out = a", mem("S", "3"), mem("B", "i"));
  expect_in_all_modes({9, 7, 10, 7, 11, 15});
}

TEST_F(Streams, CopiesFillAndDrain) {
  add_stream(graph, "S", {}, 2);
  auto &from = state.add_access("A"), &into = state.add_access("S"), &out = state.add_access("S"),
       &to = state.add_access("B");
  state.add_edge(from, "", into, "", mem("A", "0:N"));
  state.add_edge(out, "", to, "", mem("B", "0:N"));
  expect_in_all_modes(a);
}

TEST_F(Streams, DeadlockIsReportedWithWhoWaitsForWhat) {
  // The consumer takes six of S before it takes any of T; the producer fills both in turn.
  add_stream(graph, "S", {}, 2);
  add_stream(graph, "T", {}, 2);
  auto [entry, exit] = state.add_map(sequential("both", "0:N"));
  auto& tasklet = state.add_tasklet("both", {{"a", std::nullopt}}, {{"x", std::nullopt}, {"y", std::nullopt}},
                                    code("x = a\ny = a"));
  state.add_memlet_path({&state.add_access("A"), entry, &tasklet}, "", "a", mem("A", "i"));
  state.add_memlet_path({&tasklet, exit, &state.add_access("S")}, "x", "", mem("S", ""));
  state.add_memlet_path({&tasklet, exit, &state.add_access("T")}, "y", "", mem("T", ""));
  auto &first = state.add_access("B"), &second = state.add_access("B");
  state.add_edge(state.add_access("S"), "", first, "", mem("B", "0:N"));
  state.add_order(first, second);
  state.add_edge(state.add_access("T"), "", second, "", mem("B", "0:N"));
  for (uint64_t seed : {0, 4}) {
    EXPECT_RUNS(run_it(false, seed));
    EXPECT_EQ(b, a);
    auto error = failure_of(run_it(true, seed));
    EXPECT_EQ(error.kind, base::ErrorKind::internal);
    EXPECT_EQ(error.message.substr(0, 9), "deadlock:") << error.message;
    EXPECT_NE(error.message.find("both waits to push into full 'T' (depth 2)"), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("waits to pop from empty 'S'"), std::string::npos) << error.message;
  }
}

TEST_F(Streams, PoppingWhatNobodyPushesIsADeadlock) {
  add_stream(graph, "S", {}, 1);
  add_pipe(state, "consumer", "out = a", mem("S", ""), mem("B", "i"));
  auto error = failure_of(run_it(false, 0));
  EXPECT_EQ(error.message, "deadlock: consumer waits to pop from empty 'S'");
}

TEST_F(Streams, ParallelMapPushesInAnyOrder) {
  add_stream(graph, "S", {}, 0);
  add_elementwise(state, {"out = a", "0:N", {{"a", mem("A", "i")}}, mem("S", "")});
  add_pipe(state, "consumer", "out = a", mem("S", ""), mem("B", "i"));
  std::vector<double> sorted = a;
  std::sort(sorted.begin(), sorted.end());
  bool moved = false;
  for (uint64_t seed : {0, 1, 2, 3, 4}) {
    EXPECT_RUNS(run_it(true, seed));
    moved |= b != a;
    std::sort(b.begin(), b.end());
    EXPECT_EQ(b, sorted);
  }
  EXPECT_TRUE(moved);
}

TEST_F(Streams, ElementsLeftInAStreamAreThereInTheNextState) {
  add_stream(graph, "S", {}, 0);
  add_pipe(state, "producer", "out = a", mem("A", "i"), mem("S", ""));
  add_pipe(graph.append_state("next"), "consumer", "out = a", mem("S", ""), mem("B", "N - 1 - i"));
  EXPECT_RUNS(run_it(false, 0));
  std::reverse(b.begin(), b.end());
  EXPECT_EQ(b, a);
}

// A consume scope: counts what is in the stream, and pushes the half of what is at least 2 into it again.
struct ConsumeScope : Streams {
  ir::Ref<ir::Consume> scope;
  ConsumeScope() {
    add_stream(graph, "S", {}, 0);
    graph.add_scalar("count", dt::int64);
    add_pipe(state, "producer", "out = a", mem("A", "i"), mem("S", ""));
    ir::ConsumeFields fields;
    fields.label = "work";
    fields.pe_index = "p";
    scope = base::make_ref<ir::Consume>(fields);
    auto entry = base::make_ref<ir::ConsumeEntry>(scope);
    auto exit = base::make_ref<ir::ConsumeExit>(scope);
    state.add_node(entry);
    state.add_node(exit);
    auto& tasklet = state.add_tasklet("one", {{"a", std::nullopt}}, {{"n", std::nullopt}}, one());
    auto& node = state.add_nested_sdfg(halve(), {"x"}, {"S"}, {});
    entry->add_in_connector({"IN_stream", std::nullopt});
    entry->add_out_connector({"OUT_stream", std::nullopt});
    state.add_edge(state.add_access("S"), "", *entry, "IN_stream", mem("S", ""));
    state.add_edge(*entry, "OUT_stream", tasklet, "a", mem("S", ""));
    state.add_edge(*entry, "OUT_stream", node, "x", mem("S", ""));
    state.add_memlet_path({&tasklet, exit.get(), &state.add_access("count")}, "n", "",
                          with_wcr(mem("count", ""), ir::Wcr::sum));
    state.add_memlet_path({&node, exit.get(), &state.add_access("S")}, "S", "", mem("S", ""));
  }
  static ir::code::Block one() {
    ir::code::NameTypes types = names();
    types.outputs["n"] = dt::int64;
    return code("n = 1 + int64(a) * 0 + p * 0", types);
  }
  // if x >= 2: S.push(x / 2)
  static ir::Ref<ir::SDFG> halve() {
    auto graph = base::make_ref<ir::SDFG>("halve");
    graph->add_scalar("x", dt::float64);
    add_stream(*graph, "S", {}, 0, false);
    auto choose = base::make_ref<ir::ConditionalBlock>("choose");
    auto then = base::make_ref<ir::ControlFlowRegion>("then");
    ir::code::NameTypes types;
    types.inputs["x"] = dt::float64;
    choose->add_branch(expr("x >= 2.0", types), then);
    graph->append(choose);
    auto push = base::make_ref<ir::State>("push");
    then->append(push);
    auto& tasklet = push->add_tasklet("half", {{"a", std::nullopt}}, {{"out", std::nullopt}}, code("out = a / 2.0"));
    push->add_edge(push->add_access("x"), "", tasklet, "a", mem("x", ""));
    push->add_edge(tasklet, "out", push->add_access("S"), "", mem("S", ""));
    return graph;
  }
};

TEST_F(ConsumeScope, RunsUntilNothingIsLeftAndNobodyPushes) {
  int64_t expected = 0;
  for (double value : a)
    for (++expected; value >= 2; value /= 2) ++expected;
  for (int pes : {1, 3}) {
    scope->set<&ir::ConsumeFields::num_pes>(symbolic::Expr(pes));
    for (uint64_t seed : {0, 1, 2}) {
      int64_t count = 0;
      Options options;
      options.seed = seed;
      EXPECT_RUNS(run(graph, {{{"A", array(a, {6})}, {"B", array(b, {6})}, {"count", {&count}}}, {}}, options));
      EXPECT_EQ(count, expected) << pes << " processing elements, seed " << seed;
    }
  }
}

TEST_F(ConsumeScope, StopsWhenItsConditionHolds) {
  ir::code::NameTypes types;
  types.inputs["count"] = dt::int64;
  scope->set<&ir::ConsumeFields::condition>(expr("count >= 4", types));
  int64_t count = 0;
  EXPECT_RUNS(run(graph, {{{"A", array(a, {6})}, {"B", array(b, {6})}, {"count", {&count}}}, {}}));
  EXPECT_EQ(count, 4);
}

}  // namespace
}  // namespace thalweg::interpret::tests
