// One struct per element type with the runtime's arithmetic under the names of code::Op. The functions are those
// that generated code calls (thalweg/scalar.h), so the interpreter and compiled programs agree bit for bit.
//
// Every function takes a flags pointer; Python's types set the bits of scalar.h there. An operation that a type does
// not have is simply absent: `requires { Tag::mod(...) }` tells.
#pragma once
#include "interpret/scalar.h"
#include "thalweg/math.h"

namespace thalweg::interpret {

template <class Tag>
constexpr bool is_complex = requires(typename Tag::T value) { value.re; };

// clang-format off: the tables below are lists, several short rows a line.

#define TW_UNARY(name, expression) \
  static T name(T a, int32_t*) { return expression; }
#define TW_BINARY(name, expression) \
  static T name(T a, T b, int32_t*) { return expression; }

#define TW_COMPARISONS                                   \
  static bool lt(T a, T b) { return a < b; }             \
  static bool le(T a, T b) { return a <= b; }            \
  static bool gt(T a, T b) { return a > b; }             \
  static bool ge(T a, T b) { return a >= b; }            \
  static bool eq(T a, T b) { return a == b; }            \
  static bool ne(T a, T b) { return a != b; }            \
  static bool is_true(T a) { return a != 0; }

#define TW_INTEGER_TAG(Tag, S, Type)                                                              \
  struct Tag {                                                                                    \
    using T = Type;                                                                               \
    TW_COMPARISONS                                                                                \
    TW_BINARY(add, thw_add_##S(a, b)) TW_BINARY(sub, thw_sub_##S(a, b))                           \
    TW_BINARY(mul, thw_mul_##S(a, b)) TW_BINARY(floor_div, thw_floor_div_##S(a, b))               \
    TW_BINARY(mod, thw_mod_##S(a, b)) TW_BINARY(fmod, thw_fmod_##S(a, b))                         \
    TW_BINARY(pow, thw_pow_##S(a, b)) TW_BINARY(minimum, thw_min_##S(a, b))                       \
    TW_BINARY(maximum, thw_max_##S(a, b)) TW_BINARY(fmin, thw_min_##S(a, b))                      \
    TW_BINARY(fmax, thw_max_##S(a, b)) TW_BINARY(lshift, thw_shl_##S(a, b))                       \
    TW_BINARY(rshift, thw_shr_##S(a, b)) TW_BINARY(bit_and, T(a & b)) TW_BINARY(bit_or, T(a | b)) \
    TW_BINARY(bit_xor, T(a ^ b)) TW_UNARY(neg, thw_neg_##S(a)) TW_UNARY(abs, thw_abs_##S(a))      \
    TW_UNARY(sign, thw_sign_##S(a)) TW_UNARY(invert, T(~a)) TW_UNARY(conj, a) TW_UNARY(floor, a)  \
    TW_UNARY(ceil, a) TW_UNARY(trunc, a) TW_UNARY(rint, a)                                        \
  };
TW_INTEGER_TAG(I8, i8, int8_t)
TW_INTEGER_TAG(I16, i16, int16_t)
TW_INTEGER_TAG(I32, i32, int32_t)
TW_INTEGER_TAG(I64, i64, int64_t)
TW_INTEGER_TAG(U8, u8, uint8_t)
TW_INTEGER_TAG(U16, u16, uint16_t)
TW_INTEGER_TAG(U32, u32, uint32_t)
TW_INTEGER_TAG(U64, u64, uint64_t)
#undef TW_INTEGER_TAG

struct B8 {
  using T = uint8_t;
  TW_COMPARISONS
  TW_BINARY(add, thw_add_b8(a, b)) TW_BINARY(mul, thw_mul_b8(a, b))
  TW_BINARY(minimum, thw_min_b8(a, b)) TW_BINARY(maximum, thw_max_b8(a, b))
  TW_BINARY(fmin, thw_min_b8(a, b)) TW_BINARY(fmax, thw_max_b8(a, b))
  TW_BINARY(bit_and, T(a & b)) TW_BINARY(bit_or, T(a | b)) TW_BINARY(bit_xor, T(a ^ b))
  TW_UNARY(invert, thw_not_b8(a)) TW_UNARY(abs, a)
};

// code::Op's name and the runtime's, with one argument and with two.
#define TW_MATH_1(X)                                                                                          \
  X(exp, exp) X(exp2, exp2) X(expm1, expm1) X(log, log) X(log2, log2) X(log10, log10) X(log1p, log1p)         \
  X(sin, sin) X(cos, cos) X(tan, tan) X(arcsin, asin) X(arccos, acos) X(arctan, atan) X(sinh, sinh)           \
  X(cosh, cosh) X(tanh, tanh) X(arcsinh, asinh) X(arccosh, acosh) X(arctanh, atanh) X(cbrt, cbrt)
#define TW_MATH_2(X) X(pow, pow) X(arctan2, atan2) X(hypot, hypot)
// What complex numbers have of it.
#define TW_COMPLEX_MATH(X)                                                                                    \
  X(exp, exp) X(log, log) X(sqrt, sqrt) X(sin, sin) X(cos, cos) X(tan, tan) X(arcsin, asin) X(arccos, acos)   \
  X(arctan, atan) X(sinh, sinh) X(cosh, cosh) X(tanh, tanh) X(arcsinh, asinh) X(arccosh, acosh) X(arctanh, atanh)

#define TW_FLOAT_TAG(Tag, S, Type)                                                                      \
  struct Tag {                                                                                          \
    using T = Type;                                                                                     \
    TW_COMPARISONS                                                                                      \
    TW_BINARY(add, a + b) TW_BINARY(sub, a - b) TW_BINARY(mul, a * b) TW_BINARY(div, a / b)             \
    TW_BINARY(floor_div, thw_floor_div_##S(a, b)) TW_BINARY(mod, thw_mod_##S(a, b))                     \
    TW_BINARY(fmod, thw_fmod_##S(a, b)) TW_BINARY(minimum, thw_min_##S(a, b))                           \
    TW_BINARY(maximum, thw_max_##S(a, b)) TW_BINARY(fmin, thw_fmin_##S(a, b))                           \
    TW_BINARY(fmax, thw_fmax_##S(a, b)) TW_BINARY(copysign, thw_copysign_##S(a, b))                     \
    TW_UNARY(neg, thw_neg_##S(a)) TW_UNARY(abs, thw_abs_##S(a)) TW_UNARY(sign, thw_sign_##S(a))         \
    TW_UNARY(sqrt, thw_sqrt_##S(a)) TW_UNARY(floor, thw_floor_##S(a)) TW_UNARY(ceil, thw_ceil_##S(a))   \
    TW_UNARY(trunc, thw_trunc_##S(a)) TW_UNARY(rint, thw_rint_##S(a)) TW_UNARY(conj, a)                 \
    TW_MATH_1(TW_ONE) TW_MATH_2(TW_TWO)                                                                 \
    TW_UNARY(libm_exp, thw_libm_exp_##S(a)) TW_UNARY(libm_log1p, thw_libm_log1p_##S(a))                 \
    static bool isnan(T a) { return thw_isnan_##S(a); }                                                 \
    static bool isinf(T a) { return thw_isinf_##S(a); }                                                 \
    static bool isfinite(T a) { return thw_isfinite_##S(a); }                                           \
    static bool signbit(T a) { return thw_signbit_##S(a); }                                             \
  };
#define TW_ONE(name, function) TW_UNARY(name, thw_##function##_f32(a))
#define TW_TWO(name, function) TW_BINARY(name, thw_##function##_f32(a, b))
TW_FLOAT_TAG(F32, f32, float)
#undef TW_ONE
#undef TW_TWO
#define TW_ONE(name, function) TW_UNARY(name, thw_##function##_f64(a))
#define TW_TWO(name, function) TW_BINARY(name, thw_##function##_f64(a, b))
TW_FLOAT_TAG(F64, f64, double)
#undef TW_ONE
#undef TW_TWO
#undef TW_FLOAT_TAG

// NumPy's float16: each operation in float32, rounded once to half.
struct F16 {
  using T = _Float16;
  using Wide = F32;
  static float w(T a) { return static_cast<float>(a); }
  TW_COMPARISONS
#define TW_HALF2(name) TW_BINARY(name, T(F32::name(w(a), w(b), nullptr)))
#define TW_HALF1(name) TW_UNARY(name, T(F32::name(w(a), nullptr)))
#define TW_HALF_TEST(name) \
  static bool name(T a) { return F32::name(w(a)); }
  TW_HALF2(add) TW_HALF2(sub) TW_HALF2(mul) TW_HALF2(div) TW_HALF2(floor_div) TW_HALF2(mod) TW_HALF2(fmod)
  TW_HALF2(minimum) TW_HALF2(maximum) TW_HALF2(fmin) TW_HALF2(fmax) TW_HALF2(copysign)
  TW_HALF1(neg) TW_HALF1(abs) TW_HALF1(sign) TW_HALF1(sqrt) TW_HALF1(floor) TW_HALF1(ceil) TW_HALF1(trunc)
  TW_HALF1(rint) TW_HALF1(conj)
#define TW_ONE(name, function) TW_HALF1(name)
#define TW_TWO(name, function) TW_HALF2(name)
  TW_MATH_1(TW_ONE) TW_MATH_2(TW_TWO)
#undef TW_ONE
#undef TW_TWO
  TW_HALF_TEST(isnan) TW_HALF_TEST(isinf) TW_HALF_TEST(isfinite) TW_HALF_TEST(signbit)
#undef TW_HALF2
#undef TW_HALF1
#undef TW_HALF_TEST
};

#define TW_COMPLEX_TAG(Tag, S, Part_, Type)                                                              \
  struct Tag {                                                                                           \
    using T = Type;                                                                                      \
    using Part = Part_;                                                                                  \
    static bool lt(T a, T b) { return thw_lt_##S(a, b); }                                                \
    static bool le(T a, T b) { return thw_le_##S(a, b); }                                                \
    static bool gt(T a, T b) { return thw_gt_##S(a, b); }                                                \
    static bool ge(T a, T b) { return thw_ge_##S(a, b); }                                                \
    static bool eq(T a, T b) { return thw_eq_##S(a, b); }                                                \
    static bool ne(T a, T b) { return thw_ne_##S(a, b); }                                                \
    static bool is_true(T a) { return a.re != 0 || a.im != 0; }                                          \
    TW_BINARY(add, thw_add_##S(a, b)) TW_BINARY(sub, thw_sub_##S(a, b)) TW_BINARY(mul, thw_mul_##S(a, b)) \
    TW_BINARY(div, thw_div_##S(a, b)) TW_BINARY(minimum, thw_min_##S(a, b))                              \
    TW_BINARY(maximum, thw_max_##S(a, b)) TW_UNARY(neg, thw_neg_##S(a)) TW_UNARY(conj, thw_conj_##S(a))  \
    TW_BINARY(pow, thw_pow_##S(a, b)) TW_COMPLEX_MATH(TW_ONE)                                            \
    static decltype(T::re) magnitude(T a, int32_t*) { return thw_abs_##S(a); }                           \
    TW_UNARY(rint, thw_make_##S(Part::rint(a.re, nullptr), Part::rint(a.im, nullptr)))                   \
    static bool isnan(T a) { return thw_isnan_##S(a); }                                                  \
    static bool isinf(T a) { return Part::isinf(a.re) || Part::isinf(a.im); }                            \
    static bool isfinite(T a) { return Part::isfinite(a.re) && Part::isfinite(a.im); }                   \
  };
#define TW_ONE(name, function) TW_UNARY(name, thw_##function##_c64(a))
TW_COMPLEX_TAG(C64, c64, F32, thw_c64)
#undef TW_ONE
#define TW_ONE(name, function) TW_UNARY(name, thw_##function##_c128(a))
TW_COMPLEX_TAG(C128, c128, F64, thw_c128)
#undef TW_ONE
#undef TW_COMPLEX_TAG

// ------------------------------------------------------------------------------------------ Python's scalars
struct Py {
  using T = int64_t;
  TW_COMPARISONS
#define TW_PY2(name, function) \
  static T name(T a, T b, int32_t* flags) { return function(a, b, flags); }
  TW_PY2(add, thw_add_py) TW_PY2(sub, thw_sub_py) TW_PY2(mul, thw_mul_py) TW_PY2(floor_div, thw_floor_div_py)
  TW_PY2(mod, thw_mod_py) TW_PY2(pow, thw_pow_py) TW_PY2(lshift, thw_shl_py) TW_PY2(rshift, thw_shr_py)
#undef TW_PY2
  static T neg(T a, int32_t* flags) { return thw_neg_py(a, flags); }
  static T abs(T a, int32_t* flags) { return thw_abs_py(a, flags); }
  TW_BINARY(minimum, b < a ? b : a) TW_BINARY(maximum, b > a ? b : a)
  TW_BINARY(bit_and, a & b) TW_BINARY(bit_or, a | b) TW_BINARY(bit_xor, a ^ b) TW_UNARY(invert, ~a)
  static double quotient(T a, T b, int32_t* flags) { return thw_div_py(a, b, flags); }
};

struct PyF : F64 {
  static T div(T a, T b, int32_t* flags) { return thw_div_pyf(a, b, flags); }
  static T floor_div(T a, T b, int32_t* flags) { return thw_floor_div_pyf(a, b, flags); }
  static T mod(T a, T b, int32_t* flags) { return thw_mod_pyf(a, b, flags); }
  static T pow(T a, T b, int32_t* flags) { return thw_pow_pyf(a, b, flags); }
  static T sqrt(T a, int32_t* flags) { return thw_sqrt_pyf(a, flags); }
  TW_BINARY(arctan2, thw_atan2_pyf(a, b))
#define TW_ONE(name, function) \
  static T name(T a, int32_t* flags) { return thw_##function##_pyf(a, flags); }
  TW_MATH_1(TW_ONE)
#undef TW_ONE
};

struct PyC : C128 {
  TW_BINARY(mul, thw_mul_scalar_c128(a, b))
  static T div(T a, T b, int32_t* flags) { return thw_div_pyc(a, b, flags); }
  static T pow(T a, T b, int32_t* flags) { return thw_pow_pyc(a, b, flags); }
  static double magnitude(T a, int32_t* flags) { return thw_abs_pyc(a, flags); }
};

// clang-format on

#undef TW_UNARY
#undef TW_BINARY
#undef TW_COMPARISONS
#undef TW_COMPLEX_MATH

// Calls visit(Tag{}) with the struct of this element type; false for a type that is a row added by someone else.
template <class Visit>
bool visit_type(ir::DType type, Visit&& visit) {
  // clang-format off
  switch (type.id) {
#define TW_CASE(name, Tag) \
    case ir::dtypes::name.id: visit(Tag{}); return true;
    TW_CASE(bool_, B8) TW_CASE(int8, I8) TW_CASE(int16, I16) TW_CASE(int32, I32) TW_CASE(int64, I64)
    TW_CASE(uint8, U8) TW_CASE(uint16, U16) TW_CASE(uint32, U32) TW_CASE(uint64, U64) TW_CASE(float16, F16)
    TW_CASE(float32, F32) TW_CASE(float64, F64) TW_CASE(complex64, C64) TW_CASE(complex128, C128)
    TW_CASE(pybool, B8) TW_CASE(pyint, Py) TW_CASE(pyfloat, PyF) TW_CASE(pycomplex, PyC)
#undef TW_CASE
    default: return false;
  }
  // clang-format on
}

}  // namespace thalweg::interpret
