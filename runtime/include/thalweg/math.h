// Mathematical functions. Compiles as C, pasted after abi.h and scalar.h, and as C++ for the interpreter.
//
// thw_exp, thw_expf and their kin are glibc's vector functions (libmvec), always in the widest form that the
// processor has: an element's bits depend on neither its position nor its chunk. In generated programs the compiler
// maps these names to that form (src/jit), for remainders too; the interpreter's are in runtime/src/vector_math.cpp.
// Names with a suffix (thw_exp_f64, thw_exp_f32, thw_exp_pyf ...) are what programs call.
#ifndef THALWEG_MATH_H
#define THALWEG_MATH_H

#ifdef __cplusplus
#include "thalweg/scalar.h"
#endif

// Every function that glibc 2.36's libmvec has (but sincos): X(name), with one and with two arguments.
// clang-format off
#define THW_VECTOR_MATH_1(X)                                                                                 \
  X(acos) X(acosh) X(asin) X(asinh) X(atan) X(atanh) X(cbrt) X(cos) X(cosh) X(erf) X(erfc) X(exp) X(exp10)   \
  X(exp2) X(expm1) X(log) X(log10) X(log1p) X(log2) X(sin) X(sinh) X(tan) X(tanh)
// clang-format on
#define THW_VECTOR_MATH_2(X) X(atan2) X(hypot) X(pow)

#ifdef __cplusplus
extern "C" {
#endif
#define THW_DECLARE_1(N)                                \
  extern double thw_##N(double) __attribute__((const)); \
  extern float thw_##N##f(float) __attribute__((const));
#define THW_DECLARE_2(N)                                        \
  extern double thw_##N(double, double) __attribute__((const)); \
  extern float thw_##N##f(float, float) __attribute__((const));
THW_VECTOR_MATH_1(THW_DECLARE_1)
THW_VECTOR_MATH_2(THW_DECLARE_2)

// glibc's own scalar functions, under names that the optimiser leaves alone.
#define THW_LIBM_1(N) extern double thw_libm_##N(double) __asm__(#N "f64");
THW_VECTOR_MATH_1(THW_LIBM_1)
extern double thw_libm_atan2(double, double) __asm__("atan2f64");
extern double thw_libm_hypot(double, double) __asm__("hypotf64");
extern double thw_libm_exp_f64(double) __asm__("expf64");
extern float thw_libm_exp_f32(float) __asm__("expf32");
extern double thw_libm_log1p_f64(double) __asm__("log1pf64");
extern float thw_libm_log1p_f32(float) __asm__("log1pf32");
extern double thw_libm_nextafter_f64(double, double) __asm__("nextafterf64");
extern float thw_libm_nextafter_f32(float, float) __asm__("nextafterf32");
extern double thw_libm_ldexp_f64(double, int) __asm__("ldexpf64");
extern float thw_libm_ldexp_f32(float, int) __asm__("ldexpf32");
#ifdef __cplusplus
}
#endif

// --------------------------------------------------------------------------------------------- f32 and f64
#define THW_ALIAS_1_f64(N) \
  THW_FN double thw_##N##_f64(double x) { return thw_##N(x); }
#define THW_ALIAS_2_f64(N) \
  THW_FN double thw_##N##_f64(double x, double y) { return thw_##N(x, y); }
#define THW_ALIAS_1_f32(N) \
  THW_FN float thw_##N##_f32(float x) { return thw_##N##f(x); }
#define THW_ALIAS_2_f32(N) \
  THW_FN float thw_##N##_f32(float x, float y) { return thw_##N##f(x, y); }

// Formulas that NumPy has over them, without branches; the constants are log(2) and its inverse.
#define THW_COMPOSED(S, T)                                                                                  \
  THW_FN T thw_logaddexp_##S(T x, T y) {                                                                    \
    T gap = x - y, larger = gap > 0 ? x : y;                                                                \
    T sum = larger + thw_log1p_##S(thw_exp_##S(gap > 0 ? -gap : gap));                                      \
    return x == y ? x + (T)0.693147180559945309417232121458176568 : sum;                                    \
  }                                                                                                         \
  THW_FN T thw_logaddexp2_##S(T x, T y) {                                                                   \
    T gap = x - y, larger = gap > 0 ? x : y;                                                                \
    T part = (T)1.442695040888963407359924681001892137 * thw_log1p_##S(thw_exp2_##S(gap > 0 ? -gap : gap)); \
    return x == y ? x + (T)1 : larger + part;                                                               \
  }                                                                                                         \
  THW_FN T thw_deg2rad_##S(T x) { return x * ((T)3.141592653589793238462643383279502884 / (T)180); }        \
  THW_FN T thw_rad2deg_##S(T x) { return x * ((T)180 / (T)3.141592653589793238462643383279502884); }        \
  THW_FN T thw_nextafter_##S(T x, T y) { return thw_libm_nextafter_##S(x, y); }                             \
  THW_FN T thw_spacing_##S(T x) {                                                                           \
    return thw_libm_nextafter_##S(x, x < 0 ? (T) - __builtin_inf() : (T)__builtin_inf()) - x;               \
  }                                                                                                         \
  THW_FN T thw_ldexp_##S(T x, int64_t n) {                                                                  \
    return thw_libm_ldexp_##S(x, n > 100000 ? 100000 : n < -100000 ? -100000 : (int)n);                     \
  }

