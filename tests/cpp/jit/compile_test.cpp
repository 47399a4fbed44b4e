// C text to callable code: results, errors, several modules, determinism, and what must stay untouched.
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
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

int open_descriptors() {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (readdir(folder)) ++count;
  closedir(folder);
  return count;
}

TEST(Compile, leaves_signals_descriptors_and_directories_alone) {
  std::vector<int> signals = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP, SIGINT, SIGPIPE, SIGTERM};
  auto handlers = [&] {
    std::vector<void (*)(int)> result;
    for (int number : signals) {
      struct sigaction action;
      sigaction(number, nullptr, &action);
      result.push_back(action.sa_handler);
    }
    return result;
  };
  auto before = handlers();
  compiled(jacobi);
  int descriptors = open_descriptors();
  Source broken{"broken.c", "int f("};
  EXPECT_FALSE(compile({&broken, 1}).ok());
  loaded(jacobi);
  EXPECT_EQ(handlers(), before);
  EXPECT_EQ(open_descriptors(), descriptors);
}

long resident_kilobytes() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0, resident = 0;
  statm >> pages >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

TEST(Compile, memory_does_not_grow) {
  auto compile_and_run = [](int k) {
    Loaded code = loaded("int f(int n) { return n + " + std::to_string(k) + "; }");
    EXPECT_EQ(code.function<int(int)>("f")(1), k + 1);
  };
  for (int k = 0; k < 50; ++k) compile_and_run(k);
  long before = resident_kilobytes();
  for (int k = 0; k < 200; ++k) compile_and_run(k);
  RecordProperty("growth_kilobytes", int(resident_kilobytes() - before));
  EXPECT_LT(resident_kilobytes() - before, 8 * 1024);
}

TEST(Load, code_in_memory_is_its_own_every_time) {
  // Descriptor numbers are reused; the loader must not take one object for another.
  std::vector<Loaded> all;
  for (int k = 0; k < 20; ++k) all.push_back(loaded("int f(void) { return " + std::to_string(k) + "; }"));
  for (int k = 0; k < 20; ++k) EXPECT_EQ(all[k].function<int(void)>("f")(), k);
}

TEST(Load, garbage_is_refused) {
  EXPECT_FALSE(load("this is no shared object").ok());
  EXPECT_FALSE(load("").ok());
}

TEST(Compiler, is_named_without_opening_it) {
  EXPECT_EQ(target_id(), target_id());
  EXPECT_GT(target_id().size(), 16u);
  EXPECT_EQ(compiler_build_id().size(), 40u) << compiler_path();
}

TEST(Compiler, preloads_in_the_background) {
  preload();
  preload();
  Loaded code = loaded("int f(void) { return 3; }");
  EXPECT_TRUE(compiler_is_open());
  EXPECT_EQ(code.function<int(void)>("f")(), 3);
}

TEST(Load, no_file_in_memory_is_an_error) {
  std::string object = compiled("int f(void) { return 3; }");
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 3;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  auto code = load(object);
  auto again = compile(std::vector<Source>{{"f.c", "int f(void) { return 4; }"}});
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(code.ok());
  EXPECT_EQ(code.error().code, "TW0906");
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, "TW0904");
  EXPECT_TRUE(load(object).ok());
}

TEST(Compiler, works_in_a_child_forked_at_any_moment) {
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    while (!stop) compiled(jacobi);
  });
  for (int k = 0; k < 8; ++k) {
    usleep(3000 * k);
    pid_t child = fork();
    if (child == 0) {
      alarm(5);
      _exit(loaded("int f(void) { return 3; }").function<int(void)>("f")() == 3 ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  stop = true;
  busy.join();
}

TEST(Compiler, a_process_may_end_while_threads_compile) {
  for (int threads : {0, 0, 0, 0, 0, 0, 1, 2}) {
    std::string command = "THALWEG_TEST_THREADS=" + std::to_string(threads) + " /proc/" + std::to_string(getpid()) +
                          "/exe --gtest_filter=CompilerEnds.* --gtest_also_run_disabled_tests > /dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << threads << " threads beside the preload";
  }
}

// Run by the test above.
TEST(CompilerEnds, DISABLED_with_the_process) {
  const char* threads = std::getenv("THALWEG_TEST_THREADS");
  ASSERT_TRUE(threads);
  preload();
  for (int k = 0; k < std::atoi(threads); ++k) {
    std::thread([] {
      for (;;) (void)compile(std::vector<Source>{{"jacobi.c", jacobi}});
    }).detach();
  }
  for (int k = 0; k < 50000 && !compiler_is_open(); ++k) usleep(100);
  ASSERT_TRUE(compiler_is_open());
  usleep(1000);
}

// A copy of the test program in a folder of its own, where no compiler lies about.
TEST(Compiler, says_why_it_cannot_be_opened) {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "thalweg-alone-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  fs::copy_file("/proc/self/exe", folder + "/program");
  std::ofstream(folder + "/broken.so") << "this is no library";
  std::string command = "THALWEG_TEST_FOLDER=" + folder +
                        " THALWEG_TEST_COMPILER=" + fs::absolute(compiler_path()).string() + " " + folder +
                        "/program --gtest_filter=CompilerAlone.* --gtest_also_run_disabled_tests";
  EXPECT_EQ(std::system(command.c_str()), 0);
  fs::remove_all(folder);
}

// Run by the test above.
TEST(CompilerAlone, DISABLED_finds_nothing_at_first) {
  const char *folder = std::getenv("THALWEG_TEST_FOLDER"), *compiler = std::getenv("THALWEG_TEST_COMPILER");
  ASSERT_TRUE(folder && compiler);
  auto code_of_error = [] {
    auto object = compile(std::vector<Source>{{"f.c", "int f(void) { return 4; }"}});
    return object.ok() ? std::string("none") : object.error().code;
  };
  EXPECT_EQ(compiler_build_id(), "");
  EXPECT_EQ(code_of_error(), "TW0901");
  set_compiler_path(std::string(folder) + "/broken.so");
  EXPECT_EQ(code_of_error(), "TW0902");
  EXPECT_EQ(compiler_build_id(), "");
  set_compiler_path("libm.so.6");
  EXPECT_EQ(code_of_error(), "TW0903");
  set_compiler_path(compiler);
  EXPECT_EQ(code_of_error(), "none");
}

}  // namespace
}  // namespace thalweg::jit
