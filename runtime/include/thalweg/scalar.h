// Scalar arithmetic with the answers of NumPy 2.4 (suffixes b8 i8 ... u64 f16 f32 f64 c64 c128) and of Python
// (suffixes py and pyf), free of undefined behaviour. Compiles as C, pasted after abi.h in front of generated
// programs without any include, and as C++ for the interpreter: both give the same bits.
// Compile with -ffp-contract=off. A program may define THW_SELECT and then, before this text, only the families
// that it uses: THW_USE_I8 ... THW_USE_U64, THW_USE_F16, THW_USE_F32, THW_USE_F64, THW_USE_COMPLEX,
// THW_USE_PYTHON.
#ifndef THALWEG_SCALAR_H
#define THALWEG_SCALAR_H

#ifdef __cplusplus
#include "thalweg/abi.h"
#endif

#ifndef THW_SELECT
#define THW_USE_I8
#define THW_USE_I16
#define THW_USE_I32
#define THW_USE_I64
#define THW_USE_U8
#define THW_USE_U16
#define THW_USE_U32
#define THW_USE_U64
#define THW_USE_F16
#define THW_USE_F32
#define THW_USE_F64
#define THW_USE_COMPLEX
#define THW_USE_PYTHON
#endif

// C conversions between integers are modular with GNU C, so integer casts need no function here.
#define THW_FN static inline __attribute__((always_inline, unused))
#define THW_SLOW static inline __attribute__((unused))
// Functions that take or return vectors are always inlined, so no vector crosses a call.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

// Whether array multiplication of complex numbers is fused: what NumPy does depends on the CPU. Generated code
// is compiled for the CPU it runs on; the interpreter asks at run time.
#ifdef __FMA__
#define THW_HAS_FMA 1
#elif defined(__cplusplus)
#define THW_HAS_FMA __builtin_cpu_supports("fma")
#else
#define THW_HAS_FMA 0
#endif

// ---------------------------------------------------------------------------------------------- integers
// S suffix, T type, U unsigned type of at least 32 bits in which T wraps, B bits of T.
#define THW_INTEGER(S, T, U, B)                                                              \
  THW_FN T thw_add_##S(T a, T b) { return (T)((U)a + (U)b); }                                \
  THW_FN T thw_sub_##S(T a, T b) { return (T)((U)a - (U)b); }                                \
  THW_FN T thw_mul_##S(T a, T b) { return (T)((U)a * (U)b); }                                \
  THW_FN T thw_neg_##S(T a) { return (T)((U)0 - (U)a); }                                     \
  THW_FN T thw_min_##S(T a, T b) { return a < b ? a : b; }                                   \
  THW_FN T thw_max_##S(T a, T b) { return a > b ? a : b; }                                   \
  /* A shift of B or more, or a negative one (which is huge in U), shifts everything out. */ \
  THW_FN T thw_shl_##S(T a, T b) { return (U)b < B ? (T)((U)a << ((U)b & (B - 1))) : (T)0; } \
  /* Wraps. The caller raises for a negative exponent before calling. */                     \
  THW_SLOW T thw_pow_##S(T a, T b) {                                                         \
    U power = (U)a, result = 1;                                                              \
    for (U rest = (U)b; rest != 0; rest >>= 1) {                                             \
      if (rest & 1) result *= power;                                                         \
      power *= power;                                                                        \
    }                                                                                        \
    return (T)result;                                                                        \
  }

