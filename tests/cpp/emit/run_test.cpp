// Emitted programs compiled by the host's clang and run: results against values computed here.
#include "compiled.h"
#include "programs.h"

namespace thalweg::tests {
namespace {

TEST(Run, JacobiMatchesPlainLoops) {
  Compiled program(jacobi_2d);
  for (int64_t n : {3, 4, 17, 200}) {
    std::vector<double> a(n * n), b(n * n, 0.0);
    for (int64_t i = 0; i < n * n; ++i) a[i] = (i * 7919 % 1000) / 37.0;
    std::vector<double> x = a, y = b;
    ASSERT_EQ(program.run({{"A", a.data()}, {"B", b.data()}}, {{"N", n}, {"T", 3}}, 2), 0);
    for (int t = 0; t < 3; ++t) {
      for (int64_t i = 1; i < n - 1; ++i)
        for (int64_t j = 1; j < n - 1; ++j)
          y[i * n + j] = 0.2 * (x[i * n + j] + x[i * n + j - 1] + x[i * n + j + 1] + x[(i + 1) * n + j] + x[(i - 1) * n + j]);
      for (int64_t i = 1; i < n - 1; ++i)
        for (int64_t j = 1; j < n - 1; ++j) x[i * n + j] = y[i * n + j];
    }
    EXPECT_EQ(a, x);
    EXPECT_EQ(b, y);
  }
}

}  // namespace
}  // namespace thalweg::tests
