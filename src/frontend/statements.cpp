// Statements in program order.
#include "base/match.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

Builder::Sequence Builder::sequence(const std::vector<syntax::StmtPtr>& body) {
  Sequence out;
  for (const auto& statement : body) out.push_back(statement.get());
  return out;
}

Status Builder::statements(const Sequence& body) {
  for (size_t i = 0; i < body.size(); ++i) {
    if (cursor_.left) return base::success();  // CPython never gets here
    auto* branch = std::get_if<syntax::If>(&body[i]->content);
    if (branch && !in_loop() && (contains_return(branch->body) || contains_return(branch->orelse)))
      return if_statement(*branch, *body[i], Sequence(body.begin() + static_cast<std::ptrdiff_t>(i) + 1, body.end()));
    if (auto* with = std::get_if<syntax::With>(&body[i]->content)) {  // its body, then what follows
      for (const auto& context : with->contexts) TW_TRY_VOID(check_context(*context));
      Sequence inside = sequence(with->body);
      inside.insert(inside.end(), body.begin() + static_cast<std::ptrdiff_t>(i) + 1, body.end());
      return statements(inside);
    }
    if (is_loop_with_more(*body[i]))
      return loop_and_rest(*body[i], Sequence(body.begin() + static_cast<std::ptrdiff_t>(i) + 1, body.end()));
    Status done = branches_around_ > 0 ? statement_in_branch(*body[i]) : statement(*body[i]);
    if (!done && !cursor_.left) return done;  // CPython does not get to what is wrong behind a call that raises
  }
  return base::success();
}

// What is wrong with the values of a statement is an error of the program only if it comes there.
Status Builder::statement_in_branch(const syntax::Stmt& wrong) {
  const Checkpoint point = checkpoint();
  const int around = branches_around_;
  Status done = statement(wrong);
  if (done || cursor_.left || map_depth_ > 0) return done;
  const base::Diagnostic& problem = done.error();
  if (!raised_when_reached(problem)) return done;
  const std::string message = problem.message;
  const base::ErrorKind kind = problem.kind;
  Span place = problem.span;
  restore(point);
  branches_around_ = around;
  emit_check(code::constant(false, dtypes::pybool), kind, message, {}, place);
  cursor_.left = true;
  return base::success();
}

Status Builder::statement(const syntax::Stmt& statement) {
  const Span& span = statement.span;
  name_hint_.clear();
  return base::match(
      statement.content, [&](const syntax::Assign& a) { return assign_statement(a, span); },
      [&](const syntax::AnnotatedAssign& a) { return annotated_assign(a, span); },
      [&](const syntax::AugmentedAssign& a) { return augmented_assign(a, span); },
      [&](const syntax::ExprStatement& e) { return expression_statement(e, span); },
      [&](const syntax::If& i) { return if_statement(i, statement, {}); },
      [&](const syntax::For& f) { return for_statement(f, statement); },
      [&](const syntax::While& w) { return while_statement(w, statement); },
      [&](const syntax::Return& r) { return return_statement(r, span); },
      [&](const syntax::Break&) { return jump(ir::Jump::break_, span); },
      [&](const syntax::Continue&) { return jump(ir::Jump::continue_, span); },
      [](const syntax::Pass&) { return base::success(); },
      [&](const syntax::Delete& d) -> Status {
        for (const std::string& name : d.names) {
          TW_TRY(const Value gone, resolve(name, span));
          (void)gone;
          scope_.names[name] = Value(Unbound{});
        }
        return base::success();
      },
      [&](const syntax::Raise& r) { return raise_statement(r, span); },
      [&](const syntax::FunctionDef& f) -> Status {
        TW_TRY(Value made, make_function(f.function, span));
        return assign_name(f.function->name, std::move(made), span);
      },
      [&](const syntax::With&) { return statements({&statement}); },
      [&](const syntax::UnsupportedStmt& u) -> Status {
        return error("TW1039", span, "Python's " + u.kind + " statement is not supported",
                     "use assignments, if, for over range(...), while, return");
      });
}

