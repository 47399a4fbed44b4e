#include "ir/unit.h"

#include <limits>

namespace thalweg::ir {

std::optional<code::Ptr> unit_of(Wcr op, DType type) {
  auto number = [&](int64_t value) { return code::cast(code::constant(value, dtypes::int64), type); };
  if (type.is_bool()) {
    const bool truth = op == Wcr::logical_and || op == Wcr::bitwise_and || op == Wcr::product || op == Wcr::min;
    return code::cast(code::constant(truth, dtypes::bool_), type);
  }
  switch (op) {
    case Wcr::sum:
    case Wcr::bitwise_or:
    case Wcr::bitwise_xor:
    case Wcr::logical_or: return number(0);
    case Wcr::product:
    case Wcr::logical_and: return number(1);
    case Wcr::bitwise_and: return number(-1);
    default: break;
  }
  if ((op != Wcr::min && op != Wcr::max) || !type.is_integer()) return std::nullopt;
  const int bits = 8 * type.bytes();
  if (type.is_unsigned()) return op == Wcr::max ? number(0) : number(-1);
  const int64_t largest = std::numeric_limits<int64_t>::max() >> (64 - bits);
  return number(op == Wcr::min ? largest : -largest - 1);
}

}  // namespace thalweg::ir
