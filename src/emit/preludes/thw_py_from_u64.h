// int(x) of a NumPy uint64.
static inline __attribute__((always_inline, unused)) int64_t thw_py_from_u64(uint64_t x, int32_t* flags) {
  if (x > 9223372036854775807ULL) *flags |= THW_OVERFLOW;
  return (int64_t)x;
}
