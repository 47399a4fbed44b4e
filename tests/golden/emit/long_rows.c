static __attribute__((noinline)) void nest_1(thw_context* context, int64_t begin, int64_t end,
    double* restrict out, int64_t M) {
  int64_t looks = 65536;
  for (int64_t r = begin; r < end; ++r) {
    int64_t k = 0;
    int64_t l = 0;
    double total = 0.0;
    for (k = 0; k < M; ++k) {
      if (thw_look(context, &looks, 101)) return;
      for (l = 0; l < 100; ++l) {
        total = total + 1.0;
      }
    }
    out[r] = total;
  }
}
struct nest_1_arguments {
  double* out;
  int64_t M;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  nest_1(context, begin, end, a->out, a->M);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* out = call->data[0];
  int64_t M = call->symbols[0];
  if (2.0 * (201.0*(double)M + 3.0) < 32768.0) {
    nest_1(context, 0, 2, out, M);
  } else {
    struct nest_1_arguments arguments = {out, M};
    context->runtime->parallel_for(context, 0, 2, thw_grain(201.0*(double)M + 3.0), nest_1_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
done:;
  return context->stop != 0;
}
