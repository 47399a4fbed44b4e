static __attribute__((noinline)) void nest_1(int64_t begin, int64_t end, const double* restrict a,
    double* restrict b) {
  for (int64_t i = begin; i < end; ++i) {
    b[i] = 0.5 * (a[i - 1] + a[i + 1]);
  }
}
struct nest_1_arguments {
  const double* a;
  double* b;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  (void)context;
  nest_1(begin, end, a->a, a->b);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* A = call->data[0];
  double* B = call->data[1];
  int64_t N = call->symbols[0];
  int64_t T = call->symbols[1];
  double* a = 0;
  double* b = 0;
  int64_t t = 0;
  t = 0;
  {
    double* next_a = A;
    double* next_b = B;
    a = next_a;
    b = next_b;
  }
  for (t = 0; t < T; ++t) {
    if (--context->countdown <= 0 && context->runtime->poll(context)) goto done;
    if (((double)N - 2.0) * 5.0 < 32768.0) {
      nest_1(1, N - 1, a, b);
    } else {
      struct nest_1_arguments arguments = {a, b};
      context->runtime->parallel_for(context, 1, N - 1, thw_grain(5.0), nest_1_part, &arguments);
    }
    if (__builtin_expect(context->stop != 0, 0)) goto done;
    {
      double* next_b = a;
      double* next_a = b;
      b = next_b;
      a = next_a;
    }
  }
  call->results[0].data = a;
  call->results[0].rank = 1;
  call->results[0].shape[0] = N;
  call->results[0].strides[0] = 8;
done:;
  return context->stop != 0;
}
