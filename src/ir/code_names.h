// The words of code text: operations, exception families, names that cannot be connectors or symbols.
#pragma once
#include <optional>
#include <string_view>

#include "ir/code.h"

namespace thalweg::ir::code {

struct OpName {
  Op op;
  std::string_view name;
  size_t arity;
  std::string_view text;  // operator; empty: written as a call
};
const OpName& op_name(Op op);  // not for leaves and casts
const OpName* find_op(std::string_view name);

std::string_view exception_name(base::ErrorKind kind);  // "IndexError"
std::optional<base::ErrorKind> find_exception(std::string_view name);

// Python's keywords, and the words that mean something in code text: inf, nan.
bool is_reserved(std::string_view name);

}  // namespace thalweg::ir::code
