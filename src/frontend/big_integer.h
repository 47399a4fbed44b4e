// Exact integers of any size, for Python constants that leave 64 bits: they live only while a program is compiled.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace thalweg::frontend {

class BigInteger {
 public:
  BigInteger(int64_t value);  // NOLINT: an int64_t is one
  static BigInteger parse(const std::string& decimal);

  bool negative() const { return negative_; }
  bool zero() const { return digits_.empty(); }
  size_t bits() const;  // of the absolute value
  std::optional<int64_t> small() const;
  std::optional<uint64_t> small_unsigned() const;
  std::string text() const;
  // The nearest double, ties to even; nothing where it is too large.
  std::optional<double> to_double() const;

  BigInteger operator-() const;
  friend BigInteger operator+(const BigInteger& a, const BigInteger& b);
  friend BigInteger operator-(const BigInteger& a, const BigInteger& b) { return a + -b; }
  friend BigInteger operator*(const BigInteger& a, const BigInteger& b);
  friend bool operator==(const BigInteger&, const BigInteger&) = default;
  friend bool operator<(const BigInteger& a, const BigInteger& b);
  // a = quotient * b + remainder with the remainder's sign that of b, as // and % of Python. b is not 0.
  struct Division;
  friend Division divide(const BigInteger& a, const BigInteger& b);
  // a / b as Python's float, correctly rounded; nothing where that is too large or not a normal number. b is not 0.
  friend std::optional<double> true_divide(const BigInteger& a, const BigInteger& b);
  friend BigInteger shifted(const BigInteger& a, size_t bits);  // a * 2**bits
  // base ** exponent; nothing where it would have more than 2**14 bits.
  friend std::optional<BigInteger> power(const BigInteger& base, uint64_t exponent);

 private:
  using Digits = std::vector<uint32_t>;  // lowest first, no leading zeros
  static int compare(const Digits& a, const Digits& b);
  static Digits add(const Digits& a, const Digits& b);
  static Digits subtract(const Digits& a, const Digits& b);  // a >= b
  static void trim(Digits& digits);
  bool bit(size_t index) const;
  Digits digits_;
  bool negative_ = false;
};
struct BigInteger::Division {
  BigInteger quotient, remainder;
};
BigInteger::Division divide(const BigInteger& a, const BigInteger& b);
std::optional<double> true_divide(const BigInteger& a, const BigInteger& b);
BigInteger shifted(const BigInteger& a, size_t bits);
std::optional<BigInteger> power(const BigInteger& base, uint64_t exponent);

}  // namespace thalweg::frontend
