// States: maps, tasklets, copies, write-conflict resolution, nested graphs.
#include "support.h"

namespace thalweg::interpret::tests {
namespace {

struct Vectors : ::testing::Test {
  ir::Ref<ir::SDFG> held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  std::vector<double> a, b;
  Vectors() {
    graph.add_symbol("N");
    graph.add_array("A", dt::float64, {sym("N")});
    graph.add_array("B", dt::float64, {sym("N")});
    for (int i = 0; i < 7; ++i) a.push_back(i * 1.5 - 2), b.push_back(100 + i);
  }
  base::Result<Outcome> run_it(Options options = {}) {
    return run(graph, {{{"A", array(a, {7})}, {"B", array(b, {7})}}, {}}, options);
  }
};

TEST_F(Vectors, MapWithTasklet) {
  auto& state = graph.append_state("s");
  add_elementwise(state, {"out = a * 2.0 + float64(i)", "0:N", {{"a", mem("A", "i")}}, mem("B", "i")});
  for (uint64_t seed : {0, 1, 2}) {
    Options options;
    options.seed = seed;
    auto result = run_it(options);
    EXPECT_RUNS(result);
    for (int i = 0; i < 7; ++i) EXPECT_EQ(b[i], a[i] * 2.0 + i);
  }
}

TEST_F(Vectors, StridedRangeLeavesTheRestAlone) {
  auto& state = graph.append_state("s");
  add_elementwise(state, {"out = a", "1:N:3", {{"a", mem("A", "N - 1 - i")}}, mem("B", "i")});
  auto result = run_it();
  EXPECT_RUNS(result);
  EXPECT_EQ(b, (std::vector<double>{100, a[5], 102, 103, a[2], 105, 106}));
}

TEST_F(Vectors, OrderDependenceShowsUnderAShuffledOrder) {
  auto& state = graph.append_state("s");
  add_elementwise(state, {"out = a", "1:N", {{"a", mem("B", "i - 1")}}, mem("B", "i")});
  auto result = run_it();
  EXPECT_RUNS(result);
  EXPECT_EQ(b, std::vector<double>(7, 100));
  bool differs = false;
  for (uint64_t seed = 1; seed < 4; ++seed) {
    for (int i = 0; i < 7; ++i) b[i] = 100 + i;
    Options options;
    options.seed = seed;
    EXPECT_RUNS(run_it(options));
    differs |= b != std::vector<double>(7, 100);
  }
  EXPECT_TRUE(differs);
}

TEST_F(Vectors, ConflictsAreResolved) {
  graph.add_scalar("total", dt::float64);
  graph.add_scalar("largest", dt::float64);
  double total = 5, largest = -1e9;
  auto& state = graph.append_state("s");
  add_elementwise(state, {"out = a", "0:N", {{"a", mem("A", "i")}}, with_wcr(mem("total", ""), ir::Wcr::sum)});
  add_elementwise(state, {"out = a", "0:N", {{"a", mem("A", "i")}}, with_wcr(mem("largest", ""), ir::Wcr::max)});
  Arguments arguments{{{"A", array(a)}, {"B", array(b)}, {"total", {&total}}, {"largest", {&largest}}}, {{"N", 7}}};
  EXPECT_RUNS(run(graph, arguments));
  EXPECT_EQ(total, 5 + 1.5 * 21 - 14);
  EXPECT_EQ(largest, a[6]);
}

TEST_F(Vectors, CustomResolution) {
  ir::MemletFields out = with_wcr(mem("B", "0"), ir::Wcr::custom);
  ir::code::NameTypes types;
  types.inputs = {{"old", dt::float64}, {"new", dt::float64}};
  out.wcr_code = expr("old * 0.5 + new * 0.5", types);
  auto& state = graph.append_state("s");
  add_elementwise(state, {"out = a", "0:2", {{"a", mem("A", "i")}}, out});
  EXPECT_RUNS(run_it());
  EXPECT_EQ(b[0], (100 * 0.5 + a[0] * 0.5) * 0.5 + a[1] * 0.5);
}

TEST_F(Vectors, OverlappingCopyReadsAllFirst) {
  auto& state = graph.append_state("s");
  auto& from = state.add_access("A");
  auto& to = state.add_access("A");
  auto memlet = mem("A", "0:N-1");
  memlet.other_subset = sub("1:N");
  state.add_edge(from, "", to, "", memlet);
  const std::vector<double> before = a;
  EXPECT_RUNS(run_it());
  for (int i = 1; i < 7; ++i) EXPECT_EQ(a[i], before[i - 1]);
}

TEST_F(Vectors, CopyIntoReversedSubsetOfTheTarget) {
  auto& state = graph.append_state("s");
  auto memlet = ir::memlet("B", {{symbolic::Range{sym("N - 1"), sym("N"), -1}}});
  state.add_edge(state.add_access("A"), "", state.add_access("B"), "", memlet);
  EXPECT_RUNS(run_it());
  for (int i = 0; i < 7; ++i) EXPECT_EQ(b[6 - i], a[i]);
}

TEST_F(Vectors, TaskletReadsBeforeItWrites) {
  // out[0] = a[1]; out[1] = a[0] on the same memory is a swap.
  auto& state = graph.append_state("s");
  auto& tasklet =
      state.add_tasklet("t", {{"a", std::nullopt}}, {{"out", std::nullopt}}, code("out[0] = a[1]\nout[1] = a[0]"));
  state.add_edge(state.add_access("A"), "", tasklet, "a", mem("A", "2:4"));
  state.add_edge(tasklet, "out", state.add_access("A"), "", mem("A", "2:4"));
  const double second = a[2], third = a[3];
  EXPECT_RUNS(run_it());
  EXPECT_EQ(a[2], third);
  EXPECT_EQ(a[3], second);
}

TEST_F(Vectors, TriangularMap) {
  ir::MapFields map;
  map.label = "triangle";
  map.params = {"i", "j"};
  map.range = sub("0:N, 0:i");
  auto& state = graph.append_state("s");
  auto [entry, exit] = state.add_map(map);
  auto& tasklet = state.add_tasklet("t", {}, {{"out", std::nullopt}}, code("out = 1.0"));
  state.add_order(*entry, tasklet);
  state.add_memlet_path({&tasklet, exit, &state.add_access("B")}, "out", "", with_wcr(mem("B", "i"), ir::Wcr::sum));
  EXPECT_RUNS(run_it());
  for (int i = 0; i < 7; ++i) EXPECT_EQ(b[i], 100 + i + i);
}

TEST_F(Vectors, TransientInsideAMapIsBornAnewInEachIteration) {
  graph.add_array("tmp", dt::float64, {sym("i + 1")}, true);
  ir::MapFields map;
  map.label = "m";
  map.params = {"i"};
  map.range = sub("0:N");
  auto& state = graph.append_state("s");
  auto [entry, exit] = state.add_map(map);
  auto& fill = state.add_tasklet("fill", {{"a", std::nullopt}}, {{"out", std::nullopt}}, code("out[i] = a"));
  auto& tmp = state.add_access("tmp");
  auto& use = state.add_tasklet("use", {{"b", std::nullopt}}, {{"out", std::nullopt}}, code("out = b"));
  state.add_memlet_path({&state.add_access("A"), entry, &fill}, "", "a", mem("A", "i"));
  state.add_edge(fill, "out", tmp, "", mem("tmp", "0:i+1"));
  state.add_edge(tmp, "", use, "b", mem("tmp", "i"));
  state.add_memlet_path({&use, exit, &state.add_access("B")}, "out", "", mem("B", "i"));
  Options options;
  options.seed = 3;
  EXPECT_RUNS(run_it(options));
  EXPECT_EQ(b, a);
}

TEST_F(Vectors, CopyOutOfAScopeAndIntoIt) {
  graph.add_scalar("t", dt::float64, true);
  ir::MapFields map;
  map.label = "m";
  map.params = {"i"};
  map.range = sub("0:N");
  auto& state = graph.append_state("s");
  auto [entry, exit] = state.add_map(map);
  auto& t = state.add_access("t");
  state.add_memlet_path({&state.add_access("A"), entry, &t}, "", "", mem("A", "i"));
  state.add_memlet_path({&t, exit, &state.add_access("B")}, "", "", mem("B", "N - 1 - i"));
  EXPECT_RUNS(run_it());
  for (int i = 0; i < 7; ++i) EXPECT_EQ(b[6 - i], a[i]);
}

// Probe 12, the interpreter's part: a schedule and a storage that a test brings along.
TEST_F(Vectors, SchedulesAndStoragesAddedByATest) {
  const ir::Schedule schedule = ir::add_schedule({"TestSpiral", "serial", "Sequential"});
  const ir::Storage storage = ir::add_storage({"TestBank", "bank", "none", false});
  ir::ContainerFields fields;
  fields.name = "T";
  fields.dtype = dt::float64;
  fields.shape = {sym("N")};
  fields.storage = storage;
  fields.transient = true;
  graph.add_container(fields);
  add_elementwise(graph.append_state("s"), {"out = a", "0:N", {{"a", mem("A", "i")}}, mem("T", "i")});
  add_elementwise(graph.append_state("u"), {"out = a", "0:N", {{"a", mem("T", "N - 1 - i")}}, mem("B", "i")});
  for (ir::State* state : ir::all_states(graph))
    for (const auto& node : state->nodes())
      if (auto* entry = ir::as<ir::MapEntry>(node.get())) entry->scope().set<&ir::MapFields::schedule>(schedule);
  Options options;
  options.seed = 9;
  EXPECT_RUNS(run_it(options));
  for (int i = 0; i < 7; ++i) EXPECT_EQ(b[6 - i], a[i]);
}

// A callback gets arrays as they lie in memory and fills its outputs.
TEST_F(Vectors, CallbackSeesSubsetsAndFillsItsOutputs) {
  graph.add_array("T", dt::float64, {2}, true);
  auto& state = graph.append_state("s");
  ir::LibraryNodeFields fields;
  fields.operation = "Callback";
  fields.attributes["function"] = int64_t{3};
  auto& node = state.add_library_node(fields, {{"_in0", std::nullopt}}, {{"_out0", std::nullopt}});
  state.add_edge(state.add_access("A"), "", node, "_in0", mem("A", "1:7:2"));
  state.add_edge(node, "_out0", state.add_access("T"), "", mem("T", "0:2"));
  auto& next = graph.append_state("next");
  auto copied = mem("T", "0:2");
  copied.other_subset = sub("0:2");
  next.add_edge(next.add_access("T"), "", next.add_access("B"), "", copied);
  Options options;
  EXPECT_NE(failure_of(run_it(options)).message.find("calls back into Python"), std::string::npos);
  options.callback = [&](int64_t function, const std::vector<ArrayRef>& inputs, const std::vector<ArrayRef>& outputs) {
    EXPECT_EQ(function, 3);
    EXPECT_EQ(inputs[0].shape, (std::vector<int64_t>{3}));
    EXPECT_EQ(inputs[0].strides, (std::vector<int64_t>{2}));
    EXPECT_EQ(inputs[0].data, a.data() + 1);
    auto* out = static_cast<double*>(outputs[0].data);
    out[0] = 1.25;
    out[1] = -4;
    return base::success();
  };
  EXPECT_RUNS(run_it(options));
  EXPECT_EQ(b[0], 1.25);
  EXPECT_EQ(b[1], -4);
  options.callback = [](int64_t, const std::vector<ArrayRef>&, const std::vector<ArrayRef>&) -> base::Status {
    return base::Diagnostic{"", base::ErrorKind::value, "raised in Python", {}, "", {}};
  };
  EXPECT_EQ(failure_of(run_it(options)).message, "raised in Python");
}

TEST(Nested, OutputsWithAResolutionAreCombined) {
  auto inner = base::make_ref<ir::SDFG>("inner");
  inner->add_array("v", dt::float64, {2});
  auto& first = inner->append_state("s");
  auto& tasklet = first.add_tasklet("t", {}, {{"out", std::nullopt}}, code("out = 5.0"));
  first.add_edge(tasklet, "out", first.add_access("v"), "", mem("v", "1"));
  auto held = base::make_ref<ir::SDFG>("g");
  held->add_array("A", dt::float64, {4});
  auto& state = held->append_state("s");
  auto& node = state.add_nested_sdfg(inner, {}, {"v"}, {});
  state.add_edge(node, "v", state.add_access("A"), "", with_wcr(mem("A", "1:3"), ir::Wcr::sum));
  std::vector<double> a{1, 2, 3, 4};
  EXPECT_RUNS(run(*held, {{{"A", array(a)}}, {}}));
  EXPECT_EQ(a, (std::vector<double>{1, 2, 8, 4}));
}

TEST(Nested, RunsOnTheSubsetBehindItsConnectors) {
  auto inner = base::make_ref<ir::SDFG>("inner");
  inner->add_symbol("M");
  ir::ContainerFields row;
  row.name = "row";
  row.dtype = dt::float64;
  row.shape = {sym("M")};
  row.strides = {sym("2")};
  inner->add_container(row);
  add_elementwise(inner->append_state("s"), {"out = a + 1.0", "0:M", {{"a", mem("row", "i")}}, mem("row", "i")});
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_array("A", dt::float64, {3, 8});
  auto& state = graph.append_state("s");
  auto& node = state.add_nested_sdfg(inner, {"row"}, {"row"}, {{"M", sym("4")}});
  state.add_edge(state.add_access("A"), "", node, "row", mem("A", "1, 0:8:2"));
  state.add_edge(node, "row", state.add_access("A"), "", mem("A", "1, 0:8:2"));
  std::vector<double> a(24, 0);
  EXPECT_RUNS(run(graph, {{{"A", array(a)}}, {}}));
  for (int i = 0; i < 24; ++i) EXPECT_EQ(a[i], i >= 8 && i < 16 && i % 2 == 0 ? 1.0 : 0.0) << i;
  inner->container("row").set<&ir::ContainerFields::strides>(std::vector<symbolic::Expr>{1});
  EXPECT_NE(failure_of(run(graph, {{{"A", array(a)}}, {}})).message.find("strides of 'row'"), std::string::npos);
}

TEST(Nested, ReturnEndsTheInnerGraphOnly) {
  auto inner = base::make_ref<ir::SDFG>("inner");
  inner->add_scalar("x", dt::float64);
  auto& first = inner->append_state("first");
  auto& one = first.add_tasklet("one", {}, {{"out", std::nullopt}}, code("out = 1.0"));
  first.add_edge(one, "out", first.add_access("x"), "", mem("x", ""));
  inner->append(base::make_ref<ir::JumpBlock>("leave", ir::Jump::return_));
  auto& never = inner->append_state("never");
  auto& two = never.add_tasklet("two", {}, {{"out", std::nullopt}}, code("out = 2.0"));
  never.add_edge(two, "out", never.add_access("x"), "", mem("x", ""));
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_scalar("X", dt::float64);
  graph.add_scalar("Y", dt::float64);
  auto& state = graph.append_state("s");
  auto& node = state.add_nested_sdfg(inner, {}, {"x"}, {});
  state.add_edge(node, "x", state.add_access("X"), "", mem("X", ""));
  auto& after = graph.append_state("after");
  after.add_edge(after.add_access("X"), "", after.add_access("Y"), "", mem("X", ""));
  double x = 0, y = 0;
  EXPECT_RUNS(run(graph, {{{"X", {&x}}, {"Y", {&y}}}, {}}));
  EXPECT_EQ(x, 1);
  EXPECT_EQ(y, 1);
}

}  // namespace
}  // namespace thalweg::interpret::tests
