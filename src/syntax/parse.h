// Text to syntax tree: one recursive-descent parser for expressions, subscripts and straight-line statements.
#pragma once
#include <string_view>
#include <vector>

#include "base/result.h"
#include "syntax/ast.h"

namespace thalweg::syntax {

// `origin` names the text in spans, e.g. "<tasklet>". Whole text must be one expression.
base::Result<ExprPtr> parse_expression(std::string_view text, std::string_view origin = "<expression>");
// What stands between brackets: "i, 0:N:2, ..., None" -> one entry per comma.
base::Result<std::vector<ExprPtr>> parse_subscript(std::string_view text, std::string_view origin = "<subset>");
// Statements with indentation (assignments, if/for/while, pass, assert, raise, return ...).
base::Result<std::vector<StmtPtr>> parse_statements(std::string_view text, std::string_view origin = "<code>");

}  // namespace thalweg::syntax
