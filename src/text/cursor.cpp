#include "text/cursor.h"

#include <algorithm>
#include <array>

#include "syntax/parse.h"

namespace thalweg::text {

using syntax::Token;
using syntax::TokenKind;

namespace {

bool is_operator_word(std::string_view text) {
  constexpr std::array<std::string_view, 7> words = {"and", "or", "not", "in", "is", "if", "else"};
  return std::find(words.begin(), words.end(), text) != words.end();
}
int depth_change(const Token& token) {
  if (token.kind != TokenKind::op) return 0;
  if (token.text == "(" || token.text == "[" || token.text == "{") return 1;
  if (token.text == ")" || token.text == "]" || token.text == "}") return -1;
  return 0;
}

}  // namespace

base::Result<Cursor> Cursor::over(const Source& source, std::string_view piece) {
  const bool blank = piece.find_first_not_of(' ') == std::string_view::npos;
  auto tokens = blank ? std::vector<Token>(1) : syntax::tokenize(piece, syntax::Layout::ignored, nullptr);
  if (!tokens) return source.moved(std::move(tokens.error()), piece);
  Cursor cursor;
  cursor.source_ = &source;
  cursor.piece_ = piece;
  cursor.tokens_ = std::move(*tokens);
  return cursor;
}

bool Cursor::at(std::string_view word) const {
  return (peek().kind == TokenKind::op || peek().kind == TokenKind::name) && peek().text == word;
}

bool Cursor::take(std::string_view word) {
  if (!at(word)) return false;
  ++position_;
  return true;
}

base::Diagnostic Cursor::expected(const std::string& what) const {
  const std::string found = at_end() ? "the end of the line" : "'" + std::string(peek().text) + "'";
  return source_->error("TW0402", "found " + found + ", expected " + what, at_end() ? here() : peek().text);
}

base::Status Cursor::expect(std::string_view word) {
  if (!take(word)) return expected("'" + std::string(word) + "'");
  return base::success();
}

base::Status Cursor::expect_end() {
  if (!at_end()) return expected("the end of the line");
  return base::success();
}

std::string_view Cursor::here() const {
  if (at_end()) return piece_.substr(piece_.size());
  return piece_.substr(static_cast<size_t>(peek().text.data() - piece_.data()));
}

std::string_view Cursor::between(size_t first, size_t last) const {
  if (first >= last) return here().substr(0, 0);
  const char* begin = tokens_[first].text.data();
  const char* end = tokens_[last - 1].text.data() + tokens_[last - 1].text.size();
  return {begin, static_cast<size_t>(end - begin)};
}

base::Result<std::string> Cursor::word() {
  if (peek().kind != TokenKind::name) return expected("a name");
  return std::string(tokens_[position_++].text);
}

base::Result<std::string> Cursor::name() {
  if (peek().kind == TokenKind::string) {
    std::string_view piece = tokens_[position_++].text;
    auto tree = syntax::parse_expression(piece);
    if (!tree) return source_->moved(std::move(tree.error()), piece);
    auto* constant = std::get_if<syntax::Constant>(&(*tree)->content);
    if (constant && std::holds_alternative<std::string>(constant->value)) return std::get<std::string>(constant->value);
    return source_->error("TW0402", "expected a string", piece);
  }
  TW_TRY(std::string out, word());
  while (at(".") && tokens_[position_ + 1].kind == TokenKind::name) {
    out += "." + std::string(tokens_[position_ + 1].text);
    position_ += 2;
  }
  return out;
}

base::Result<std::string_view> Cursor::group() {
  if (depth_change(peek()) != 1) return expected("an opening bracket");
  const size_t first = ++position_;
  for (int depth = 1; !at_end(); ++position_) {
    depth += depth_change(peek());
    if (depth == 0) return between(first, position_++);
  }
  return expected("a closing bracket");
}

base::Result<int64_t> Cursor::integer() {
  const bool negative = take("-");
  if (peek().kind == TokenKind::number) {
    std::string_view piece = tokens_[position_].text;
    auto tree = syntax::parse_expression(piece);
    auto* constant = tree ? std::get_if<syntax::Constant>(&(*tree)->content) : nullptr;
    if (constant && std::holds_alternative<int64_t>(constant->value)) {
      ++position_;
      const int64_t value = std::get<int64_t>(constant->value);
      return negative ? -value : value;
    }
  }
  return expected("an integer");
}

base::Result<std::string_view> Cursor::expression(std::initializer_list<std::string_view> stops) {
  const size_t first = position_;
  bool operand_due = true;
  for (int depth = 0; !at_end(); ++position_) {
    const Token& token = peek();
    if (depth == 0) {
      const bool starts_operand =
          token.kind == TokenKind::number || token.kind == TokenKind::string ||
          (token.kind == TokenKind::name && (!is_operator_word(token.text) || token.text == "not"));
      if (starts_operand && !operand_due && !(token.text == "not" && tokens_[position_ + 1].text == "in")) break;
      if (token.kind == TokenKind::op && std::find(stops.begin(), stops.end(), token.text) != stops.end()) break;
      if (depth_change(token) < 0) break;
    }
    depth += depth_change(token);
    if (token.kind == TokenKind::op)
      operand_due = depth_change(token) >= 0;
    else
      operand_due = token.kind == TokenKind::name && is_operator_word(token.text);
  }
  if (first == position_) return expected("an expression");
  return between(first, position_);
}

base::Result<std::vector<std::string_view>> split_commas(const Source& source, std::string_view piece) {
  std::vector<std::string_view> out;
  TW_TRY(Cursor cursor, Cursor::over(source, piece));
  while (!cursor.at_end()) {
    TW_TRY(std::string_view part, cursor.expression({","}));
    out.push_back(part);
    if (!cursor.take(",")) break;
  }
  TW_TRY_VOID(cursor.expect_end());
  return out;
}

}  // namespace thalweg::text
