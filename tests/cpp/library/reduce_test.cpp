// Reduce: the interpreter's own, which calls the runtime's tree, and the expansion, which writes the tree out, give the
// same bits; both are right.
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>

#include "support.h"
#include "thalweg/reduce.h"

namespace thalweg::library::tests {
namespace {

constexpr uint64_t seed = 20240607;

template <class T>
T random_value(std::mt19937_64& random) {
  if constexpr (std::is_floating_point_v<T>) {
    const int kind = static_cast<int>(random() % 64);
    if (kind == 0) return T{0};
    if (kind == 1) return -T{0};
    return static_cast<T>(std::ldexp(static_cast<double>(random() % 2000003) / 1000001 - 1, random() % 20));
  } else {
    return static_cast<T>(random());
  }
}

// _out[...] = reduction of an array of this shape; both ways, and the bits of both compared.
template <class T>
std::vector<T> reduce(DType type, ir::Wcr wcr, std::vector<int64_t> shape, std::vector<int64_t> axes,
                      std::vector<T> values) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  std::vector<symbolic::Expr> extents(shape.begin(), shape.end()), rest;
  int64_t outputs = 1;
  for (size_t d = 0; d < shape.size(); ++d)
    if (std::find(axes.begin(), axes.end(), static_cast<int64_t>(d)) == axes.end()) {
      rest.push_back(shape[d]);
      outputs *= shape[d];
    }
  graph.add_array("A", type, extents);
  if (rest.empty())
    graph.add_scalar("R", type);
  else
    graph.add_array("R", type, rest);
  auto& state = graph.append_state("s");
  auto text = [](const std::vector<symbolic::Expr>& sizes) {
    return symbolic::to_string(symbolic::Subset::whole(sizes));
  };
  auto& node = add_node(state, "Reduce", {{"wcr", wcr}, {"axes", axes}}, {{"_in", "A", text(extents)}},
                        {{"_out", "R", text(rest)}});
  std::vector<T> own(static_cast<size_t>(outputs)), expanded(own);
  auto first = run(graph, {{{"A", array(values)}, {"R", array(own)}}, {}});
  EXPECT_TRUE(first.ok()) << (first.ok() ? "" : first.error().message);
  auto nested = expand(node);
  EXPECT_TRUE(nested.ok()) << (nested.ok() ? "" : nested.error().message);
  auto second = run(graph, {{{"A", array(values)}, {"R", array(expanded)}}, {}});
  EXPECT_TRUE(second.ok()) << (second.ok() ? "" : second.error().message);
  EXPECT_EQ(std::memcmp(own.data(), expanded.data(), own.size() * sizeof(T)), 0)
      << ir::to_string(wcr) << " of " << values.size() << " " << type.name() << ", seed " << seed;
  return own;
}

template <class T>
std::vector<T> random_values(std::mt19937_64& random, int64_t count) {
  std::vector<T> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(random_value<T>(random));
  return values;
}

template <class T>
void check_lengths(DType type, T (*sum)(const T*, int64_t, int64_t), T (*least)(const T*, int64_t, int64_t)) {
  std::mt19937_64 random(seed);
  for (int64_t n : {1, 2, 31, 33, 64, 511, 512, 513, 1100, 2600, 3600}) {
    const auto values = random_values<T>(random, n);
    EXPECT_EQ(reduce(type, ir::Wcr::sum, {n}, {0}, values)[0], sum(values.data(), n, 1));
    EXPECT_EQ(reduce(type, ir::Wcr::min, {n}, {0}, values)[0], least(values.data(), n, 1));
    if (n < 600) reduce(type, ir::Wcr::product, {n}, {0}, values);
    reduce(type, ir::Wcr::max, {n}, {0}, values);
  }
  EXPECT_EQ(reduce<T>(type, ir::Wcr::sum, {0}, {0}, {})[0], T{0});
  EXPECT_EQ(reduce<T>(type, ir::Wcr::product, {0}, {0}, {})[0], T{1});
}
TEST(Reduce, LaneTreeOfFloat64) { check_lengths<double>(dt::float64, thw_sum_f64, thw_minimum_f64); }
TEST(Reduce, LaneTreeOfFloat32) { check_lengths<float>(dt::float32, thw_sum_f32, thw_minimum_f32); }

TEST(Reduce, ZerosOfBothSignsAndNan) {
  std::mt19937_64 random(seed);
  for (int round = 0; round < 12; ++round) {
    std::vector<double> zeros;
    const int64_t n = 1 + static_cast<int64_t>(random() % 700);
    for (int64_t i = 0; i < n; ++i) zeros.push_back(random() % 2 ? 0.0 : -0.0);
    reduce(dt::float64, ir::Wcr::min, {n}, {0}, zeros);
    reduce(dt::float64, ir::Wcr::max, {n}, {0}, zeros);
    zeros[random() % zeros.size()] = std::nan("");
    EXPECT_TRUE(std::isnan(reduce(dt::float64, ir::Wcr::max, {n}, {0}, zeros)[0]));
  }
}

TEST(Reduce, Complex) {
  std::mt19937_64 random(seed);
  for (int64_t n : {1, 17, 256, 257, 900}) {
    std::vector<thw_c128> values;
    for (int64_t i = 0; i < n; ++i) values.push_back({random_value<double>(random), random_value<double>(random)});
    const thw_c128 own = reduce(dt::complex128, ir::Wcr::sum, {n}, {0}, values)[0];
    const thw_c128 direct = thw_sum_c128(values.data(), n, 1);
    EXPECT_EQ(own.re, direct.re);
    EXPECT_EQ(own.im, direct.im);
    if (n < 20) reduce(dt::complex128, ir::Wcr::product, {n}, {0}, values);
  }
}

TEST(Reduce, AxesInOrderAndIntegers) {
  std::mt19937_64 random(seed);
  const auto a = random_values<double>(random, 60);
  const auto columns = reduce(dt::float64, ir::Wcr::sum, {3, 4, 5}, {0}, a);
  for (int j = 0; j < 20; ++j) EXPECT_EQ(columns[j], 0.0 + a[j] + a[20 + j] + a[40 + j]);
  const auto middle = reduce(dt::float64, ir::Wcr::max, {3, 4, 5}, {1}, a);
  EXPECT_EQ(middle[7], std::max({a[22], a[27], a[32], a[37]}));
  EXPECT_EQ(reduce(dt::float64, ir::Wcr::sum, {3, 4, 5}, {1, 2}, a)[1], thw_sum_f64(a.data() + 20, 20, 1));
  EXPECT_EQ(reduce(dt::float64, ir::Wcr::sum, {3, 4, 5}, {0, 2}, a).size(), 4u);
  const auto bytes = random_values<int8_t>(random, 50);
  EXPECT_EQ(reduce(dt::int8, ir::Wcr::sum, {50}, {0}, bytes)[0],
            static_cast<int8_t>(std::accumulate(bytes.begin(), bytes.end(), 0)));
  const std::vector<uint8_t> flags{1, 1, 0, 1};
  EXPECT_EQ(reduce(dt::bool_, ir::Wcr::logical_and, {2, 2}, {1}, flags), (std::vector<uint8_t>{1, 0}));
  EXPECT_EQ(reduce(dt::bool_, ir::Wcr::logical_or, {4}, {0}, flags), (std::vector<uint8_t>{1}));
  EXPECT_EQ(reduce<uint8_t>(dt::uint8, ir::Wcr::bitwise_xor, {3}, {0}, {7, 5, 1}), (std::vector<uint8_t>{3}));
}

TEST(Reduce, OfNothing) {
  auto held = base::make_ref<ir::SDFG>("g");
  held->add_array("A", dt::float64, {0});
  held->add_scalar("R", dt::float64);
  add_node(held->append_state("s"), "Reduce", {{"wcr", ir::Wcr::min}, {"axes", std::vector<int64_t>{0}}},
           {{"_in", "A", "0:0"}}, {{"_out", "R", ""}});
  double r = 0;
  EXPECT_NE(failure_of(run(*held, {{{"A", {&r}}, {"R", {&r}}}, {}})).message.find("over nothing"), std::string::npos);
}

}  // namespace
}  // namespace thalweg::library::tests
