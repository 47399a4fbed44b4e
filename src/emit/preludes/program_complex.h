// Complex casts, and division as Python does it.
static inline __attribute__((always_inline, unused)) thw_c64 thw_c64_from_c128(thw_c128 x) {
  return thw_make_c64((float)x.re, (float)x.im);
}
static inline __attribute__((always_inline, unused)) thw_c128 thw_c128_from_c64(thw_c64 x) {
  return thw_make_c128(x.re, x.im);
}
static inline __attribute__((always_inline, unused)) thw_c128 thw_div_checked_c128(thw_c128 a, thw_c128 b,
                                                                                   int32_t* flags) {
  if ((b.re == 0) & (b.im == 0)) *flags |= 2;  // ZeroDivisionError
  return thw_div_c128(a, b);
}
