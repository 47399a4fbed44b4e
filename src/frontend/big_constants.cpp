// Python ints that are known and leave 64 bits: folded exactly among themselves, converted beside floats and uint64,
// and a raising expression wherever the program would have to hold one while it runs.
#include <cmath>

#include "frontend/builder.h"

namespace thalweg::frontend {

using syntax::BinaryOperator;
using syntax::CompareOperator;

namespace {

constexpr int64_t kLargest = INT64_MAX;

// What is known of a Python int or bool.
std::optional<BigInteger> known_integer(const Computed& value) {
  if (value.big) return *value.big;
  if (value.integer && value.integer->as_integer()) return BigInteger(value.integer->integer());
  if (value.condition && value.condition->as_integer()) return BigInteger(value.condition->integer() != 0);
  return std::nullopt;
}

bool holds(CompareOperator op, int order) {
  switch (op) {
    case CompareOperator::lt: return order < 0;
    case CompareOperator::le: return order <= 0;
    case CompareOperator::gt: return order > 0;
    case CompareOperator::ge: return order >= 0;
    case CompareOperator::ne: return order != 0;
    default: return order == 0;
  }
}

CompareOperator mirrored(CompareOperator op) {
  switch (op) {
    case CompareOperator::lt: return CompareOperator::gt;
    case CompareOperator::le: return CompareOperator::ge;
    case CompareOperator::gt: return CompareOperator::lt;
    case CompareOperator::ge: return CompareOperator::le;
    default: return op;
  }
}

}  // namespace

Computed Builder::exact_integer(const BigInteger& value, const Span& span) const {
  if (auto small = value.small()) return integer_value(*small);
  Computed out{dtypes::pyint, {}, nullptr};
  out.tree =
      code::make(code::Op::add, {code::constant(kLargest, dtypes::pyint), code::constant(int64_t{1}, dtypes::pyint)},
                 located(span));
  out.big = std::make_shared<const BigInteger>(value);
  return out;
}

// a op b of known Python ints; nothing where it is left to the program (division by zero, bit operators).
std::optional<Computed> Builder::fold_exactly(BinaryOperator op, const Computed& left, const Computed& right,
                                              const Span& span) const {
  const auto a = known_integer(left), b = known_integer(right);
  if (!a || !b) return std::nullopt;
  const bool divides = op == BinaryOperator::div || op == BinaryOperator::floor_div || op == BinaryOperator::mod;
  if (divides && b->zero()) {
    if (!left.big) return std::nullopt;
    Computed raises{op == BinaryOperator::div ? dtypes::pyfloat : dtypes::pyint, {}, nullptr};
    const code::Op operation = op == BinaryOperator::div   ? code::Op::div
                               : op == BinaryOperator::mod ? code::Op::mod
                                                           : code::Op::floor_div;
    const double one = 1, zero = 0;
    if (raises.dtype == dtypes::pyfloat)
      raises.tree =
          code::make(operation, {code::constant(one, raises.dtype), code::constant(zero, raises.dtype)}, located(span));
    else
      raises.tree =
          code::make(operation, {code::constant(int64_t{1}, raises.dtype), code::constant(int64_t{0}, raises.dtype)},
                     located(span));
    return raises;
  }
  switch (op) {
    case BinaryOperator::add: return exact_integer(*a + *b, span);
    case BinaryOperator::sub: return exact_integer(*a - *b, span);
    case BinaryOperator::mul: return exact_integer(*a * *b, span);
    case BinaryOperator::floor_div: return exact_integer(divide(*a, *b).quotient, span);
    case BinaryOperator::mod: return exact_integer(divide(*a, *b).remainder, span);
    case BinaryOperator::div:
      if (auto quotient = true_divide(*a, *b)) return constant_float(*quotient);
      return std::nullopt;
    case BinaryOperator::pow:
    case BinaryOperator::lshift: {
      const auto count = b->small_unsigned();
      const auto factor = count ? power(op == BinaryOperator::pow ? *a : BigInteger(2), *count) : std::nullopt;
      if (!factor) return std::nullopt;
      return exact_integer(op == BinaryOperator::pow ? *factor : *a * *factor, span);
    }
    case BinaryOperator::rshift: {
      const auto factor = b->small_unsigned() ? power(BigInteger(2), *b->small_unsigned()) : std::nullopt;
      if (!factor) return std::nullopt;
      return exact_integer(divide(*a, *factor).quotient, span);
    }
    default: return std::nullopt;
  }
}

Result<Computed> Builder::cast_exact(const Computed& value, DType to, const Span& span) const {
  const BigInteger& known = *value.big;
  if (to.is_bool()) return Computed{to, {}, code::constant(true, to)};
  if (to.is_integer()) {
    if (auto fits = known.small_unsigned(); fits && to == dtypes::uint64)
      return Computed{to, {}, code::constant(*fits, to)};
    return error("TW1005", span, "Python integer " + known.text() + " out of bounds for " + to.name());
  }
  const auto real = known.to_double();
  if (!real) return error("TW1005", span, "int too large to convert to float");
  return cast(constant_float(*real), to, span);
}

namespace {

BigInteger exactly(double whole) {
  char text[400];  // the largest double has 309 digits
  snprintf(text, sizeof text, "%.0f", whole);
  return BigInteger::parse(text);
}

}  // namespace

// A comparison with a known int beyond 64 bits. Nothing: an ordinary comparison, of what the operands have become.
Result<std::optional<Computed>> Builder::compare_exactly(CompareOperator op, Computed& left, Computed& right,
                                                         const Span& span) const {
  if (!left.big && !right.big) return std::optional<Computed>();
  if (!right.big) return compare_exactly(mirrored(op), right, left, span);
  const BigInteger big = *right.big;
  if (auto other = known_integer(left); other && left.dtype.python())
    return std::optional(constant_bool(holds(op, *other < big ? -1 : big < *other ? 1 : 0)));
  if (left.dtype == dtypes::uint64 && big.small_unsigned()) {
    TW_TRY(right, cast_exact(right, dtypes::uint64, span));
    return std::optional<Computed>();
  }
  const bool python = left.dtype.python();
  if (left.dtype.is_integer() || left.dtype == dtypes::pybool) {
    const bool answer = holds(op, big.negative() ? 1 : -1);
    if (python && left.checks.empty()) return std::optional(constant_bool(answer));  // an `if` may rely on it
    Computed out{python ? dtypes::pybool : dtypes::bool_, left.shape, nullptr};
    out.tree = code::constant(answer, out.dtype);
    out.checks = left.checks;
    return std::optional(std::move(out));
  }
  if (left.dtype != dtypes::pyfloat) return std::optional<Computed>();  // NumPy converts to the array's type
  // CPython compares by value: against the neighbours of the int among the doubles.
  const auto nearest = big.to_double();
  if (nearest && exactly(*nearest) == big) {
    right = constant_float(*nearest);
    return std::optional<Computed>();
  }
  if (op == CompareOperator::eq || op == CompareOperator::ne)
    return std::optional(constant_bool(op == CompareOperator::ne));
  const double largest = std::numeric_limits<double>::max(), infinite = std::numeric_limits<double>::infinity();
  double below = nearest.value_or(big.negative() ? -infinite : largest);
  if (nearest && big < exactly(below)) below = std::nextafter(below, -infinite);
  const bool less = op == CompareOperator::lt || op == CompareOperator::le;
  const code::Ptr bound = code::constant(less ? below : std::nextafter(below, infinite), dtypes::pyfloat);
  Computed out{dtypes::pybool, {}, code::make(less ? code::Op::le : code::Op::ge, left.tree, bound)};
  out.checks = left.checks;
  return std::optional(std::move(out));
}

}  // namespace thalweg::frontend
