// if, for over a range, while, break, continue, return.
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
  TW_TRY(Value asked, evaluate(*branch.condition));
  TW_TRY(Computed condition, truth(asked, branch.condition->span));
  Sequence sides[2] = {sequence(branch.body), sequence(branch.orelse)};
  const bool takes_rest =
      !rest.empty() || ((contains_return(branch.body) || contains_return(branch.orelse)) && !in_loop());
  for (Sequence& side : sides) side.insert(side.end(), rest.begin(), rest.end());
  if (condition.condition && condition.condition->as_integer())
    return statements(sides[condition.condition->integer() ? 0 : 1]);
  TW_TRY(condition, condition_for_branch(condition, branch.condition->span));
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
    TW_TRY_VOID(statements(sides[side]));
    return_to(mark);
    branches.push_back({cursor_, scope_, result_});
  }
  cursor_ = outer;
  scope_ = before;
  if (takes_rest) {
    std::vector<Branch*> arms{&branches[0], &branches[1]};
    if (branches[0].result || branches[1].result) {
      std::vector<Value> values;
      for (Branch& arm : branches) values.push_back(arm.result ? *arm.result : Value(NoneObject{}));
      TW_TRY(Value joined, join_values(frames_.back().hint, arms, std::move(values), span));
      result_ = std::move(joined);
    }
    cursor_.left = true;
  } else {
    TW_TRY_VOID(join(branches, live().after(statement), span));
    cursor_.left = branches[0].cursor.left && branches[1].cursor.left;
  }
  for (Branch& arm : branches) {
    const Cursor kept = std::exchange(cursor_, arm.cursor);
    flush_pending(span);
    cursor_ = kept;
  }
  if (conditional.branches().back().body->blocks().empty()) conditional.remove_branch(1);
  return base::success();
}

Result<Builder::RangeLoop> Builder::range_arguments(const syntax::Call& call, const Span& span) {
  if (!call.keywords.empty()) return error("TW1026", span, "range() takes no keyword arguments");
  if (call.arguments.empty() || call.arguments.size() > 3)
    return error("TW1026", span,
                 "range() takes 1 to 3 arguments, " + std::to_string(call.arguments.size()) + " were given");
  std::vector<Expr> parts;
  for (const auto& argument : call.arguments) {
    TW_TRY(Value value, evaluate(*argument));
    TW_TRY(Expr part, symbol_of(value, argument->span, "an argument of range()"));
    parts.push_back(part);
  }
  RangeLoop range{0, parts[0], 1};
  if (parts.size() > 1) range = {parts[0], parts[1], parts.size() > 2 ? parts[2] : Expr(1)};
  if (range.step.is(0)) return error("TW1053", span, "range() arg 3 must not be zero");
  range.ascending = decide(ge(range.step, 1), span, "this loop counts upwards");
  if (!range.ascending) range.known_direction = decide(le(range.step, -1), span, "this loop counts downwards");
  if (!range.known_direction)
    emit_check(ne(range.step, 0), base::ErrorKind::value, "range() arg 3 must not be zero", {}, span);
  return range;
}

