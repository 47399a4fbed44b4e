// Splits Python text into tokens; knows brackets, continuation lines and the indentation rule, nothing of grammar.
#include "syntax/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace thalweg::syntax {

namespace {

constexpr std::array<std::string_view, 35> keywords = {
    "False",  "None",     "True", "and",    "as",   "assert", "async",   "await",  "break", "class",  "continue", "def",
    "del",    "elif",     "else", "except", "for",  "from",   "finally", "global", "if",    "import", "in",       "is",
    "lambda", "nonlocal", "not",  "or",     "pass", "raise",  "return",  "try",    "while", "with",   "yield"};

// Longest first, so that the first match is the right one.
constexpr std::array<std::string_view, 47> operators = {
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=",
    "*=",  "/=",  "%=",  "&=",  "|=",  "^=", "@=", ":=", "+",  "-",  "*",  "/",  "%",  "@",  "&",  "|",
    "^",   "~",   "<",   ">",   "(",   ")",  "[",  "]",  "{",  "}",  ",",  ":",  ".",  ";",  "="};

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool continues_name(char c) { return starts_name(c) || is_digit(c); }

class Lexer {
 public:
  Lexer(std::string_view source, Layout layout, std::shared_ptr<const std::string> file)
      : source_(source), layout_(layout), file_(std::move(file)), at_line_start_(layout == Layout::python) {}

  base::Result<std::vector<Token>> run() {
    while (!failed_ && (position_ < source_.size() || at_line_start_)) {
      if (at_line_start_ && layout_ == Layout::python && brackets_ == 0) {
        begin_line();
        if (failed_ || position_ >= source_.size()) break;
        if (at_line_start_) continue;  // a blank line was skipped
      }
      at_line_start_ = false;
      step();
    }
    if (failed_) return std::move(error_);
    if (layout_ == Layout::python) {
      if (!tokens_.empty() && tokens_.back().kind != TokenKind::newline) add(TokenKind::newline, position_, 0);
      for (; indents_.size() > 1; indents_.pop_back()) add(TokenKind::dedent, position_, 0);
    }
    add(TokenKind::end, position_, 0);
    return std::move(tokens_);
  }

 private:
  char at(size_t offset = 0) const { return position_ + offset < source_.size() ? source_[position_ + offset] : '\0'; }
  int32_t column() const { return static_cast<int32_t>(position_ - line_start_); }

  void add(TokenKind kind, size_t start, size_t length) {
    int32_t column = static_cast<int32_t>(start - line_start_);
    tokens_.push_back(
        {kind, source_.substr(start, length), line_, column, line_, column + static_cast<int32_t>(length)});
  }

  void fail(const char* code, std::string message, size_t length = 1) {
    if (failed_) return;
    failed_ = true;
    error_.code = code;
    error_.kind = base::ErrorKind::syntax;
    error_.message = std::move(message);
    error_.span = {file_, line_, column(), line_, column() + static_cast<int32_t>(length), nullptr};
  }

  void next_line() {
    ++position_;
    ++line_;
    line_start_ = position_;
  }

  // Measures the indentation; skips lines that hold nothing but blanks and comments.
  void begin_line() {
    int width = 0;
    for (; at() == ' ' || at() == '\t' || at() == '\f'; ++position_)
      width = at() == '\t' ? (width / 8 + 1) * 8 : width + 1;
    if (at() == '\r' && at(1) == '\n') ++position_;
    if (at() == '#') skip_comment();
    if (position_ >= source_.size()) {
      at_line_start_ = false;
      return;
    }
    if (at() == '\n') {
      next_line();
      return;
    }
    at_line_start_ = false;
    if (width > indents_.back()) {
      indents_.push_back(width);
      add(TokenKind::indent, position_, 0);
    }
    for (; width < indents_.back(); indents_.pop_back()) add(TokenKind::dedent, position_, 0);
    if (width != indents_.back()) fail("TW0105", "this line's indentation matches no line above it");
  }

  void skip_comment() {
    while (position_ < source_.size() && at() != '\n') ++position_;
  }

