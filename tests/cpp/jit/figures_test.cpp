// Prints what docs/jit.md states. Not run by default: times on a shared machine prove nothing.
//   test_jit --gtest_also_run_disabled_tests --gtest_filter=Figures.*
// Run it alone: it measures the first compile of a process.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "jit/cache.h"
#include "jit/digest.h"
#include "support.h"

namespace thalweg::jit {
namespace {

const char* jacobi = R"(
static __attribute__((noinline)) void step(const double* restrict a, double* restrict b, long n, long lo, long hi) {
  for (long i = lo; i < hi; i++)
    for (long j = 1; j < n - 1; j++)
      b[i*n+j] = 0.2 * ((((a[i*n+j] + a[i*n+j-1]) + a[i*n+j+1]) + a[(i+1)*n+j]) + a[(i-1)*n+j]);
}
static __attribute__((noinline)) void back(const double* restrict a, double* restrict b, long n, long lo, long hi) {
  for (long i = lo; i < hi; i++)
    for (long j = 1; j < n - 1; j++)
      b[i*n+j] = 0.2 * ((((a[i*n+j] + a[i*n+j-1]) + a[i*n+j+1]) + a[(i+1)*n+j]) + a[(i-1)*n+j]);
}
int thw_entry(double* a, double* b, long n, long steps) {
  for (long k = 1; k < steps; k++) {
    step(a, b, n, 1, n - 1);
    back(b, a, n, 1, n - 1);
  }
  return 0;
})";

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class F>
double median_ms(int runs, F work) {
  std::vector<double> times;
  for (int k = 0; k < runs; ++k) {
    double start = now_ms();
    work();
    times.push_back(now_ms() - start);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

double resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0, resident = 0;
  statm >> pages >> resident;
  return resident * double(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

TEST(Figures, DISABLED_print) {
  const Source source{"jacobi_2d.c", jacobi};
  double memory_before = resident_megabytes(), start = now_ms();
  auto first = compile({&source, 1});
  double cold = now_ms() - start;
  ASSERT_TRUE(first.ok()) << first.error().message;
  double memory_first = resident_megabytes();

  PhaseTimes phases;
  double warm = median_ms(31, [&] { phases = compile({&source, 1})->times; });
  double memory_warm = resident_megabytes();
  for (int k = 0; k < 200; ++k) (void)compile({&source, 1});
  double memory_after = resident_megabytes();
  double load_time = median_ms(101, [&] { (void)load(first->bytes); });

  auto folder = std::filesystem::temp_directory_path() / ("thalweg-figures-" + std::to_string(getpid()));
  Cache cache(folder.string());
  const std::string key = digest("figures");
  double store_time = median_ms(31, [&] { cache.store(key, first->bytes, "figures"); });
  double lookup_time = median_ms(101, [&] { (void)cache.lookup(key); });
  std::filesystem::remove_all(folder);

  std::printf("library %.1f MB\n", double(std::filesystem::file_size(compiler_path())) / 1e6);
  std::printf(
      "jacobi_2d cold %.1f ms: open %.1f, then setup %.2f, front end %.2f, optimise %.2f, code %.2f, link %.2f\n", cold,
      cold - first->times.total, first->times.setup, first->times.front_end, first->times.optimise,
      first->times.codegen, first->times.link);
  std::printf("jacobi_2d warm %.1f ms: setup %.2f, front end %.2f, optimise %.2f, code %.2f, link %.2f; %zu bytes\n",
              warm, phases.setup, phases.front_end, phases.optimise, phases.codegen, phases.link, first->bytes.size());
  std::printf("load %.3f ms, cache store %.3f ms, lookup with load %.3f ms\n", load_time, store_time, lookup_time);
  std::printf("memory: before %.1f, after the first compile %.1f, after 200 more %+.1f MB\n", memory_before,
              memory_first, memory_after - memory_warm);
  EXPECT_LT(memory_after - memory_warm, 8);
}

}  // namespace
}  // namespace thalweg::jit
