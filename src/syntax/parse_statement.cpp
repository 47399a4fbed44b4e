// Statements: indentation blocks, simple statements on one line, compound statements.
#include "syntax/parse.h"

#include <algorithm>
#include <array>

#include "syntax/parser.h"

namespace thalweg::syntax {

namespace {

// Statements of Python outside the subset, by the word that opens them.
constexpr std::array<std::string_view, 9> other_statements = {"try", "class",    "import", "from", "global",
                                                              "del", "nonlocal", "async",  "yield"};

constexpr std::pair<std::string_view, BinaryOperator> augmented_operators[] = {
    {"+=", BinaryOperator::add},    {"-=", BinaryOperator::sub},        {"*=", BinaryOperator::mul},
    {"/=", BinaryOperator::div},    {"//=", BinaryOperator::floor_div}, {"%=", BinaryOperator::mod},
    {"**=", BinaryOperator::pow},   {"@=", BinaryOperator::matmul},     {"&=", BinaryOperator::bit_and},
    {"|=", BinaryOperator::bit_or}, {"^=", BinaryOperator::bit_xor},    {"<<=", BinaryOperator::lshift},
    {">>=", BinaryOperator::rshift}};

constexpr int max_block_depth = 100;

}  // namespace

StmtPtr Parser::make_statement(const Token& start, Stmt::Content content) const {
  return std::make_unique<Stmt>(Stmt{std::move(content), span_from(start)});
}

std::vector<StmtPtr> Parser::statements() {
  std::vector<StmtPtr> result;
  if (++depth_ > max_block_depth) fail("TW0107", "these blocks are nested too deeply");
  while (!failed_ && peek().kind != TokenKind::end && peek().kind != TokenKind::dedent) {
    if (peek().kind == TokenKind::indent) {
      fail("TW0105", "this line is indented, but no block begins here");
      break;
    }
    statement(result);
  }
  --depth_;
  return result;
}

void Parser::statement(std::vector<StmtPtr>& into) {
  Token start = peek();
  StmtPtr compound;
  if (take_word("if")) {
    compound = if_statement(start);
  } else if (take_word("for")) {
    compound = for_statement(start);
  } else if (take_word("while")) {
    compound = while_statement(start);
  } else if (take_word("def")) {
    compound = def_statement(start);
  } else if (take_word("with")) {
    compound = with_statement(start);
  } else {
    simple_statements(into);
    return;
  }
  if (compound) into.push_back(std::move(compound));
}

// a = 1; b = 2 <newline>
bool Parser::simple_statements(std::vector<StmtPtr>& into) {
  do {
    if (peek().kind == TokenKind::newline || peek().kind == TokenKind::end) break;
    StmtPtr next = simple_statement();
    if (!next) return false;
    into.push_back(std::move(next));
  } while (take_op(";"));
  if (peek().kind == TokenKind::newline)
    ++position_;
  else if (peek().kind != TokenKind::end)
    return fail_expected("the end of the statement"), false;
  return true;
}

StmtPtr Parser::simple_statement() {
  Token start = peek();
  if (take_word("pass")) return make_statement(start, Pass{});
  if (take_word("break")) return make_statement(start, Break{});
  if (take_word("continue")) return make_statement(start, Continue{});
  if (take_word("assert")) return assert_statement(start);
  if (take_word("return")) {
    ExprPtr value = at_expression_end() ? nullptr : expressions();
    if (failed_) return nullptr;
    return make_statement(start, Return{std::move(value)});
  }
  if (take_word("raise")) {
    ExprPtr exception = at_expression_end() ? nullptr : expression();
    if (at_word("from")) return unsupported("'raise ... from'"), nullptr;
    if (failed_) return nullptr;
    return make_statement(start, Raise{std::move(exception), {}});
  }
  bool other = start.kind == TokenKind::name &&
               std::find(other_statements.begin(), other_statements.end(), start.text) != other_statements.end();
  if (other) return unsupported("a '" + std::string(start.text) + "' statement"), nullptr;
  if (at_op("@")) return unsupported("a decorator"), nullptr;
  return assignment();
}

StmtPtr Parser::assert_statement(const Token& start) {
  ExprPtr condition = expression(), message;
  if (condition && take_op(",")) message = expression();
  if (failed_) return nullptr;
  const base::Span span = make_statement(start, Pass{})->span;
  return assertion(std::move(condition), std::move(message), {}, span);
}

StmtPtr Parser::assignment() {
  Token start = peek();
  ExprPtr first = expressions();
  if (!first) return nullptr;
  for (const auto& [text, op] : augmented_operators) {
    if (!take_op(text)) continue;
    if (!check_target(*first, false)) return nullptr;
    ExprPtr value = expressions();
    if (!value) return nullptr;
    return make_statement(start, AugmentedAssign{std::move(first), op, std::move(value)});
  }
  if (take_op(":")) {
    if (!check_target(*first, false)) return nullptr;
    AnnotatedAssign result{std::move(first), expression(), nullptr};
    if (result.annotation && take_op("=")) result.value = expressions();
    if (failed_) return nullptr;
    return make_statement(start, std::move(result));
  }
  if (!at_op("=")) return make_statement(start, ExprStatement{std::move(first)});
  Assign result;
  ExprPtr last = std::move(first);
  while (take_op("=")) {
    if (!check_target(*last, true)) return nullptr;
    result.targets.push_back(std::move(last));
    last = expressions();
    if (!last) return nullptr;
  }
  result.value = std::move(last);
  return make_statement(start, std::move(result));
}

bool Parser::check_target(const Expr& target, bool allow_tuple) {
  auto all = [&](const std::vector<ExprPtr>& parts) {
    return allow_tuple &&
           std::all_of(parts.begin(), parts.end(), [&](const ExprPtr& p) { return check_target(*p, true); });
  };
  bool ok = std::holds_alternative<Name>(target.content) || std::holds_alternative<Attribute>(target.content) ||
            std::holds_alternative<Subscript>(target.content);
  if (auto* tuple = std::get_if<Tuple>(&target.content)) ok = all(tuple->elements);
  if (auto* list = std::get_if<List>(&target.content)) ok = all(list->elements);
  if (auto* starred = std::get_if<Starred>(&target.content)) ok = allow_tuple && check_target(*starred->value, true);
  if (ok || failed_) return ok;
  fail("TW0108", "'" + to_string(target) + "' cannot be assigned to");
  error_.span = target.span;
  return false;
}

bool Parser::block(std::vector<StmtPtr>& into) {
  if (!expect_op(":")) return false;
  if (peek().kind != TokenKind::newline) return simple_statements(into);
  ++position_;
  if (peek().kind != TokenKind::indent) return fail("TW0105", "an indented block is expected here"), false;
  ++position_;
  into = statements();
  if (failed_) return false;
  if (peek().kind == TokenKind::dedent) ++position_;
  return true;
}

bool Parser::else_block(std::vector<StmtPtr>& into) { return !take_word("else") || block(into); }

// `start` is the word already taken, "if" or "elif".
StmtPtr Parser::if_statement(const Token& start) {
  If result;
  result.condition = expression();
  if (!result.condition || !block(result.body)) return nullptr;
  Token next = peek();
  if (take_word("elif")) {
    if (++depth_ > max_block_depth) return fail("TW0107", "these blocks are nested too deeply"), nullptr;
    StmtPtr inner = if_statement(next);
    --depth_;
    if (!inner) return nullptr;
    result.orelse.push_back(std::move(inner));
  } else if (!else_block(result.orelse)) {
    return nullptr;
  }
  return make_statement(start, std::move(result));
}

StmtPtr Parser::for_statement(const Token& start) {
  For result;
  result.target = loop_target();
  if (!result.target) return nullptr;
  result.iterable = expressions();
  if (!result.iterable || !block(result.body) || !else_block(result.orelse)) return nullptr;
  return make_statement(start, std::move(result));
}

StmtPtr Parser::while_statement(const Token& start) {
  While result;
  result.condition = expression();
  if (!result.condition || !block(result.body) || !else_block(result.orelse)) return nullptr;
  return make_statement(start, std::move(result));
}

base::Result<std::vector<StmtPtr>> parse_statements(std::string_view text, std::string_view origin) {
  Parser parser(text, Layout::python, origin);
  std::vector<StmtPtr> result;
  if (!parser.failed()) result = parser.statements();
  parser.expect_end();
  if (parser.failed()) return parser.take_error();
  return result;
}

}  // namespace thalweg::syntax
