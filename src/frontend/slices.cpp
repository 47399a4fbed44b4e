// Python's slices and integer indices as ranges: the plain case under facts and guards, else exactly slice.indices.
#include "base/planted.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

using namespace symbolic;  // lt, le, select ... read as in the comments

namespace {

constexpr int64_t kBeyond = int64_t{1} << 48;  // more than an extent can be
constexpr int64_t kFar = int64_t{1} << 31;     // a stride times a step that is no longer stays within 64 bits

// A bound that Python adjusts: counted from the end where negative, then clamped to [low, high].
Expr clamped(const Expr& bound, const Expr& extent, const Expr& low, const Expr& high) {
  if (base::planted("frontend.slice_not_clamped")) return select(lt(bound, 0), bound + extent, min(bound, high));
  return select(lt(bound, 0), max(bound + extent, low), min(bound, high));
}

}  // namespace

// Where the bound lies when no clamping is needed.
static Expr unclamped(Builder& builder, const Expr& bound, const Expr& extent, const Span& span, bool& known) {
  if (builder.decide(ge(bound, 0), span, "this slice bound is not negative")) return bound;
  if (builder.facts_.proves(lt(bound, 0))) return bound + extent;
  known = false;
  return bound;
}

Result<Range> Builder::slice_range(const SliceValue& slice, const Expr& extent, const Span& span) {
  auto part = [&](const std::shared_ptr<Value>& value) -> Result<std::optional<Expr>> {
    if (!value || value->as<NoneObject>()) return std::optional<Expr>();
    // A bound beyond 64 bits lies behind every end.
    if (auto* known = value->as<Computed>(); known && known->big)
      return std::optional<Expr>(known->big->negative() ? -kBeyond : kBeyond);
    Value held = *value;
    if (auto* number = held.as<Computed>(); number && number->dtype == dtypes::uint64 && number->scalar()) {
      TW_TRY(held, call_known("numpy.minimum", {{held, Value(integer_value(kBeyond))}, {}, span}, span));
    }
    TW_TRY(Expr bound, symbol_of(held, span, "a slice bound"));
    return std::optional<Expr>(bound);
  };
  TW_TRY(std::optional<Expr> lower, part(slice.lower));
  TW_TRY(std::optional<Expr> upper, part(slice.upper));
  TW_TRY(std::optional<Expr> given_step, part(slice.step));
  Expr step = given_step.value_or(Expr(1));
  if (step.is(0)) return error("TW1032", span, "slice step cannot be zero");
  const bool up = decide(ge(step, 1), span, "this slice goes upwards");
  const bool down = !up && (facts_.proves(lt(step, 0)) || decide(le(step, -1), span, "this slice goes downwards"));
  if (!decide(up ? le(step, kFar) : ge(step, -kFar), span, "this slice's step is not huge") ||
      (!up && !down && !decide(le(step, kFar), span, "this slice's step is not huge"))) {
    // A step longer than the array leaves one element, as one of the array's length does.
    const Expr whole = max(extent, 1);
    step = named(facts_.simplify(max(min(step, whole), -whole)), "step");
    if (up) facts_.assume(ge(step, 1));
    if (down) facts_.assume(le(step, -1));
  }
  if (!up && !down) {  // Python decides when the program runs
    emit_check(ne(step, 0), base::ErrorKind::value, "slice step cannot be zero", {}, span);
    const Expr rising = gt(step, 0);
    auto end_of = [&](const std::optional<Expr>& bound, const Expr& above, const Expr& below) {
      if (!bound) return select(rising, above, below);
      return select(rising, clamped(*bound, extent, 0, extent), clamped(*bound, extent, -1, extent - 1));
    };
    const Expr start = end_of(lower, 0, extent - 1), stop = end_of(upper, extent, -1);
    const Expr size = select(rising, max(0, floor_div(stop - start + step - 1, max(step, 1))),
                             max(0, floor_div(start - stop - step - 1, max(-step, 1))));
    return Range{start, size, step};
  }
  const Expr low = up ? 0 : -1, high = up ? extent : extent - 1;
  bool known = true;
  const Expr start = lower ? unclamped(*this, *lower, extent, span, known) : up ? Expr(0) : extent - 1;
  const Expr stop = upper ? unclamped(*this, *upper, extent, span, known) : up ? extent : Expr(-1);
  const Expr &first = up ? start : stop, &last = up ? stop : start;
  const Expr stride = up ? step : -step;
  if (known && decide(le(first, last), span, "this slice is not reversed") &&
      decide(ge(first, low), span, "this slice begins inside its array") &&
      decide(le(last, high), span, "this slice ends inside its array"))
    return Range{start, ceil_div(last - first, stride), step};
  const Expr from = lower ? clamped(*lower, extent, low, high) : start;
  const Expr to = upper ? clamped(*upper, extent, low, high) : stop;
  const Expr distance = up ? to - from : from - to;
  const Expr begin = named(facts_.simplify(from), "begin");
  const Expr size = named(facts_.simplify(max(0, ceil_div(distance, stride))), "size");
  facts_.assume(ge(size, 0));
  facts_.assume(ge(begin, low));
  facts_.assume(le(begin, high));
  if (up && stride.is(1)) facts_.assume(le(begin + size, max(begin, extent)));
  return Range{begin, size, step};
}

