// C text to callable code: results, errors, several modules and threads, determinism.
#include <cmath>
#include <thread>

#include "support.h"

// What LLVM held when a fatal error ended a compile is lost; memory_does_not_grow watches over all other compiles.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions() {
  return "leak:libthalweg_jit.so\n";
}

namespace thalweg::jit {
namespace {

TEST(Compile, runs_what_it_compiled) {
  Loaded code = loaded("int add(int a, int b) { return a + b; }");
  auto* add = code.function<int(int, int)>("add");
  ASSERT_NE(add, nullptr);
  EXPECT_EQ(add(40, 2), 42);
  EXPECT_EQ(code.symbol("absent"), nullptr);
}

TEST(Compile, syntax_error_is_told_with_its_place) {
  Source source{"wrong.c", "int f(void) {\n  return x;\n}"};
  auto object = compile({&source, 1});
  ASSERT_FALSE(object.ok());
  EXPECT_NE(object.error().message.find("wrong.c:2:10: error: use of undeclared identifier 'x'"), std::string::npos)
      << object.error().message;
}

TEST(Compile, nothing_can_be_included) {
  Source source{"include.c", "#include <stdint.h>\nint f(void) { return 1; }"};
  auto object = compile({&source, 1});
  ASSERT_FALSE(object.ok());
  EXPECT_NE(object.error().message.find("file not found"), std::string::npos) << object.error().message;
}

TEST(Compile, missing_function_is_an_error_at_load) {
  auto code = load(compiled("int absent_function(void); int f(void) { return absent_function(); }"));
  ASSERT_FALSE(code.ok());
  EXPECT_EQ(code.error().code, "TW0905");
  EXPECT_NE(code.error().message.find("absent_function"), std::string::npos) << code.error().message;
}

TEST(Compile, an_error_of_the_code_generator_is_an_error) {
  Source source{"assembly.c", "int f(int x) { __asm__ volatile(\"mov %0, %%nonsense\" :: \"r\"(x)); return x; }"};
  auto object = compile({&source, 1});
  ASSERT_FALSE(object.ok());
  EXPECT_NE(object.error().message.find("invalid register name"), std::string::npos) << object.error().message;
}

TEST(Compile, a_fatal_error_of_llvm_ends_the_compile_only) {
  // LLVM's printer of PTX knows no way out here but report_fatal_error, which ends a process.
  Source source{"fatal.c", "extern void* b; void* a = &b; void* b = &a;"};
  auto object = compile_ptx(source);
  ASSERT_FALSE(object.ok());
  EXPECT_NE(object.error().message.find("Circular dependency"), std::string::npos) << object.error().message;
  Loaded code = loaded("int f(void) { return 7; }");
  EXPECT_EQ(code.function<int(void)>("f")(), 7);
}

TEST(Compile, modules_call_each_other) {
  std::vector<Source> modules;
  for (int k = 0; k < 6; ++k) {
    std::string self = std::to_string(k), next = std::to_string(k + 1);
    modules.push_back(
        {"m" + self + ".c", "int f" + next + "(int); int f" + self + "(int x) { return f" + next + "(x) * 2; }"});
  }
  modules.push_back({"last.c", "int f6(int x) { return x + 1; }"});
  for (int threads : {1, 2, 3}) {
    Options options;
    options.threads = threads;
    auto object = compile(modules, options);
    ASSERT_TRUE(object.ok()) << object.error().message;
    auto code = load(object->bytes);
    ASSERT_TRUE(code.ok()) << code.error().message;
    EXPECT_EQ(code->function<int(int)>("f0")(2), 3 * 64);
  }
}

// Several heavy functions, so that a single module is split between threads.
std::string many_nests(const std::string& extra, const std::string& use) {
  std::string text =
      extra + "static inline __attribute__((always_inline)) double small(double x) { return x * 0.5; }\n";
  std::string calls;
  for (int k = 0; k < 5; ++k) {
    std::string name = "nest" + std::to_string(k);
    text += "static __attribute__((noinline)) void " + name +
            "(const double* restrict a, double* restrict b, long n) {\n"
            "  for (long i = 1; i < n - 1; i++) for (long j = 1; j < n - 1; j++)\n"
            "    b[i*n+j] = small(a[i*n+j] + a[i*n+j-1] * " +
            std::to_string(k + 1) + ".25 + a[i*n+j+1] + a[(i+1)*n+j] + a[(i-1)*n+j])" + use + ";\n}\n";
    calls += "  " + name + "(" + (k % 2 ? "b, a" : "a, b") + ", n);\n";
  }
  return text + "void entry(double* a, double* b, long n) {\n" + calls + "}\n";
}

TEST(Compile, one_module_on_several_threads_gives_the_same_numbers) {
  struct Case {
    const char *extra, *use;
  };
  for (const Case& c : {Case{"", ""},
                        {"static const double table[4] = {1, 2, 3, 4};\n", " + table[j & 3]"},
                        {"static double state;\n", " + (state += 1)"}}) {
    const std::string text = many_nests(c.extra, c.use);
    std::vector<double> expected;
    for (int threads : {1, 2, 3, 8}) {
      Options options;
      options.threads = threads;
      EXPECT_EQ(compiled(text, options), compiled(text, options)) << threads;
      Loaded code = loaded(text, options);
      EXPECT_EQ(code.symbol("nest0"), nullptr);
      const long n = 21;
      std::vector<double> a(n * n), b(n * n);
      for (long i = 0; i < n * n; ++i) a[i] = 1.0 / double(i + 1), b[i] = double(i % 7);
      code.function<void(double*, double*, long)>("entry")(a.data(), b.data(), n);
      a.insert(a.end(), b.begin(), b.end());
      if (threads == 1) expected = a;
      EXPECT_EQ(a, expected) << threads << " threads\n" << text;
    }
  }
}

TEST(Compile, one_module_on_several_threads_has_vector_mathematics_and_line_tables) {
  Options options;
  options.threads = 4;
  options.line_tables = true;
  Loaded code =
      loaded(many_nests("extern double thw_exp(double) __attribute__((const));\n", " + thw_exp(a[j])"), options);
  options.threads = 1;
  Loaded same =
      loaded(many_nests("extern double thw_exp(double) __attribute__((const));\n", " + thw_exp(a[j])"), options);
  std::vector<double> a(400, 0.3), b(400, 0.1), c = a, d = b;
  code.function<void(double*, double*, long)>("entry")(a.data(), b.data(), 20);
  same.function<void(double*, double*, long)>("entry")(c.data(), d.data(), 20);
  EXPECT_EQ(a, c);
  EXPECT_EQ(b, d);
}

const char* jacobi = R"(
static __attribute__((noinline)) void step(const double* restrict a, double* restrict b, long n) {
  for (long i = 1; i < n - 1; i++) for (long j = 1; j < n - 1; j++)
    b[i*n+j] = 0.2 * ((((a[i*n+j] + a[i*n+j-1]) + a[i*n+j+1]) + a[(i+1)*n+j]) + a[(i-1)*n+j]);
}
void entry(double* a, double* b, long n) { step(a, b, n); step(b, a, n); }
)";

TEST(Compile, same_text_same_bytes_whatever_came_before) {
  const std::string first = compiled(jacobi);
  compiled("void other(double* a) { a[0] = 1; }");
  EXPECT_EQ(compiled(jacobi), first);
  Source broken{"broken.c", "int f("};
  EXPECT_FALSE(compile({&broken, 1}).ok());
  EXPECT_EQ(compiled(jacobi), first);
}

TEST(Compile, threads_may_compile_at_once) {
  const std::string expected = compiled(jacobi);
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) threads.emplace_back([&result] { result = compiled(jacobi); });
  for (auto& thread : threads) thread.join();
  for (auto& result : results) EXPECT_EQ(result, expected);
}