#define THW_SIGNED(S, T, U, B)                                                                  \
  THW_INTEGER(S, T, U, B)                                                                       \
  THW_FN T thw_abs_##S(T a) { return a < 0 ? thw_neg_##S(a) : a; }                              \
  THW_FN T thw_sign_##S(T a) { return (T)((a > 0) - (a < 0)); }                                 \
  THW_FN T thw_shr_##S(T a, T b) { return (T)(a >> ((U)b < B ? (U)b & (B - 1) : (U)(B - 1))); } \
  /* x // 0 is 0; x // -1 is -x and wraps. The divisor is replaced, not branched on. */         \
  THW_FN T thw_floor_div_##S(T a, T b) {                                                        \
    T safe = ((b == 0) | (b == -1)) ? (T)1 : b;                                                 \
    T quotient = (T)(a / safe), rest = (T)(a % safe);                                           \
    quotient = (T)(quotient - ((rest != 0) & ((rest ^ safe) < 0)));                             \
    quotient = b == -1 ? thw_neg_##S(a) : quotient;                                             \
    return b == 0 ? (T)0 : quotient;                                                            \
  }                                                                                             \
  THW_FN T thw_mod_##S(T a, T b) {                                                              \
    T safe = ((b == 0) | (b == -1)) ? (T)1 : b;                                                 \
    T rest = (T)(a % safe);                                                                     \
    return (T)(rest + (((rest != 0) & ((rest ^ safe) < 0)) ? safe : 0));                        \
  }                                                                                             \
  /* C's truncating remainder: the sign follows the dividend. */                                \
  THW_FN T thw_fmod_##S(T a, T b) { return (T)(a % (((b == 0) | (b == -1)) ? (T)1 : b)); }

#define THW_UNSIGNED(S, T, U, B)                                                                \
  THW_INTEGER(S, T, U, B)                                                                       \
  THW_FN T thw_abs_##S(T a) { return a; }                                                       \
  THW_FN T thw_sign_##S(T a) { return (T)(a != 0); }                                            \
  THW_FN T thw_shr_##S(T a, T b) { return (U)b < B ? (T)((U)a >> ((U)b & (B - 1))) : (T)0; }    \
  THW_FN T thw_floor_div_##S(T a, T b) { return b == 0 ? (T)0 : (T)(a / (b == 0 ? (T)1 : b)); } \
  THW_FN T thw_mod_##S(T a, T b) { return (T)(a % (b == 0 ? (T)1 : b)); }                       \
  THW_FN T thw_fmod_##S(T a, T b) { return thw_mod_##S(a, b); }

// Greatest common divisor and least common multiple of the magnitudes M(U, x), which fit U; the results wrap.
#define THW_MAGNITUDE(U, x) ((x) < 0 ? (U)0 - (U)(x) : (U)(x))
#define THW_IDENTITY(U, x) ((U)(x))
#define THW_DIVISORS(S, T, U, M)                                                  \
  THW_SLOW U thw_divisor_##S(U a, U b) {                                          \
    while (b != 0) {                                                              \
      U rest = a % b;                                                             \
      a = b;                                                                      \
      b = rest;                                                                   \
    }                                                                             \
    return a;                                                                     \
  }                                                                               \
  THW_FN T thw_gcd_##S(T a, T b) { return (T)thw_divisor_##S(M(U, a), M(U, b)); } \
  THW_FN T thw_lcm_##S(T a, T b) {                                                \
    U divisor = thw_divisor_##S(M(U, a), M(U, b));                                \
    return divisor == 0 ? (T)0 : (T)(M(U, a) / divisor * M(U, b));                \
  }

#ifdef THW_USE_I8
THW_SIGNED(i8, int8_t, uint32_t, 8)
THW_DIVISORS(i8, int8_t, uint32_t, THW_MAGNITUDE)
#endif
#ifdef THW_USE_I16
THW_SIGNED(i16, int16_t, uint32_t, 16)
THW_DIVISORS(i16, int16_t, uint32_t, THW_MAGNITUDE)
#endif
#ifdef THW_USE_I32
THW_SIGNED(i32, int32_t, uint32_t, 32)
THW_DIVISORS(i32, int32_t, uint32_t, THW_MAGNITUDE)
#endif
#ifdef THW_USE_I64
THW_SIGNED(i64, int64_t, uint64_t, 64)
THW_DIVISORS(i64, int64_t, uint64_t, THW_MAGNITUDE)
#endif
#ifdef THW_USE_U8
THW_UNSIGNED(u8, uint8_t, uint32_t, 8)
THW_DIVISORS(u8, uint8_t, uint32_t, THW_IDENTITY)
#endif
#ifdef THW_USE_U16
THW_UNSIGNED(u16, uint16_t, uint32_t, 16)
THW_DIVISORS(u16, uint16_t, uint32_t, THW_IDENTITY)
#endif
#ifdef THW_USE_U32
THW_UNSIGNED(u32, uint32_t, uint32_t, 32)
THW_DIVISORS(u32, uint32_t, uint32_t, THW_IDENTITY)
#endif
#ifdef THW_USE_U64
THW_UNSIGNED(u64, uint64_t, uint64_t, 64)
THW_DIVISORS(u64, uint64_t, uint64_t, THW_IDENTITY)
#endif

