#include "ir/code_values.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace thalweg::ir::code {

namespace {

// To the nearest value with `digits` bits of significand and least exponent `least`, ties to even; beyond `largest`:
// inf.
double round_to(double value, int digits, int least, double largest) {
  if (!std::isfinite(value) || value == 0) return value;
  int exponent = 0;
  std::frexp(value, &exponent);
  const double unit = std::ldexp(1.0, std::max(exponent - digits, least - digits + 1));
  const double rounded = std::nearbyint(value / unit) * unit;
  if (std::fabs(rounded) > largest) return std::copysign(std::numeric_limits<double>::infinity(), value);
  return std::copysign(rounded, value);
}

double round_float(double value, int bytes) {
  if (bytes == 2) return round_to(value, 11, -14, 65504.0);
  if (bytes == 4) return static_cast<double>(static_cast<float>(value));
  return value;
}

struct Integer {
  bool negative;
  uint64_t bits;  // two's complement
};

std::optional<Integer> as_integer(const Value& value) {
  if (auto* v = std::get_if<bool>(&value)) return Integer{false, *v ? 1u : 0u};
  if (auto* v = std::get_if<int64_t>(&value)) return Integer{*v < 0, static_cast<uint64_t>(*v)};
  if (auto* v = std::get_if<uint64_t>(&value)) return Integer{false, *v};
  return std::nullopt;
}

std::optional<Value> to_integer(const Value& value, DType type) {
  auto from = as_integer(value);
  if (auto* v = std::get_if<double>(&value)) {
    // 2^63 and -2^63 are doubles, so the comparison is exact.
    if (!(std::trunc(*v) == *v) || (*v == 0 && std::signbit(*v))) return std::nullopt;
    if (*v >= -0x1p63 && *v < 0x1p63) from = Integer{*v < 0, static_cast<uint64_t>(static_cast<int64_t>(*v))};
  }
  if (!from) return std::nullopt;
  const int width = type.bytes() * 8;
  if (type.is_unsigned()) {
    if (from->negative || (width < 64 && from->bits >> width)) return std::nullopt;
    return Value(from->bits);
  }
  if (!from->negative && from->bits >> (width - 1)) return std::nullopt;
  const auto number = static_cast<int64_t>(from->bits);
  if (from->negative && width < 64 && number < -(int64_t{1} << (width - 1))) return std::nullopt;
  return Value(number);
}

std::optional<double> to_double(const Value& value, bool exact) {
  if (auto* v = std::get_if<double>(&value)) return *v;
  if (auto* v = std::get_if<std::complex<double>>(&value))
    return v->imag() == 0 && !std::signbit(v->imag()) ? std::optional(v->real()) : std::nullopt;
  const Integer from = *as_integer(value);
  const bool negative = from.negative;
  const uint64_t size = negative ? 0 - from.bits : from.bits;
  const double converted = static_cast<double>(size);
  if (exact && (converted >= 0x1p64 || static_cast<uint64_t>(converted) != size)) return std::nullopt;
  return negative ? -converted : converted;
}

std::optional<Value> convert(const Value& value, DType type, bool exact) {
  auto fits = [&](double from, int bytes, double& into) {
    into = round_float(from, bytes);
    return !exact || into == from || std::isnan(from);
  };
  switch (type.kind()) {
    case DTypeKind::boolean: {
      auto from = as_integer(value);
      return from && from->bits <= 1 ? std::optional<Value>(from->bits == 1) : std::nullopt;
    }
    case DTypeKind::integer:
    case DTypeKind::unsigned_integer: return to_integer(value, type);
    case DTypeKind::floating: {
      double into = 0;
      auto from = to_double(value, exact);
      return from && fits(*from, type.bytes(), into) ? std::optional<Value>(into) : std::nullopt;
    }
    case DTypeKind::complex: {
      std::complex<double> from;
      if (auto* v = std::get_if<std::complex<double>>(&value))
        from = *v;
      else if (auto real = to_double(value, exact))
        from = *real;
      else
        return std::nullopt;
      double re = 0, im = 0;
      if (!fits(from.real(), type.bytes() / 2, re) || !fits(from.imag(), type.bytes() / 2, im)) return std::nullopt;
      return Value(std::complex<double>(re, im));
    }
  }
  return std::nullopt;
}

bool same_double(double a, double b) {
  if (std::isnan(a) && std::isnan(b)) return std::signbit(a) == std::signbit(b);
  return std::memcmp(&a, &b, sizeof a) == 0;
}

}  // namespace

std::optional<Value> exact_value(const Value& value, DType type) { return convert(value, type, true); }
std::optional<Value> rounded_value(const Value& value, DType type) { return convert(value, type, false); }

bool same_value(const Value& a, const Value& b) {
  if (a.index() != b.index()) return false;
  if (auto* v = std::get_if<double>(&a)) return same_double(*v, std::get<double>(b));
  if (auto* v = std::get_if<std::complex<double>>(&a)) {
    const auto& w = std::get<std::complex<double>>(b);
    return same_double(v->real(), w.real()) && same_double(v->imag(), w.imag());
  }
  return a == b;
}

}  // namespace thalweg::ir::code
