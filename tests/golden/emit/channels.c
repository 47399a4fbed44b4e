static __attribute__((noinline)) void nest_1(thw_context* context, int64_t begin, int64_t end,
    const double* restrict A, double* restrict B, int64_t M) {
  int64_t looks = 65536;
  for (int64_t j_block = begin; j_block < end; ++j_block) {
    for (int64_t c = 0; c < 3; ++c) {
      if (thw_look(context, &looks, thw_min_i64(M, 512*j_block + 513) - 512*j_block)) return;
      const double* A_row = A + M*c;
      double* B_row = B + M*c;
      for (int64_t j = 512*j_block + 1; j < thw_min_i64(M, 512*j_block + 513); ++j) {
        B_row[j] = A_row[j - 1] * 2.0 + (double)c;
      }
    }
  }
}
struct nest_1_arguments {
  const double* A;
  double* B;
  int64_t M;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  nest_1(context, begin, end, a->A, a->B, a->M);
}

static __attribute__((noinline)) void nest_2(thw_context* context, int64_t begin, int64_t end,
    const double* restrict C, double* restrict D, int64_t M, int64_t N) {
  int64_t looks = 65536;
  for (int64_t i = begin; i < end; ++i) {
    for (int64_t c = 0; c < 2; ++c) {
      if (thw_look(context, &looks, M + 1)) return;
      const double* C_row = C + (M*N*c + M*i);
      double* D_row = D + (M*N*c + M*i);
      for (int64_t j = 0; j < M; ++j) {
        D_row[j] = C_row[j] * C_row[j];
      }
    }
  }
}
struct nest_2_arguments {
  const double* C;
  double* D;
  int64_t M;
  int64_t N;
};
static void nest_2_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_2_arguments* a = arguments;
  nest_2(context, begin, end, a->C, a->D, a->M, a->N);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* A = call->data[0];
  double* B = call->data[1];
  double* C = call->data[2];
  double* D = call->data[3];
  int64_t M = call->symbols[0];
  int64_t N = call->symbols[1];
  if ((double)thw_floor_div_i64(M + 510, 512) * (15.0*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 510, 1024) + 513) - 7680.0*(double)thw_floor_div_i64(M + 510, 1024) - 11.0) < 32768.0) {
    nest_1(context, 0, thw_floor_div_i64(M + 510, 512), A, B, M);
  } else {
    struct nest_1_arguments arguments = {A, B, M};
    context->runtime->parallel_for(context, 0, thw_floor_div_i64(M + 510, 512), thw_grain(15.0*(double)thw_min_i64(M, 512*thw_floor_div_i64(M + 510, 1024) + 513) - 7680.0*(double)thw_floor_div_i64(M + 510, 1024) - 11.0), nest_1_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  if ((double)N * (8.0*(double)M + 3.0) < 32768.0) {
    nest_2(context, 0, N, C, D, M, N);
  } else {
    struct nest_2_arguments arguments = {C, D, M, N};
    context->runtime->parallel_for(context, 0, N, thw_grain(8.0*(double)M + 3.0), nest_2_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
done:;
  return context->stop != 0;
}