// bool (one byte, 0 or 1): NumPy's + * min max are or, and, and, or.
THW_FN uint8_t thw_add_b8(uint8_t a, uint8_t b) { return a | b; }
THW_FN uint8_t thw_mul_b8(uint8_t a, uint8_t b) { return a & b; }
THW_FN uint8_t thw_min_b8(uint8_t a, uint8_t b) { return a & b; }
THW_FN uint8_t thw_max_b8(uint8_t a, uint8_t b) { return a | b; }
THW_FN uint8_t thw_fmin_b8(uint8_t a, uint8_t b) { return a & b; }
THW_FN uint8_t thw_fmax_b8(uint8_t a, uint8_t b) { return a | b; }
THW_FN uint8_t thw_not_b8(uint8_t a) { return a == 0; }

// Mixed comparison by value, as NumPy's int64 against uint64.
THW_FN uint8_t thw_lt_i64_u64(int64_t a, uint64_t b) { return (a < 0) | ((uint64_t)a < b); }
THW_FN uint8_t thw_le_i64_u64(int64_t a, uint64_t b) { return (a < 0) | ((uint64_t)a <= b); }
THW_FN uint8_t thw_eq_i64_u64(int64_t a, uint64_t b) { return (a >= 0) & ((uint64_t)a == b); }

// --------------------------------------------------------------------------------- casts float to integer
// What x86 gives: out of range and NaN become the most negative number of the 32-bit (int8 ... int32) or 64-bit
// form, then the low bits are kept. One comparison is enough: -2^31 itself converts to what out of range gives.
// NumPy's answers for uint32 out of range depend on array length and stride; ours are those of its scalars.
#define THW_FLOAT_CASTS(S, T, FABS, TWO31, TWO63)                                                            \
  THW_FN int32_t thw_i32_from_##S(T x) { return FABS(x) < TWO31 ? (int32_t)x : (int32_t)(-2147483647 - 1); } \
  THW_FN int64_t thw_i64_from_##S(T x) {                                                                     \
    return FABS(x) < TWO63 ? (int64_t)x : (int64_t)(-9223372036854775807LL - 1);                             \
  }                                                                                                          \
  THW_FN int8_t thw_i8_from_##S(T x) { return (int8_t)thw_i32_from_##S(x); }                                 \
  THW_FN int16_t thw_i16_from_##S(T x) { return (int16_t)thw_i32_from_##S(x); }                              \
  THW_FN uint8_t thw_u8_from_##S(T x) { return (uint8_t)thw_i32_from_##S(x); }                               \
  THW_FN uint16_t thw_u16_from_##S(T x) { return (uint16_t)thw_i32_from_##S(x); }                            \
  THW_FN uint32_t thw_u32_from_##S(T x) { return (uint32_t)thw_i64_from_##S(x); }                            \
  THW_FN uint64_t thw_u64_from_##S(T x) {                                                                    \
    uint64_t high = x >= TWO63;                                                                              \
    return (uint64_t)thw_i64_from_##S(high ? x - TWO63 : x) ^ (high << 63);                                  \
  }                                                                                                          \
  THW_FN uint8_t thw_b8_from_##S(T x) { return x != 0; }

// ------------------------------------------------------------------------------------------------- floats
// Functions of glibc under names that the optimiser does not know: it must neither compute them ahead of a test
// (fmod is slow) nor replace them (Python's pow is this very function).
#ifdef __cplusplus
extern "C" {
#endif
double thw_libm_fmod_f64(double, double) __asm__("fmodf64");
float thw_libm_fmod_f32(float, float) __asm__("fmodf32");
double thw_libm_pow(double, double) __asm__("powf64");
#ifdef __cplusplus
}
#endif

