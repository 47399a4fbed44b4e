static __attribute__((noinline)) void nest_1(int64_t begin, int64_t end, const double* restrict a,
    uint8_t* restrict mask) {
  for (int64_t i = begin; i < end; ++i) {
    mask[i] = a[i] > 0.0;
  }
}
struct nest_1_arguments {
  const double* a;
  uint8_t* mask;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  (void)context;
  nest_1(begin, end, a->a, a->mask);
}

static __attribute__((noinline)) void nest_2(int64_t begin, int64_t end, const uint8_t* restrict mask,
    int64_t* restrict partial, int64_t N) {
  for (int64_t chunk = begin; chunk < end; ++chunk) {
    int64_t reduced = 0;
    for (int64_t r0 = 65536*chunk; r0 < thw_min_i64(N, 65536*chunk + 65536); ++r0) {
      reduced = thw_add_i64(reduced, (int64_t)mask[r0]);
    }
    partial[chunk] = reduced;
  }
}
struct nest_2_arguments {
  const uint8_t* mask;
  int64_t* partial;
  int64_t N;
};
static void nest_2_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_2_arguments* a = arguments;
  (void)context;
  nest_2(begin, end, a->mask, a->partial, a->N);
}

static __attribute__((noinline)) void nest_3(const int64_t* restrict partial, int64_t N, int64_t* reduced_1_out) {
  int64_t reduced_1 = *reduced_1_out;
  for (int64_t chunk = 0; chunk < thw_floor_div_i64(N + 65535, 65536); ++chunk) {
    reduced_1 = thw_add_i64(reduced_1, partial[chunk]);
  }
  *reduced_1_out = reduced_1;
}

static __attribute__((noinline)) void nest_4(const double* restrict a, const uint8_t* restrict mask,
    double* restrict x, int64_t N, int64_t* position_out) {
  int64_t position = *position_out;
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
  *position_out = position;
}

static __attribute__((noinline)) void nest_5(int64_t begin, int64_t end, const double* restrict x,
    double* restrict y) {
  for (int64_t i = begin; i < end; ++i) {
    y[i] = x[i] * 2.0;
  }
}
struct nest_5_arguments {
  const double* x;
  double* y;
};
static void nest_5_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_5_arguments* a = arguments;
  (void)context;
  nest_5(begin, end, a->x, a->y);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* a = call->data[0];
  int64_t N = call->symbols[0];
  uint8_t* mask = 0;
  int64_t mask_bytes = 0;
  int64_t* partial = 0;
  int64_t partial_bytes = 0;
  double* x = 0;
  int64_t x_bytes = 0;
  double* y = 0;
  int64_t count = 0;
  int64_t n = 0;
  int64_t position = 0;
  n = 0;
  x = thw_reserve(context, x, &x_bytes, thw_bytes(8, n));
  if (!x) goto done;
  y = context->runtime->allocate_result(context, y, thw_bytes(8, n));
  if (!y) goto done;
  mask = thw_reserve(context, mask, &mask_bytes, thw_bytes(1, N));
  if (!mask) goto done;
  if ((double)N * 3.0 < 32768.0) {
    nest_1(0, N, a, mask);
  } else {
    struct nest_1_arguments arguments = {a, mask};
    context->runtime->parallel_for(context, 0, N, thw_grain(3.0), nest_1_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  partial = thw_reserve(context, partial, &partial_bytes, thw_bytes(8, thw_floor_div_i64(N + 65535, 65536)));
  if (!partial) goto done;
  if ((double)thw_floor_div_i64(N + 65535, 65536) * (4.0*(double)thw_min_i64(N, 65536*thw_floor_div_i64(N + 65535, 131072) + 65536) - 262144.0*(double)thw_floor_div_i64(N + 65535, 131072) + 3.0) < 32768.0) {
    nest_2(0, thw_floor_div_i64(N + 65535, 65536), mask, partial, N);
  } else {
    struct nest_2_arguments arguments = {mask, partial, N};
    context->runtime->parallel_for(context, 0, thw_floor_div_i64(N + 65535, 65536), thw_grain(4.0*(double)thw_min_i64(N, 65536*thw_floor_div_i64(N + 65535, 131072) + 65536) - 262144.0*(double)thw_floor_div_i64(N + 65535, 131072) + 3.0), nest_2_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  int64_t reduced_1 = 0;
  nest_3(partial, N, &reduced_1);
  count = reduced_1;
  n = count;
  x = thw_reserve(context, x, &x_bytes, thw_bytes(8, n));
  if (!x) goto done;
  y = context->runtime->allocate_result(context, y, thw_bytes(8, n));
  if (!y) goto done;
  position = 0;
  nest_4(a, mask, x, N, &position);
  if ((double)n * 3.0 < 32768.0) {
    nest_5(0, n, x, y);
  } else {
    struct nest_5_arguments arguments = {x, y};
    context->runtime->parallel_for(context, 0, n, thw_grain(3.0), nest_5_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  call->results[0].data = y;
  call->results[0].rank = 1;
  call->results[0].shape[0] = n;
  call->results[0].strides[0] = 8;
done:;
  if (mask) context->runtime->release(context, mask);
  if (partial) context->runtime->release(context, partial);
  if (x) context->runtime->release(context, x);
  return context->stop != 0;
}
