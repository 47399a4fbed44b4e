// Functions inside expressions and blocks (lambda, def), comprehensions, with: what holds code of its own.
#include "syntax/parser.h"

namespace thalweg::syntax {

// Parameters up to (not including) `closing`; annotations only where `annotated`.
bool Parser::parameters(std::string_view closing, bool annotated, std::vector<Parameter>& into) {
  bool keyword_only = false;
  while (!at_op(closing)) {
    Token start = peek();
    if (take_op("/")) {
      for (Parameter& before : into) before.positional_only = true;
      if (!take_op(",")) break;
      continue;
    }
    Parameter parameter;
    parameter.keywords = take_op("**");
    parameter.rest = !parameter.keywords && take_op("*");
    if (parameter.rest && take_op(",")) {
      keyword_only = true;
      continue;
    }
    if (peek().kind != TokenKind::name || is_keyword(peek().text)) return fail_expected("a parameter"), false;
    parameter.name = std::string(peek().text);
    ++position_;
    parameter.keyword_only = keyword_only && !parameter.keywords;
    keyword_only |= parameter.rest;
    if (annotated && take_op(":") && !(parameter.annotation = expression())) return false;
    if (take_op("=") && !(parameter.default_value = expression())) return false;
    parameter.has_default = parameter.default_value != nullptr;
    parameter.span = span_from(start);
    into.push_back(std::move(parameter));
    if (!take_op(",")) break;
  }
  return true;
}

// `start` is the word `lambda`, already taken.
ExprPtr Parser::lambda(const Token& start) {
  auto function = std::make_shared<Function>();
  function->name = "<lambda>";
  if (!parameters(":", false, function->parameters) || !expect_op(":")) return nullptr;
  Token inside = peek();
  ExprPtr value = expression();
  if (!value) return nullptr;
  function->body.push_back(make_statement(inside, Return{std::move(value)}));
  function->span = span_from(start);
  return make(start, Lambda{std::move(function)});
}

// `start` is the word `def`, already taken.
StmtPtr Parser::def_statement(const Token& start) {
  auto function = std::make_shared<Function>();
  if (peek().kind != TokenKind::name || is_keyword(peek().text)) return fail_expected("the name of a function");
  function->name = std::string(peek().text);
  ++position_;
  if (!expect_op("(") || !parameters(")", true, function->parameters) || !expect_op(")")) return nullptr;
  if (take_op("->") && !expression()) return nullptr;
  if (!block(function->body)) return nullptr;
  function->span = span_from(start);
  return make_statement(start, FunctionDef{std::move(function)});
}

// `start` is the word `with`, already taken.
StmtPtr Parser::with_statement(const Token& start) {
  With result;
  do {
    result.contexts.push_back(expression());
    if (!result.contexts.back()) return nullptr;
    if (at_word("as")) return unsupported("'with ... as'");
  } while (take_op(","));
  if (!block(result.body)) return nullptr;
  return make_statement(start, std::move(result));
}

// a, b of `for a, b in ...`.
ExprPtr Parser::loop_target() {
  Token first = peek();
  Tuple targets;
  do {
    if (at_word("in")) break;
    targets.elements.push_back(at_op("*") ? starred_or_expression() : postfix());
    if (!targets.elements.back()) return nullptr;
  } while (take_op(","));
  bool is_tuple = targets.elements.size() != 1 || tokens_[position_ - 1].text == ",";
  if (targets.elements.empty()) return fail_expected("a loop variable");
  ExprPtr target = is_tuple ? make(first, std::move(targets)) : std::move(targets.elements[0]);
  if (!check_target(*target, true)) return nullptr;
  if (!take_word("in")) return fail_expected("'in'");
  return target;
}

// The clauses behind the element, which has been read.
bool Parser::comprehension(Comprehension& into) {
  while (take_word("for")) {
    Comprehension::Clause clause;
    clause.target = loop_target();
    if (!clause.target || !(clause.iterable = disjunction())) return false;
    while (take_word("if")) {
      clause.conditions.push_back(disjunction());
      if (!clause.conditions.back()) return false;
    }
    into.clauses.push_back(std::move(clause));
  }
  return true;
}

// After an element, at the word `for`.
ExprPtr Parser::comprehension(const Token& start, Comprehension::Kind kind, ExprPtr key, ExprPtr element) {
  Comprehension result{kind, std::move(key), std::move(element), {}};
  if (!comprehension(result)) return nullptr;
  const char* closing = kind == Comprehension::Kind::list ? "]" : kind == Comprehension::Kind::dict ? "}" : ")";
  if (!expect_op(closing)) return nullptr;
  return make(start, std::move(result));
}

}  // namespace thalweg::syntax
