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
    if (is_loop_with_more(*body[i]))
      return loop_and_rest(*body[i], Sequence(body.begin() + static_cast<std::ptrdiff_t>(i) + 1, body.end()));
    Status done = statement(*body[i]);
    if (!done && !cursor_.left) return done;  // CPython does not get to what is wrong behind a call that raises
  }
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
      [&](const syntax::Raise& r) { return raise_statement(r, span); },
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
    TW_TRY(Value function, evaluate(*call->function));
    if (auto target = callback_target(function)) {
      TW_TRY(CallArguments arguments, evaluate_arguments(*call, span));
      return call_or_call_back(function, *target, arguments, span);
    }
  }
  TW_TRY(Value value, evaluate(*statement.value));
  return evaluate_only(value, span);
}

// The value is thrown away, but what evaluating it may raise is not.
Status Builder::evaluate_only(const Value& value, const Span& span) {
  if (auto* unused = value.as<Computed>(); unused && (!unused->checks.empty() || code::may_raise(*unused->tree))) {
    TW_TRY(Value stored, settle(value, "unused", span));
    (void)stored;
  }
  return base::success();
}

}  // namespace thalweg::frontend
