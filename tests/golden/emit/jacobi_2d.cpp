// jacobi_2d: C++17 with OpenMP, exported by Thalweg. thalweg_export.h is all it needs:
//   g++ -O3 -march=native -fopenmp -ffp-contract=off -fno-math-errno -c jacobi_2d.cpp
// Arrays that are not the same one must not overlap.
//   A: float64[N, N]
//   B: float64[N, N]
#include "thalweg_export.h"

static void nest_1(int64_t begin, int64_t end, const double* __restrict A, double* __restrict B, int64_t N) {
  for (int64_t i = begin; i < end; ++i) {
    const double* A_row = A + N*i;
    const double* A_row1 = A + (N*i + N);
    const double* A_row2 = A + (N*i - N);
    double* B_row = B + N*i;
    for (int64_t j = 1; j < N - 1; ++j) {
      B_row[j] = 0.2 * (A_row[j] + A_row[j - 1] + A_row[j + 1] + A_row1[j] + A_row2[j]);
    }
  }
}

static void nest_2(int64_t begin, int64_t end, double* __restrict A, const double* __restrict B, int64_t N) {
  for (int64_t i0 = begin; i0 < end; ++i0) {
    const double* B_row = B + (N*i0 + N);
    double* A_row = A + (N*i0 + N);
    for (int64_t i1 = 0; i1 < N - 2; ++i1) {
      A_row[i1 + 1] = B_row[i1 + 1];
    }
  }
}

void jacobi_2d(double* A, double* B, int64_t N, int64_t T) {
  thalweg::context scope;
  thw_context* const context = &scope;
  int64_t t = 0;
  t = 0;
  for (t = 0; t < T; ++t) {
    if (--context->countdown <= 0 && context->runtime->poll(context)) return scope.finish(nullptr, nullptr, 0);
    thalweg::parallel_for(context, 1, N - 1, thw_grain(11.0*(double)N - 21.0), [&](int64_t begin, int64_t end) {
      nest_1(begin, end, A, B, N);
    });
    if (__builtin_expect(context->stop != 0, 0)) return scope.finish(nullptr, nullptr, 0);
    thalweg::parallel_for(context, 0, N - 2, thw_grain(2.0*(double)N - 3.0), [&](int64_t begin, int64_t end) {
      nest_2(begin, end, A, B, N);
    });
    if (__builtin_expect(context->stop != 0, 0)) return scope.finish(nullptr, nullptr, 0);
  }
  return scope.finish(nullptr, nullptr, 0);
}
