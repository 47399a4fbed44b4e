// Rounded once: by way of a float that is odd where digits were lost, which no rounding to half can mistake.
static inline __attribute__((always_inline, unused)) _Float16 thw_f16_from_f64(double x) {
  float near = (float)x;
  double back = (double)near;
  if (back != x && x == x) {
    uint32_t bits;
    __builtin_memcpy(&bits, &near, 4);
    if (__builtin_isinf(near))
      bits -= 1;  // a double beyond the floats: their largest
    else if (!(bits & 1))
      bits = (x > back) == (x > 0) ? bits + 1 : bits - 1;
    __builtin_memcpy(&near, &bits, 4);
  }
  return (_Float16)near;
}
