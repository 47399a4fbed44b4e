// if, while, break, continue, return.
#include "base/match.h"
#include "base/planted.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

using namespace symbolic;  // lt, ge ... build conditions

void Builder::return_to(const FactsMark& mark) {
  facts_ = mark.facts;
  for (size_t i = mark.entry; i < entry_facts_.size(); ++i) facts_.assume(entry_facts_[i]);
}

// A condition as a branch or loop can ask it: over symbols and scalar containers, and never raising.
Result<Computed> Builder::condition_for_branch(const Computed& condition, const Span& span) {
  std::set<std::string> inputs;
  code::collect_inputs(*condition.tree, inputs);
  bool direct = condition.checks.empty() && !code::may_raise(*condition.tree);
  for (const auto& name : inputs) direct &= name[0] != '$';
  if (!direct) return store_scalar(condition, "condition", span);
  for (const auto& name : inputs) use(name);
  return condition;
}

Status Builder::if_statement(const syntax::If& branch, const syntax::Stmt& statement, const Sequence& rest) {
  const Span& span = statement.span;
  TW_TRY(Value asked, evaluate_for_truth(*branch.condition));
  TW_TRY(Computed condition, truth(asked, branch.condition->span));
  Sequence sides[2] = {sequence(branch.body), sequence(branch.orelse)};
  const bool takes_rest =
      !rest.empty() || ((contains_return(branch.body) || contains_return(branch.orelse)) && !in_loop());
  for (Sequence& side : sides) side.insert(side.end(), rest.begin(), rest.end());
  if (condition.condition && condition.condition->as_integer())
    return statements(sides[condition.condition->integer() ? 0 : 1]);
  TW_TRY(condition, condition_for_branch(condition, branch.condition->span));
  return two_ways(condition, span, {[&] { return statements(sides[0]); }, [&] { return statements(sides[1]); }},
                  takes_rest ? nullptr : &live().after(statement));
}

// Where the condition holds the first way, else the second. `live_behind`: names that are read where the ways meet; none
// where they are the rest of the function.
Status Builder::two_ways(const Computed& condition, const Span& span, const Ways& ways, const NameSet* live_behind) {
  const std::string line = std::to_string(span.line);
  ir::ConditionalBlock& conditional =
      append_block(ir::make_ref<ir::ConditionalBlock>(unique_label("if_" + line)), located(span));
  const Cursor outer = cursor_;
  const Scope before = scope_;
  const auto before_result = result_;
  std::vector<Branch> branches;
  for (int side = 0; side < 2; ++side) {
    ir::ControlFlowRegion& body = conditional.add_branch(
        side == 0 ? condition.tree : nullptr,
        ir::make_ref<ir::ControlFlowRegion>(unique_label((side == 0 ? "then_" : "else_") + line)));
    body.set_location({located(span)});
    cursor_ = Cursor{outer.sdfg, &body, nullptr, false, {}};
    scope_ = before;
    result_ = before_result;
    const FactsMark mark = mark_facts();
    const bool holds = side == 0 || base::planted("frontend.else_knows_then");
    if (condition.condition) facts_.assume(holds ? *condition.condition : logical_not(*condition.condition));
    const int around = branches_around_;
    if (live_behind || side == 0) ++branches_around_;  // the way without a return has the rest of the function
    TW_TRY_VOID(ways[static_cast<size_t>(side)]());
    branches_around_ = around;
    return_to(mark);
    branches.push_back({cursor_, scope_, result_});
  }
  cursor_ = outer;
  scope_ = before;
  if (live_behind) {
    TW_TRY_VOID(join(branches, *live_behind, span));
    cursor_.left = branches[0].cursor.left && branches[1].cursor.left;
    if (condition.condition && branches[0].cursor.left != branches[1].cursor.left)  // what follows came the other way
      facts_.assume(branches[1].cursor.left ? *condition.condition : logical_not(*condition.condition));
  } else {
    TW_TRY_VOID(join_results(branches, span));
    cursor_.left = true;
  }
  for (Branch& arm : branches) {
    const Cursor kept = std::exchange(cursor_, arm.cursor);
    flush_pending(span);
    cursor_ = kept;
  }
  if (conditional.branches().back().body->blocks().empty()) conditional.remove_branch(1);
  return base::success();
}

// The function's result where its last ways meet.
Status Builder::join_results(std::vector<Branch>& branches, const Span& span) {
  std::vector<Branch*> arms;
  std::vector<Value> values;
  for (Branch& arm : branches) {
    if (arm.cursor.left && !arm.result) continue;  // it raised
    arms.push_back(&arm);
    values.push_back(arm.result ? *arm.result : Value(NoneObject{}));
  }
  if (arms.size() == 1) {
    result_ = std::move(values[0]);
  } else if (branches[0].result || branches[1].result) {
    TW_TRY(Value joined, join_values(frames_.back().hint, arms, std::move(values), span));
    result_ = std::move(joined);
  }
  return join_fields(arms, span);
}

