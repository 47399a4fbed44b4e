// Loops over tuples whose body may be left by break, continue or return. Every turn is a loop of its own that runs once:
// all three leave it, and what follows asks whether the next turn is to come.
#include "frontend/builder.h"

namespace thalweg::frontend {

using namespace symbolic;  // eq, logical_and build conditions

// The turn is over, and the next one may come.
Status Builder::end_turn(const Span& span) {
  goes_on_ = true;
  TW_TRY_VOID(commit_carried(*loops_.back(), span));
  append_block(ir::make_ref<ir::JumpBlock>(unique_label("next"), ir::Jump::break_), located(span));
  cursor_.left = true;
  return base::success();
}

// The turns from number `at` on.
Status Builder::turns(const syntax::For& loop, const syntax::Stmt& statement, const Iteration& over, int64_t at,
                      int64_t count) {
  if (at == count) return base::success();
  const Span& span = statement.span;
  SymbolBounds flag;
  flag.low = 0;
  std::string broke = std::exchange(broke_, "");
  if (broke.empty() && contains_break(loop.body))
    broke = assign_symbol("broke", code::constant(int64_t{0}, dtypes::int64), flag, dtypes::int64);
  TW_TRY(Value item, over.item(Expr(at)));
  // Before the turn: what the name meant is not carried into it.
  TW_TRY_VOID(assign(*loop.target, std::move(item), span));
  LoopPlan plan = plan_loop(statement, {}, loop.body);
  plan.turn = true;
  plan.broke = broke;
  plan.runs = Expr(1);
  ir::LoopFields fields;
  fields.condition = code::constant(true, dtypes::pybool);
  const size_t returns = returns_so_far();
  const auto body = [&]() -> Status {
    goes_on_ = false;
    TW_TRY_VOID(statements(sequence(loop.body)));
    return cursor_.left ? base::success() : end_turn(span);
  };
  const std::string label = "turn_" + std::to_string(at) + "_" + std::to_string(span.line);
  TW_TRY_VOID(carried_loop(statement, fields, label, std::move(plan), body));
  if (!goes_on_) return base::success();
  flush_pending(span);
  std::vector<Expr> stays;
  if (!broke.empty()) stays.push_back(eq(Expr::symbol(broke), 0));
  if (returns_so_far() > returns) stays.push_back(eq(Expr::symbol(frames_.back().return_points.back().flag), 0));
  broke_ = broke;
  if (stays.empty()) return turns(loop, statement, over, at + 1, count);
  const Expr holds = stays.size() == 1 ? stays[0] : logical_and(stays[0], stays[1]);
  Computed condition{dtypes::pybool, {}, condition_code(holds)};
  condition.condition = holds;
  TW_TRY_VOID(two_ways(condition, span,
                       {[&] { return turns(loop, statement, over, at + 1, count); }, [] { return base::success(); }},
                       &live().after(statement)));
  broke_.clear();
  return base::success();
}

}  // namespace thalweg::frontend
