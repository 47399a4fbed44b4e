// School arithmetic on 32-bit digits: such constants are few and short.
#include "frontend/big_integer.h"

#include <algorithm>
#include <cmath>

namespace thalweg::frontend {

namespace {

constexpr size_t kMaxPowerBits = size_t{1} << 14;

}  // namespace

BigInteger::BigInteger(int64_t value) : negative_(value < 0) {
  uint64_t rest = negative_ ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  for (; rest; rest >>= 32) digits_.push_back(static_cast<uint32_t>(rest));
}

BigInteger BigInteger::parse(const std::string& decimal) {
  BigInteger out(0);
  for (char c : decimal)
    if (c >= '0' && c <= '9') out = out * 10 + (c - '0');
  return decimal.starts_with('-') ? -out : out;
}

void BigInteger::trim(Digits& digits) {
  while (!digits.empty() && digits.back() == 0) digits.pop_back();
}

size_t BigInteger::bits() const {
  if (zero()) return 0;
  size_t count = (digits_.size() - 1) * 32;
  for (uint32_t top = digits_.back(); top; top >>= 1) ++count;
  return count;
}

bool BigInteger::bit(size_t index) const {
  return index / 32 < digits_.size() && (digits_[index / 32] >> (index % 32) & 1) != 0;
}

std::optional<uint64_t> BigInteger::small_unsigned() const {
  if (digits_.size() > 2 || (negative_ && !zero())) return std::nullopt;
  uint64_t value = 0;
  for (size_t i = digits_.size(); i-- > 0;) value = value << 32 | digits_[i];
  return value;
}

std::optional<int64_t> BigInteger::small() const {
  const auto magnitude = (negative_ ? -*this : *this).small_unsigned();
  const uint64_t limit = (uint64_t{1} << 63) - (negative_ ? 0 : 1);
  if (!magnitude || *magnitude > limit) return std::nullopt;
  return static_cast<int64_t>(negative_ ? 0 - *magnitude : *magnitude);
}

std::string BigInteger::text() const {
  if (zero()) return "0";
  std::string out;
  Digits rest = digits_;
  while (!rest.empty()) {
    uint64_t remainder = 0;
    for (size_t i = rest.size(); i-- > 0;) {
      const uint64_t value = remainder << 32 | rest[i];
      rest[i] = static_cast<uint32_t>(value / 10);
      remainder = value % 10;
    }
    out += static_cast<char>('0' + remainder);
    trim(rest);
  }
  if (negative_) out += '-';
  std::reverse(out.begin(), out.end());
  return out;
}

int BigInteger::compare(const Digits& a, const Digits& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (size_t i = a.size(); i-- > 0;)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

BigInteger::Digits BigInteger::add(const Digits& a, const Digits& b) {
  Digits out;
  uint64_t carry = 0;
  for (size_t i = 0; i < std::max(a.size(), b.size()) || carry; ++i) {
    carry += (i < a.size() ? a[i] : uint64_t{0}) + (i < b.size() ? b[i] : uint64_t{0});
    out.push_back(static_cast<uint32_t>(carry));
    carry >>= 32;
  }
  return out;
}

BigInteger::Digits BigInteger::subtract(const Digits& a, const Digits& b) {
  Digits out;
  int64_t borrow = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    int64_t value = static_cast<int64_t>(a[i]) - (i < b.size() ? static_cast<int64_t>(b[i]) : 0) - borrow;
    borrow = value < 0;
    out.push_back(static_cast<uint32_t>(value));
  }
  trim(out);
  return out;
}

BigInteger BigInteger::operator-() const {
  BigInteger out = *this;
  out.negative_ = !negative_ && !zero();
  return out;
}

BigInteger operator+(const BigInteger& a, const BigInteger& b) {
  BigInteger out(0);
  if (a.negative_ == b.negative_) {
    out.digits_ = BigInteger::add(a.digits_, b.digits_);
    out.negative_ = a.negative_;
  } else {
    const bool larger = BigInteger::compare(a.digits_, b.digits_) >= 0;
    const BigInteger &big = larger ? a : b, &less = larger ? b : a;
    out.digits_ = BigInteger::subtract(big.digits_, less.digits_);
    out.negative_ = big.negative_ && !out.zero();
  }
  return out;
}

BigInteger operator*(const BigInteger& a, const BigInteger& b) {
  BigInteger out(0);
  out.digits_.assign(a.digits_.size() + b.digits_.size(), 0);
  for (size_t i = 0; i < a.digits_.size(); ++i) {
    uint64_t carry = 0;
    for (size_t k = 0; k < b.digits_.size() || carry; ++k) {
      carry += out.digits_[i + k] + (k < b.digits_.size() ? uint64_t{a.digits_[i]} * b.digits_[k] : 0);
      out.digits_[i + k] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  BigInteger::trim(out.digits_);
  out.negative_ = a.negative_ != b.negative_ && !out.zero();
  return out;
}

bool operator<(const BigInteger& a, const BigInteger& b) {
  if (a.negative_ != b.negative_) return a.negative_;
  const int order = BigInteger::compare(a.digits_, b.digits_);
  return a.negative_ ? order > 0 : order < 0;
}

BigInteger shifted(const BigInteger& a, size_t bits) {
  BigInteger out = a;
  out.digits_.insert(out.digits_.begin(), a.zero() ? 0 : bits / 32, 0);
  return out * BigInteger(int64_t{1} << (bits % 32));
}

// Bit by bit, on the absolute values.
BigInteger::Division divide(const BigInteger& a, const BigInteger& b) {
  BigInteger quotient(0), remainder(0), divisor = b.negative_ ? -b : b;
  quotient.digits_.assign(a.digits_.size(), 0);
  for (size_t i = a.bits(); i-- > 0;) {
    remainder = remainder + remainder + (a.bit(i) ? 1 : 0);
    if (remainder < divisor) continue;
    remainder = remainder - divisor;
    quotient.digits_[i / 32] |= uint32_t{1} << (i % 32);
  }
  BigInteger::trim(quotient.digits_);
  if (a.negative_ != b.negative_) {  // towards minus infinity
    quotient = remainder.zero() ? -quotient : -quotient - 1;
    if (!remainder.zero()) remainder = divisor - remainder;
  }
  return {quotient, b.negative_ ? -remainder : remainder};
}

std::optional<double> BigInteger::to_double() const {
  const size_t length = bits();
  if (length <= 53) {
    double out = 0;
    for (size_t i = digits_.size(); i-- > 0;) out = out * 4294967296.0 + digits_[i];
    return negative_ ? -out : out;
  }
  const size_t dropped = length - 53;
  uint64_t mantissa = 0;
  for (size_t i = 0; i < 53; ++i) mantissa = mantissa << 1 | bit(length - 1 - i);
  bool below_half = true;  // is what is dropped, without its first bit, nothing?
  for (size_t i = 0; i + 1 < dropped; ++i) below_half = below_half && !bit(i);
  if (bit(dropped - 1) && (!below_half || (mantissa & 1))) ++mantissa;
  const double out = std::ldexp(static_cast<double>(mantissa), static_cast<int>(dropped));
  if (std::isinf(out)) return std::nullopt;
  return negative_ ? -out : out;
}

std::optional<double> true_divide(const BigInteger& a, const BigInteger& b) {
  if (a.zero()) return b.negative_ ? -0.0 : 0.0;
  // A quotient of more than 65 bits whose last one says whether anything was left.
  const size_t shift = b.bits() + 66 > a.bits() ? b.bits() + 66 - a.bits() : 0;
  BigInteger top = shifted(a, shift), bottom = b;
  top.negative_ = bottom.negative_ = false;
  auto [quotient, remainder] = divide(top, bottom);
  if (!remainder.zero()) quotient.digits_[0] |= 1;
  const auto rounded = quotient.to_double();
  if (!rounded) return std::nullopt;
  const double out = std::ldexp(*rounded, -static_cast<int>(shift));
  if (!std::isnormal(out)) return std::nullopt;
  return a.negative_ != b.negative_ ? -out : out;
}

std::optional<BigInteger> power(const BigInteger& base, uint64_t exponent) {
  if (base.bits() > 1 && (exponent > kMaxPowerBits || base.bits() * exponent > kMaxPowerBits)) return std::nullopt;
  BigInteger out(1), square = base;
  for (; exponent; exponent >>= 1) {
    if (exponent & 1) out = out * square;
    if (exponent > 1) square = square * square;
  }
  return out;
}

}  // namespace thalweg::frontend
