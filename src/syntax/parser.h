// The recursive-descent parser behind parse.h. Functions return null after an error; the first error is kept.
#pragma once
#include "syntax/ast.h"
#include "syntax/lexer.h"

namespace thalweg::syntax {

// Trees are walked recursively everywhere, so the parser bounds their depth: brackets by nesting, chains by length.
inline constexpr int max_nesting = 200;
inline constexpr int max_chain = 2000;

class Parser {
 public:
  Parser(std::string_view text, Layout layout, std::string_view origin);

  ExprPtr expressions();  // a, b, *c: a tuple if there is a comma
  ExprPtr expression();   // conditional expression
  ExprPtr slice_or_expression();
  std::vector<ExprPtr> subscript_entries(std::string_view closing);
  std::vector<StmtPtr> statements();  // until dedent or end
  void expect_end();

  bool failed() const { return failed_; }
  base::Diagnostic take_error() { return std::move(error_); }

 private:
  friend struct Depth;
  const Token& peek(size_t ahead = 0) const { return tokens_[std::min(position_ + ahead, tokens_.size() - 1)]; }
  bool at_op(std::string_view text) const { return peek().kind == TokenKind::op && peek().text == text; }
  bool at_word(std::string_view text) const { return peek().kind == TokenKind::name && peek().text == text; }
  bool take_op(std::string_view text);
  bool take_word(std::string_view text);
  bool expect_op(std::string_view text);
  bool at_expression_end() const;
  std::nullptr_t fail(const char* code, std::string message, std::string fix = "");
  std::nullptr_t fail_expected(std::string_view what);
  std::nullptr_t unsupported(std::string what);
  base::Span span_from(const Token& start) const;
  ExprPtr make(const Token& start, Expr::Content content) const;
  StmtPtr make_statement(const Token& start, Stmt::Content content) const;

  ExprPtr disjunction();
  ExprPtr conjunction();
  ExprPtr inversion();
  ExprPtr comparison();
  bool take_compare_operator(CompareOperator& op);
  ExprPtr binary(int level);
  ExprPtr factor();
  ExprPtr power();
  ExprPtr postfix();
  ExprPtr call(const Token& start, ExprPtr function);
  ExprPtr subscript(const Token& start, ExprPtr value);
  ExprPtr atom();
  ExprPtr number();
  ExprPtr string();
  bool append_string(const Token& token, std::string& into);
  ExprPtr group(const Token& start);
  ExprPtr list(const Token& start);
  ExprPtr dict(const Token& start);
  ExprPtr starred_or_expression();
  bool parameters(std::string_view closing, bool annotated, std::vector<Parameter>& into);
  ExprPtr lambda(const Token& start);
  ExprPtr loop_target();
  bool comprehension(Comprehension& into);
  ExprPtr comprehension(const Token& start, Comprehension::Kind kind, ExprPtr key, ExprPtr element);

  void statement(std::vector<StmtPtr>& into);
  bool simple_statements(std::vector<StmtPtr>& into);
  StmtPtr simple_statement();
  StmtPtr assignment();
  StmtPtr assert_statement(const Token& start);
  StmtPtr if_statement(const Token& start);
  StmtPtr for_statement(const Token& start);
  StmtPtr while_statement(const Token& start);
  StmtPtr def_statement(const Token& start);
  StmtPtr with_statement(const Token& start);
  bool block(std::vector<StmtPtr>& into);
  bool else_block(std::vector<StmtPtr>& into);
  bool check_target(const Expr& target, bool allow_tuple);

  std::shared_ptr<const std::string> file_;
  std::vector<Token> tokens_;
  size_t position_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  base::Diagnostic error_;
};

// Counts one level of nesting while it lives.
struct Depth {
  explicit Depth(Parser& parser) : parser(parser) { ok = ++parser.depth_ <= max_nesting; }
  ~Depth() { --parser.depth_; }
  Parser& parser;
  bool ok;
};

}  // namespace thalweg::syntax
