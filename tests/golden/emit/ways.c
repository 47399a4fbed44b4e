static __attribute__((noinline)) void nest_1(int64_t begin, int64_t end, double* restrict t) {
  for (int64_t i = begin; i < end; ++i) {
    t[i] = (double)thw_mul_i64(i, i);
  }
}
struct nest_1_arguments {
  double* t;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  (void)context;
  nest_1(begin, end, a->t);
}

static __attribute__((noinline)) void nest_2(int64_t begin, int64_t end, double* restrict a,
    const double* restrict t) {
  for (int64_t i = begin; i < end; ++i) {
    a[i] = t[0];
  }
}
struct nest_2_arguments {
  double* a;
  const double* t;
};
static void nest_2_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_2_arguments* a = arguments;
  (void)context;
  nest_2(begin, end, a->a, a->t);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* a = call->data[0];
  int64_t N = call->symbols[0];
  int64_t n = call->symbols[1];
  double* t = 0;
  int64_t t_bytes = 0;
  if (n < 100) {
    t = thw_reserve(context, t, &t_bytes, thw_bytes(8, n + 1));
    if (!t) goto done;
    if ((double)n * 3.0 < 32768.0) {
      nest_1(0, n, t);
    } else {
      struct nest_1_arguments arguments = {t};
      context->runtime->parallel_for(context, 0, n, thw_grain(3.0), nest_1_part, &arguments);
    }
    if (__builtin_expect(context->stop != 0, 0)) goto done;
    if ((double)N * 2.0 < 32768.0) {
      nest_2(0, N, a, t);
    } else {
      struct nest_2_arguments arguments = {a, t};
      context->runtime->parallel_for(context, 0, N, thw_grain(2.0), nest_2_part, &arguments);
    }
    if (__builtin_expect(context->stop != 0, 0)) goto done;
  }
done:;
  if (t) context->runtime->release(context, t);
  return context->stop != 0;
}
