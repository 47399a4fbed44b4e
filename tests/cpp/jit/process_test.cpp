// What compiling does to the process around it: signals, descriptors, memory, forks, its end; loading and opening.
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support.h"

namespace thalweg::jit {
namespace {

const char* jacobi = R"(
static __attribute__((noinline)) void step(const double* restrict a, double* restrict b, long n) {
  for (long i = 1; i < n - 1; i++) for (long j = 1; j < n - 1; j++)
    b[i*n+j] = 0.2 * ((((a[i*n+j] + a[i*n+j-1]) + a[i*n+j+1]) + a[(i+1)*n+j]) + a[(i-1)*n+j]);
}
void entry(double* a, double* b, long n) { step(a, b, n); step(b, a, n); }
)";

int open_descriptors() {
  int count = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (readdir(folder)) ++count;
  closedir(folder);
  return count;
}

TEST(Process, leaves_signals_descriptors_and_directories_alone) {
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

TEST(Process, memory_does_not_grow) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "the address sanitizer keeps freed memory for a while";
#endif
#endif
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
