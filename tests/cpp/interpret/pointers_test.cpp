// References, views, overlapping arguments, returned values.
#include "support.h"

namespace thalweg::interpret::tests {
namespace {

void add_pointer(ir::SDFG& graph, const std::string& name, ir::ContainerKind kind, DType type,
                 std::vector<symbolic::Expr> shape, std::vector<symbolic::Expr> strides = {}) {
  ir::ContainerFields fields;
  fields.name = name;
  fields.kind = kind;
  fields.dtype = type;
  fields.shape = std::move(shape);
  fields.strides = std::move(strides);
  fields.transient = true;
  graph.add_container(fields);
}
void write_constant(ir::State& state, const std::string& data, const std::string& subset, const std::string& value) {
  auto& tasklet = state.add_tasklet("w", {}, {{"out", std::nullopt}}, code("out = " + value));
  state.add_edge(tasklet, "out", state.add_access(data), "", mem(data, subset));
}

TEST(References, SwapMovesPointersAtOnce) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_array("A", dt::float64, {3});
  graph.add_array("B", dt::float64, {3});
  add_pointer(graph, "r", ir::ContainerKind::reference, dt::float64, {3});
  add_pointer(graph, "q", ir::ContainerKind::reference, dt::float64, {3});
  auto set = [&](ir::State& state, const std::string& from, const std::string& to) {
    state.add_edge(state.add_access(from), "", state.add_access(to), "set", mem(from, "0:3"));
  };
  auto& first = graph.append_state("first");
  set(first, "A", "r");
  set(first, "B", "q");
  auto& swap = graph.append_state("swap");
  set(swap, "q", "r");
  set(swap, "r", "q");
  auto& write = graph.append_state("write");
  write_constant(write, "r", "0", "1.0");
  write_constant(write, "q", "1", "2.0");
  std::vector<double> a(3), b(3);
  for (uint64_t seed : {0, 5}) {
    Options options;
    options.seed = seed;
    EXPECT_RUNS(run(graph, {{{"A", array(a)}, {"B", array(b)}}, {}}, options));
    EXPECT_EQ(a, (std::vector<double>{0, 2, 0}));
    EXPECT_EQ(b, (std::vector<double>{1, 0, 0}));
  }
}

TEST(References, SubsetOfAnArrayWithOwnStrides) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_array("A", dt::float64, {4, 4});
  add_pointer(graph, "column", ir::ContainerKind::reference, dt::float64, {3}, {4});
  auto& state = graph.append_state("s");
  state.add_edge(state.add_access("A"), "", state.add_access("column"), "set", mem("A", "1:4, 2"));
  auto& write = graph.append_state("w");
  write_constant(write, "column", "2", "5.0");
  std::vector<double> a(16);
  EXPECT_RUNS(run(graph, {{{"A", array(a)}}, {}}));
  EXPECT_EQ(a[14], 5.0);
  // Beyond the memory behind it.
  graph.container("column").set<&ir::ContainerFields::shape>(std::vector<symbolic::Expr>{9});
  write_constant(graph.append_state("far"), "column", "8", "1.0");
  EXPECT_NE(failure_of(run(graph, {{{"A", array(a)}}, {}})).message.find("outside the memory of 'A'"),
            std::string::npos);
}

TEST(References, UnsetReferenceIsReported) {
  auto held = base::make_ref<ir::SDFG>("g");
  add_pointer(*held, "r", ir::ContainerKind::reference, dt::float64, {3});
  write_constant(held->append_state("s"), "r", "0", "1.0");
  EXPECT_NE(failure_of(run(*held, {})).message.find("'r' is used before it is set"), std::string::npos);
}

