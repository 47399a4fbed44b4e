static __attribute__((noinline)) void nest_1(thw_context* context, const int64_t* restrict A, int64_t* i_out,
    int64_t* k_out, int64_t* next_block_out) {
  int64_t next_i = 0;
  int64_t next_k = 0;
  int64_t i = *i_out;
  int64_t k = *k_out;
  int64_t next_block = *next_block_out;
  while (1) {
    if (--context->countdown <= 0 && context->runtime->poll(context)) goto done;
    if (next_block == 0) {
      next_i = thw_add_i64(i, 1);
      next_k = i;
      i = next_i;
      k = next_k;
      next_block = 1;
      continue;
    }
    if (next_block == 1) {
      if (A[i] < 5) {
        next_block = 0;
        continue;
      }
      k = thw_add_i64(i, 100);
      next_block = 2;
      continue;
    }
    if (next_block == 2) {
      break;
    }
    break;
  }
done:;
  *i_out = i;
  *k_out = k;
  *next_block_out = next_block;
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  int64_t* A = call->data[0];
  int64_t i = 0;
  int64_t k = 0;
  int64_t next_block = 0;
  i = 0;
  k = 0;
  next_block = 1;
  nest_1(context, A, &i, &k, &next_block);
  if (__builtin_expect(context->stop != 0, 0)) goto done;
  A[0] = k;
done:;
  return context->stop != 0;
}
