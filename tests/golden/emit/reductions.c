static __attribute__((noinline)) void nest_1(int64_t begin, int64_t end, const double* restrict A,
    double* restrict rows, int64_t M) {
  for (int64_t r0 = begin; r0 < end; ++r0) {
    rows[r0] = thw_sum_f64(A + M*r0, M, 1);
  }
}
struct nest_1_arguments {
  const double* A;
  double* rows;
  int64_t M;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  (void)context;
  nest_1(begin, end, a->A, a->rows, a->M);
}

static __attribute__((noinline)) void nest_2(thw_context* context, int64_t begin, int64_t end,
    const double* restrict A, double* restrict columns, int64_t M, int64_t N) {
  int64_t looks = 65536;
  for (int64_t r1_block = begin; r1_block < end; ++r1_block) {
    for (int64_t r1 = 512*r1_block; r1 < thw_min_i64(M, 512*r1_block + 512); ++r1) {
      columns[r1] = (double)0;
    }
    for (int64_t r0 = 0; r0 < N; ++r0) {
      if (thw_look(context, &looks, thw_min_i64(M, 512*r1_block + 512) - 512*r1_block + 1)) return;
      const double* A_row = A + M*r0;
      for (int64_t r1 = 512*r1_block; r1 < thw_min_i64(M, 512*r1_block + 512); ++r1) {
        columns[r1] = columns[r1] + A_row[r1];
      }
    }
  }
}
struct nest_2_arguments {
  const double* A;
  double* columns;
  int64_t M;
  int64_t N;
};
static void nest_2_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_2_arguments* a = arguments;
  nest_2(context, begin, end, a->A, a->columns, a->M, a->N);
}

static __attribute__((noinline)) void nest_3(int64_t begin, int64_t end, const double* restrict A,
    double* restrict partial, int64_t M, int64_t N) {
  for (int64_t chunk = begin; chunk < end; ++chunk) {
    partial[chunk] = thw_sum_f64(A + 65536*chunk, thw_min_i64(65536, M*N - 65536*chunk), 1);
  }
}
struct nest_3_arguments {
  const double* A;
  double* partial;
  int64_t M;
  int64_t N;
};
static void nest_3_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_3_arguments* a = arguments;
  (void)context;
  nest_3(begin, end, a->A, a->partial, a->M, a->N);
}

static __attribute__((noinline)) void nest_4(const double* restrict partial, int64_t M, int64_t N, double* all_out) {
  double all = *all_out;
  all = thw_sum_chunks_f64(partial, thw_floor_div_i64(M*N + 65535, 65536));
  *all_out = all;
}

static __attribute__((noinline)) void nest_5(int64_t begin, int64_t end, const int64_t* restrict I,
    int64_t* restrict partial_1, int64_t M, int64_t N) {
  for (int64_t chunk = begin; chunk < end; ++chunk) {
    int64_t reduced = 0;
    for (int64_t r1 = 65536*chunk; r1 < thw_min_i64(65536*chunk + 65536, M*N); ++r1) {
      reduced = thw_add_i64(reduced, I[r1]);
    }
    partial_1[chunk] = reduced;
  }
}
struct nest_5_arguments {
  const int64_t* I;
  int64_t* partial_1;
  int64_t M;
  int64_t N;
};
static void nest_5_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_5_arguments* a = arguments;
  (void)context;
  nest_5(begin, end, a->I, a->partial_1, a->M, a->N);
}

static __attribute__((noinline)) void nest_6(const int64_t* restrict partial_1, int64_t M, int64_t N,
    int64_t* reduced_1_out) {
  int64_t reduced_1 = *reduced_1_out;
  for (int64_t chunk = 0; chunk < thw_floor_div_i64(M*N + 65535, 65536); ++chunk) {
    reduced_1 = thw_add_i64(reduced_1, partial_1[chunk]);
  }
  *reduced_1_out = reduced_1;
}

