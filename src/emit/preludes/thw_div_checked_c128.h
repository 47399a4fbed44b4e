// Division of complex numbers as Python does it.
static inline __attribute__((always_inline, unused)) thw_c128 thw_div_checked_c128(thw_c128 a, thw_c128 b,
                                                                                   int32_t* flags) {
  if ((b.re == 0) & (b.im == 0)) *flags |= 2;  // ZeroDivisionError
  return thw_div_c128(a, b);
}
