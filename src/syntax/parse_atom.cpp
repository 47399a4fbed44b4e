// Atoms and what follows them: names, literals, brackets, calls, subscripts, attributes.
#include "syntax/literal.h"
#include "syntax/parser.h"

namespace thalweg::syntax {

ExprPtr Parser::postfix() {
  Token start = peek();
  if (at_word("await")) return unsupported("await");
  ExprPtr value = atom();
  for (int length = 0; value; ++length) {
    if (length == max_chain) return fail("TW0107", "this chain of operators is too long");
    if (take_op(".")) {
      if (peek().kind != TokenKind::name || is_keyword(peek().text)) return fail_expected("an attribute name");
      std::string attribute(peek().text);
      ++position_;
      value = make(start, Attribute{std::move(value), std::move(attribute)});
    } else if (take_op("(")) {
      value = call(start, std::move(value));
    } else if (take_op("[")) {
      value = subscript(start, std::move(value));
    } else {
      return value;
    }
  }
  return nullptr;
}

ExprPtr Parser::call(const Token& start, ExprPtr function) {
  Call result;
  result.function = std::move(function);
  while (!at_op(")")) {
    Token argument = peek();
    bool named = argument.kind == TokenKind::name && !is_keyword(argument.text) && peek(1).kind == TokenKind::op &&
                 peek(1).text == "=";
    if (named) position_ += 2;
    bool spread = !named && take_op("**");
    ExprPtr value = named || spread ? expression() : starred_or_expression();
    if (!value) return nullptr;
    if (at_word("for") && !named && !spread) {  // f(x for x in y): its parentheses are the call's
      Comprehension generator{Comprehension::Kind::generator, nullptr, std::move(value), {}};
      if (!comprehension(generator)) return nullptr;
      value = make(argument, std::move(generator));
    }
    if (named || spread) {
      std::string name = named ? std::string(argument.text) : "";
      result.keywords.push_back({std::move(name), std::move(value), span_from(argument)});
    } else if (!result.keywords.empty() && !std::holds_alternative<Starred>(value->content)) {
      return fail("TW0103", "a positional argument stands behind a keyword argument");
    } else {
      result.arguments.push_back(std::move(value));
    }
    if (!take_op(",")) break;
  }
  if (!expect_op(")")) return nullptr;
  return make(start, std::move(result));
}

ExprPtr Parser::slice_or_expression() {
  Token start = peek();
  if (at_op("*")) return starred_or_expression();
  Slice slice;
  if (!at_op(":")) {
    slice.lower = expression();
    if (!slice.lower || !at_op(":")) return std::move(slice.lower);
  }
  if (!expect_op(":")) return nullptr;
  auto at_part_end = [&] { return at_op(":") || at_op(",") || at_op("]") || peek().kind == TokenKind::end; };
  if (!at_part_end() && !(slice.upper = expression())) return nullptr;
  if (take_op(":") && !at_part_end() && !(slice.step = expression())) return nullptr;
  return make(start, std::move(slice));
}

// Entries up to (not including) `closing`, or to the end of the text when closing is empty.
std::vector<ExprPtr> Parser::subscript_entries(std::string_view closing) {
  std::vector<ExprPtr> entries;
  auto at_close = [&] { return closing.empty() ? peek().kind == TokenKind::end : at_op(closing); };
  while (!failed_ && !at_close()) {
    entries.push_back(slice_or_expression());
    if (!entries.back()) break;
    if (!take_op(",")) break;
  }
  return entries;
}

ExprPtr Parser::subscript(const Token& start, ExprPtr value) {
  Token inside = peek();
  std::vector<ExprPtr> entries = subscript_entries("]");
  if (failed_) return nullptr;
  if (entries.empty()) return fail_expected("an index");
  bool single = entries.size() == 1 && !(tokens_[position_ - 1].text == ",");
  ExprPtr index = single ? std::move(entries[0]) : make(inside, Tuple{std::move(entries)});
  if (!expect_op("]")) return nullptr;
  return make(start, Subscript{std::move(value), std::move(index)});
}

ExprPtr Parser::atom() {
  Token start = peek();
  switch (start.kind) {
    case TokenKind::number: return number();
    case TokenKind::string: return string();
    case TokenKind::name: {
      if (take_word("True")) return make(start, Constant{true});
      if (take_word("False")) return make(start, Constant{false});
      if (take_word("None")) return make(start, Constant{NoneValue{}});
      if (is_keyword(start.text)) return fail_expected("an expression");
      ++position_;
      return make(start, Name{std::string(start.text)});
    }
    case TokenKind::op:
      if (take_op("...")) return make(start, Constant{EllipsisValue{}});
      if (take_op("(")) return group(start);
      if (take_op("[")) return list(start);
      if (take_op("{")) return dict(start);
      return fail_expected("an expression");
    default: return fail_expected("an expression");
  }
}

ExprPtr Parser::number() {
  Token start = peek();
  std::optional<ConstantValue> value = parse_number(start.text);
  if (!value) return fail("TW0104", "'" + std::string(start.text) + "' is not a number");
  ++position_;
  return make(start, Constant{std::move(*value)});
}

// Adjacent literals are one string, as in Python.
ExprPtr Parser::string() {
  Token start = peek();
  std::string text;
  for (; peek().kind == TokenKind::string; ++position_)
    if (!append_string(peek(), text)) return nullptr;
  return make(start, Constant{std::move(text)});
}

bool Parser::append_string(const Token& token, std::string& into) {
  size_t quote = token.text.find_first_of("'\"");
  std::string_view prefix = token.text.substr(0, quote);
  if (prefix.find_first_of("fF") != std::string_view::npos) return unsupported("an f-string"), false;
  if (prefix.find_first_of("bB") != std::string_view::npos) return unsupported("a bytes literal"), false;
  bool raw = prefix.find_first_of("rR") != std::string_view::npos;
  std::string_view body = token.text.substr(quote);
  size_t width = body.size() >= 6 && body[1] == body[0] && body[2] == body[0] ? 3 : 1;
  if (!unescape(body.substr(width, body.size() - 2 * width), raw, into))
    return fail("TW0104", "this string holds an escape that is not understood"), false;
  return true;
}

ExprPtr Parser::group(const Token& start) {
  if (take_op(")")) return make(start, Tuple{});
  ExprPtr inside = expressions();
  if (!inside) return nullptr;
  if (at_word("for")) return comprehension(start, Comprehension::Kind::generator, nullptr, std::move(inside));
  bool is_tuple = std::holds_alternative<Tuple>(inside->content) && inside->span.column != start.column;
  if (!expect_op(")")) return nullptr;
  if (std::holds_alternative<Starred>(inside->content)) return fail("TW0103", "a starred expression stands alone");
  // A tuple's span includes its parentheses; that of a parenthesised expression does not (as CPython's ast has it).
  if (is_tuple) inside->span = span_from(start);
  return inside;
}

ExprPtr Parser::list(const Token& start) {
  List result;
  while (!at_op("]")) {
    result.elements.push_back(starred_or_expression());
    if (!result.elements.back()) return nullptr;
    if (at_word("for"))
      return comprehension(start, Comprehension::Kind::list, nullptr, std::move(result.elements.back()));
    if (!take_op(",")) break;
  }
  if (!expect_op("]")) return nullptr;
  return make(start, std::move(result));
}

ExprPtr Parser::dict(const Token& start) {
  Dict result;
  while (!at_op("}")) {
    ExprPtr key;
    if (!take_op("**")) {
      key = expression();
      if (!key) return nullptr;
      if (at_op(",") || at_op("}") || at_word("for")) return unsupported("a set");
      if (!expect_op(":")) return nullptr;
    }
    ExprPtr value = expression();
    if (!value) return nullptr;
    if (at_word("for")) return comprehension(start, Comprehension::Kind::dict, std::move(key), std::move(value));
    result.keys.push_back(std::move(key));
    result.values.push_back(std::move(value));
    if (!take_op(",")) break;
  }
  if (!expect_op("}")) return nullptr;
  return make(start, std::move(result));
}

}  // namespace thalweg::syntax