// Clamped bounds of clamped bounds double with every slice: what is not small becomes a symbol of its own.
Expr Builder::named(const Expr& value, const std::string& base) {
  constexpr int kSmall = 5;
  int nodes = 0;
  auto count = [&](auto& self, const Expr& expr) -> void {
    ++nodes;
    for (const Expr& operand : expr.operands()) self(self, operand);
  };
  count(count, value);
  if (nodes <= kSmall) return value;
  const std::string name = assign_symbol(base, code::symbol(value), SymbolBounds{}, dtypes::int64);
  constexpr int kTold = 50;
  if (nodes <= kTold) named_.insert_or_assign(name, symbolic::substitute(value, named_));
  return Expr::symbol(name);
}

Result<Expr> Builder::plain_index(const Expr& index, const Expr& extent, size_t axis, const Span& span) {
  const std::string message = "index {0} is out of bounds for axis " + std::to_string(axis) + " with size {1}";
  // Behind a check that never holds nothing is reached: facts that contradict one another would decide anything there.
  auto assume = [&](const Expr& holds) {
    if (facts_.prove(holds) != symbolic::Truth::no) facts_.assume(holds);
  };
  auto check = [&](const Expr& holds) {
    emit_check(holds, base::ErrorKind::index, message, {index, extent}, span);
    assume(holds);
  };
  if (facts_.proves(lt(index, 0))) {
    const Expr holds = ge(index + extent, 0);
    if (!decide(holds, span, "this index is inside its array")) check(holds);
    return index + extent;
  }
  if (decide(ge(index, 0), span, "this index is not negative")) {
    const Expr holds = lt(index, extent);
    if (!decide(holds, span, "this index is inside its array")) check(holds);
    return index;
  }
  const Expr place = select(lt(index, 0), index + extent, index);  // index + extent may not fit where it is not asked
  emit_check(logical_and(ge(place, 0), lt(place, extent)), base::ErrorKind::index, message, {index, extent}, span);
  assume(logical_and(ge(index + extent, 0), lt(index, extent)));
  return place;
}

// slice.start, slice.stop, slice.step
ValueResult Builder::part_of_slice(const SliceValue& slice, const std::string& name, const Span& span) const {
  const std::shared_ptr<Value>* part = name == "start"  ? &slice.lower
                                       : name == "stop" ? &slice.upper
                                       : name == "step" ? &slice.step
                                                        : nullptr;
  if (!part) return error("TW1024", span, "a slice has no attribute '" + name + "' that is supported here");
  return *part ? **part : Value(NoneObject{});
}

}  // namespace thalweg::frontend
