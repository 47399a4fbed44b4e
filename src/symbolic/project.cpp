// What a subset touches while a parameter runs: the parameter is replaced by the hull over its values.
#include <algorithm>

#include "symbolic/interval.h"

namespace thalweg::symbolic {

namespace {

bool uses(const Expr& expr, const std::string& name) {
  if (expr.is_symbol()) return expr.name() == name;
  return std::any_of(expr.operands().begin(), expr.operands().end(), [&](const Expr& e) { return uses(e, name); });
}

enum class Trend { constant, rising, falling, unknown };

Trend turned(Trend trend) {
  if (trend == Trend::rising) return Trend::falling;
  return trend == Trend::falling ? Trend::rising : trend;
}

Trend joined(Trend a, Trend b) {
  if (a == Trend::constant) return b;
  if (b == Trend::constant || a == b) return a;
  return Trend::unknown;
}

// How the value moves when `name` grows (never the other way; it may stand still).
Trend trend_of(const Expr& expr, const std::string& name, const Facts& facts) {
  if (!uses(expr, name)) return Trend::constant;
  std::span<const Expr> o = expr.operands();
  switch (expr.kind()) {
    case Kind::symbol: return Trend::rising;
    case Kind::add:
    case Kind::min:
    case Kind::max: {
      Trend all = Trend::constant;
      for (const Expr& operand : o) all = joined(all, trend_of(operand, name, facts));
      return all;
    }
    case Kind::mul: {
      // Exactly one factor moves, the sign of the rest is known.
      Trend moving = Trend::constant;
      Expr rest = 1;
      for (const Expr& factor : o) {
        Trend one = trend_of(factor, name, facts);
        if (one == Trend::constant)
          rest = rest * factor;
        else if (moving != Trend::constant)
          return Trend::unknown;
        else
          moving = one;
      }
      if (facts.proves(ge(rest, 0))) return moving;
      return facts.proves(le(rest, 0)) ? turned(moving) : Trend::unknown;
    }
    case Kind::floor_div:
      if (uses(o[1], name) || !facts.proves(ge(o[1], 1))) return Trend::unknown;
      return trend_of(o[0], name, facts);
    default: return Trend::unknown;
  }
}

// The coefficient of `name` in an expression that is linear in it.
std::optional<Expr> linear_coefficient(const Expr& expr, const std::string& name) {
  Expr symbol = Expr::symbol(name);
  Expr slope = substitute(expr, {{name, symbol + 1}}) - expr;
  if (uses(slope, name)) return std::nullopt;
  // The difference is constant for i + mod-like terms only by rewriting; check against the line itself.
  Expr at_zero = substitute(expr, {{name, 0}});
  return at_zero + slope * symbol == expr ? std::optional(slope) : std::nullopt;
}

struct Ends {
  Expr first, last;  // the parameter's smallest and largest value
};

// The value of `expr` where it is smallest (largest) for the parameter between the ends.
std::optional<Expr> extreme(const Expr& expr, const std::string& name, const Ends& ends, bool smallest,
                            const Facts& facts) {
  switch (trend_of(expr, name, facts)) {
    case Trend::constant: return expr;
    case Trend::rising: return substitute(expr, {{name, smallest ? ends.first : ends.last}});
    case Trend::falling: return substitute(expr, {{name, smallest ? ends.last : ends.first}});
    case Trend::unknown: return std::nullopt;
  }
  return std::nullopt;
}

// The stride on which all touched elements stand, given how far the beginning moves per step of the parameter.
int64_t common_stride(const Interval& inner, const std::optional<Expr>& move) {
  auto stride = inner.constant_stride();
  auto shift = move ? move->as_integer() : std::nullopt;
  if (!stride || !shift || *shift == INT64_MIN) return 1;
  int64_t distance = *shift < 0 ? -*shift : *shift;
  if (inner.range().is_index()) return std::max<int64_t>(distance, 1);
  return distance % *stride == 0 ? *stride : 1;
}

std::optional<Range> project_range(const Range& range, const std::string& name, const Range& over, const Facts& facts) {
  // An index that moves in equal steps touches exactly as many elements as the parameter has values.
  std::optional<Expr> slope = linear_coefficient(range.begin, name);
  std::optional<Expr> move = slope ? std::optional(*slope * over.step) : std::nullopt;
  bool moves = move && facts.proves(ne(*move, 0));
  if (range.is_index() && moves) {
    Range out{substitute(range.begin, {{name, over.begin}}), over.size, *move};
    if (out.is_index()) out.step = 1;
    return out;
  }
  auto parameter = Interval::of(over, facts);
  if (!parameter || uses(range.step, name)) return std::nullopt;
  auto inner = Interval::of(range, facts);
  if (!inner) return std::nullopt;
  Ends ends{parameter->low(), parameter->high()};
  auto low = extreme(inner->low(), name, ends, true, facts);
  auto high = extreme(inner->high(), name, ends, false, facts);
  if (!low || !high) return std::nullopt;
  int64_t stride = common_stride(*inner, move);
  Range out{*low, facts.simplify(max(0, floor_div(*high - *low, stride) + 1)), stride};
  if (out.is_index()) out.step = 1;
  return out;
}

}  // namespace

std::optional<Subset> project(const Subset& subset, const std::string& parameter, const Range& over,
                              const Facts& facts) {
  Subset out;
  for (const Range& range : subset.ranges) {
    bool concerned = uses(range.begin, parameter) || uses(range.size, parameter) || uses(range.step, parameter);
    std::optional<Range> one = concerned ? project_range(range, parameter, over, facts) : range;
    if (!one) return std::nullopt;
    out.ranges.push_back(std::move(*one));
  }
  return out;
}

}  // namespace thalweg::symbolic