TEST(Compile, floating_point_is_never_relaxed) {
  Loaded code = loaded(R"(
    double plain(double a, double b, double c) { return a * b + c; }
    double sum(const double* x, long n) { double s = 0; for (long i = 0; i < n; i++) s += x[i]; return s; }
    double zero(double x) { return x + 0.0; }
    int unequal(double x) { return x != x; }
    float third(float x) { return x / 3.0f; })");
  volatile double a = 1 + 0x1p-30, b = 1 - 0x1p-30;
  volatile double product = a * b;
  EXPECT_EQ(code.function<double(double, double, double)>("plain")(a, b, -1), product - 1);
  EXPECT_NE(std::fma(a, b, -1.0), product - 1);  // else the line above shows nothing
  std::vector<double> x = {1e300, 1, -1e300, 1, 3, -2, 0x1p-60, 5, 1e17, 1, 1, 1, -1e17, 4, 4, 4, 1e300, -1e300, 3};
  double s = 0;
  for (double v : x) s += v;
  EXPECT_EQ(code.function<double(const double*, long)>("sum")(x.data(), long(x.size())), s);
  EXPECT_FALSE(std::signbit(code.function<double(double)>("zero")(-0.0)));
  EXPECT_EQ(code.function<int(double)>("unequal")(NAN), 1);
  EXPECT_EQ(code.function<float(float)>("third")(1.0f), 1.0f / 3.0f);
}