static __attribute__((noinline)) void nest_7(const int64_t* restrict I, int64_t M, int64_t N, int64_t* reduced_2_out) {
  int64_t reduced_2 = *reduced_2_out;
  for (int64_t r0 = 0; r0 < N; ++r0) {
    const int64_t* I_row = I + M*r0;
    for (int64_t r1 = 0; r1 < M; ++r1) {
      reduced_2 = thw_min_i64(reduced_2, I_row[r1]);
    }
  }
  *reduced_2_out = reduced_2;
}

static __attribute__((noinline)) void nest_8(thw_context* context, int64_t begin, int64_t end,
    const double* restrict A, double* restrict top, int64_t M, int64_t N) {
  int64_t looks = 65536;
  for (int64_t r1_block = begin; r1_block < end; ++r1_block) {
    for (int64_t r1 = 512*r1_block; r1 < thw_min_i64(M, 512*r1_block + 512); ++r1) {
      top[r1] = A[r1];
    }
    for (int64_t r0 = 0; r0 < N; ++r0) {
      if (thw_look(context, &looks, thw_min_i64(M, 512*r1_block + 512) - 512*r1_block + 1)) return;
      const double* A_row = A + M*r0;
      for (int64_t r1 = 512*r1_block; r1 < thw_min_i64(M, 512*r1_block + 512); ++r1) {
        top[r1] = thw_max_f64(top[r1], A_row[r1]);
      }
    }
  }
}
struct nest_8_arguments {
  const double* A;
  double* top;
  int64_t M;
  int64_t N;
};
static void nest_8_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_8_arguments* a = arguments;
  nest_8(context, begin, end, a->A, a->top, a->M, a->N);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* A = call->data[0];
  int64_t* I = call->data[1];
  int64_t M = call->symbols[0];
  int64_t N = call->symbols[1];
  double* partial = 0;
  int64_t partial_bytes = 0;
  int64_t* partial_1 = 0;
  int64_t partial_1_bytes = 0;
  double* columns = 0;
  double* rows = 0;
  double* top = 0;
  double all = 0;
  int64_t count = 0;
  int64_t low = 0;
  rows = context->runtime->allocate_result(context, rows, thw_bytes(8, N));
  if (!rows) goto done;
  columns = context->runtime->allocate_result(context, columns, thw_bytes(8, M));
  if (!columns) goto done;
  top = context->runtime->allocate_result(context, top, thw_bytes(8, M));
  if (!top) goto done;
  if ((double)N * ((double)M + 1.0) < 32768.0) {
    nest_1(0, N, A, rows, M);
  } else {
    struct nest_1_arguments arguments = {A, rows, M};
    context->runtime->parallel_for(context, 0, N, thw_grain((double)M + 1.0), nest_1_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  if ((double)thw_floor_div_i64(M + 511, 512) * (4.0*(double)N*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 511, 1024) + 512) + (double)N + 2.0*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 511, 1024) + 512) - 2048.0*(double)N*(double)thw_floor_div_i64(M + 511, 1024) - 1024.0*(double)thw_floor_div_i64(M + 511, 1024) + 2.0) < 32768.0) {
    nest_2(context, 0, thw_floor_div_i64(M + 511, 512), A, columns, M, N);
  } else {
    struct nest_2_arguments arguments = {A, columns, M, N};
    context->runtime->parallel_for(context, 0, thw_floor_div_i64(M + 511, 512), thw_grain(4.0*(double)N*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 511, 1024) + 512) + (double)N + 2.0*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 511, 1024) + 512) - 2048.0*(double)N*(double)thw_floor_div_i64(M + 511, 1024) - 1024.0*(double)thw_floor_div_i64(M + 511, 1024) + 2.0), nest_2_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  partial = thw_reserve(context, partial, &partial_bytes, thw_bytes(8, thw_floor_div_i64(M*N + 65535, 65536)));
  if (!partial) goto done;
  if ((double)thw_floor_div_i64(M*N + 65535, 65536) * ((double)thw_min_i64(65536, M*N - 65536*thw_floor_div_i64(M*N + 65535, 131072)) + 1.0) < 32768.0) {
    nest_3(0, thw_floor_div_i64(M*N + 65535, 65536), A, partial, M, N);
  } else {
    struct nest_3_arguments arguments = {A, partial, M, N};
    context->runtime->parallel_for(context, 0, thw_floor_div_i64(M*N + 65535, 65536), thw_grain((double)thw_min_i64(65536, M*N - 65536*thw_floor_div_i64(M*N + 65535, 131072)) + 1.0), nest_3_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  nest_4(partial, M, N, &all);
  partial_1 = thw_reserve(context, partial_1, &partial_1_bytes, thw_bytes(8, thw_floor_div_i64(M*N + 65535, 65536)));
  if (!partial_1) goto done;
  if ((double)thw_floor_div_i64(M*N + 65535, 65536) * (3.0*(double)thw_min_i64(65536*thw_floor_div_i64(M*N + 65535, 131072) + 65536, M*N) - 196608.0*(double)thw_floor_div_i64(M*N + 65535, 131072) + 3.0) < 32768.0) {
    nest_5(0, thw_floor_div_i64(M*N + 65535, 65536), I, partial_1, M, N);
  } else {
    struct nest_5_arguments arguments = {I, partial_1, M, N};
    context->runtime->parallel_for(context, 0, thw_floor_div_i64(M*N + 65535, 65536), thw_grain(3.0*(double)thw_min_i64(65536*thw_floor_div_i64(M*N + 65535, 131072) + 65536, M*N) - 196608.0*(double)thw_floor_div_i64(M*N + 65535, 131072) + 3.0), nest_5_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  int64_t reduced_1 = 0;
  nest_6(partial_1, M, N, &reduced_1);
  count = reduced_1;
  int64_t reduced_2 = I[0];
  nest_7(I, M, N, &reduced_2);
  low = reduced_2;
  if ((double)thw_floor_div_i64(M + 511, 512) * (4.0*(double)N*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 511, 1024) + 512) + (double)N + 2.0*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 511, 1024) + 512) - 2048.0*(double)N*(double)thw_floor_div_i64(M + 511, 1024) - 1024.0*(double)thw_floor_div_i64(M + 511, 1024) + 2.0) < 32768.0) {
    nest_8(context, 0, thw_floor_div_i64(M + 511, 512), A, top, M, N);
  } else {
    struct nest_8_arguments arguments = {A, top, M, N};
    context->runtime->parallel_for(context, 0, thw_floor_div_i64(M + 511, 512), thw_grain(4.0*(double)N*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 511, 1024) + 512) + (double)N + 2.0*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 511, 1024) + 512) - 2048.0*(double)N*(double)thw_floor_div_i64(M + 511, 1024) - 1024.0*(double)thw_floor_div_i64(M + 511, 1024) + 2.0), nest_8_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  call->results[0].data = rows;
  call->results[0].rank = 1;
  call->results[0].shape[0] = N;
  call->results[0].strides[0] = 8;
  call->results[1].data = columns;
  call->results[1].rank = 1;
  call->results[1].shape[0] = M;
  call->results[1].strides[0] = 8;
  call->results[2].data = top;
  call->results[2].rank = 1;
  call->results[2].shape[0] = M;
  call->results[2].strides[0] = 8;
  {
    const double value = all;
    call->results[3].rank = -1;
    __builtin_memcpy(call->results[3].shape, &value, sizeof value);
  }
  {
    const int64_t value = count;
    call->results[4].rank = -1;
    __builtin_memcpy(call->results[4].shape, &value, sizeof value);
  }
  {
    const int64_t value = low;
    call->results[5].rank = -1;
    __builtin_memcpy(call->results[5].shape, &value, sizeof value);
  }
done:;
  if (partial) context->runtime->release(context, partial);
  if (partial_1) context->runtime->release(context, partial_1);
  return context->stop != 0;
}
