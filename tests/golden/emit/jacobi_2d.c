static __attribute__((noinline)) void nest_1(int64_t begin, int64_t end, const double* restrict A,
    double* restrict B, int64_t N) {
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
struct nest_1_arguments {
  const double* A;
  double* B;
  int64_t N;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  (void)context;
  nest_1(begin, end, a->A, a->B, a->N);
}

static __attribute__((noinline)) void nest_2(int64_t begin, int64_t end, double* restrict A,
    const double* restrict B, int64_t N) {
  for (int64_t i0 = begin; i0 < end; ++i0) {
    const double* B_row = B + (N*i0 + N);
    double* A_row = A + (N*i0 + N);
    for (int64_t i1 = 0; i1 < N - 2; ++i1) {
      A_row[i1 + 1] = B_row[i1 + 1];
    }
  }
}
struct nest_2_arguments {
  double* A;
  const double* B;
  int64_t N;
};
static void nest_2_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_2_arguments* a = arguments;
  (void)context;
  nest_2(begin, end, a->A, a->B, a->N);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* A = call->data[0];
  double* B = call->data[1];
  int64_t N = call->symbols[0];
  int64_t T = call->symbols[1];
  int64_t t = 0;
  t = 0;
  for (t = 0; t < T; ++t) {
    if (--context->countdown <= 0 && context->runtime->poll(context)) goto done;
    if (((double)N - 2.0) * (11.0*(double)N - 21.0) < 32768.0) {
      nest_1(1, N - 1, A, B, N);
    } else {
      struct nest_1_arguments arguments = {A, B, N};
      context->runtime->parallel_for(context, 1, N - 1, thw_grain(11.0*(double)N - 21.0), nest_1_part, &arguments);
    }
    if (__builtin_expect(context->stop != 0, 0)) goto done;
    if (((double)N - 2.0) * (2.0*(double)N - 3.0) < 32768.0) {
      nest_2(0, N - 2, A, B, N);
    } else {
      struct nest_2_arguments arguments = {A, B, N};
      context->runtime->parallel_for(context, 0, N - 2, thw_grain(2.0*(double)N - 3.0), nest_2_part, &arguments);
    }
    if (__builtin_expect(context->stop != 0, 0)) goto done;
  }
done:;
  return context->stop != 0;
}
