static __attribute__((noinline)) void nest_1(thw_context* context, double* restrict bins,
    const double* restrict weight, const int64_t* restrict where, int64_t M, int64_t N) {
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

int32_t thw_entry(thw_context* context, const thw_call* call) {
  int64_t* where = call->data[0];
  double* weight = call->data[1];
  double* bins = call->data[2];
  int64_t M = call->symbols[0];
  int64_t N = call->symbols[1];
  nest_1(context, bins, weight, where, M, N);
  if (__builtin_expect(context->stop != 0, 0)) goto done;
done:;
  return context->stop != 0;
}