#ifdef __FMA__
// C's fmod without the slow library call where the quotient is small enough: it is then off by at most one, and
// both remainders are exact. X is where the library is needed.
#define THW_FMOD(S, T, F, X)                                                                     \
  THW_FN T thw_fmod_##S(T a, T b) {                                                              \
    T quotient = __builtin_trunc##F(a / b);                                                      \
    if (__builtin_expect(!(__builtin_fabs##F(quotient) < X), 0)) return thw_libm_fmod_##S(a, b); \
    if (quotient == 0) return a;                                                                 \
    T rest = __builtin_fma##F(-quotient, b, a);                                                  \
    rest = rest != 0 && (rest < 0) != (a < 0) ? rest + __builtin_copysign##F(b, a) : rest;       \
    return __builtin_copysign##F(rest, a);                                                       \
  }
#else
#define THW_FMOD(S, T, F, X) \
  THW_FN T thw_fmod_##S(T a, T b) { return thw_libm_fmod_##S(a, b); }
#endif

#define THW_FLOAT(S, T, F)                                                                                   \
  THW_FN T thw_neg_##S(T a) { return -a; }                                                                   \
  THW_FN T thw_abs_##S(T a) { return __builtin_fabs##F(a); }                                                 \
  THW_FN T thw_sqrt_##S(T a) { return __builtin_sqrt##F(a); }                                                \
  THW_FN T thw_floor_##S(T a) { return __builtin_floor##F(a); }                                              \
  THW_FN T thw_ceil_##S(T a) { return __builtin_ceil##F(a); }                                                \
  THW_FN T thw_trunc_##S(T a) { return __builtin_trunc##F(a); }                                              \
  THW_FN T thw_rint_##S(T a) { return __builtin_rint##F(a); } /* ties to even */                             \
  THW_FN T thw_copysign_##S(T a, T b) { return __builtin_copysign##F(a, b); }                                \
  THW_FN uint8_t thw_signbit_##S(T a) { return __builtin_copysign##F((T)1, a) < 0; }                         \
  THW_FN uint8_t thw_isnan_##S(T a) { return a != a; }                                                       \
  THW_FN uint8_t thw_isinf_##S(T a) { return __builtin_fabs##F(a) == (T)__builtin_inf(); }                   \
  THW_FN uint8_t thw_isfinite_##S(T a) { return __builtin_fabs##F(a) < (T)__builtin_inf(); }                 \
  /* The first NaN wins; the second operand where both are zero. */                                          \
  THW_FN T thw_min_##S(T a, T b) { return ((a < b) | (a != a)) ? a : b; }                                    \
  THW_FN T thw_max_##S(T a, T b) { return ((a > b) | (a != a)) ? a : b; }                                    \
  THW_FN T thw_fmin_##S(T a, T b) { return ((a < b) | (b != b)) ? a : b; }                                   \
  THW_FN T thw_fmax_##S(T a, T b) { return ((a > b) | (b != b)) ? a : b; }                                   \
  THW_FN T thw_sign_##S(T a) { return a > 0 ? (T)1 : a < 0 ? (T) - 1 : a == 0 ? (T)0 : a; }                  \
  THW_FN T thw_heaviside_##S(T a, T at_zero) { return a != a ? a : a == 0 ? at_zero : a < 0 ? (T)0 : (T)1; } \
  /* NumPy's and CPython's // and %: the remainder has the divisor's sign, also as zero. */                  \
  THW_FN T thw_mod_##S(T a, T b) {                                                                           \
    T rest = thw_fmod_##S(a, b);                                                                             \
    if (b == 0) return rest;                                                                                 \
    if (rest == 0) return __builtin_copysign##F((T)0, b);                                                    \
    return (b < 0) != (rest < 0) ? rest + b : rest;                                                          \
  }                                                                                                          \
  THW_FN T thw_floor_div_##S(T a, T b) {                                                                     \
    if (b == 0) return a / b;                                                                                \
    T rest = thw_fmod_##S(a, b);                                                                             \
    T quotient = (a - rest) / b;                                                                             \
    quotient = rest != 0 && (b < 0) != (rest < 0) ? quotient - 1 : quotient;                                 \
    if (quotient == 0) return __builtin_copysign##F((T)0, a / b);                                            \
    T below = __builtin_floor##F(quotient);                                                                  \
    return quotient - below > (T)0.5 ? below + 1 : below;                                                    \
  }

