// An element's bits depend on its value only: not on its place, its neighbours or whether the loop was vectorised.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <type_traits>

#include "support.h"

namespace thalweg::jit {
namespace {

struct Function {
  const char* name;
  int arguments;
  double (*reference)(double, double);
};

double exp10_of(double x) { return std::pow(10.0, x); }

const Function functions[] = {
    {"acos", 1, [](double x, double) { return std::acos(x); }},
    {"acosh", 1, [](double x, double) { return std::acosh(x); }},
    {"asin", 1, [](double x, double) { return std::asin(x); }},
    {"asinh", 1, [](double x, double) { return std::asinh(x); }},
    {"atan", 1, [](double x, double) { return std::atan(x); }},
    {"atan2", 2, [](double x, double y) { return std::atan2(x, y); }},
    {"atanh", 1, [](double x, double) { return std::atanh(x); }},
    {"cbrt", 1, [](double x, double) { return std::cbrt(x); }},
    {"cos", 1, [](double x, double) { return std::cos(x); }},
    {"cosh", 1, [](double x, double) { return std::cosh(x); }},
    {"erf", 1, [](double x, double) { return std::erf(x); }},
    {"erfc", 1, [](double x, double) { return std::erfc(x); }},
    {"exp", 1, [](double x, double) { return std::exp(x); }},
    {"exp10", 1, [](double x, double) { return exp10_of(x); }},
    {"exp2", 1, [](double x, double) { return std::exp2(x); }},
    {"expm1", 1, [](double x, double) { return std::expm1(x); }},
    {"hypot", 2, [](double x, double y) { return std::hypot(x, y); }},
    {"log", 1, [](double x, double) { return std::log(x); }},
    {"log10", 1, [](double x, double) { return std::log10(x); }},
    {"log1p", 1, [](double x, double) { return std::log1p(x); }},
    {"log2", 1, [](double x, double) { return std::log2(x); }},
    {"pow", 2, [](double x, double y) { return std::pow(x, y); }},
    {"sin", 1, [](double x, double) { return std::sin(x); }},
    {"sinh", 1, [](double x, double) { return std::sinh(x); }},
    {"tan", 1, [](double x, double) { return std::tan(x); }},
    {"tanh", 1, [](double x, double) { return std::tanh(x); }},
};

uint64_t seed() {
  const char* text = std::getenv("THALWEG_SEED");
  return text ? std::strtoull(text, nullptr, 10) : 20240611;
}

// Loops and one-element calls of every function: `loop` is vectorised, `one` cannot be, `mixed` calls under a
// condition and, for floats, beside doubles, so that the vectoriser picks a narrower width than the widest.
std::string program(bool is_float) {
  std::string type = is_float ? "float" : "double", suffix = is_float ? "f" : "";
  std::string text = "typedef " + type + " T;\n";
  for (const Function& function : functions) {
    std::string name = function.name + suffix, call = "thw_" + name;
    std::string parameters = function.arguments == 2 ? "T, T" : "T";
    std::string at = function.arguments == 2 ? "(x[i], y[i])" : "(x[i])";
    text += "extern T " + call + "(" + parameters + ") __attribute__((const));\n";
    std::string head = "_" + std::string(function.name) +
                       "(T* restrict r, const T* restrict x, const T* restrict y, double* restrict w, long n) {\n";
    text += "void loop" + head + "  for (long i = 0; i < n; i++) r[i] = " + call + at + ";\n}\n";
    text += "void mixed" + head + "  for (long i = 0; i < n; i++) { T v = x[i]; if (y[i] > 0) v = " + call + at +
            "; r[i] = v; w[i] = w[i] + (double)v; }\n}\n";
    text += "void one" + head +
            "  for (long i = 0; i < n; i++) { __asm__ volatile(\"\" ::: \"memory\"); r[i] = " + call + at + "; }\n}\n";
  }
  return text;
}

template <class T>
std::vector<T> values(std::mt19937_64& random, size_t count) {
  const double special[] = {0.0,    -0.0,  INFINITY, -INFINITY, NAN, 1.0,  -1.0,
                            1e-310, 1e300, -1e300,   0.5,       710, -746, 1e15};
  std::uniform_real_distribution<double> small(-1, 1), middle(-50, 50), exponent(-300, 300);
  std::vector<T> result;
  for (size_t i = 0; i < count; ++i) {
    switch (random() % 8) {
      case 0: result.push_back(T(special[random() % std::size(special)])); break;
      case 1: result.push_back(T(std::exp2(exponent(random)))); break;
      case 2:
      case 3: result.push_back(T(middle(random))); break;
      default: result.push_back(T(small(random))); break;
    }
  }
  return result;
}

template <class T>
using Bits = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

template <class T>
bool same_bits(T a, T b) {
  return std::bit_cast<Bits<T>>(a) == std::bit_cast<Bits<T>>(b);
}

template <class T>
void check_all(const std::string& cpu) {
  SCOPED_TRACE("seed " + std::to_string(seed()) + " cpu " + (cpu.empty() ? "host" : cpu));
  Options options;
  options.cpu = cpu;
  Loaded code = loaded(program(sizeof(T) == 4), options);
  std::mt19937_64 random(seed());
  using Run = void(T*, const T*, const T*, double*, long);
  for (const Function& function : functions) {
    auto* loop = code.function<Run>(("loop_" + std::string(function.name)).c_str());
    auto* mixed = code.function<Run>(("mixed_" + std::string(function.name)).c_str());
    auto* one = code.function<Run>(("one_" + std::string(function.name)).c_str());
    const size_t total = 120;
    std::vector<T> x = values<T>(random, total), y = values<T>(random, total), expected(total), result(total);
    std::vector<double> w(total);
    one(expected.data(), x.data(), y.data(), w.data(), long(total));
    for (size_t offset = 0; offset < 19; ++offset) {
      for (size_t n = 1; n <= 40; ++n) {
        loop(result.data(), x.data() + offset, y.data() + offset, w.data(), long(n));
        for (size_t i = 0; i < n; ++i) {
          ASSERT_TRUE(same_bits(result[i], expected[offset + i]))
              << function.name << "(" << x[offset + i] << ", " << y[offset + i] << ") offset " << offset << " n " << n
              << " i " << i << ": " << result[i] << " != " << expected[offset + i];
        }
      }
    }
    mixed(result.data(), x.data(), y.data(), w.data(), long(total));
    for (size_t i = 0; i < total; ++i) {
      T wanted = y[i] > 0 ? expected[i] : x[i];
      ASSERT_TRUE(same_bits(result[i], wanted)) << function.name << " mixed " << i << " x " << x[i] << " y " << y[i];
    }
  }
}

TEST(VectorMath, bits_do_not_depend_on_position_f64) { check_all<double>(""); }
TEST(VectorMath, bits_do_not_depend_on_position_f32) { check_all<float>(""); }
// Every x86-64 processor can run the narrowest form, nearly every one the middle form.
TEST(VectorMath, bits_do_not_depend_on_position_sse) {
  check_all<double>("x86-64");
  check_all<float>("x86-64");
}
TEST(VectorMath, bits_do_not_depend_on_position_avx2) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "this processor has no AVX2";
  check_all<double>("haswell");
  check_all<float>("haswell");
}

// The results are those of the function named, within libmvec's 4 ulp and something for the reference itself.
template <class T>
void check_values() {
  SCOPED_TRACE("seed " + std::to_string(seed()));
  Loaded code = loaded(program(sizeof(T) == 4));
  std::mt19937_64 random(seed());
  using Run = void(T*, const T*, const T*, double*, long);
  for (const Function& function : functions) {
    auto* loop = code.function<Run>(("loop_" + std::string(function.name)).c_str());
    const size_t total = 300;
    std::vector<T> x(total), y(total), result(total);
    std::uniform_real_distribution<double> unit(0.01, 0.99), above(1.01, 20);
    bool from_one = std::string(function.name) == "acosh";
    for (size_t i = 0; i < total; ++i) x[i] = T(from_one ? above(random) : unit(random)), y[i] = T(unit(random));
    std::vector<double> w(total);
    loop(result.data(), x.data(), y.data(), w.data(), long(total));
    for (size_t i = 0; i < total; ++i) {
      double wanted = function.reference(double(x[i]), double(y[i]));
      double ulp = std::abs(double(std::nextafter(T(wanted), T(INFINITY)) - T(wanted)));
      EXPECT_LE(std::abs(double(result[i]) - wanted), 5 * ulp) << function.name << "(" << x[i] << ", " << y[i] << ")";
    }
  }
}

TEST(VectorMath, values_are_right_f64) { check_values<double>(); }
TEST(VectorMath, values_are_right_f32) { check_values<float>(); }

TEST(VectorMath, loops_call_the_widest_form_and_nothing_else) {
  struct Case {
    const char *cpu, *f64, *f32;
  };
  for (const Case& c : {Case{"x86-64-v4", "_ZGVeN8v_", "_ZGVeN16v_"},
                        {"haswell", "_ZGVdN4v_", "_ZGVdN8v_"},
                        {"x86-64", "_ZGVbN2v_", "_ZGVbN4v_"}}) {
    Options options;
    options.cpu = c.cpu;
    for (bool is_float : {false, true}) {
      std::string ir = text_of(program(is_float), TextKind::llvm_ir, options);
      std::string form = is_float ? c.f32 : c.f64;
      std::string lanes = form.substr(6, form.size() - 8);
      for (const Function& function : functions) {
        if (function.arguments == 2) continue;
        std::string name = form + function.name + (is_float ? "f" : "");
        std::string vector = "<" + lanes + " x " + (is_float ? "float" : "double") + ">";
        size_t start = ir.find("@loop_" + std::string(function.name) + "(");
        ASSERT_NE(start, std::string::npos);
        std::string body = ir.substr(start, ir.find("\n}", start) - start);
        EXPECT_NE(body.find("call " + vector + " @" + name + "(" + vector), std::string::npos)
            << c.cpu << " " << name << "\n"
            << body;
      }
      for (size_t at = ir.find("@_ZGV"); at != std::string::npos; at = ir.find("@_ZGV", at + 1)) {
        EXPECT_EQ(ir.compare(at + 1, 7, form, 0, 7), 0) << ir.substr(at, 30);
      }
      EXPECT_EQ(ir.find("declare double @thw_"), std::string::npos);
      EXPECT_EQ(ir.find("declare float @thw_"), std::string::npos);
    }
  }
}

// Reductions are written with explicit lanes; calls lane by lane become one vector call again.
TEST(VectorMath, explicit_lanes_become_vector_calls) {
  const char* text = R"(
    typedef double v8 __attribute__((vector_size(64)));
    extern double thw_exp(double) __attribute__((const));
    double f(const double* restrict a, long n, double m) {
      v8 s = {0};
      for (long i = 0; i + 8 <= n; i += 8) {
        v8 t;
        for (int l = 0; l < 8; l++) t[l] = thw_exp(a[i + l] - m);
        s += t;
      }
      double r = 0;
      for (int l = 0; l < 8; l++) r += s[l];
      return r;
    })";
  Options options;
  options.cpu = "x86-64-v4";
  std::string ir = text_of(text, TextKind::llvm_ir, options);
  EXPECT_NE(ir.find("call <8 x double> @_ZGVeN8v_exp(<8 x double>"), std::string::npos) << ir;
  EXPECT_EQ(ir.find("call double @thw_exp("), std::string::npos) << ir;
}

}  // namespace
}  // namespace thalweg::jit