Status Builder::assign_statement(const syntax::Assign& assign_node, const Span& span) {
  const syntax::Expr& first = *assign_node.targets.front();
  if (auto* name = std::get_if<syntax::Name>(&first.content)) name_hint_ = name->id;
  TW_TRY(Value value, evaluate(*assign_node.value));
  if (assign_node.targets.size() > 1) {  // a = b = value: one object, two names
    TW_TRY(value, settle(std::move(value), name_hint_, span));
  }
  for (const auto& target : assign_node.targets) TW_TRY_VOID(assign(*target, value, span));
  return base::success();
}

Status Builder::expression_statement(const syntax::ExprStatement& statement, const Span& span) {
  if (auto* constant = std::get_if<syntax::Constant>(&statement.value->content);
      constant && (std::holds_alternative<std::string>(constant->value) ||
                   std::holds_alternative<syntax::EllipsisValue>(constant->value)))
    return base::success();  // a docstring
  if (auto* call = std::get_if<syntax::Call>(&statement.value->content)) {
    TW_TRY(bool appended, append_to_list(*call, span));
    if (appended) return base::success();
    TW_TRY(Value function, evaluate(*call->function));
    if (auto target = callback_target(function)) {
      TW_TRY(CallArguments arguments, evaluate_arguments(*call, span));
      return call_or_call_back(function, *target, arguments, span);
    }
    TW_TRY(Value value, call_evaluated(function, *call, statement.value->span));
    return evaluate_only(value, span);
  }
  TW_TRY(Value value, evaluate(*statement.value));
  return evaluate_only(value, span);
}

// np.errstate says what NumPy does where a result is no number; compiled code warns of nothing, and raises nothing there.
Status Builder::check_context(const syntax::Expr& context) {
  auto* call = std::get_if<syntax::Call>(&context.content);
  Value function;
  if (call) {
    TW_TRY(function, evaluate(*call->function));
  }
  auto* known = function.as<HostKnown>();
  if (!known || known->path != "numpy.errstate")
    return error("TW1039", context.span, "Python's with statement is not supported for this context",
                 "np.errstate(...) is; do the rest outside the program");
  TW_TRY(CallArguments arguments, evaluate_arguments(*call, context.span));
  for (const auto& [name, value] : arguments.keywords) {
    auto* text = value.as<Text>();
    if (!text || (text->value != "ignore" && text->value != "warn"))
      return error("TW1039", context.span, "np.errstate(" + name + "=...) asks for more than to ignore or to warn",
                   "check the result with np.isfinite");
  }
  return base::success();
}

// The value is thrown away, but what evaluating it may raise is not.
Status Builder::evaluate_only(const Value& value, const Span& span) {
  if (auto* items = value.as<TupleValue>())
    for (const Value& item : items->items) TW_TRY_VOID(evaluate_only(item, span));
  auto* unused = value.as<Computed>();
  if (!unused) return base::success();
  const bool may_raise = code::may_raise(*unused->tree);
  if (unused->scalar() && !may_raise) {  // the element need not be read
    for (const code::Check& check : unused->checks)
      emit_check(check.condition, check.kind, check.message, check.values, span);
  } else if (!unused->checks.empty() || may_raise) {
    TW_TRY(Value stored, settle(value, "unused", span));
    (void)stored;
  }
  return base::success();
}

// Is this an object that exists only when compiling, a constant, or made of extents?
bool Builder::known_without_elements(const Value& result) const {
  if (result.as<Array>()) return false;
  auto* number = result.as<Computed>();
  return !number || number->integer || number->condition || constant_of(*number);
}

// What stands in `result` no longer, whole or in parts, is evaluated all the same: it may raise. `elements`: arrays are made
// of their operands' elements.
Status Builder::keep_effects(const Value& operand, const Value& result, const Span& span, bool elements) {
  if (result.as<Array>() && elements) return base::success();  // made of its operands, or of their memory
  if (auto* made = result.as<Computed>(); made && !made->checks.empty()) return base::success();
  if (auto* items = operand.as<TupleValue>()) {
    for (const Value& item : items->items) TW_TRY_VOID(keep_effects(item, result, span, elements));
    return base::success();
  }
  auto* number = operand.as<Computed>();
  return number && (number->scalar() || !elements) ? evaluate_only(operand, span) : base::success();
}

}  // namespace thalweg::frontend
