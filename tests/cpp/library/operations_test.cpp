// Every operation's expansion against direct computation, and what the registry refuses.
#include <cmath>
#include <random>

#include "support.h"

namespace thalweg::library::tests {
namespace {

struct Graph {
  ir::Ref<ir::SDFG> held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& sdfg = *held;
  ir::State& state = held->append_state("s");
  Graph() {
    for (const char* name : {"N", "M", "K"}) sdfg.add_symbol(name);
  }
};

// Probe 10: a matrix product through its reference expansion.
TEST(MatMul, RunsThroughItsReferenceExpansion) {
  Graph g;
  g.sdfg.add_array("A", dt::float64, {sym("N"), sym("K")});
  g.sdfg.add_array("B", dt::float64, {sym("K"), sym("M")});
  g.sdfg.add_array("C", dt::float64, {sym("N"), sym("M")});
  auto& node =
      add_node(g.state, "MatMul", {}, {{"_a", "A", "0:N, 0:K"}, {"_b", "B", "0:K, 0:M"}}, {{"_c", "C", "0:N, 0:M"}});
  std::vector<double> a, b, c(15), expected(15);
  for (int i = 0; i < 12; ++i) a.push_back(std::sin(i));
  for (int i = 0; i < 20; ++i) b.push_back(std::cos(i * i));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 5; ++j) {
      double sum = 0;
      for (int k = 0; k < 4; ++k) sum += a[i * 4 + k] * b[k * 5 + j];
      expected[i * 5 + j] = sum;
    }
  Arguments arguments{{{"A", array(a, {3, 4})}, {"B", array(b, {4, 5})}, {"C", array(c, {3, 5})}}, {}};
  EXPECT_RUNS(run(g.sdfg, arguments, with_reference()));
  EXPECT_EQ(c, expected);
  c.assign(15, 0);
  auto nested = expand(node);
  ASSERT_TRUE(nested.ok()) << nested.error().message;
  EXPECT_EQ(g.state.nodes().size(), 4u);
  EXPECT_RUNS(run(g.sdfg, arguments));
  EXPECT_EQ(c, expected);
}

TEST(MatMul, RanksAndStrides) {
  // Row i of a transposed-like subset times a strided vector: 1-D x 2-D, 2-D x 1-D and 1-D x 1-D.
  Graph g;
  g.sdfg.add_array("A", dt::int32, {4, 6});
  g.sdfg.add_array("V", dt::int32, {9});
  g.sdfg.add_array("X", dt::int32, {2});
  g.sdfg.add_array("Y", dt::int32, {4});
  g.sdfg.add_scalar("Z", dt::int32);
  add_node(g.state, "MatMul", {{"a_rank", int64_t{1}}, {"b_rank", int64_t{2}}},
           {{"_a", "V", "0:4"}, {"_b", "A", "0:4, 1:5:2"}}, {{"_c", "X", "0:2"}});
  add_node(g.state, "MatMul", {{"a_rank", int64_t{2}}, {"b_rank", int64_t{1}}},
           {{"_a", "A", "0:4, 0:3"}, {"_b", "V", "1:9:3"}}, {{"_c", "Y", "0:4"}});
  add_node(g.state, "MatMul", {{"a_rank", int64_t{1}}, {"b_rank", int64_t{1}}},
           {{"_a", "A", "2, 0:6"}, {"_b", "V", "3:9"}}, {{"_c", "Z", ""}});
  std::vector<int32_t> a, v, x(2), y(4);
  int32_t z = 0, dot = 0;
  for (int i = 0; i < 24; ++i) a.push_back(i * i % 11);
  for (int i = 0; i < 9; ++i) v.push_back(i - 3);
  Arguments arguments{{{"A", array(a)}, {"V", array(v)}, {"X", array(x)}, {"Y", array(y)}, {"Z", {&z}}}, {}};
  EXPECT_RUNS(run(g.sdfg, arguments, with_reference()));
  for (int j = 0; j < 2; ++j) {
    int sum = 0;
    for (int k = 0; k < 4; ++k) sum += v[k] * a[k * 6 + 1 + 2 * j];
    EXPECT_EQ(x[j], sum);
  }
  for (int i = 0; i < 4; ++i) EXPECT_EQ(y[i], a[i * 6] * v[1] + a[i * 6 + 1] * v[4] + a[i * 6 + 2] * v[7]);
  for (int k = 0; k < 6; ++k) dot += a[12 + k] * v[3 + k];
  EXPECT_EQ(z, dot);
}

TEST(ArgReduce, FirstExtremeAndNanWins) {
  const double nan = std::nan("");
  for (bool largest : {true, false}) {
    Graph g;
    g.sdfg.add_array("A", dt::float64, {4, 3});
    g.sdfg.add_array("P", dt::int64, {4});
    auto& node = add_node(g.state, "ArgReduce", {{"max", largest}, {"axis", int64_t{1}}}, {{"_in", "A", "0:4, 0:3"}},
                          {{"_out", "P", "0:4"}});
    std::vector<double> a{1, 5, 5, 2, -2, -2, 7, nan, 9, nan, nan, 0};
    std::vector<int64_t> p(4, -1), again(4, -1);
    EXPECT_RUNS(run(g.sdfg, {{{"A", array(a)}, {"P", array(p)}}, {}}, with_reference()));
    EXPECT_EQ(p, largest ? (std::vector<int64_t>{1, 0, 1, 0}) : (std::vector<int64_t>{0, 1, 1, 0}));
    ASSERT_TRUE(expand(node, "reference").ok());
    EXPECT_RUNS(run(g.sdfg, {{{"A", array(a)}, {"P", array(again)}}, {}}));
    EXPECT_EQ(again, p);
  }
}

TEST(Compress, KeepsTheOrder) {
  Graph g;
  g.sdfg.add_array("mask", dt::bool_, {2, 4});
  g.sdfg.add_array("A", dt::float32, {2, 4});
  g.sdfg.add_array("B", dt::float32, {sym("n")});
  auto& node = add_node(g.state, "Compress", {}, {{"_mask", "mask", "0:2, 0:4"}, {"_in", "A", "0:2, 0:4"}},
                        {{"_out", "B", "0:n"}});
  std::vector<uint8_t> mask{0, 1, 1, 0, 1, 0, 0, 1};
  std::vector<float> a{10, 11, 12, 13, 14, 15, 16, 17}, b(4), again(4);
  EXPECT_RUNS(run(g.sdfg, {{{"mask", array(mask)}, {"A", array(a)}, {"B", array(b, {4})}}, {}}, with_reference()));
  EXPECT_EQ(b, (std::vector<float>{11, 12, 14, 17}));
  ASSERT_TRUE(expand(node).ok());
  EXPECT_RUNS(run(g.sdfg, {{{"mask", array(mask)}, {"A", array(a)}, {"B", array(again, {4})}}, {}}));
  EXPECT_EQ(again, b);
}

// Zeros on the diagonal (rows are exchanged), two right sides; then a matrix whose rows are the same.
TEST(Solve, SaysWhereThereIsNoSolution) {
  Graph g;
  g.sdfg.add_array("A", dt::float64, {sym("N"), sym("N")});
  g.sdfg.add_array("B", dt::float64, {sym("N"), sym("M")});
  g.sdfg.add_array("X", dt::float64, {sym("N") + 1, sym("M")});
  auto& node =
      add_node(g.state, "Solve", {}, {{"_a", "A", "0:N, 0:N"}, {"_b", "B", "0:N, 0:M"}}, {{"_c", "X", "0:N + 1, 0:M"}});
  std::vector<double> a{0, 2, 0, 4, 0, 0, 0, 1, 8}, b{2, 4, 8, 4, 17, 10}, x(8), again(8);
  auto arguments = [&](std::vector<double>& into) {
    return Arguments{{{"A", array(a, {3, 3})}, {"B", array(b, {3, 2})}, {"X", array(into, {4, 2})}}, {}};
  };
  EXPECT_RUNS(run(g.sdfg, arguments(x), with_reference()));
  EXPECT_EQ(x, (std::vector<double>{2, 1, 1, 2, 2, 1, 0, 0}));
  ASSERT_TRUE(expand(node).ok());
  EXPECT_RUNS(run(g.sdfg, arguments(again)));
  EXPECT_EQ(again, x);
  a = {1, 2, 3, 1, 2, 3, 0, 1, 8};
  EXPECT_RUNS(run(g.sdfg, arguments(again)));
  EXPECT_EQ(again[6], 1);
  EXPECT_EQ(again[7], 1);
}

TEST(Registry, RefusesWhatTheRowDoesNotSay) {
  Graph g;
  g.sdfg.add_array("A", dt::float64, {4});
  g.sdfg.add_array("B", dt::float64, {5});
  g.sdfg.add_scalar("C", dt::float64);
  auto& unknown = add_node(g.state, "Sort", {}, {{"_in", "A", "0:4"}}, {{"_out", "B", "0:4"}});
  EXPECT_EQ(check(unknown).error().code, "TW0701");
  auto expect_refused = [&](const ir::LibraryNode& node, const std::string& words) {
    auto status = check(node);
    ASSERT_FALSE(status.ok()) << words;
    EXPECT_EQ(status.error().code, "TW0702");
    EXPECT_NE(status.error().message.find(words), std::string::npos) << status.error().message;
  };
  expect_refused(add_node(g.state, "MatMul", {}, {{"_a", "A", "0:4"}}, {{"_c", "C", ""}}), "nothing is joined to '_b'");
  expect_refused(add_node(g.state, "MatMul", {}, {{"_a", "A", "0:4"}, {"_b", "B", "0:5"}}, {{"_c", "C", ""}}),
                 "inner sizes 4 and 5 differ");
  expect_refused(add_node(g.state, "Reduce", {{"wcr", ir::Wcr::sum}}, {{"_in", "A", "0:4"}}, {{"_out", "C", ""}}),
                 "needs the attribute 'axes'");
  expect_refused(add_node(g.state, "Reduce", {{"wcr", ir::Wcr::sum}, {"axes", int64_t{0}}}, {{"_in", "A", "0:4"}},
                          {{"_out", "C", ""}}),
                 "must be a list of integers");
  expect_refused(add_node(g.state, "Reduce", {{"wcr", ir::Wcr::sum}, {"axes", std::vector<int64_t>{1}}},
                          {{"_in", "A", "0:4"}}, {{"_out", "C", ""}}),
                 "has no axis 1");
  expect_refused(add_node(g.state, "Reduce", {{"wcr", ir::Wcr::sum}, {"axes", std::vector<int64_t>{}}},
                          {{"_in", "A", "0:4"}, {"_more", "A", "0"}}, {{"_out", "B", "0:4"}}),
                 "has no port '_more'");
  expect_refused(add_node(g.state, "Callback", {{"function", int64_t{0}}}, {}, {}), "no callback 0");
  auto& product = add_node(g.state, "MatMul", {}, {{"_a", "A", "0:4"}, {"_b", "B", "1:5"}}, {{"_c", "C", ""}});
  EXPECT_TRUE(check(product).ok());
  EXPECT_NE(expand(product, "BLAS").error().message.find("lowering makes it"), std::string::npos);
  EXPECT_NE(expand(product, "cuBLAS").error().message.find("no implementation 'cuBLAS'"), std::string::npos);
}

// The open point: an operation added from outside, with its meaning as a graph, runs at once.
TEST(Registry, AnOperationAddedByATest) {
  Operation twice;
  twice.name = "TestTwice";
  twice.ports = {{"_in"}, {"_out", true}};
  twice.reference = [](const ir::LibraryNode&) -> base::Result<ir::Ref<ir::SDFG>> {
    auto graph = base::make_ref<ir::SDFG>("twice");
    graph->add_array("_in", dt::float64, {3});
    graph->add_array("_out", dt::float64, {3});
    interpret::tests::add_elementwise(graph->append_state("s"),
                                      {"out = a + a", "0:3", {{"a", mem("_in", "i")}}, mem("_out", "i")});
    return graph;
  };
  add(twice);
  ASSERT_TRUE(find("TestTwice"));
  EXPECT_EQ(operations().back()->name, "TestTwice");
  Graph g;
  g.sdfg.add_array("A", dt::float64, {3});
  add_node(g.state, "TestTwice", {}, {{"_in", "A", "0:3"}}, {{"_out", "A", "0:3"}});
  std::vector<double> a{1, 2, 3};
  EXPECT_RUNS(run(g.sdfg, {{{"A", array(a)}}, {}}, with_reference()));
  EXPECT_EQ(a, (std::vector<double>{2, 4, 6}));
}

}  // namespace
}  // namespace thalweg::library::tests
