static __attribute__((noinline)) void nest_1(thw_context* context, int64_t begin, int64_t end,
    const double* restrict A, double* restrict B, double* restrict last, int64_t M) {
  double* copy = 0;
  int64_t copy_bytes = 0;
  int64_t looks = 65536;
  for (int64_t r = begin; r < end; ++r) {
    int64_t k = 0;
    double total;
    copy = thw_reserve(context, copy, &copy_bytes, thw_bytes(8, M));
    if (!copy) goto done;
    total = 0.0;
    const double* A_row = A + M*r;
    for (int64_t i0 = 0; i0 < M; ++i0) {
      copy[i0] = A_row[i0];
    }
    double* B_row = B + M*r;
    k = 0;
    while (k < M) {
      const int64_t k_stop = M - k > 65536 ? k + 65536 : M;
      if (thw_look(context, &looks, k_stop - k)) goto done;
      for (; k < k_stop; ++k) {
        double a = copy[k];
        double u = a + total;
        double v = u;
        total = u;
        B_row[k] = v;
      }
    }
    last[r] = total;
  }
done:;
  if (copy) context->runtime->release(context, copy);
}
struct nest_1_arguments {
  const double* A;
  double* B;
  double* last;
  int64_t M;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  nest_1(context, begin, end, a->A, a->B, a->last, a->M);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* A = call->data[0];
  double* B = call->data[1];
  double* last = call->data[2];
  int64_t M = call->symbols[0];
  int64_t N = call->symbols[1];
  if ((double)N * (10.0*(double)M + 4.0) < 32768.0) {
    nest_1(context, 0, N, A, B, last, M);
  } else {
    struct nest_1_arguments arguments = {A, B, last, M};
    context->runtime->parallel_for(context, 0, N, thw_grain(10.0*(double)M + 4.0), nest_1_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
done:;
  return context->stop != 0;
}
