// Conditions over symbols as code that stays in 64 bits: p <= n - 7 is the expression p + 7 <= n, which p may leave.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

using symbolic::Kind;

bool compares(Kind kind) { return kind == Kind::lt || kind == Kind::le || kind == Kind::eq || kind == Kind::ne; }

bool joins(Kind kind) { return kind == Kind::logical_and || kind == Kind::logical_or || kind == Kind::logical_not; }

code::Op op_of(Kind kind) {
  switch (kind) {
    case Kind::lt: return code::Op::lt;
    case Kind::le: return code::Op::le;
    case Kind::eq: return code::Op::eq;
    case Kind::logical_and: return code::Op::logical_and;
    case Kind::logical_or: return code::Op::logical_or;
    default: return code::Op::ne;
  }
}

code::Ptr number(const Expr& e) {
  return e.as_integer() ? code::constant(*e.as_integer(), dtypes::pyint) : code::symbol(e, dtypes::pyint);
}

std::vector<Expr> terms_of(const Expr& sum) {
  if (sum.kind() != Kind::add) return {sum};
  return {sum.operands().begin(), sum.operands().end()};
}

}  // namespace

// The two sides of a comparison such that both are in 64 bits: as they are, or one term against all the others.
std::optional<std::pair<Expr, Expr>> Builder::sides_in_range(const Expr& left, const Expr& right) const {
  if (interval(left) && interval(right)) return std::pair(left, right);
  for (const Expr& term : terms_of(left)) {
    const Expr rest = right - (left - term);
    if (interval(term) && interval(rest)) return std::pair(term, rest);
  }
  for (const Expr& term : terms_of(right)) {
    const Expr rest = left - (right - term);
    if (interval(term) && interval(rest)) return std::pair(rest, term);
  }
  return std::nullopt;
}

// Can the condition be asked while the program runs?
bool Builder::can_be_asked(const Expr& condition) const {
  const auto parts = condition.operands();
  if (joins(condition.kind()))
    return std::all_of(parts.begin(), parts.end(), [&](const Expr& part) { return can_be_asked(part); });
  if (compares(condition.kind())) return sides_in_range(parts[0], parts[1]).has_value();
  return interval(condition).has_value();
}

// A Python bool.
code::Ptr Builder::condition_code(const Expr& condition) const {
  const auto parts = condition.operands();
  const Kind kind = condition.kind();
  if (kind == Kind::integer) return code::constant(condition.integer() != 0, dtypes::pybool);
  if (kind == Kind::logical_not) return code::make(code::Op::logical_not, condition_code(parts[0]));
  if (joins(kind)) {
    code::Ptr all = condition_code(parts[0]);
    for (const Expr& part : parts.subspan(1)) all = code::make(op_of(kind), all, condition_code(part));
    return all;
  }
  if (!compares(kind)) return code::make(code::Op::ne, number(condition), number(0));
  const auto sides = sides_in_range(parts[0], parts[1]);
  return code::make(op_of(kind), number(sides ? sides->first : parts[0]), number(sides ? sides->second : parts[1]));
}

// A Python bool that symbols decide.
Computed Builder::condition_value(const Expr& condition) const {
  Computed out{dtypes::pybool, {}, condition_code(condition)};
  out.condition = condition;
  return out;
}

}  // namespace thalweg::frontend
