// Walks over one line: words, names, groups in brackets, expressions.
#pragma once
#include <initializer_list>
#include <vector>

#include "syntax/lexer.h"
#include "text/source.h"

namespace thalweg::text {

class Cursor {
 public:
  static base::Result<Cursor> over(const Source& source, std::string_view piece);

  bool at_end() const { return peek().kind == syntax::TokenKind::end; }
  bool at(std::string_view word) const;  // an operator or a bare word
  bool take(std::string_view word);
  base::Status expect(std::string_view word);
  base::Status expect_end();
  std::string_view here() const;  // the rest, for errors

  base::Result<std::string> word();        // a bare name
  base::Result<std::string> name();        // a name, perhaps with dots; or any string in quotes
  base::Result<std::string_view> group();  // what stands between the bracket here and its partner
  base::Result<int64_t> integer();
  // Up to the end, to one of these operators, or to a name where an operator would have to stand: the next clause.
  base::Result<std::string_view> expression(std::initializer_list<std::string_view> stops = {});

  base::Diagnostic expected(const std::string& what) const;
  const Source& source() const { return *source_; }

 private:
  const syntax::Token& peek() const { return tokens_[position_]; }
  std::string_view between(size_t first, size_t last) const;  // tokens first..last-1
  const Source* source_ = nullptr;
  std::string_view piece_;
  std::vector<syntax::Token> tokens_;
  size_t position_ = 0;
};

// Pieces between commas at the top level; none for a blank piece.
base::Result<std::vector<std::string_view>> split_commas(const Source& source, std::string_view piece);

}  // namespace thalweg::text
