// Python's tokens, with their places: names, numbers, strings, operators, line ends and indentation.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace thalweg::syntax {

enum class TokenKind : uint8_t { name, number, string, op, newline, indent, dedent, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // points into the source
  int32_t line = 1, column = 0, end_line = 1, end_column = 0;
};

enum class Layout {
  ignored,  // one expression: line ends and indentation mean nothing, as inside parentheses
  python,   // statements: newline, indent and dedent tokens
};

// `source` must outlive the tokens. The last token is always `end`.
base::Result<std::vector<Token>> tokenize(std::string_view source, Layout layout,
                                          const std::shared_ptr<const std::string>& file);

bool is_keyword(std::string_view text);

}  // namespace thalweg::syntax