  void step() {
    char c = at();
    if (c == ' ' || c == '\t' || c == '\f' || c == '\r') {
      ++position_;
    } else if (c == '#') {
      skip_comment();
    } else if (c == '\n') {
      if (layout_ == Layout::python && brackets_ == 0) {
        add(TokenKind::newline, position_, 1);
        at_line_start_ = true;
      }
      next_line();
    } else if (c == '\\' && (at(1) == '\n' || (at(1) == '\r' && at(2) == '\n'))) {
      position_ += at(1) == '\n' ? 1 : 2;
      next_line();
    } else if (is_digit(c) || (c == '.' && is_digit(at(1)))) {
      number();
    } else if (c == '"' || c == '\'') {
      string(position_);
    } else if (starts_name(c)) {
      name();
    } else {
      op();
    }
  }

  void name() {
    size_t start = position_;
    while (continues_name(at())) ++position_;
    bool quote = at() == '"' || at() == '\'';
    std::string_view text = source_.substr(start, position_ - start);
    auto is_prefix_letter = [](char c) { return std::string_view("rRbBuUfF").find(c) != std::string_view::npos; };
    if (quote && text.size() <= 2 && std::all_of(text.begin(), text.end(), is_prefix_letter))
      string(start);
    else
      add(TokenKind::name, start, position_ - start);
  }

  // Takes everything that looks like a number; the parser judges its form.
  void number() {
    size_t start = position_;
    bool hexadecimal = at() == '0' && (at(1) == 'x' || at(1) == 'X'), fraction = false;
    while (true) {
      char c = at();
      if (c == '.' && std::exchange(fraction, true)) break;  // 0.5.real
      bool sign = (c == '+' || c == '-') && !hexadecimal && position_ > start &&
                  (source_[position_ - 1] == 'e' || source_[position_ - 1] == 'E');
      if (!(continues_name(c) || c == '.' || sign)) break;
      ++position_;
    }
    add(TokenKind::number, start, position_ - start);
  }

  void string(size_t start) {
    char quote = at();
    bool triple = at(1) == quote && at(2) == quote;
    int32_t line = line_, start_column = static_cast<int32_t>(start - line_start_);
    position_ += triple ? 3 : 1;
    while (true) {
      if (position_ >= source_.size() || (!triple && at() == '\n')) {
        position_ = start < line_start_ ? line_start_ : start;
        return fail("TW0102", "this string is never closed");
      }
      if (at() == quote && (!triple || (at(1) == quote && at(2) == quote))) break;
      if (at() == '\\') ++position_;
      if (at() == '\n')
        next_line();
      else if (position_ < source_.size())
        ++position_;
    }
    position_ += triple ? 3 : 1;
    tokens_.push_back(
        {TokenKind::string, source_.substr(start, position_ - start), line, start_column, line_, column()});
  }

  void op() {
    std::string_view rest = source_.substr(position_);
    for (std::string_view candidate : operators) {
      if (!rest.starts_with(candidate)) continue;
      if (candidate == "(" || candidate == "[" || candidate == "{") ++brackets_;
      if ((candidate == ")" || candidate == "]" || candidate == "}") && brackets_ > 0) --brackets_;
      add(TokenKind::op, position_, candidate.size());
      position_ += candidate.size();
      return;
    }
    fail("TW0101", std::string("unexpected character '") + at() + "'");
  }

  std::string_view source_;
  Layout layout_;
  std::shared_ptr<const std::string> file_;
  size_t position_ = 0, line_start_ = 0;
  int32_t line_ = 1;
  int brackets_ = 0;
  bool at_line_start_, failed_ = false;
  std::vector<int> indents_ = {0};
  std::vector<Token> tokens_;
  base::Diagnostic error_;
};

}  // namespace

base::Result<std::vector<Token>> tokenize(std::string_view source, Layout layout,
                                          const std::shared_ptr<const std::string>& file) {
  return Lexer(source, layout, file).run();
}

bool is_keyword(std::string_view text) { return std::find(keywords.begin(), keywords.end(), text) != keywords.end(); }

}  // namespace thalweg::syntax
