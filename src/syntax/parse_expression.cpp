// Expressions: one function per precedence level of Python's grammar, loosest first.
#include "syntax/parse.h"

#include <algorithm>

#include "syntax/parser.h"

namespace thalweg::syntax {

Parser::Parser(std::string_view text, Layout layout, std::string_view origin)
    : file_(std::make_shared<const std::string>(origin)) {
  auto tokens = tokenize(text, layout, file_);
  if (tokens) {
    tokens_ = std::move(*tokens);
  } else {
    failed_ = true;
    error_ = std::move(tokens.error());
    tokens_.emplace_back();
  }
}

bool Parser::take_op(std::string_view text) {
  if (!at_op(text)) return false;
  ++position_;
  return true;
}

bool Parser::take_word(std::string_view text) {
  if (!at_word(text)) return false;
  ++position_;
  return true;
}

bool Parser::expect_op(std::string_view text) {
  if (take_op(text)) return true;
  fail_expected("'" + std::string(text) + "'");
  return false;
}

void Parser::expect_end() {
  if (!failed_ && peek().kind != TokenKind::end) fail_expected("the end of the text");
}

std::nullptr_t Parser::fail(const char* code, std::string message, std::string fix) {
  if (failed_) return nullptr;
  failed_ = true;
  const Token& token = peek();
  error_.code = code;
  error_.kind = base::ErrorKind::syntax;
  error_.message = std::move(message);
  error_.fix = std::move(fix);
  error_.span = {file_, token.line, token.column, token.end_line, token.end_column, nullptr};
  return nullptr;
}

std::nullptr_t Parser::fail_expected(std::string_view what) {
  const Token& token = peek();
  std::string found = "'" + std::string(token.text) + "'";
  if (token.kind == TokenKind::end) found = "the end of the text";
  if (token.kind == TokenKind::newline) found = "the end of the line";
  if (token.kind == TokenKind::indent) found = "a deeper indentation";
  if (token.kind == TokenKind::dedent) found = "the end of the block";
  return fail("TW0103", "found " + found + ", expected " + std::string(what));
}

std::nullptr_t Parser::unsupported(std::string what) {
  if (failed_) return nullptr;
  fail("TW0106", std::move(what) + " cannot be used here");
  error_.kind = base::ErrorKind::unsupported;
  return nullptr;
}

base::Span Parser::span_from(const Token& start) const {
  const Token& last = position_ > 0 ? tokens_[position_ - 1] : start;
  return {file_, start.line, start.column, last.end_line, last.end_column, nullptr};
}

ExprPtr Parser::make(const Token& start, Expr::Content content) const {
  return std::make_unique<Expr>(Expr{std::move(content), span_from(start)});
}

bool Parser::at_expression_end() const {
  const Token& token = peek();
  if (token.kind == TokenKind::end || token.kind == TokenKind::newline) return true;
  if (token.kind != TokenKind::op) return false;
  return token.text == ")" || token.text == "]" || token.text == "}" || token.text == "=" || token.text == ":" ||
         token.text == ";";
}

ExprPtr Parser::starred_or_expression() {
  Token start = peek();
  if (!take_op("*")) return expression();
  ExprPtr value = binary(0);
  if (!value) return nullptr;
  return make(start, Starred{std::move(value)});
}

ExprPtr Parser::expressions() {
  Token start = peek();
  ExprPtr first = starred_or_expression();
  if (!first || !at_op(",")) return first;
  Tuple tuple;
  tuple.elements.push_back(std::move(first));
  while (take_op(",")) {
    if (at_expression_end()) break;
    ExprPtr next = starred_or_expression();
    if (!next) return nullptr;
    tuple.elements.push_back(std::move(next));
  }
  return make(start, std::move(tuple));
}

ExprPtr Parser::expression() {
  Depth depth(*this);
  if (!depth.ok) return fail("TW0107", "this expression is nested too deeply");
  if (at_word("yield")) return unsupported("yield");
  Token start = peek();
  if (take_word("lambda")) return lambda(start);
  ExprPtr value = disjunction();
  if (!value) return nullptr;
  if (take_op(":=")) {
    auto* name = std::get_if<Name>(&value->content);
    if (!name) {
      fail("TW0103", "':=' binds a name, found '" + to_string(*value) + "'");
      error_.span = value->span;
      return nullptr;
    }
    Walrus result{name->id, expression()};
    if (!result.value) return nullptr;
    return make(start, std::move(result));
  }
  if (!take_word("if")) return value;
  ExprPtr condition = disjunction();
  if (!condition) return nullptr;
  if (!take_word("else")) return fail_expected("'else'");
  ExprPtr otherwise = expression();
  if (!otherwise) return nullptr;
  return make(start, Conditional{std::move(condition), std::move(value), std::move(otherwise)});
}

ExprPtr Parser::disjunction() {
  Token start = peek();
  ExprPtr first = conjunction();
  if (!first || !at_word("or")) return first;
  Bool result{false, {}};
  result.values.push_back(std::move(first));
  while (take_word("or")) {
    result.values.push_back(conjunction());
    if (!result.values.back()) return nullptr;
  }
  return make(start, std::move(result));
}

ExprPtr Parser::conjunction() {
  Token start = peek();
  ExprPtr first = inversion();
  if (!first || !at_word("and")) return first;
  Bool result{true, {}};
  result.values.push_back(std::move(first));
  while (take_word("and")) {
    result.values.push_back(inversion());
    if (!result.values.back()) return nullptr;
  }
  return make(start, std::move(result));
}

ExprPtr Parser::inversion() {
  Token start = peek();
  if (!take_word("not")) return comparison();
  Depth depth(*this);
  if (!depth.ok) return fail("TW0107", "this expression is nested too deeply");
  ExprPtr operand = inversion();
  if (!operand) return nullptr;
  return make(start, Unary{UnaryOperator::logical_not, std::move(operand)});
}

bool Parser::take_compare_operator(CompareOperator& op) {
  static constexpr std::pair<std::string_view, CompareOperator> table[] = {
      {"<", CompareOperator::lt},  {"<=", CompareOperator::le}, {">", CompareOperator::gt},
      {">=", CompareOperator::ge}, {"==", CompareOperator::eq}, {"!=", CompareOperator::ne}};
  for (const auto& [text, value] : table)
    if (take_op(text)) return op = value, true;
  if (take_word("is")) return op = take_word("not") ? CompareOperator::is_not : CompareOperator::is, true;
  if (take_word("in")) return op = CompareOperator::in, true;
  if (at_word("not") && peek(1).kind == TokenKind::name && peek(1).text == "in") {
    position_ += 2;
    return op = CompareOperator::not_in, true;
  }
  return false;
}

ExprPtr Parser::comparison() {
  Token start = peek();
  ExprPtr first = binary(0);
  if (!first) return nullptr;
  Compare result;
  CompareOperator op;
  while (take_compare_operator(op)) {
    ExprPtr next = binary(0);
    if (!next) return nullptr;
    result.ops.push_back(op);
    result.comparators.push_back(std::move(next));
  }
  if (result.ops.empty()) return first;
  result.left = std::move(first);
  return make(start, std::move(result));
}

namespace {

// Left-associative operators, loosest level first.
struct BinaryLevel {
  std::vector<std::pair<std::string_view, BinaryOperator>> operators;
};
const std::vector<BinaryLevel>& binary_levels() {
  static const std::vector<BinaryLevel> levels = {{{{"|", BinaryOperator::bit_or}}},
                                                  {{{"^", BinaryOperator::bit_xor}}},
                                                  {{{"&", BinaryOperator::bit_and}}},
                                                  {{{"<<", BinaryOperator::lshift}, {">>", BinaryOperator::rshift}}},
                                                  {{{"+", BinaryOperator::add}, {"-", BinaryOperator::sub}}},
                                                  {{{"*", BinaryOperator::mul},
                                                    {"/", BinaryOperator::div},
                                                    {"//", BinaryOperator::floor_div},
                                                    {"%", BinaryOperator::mod},
                                                    {"@", BinaryOperator::matmul}}}};
  return levels;
}

}  // namespace

ExprPtr Parser::binary(int level) {
  if (level == static_cast<int>(binary_levels().size())) return factor();
  Token start = peek();
  ExprPtr left = binary(level + 1);
  for (int length = 0; left; ++length) {
    if (peek().kind != TokenKind::op) return left;
    const auto& operators = binary_levels()[static_cast<size_t>(level)].operators;
    auto found =
        std::find_if(operators.begin(), operators.end(), [&](const auto& o) { return o.first == peek().text; });
    if (found == operators.end()) return left;
    if (length == max_chain) return fail("TW0107", "this chain of operators is too long");
    ++position_;
    ExprPtr right = binary(level + 1);
    if (!right) return nullptr;
    left = make(start, Binary{found->second, std::move(left), std::move(right)});
  }
  return nullptr;
}

ExprPtr Parser::factor() {
  static constexpr std::pair<std::string_view, UnaryOperator> table[] = {
      {"-", UnaryOperator::neg}, {"+", UnaryOperator::pos}, {"~", UnaryOperator::invert}};
  Token start = peek();
  for (const auto& [text, op] : table) {
    if (!take_op(text)) continue;
    Depth depth(*this);
    if (!depth.ok) return fail("TW0107", "this expression is nested too deeply");
    ExprPtr operand = factor();
    if (!operand) return nullptr;
    return make(start, Unary{op, std::move(operand)});
  }
  return power();
}

ExprPtr Parser::power() {
  Token start = peek();
  ExprPtr base = postfix();
  if (!base || !take_op("**")) return base;
  Depth depth(*this);
  if (!depth.ok) return fail("TW0107", "this expression is nested too deeply");
  ExprPtr exponent = factor();
  if (!exponent) return nullptr;
  return make(start, Binary{BinaryOperator::pow, std::move(base), std::move(exponent)});
}

base::Result<ExprPtr> parse_expression(std::string_view text, std::string_view origin) {
  Parser parser(text, Layout::ignored, origin);
  ExprPtr result = parser.failed() ? nullptr : parser.expressions();
  parser.expect_end();
  if (parser.failed()) return parser.take_error();
  return result;
}

base::Result<std::vector<ExprPtr>> parse_subscript(std::string_view text, std::string_view origin) {
  Parser parser(text, Layout::ignored, origin);
  std::vector<ExprPtr> entries;
  if (!parser.failed()) entries = parser.subscript_entries("");
  parser.expect_end();
  if (parser.failed()) return parser.take_error();
  return entries;
}

}  // namespace thalweg::syntax
