static __attribute__((noinline)) void nest_1(thw_context* context, int64_t* i_out, int64_t n, int64_t* total_out) {
  uint8_t condition = 0;
  int64_t i = *i_out;
  int64_t total = *total_out;
  int32_t flags = 0;
  while (1) {
    if (--context->countdown <= 0 && context->runtime->poll(context)) goto done;
    if (!(i < n)) {
      break;
    }
    condition = thw_mod_py(i, 2, &flags) == 1;
    if (__builtin_expect(flags != 0, 0)) {
      context->runtime->raise(context, 0, 0, 0, 0, 0);
      goto done;
    }
    if (condition) {
      total = thw_mul_py(total, 3, &flags);
      if (__builtin_expect(flags != 0, 0)) {
        context->runtime->raise(context, 1, 0, 0, 0, 0);
        goto done;
      }
    } else {
      total = thw_add_py(total, i, &flags);
      if (__builtin_expect(flags != 0, 0)) {
        context->runtime->raise(context, 2, 0, 0, 0, 0);
        goto done;
      }
    }
    i = thw_add_py(i, 1, &flags);
    if (__builtin_expect(flags != 0, 0)) {
      context->runtime->raise(context, 3, 0, 0, 0, 0);
      goto done;
    }
  }
done:;
  *i_out = i;
  *total_out = total;
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  int64_t n = call->symbols[0];
  int64_t i = 0;
  int64_t next_i = 0;
  int64_t next_total = 0;
  int64_t total = 0;
  i = 0;
  total = 0;
  next_total = 1;
  next_i = 0;
  total = next_total;
  i = next_i;
  nest_1(context, &i, n, &total);
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  {
    const int64_t value = total;
    call->results[0].rank = -1;
    __builtin_memcpy(call->results[0].shape, &value, sizeof value);
  }
done:;
  return context->stop != 0;
}
