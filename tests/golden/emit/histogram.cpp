// histogram: C++17 with OpenMP, exported by Thalweg. thalweg_export.h is all it needs:
//   g++ -O3 -march=native -fopenmp -ffp-contract=off -fno-math-errno -c histogram.cpp
// Arrays that are not the same one must not overlap.
//   where: int64[N]
//   weight: float64[N]
//   bins: float64[M]
#include "thalweg_export.h"

// Where it may raise, and what.
static const thalweg::raise_site sites[] = {
    {"IndexError", "index {0} is out of bounds for size {1}", "<code>:1"},
};

static void nest_1(thw_context* context, double* __restrict bins, const double* __restrict weight,
    const int64_t* __restrict where, int64_t M, int64_t N) {
  {
    int64_t i = 0;
    while (i < N) {
      const int64_t i_stop = N - i > 65536 ? i + 65536 : N;
      for (; i < i_stop; ++i) {
        int64_t k = where[i];
        double w = weight[i];
        if (__builtin_expect(!((k >= 0) & (k < M)), 0)) {
          context->runtime->raise(context, 0, k, M, 0, 0);
          return;
        }
        bins[k] = bins[k] + w;
      }
      if (i < N && context->runtime->poll(context)) return;
    }
  }
}

void histogram(int64_t* where, double* weight, double* bins, int64_t M, int64_t N) {
  thalweg::context scope;
  thw_context* const context = &scope;
  nest_1(context, bins, weight, where, M, N);
  if (__builtin_expect(context->stop != 0, 0)) return scope.finish(sites, nullptr, 0);
  return scope.finish(sites, nullptr, 0);
}
