// Matrix products against the plain triple loop: every shape, stride and transposition, inside regions and outside.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <random>
#include <vector>

#include "thalweg/runtime.h"

namespace {

template <typename T>
using Real = decltype(std::abs(T{}));

void fill(float& value, std::normal_distribution<float>& normal, std::mt19937& random) { value = normal(random); }
void fill(double& value, std::normal_distribution<double>& normal, std::mt19937& random) { value = normal(random); }
template <typename T>
void fill(std::complex<T>& value, std::normal_distribution<T>& normal, std::mt19937& random) {
  value = {normal(random), normal(random)};
}

// A matrix laid out with gaps, transposed or reversed, inside a larger buffer.
template <typename T>
struct Strided {
  std::vector<T> memory;
  T* data;
  int64_t row, column;

  Strided(int64_t rows, int64_t columns, std::mt19937& random) {
    const int gap = std::uniform_int_distribution<int>(1, 3)(random);
    const bool transposed = random() % 2 == 0, backwards = random() % 4 == 0, dense = random() % 2 == 0;
    row = transposed ? 1 : columns + (dense ? 0 : gap);
    column = transposed ? rows + (dense ? 0 : gap) : 1;
    if (random() % 4 == 0) row *= 2, column *= 2;
    memory.resize(static_cast<size_t>(rows * row + columns * column + 1));
    data = memory.data();
    std::normal_distribution<Real<T>> normal;
    for (T& value : memory) fill(value, normal, random);
    if (backwards && rows > 0) {
      data += (rows - 1) * row;
      row = -row;
    }
  }
};

void multiply(thw_context* context, int64_t m, int64_t n, int64_t k, const Strided<double>& a, const Strided<double>& b,
              const Strided<double>& c) {
  context->runtime->matmul_f64(context, m, n, k, a.data, a.row, a.column, b.data, b.row, b.column, c.data, c.row,
                               c.column);
}
void multiply(thw_context* context, int64_t m, int64_t n, int64_t k, const Strided<float>& a, const Strided<float>& b,
              const Strided<float>& c) {
  context->runtime->matmul_f32(context, m, n, k, a.data, a.row, a.column, b.data, b.row, b.column, c.data, c.row,
                               c.column);
}

template <typename T>
void multiply(thw_context* context, int64_t m, int64_t n, int64_t k, const Strided<std::complex<T>>& a,
              const Strided<std::complex<T>>& b, const Strided<std::complex<T>>& c) {
  const auto product = sizeof(T) == 8 ? context->runtime->matmul_c128 : context->runtime->matmul_c64;
  product(context, m, n, k, a.data, a.row, a.column, b.data, b.row, b.column, c.data, c.row, c.column);
}

double wide(float x) { return x; }
double wide(double x) { return x; }
template <typename T>
std::complex<double> wide(std::complex<T> x) {
  return x;
}

// The bound of the architecture: k eps times the sum of absolute terms; and nothing beside C is touched.
template <typename T>
void check_random_products(unsigned seed, int rounds, int64_t largest) {
  std::mt19937 random(seed);
  thw_context context;
  thw_context_init(&context, thw_default_runtime());
  for (int round = 0; round < rounds; ++round) {
    const auto size = [&] { return std::uniform_int_distribution<int64_t>(0, largest)(random); };
    int64_t m = size(), n = size(), k = size();
    if (random() % 5 == 0) m = 1;
    if (random() % 5 == 0) n = 1;
    const Strided<T> a(m, k, random), b(k, n, random), c(m, n, random);
    const std::vector<T> before = c.memory;
    multiply(&context, m, n, k, a, b, c);
    std::vector<bool> inside(c.memory.size());
    for (int64_t i = 0; i < m; ++i) {
      for (int64_t j = 0; j < n; ++j) {
        decltype(wide(T{})) exact = 0;
        double terms = 0;
        for (int64_t l = 0; l < k; ++l) {
          const auto term = wide(a.data[i * a.row + l * a.column]) * wide(b.data[l * b.row + j * b.column]);
          exact += term;
          terms += std::abs(term);
        }
        const T* ours = c.data + i * c.row + j * c.column;
        inside[static_cast<size_t>(ours - c.memory.data())] = true;
        const double factor = std::is_floating_point_v<T> ? 1 : 2;  // a product of complex numbers is two sums
        const double bound =
            factor * static_cast<double>(k + 1) * double{std::numeric_limits<Real<T>>::epsilon()} * terms;
        ASSERT_LE(std::abs(exact - wide(*ours)), bound)
            << "seed " << seed << " round " << round << " shape " << m << ' ' << n << ' ' << k;
      }
    }
    for (size_t i = 0; i < inside.size(); ++i) {
      if (inside[i]) continue;
      ASSERT_EQ(c.memory[i], before[i]) << "seed " << seed << " round " << round;
    }
  }
}

TEST(Matmul, OwnProductIsRight) {
  thw_set_blas_path("");
  EXPECT_STREQ(thw_blas_path(), "");
  check_random_products<double>(11, 150, 40);
  check_random_products<float>(12, 150, 40);
  check_random_products<std::complex<double>>(14, 150, 40);
  check_random_products<std::complex<float>>(15, 150, 40);
  check_random_products<double>(13, 3, 300);  // more than one panel in depth and height
  thw_set_blas_path(nullptr);
}

TEST(Matmul, IsRightInsideParallelRegions) {
  thw_context context;
  thw_context_init(&context, thw_default_runtime());
  context.threads = 2;
  thw_parallel_for(
      &context, 0, 4, 1,
      [](thw_context*, void*, int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          check_random_products<double>(static_cast<unsigned>(20 + i), 10, 70);
          check_random_products<std::complex<double>>(static_cast<unsigned>(30 + i), 10, 70);
        }
      },
      nullptr);
}

TEST(Matmul, ReferenceSumsInAscendingOrder) {
  const double a[] = {1e16, 1, -1e16}, b[] = {1, 1, 1};
  double c = 0;
  thw_matmul_reference_f64(1, 1, 3, a, 3, 1, b, 1, 1, &c, 1, 1);
  EXPECT_EQ(c, 0.0) << "(1e16 + 1) - 1e16 rounds to 0; any other order gives 1";
}

TEST(Matmul, RefusesALibraryWithoutBlas) {
  EXPECT_NE(thw_set_blas_path("libm.so.6"), 0);
  EXPECT_NE(thw_set_blas_path("/nonexistent/libblas.so"), 0);
}

}  // namespace
