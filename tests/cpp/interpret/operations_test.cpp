// Code trees: one tasklet over scalars, every element type; Python's scalars raise; checks; bounds.
#include <cmath>
#include <limits>

#include "support.h"

namespace thalweg::interpret::tests {
namespace {

// out = text over scalars a and b (and the result type of the text).
template <class In, class Out>
base::Result<Outcome> compute(const std::string& text, DType in, DType out_type, In a, In b, Out& out) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_scalar("A", in);
  graph.add_scalar("B", in);
  graph.add_scalar("O", out_type);
  ir::code::NameTypes types;
  types.inputs = {{"a", in}, {"b", in}};
  types.outputs = {{"out", out_type}};
  auto& state = graph.append_state("s");
  auto& tasklet = state.add_tasklet("t", {{"a", std::nullopt}, {"b", std::nullopt}}, {{"out", std::nullopt}},
                                    code("out = " + text, types));
  state.add_edge(state.add_access("A"), "", tasklet, "a", mem("A", ""));
  state.add_edge(state.add_access("B"), "", tasklet, "b", mem("B", ""));
  state.add_edge(tasklet, "out", state.add_access("O"), "", mem("O", ""));
  return run(graph, {{{"A", {&a}}, {"B", {&b}}, {"O", {&out}}}, {}});
}
template <class Out, class In>
Out value(const std::string& text, DType in, DType out_type, In a, In b) {
  Out out{};
  auto result = compute(text, in, out_type, a, b, out);
  EXPECT_TRUE(result.ok()) << text << ": " << (result.ok() ? "" : result.error().message);
  return out;
}
template <class T>
base::Diagnostic raised(const std::string& text, DType type, T a, T b) {
  T out{};
  return failure_of(compute(text, type, type, a, b, out));
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

TEST(Operations, IntegersWrapAsNumPys) {
  EXPECT_EQ(value<int8_t>("a + b", dt::int8, dt::int8, int8_t{100}, int8_t{100}), -56);
  EXPECT_EQ(value<int16_t>("a * b", dt::int16, dt::int16, int16_t{300}, int16_t{300}), 24464);
  EXPECT_EQ(value<int32_t>("a // b", dt::int32, dt::int32, -7, 2), -4);
  EXPECT_EQ(value<int32_t>("a % b", dt::int32, dt::int32, -7, 2), 1);
  EXPECT_EQ(value<int32_t>("a // b", dt::int32, dt::int32, INT32_MIN, -1), INT32_MIN);
  EXPECT_EQ(value<int64_t>("a // b", dt::int64, dt::int64, int64_t{5}, int64_t{0}), 0);
  EXPECT_EQ(value<uint8_t>("a - b", dt::uint8, dt::uint8, uint8_t{3}, uint8_t{5}), 254);
  EXPECT_EQ(value<uint16_t>("a << b", dt::uint16, dt::uint16, uint16_t{3}, uint16_t{15}), 32768);
  EXPECT_EQ(value<uint32_t>("~a", dt::uint32, dt::uint32, 1u, 0u), 0xFFFFFFFEu);
  EXPECT_EQ(value<uint64_t>("a ** b", dt::uint64, dt::uint64, uint64_t{3}, uint64_t{4}), 81u);
  EXPECT_EQ(value<int64_t>("-a", dt::int64, dt::int64, INT64_MIN, int64_t{0}), INT64_MIN);
}

TEST(Operations, FloatsFollowNumPy) {
  EXPECT_EQ(value<double>("a / b", dt::float64, dt::float64, 1.0, 0.0), inf);
  EXPECT_EQ(value<double>("a % b", dt::float64, dt::float64, -7.5, 2.0), 0.5);
  EXPECT_TRUE(std::isnan(value<double>("minimum(a, b)", dt::float64, dt::float64, nan, 1.0)));
  EXPECT_TRUE(std::isnan(value<double>("maximum(a, b)", dt::float64, dt::float64, 1.0, nan)));
  EXPECT_EQ(value<double>("fmax(a, b)", dt::float64, dt::float64, 1.0, nan), 1.0);
  EXPECT_EQ(value<float>("a * b + a", dt::float32, dt::float32, 1.1f, 3.3f), 1.1f * 3.3f + 1.1f);
  EXPECT_NEAR(value<double>("exp(a)", dt::float64, dt::float64, 1.5, 0.0), std::exp(1.5), 1e-14);
  EXPECT_NEAR(value<float>("arctan2(a, b)", dt::float32, dt::float32, 1.5f, -2.f), std::atan2(1.5f, -2.f), 1e-6);
  EXPECT_EQ(value<uint8_t>("isnan(a)", dt::float64, dt::bool_, nan, 0.0), 1);
  EXPECT_EQ(value<uint8_t>("a < b or a >= b", dt::float64, dt::bool_, nan, 0.0), 0);
  EXPECT_EQ(value<double>("select(a < b, a, b)", dt::float64, dt::float64, 4.0, 3.0), 3.0);
}

TEST(Operations, HalvesRoundOnce) {
  using Half = _Float16;
  EXPECT_EQ(static_cast<float>(value<Half>("a + b", dt::float16, dt::float16, Half(2048.0f), Half(1.0f))), 2048.0f);
  EXPECT_EQ(static_cast<float>(value<Half>("a * b", dt::float16, dt::float16, Half(0.1f), Half(3.0f))),
            static_cast<float>(Half(static_cast<float>(Half(0.1f)) * 3.0f)));
  EXPECT_EQ(value<double>("float64(a)", dt::float16, dt::float64, Half(1.5f), Half(0.f)), 1.5);
}

TEST(Operations, Complex) {
  using C = std::complex<double>;
  EXPECT_EQ(value<C>("a * b", dt::complex128, dt::complex128, C(1, 2), C(3, -4)), C(11, 2));
  EXPECT_EQ(value<C>("a / b", dt::complex128, dt::complex128, C(1, 2), C(0, 1)), C(2, -1));
  EXPECT_EQ(value<double>("abs(a)", dt::complex128, dt::float64, C(3, 4), C(0, 0)), 5.0);
  EXPECT_EQ(value<double>("imag(conj(a))", dt::complex128, dt::float64, C(3, 4), C(0, 0)), -4.0);
  EXPECT_EQ(value<C>("make_complex(b, a)", dt::float64, dt::complex128, 1.0, 2.0), C(2, 1));
  EXPECT_EQ(value<std::complex<float>>("complex64(a)", dt::float32, dt::complex64, 1.5f, 0.f),
            std::complex<float>(1.5f, 0));
  EXPECT_EQ(value<double>("float64(a)", dt::complex128, dt::float64, C(2.5, 9), C(0, 0)), 2.5);
}

TEST(Operations, Casts) {
  EXPECT_EQ(value<int32_t>("int32(a)", dt::float64, dt::int32, -2.9, 0.0), -2);
  EXPECT_EQ(value<int64_t>("int64(a)", dt::float64, dt::int64, nan, 0.0), INT64_MIN);
  EXPECT_EQ(value<uint8_t>("bool(a)", dt::float64, dt::bool_, nan, 0.0), 1);
  EXPECT_EQ(value<uint8_t>("uint8(a)", dt::int32, dt::uint8, 300, 0), 44);
  EXPECT_EQ(value<float>("float32(a)", dt::float64, dt::float32, 0.1, 0.0), 0.1f);
  EXPECT_EQ(value<int64_t>("pyint(a)", dt::float64, dt::pyint, -7.9, 0.0), -7);
}

TEST(Operations, PythonIntsNeverWrap) {
  const int64_t big = INT64_MAX;
  EXPECT_EQ(value<int64_t>("a // b", dt::pyint, dt::pyint, int64_t{-7}, int64_t{2}), -4);
  EXPECT_EQ(value<double>("a / b", dt::pyint, dt::pyfloat, int64_t{7}, int64_t{2}), 3.5);
  for (const char* text : {"a + b", "a * b", "a << b", "a ** b", "-(-a - b)"})
    EXPECT_EQ(raised(text, dt::pyint, big, int64_t{2}).kind, base::ErrorKind::overflow) << text;
  for (const char* text : {"a // b", "a % b"})
    EXPECT_EQ(raised(text, dt::pyint, int64_t{1}, int64_t{0}).kind, base::ErrorKind::zero_division) << text;
  EXPECT_EQ(raised("a / b", dt::pyfloat, 1.0, 0.0).kind, base::ErrorKind::zero_division);
  EXPECT_EQ(raised("a >> b", dt::pyint, int64_t{1}, int64_t{-1}).kind, base::ErrorKind::value);
  EXPECT_EQ(raised("a + b", dt::pyint, big, int64_t{2}).code, "TW0503");
  int64_t out = 0;
  EXPECT_EQ(failure_of(compute("pyint(a)", dt::float64, dt::pyint, 1e19, 0.0, out)).kind, base::ErrorKind::overflow);
  EXPECT_EQ(failure_of(compute("pyint(a)", dt::float64, dt::pyint, nan, 0.0, out)).kind, base::ErrorKind::value);
}

TEST(Operations, ChecksRaiseWithTheirValues) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_array("A", dt::int64, {4});
  ir::code::NameTypes types;
  types.inputs = {{"a", dt::int64}};
  auto& state = graph.append_state("s");
  auto block = code("check(a < n, IndexError, \"index {0} is out of bounds for axis 0 with size {1}\", a, n)", types);
  base::Span span;
  span.file = std::make_shared<std::string>("f.py");
  span.line = 12;
  std::get<ir::code::Check>(block[0]).span = span;
  auto& tasklet = state.add_tasklet("check", {{"a", std::nullopt}}, {}, block);
  state.add_edge(state.add_access("A"), "", tasklet, "a", mem("A", "2"));
  std::vector<int64_t> a{0, 0, 9, 0};
  auto error = failure_of(run(graph, {{{"A", array(a)}}, {{"n", 9}}}));
  EXPECT_EQ(error.kind, base::ErrorKind::index);
  EXPECT_EQ(error.message, "index 9 is out of bounds for axis 0 with size 9");
  EXPECT_EQ(error.span.line, 12);
  EXPECT_RUNS(run(graph, {{{"A", array(a)}}, {{"n", 10}}}));
}

TEST(Operations, LaterStatementsSeeWhatEarlierOnesStored) {
  auto held = base::make_ref<ir::SDFG>("g");
  ir::SDFG& graph = *held;
  graph.add_array("A", dt::float64, {3});
  ir::code::NameTypes types = names();
  types.inputs["x"] = types.inputs["out"] = dt::float64;
  auto& state = graph.append_state("s");
  auto& tasklet = state.add_tasklet("t", {{"a", std::nullopt}}, {{"x", std::nullopt}, {"out", std::nullopt}},
                                    code("x = a + 1.0\nx = x * 2.0\nout[0] = x\nout[1] = out[0] + a", types));
  state.add_edge(state.add_access("A"), "", tasklet, "a", mem("A", "0"));
  state.add_edge(tasklet, "x", state.add_access("A"), "", mem("A", "0"));
  state.add_edge(tasklet, "out", state.add_access("A"), "", mem("A", "1:3"));
  std::vector<double> a{5, 0, 0};
  EXPECT_RUNS(run(graph, {{{"A", array(a)}}, {}}));
  EXPECT_EQ(a, (std::vector<double>{12, 12, 17}));
}

TEST(Operations, OutOfBoundsIsReportedNeverDone) {
  for (const char* index : {"4", "-1", "1000000000000"}) {
    auto held = base::make_ref<ir::SDFG>("g");
    ir::SDFG& graph = *held;
    graph.add_array("A", dt::float64, {4});
    auto& state = graph.append_state("s");
    auto& tasklet = state.add_tasklet("t", {{"a", std::nullopt}}, {{"out", std::nullopt}}, code("out = a"));
    state.add_edge(state.add_access("A"), "", tasklet, "a", mem("A", "0"));
    state.add_edge(tasklet, "out", state.add_access("A"), "", mem("A", index));
    std::vector<double> a(4);
    auto error = failure_of(run(graph, {{{"A", array(a)}}, {}}));
    EXPECT_EQ(error.kind, base::ErrorKind::internal);
    EXPECT_NE(error.message.find("out of bounds for dimension 0 of 'A' with size 4"), std::string::npos);
  }
}

TEST(Operations, OpaqueCodeIsRefused) {
  auto held = base::make_ref<ir::SDFG>("g");
  auto& state = held->append_state("s");
  auto& tasklet = state.add_tasklet("t", {}, {}, {});
  tasklet.set<&ir::TaskletFields::language>(ir::languages::cpp);
  EXPECT_EQ(failure_of(run(*held, {})).code, "TW0502");
}

}  // namespace
}  // namespace thalweg::interpret::tests
