// A complex cast, exact.
static inline __attribute__((always_inline, unused)) thw_c128 thw_c128_from_c64(thw_c64 x) {
  return thw_make_c128(x.re, x.im);
}
