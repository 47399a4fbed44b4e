// Scalars that are Python's or NumPy's by the way taken: when they are Python's. Where the call's sizes do not say it, a
// symbol that is assigned on each way does.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

// When a scalar is Python's, of the type that it is on the other way.
std::optional<Expr> Builder::weak_of(const Computed& number, DType twin) const {
  return number.mixed ? number.weak : Expr(number.dtype == twin ? 1 : 0);
}

std::optional<Expr> Builder::weak_of(const Value& value, DType twin) const {
  auto* number = value.as<Computed>();
  return number ? weak_of(*number, twin) : std::nullopt;
}

base::Diagnostic Builder::either_differs(const Computed& number, const Span& span) const {
  if (number.dtype.python())
    return error("TW1012", span,
                 "this value is a Python float or a Python int, by the way taken, and the two differ here",
                 "start from a float, such as 0.0, before the loop or branch");
  return error("TW1012", span,
               "this value is a Python scalar or a NumPy scalar, by the way taken, and the two differ here",
               "start from a NumPy scalar, such as np.float64(0), before the loop or branch");
}

Status Builder::check_not_mixed(const Value& value, const Span& span) const {
  auto* number = value.as<Computed>();
  return number && number->mixed ? Status(either_differs(*number, span)) : base::success();
}

// What is made an array, or has its type from it, needs one type of elements on every way.
Status Builder::check_one_type(const Value& value, const Span& span) const {
  auto* number = value.as<Computed>();
  if (number && number->mixed && numpy_type(number->twin) != number->dtype) return either_differs(*number, span);
  if (auto* items = value.as<TupleValue>())
    for (const Value& item : items->items) TW_TRY_VOID(check_one_type(item, span));
  return base::success();
}

// A cast to NumPy's integers: Python's int must lie between their ends, NumPy's wraps.
Result<Computed> Builder::cast_either(const Computed& value, DType to, const Span& span) const {
  Computed number = value;
  number.mixed = false;
  TW_TRY(Computed out, cast(number, to, span));
  if (value.twin == dtypes::pybool) return out;
  if (value.twin != dtypes::pyint || !value.dtype.is_integer()) return either_differs(value, span);
  const IntegerRange from = integer_range(value.dtype), range = integer_range(to);
  if (from.low >= range.low && from.high <= range.high) return out;
  if (!value.weak) return either_differs(value, span);
  code::Check check = check_fits(code::cast(value.tree, dtypes::pyint), to, span);
  check.condition = code::make(code::Op::logical_or, condition_code(symbolic::eq(*value.weak, 0)), check.condition);
  out.checks.push_back(std::move(check));
  return out;
}

// One of two truth values, and of which class: `and` is the right one where the left one holds, `or` where it does not.
Status Builder::mark_either(Computed& either, const Computed& left, const Computed& right, bool is_and,
                            const Span& span) {
  if (!left.mixed && !right.mixed && left.dtype == right.dtype) return base::success();
  either.mixed = true;
  either.twin = dtypes::pybool;
  const auto first = weak_of(left, dtypes::pybool), second = weak_of(right, dtypes::pybool);
  if (!first || !second || map_depth_ > 0) return base::success();
  if (*first == *second) {
    either.weak = first;
    return base::success();
  }
  std::optional<Expr> holds = left.condition;
  if (!holds) {
    TW_TRY(Computed kept, store_scalar(left, "left_side", span));
    SymbolBounds bounds;
    bounds.low = 0;
    bounds.high = 1;
    holds = symbolic::eq(
        Expr::symbol(assign_symbol("left_holds", code::cast(kept.tree, dtypes::int64), bounds, dtypes::int64)), 1);
  }
  either.weak = is_and ? symbolic::select(*holds, *second, *first) : symbolic::select(*holds, *first, *second);
  return base::success();
}

// When a scalar that is Python's before the loop and NumPy's behind an iteration, or the other way round, is Python's.
std::optional<Expr> Builder::weak_behind(const LoopPlan& plan, const LoopFrame& frame, const Scope& before,
                                         const std::string& name) const {
  const DType twin = plan.scalars.at(name).twin;
  auto entry = before.names.find(name);
  const auto without = entry == before.names.end() ? std::nullopt : weak_of(entry->second, twin);
  if (!without || !plan.runs || varies_at_run_time(*plan.runs) || frame.arrivals.empty()) return std::nullopt;
  const auto within = weak_of(frame.arrivals.front().at(name), twin);
  for (const auto& arrival : frame.arrivals)
    if (!within || within != weak_of(arrival.at(name), twin)) return std::nullopt;
  return symbolic::select(*plan.runs, *within, *without);
}

// Do the loop's symbols say of each mixed scalar whether it is Python's, where the call's sizes do not? If not, and they
// can, they do when the loop is built again.
bool Builder::settle_flags(LoopPlan& plan, const LoopFrame& frame, const Scope& before) const {
  NameSet could, cannot;  // have a symbol of their own; have one and do not know what to set it to
  bool settled = true;
  for (const auto& [name, type] : plan.scalars) {
    if (!type.mixed || plan.unflagged.count(name)) continue;
    if (plan.flagged.count(name)) {
      for (const auto& arrival : frame.arrivals)
        if (!weak_of(arrival.at(name), type.twin)) cannot.insert(name);
      continue;
    }
    auto entry = before.names.find(name);
    const bool bound = entry != before.names.end() && !entry->second.as<Unbound>();
    if (bound && !weak_of(entry->second, type.twin)) continue;
    could.insert(name);
    if (weak_behind(plan, frame, before, name)) continue;
    plan.flagged.insert(name);
    settled = false;
  }
  if (!settled || cannot.empty()) return settled;
  plan.flagged.insert(could.begin(), could.end());  // what they are set to may depend on these
  if (!could.empty()) return false;
  for (const auto& name : cannot) plan.flagged.erase(name), plan.unflagged.insert(name);
  return false;
}

// The symbol says of the value on entry whether it is Python's.
Expr Builder::begin_flag(LoopFrame& frame, const std::string& name, const Value& entry) {
  SymbolBounds bounds;
  bounds.low = 0;
  bounds.high = 1;
  const Expr start = weak_of(entry, frame.plan->scalars.at(name).twin).value_or(Expr(0));
  frame.flags[name] = assign_symbol(name + "_is_python", code::symbol(start), bounds, dtypes::int64);
  return Expr::symbol(frame.flags[name]);
}

// The symbols := what holds for the new values, all at once.
void Builder::commit_flags(LoopFrame& frame, const std::map<std::string, Value>& values) {
  Assignments changes;
  for (const auto& [name, flag] : frame.flags) {
    const auto weak = weak_of(values.at(name), frame.plan->scalars.at(name).twin);
    if (weak && *weak != Expr::symbol(flag)) changes.emplace_back(flag, code::symbol(*weak));
  }
  assign_together(std::move(changes));
}

// What says while the program runs whether a result is Python's scalar is a result, too, behind those that are seen.
void Builder::append_flags(std::vector<ir::ReturnValue>& returns) {
  for (WeakResult& weak : built_.weak_results) {
    if (!varies_at_run_time(weak.where)) continue;
    weak.flag = returns.size();
    ir::ReturnValue flag;
    flag.kind = ir::ReturnValue::Kind::symbol;
    flag.expr = weak.where;
    returns.push_back(std::move(flag));
    built_.own_objects.push_back(false);
    built_.read_only.push_back(false);
    built_.parts.push_back(Component::whole);
    built_.zero_dimensional.push_back(false);
  }
}

}  // namespace thalweg::frontend
