static __attribute__((noinline)) void nest_1(thw_context* context, int64_t begin, int64_t end,
    double* restrict out, const double* restrict x, int64_t M, int64_t N) {
  double* e = 0;
  int64_t e_bytes = 0;
  for (int64_t r0 = begin; r0 < end; ++r0) {
    double total;
    double top;
    e = thw_reserve(context, e, &e_bytes, thw_bytes(8, M));
    if (!e) goto done;
    top = thw_maximum_f64(x + M*r0, M, 1);
    const double* x_row = x + M*r0;
    for (int64_t j = 0; j < M; ++j) {
      e[j] = thw_exp_f64(x_row[j] - top);
    }
    total = thw_sum_f64(e, M, 1);
    double* out_row = out + M*r0;
    for (int64_t j_1 = 0; j_1 < M; ++j_1) {
      out_row[j_1] = e[j_1] / total;
    }
  }
done:;
  if (e) context->runtime->release(context, e);
}
struct nest_1_arguments {
  double* out;
  const double* x;
  int64_t M;
  int64_t N;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  nest_1(context, begin, end, a->out, a->x, a->M, a->N);
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  double* x = call->data[0];
  double* out = call->data[1];
  int64_t M = call->symbols[0];
  int64_t N = call->symbols[1];
  if ((double)N * (25.0*(double)M + 4.0) < 32768.0) {
    nest_1(context, 0, N, out, x, M, N);
  } else {
    struct nest_1_arguments arguments = {out, x, M, N};
    context->runtime->parallel_for(context, 0, N, thw_grain(25.0*(double)M + 4.0), nest_1_part, &arguments);
  }
  if (__builtin_expect(context->stop != 0, 0)) goto done;
done:;
  return context->stop != 0;
}
