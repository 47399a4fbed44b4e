// bytes * extent, where a negative extent is empty and the largest number stands for "too much".
static inline __attribute__((always_inline, unused)) int64_t thw_bytes(int64_t bytes, int64_t extent) {
  int64_t result;
  if (extent <= 0) return 0;
  return __builtin_mul_overflow(bytes, extent, &result) ? 9223372036854775807LL : result;
}