#if defined(THW_USE_F64) || defined(THW_USE_COMPLEX)
THW_VECTOR_MATH_1(THW_ALIAS_1_f64)
THW_VECTOR_MATH_2(THW_ALIAS_2_f64)
THW_COMPOSED(f64, double)
#endif
#if defined(THW_USE_F32) || defined(THW_USE_COMPLEX) || defined(THW_USE_F16)
THW_VECTOR_MATH_1(THW_ALIAS_1_f32)
THW_VECTOR_MATH_2(THW_ALIAS_2_f32)
THW_COMPOSED(f32, float)
#endif

#ifdef THW_USE_F16
THW_VECTOR_MATH_1(THW_HALF_1)
THW_VECTOR_MATH_2(THW_HALF_2)
THW_HALF_1(deg2rad)
THW_HALF_1(rad2deg)
THW_HALF_2(logaddexp)
THW_HALF_2(logaddexp2)
#endif

// ------------------------------------------------------------------------------------------------- complex
// abs and angle are vector functions; the rest is glibc's complex.h, which NumPy calls too. A struct of two parts
// is passed like C's complex type on x86-64.
// clang-format off
#define THW_COMPLEX_MATH_1(X)                                                                                  \
  X(exp) X(log) X(sqrt) X(sin) X(cos) X(tan) X(sinh) X(cosh) X(tanh) X(asin) X(acos) X(atan) X(asinh) X(acosh) \
  X(atanh)
// clang-format on
#define THW_COMPLEX_DECLARE_c128(N) extern thw_c128 thw_libm_c##N##_c128(thw_c128) __asm__("c" #N "f64");
#define THW_COMPLEX_DECLARE_c64(N) extern thw_c64 thw_libm_c##N##_c64(thw_c64) __asm__("c" #N "f32");
#define THW_COMPLEX_ALIAS_c128(N) \
  THW_FN thw_c128 thw_##N##_c128(thw_c128 x) { return thw_libm_c##N##_c128(x); }
#define THW_COMPLEX_ALIAS_c64(N) \
  THW_FN thw_c64 thw_##N##_c64(thw_c64 x) { return thw_libm_c##N##_c64(x); }

#define THW_COMPLEX_FORMULAS(S, T, R)                                                                               \
  THW_FN T thw_abs_##S(thw_##S x) { return thw_hypot_##R(x.re, x.im); }                                             \
  THW_FN T thw_angle_##S(thw_##S x) { return thw_atan2_##R(x.im, x.re); }                                           \
  /* NumPy multiplies for whole exponents below 100. */                                                             \
  THW_SLOW thw_##S thw_pow_##S(thw_##S x, thw_##S y) {                                                              \
    const thw_##S one = thw_make_##S(1, 0);                                                                         \
    if (y.re == 0 && y.im == 0) return one;                                                                         \
    if (x.re == 0 && x.im == 0) {                                                                                   \
      if (y.re > 0) return thw_make_##S(0, 0);                                                                      \
      return thw_make_##S((T)__builtin_nan(""), (T)__builtin_nan(""));                                              \
    }                                                                                                               \
    if (!(y.im == 0 && y.re > -100 && y.re < 100 && __builtin_trunc(y.re) == y.re)) return thw_libm_cpow_##S(x, y); \
    int n = (int)(y.re < 0 ? -y.re : y.re);                                                                         \
    if (y.re == 1) return x;                                                                                        \
    if (y.re == 2) return thw_mul_scalar_##S(x, x);                                                                 \
    if (y.re == 3) return thw_mul_scalar_##S(x, thw_mul_scalar_##S(x, x));                                          \
    thw_##S result = one;                                                                                           \
    for (;;) {                                                                                                      \
      if (n & 1) result = thw_mul_scalar_##S(result, x);                                                            \
      n >>= 1;                                                                                                      \
      if (n == 0) break;                                                                                            \
      x = thw_mul_scalar_##S(x, x);                                                                                 \
    }                                                                                                               \
    return y.re < 0 ? thw_div_##S(one, result) : result;                                                            \
  }

#ifdef THW_USE_COMPLEX
#ifdef __cplusplus
extern "C" {
#endif
THW_COMPLEX_MATH_1(THW_COMPLEX_DECLARE_c64)
THW_COMPLEX_MATH_1(THW_COMPLEX_DECLARE_c128)
extern thw_c64 thw_libm_cpow_c64(thw_c64, thw_c64) __asm__("cpowf32");
extern thw_c128 thw_libm_cpow_c128(thw_c128, thw_c128) __asm__("cpowf64");
#ifdef __cplusplus
}
#endif
THW_COMPLEX_MATH_1(THW_COMPLEX_ALIAS_c64)
THW_COMPLEX_MATH_1(THW_COMPLEX_ALIAS_c128)
THW_COMPLEX_FORMULAS(c64, float, f32)
THW_COMPLEX_FORMULAS(c128, double, f64)
#endif