TEST(Views, ReadingAndWritingThrough) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_array("A", dt::float64, {2, 6});
  graph.add_array("B", dt::float64, {3, 2});
  add_pointer(graph, "in", ir::ContainerKind::view, dt::float64, {3, 2});
  add_pointer(graph, "out", ir::ContainerKind::view, dt::float64, {6});
  auto& state = graph.append_state("s");
  auto& in = state.add_access("in");
  state.add_edge(state.add_access("A"), "", in, "views", mem("A", "1, 0:6"));
  auto& b = state.add_access("B");
  state.add_edge(in, "", b, "", mem("in", "0:3, 0:2"));
  auto& next = graph.append_state("next");
  auto& out = next.add_access("out");
  auto& tasklet = next.add_tasklet("w", {}, {{"out", std::nullopt}}, code("out = 9.0"));
  next.add_edge(tasklet, "out", out, "", mem("out", "4"));
  next.add_edge(out, "views", next.add_access("A"), "", mem("A", "0, 0:6"));
  std::vector<double> a(12), bb(6);
  for (int i = 0; i < 12; ++i) a[i] = i;
  EXPECT_RUNS(run(graph, {{{"A", array(a)}, {"B", array(bb)}}, {}}));
  EXPECT_EQ(bb, (std::vector<double>{6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(a[4], 9.0);
}

TEST(Views, AnotherElementType) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_array("A", dt::float64, {1});
  graph.add_array("B", dt::int64, {1});
  add_pointer(graph, "bits", ir::ContainerKind::view, dt::int64, {1});
  auto& state = graph.append_state("s");
  auto& bits = state.add_access("bits");
  state.add_edge(state.add_access("A"), "", bits, "views", mem("A", "0"));
  state.add_edge(bits, "", state.add_access("B"), "", mem("bits", "0"));
  std::vector<double> a{1.0};
  std::vector<int64_t> b{0};
  EXPECT_RUNS(run(graph, {{{"A", array(a)}, {"B", array(b)}}, {}}));
  EXPECT_EQ(b[0], 0x3FF0000000000000);
}

TEST(ArgumentsAndResults, OverlapNegativeStridesAndOffset) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_symbol("S");
  for (const char* name : {"A", "B"}) {
    ir::ContainerFields fields;
    fields.name = name;
    fields.dtype = dt::float64;
    fields.shape = {3};
    fields.strides = {sym(name[0] == 'A' ? "1" : "S")};
    fields.may_alias = true;
    graph.add_container(fields);
  }
  auto& state = graph.append_state("s");
  auto& tasklet = state.add_tasklet("t", {{"a", std::nullopt}}, {{"out", std::nullopt}}, code("out = a"));
  state.add_edge(state.add_access("A"), "", tasklet, "a", mem("A", "1"));
  state.add_edge(tasklet, "out", state.add_access("B"), "", mem("B", "2"));
  std::vector<double> memory{0, 10, 20, 30};
  // B is memory[3], memory[2], memory[1]: its last element is A's element 1.
  Arguments arguments{{{"A", {memory.data() + 1, {3}, {1}}}, {"B", {memory.data() + 3, {3}, {-1}}}}, {}};
  EXPECT_RUNS(run(graph, arguments));
  EXPECT_EQ(memory, (std::vector<double>{0, 20, 20, 30}));
}

TEST(ArgumentsAndResults, ReturnsFreshContainersViewsAndSymbols) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_array("A", dt::float64, {4, 3});
  graph.add_array("R", dt::float64, {sym("n")});
  graph.set<&ir::SDFGFields::arguments>(std::vector<std::string>{"A"});
  ir::ReturnValue fresh{ir::ReturnValue::Kind::container, "R", {}, {}, {}};
  ir::ReturnValue view{ir::ReturnValue::Kind::view, "A", sub("1:4:2, 2"), {-1, 0}, {}};
  ir::ReturnValue number{ir::ReturnValue::Kind::symbol, "", {}, {}, sym("2*n + 1")};
  graph.set<&ir::SDFGFields::returns>(std::vector{fresh, view, number});
  auto& state = graph.append_state("s");
  write_constant(state, "R", "1", "4.0");
  std::vector<double> a(12);
  for (int i = 0; i < 12; ++i) a[i] = i;
  auto result = run(graph, {{{"A", array(a)}}, {{"n", 2}}});
  EXPECT_RUNS(result);
  ASSERT_EQ(result->returns.size(), 3u);
  const Returned &first = result->returns[0], &second = result->returns[1];
  EXPECT_EQ(first.shape, (std::vector<int64_t>{2}));
  EXPECT_EQ(reinterpret_cast<const double*>(first.data)[1], 4.0);
  EXPECT_EQ(reinterpret_cast<const double*>(second.data), a.data() + 5);
  EXPECT_EQ(second.shape, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(second.strides, (std::vector<int64_t>{0, 6}));
  EXPECT_EQ(result->returns[2].symbol, 5);
}

}  // namespace
}  // namespace thalweg::interpret::tests