#if defined(THW_USE_F32) || defined(THW_USE_COMPLEX) || defined(THW_USE_F16)
THW_FMOD(f32, float, f, 4194304.0f)
THW_FLOAT(f32, float, f)
THW_FLOAT_CASTS(f32, float, __builtin_fabsf, 2147483648.0f, 9223372036854775808.0f)
#endif
#if defined(THW_USE_F64) || defined(THW_USE_COMPLEX) || defined(THW_USE_PYTHON)
THW_FMOD(f64, double, , 2251799813685248.0)
THW_FLOAT(f64, double, )
THW_FLOAT_CASTS(f64, double, __builtin_fabs, 2147483648.0, 9223372036854775808.0)
#endif

// ------------------------------------------------------------------------------------------------ float16
// Each operation in float32, rounded once: what NumPy does, and for + - * / sqrt also what IEEE demands.
#ifdef THW_USE_F16
#define THW_HALF_1(N) \
  THW_FN _Float16 thw_##N##_f16(_Float16 a) { return (_Float16)thw_##N##_f32((float)a); }
#define THW_HALF_2(N) \
  THW_FN _Float16 thw_##N##_f16(_Float16 a, _Float16 b) { return (_Float16)thw_##N##_f32((float)a, (float)b); }
#define THW_HALF_TEST(N) \
  THW_FN uint8_t thw_##N##_f16(_Float16 a) { return thw_##N##_f32((float)a); }
#define THW_HALF_CAST(TO, T) \
  THW_FN T thw_##TO##_from_f16(_Float16 a) { return thw_##TO##_from_f32((float)a); }
THW_HALF_1(neg)
THW_HALF_1(abs)
THW_HALF_1(sqrt)
THW_HALF_1(floor)
THW_HALF_1(ceil)
THW_HALF_1(trunc)
THW_HALF_1(rint)
THW_HALF_1(sign)
THW_HALF_2(copysign)
THW_HALF_2(heaviside)
THW_HALF_2(fmod)
THW_HALF_2(mod)
THW_HALF_2(floor_div)
THW_HALF_TEST(signbit)
THW_HALF_TEST(isnan)
THW_HALF_TEST(isinf)
THW_HALF_TEST(isfinite)
THW_HALF_CAST(i8, int8_t)
THW_HALF_CAST(i16, int16_t)
THW_HALF_CAST(i32, int32_t)
THW_HALF_CAST(i64, int64_t)
THW_HALF_CAST(u8, uint8_t)
THW_HALF_CAST(u16, uint16_t)
THW_HALF_CAST(u32, uint32_t)
THW_HALF_CAST(u64, uint64_t)
THW_HALF_CAST(b8, uint8_t)
// Unlike in float32, the first operand wins where zeros of both signs meet.
THW_FN _Float16 thw_min_f16(_Float16 a, _Float16 b) { return ((a <= b) | (a != a)) ? a : b; }
THW_FN _Float16 thw_max_f16(_Float16 a, _Float16 b) { return ((a >= b) | (a != a)) ? a : b; }
THW_FN _Float16 thw_fmin_f16(_Float16 a, _Float16 b) { return ((a <= b) | (b != b)) ? a : b; }
THW_FN _Float16 thw_fmax_f16(_Float16 a, _Float16 b) { return ((a >= b) | (b != b)) ? a : b; }
#endif