TEST(Compile, loops_use_the_whole_vector_register) {
  const std::string text =
      "void f(double* restrict a, const double* restrict b, long n) { for (long i = 0; i < n; i++) a[i] = b[i] + 1; }";
  Options options;
  options.cpu = "x86-64-v4";
  EXPECT_NE(text_of(text, TextKind::assembly, options).find("%zmm"), std::string::npos);
  options.cpu = "haswell";
  std::string narrow = text_of(text, TextKind::assembly, options);
  EXPECT_NE(narrow.find("%ymm"), std::string::npos);
  EXPECT_EQ(narrow.find("%zmm"), std::string::npos);
}

TEST(Compile, libraries_are_named_when_needed) {
  Loaded remainder = loaded("double fmod(double, double); double f(double a, double b) { return fmod(a, b); }");
  EXPECT_EQ(remainder.function<double(double, double)>("f")(7.5, 2), 1.5);
  Loaded wide = loaded("long long f(__int128 a, long long b) { return (long long)(a / b); }");
  EXPECT_EQ((wide.function<long long(__int128, long long)>("f")((__int128)1 << 80, 1ll << 40)), 1ll << 40);
}

TEST(Compile, line_tables_on_demand) {
  Options options;
  options.line_tables = true;
  EXPECT_NE(compiled(jacobi, options).find(".debug_line"), std::string::npos);
  EXPECT_EQ(compiled(jacobi).find(".debug_line"), std::string::npos);
}

TEST(Compile, ptx_for_sm_90) {
  Source source{"kernel.c", R"(
    __attribute__((nvptx_kernel)) void scale(double* restrict a, const double* restrict b, long n) {
      long i = (long)__nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x();
      if (i < n) a[i] = b[i] * b[i] + 1.0;
    })"};
  auto ptx = compile_ptx(source);
  ASSERT_TRUE(ptx.ok()) << ptx.error().message;
  EXPECT_NE(ptx->bytes.find(".version 8.5"), std::string::npos);
  EXPECT_NE(ptx->bytes.find(".target sm_90"), std::string::npos);
  EXPECT_NE(ptx->bytes.find(".visible .entry scale("), std::string::npos);
  EXPECT_EQ(ptx->bytes.find("fma.rn"), std::string::npos) << "a product and a sum must stay two roundings\n"
                                                          << ptx->bytes;
}

}  // namespace
}  // namespace thalweg::jit
