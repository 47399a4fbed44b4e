// Counts `work` innermost iterations of a loop inside a parallel region; now and then asks whether to stop.
static inline __attribute__((always_inline, unused)) int32_t thw_look(thw_context* context, int64_t* left,
                                                                      int64_t work) {
  *left -= work > 0 ? work : 0;
  if (__builtin_expect(*left >= 0, 1)) return 0;
  *left = 65536;
  return context->runtime->look(context);
}