// ------------------------------------------------------------------------------------------------ complex
// mul is NumPy's array product (fused where the CPU can), mul_scalar the one of NumPy's and Python's scalars;
// div is Smith's algorithm as NumPy writes it. Order is lexicographic, and false where an imaginary part is NaN.
#define THW_COMPLEX(S, T, F, R)                                                                                   \
  typedef struct thw_##S {                                                                                        \
    T re, im;                                                                                                     \
  } thw_##S;                                                                                                      \
  THW_FN thw_##S thw_make_##S(T re, T im) {                                                                       \
    thw_##S result;                                                                                               \
    result.re = re;                                                                                               \
    result.im = im;                                                                                               \
    return result;                                                                                                \
  }                                                                                                               \
  THW_FN thw_##S thw_add_##S(thw_##S a, thw_##S b) { return thw_make_##S(a.re + b.re, a.im + b.im); }             \
  THW_FN thw_##S thw_sub_##S(thw_##S a, thw_##S b) { return thw_make_##S(a.re - b.re, a.im - b.im); }             \
  THW_FN thw_##S thw_neg_##S(thw_##S a) { return thw_make_##S(-a.re, -a.im); }                                    \
  THW_FN thw_##S thw_conj_##S(thw_##S a) { return thw_make_##S(a.re, -a.im); }                                    \
  THW_FN thw_##S thw_mul_scalar_##S(thw_##S a, thw_##S b) {                                                       \
    return thw_make_##S(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);                                    \
  }                                                                                                               \
  THW_FN thw_##S thw_mul_##S(thw_##S a, thw_##S b) {                                                              \
    if (!(THW_HAS_FMA)) return thw_mul_scalar_##S(a, b);                                                          \
    return thw_make_##S(__builtin_fma##F(a.re, b.re, -(a.im * b.im)), __builtin_fma##F(a.re, b.im, a.im * b.re)); \
  }                                                                                                               \
  /* Without branches; where the divisor is zero, a / 0 is a * inf. */                                            \
  THW_FN thw_##S thw_div_##S(thw_##S a, thw_##S b) {                                                              \
    T real_size = __builtin_fabs##F(b.re), imag_size = __builtin_fabs##F(b.im);                                   \
    uint8_t real = real_size >= imag_size, zero = (real_size == 0) & (imag_size == 0);                            \
    T large = real ? b.re : b.im, small = real ? b.im : b.re;                                                     \
    T x = real ? a.re : a.im, y = real ? a.im : a.re;                                                             \
    T ratio = small / large, scale = (T)1 / (zero ? (T)0 : large + small * ratio);                                \
    T re = x + y * ratio, im = real ? y - x * ratio : x * ratio - y;                                              \
    return thw_make_##S((zero ? a.re : re) * scale, (zero ? a.im : im) * scale);                                  \
  }                                                                                                               \
  THW_FN uint8_t thw_eq_##S(thw_##S a, thw_##S b) { return (a.re == b.re) & (a.im == b.im); }                     \
  THW_FN uint8_t thw_ne_##S(thw_##S a, thw_##S b) { return (a.re != b.re) | (a.im != b.im); }                     \
  THW_FN uint8_t thw_lt_##S(thw_##S a, thw_##S b) {                                                               \
    return ((a.re < b.re) & (a.im == a.im) & (b.im == b.im)) | ((a.re == b.re) & (a.im < b.im));                  \
  }                                                                                                               \
  THW_FN uint8_t thw_le_##S(thw_##S a, thw_##S b) {                                                               \
    return ((a.re < b.re) & (a.im == a.im) & (b.im == b.im)) | ((a.re == b.re) & (a.im <= b.im));                 \
  }                                                                                                               \
  THW_FN uint8_t thw_gt_##S(thw_##S a, thw_##S b) { return thw_lt_##S(b, a); }                                    \
  THW_FN uint8_t thw_ge_##S(thw_##S a, thw_##S b) { return thw_le_##S(b, a); }                                    \
  THW_FN uint8_t thw_isnan_##S(thw_##S a) { return (a.re != a.re) | (a.im != a.im); }                             \
  THW_FN uint8_t thw_isinf_##S(thw_##S a) { return thw_isinf_##R(a.re) | thw_isinf_##R(a.im); }                   \
  THW_FN uint8_t thw_isfinite_##S(thw_##S a) { return thw_isfinite_##R(a.re) & thw_isfinite_##R(a.im); }          \
  THW_FN thw_##S thw_rint_##S(thw_##S a) { return thw_make_##S(thw_rint_##R(a.re), thw_rint_##R(a.im)); }         \
  THW_FN thw_##S thw_min_##S(thw_##S a, thw_##S b) { return (thw_isnan_##S(a) | thw_le_##S(a, b)) ? a : b; }      \
  THW_FN thw_##S thw_max_##S(thw_##S a, thw_##S b) { return (thw_isnan_##S(a) | thw_ge_##S(a, b)) ? a : b; }

