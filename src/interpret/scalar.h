// One value of any element type, as bytes with its type beside it.
#pragma once
#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ir/code.h"
#include "ir/dtype.h"

namespace thalweg::interpret {

struct Scalar {
  ir::DType type;
  alignas(16) std::array<std::byte, 16> bytes{};

  template <class T>
  T get() const {
    static_assert(sizeof(T) <= 16);
    T value;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  template <class T>
  static Scalar of(ir::DType type, T value) {
    static_assert(sizeof(T) <= 16);
    Scalar made{type, {}};
    std::memcpy(made.bytes.data(), &value, sizeof(T));
    return made;
  }
  static Scalar boolean(bool value) { return of<uint8_t>(ir::dtypes::bool_, value); }
  static Scalar int64(int64_t value) { return of(ir::dtypes::int64, value); }
};

// The constant of a code tree as a value of `type`; nothing when the type is not one of ours.
std::optional<Scalar> from_constant(const ir::code::Value& value, ir::DType type);
// Integers and booleans as 64 bits (uint64 keeps its bits).
int64_t to_int64(const Scalar& value);
// Is it non-zero? (NaN is.)
bool truth(const Scalar& value);
std::string to_string(const Scalar& value);

// Whether two types are stored alike, so that a container of one may be read as the other (pyint and int64).
bool same_storage(ir::DType a, ir::DType b);

}  // namespace thalweg::interpret
