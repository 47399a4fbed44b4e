// A complex cast: each part rounded.
static inline __attribute__((always_inline, unused)) thw_c64 thw_c64_from_c128(thw_c128 x) {
  return thw_make_c64((float)x.re, (float)x.im);
}