Status Builder::for_statement(const syntax::For& loop, const syntax::Stmt& statement) {
  const Span& span = statement.span;
  if (!loop.orelse.empty()) return error("TW1054", span, "else behind a loop is not supported", "use a flag");
  if (auto* ranges = std::get_if<syntax::Subscript>(&loop.iterable->content)) {
    TW_TRY(Value object, evaluate(*ranges->value));
    if (auto* known = object.as<HostKnown>(); known && known->path == "thalweg.map")
      return map_statement(loop, *ranges, span);
  }
  auto* call = std::get_if<syntax::Call>(&loop.iterable->content);
  std::string callee;
  if (call) {
    TW_TRY(Value function, evaluate(*call->function));
    if (auto* known = function.as<HostKnown>()) callee = known->path;
  }
  auto* target = std::get_if<syntax::Name>(&loop.target->content);
  if (callee != "builtins.range" || !target)
    return error("TW1055", loop.iterable->span, "a loop over something other than range(...) is not supported",
                 "write for i in range(n), or for i, j in thalweg.map[0:n, 0:m]");
  TW_TRY(RangeLoop range, range_arguments(*call, loop.iterable->span));
  LoopPlan plan = plan_loop(statement, {target->id}, loop.body);
  const Expr &start = range.start, &stop = range.stop, &step = range.step;
  plan.runs = range.known_direction ? (range.ascending ? lt(start, stop) : gt(start, stop))
                                    : select(gt(step, 0), lt(start, stop), gt(start, stop));
  auto bounds_of = [&](const std::string& name) {
    SymbolBounds bounds;
    auto low = interval(range.ascending ? start : stop), high = interval(range.ascending ? stop : start);
    if (range.known_direction && low) bounds.low = low->low;
    if (range.known_direction && high) bounds.high = high->high;
    bounds.at_run_time = true;
    if (range.known_direction) {
      bounds.first = range.ascending ? start : stop + 1;
      bounds.last = range.ascending ? stop - 1 : start;
    }
    declare_symbol(name, dtypes::int64, bounds);
  };
  const std::string variable = fresh(target->id);
  const Expr counter = Expr::symbol(variable);
  ir::LoopFields fields;
  fields.variable = variable;
  fields.init = code::symbol(start);
  fields.update = code::symbol(counter + step);
  const Expr rising = lt(counter, stop), falling = gt(counter, stop);
  const Expr go_on = !range.known_direction
                         ? logical_or(logical_and(gt(step, 0), rising), logical_and(lt(step, 0), falling))
                     : range.ascending ? rising
                                       : falling;
  fields.condition = condition_code(go_on);
  plan.counter = variable;
  plan.step = step;
  auto body = [&]() -> Status {
    bounds_of(variable);
    if (LoopPlan& running = *loops_.back()->plan; running.keeps_last) {
      running.last = fresh(variable + "_last");
      bounds_of(running.last);
      cursor_.pending.emplace_back(running.last, code::symbol(counter));
    }
    if (range.known_direction) {
      facts_.assume(range.ascending ? ge(counter, start) : le(counter, start));
      facts_.assume(go_on);
    }
    TW_TRY_VOID(assign_name(target->id, Value(integer_value(counter)), span));
    return statements(sequence(loop.body));
  };
  return carried_loop(statement, fields, "for_" + target->id + "_" + std::to_string(span.line), std::move(plan), body);
}

Status Builder::while_statement(const syntax::While& loop, const syntax::Stmt& statement) {
  const Span& span = statement.span;
  if (!loop.orelse.empty()) return error("TW1054", span, "else behind a loop is not supported", "use a flag");
  LoopPlan plan = plan_loop(statement, {}, loop.body);
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
    TW_TRY(Value asked, evaluate(*loop.condition));
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
    if (!ran.empty()) cursor_.pending.emplace_back(ran, code::constant(int64_t{1}, dtypes::int64));
    return statements(sequence(loop.body));
  };
  return carried_loop(statement, fields, "while_" + std::to_string(span.line), std::move(plan), body);
}

Status Builder::jump(ir::Jump jump, const Span& span) {
  const char* name = jump == ir::Jump::break_ ? "break" : "continue";
  if (!in_loop()) return error("TW1056", span, std::string("'") + name + "' outside a loop");
  TW_TRY_VOID(commit_carried(*loops_.back(), span));
  loops_.back()->breaks |= jump == ir::Jump::break_;
  append_block(ir::make_ref<ir::JumpBlock>(unique_label(name), jump), located(span));
  cursor_.left = true;
  return base::success();
}

Status Builder::return_statement(const syntax::Return& statement, const Span& span) {
  if (in_loop() || map_body_ == frames_.size())
    return error("TW1057", span, "return inside a loop is not supported",
                 "keep the value in a variable and leave the loop with break");
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
  result_ = std::move(value);
  if (frames_.size() == 1) result_span_ = span;
  cursor_.left = true;
  return base::success();
}

}  // namespace thalweg::frontend