#ifdef THW_USE_COMPLEX
THW_COMPLEX(c64, float, f, f32)
THW_COMPLEX(c128, double, , f64)
#endif

// ------------------------------------------------------------------------------------------------- Python
// A Python int in 64 bits. What Python would do differently from 64-bit arithmetic sets a bit in *flags, which
// is never cleared here: generated code may test it once after a loop. The value returned is then unspecified.
enum {
  THW_OVERFLOW = 1,        // the exact result does not fit into 64 bits (pyf: OverflowError)
  THW_ZERO_DIVISION = 2,   // ZeroDivisionError
  THW_NEGATIVE_SHIFT = 4,  // ValueError: negative shift count
  THW_NEGATIVE_POWER = 8,  // int ** negative int, which is a float; pyf: negative ** fraction, which is complex
  THW_NOT_A_NUMBER = 16,   // int(nan): ValueError
  THW_DOMAIN = 32          // ValueError: math domain error (math.h)
};

#ifdef THW_USE_PYTHON
THW_FN int64_t thw_add_py(int64_t a, int64_t b, int32_t* flags) {
  int64_t result;
  *flags |= __builtin_add_overflow(a, b, &result) ? THW_OVERFLOW : 0;
  return result;
}
THW_FN int64_t thw_sub_py(int64_t a, int64_t b, int32_t* flags) {
  int64_t result;
  *flags |= __builtin_sub_overflow(a, b, &result) ? THW_OVERFLOW : 0;
  return result;
}
THW_FN int64_t thw_mul_py(int64_t a, int64_t b, int32_t* flags) {
  int64_t result;
  *flags |= __builtin_mul_overflow(a, b, &result) ? THW_OVERFLOW : 0;
  return result;
}
THW_FN int64_t thw_neg_py(int64_t a, int32_t* flags) { return thw_sub_py(0, a, flags); }
THW_FN int64_t thw_abs_py(int64_t a, int32_t* flags) { return a < 0 ? thw_sub_py(0, a, flags) : a; }

THW_FN int64_t thw_floor_div_py(int64_t a, int64_t b, int32_t* flags) {
  if (b == 0) {
    *flags |= THW_ZERO_DIVISION;
    return 0;
  }
  if (b == -1) return thw_neg_py(a, flags);
  return a / b - ((a % b != 0) & ((a ^ b) < 0));
}
THW_FN int64_t thw_mod_py(int64_t a, int64_t b, int32_t* flags) {
  if (b == 0) *flags |= THW_ZERO_DIVISION;
  if ((b == 0) | (b == -1)) return 0;
  int64_t rest = a % b;
  return rest + (((rest != 0) & ((rest ^ b) < 0)) ? b : 0);
}
THW_SLOW int64_t thw_pow_py(int64_t a, int64_t b, int32_t* flags) {
  if (b < 0) {
    *flags |= a == 0 ? THW_ZERO_DIVISION : THW_NEGATIVE_POWER;
    return 0;
  }
  int64_t result = 1;
  int32_t seen = 0;  // the last squaring is not part of the result and may overflow
  for (;;) {
    if (b & 1) result = thw_mul_py(result, a, &seen);
    b >>= 1;
    if (b == 0) break;
    a = thw_mul_py(a, a, &seen);
  }
  *flags |= seen;
  return result;
}
THW_FN int64_t thw_shl_py(int64_t a, int64_t b, int32_t* flags) {
  if (b < 0) {
    *flags |= THW_NEGATIVE_SHIFT;
    return 0;
  }
  if (a == 0) return 0;
  int64_t result = b < 63 ? (int64_t)((uint64_t)a << b) : 0;
  if (b >= 63 ? !(b == 63 && a == -1) : result >> b != a) *flags |= THW_OVERFLOW;
  return b == 63 ? (int64_t)((uint64_t)a << 63) : result;
}
THW_FN int64_t thw_shr_py(int64_t a, int64_t b, int32_t* flags) {
  if (b < 0) *flags |= THW_NEGATIVE_SHIFT;
  return a >> ((uint64_t)b < 63 ? b : 63);
}