// -------------------------------------------------------------------------------------------- Python's math
// CPython's math module: libm's scalar functions, with its two errors as flags. A NaN out of a number is a domain
// error; an infinity out of a finite number an overflow, or for functions that only have poles a domain error.
#ifdef THW_USE_PYTHON
#define THW_PYTHON_MATH(N, AT_INFINITY)                                                                          \
  THW_SLOW double thw_##N##_pyf(double x, int32_t* flags) {                                                      \
    double result = thw_libm_##N(x);                                                                             \
    if (result != result && x == x) *flags |= THW_DOMAIN;                                                        \
    if (__builtin_fabs(result) == __builtin_inf() && __builtin_fabs(x) < __builtin_inf()) *flags |= AT_INFINITY; \
    return result;                                                                                               \
  }
THW_PYTHON_MATH(acos, THW_DOMAIN)
THW_PYTHON_MATH(acosh, THW_DOMAIN)
THW_PYTHON_MATH(asin, THW_DOMAIN)
THW_PYTHON_MATH(asinh, THW_DOMAIN)
THW_PYTHON_MATH(atan, THW_DOMAIN)
THW_PYTHON_MATH(atanh, THW_DOMAIN)
THW_PYTHON_MATH(cbrt, THW_DOMAIN)
THW_PYTHON_MATH(cos, THW_DOMAIN)
THW_PYTHON_MATH(cosh, THW_OVERFLOW)
THW_PYTHON_MATH(erf, THW_DOMAIN)
THW_PYTHON_MATH(erfc, THW_DOMAIN)
THW_PYTHON_MATH(exp, THW_OVERFLOW)
THW_PYTHON_MATH(exp2, THW_OVERFLOW)
THW_PYTHON_MATH(expm1, THW_OVERFLOW)
THW_PYTHON_MATH(log, THW_DOMAIN)
THW_PYTHON_MATH(log10, THW_DOMAIN)
THW_PYTHON_MATH(log1p, THW_DOMAIN)
THW_PYTHON_MATH(log2, THW_DOMAIN)
THW_PYTHON_MATH(sin, THW_DOMAIN)
THW_PYTHON_MATH(sinh, THW_OVERFLOW)
THW_PYTHON_MATH(tan, THW_DOMAIN)
THW_PYTHON_MATH(tanh, THW_DOMAIN)
THW_FN double thw_sqrt_pyf(double x, int32_t* flags) {
  if (x < 0) *flags |= THW_DOMAIN;
  return __builtin_sqrt(x);
}
THW_FN double thw_atan2_pyf(double y, double x) { return thw_libm_atan2(y, x); }
#endif

#if defined(THW_USE_PYTHON) && defined(THW_USE_COMPLEX)
// CPython's operators of complex numbers: libm's scalar functions, and no infinite results.
THW_FN double thw_abs_pyc(thw_c128 x, int32_t* flags) {
  double result = thw_libm_hypot(x.re, x.im);
  if (result == __builtin_inf() && thw_isfinite_c128(x)) *flags |= THW_OVERFLOW;
  return result;
}
THW_SLOW thw_c128 thw_pow_pyc(thw_c128 x, thw_c128 y, int32_t* flags) {
  thw_c128 result = thw_make_c128(1, 0);
  if (y.im == 0 && __builtin_fabs(y.re) <= 100 && __builtin_floor(y.re) == y.re) {
    thw_c128 square = x;
    for (int left = (int)__builtin_fabs(y.re); left != 0; left >>= 1) {
      if (left & 1) result = thw_mul_scalar_c128(result, square);
      square = thw_mul_scalar_c128(square, square);
    }
    if (y.re <= 0) result = thw_div_pyc(thw_make_c128(1, 0), result, flags);
  } else if (x.re == 0 && x.im == 0) {
    if (y.im != 0 || y.re < 0) *flags |= THW_ZERO_DIVISION;
    result.re = 0;
  } else {
    double size = thw_libm_hypot(x.re, x.im), angle = thw_libm_atan2(x.im, x.re);
    double length = thw_libm_pow(size, y.re), phase = angle * y.re;
    if (y.im != 0) {
      length /= thw_libm_exp(angle * y.im);
      phase += y.im * thw_libm_log(size);
    }
    // The cosine of infinity is libm's domain error, which CPython calls a power of 0.
    if (__builtin_fabs(phase) == __builtin_inf()) *flags |= THW_ZERO_DIVISION;
    result = thw_make_c128(length * thw_libm_cos(phase), length * thw_libm_sin(phase));
  }
  if (thw_isinf_c128(result)) *flags |= THW_OVERFLOW;
  return result;
}
#endif

#endif
