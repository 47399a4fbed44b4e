// How many iterations of so much work make a chunk that is worth handing to another thread.
static inline __attribute__((unused)) int64_t thw_grain(double work) {
  double grain = 16384.0 / (work < 1 ? 1 : work);
  return grain < 1 ? 1 : (int64_t)grain;
}