// int / int, rounded once from the exact quotient.
THW_SLOW double thw_div_py(int64_t a, int64_t b, int32_t* flags) {
  if (b == 0) {
    *flags |= THW_ZERO_DIVISION;
    return 0;
  }
  const int64_t exact = 1LL << 53;
  if ((a <= exact) & (a >= -exact) & (b <= exact) & (b >= -exact)) return (double)a / (double)b;
  uint64_t top = a < 0 ? 0 - (uint64_t)a : (uint64_t)a, bottom = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
  if (top == 0) return b < 0 ? -0.0 : 0.0;
  // Scaled so that both have bit 63 set, long division gives 62 or 63 bits; the rest makes the last bit sticky.
  int up = __builtin_clzll(top), down = __builtin_clzll(bottom);
  top <<= up;
  bottom <<= down;
  uint64_t quotient = 0, rest = top;
  for (int bit = 0; bit < 63; ++bit) {
    uint64_t carry = bit == 0 ? 0 : rest >> 63;
    if (bit != 0) rest <<= 1;
    uint64_t take = carry | (rest >= bottom);
    rest -= take ? bottom : 0;
    quotient = quotient << 1 | take;
  }
  double result = (double)(quotient | (rest != 0));
  int scale = down - up - 62;  // within +-126: two factors of two are exact and neither can underflow
  double half = scale < 0 ? 1.0 / (double)(1ULL << (-scale / 2)) : (double)(1ULL << (scale / 2));
  double other = scale < 0 ? 1.0 / (double)(1ULL << (-scale - -scale / 2)) : (double)(1ULL << (scale - scale / 2));
  result = result * half * other;
  return (a < 0) != (b < 0) ? -result : result;
}

// int(float): truncates.
THW_FN int64_t thw_py_from_pyf(double x, int32_t* flags) {
  if (x != x) *flags |= THW_NOT_A_NUMBER;
  if (!(x >= -9223372036854775808.0 && x < 9223372036854775808.0)) *flags |= x == x ? THW_OVERFLOW : 0;
  return thw_i64_from_f64(x);
}
THW_FN double thw_div_pyf(double a, double b, int32_t* flags) {
  if (b == 0) *flags |= THW_ZERO_DIVISION;
  return a / b;
}
THW_FN double thw_floor_div_pyf(double a, double b, int32_t* flags) {
  if (b == 0) *flags |= THW_ZERO_DIVISION;
  return thw_floor_div_f64(a, b);
}
THW_FN double thw_mod_pyf(double a, double b, int32_t* flags) {
  if (b == 0) *flags |= THW_ZERO_DIVISION;
  return thw_mod_f64(a, b);
}
THW_SLOW double thw_pow_pyf(double a, double b, int32_t* flags) {
  if (b == 0 || a == 1) return 1;
  if (a != a || b != b) return a != a ? a : b;
  uint8_t finite = __builtin_fabs(a) < __builtin_inf() && __builtin_fabs(b) < __builtin_inf();
  if (a == 0 && b < 0 && finite) *flags |= THW_ZERO_DIVISION;
  if (a < 0 && finite && __builtin_floor(b) != b) *flags |= THW_NEGATIVE_POWER;
  double result = thw_libm_pow(a, b);
  if (finite && a != 0 && __builtin_fabs(result) == __builtin_inf()) *flags |= THW_OVERFLOW;
  return result;
}
#endif

#if defined(THW_USE_PYTHON) && defined(THW_USE_COMPLEX)
// Smith's algorithm as CPython before 3.14 writes it: quotients where NumPy multiplies by an inverse.
THW_FN thw_c128 thw_div_pyc(thw_c128 a, thw_c128 b, int32_t* flags) {
  uint8_t real = __builtin_fabs(b.re) >= __builtin_fabs(b.im);
  double large = real ? b.re : b.im, small = real ? b.im : b.re;
  double x = real ? a.re : a.im, y = real ? a.im : a.re;
  double ratio = small / large, scale = large + small * ratio;
  if ((b.re == 0) & (b.im == 0)) *flags |= THW_ZERO_DIVISION;
  return thw_make_c128((x + y * ratio) / scale, (real ? y - x * ratio : x * ratio - y) / scale);
}
#endif

#endif