Status Builder::while_statement(const syntax::While& loop, const syntax::Stmt& statement) {
  const Span& span = statement.span;
  LoopPlan plan = plan_loop(statement, walrus_names(*loop.condition), loop.body);
  std::string ran;  // the symbol that says whether the body has run, where a name depends on it
  auto* constant = std::get_if<syntax::Constant>(&loop.condition->content);
  auto* truth_value = constant ? std::get_if<bool>(&constant->value) : nullptr;
  if (truth_value && *truth_value) plan.runs = Expr(1);
  for (const auto& name : plan.names) {
    auto before = scope_.names.find(name);
    const bool bound = before != scope_.names.end() && !before->second.as<Unbound>();
    if (bound || plan.runs || !live().after(statement).count(name)) continue;
    SymbolBounds bounds;
    bounds.low = 0;
    bounds.high = 1;
    ran = assign_symbol("ran", code::constant(int64_t{0}, dtypes::int64), bounds, dtypes::int64);
    plan.runs = eq(Expr::symbol(ran), 1);
  }
  ir::LoopFields fields;
  fields.condition = code::constant(true, dtypes::pybool);
  auto body = [&]() -> Status {
    TW_TRY(Value asked, evaluate_for_truth(*loop.condition));
    TW_TRY(Computed condition, truth(asked, loop.condition->span));
    const bool endless = condition.condition && condition.condition->is(1);
    if (!endless) {
      TW_TRY(condition, condition_for_branch(condition, loop.condition->span));
      auto* region = dynamic_cast<ir::LoopRegion*>(cursor_.region);
      if (region && !cursor_.last && cursor_.pending.empty()) {
        region->set<&ir::LoopFields::condition>(condition.tree);
      } else {  // the condition takes states of its own: asked at the head of the body
        ir::ConditionalBlock& stop =
            append_block(ir::make_ref<ir::ConditionalBlock>(unique_label("until")), located(span));
        const Cursor outer = cursor_;
        ir::ControlFlowRegion& leave = stop.add_branch(code::make(code::Op::logical_not, condition.tree),
                                                       ir::make_ref<ir::ControlFlowRegion>(unique_label("leave")));
        cursor_ = Cursor{outer.sdfg, &leave, nullptr, false, {}};
        append_block(ir::make_ref<ir::JumpBlock>(unique_label("break"), ir::Jump::break_), located(span));
        cursor_ = outer;
      }
      if (condition.condition) facts_.assume(*condition.condition);
    }
    if (!ran.empty()) assign_together({{ran, code::constant(int64_t{1}, dtypes::int64)}});
    return statements(sequence(loop.body));
  };
  return carried_loop(statement, fields, "while_" + std::to_string(span.line), std::move(plan), body);
}

Status Builder::jump(ir::Jump jump, const Span& span) {
  const char* name = jump == ir::Jump::break_ ? "break" : "continue";
  if (!in_loop()) return error("TW1056", span, std::string("'") + name + "' outside a loop");
  if (loops_.back()->plan->turn && jump == ir::Jump::continue_) return end_turn(span);
  TW_TRY_VOID(commit_carried(*loops_.back(), span));
  loops_.back()->breaks |= jump == ir::Jump::break_;
  if (jump == ir::Jump::break_ && !loops_.back()->plan->broke.empty())
    assign_together({{loops_.back()->plan->broke, code::constant(int64_t{1}, dtypes::int64)}});
  append_block(ir::make_ref<ir::JumpBlock>(unique_label(name), jump), located(span));
  cursor_.left = true;
  return base::success();
}

Status Builder::return_statement(const syntax::Return& statement, const Span& span) {
  if (map_body_ == frames_.size())
    return error("TW1057", span, "return inside a map is not supported", "use a loop over range(...)");
  name_hint_ = frames_.back().hint;
  Value value(NoneObject{});
  if (statement.value) {
    TW_TRY(value, evaluate(*statement.value));
    if (auto* tuple = value.as<TupleValue>()) {
      for (Value& item : tuple->items) {
        TW_TRY(item, settle(std::move(item), name_hint_, span));
      }
    }
    TW_TRY(value, settle(std::move(value), name_hint_, span));
  }
  if (frames_.size() == 1) {
    result_span_ = span;
    result_items_.clear();
    if (auto* tuple = statement.value ? std::get_if<syntax::Tuple>(&statement.value->content) : nullptr)
      for (const auto& item : tuple->elements) result_items_.push_back(item->span);
  }
  if (in_loop()) return return_from_loop(std::move(value), span);
  result_ = std::move(value);
  cursor_.left = true;
  return base::success();
}

}  // namespace thalweg::frontend
