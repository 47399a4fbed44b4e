// What emitted programs use beside the runtime's preludes: sizes of memory, and memory that grows.

// bytes * extent, where a negative extent is empty and the largest number stands for "too much".
static inline __attribute__((always_inline, unused)) int64_t thw_bytes(int64_t bytes, int64_t extent) {
  int64_t result;
  if (extent <= 0) return 0;
  return __builtin_mul_overflow(bytes, extent, &result) ? 9223372036854775807LL : result;
}
// At least `bytes` bytes in place of `memory`, which holds *held; null where there is no memory (already recorded).
static inline __attribute__((unused)) void* thw_reserve(thw_context* context, void* memory, int64_t* held,
                                                        int64_t bytes) {
  if (memory && bytes <= *held) return memory;
  if (memory) context->runtime->release(context, memory);
  memory = context->runtime->allocate(context, bytes);
  *held = memory ? bytes : 0;
  return memory;
}
// How many iterations of so much work make a chunk that is worth handing to another thread.
static inline __attribute__((unused)) int64_t thw_grain(double work) {
  double grain = 16384.0 / (work < 1 ? 1 : work);
  return grain < 1 ? 1 : (int64_t)grain;
}
