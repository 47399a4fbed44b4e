// Conversion between element types: NumPy's astype; towards Python's types, Python's constructors.
#include "interpret/operations.h"
#include "interpret/types.h"

namespace thalweg::interpret {

namespace {

// From float or double to an integer: out of range and NaN give what NumPy gives on this machine.
#define TW_FLOAT_TO_INTEGER(S, From)                                        \
  template <class To>                                                       \
  To to_integer(From x) {                                                   \
    if constexpr (std::is_same_v<To, int8_t>) return thw_i8_from_##S(x);    \
    if constexpr (std::is_same_v<To, int16_t>) return thw_i16_from_##S(x);  \
    if constexpr (std::is_same_v<To, int32_t>) return thw_i32_from_##S(x);  \
    if constexpr (std::is_same_v<To, int64_t>) return thw_i64_from_##S(x);  \
    if constexpr (std::is_same_v<To, uint8_t>) return thw_u8_from_##S(x);   \
    if constexpr (std::is_same_v<To, uint16_t>) return thw_u16_from_##S(x); \
    if constexpr (std::is_same_v<To, uint32_t>) return thw_u32_from_##S(x); \
    if constexpr (std::is_same_v<To, uint64_t>) return thw_u64_from_##S(x); \
  }
TW_FLOAT_TO_INTEGER(f32, float)
TW_FLOAT_TO_INTEGER(f64, double)
#undef TW_FLOAT_TO_INTEGER

template <class From, class To>
typename To::T real_to_real(typename From::T x, Findings& findings) {
  using F = typename From::T;
  using T = typename To::T;
  if constexpr (std::is_same_v<To, B8>) {
    return From::is_true(x);
  } else if constexpr (std::is_same_v<F, _Float16> && !std::is_same_v<T, _Float16>) {
    return real_to_real<F32, To>(static_cast<float>(x), findings);
  } else if constexpr (std::is_same_v<To, Py> && std::is_floating_point_v<F>) {
    return thw_py_from_pyf(static_cast<double>(x), &findings.python);
  } else if constexpr (std::is_same_v<To, Py> && std::is_same_v<F, uint64_t>) {
    if (x > static_cast<uint64_t>(INT64_MAX)) findings.python |= THW_OVERFLOW;
    return static_cast<int64_t>(x);
  } else if constexpr (std::is_integral_v<T> && std::is_floating_point_v<F>) {
    return to_integer<T>(x);
  } else if constexpr (std::is_same_v<T, _Float16> && std::is_integral_v<F>) {
    return static_cast<T>(static_cast<float>(x));
  } else {
    return static_cast<T>(x);
  }
}

template <class From, class To>
typename To::T convert(typename From::T x, Findings& findings) {
  using T = typename To::T;
  if constexpr (is_complex<To>) {
    using Part = decltype(T::re);
    if constexpr (is_complex<From>)
      return T{static_cast<Part>(x.re), static_cast<Part>(x.im)};
    else
      return T{static_cast<Part>(x), Part{0}};
  } else if constexpr (is_complex<From>) {
    if constexpr (std::is_same_v<To, B8>)
      return From::is_true(x);
    else
      return convert<typename From::Part, To>(x.re, findings);
  } else {
    return real_to_real<From, To>(x, findings);
  }
}

}  // namespace

Scalar cast(const Scalar& value, ir::DType to, Findings& findings) {
  Scalar out{to, value.bytes};
  if (value.type == to) return out;
  bool known = false;
  visit_type(value.type, [&]<class From>(From) {
    known = visit_type(to, [&]<class To>(To) {
      out = Scalar::of<typename To::T>(to, convert<From, To>(value.get<typename From::T>(), findings));
    });
  });
  findings.undefined |= !known;
  return out;
}

}  // namespace thalweg::interpret
