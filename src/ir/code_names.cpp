#include "ir/code_names.h"

#include <algorithm>
#include <array>

#include "syntax/lexer.h"

namespace thalweg::ir::code {

namespace {

constexpr std::array ops = {
#define X(name, arity, text) OpName{Op::name, #name, arity, text},
    TW_CODE_OPS(X)
#undef X
};

struct ExceptionName {
  base::ErrorKind kind;
  std::string_view name;
};
constexpr std::array exceptions = {
    ExceptionName{base::ErrorKind::syntax, "SyntaxError"},
    ExceptionName{base::ErrorKind::unsupported, "UnsupportedError"},
    ExceptionName{base::ErrorKind::type, "TypeError"},
    ExceptionName{base::ErrorKind::value, "ValueError"},
    ExceptionName{base::ErrorKind::index, "IndexError"},
    ExceptionName{base::ErrorKind::overflow, "OverflowError"},
    ExceptionName{base::ErrorKind::zero_division, "ZeroDivisionError"},
    ExceptionName{base::ErrorKind::name, "NameError"},
    ExceptionName{base::ErrorKind::internal, "InternalError"},
    ExceptionName{base::ErrorKind::linear_algebra, "LinAlgError"},
};

}  // namespace

const OpName& op_name(Op op) {
  auto found = std::find_if(ops.begin(), ops.end(), [&](const OpName& row) { return row.op == op; });
  TW_CHECK(found != ops.end(), "leaves and casts have no operation name");
  return *found;
}

const OpName* find_op(std::string_view name) {
  auto found = std::find_if(ops.begin(), ops.end(), [&](const OpName& row) { return row.name == name; });
  return found == ops.end() ? nullptr : &*found;
}

std::string_view exception_name(base::ErrorKind kind) {
  auto found = std::find_if(exceptions.begin(), exceptions.end(), [&](auto& row) { return row.kind == kind; });
  TW_CHECK(found != exceptions.end(), "an exception family without a name");
  return found->name;
}

std::optional<base::ErrorKind> find_exception(std::string_view name) {
  auto found = std::find_if(exceptions.begin(), exceptions.end(), [&](auto& row) { return row.name == name; });
  return found == exceptions.end() ? std::nullopt : std::optional(found->kind);
}

bool is_reserved(std::string_view name) { return name == "inf" || name == "nan" || syntax::is_keyword(name); }

}  // namespace thalweg::ir::code
