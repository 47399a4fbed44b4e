// compress: C++17 with OpenMP, exported by Thalweg. thalweg_export.h is all it needs:
//   g++ -O3 -march=native -fopenmp -ffp-contract=off -fno-math-errno -c compress.cpp
// Arrays that are not the same one must not overlap.
//   a: float64[N]
#include "thalweg_export.h"

static void nest_1(int64_t begin, int64_t end, const double* __restrict a, uint8_t* __restrict mask) {
  for (int64_t i = begin; i < end; ++i) {
    mask[i] = a[i] > 0.0;
  }
}

static void nest_2(int64_t begin, int64_t end, const uint8_t* __restrict mask, int64_t* __restrict partial,
    int64_t N) {
  for (int64_t chunk = begin; chunk < end; ++chunk) {
    int64_t reduced = 0;
    for (int64_t r0 = 65536*chunk; r0 < thw_min_i64(N, 65536*chunk + 65536); ++r0) {
      reduced = thw_add_i64(reduced, (int64_t)mask[r0]);
    }
    partial[chunk] = reduced;
  }
}

static void nest_3(const int64_t* __restrict partial, int64_t N, int64_t& __restrict reduced_1) {
  for (int64_t chunk = 0; chunk < thw_floor_div_i64(N + 65535, 65536); ++chunk) {
    reduced_1 = thw_add_i64(reduced_1, partial[chunk]);
  }
}

static void nest_4(const double* __restrict a, const uint8_t* __restrict mask, double* __restrict x, int64_t N,
    int64_t& __restrict position) {
  for (int64_t i0_block = 0; i0_block < N; i0_block += 256) {
    uint8_t any = 0;
    uint8_t all = 1;
    for (int64_t i0 = i0_block; i0 < thw_min_i64(N, i0_block + 256); ++i0) {
      any = any | mask[i0];
      all = all & mask[i0];
    }
    if (all) {
      double* x_row = x + (position - i0_block);
      for (int64_t i0 = i0_block; i0 < thw_min_i64(N, i0_block + 256); ++i0) {
        x_row[i0] = a[i0];
      }
      position = position + thw_min_i64(N, i0_block + 256) - i0_block;
    } else {
      if (any) {
        for (int64_t i0 = i0_block; i0 < thw_min_i64(N, i0_block + 256); ++i0) {
          if (mask[i0]) {
            x[position] = a[i0];
            position = position + 1;
          }
        }
      }
    }
  }
}

static void nest_5(int64_t begin, int64_t end, const double* __restrict x, double* __restrict y) {
  for (int64_t i = begin; i < end; ++i) {
    y[i] = x[i] * 2.0;
  }
}

void compress(double* a, int64_t N, thalweg::array (&results)[1]) {
  thalweg::context scope;
  thw_context* const context = &scope;
  thalweg::memory<uint8_t> mask;
  thalweg::memory<int64_t> partial;
  thalweg::memory<double> x;
  double* y = 0;
  int64_t count = 0;
  int64_t n = 0;
  int64_t position = 0;
  n = 0;
  if (!x.reserve(context, thw_bytes(8, n))) return scope.finish(nullptr, results, 1);
  y = (double*)context->runtime->allocate_result(context, y, thw_bytes(8, n));
  if (!y) return scope.finish(nullptr, results, 1);
  if (!mask.reserve(context, thw_bytes(1, N))) return scope.finish(nullptr, results, 1);
  thalweg::parallel_for(context, 0, N, thw_grain(3.0), [&](int64_t begin, int64_t end) {
    nest_1(begin, end, a, mask);
  });
  if (__builtin_expect(context->stop != 0, 0)) return scope.finish(nullptr, results, 1);
  if (!partial.reserve(context, thw_bytes(8, thw_floor_div_i64(N + 65535, 65536)))) return scope.finish(nullptr, results, 1);
  thalweg::parallel_for(context, 0, thw_floor_div_i64(N + 65535, 65536), thw_grain(4.0*(double)thw_min_i64(N, 65536*thw_floor_div_i64(N + 65535, 131072) + 65536) - 262144.0*(double)thw_floor_div_i64(N + 65535, 131072) + 3.0), [&](int64_t begin, int64_t end) {
    nest_2(begin, end, mask, partial, N);
  });
  if (__builtin_expect(context->stop != 0, 0)) return scope.finish(nullptr, results, 1);
  int64_t reduced_1 = 0;
  nest_3(partial, N, reduced_1);
  count = reduced_1;
  n = count;
  if (!x.reserve(context, thw_bytes(8, n))) return scope.finish(nullptr, results, 1);
  y = (double*)context->runtime->allocate_result(context, y, thw_bytes(8, n));
  if (!y) return scope.finish(nullptr, results, 1);
  position = 0;
  nest_4(a, mask, x, N, position);
  thalweg::parallel_for(context, 0, n, thw_grain(3.0), [&](int64_t begin, int64_t end) {
    nest_5(begin, end, x, y);
  });
  if (__builtin_expect(context->stop != 0, 0)) return scope.finish(nullptr, results, 1);
  results[0].data = (void*)(y);
  results[0].rank = 1;
  results[0].shape[0] = n;
  results[0].strides[0] = 8;
  return scope.finish(nullptr, results, 1);
}
