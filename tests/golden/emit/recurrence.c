static __attribute__((noinline)) void nest_1(thw_context* context, int64_t begin, int64_t end, double* restrict A,
    int64_t M) {
  int64_t looks = 65536;
  for (int64_t i = begin; i < begin + 4*thw_floor_div_i64(thw_max_i64(0, end - begin), 4); i += 4) {
    int64_t j = 0;
    double A_last = 1 < M ? A[M*i] : 0.0;
    double A_last_1 = 1 < M ? A[M*i + M] : 0.0;
    double A_last_2 = 1 < M ? A[M*i + 2*M] : 0.0;
    double A_last_3 = 1 < M ? A[M*i + 3*M] : 0.0;
    double* A_row = A + M*i;
    double* A_row1 = A + (M*i + M);
    double* A_row2 = A + (M*i + 2*M);
    double* A_row3 = A + (M*i + 3*M);
    j = 1;
    while (j < M) {
      const int64_t j_stop = M - j > 65536 ? j + 65536 : M;
      if (thw_look(context, &looks, j_stop - j)) return;
      for (; j < j_stop; ++j) {
        A_last = A_row[j] + 0.5 * A_last;
        A_row[j] = A_last;
        A_last_1 = A_row1[j] + 0.5 * A_last_1;
        A_row1[j] = A_last_1;
        A_last_2 = A_row2[j] + 0.5 * A_last_2;
        A_row2[j] = A_last_2;
        A_last_3 = A_row3[j] + 0.5 * A_last_3;
        A_row3[j] = A_last_3;
      }
    }
  }
  for (int64_t i = begin + 4*thw_floor_div_i64(thw_max_i64(0, end - begin), 4); i < end; ++i) {
    int64_t j = 0;
    double A_last = 1 < M ? A[M*i] : 0.0;
    double* A_row4 = A + M*i;
    j = 1;
    while (j < M) {
      const int64_t j_stop = M - j > 65536 ? j + 65536 : M;
      if (thw_look(context, &looks, j_stop - j)) return;
      for (; j < j_stop; ++j) {
        A_last = A_row4[j] + 0.5 * A_last;
        A_row4[j] = A_last;
      }
    }
  }
}
struct nest_1_arguments {
  double* A;
  int64_t M;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  nest_1(context, begin, end, a->A, a->M);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* A = call->data[0];
  int64_t M = call->symbols[0];
  int64_t N = call->symbols[1];
  if ((double)N * (5.0*(double)M - 4.0) < 32768.0) {
    nest_1(context, 0, N, A, M);
  } else {
    struct nest_1_arguments arguments = {A, M};
    context->runtime->parallel_for(context, 0, N, thw_grain(5.0*(double)M - 4.0), nest_1_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
done:;
  return context->stop != 0;
}
