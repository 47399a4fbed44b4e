// Deep copies of syntax trees; spans are shared texts, so a copy costs its nodes only.
#include "base/match.h"
#include "syntax/ast.h"

namespace thalweg::syntax {

namespace {

ExprPtr copy(const ExprPtr& expr) { return expr ? clone(*expr) : nullptr; }

std::vector<ExprPtr> copy(const std::vector<ExprPtr>& list) {
  std::vector<ExprPtr> out;
  out.reserve(list.size());
  for (const ExprPtr& item : list) out.push_back(copy(item));
  return out;
}

std::vector<StmtPtr> copy(const std::vector<StmtPtr>& list) {
  std::vector<StmtPtr> out;
  out.reserve(list.size());
  for (const StmtPtr& item : list) out.push_back(clone(*item));
  return out;
}

Comprehension copy_comprehension(const Comprehension& given) {
  Comprehension out{given.kind, copy(given.key), copy(given.element), {}};
  for (const Comprehension::Clause& clause : given.clauses)
    out.clauses.push_back({copy(clause.target), copy(clause.iterable), copy(clause.conditions)});
  return out;
}

Call copy_call(const Call& call) {
  Call out{copy(call.function), copy(call.arguments), {}};
  for (const Keyword& keyword : call.keywords)
    out.keywords.push_back({keyword.name, copy(keyword.value), keyword.span});
  return out;
}

}  // namespace

ExprPtr clone(const Expr& expr) {
  using C = Expr::Content;
  C content = base::match(
      expr.content, [](const Constant& n) -> C { return n; }, [](const Name& n) -> C { return n; },
      [](const Attribute& n) -> C { return Attribute{copy(n.value), n.attribute}; },
      [](const Subscript& n) -> C { return Subscript{copy(n.value), copy(n.index)}; },
      [](const Slice& n) -> C { return Slice{copy(n.lower), copy(n.upper), copy(n.step)}; },
      [](const Tuple& n) -> C { return Tuple{copy(n.elements)}; },
      [](const List& n) -> C { return List{copy(n.elements)}; },
      [](const Dict& n) -> C { return Dict{copy(n.keys), copy(n.values)}; },
      [](const Unary& n) -> C { return Unary{n.op, copy(n.operand)}; },
      [](const Binary& n) -> C { return Binary{n.op, copy(n.left), copy(n.right)}; },
      [](const Bool& n) -> C { return Bool{n.is_and, copy(n.values)}; },
      [](const Compare& n) -> C { return Compare{copy(n.left), n.ops, copy(n.comparators)}; },
      [](const Call& n) -> C { return copy_call(n); },
      [](const Conditional& n) -> C { return Conditional{copy(n.condition), copy(n.then_value), copy(n.else_value)}; },
      [](const Starred& n) -> C { return Starred{copy(n.value)}; }, [](const Lambda& n) -> C { return n; },
      [](const Comprehension& n) -> C { return copy_comprehension(n); },
      [](const Walrus& n) -> C { return Walrus{n.name, copy(n.value)}; },
      [](const UnsupportedExpr& n) -> C { return n; });
  return std::make_unique<Expr>(Expr{std::move(content), expr.span});
}

StmtPtr clone(const Stmt& stmt) {
  using C = Stmt::Content;
  C content = base::match(
      stmt.content, [](const Assign& n) -> C { return Assign{copy(n.targets), copy(n.value)}; },
      [](const AnnotatedAssign& n) -> C { return AnnotatedAssign{copy(n.target), copy(n.annotation), copy(n.value)}; },
      [](const AugmentedAssign& n) -> C { return AugmentedAssign{copy(n.target), n.op, copy(n.value)}; },
      [](const ExprStatement& n) -> C { return ExprStatement{copy(n.value)}; },
      [](const If& n) -> C { return If{copy(n.condition), copy(n.body), copy(n.orelse)}; },
      [](const For& n) -> C { return For{copy(n.target), copy(n.iterable), copy(n.body), copy(n.orelse)}; },
      [](const While& n) -> C { return While{copy(n.condition), copy(n.body), copy(n.orelse)}; },
      [](const Return& n) -> C { return Return{copy(n.value)}; }, [](const Break& n) -> C { return n; },
      [](const Continue& n) -> C { return n; }, [](const Pass& n) -> C { return n; },
      [](const Delete& n) -> C { return n; },
      [](const Raise& n) -> C { return Raise{copy(n.exception), n.names, n.assertion}; },
      [](const FunctionDef& n) -> C { return n; },
      [](const With& n) -> C { return With{copy(n.contexts), copy(n.body)}; },
      [](const UnsupportedStmt& n) -> C { return n; });
  return std::make_unique<Stmt>(Stmt{std::move(content), stmt.span});
}

StmtPtr assertion(ExprPtr condition, ExprPtr message, std::vector<std::string> names, const base::Span& span) {
  const base::Span asked = condition->span;
  If made;
  made.condition = std::make_unique<Expr>(Expr{Unary{UnaryOperator::logical_not, std::move(condition)}, asked});
  made.body.push_back(std::make_unique<Stmt>(Stmt{Raise{std::move(message), std::move(names), true}, span}));
  return std::make_unique<Stmt>(Stmt{std::move(made), span});
}

}  // namespace thalweg::syntax
