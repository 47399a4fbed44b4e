// softmax: C++17 with OpenMP, exported by Thalweg. thalweg_export.h is all it needs:
//   g++ -O3 -march=native -fopenmp -ffp-contract=off -fno-math-errno -c softmax.cpp
// Arrays that are not the same one must not overlap.
//   x: float64[N, M]
//   out: float64[N, M]
#include "thalweg_export.h"

static void nest_1(thw_context* context, int64_t begin, int64_t end, double* __restrict out,
    const double* __restrict x, int64_t M, int64_t N) {
  thalweg::memory<double> e;
  for (int64_t r0 = begin; r0 < end; ++r0) {
    double total;
    double top;
    if (!e.reserve(context, thw_bytes(8, M))) return;
    top = thw_maximum_f64(x + M*r0, M, 1);
    const double* x_row = x + M*r0;
    for (int64_t j = 0; j < M; ++j) {
      e[j] = thw_exp_f64(x_row[j] - top);
    }
    total = thw_sum_f64(e, M, 1);
    double* out_row = out + M*r0;
    for (int64_t j_1 = 0; j_1 < M; ++j_1) {
      out_row[j_1] = e[j_1] / total;
    }
  }
}

void softmax(double* x, double* out, int64_t M, int64_t N) {
  thalweg::context scope;
  thw_context* const context = &scope;
  thalweg::parallel_for(context, 0, N, thw_grain(25.0*(double)M + 4.0), [&](int64_t begin, int64_t end) {
    nest_1(context, begin, end, out, x, M, N);
  });
  if (__builtin_expect(context->stop != 0, 0)) return scope.finish(nullptr, nullptr, 0);
  return scope.finish(nullptr, nullptr, 0);
}
