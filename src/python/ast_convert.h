// CPython's ast to the one syntax tree.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <memory>
#include <string>

#include "syntax/ast.h"

namespace thalweg::python {

// `node` is an ast.FunctionDef whose line numbers count in the file; `source` is the text that starts at first_line.
std::shared_ptr<syntax::Function> convert_function(nanobind::handle node, const std::string& file,
                                                   const std::string& source, int first_line);
syntax::ExprPtr convert_expression(nanobind::handle node, const std::string& file);

}  // namespace thalweg::python
