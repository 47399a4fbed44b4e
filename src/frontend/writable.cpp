// Arrays that the caller does not let the program write: read-only ones, and those whose elements share memory. Where
// such a write would happen, NumPy's error is raised instead; where it is never reached, nothing is.
#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

std::string message_for(Writing writing, const std::string& container, bool by_ufunc) {
  if (writing == Writing::shared)
    return "'" + container + "' is written, but several of its elements share one place in memory; pass a copy";
  return by_ufunc ? "output array is read-only" : "assignment destination is read-only";
}

}  // namespace

// Emits what a write of `value` to `target` must raise; the value is computed before. False: nothing is ever written.
Result<bool> Builder::may_write(const Array& target, const Value& value, const Span& span, bool by_ufunc) {
  TW_TRY_VOID(check_sure(target.container, span));
  if (target.writes == Through::unsupported) TW_TRY_VOID(check_plain(target, "write it", span));
  if (target.writes == Through::read_only) {
    TW_TRY_VOID(evaluate_only(value, span));
    emit_check(Expr(0), base::ErrorKind::value, message_for(Writing::read_only, target.container, by_ufunc), {}, span);
    return false;
  }
  if (unwritable_.empty()) return true;
  std::string message;
  bool sometimes = false;
  for (const std::string& name : memory_of(target.container)) {
    auto closed = unwritable_.find(name);
    if (closed == unwritable_.end())
      sometimes = true;
    else if (message.empty())
      message = message_for(closed->second, name, by_ufunc);
  }
  if (message.empty()) return true;
  if (!sometimes) {
    TW_TRY_VOID(evaluate_only(value, span));
    emit_check(Expr(0), base::ErrorKind::value, message, {}, span);
    return false;
  }
  // A reference that points at one or the other: its symbol says which.
  const code::Ptr closed = condition_code(symbolic::eq(Expr::symbol(writable_symbols_.at(target.container)), 0));
  ir::ConditionalBlock& guard =
      append_block(ir::make_ref<ir::ConditionalBlock>(unique_label("writable")), located(span));
  const Cursor outer = cursor_;
  ir::ControlFlowRegion& body =
      guard.add_branch(closed, ir::make_ref<ir::ControlFlowRegion>(unique_label("read_only")));
  cursor_ = Cursor{outer.sdfg, &body, nullptr, false, {}};
  emit_check(Expr(0), base::ErrorKind::value, message, {}, span);
  cursor_ = outer;
  return true;
}

// Keeps account of whether what references point at may be written, on the transition that follows their setting.
void Builder::track_writable(const std::vector<std::pair<std::string, Array>>& sets) {
  if (unwritable_.empty()) return;
  Assignments changes;
  for (const auto& [reference, array] : sets) {
    bool open = false, closed = false;
    for (const std::string& name : memory_of(array.container)) (unwritable_.count(name) ? closed : open) = true;
    code::Ptr value = code::constant(int64_t{open ? 1 : 0}, dtypes::int64);
    if (open && closed) value = code::symbol(Expr::symbol(writable_symbols_.at(array.container)));
    if (!writable_symbols_.count(reference)) {
      SymbolBounds bounds;
      bounds.low = 0;
      bounds.high = 1;
      bounds.at_run_time = true;
      writable_symbols_[reference] = fresh(reference + "_writable");
      declare_symbol(writable_symbols_[reference], dtypes::int64, bounds);
    }
    changes.emplace_back(writable_symbols_[reference], std::move(value));
  }
  assign_together(std::move(changes));
}

}  // namespace thalweg::frontend
