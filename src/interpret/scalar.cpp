#include "interpret/scalar.h"

#include "interpret/types.h"

namespace thalweg::interpret {

namespace {

template <class Tag>
std::optional<Scalar> constant_of(const ir::code::Value& value, ir::DType type) {
  using T = typename Tag::T;
  return std::visit(
      [&](auto v) -> std::optional<Scalar> {
        using V = decltype(v);
        if constexpr (std::is_same_v<V, std::complex<double>>) {
          if constexpr (is_complex<Tag>) {
            using Part = decltype(T::re);
            return Scalar::of(type, T{static_cast<Part>(v.real()), static_cast<Part>(v.imag())});
          } else {
            return std::nullopt;
          }
        } else if constexpr (is_complex<Tag>) {
          using Part = decltype(T::re);
          return Scalar::of(type, T{static_cast<Part>(v), Part{0}});
        } else if constexpr (std::is_same_v<V, double> && std::is_integral_v<T>) {
          return std::nullopt;
        } else if constexpr (std::is_same_v<Tag, B8>) {
          return Scalar::of<uint8_t>(type, v != 0);
        } else {
          return Scalar::of(type, static_cast<T>(v));
        }
      },
      value);
}

}  // namespace

std::optional<Scalar> from_constant(const ir::code::Value& value, ir::DType type) {
  std::optional<Scalar> made;
  visit_type(type, [&]<class Tag>(Tag) { made = constant_of<Tag>(value, type); });
  return made;
}

int64_t to_int64(const Scalar& value) {
  int64_t result = 0;
  visit_type(value.type, [&]<class Tag>(Tag) {
    if constexpr (std::is_integral_v<typename Tag::T>)
      result = static_cast<int64_t>(value.get<typename Tag::T>());
    else
      TW_CHECK(false, "an integer was expected, not a " + value.type.name());
  });
  return result;
}

bool truth(const Scalar& value) {
  bool result = false;
  visit_type(value.type, [&]<class Tag>(Tag) { result = Tag::is_true(value.get<typename Tag::T>()); });
  return result;
}

std::string to_string(const Scalar& value) {
  std::string text = "?";
  visit_type(value.type, [&]<class Tag>(Tag) {
    using T = typename Tag::T;
    const T v = value.get<T>();
    if constexpr (is_complex<Tag>)
      text = "(" + std::to_string(v.re) + "+" + std::to_string(v.im) + "j)";
    else if constexpr (std::is_same_v<Tag, B8>)
      text = v ? "True" : "False";
    else if constexpr (std::is_integral_v<T>)
      text = std::to_string(v);
    else
      text = std::to_string(static_cast<double>(v));
  });
  return text;
}

bool same_storage(ir::DType a, ir::DType b) { return a == b || (a.kind() == b.kind() && a.bytes() == b.bytes()); }

}  // namespace thalweg::interpret
