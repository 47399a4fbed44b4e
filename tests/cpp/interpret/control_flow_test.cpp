// Loops, conditionals, jumps, unstructured regions, assignments, symbols, lifetimes.
#include "support.h"

namespace thalweg::interpret::tests {
namespace {

using ir::Jump;

struct Flowing : ::testing::Test {
  ir::Ref<ir::SDFG> held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  std::vector<int64_t> log = std::vector<int64_t>(16, -1);
  ir::code::NameTypes types;

  Flowing() {
    graph.add_array("log", dt::int64, {16});
    types.inputs = {{"log", dt::int64}, {"s", dt::int64}};
    types.outputs = {{"out", dt::int64}};
  }
  ir::code::Ptr e(const std::string& text) { return expr(text, types); }
  // A state that appends `value` to the log: log[0] counts, starting from -1.
  ir::State& add_note(ir::ControlFlowRegion& region, const std::string& label, const std::string& value) {
    auto block = base::make_ref<ir::State>(label);
    region.append(block);
    auto& tasklet = block->add_tasklet("note", {{"log", std::nullopt}}, {{"out", std::nullopt}},
                                       code("out[0] = log[0] + 1\nout[log[0] + 2] = " + value, types));
    block->add_edge(block->add_access("log"), "", tasklet, "log", mem("log", "0:16"));
    block->add_edge(tasklet, "out", block->add_access("log"), "", mem("log", "0:16"));
    return *block;
  }
  ir::LoopRegion& add_loop(ir::ControlFlowRegion& region, const std::string& init, const std::string& condition,
                           const std::string& update) {
    ir::LoopFields fields;
    fields.variable = "i";
    if (!init.empty()) fields.init = e(init);
    fields.condition = e(condition);
    if (!update.empty()) fields.update = e(update);
    auto loop = base::make_ref<ir::LoopRegion>("loop", fields);
    region.append(loop);
    return *loop;
  }
  std::vector<int64_t> run_it(Arguments arguments = {}, Options options = {}) {
    arguments.containers["log"] = array(log);
    auto result = run(graph, arguments, options);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    if (result.ok()) outcome = *result;
    return {log.begin() + 1, log.begin() + 2 + log[0]};
  }
  Outcome outcome;
};
using Values = std::vector<int64_t>;

TEST_F(Flowing, LoopKeepsItsVariable) {
  graph.add_symbol("i");
  auto& loop = add_loop(graph, "3", "i < 10", "i + 3");
  add_note(loop, "body", "i");
  add_note(graph, "after", "i * 100");
  EXPECT_EQ(run_it(), (Values{3, 6, 9, 1200}));
  EXPECT_EQ(outcome.symbols.at("i"), 12);
}

TEST_F(Flowing, EmptyLoopAssignsItsVariable) {
  auto& loop = add_loop(graph, "7", "i < 5", "i + 1");
  add_note(loop, "body", "i");
  add_note(graph, "after", "i");
  EXPECT_EQ(run_it(), (Values{7}));
}

TEST_F(Flowing, InvertedLoopRunsOnceAtLeast) {
  for (bool before : {true, false}) {
    held = base::make_ref<ir::SDFG>("g");
    ir::SDFG& fresh = *held;
    fresh.add_array("log", dt::int64, {16});
    log.assign(16, -1);
    auto& loop = add_loop(fresh, "3", "i < 4", "i + 1");
    loop.set<&ir::LoopFields::inverted>(true);
    loop.set<&ir::LoopFields::update_before_condition>(before);
    add_note(loop, "body", "i");
    EXPECT_RUNS(run(fresh, {{{"log", array(log)}}, {}}));
    const Values seen{log.begin() + 1, log.begin() + 2 + log[0]};
    EXPECT_EQ(seen, before ? (Values{3}) : (Values{3, 4}));
  }
}

TEST_F(Flowing, BreakAndContinueBelongToTheInnermostLoop) {
  auto& outer = add_loop(graph, "0", "i < 3", "i + 1");
  ir::LoopFields fields;
  fields.variable = "j";
  fields.init = e("0");
  fields.condition = e("j < 5");
  fields.update = e("j + 1");
  auto inner = base::make_ref<ir::LoopRegion>("inner", fields);
  outer.append(inner);
  auto choose = base::make_ref<ir::ConditionalBlock>("choose");
  auto first = base::make_ref<ir::ControlFlowRegion>("first"), second = base::make_ref<ir::ControlFlowRegion>("second");
  choose->add_branch(e("j == 1"), first);
  choose->add_branch(e("j == 3"), second);
  first->append(base::make_ref<ir::JumpBlock>("c", Jump::continue_));
  second->append(base::make_ref<ir::JumpBlock>("b", Jump::break_));
  inner->append(choose);
  add_note(*inner, "note", "i * 10 + j");
  EXPECT_EQ(run_it(), (Values{0, 2, 10, 12, 20, 22}));
}

TEST_F(Flowing, ElseBranchAndConditionOnMemory) {
  graph.add_scalar("s", dt::int64);
  auto choose = base::make_ref<ir::ConditionalBlock>("choose");
  auto yes = base::make_ref<ir::ControlFlowRegion>("yes"), no = base::make_ref<ir::ControlFlowRegion>("no");
  choose->add_branch(e("s > 4 and log[0] == -1"), yes);
  choose->add_branch(nullptr, no);
  graph.append(choose);
  add_note(*yes, "y", "1");
  add_note(*no, "n", "2");
  int64_t s = 5;
  EXPECT_EQ(run_it({{{"s", {&s}}}, {}}), (Values{1}));
  s = 4;
  log.assign(16, -1);
  EXPECT_EQ(run_it({{{"s", {&s}}}, {}}), (Values{2}));
}

TEST_F(Flowing, AssignmentsAreSimultaneous) {
  add_note(graph, "first", "a * 10 + b");
  add_note(graph, "second", "a * 10 + b");
  graph.edges()[0]->set<&ir::InterstateEdgeFields::assignments>(
      std::vector<std::pair<std::string, ir::code::Ptr>>{{"a", e("b")}, {"b", e("a + log[0]")}});
  EXPECT_EQ(run_it({{}, {{"a", 1}, {"b", 2}}}), (Values{12, 21}));  // log[0] is 0 after the first note
}

TEST_F(Flowing, UnstructuredRegionFollowsTheFirstTransitionThatHolds) {
  auto& a = add_note(graph, "a", "k");
  auto& b = add_note(graph, "b", "k + 50");
  graph.remove_edge(*graph.edges()[0]);
  graph.add_edge(a, a, {e("k < 3"), {{"k", e("k + 1")}}});
  graph.add_edge(a, b, {e("k < 100"), {}});
  graph.add_edge(b, a, {e("k < 5"), {{"k", e("k + 2")}}});
  EXPECT_EQ(run_it({{}, {{"k", 2}}}), (Values{2, 3, 53, 5, 55}));
}

TEST_F(Flowing, ContainerIsBornAnewWhenASymbolOfItsShapeIsAssigned) {
  graph.add_array("t", dt::int64, {sym("n")}, true);
  types.outputs["o"] = dt::int64;
  auto write = [&](ir::State& state, const std::string& at) {
    auto& tasklet = state.add_tasklet("w", {}, {{"o", std::nullopt}}, code("o = 7", types));
    state.add_edge(tasklet, "o", state.add_access("t"), "", mem("t", at));
  };
  auto& first = graph.append_state("first");
  write(first, "n - 1");
  auto& second = graph.append_state("second");
  write(second, "4");
  graph.edges()[0]->set<&ir::InterstateEdgeFields::assignments>(
      std::vector<std::pair<std::string, ir::code::Ptr>>{{"n", e("5")}});
  run_it({{}, {{"n", 2}}});
  // What the first state wrote is gone.
  auto& third = graph.append_state("third");
  auto& read = third.add_tasklet("r", {{"s", std::nullopt}}, {{"out", std::nullopt}}, code("out = s", types));
  third.add_edge(third.add_access("t"), "", read, "s", mem("t", "1"));
  third.add_edge(read, "out", third.add_access("log"), "", mem("log", "3"));
  auto error = failure_of(run(graph, {{{"log", array(log)}}, {{"n", 2}}}));
  EXPECT_EQ(error.kind, base::ErrorKind::internal);
  EXPECT_EQ(error.code, "TW0501");
  EXPECT_NE(error.message.find("'t' is read before it is written"), std::string::npos) << error.message;
  Options poison;
  poison.uninitialised = Uninitialised::poison;
  EXPECT_RUNS(run(graph, {{{"log", array(log)}}, {{"n", 2}}}, poison));
  EXPECT_EQ(log[3], static_cast<int64_t>(0xCBCBCBCBCBCBCBCB));
}

TEST_F(Flowing, StepLimitAndInterruptStopARunawayGraph) {
  auto& loop = add_loop(graph, "0", "i < 10", "i");
  loop.append(base::make_ref<ir::State>("body"));
  Options limited;
  limited.max_steps = 5000;
  auto error = failure_of(run(graph, {{{"log", array(log)}}, {}}, limited));
  EXPECT_EQ(error.code, "TW0504");
  EXPECT_NE(error.message.find("5000 steps"), std::string::npos);
  Options interrupted;
  int asked = 0;
  interrupted.interrupted = [&] { return ++asked == 3; };
  EXPECT_EQ(failure_of(run(graph, {{{"log", array(log)}}, {}}, interrupted)).message, "interrupted");
}

TEST_F(Flowing, MemoryLimitCountsWhatLives) {
  // 2000 births of 8 KB, one alive at a time.
  graph.add_array("t", dt::int64, {sym("max(i, 1000)")}, true);
  auto& loop = add_loop(graph, "0", "i < 2000", "i + 1");
  auto body = base::make_ref<ir::State>("body");
  loop.append(body);
  types.outputs["o"] = dt::int64;
  auto& tasklet = body->add_tasklet("w", {}, {{"o", std::nullopt}}, code("o = 7", types));
  body->add_edge(tasklet, "o", body->add_access("t"), "", mem("t", "0"));
  Options options;
  options.max_bytes = 20000;
  EXPECT_RUNS(run(graph, {{{"log", array(log)}}, {}}, options));
  options.max_bytes = 7000;
  EXPECT_NE(failure_of(run(graph, {{{"log", array(log)}}, {}}, options)).message.find("memory limit"),
            std::string::npos);
}

TEST_F(Flowing, MissingSymbolAndArgumentAreReported) {
  add_note(graph, "a", "k");
  EXPECT_NE(failure_of(run(graph, {{{"log", array(log)}}, {}})).message.find("'k' has no value"), std::string::npos);
  EXPECT_NE(failure_of(run(graph, {})).message.find("'log' is missing"), std::string::npos);
  EXPECT_NE(failure_of(run(graph, {{{"log", array(log, {15})}}, {}})).message.find("has shape (15)"),
            std::string::npos);
}

}  // namespace
}  // namespace thalweg::interpret::tests
