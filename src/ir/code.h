// Tasklet code: a small typed tree. Every node carries its element type; there is no implicit conversion, so the
// interpreter, the passes and the emitters never promote: the frontend did, once, by NumPy's or Python's rules.
//
// Meaning follows the type. On NumPy types: NumPy's element-wise meaning (integers wrap, x // 0 is 0 ...). On Python's
// types (pyint, pyfloat ...): CPython's meaning; pyint operations that leave 64 bits raise OverflowError, a zero
// divisor raises ZeroDivisionError. The same tree serves tasklets (leaves are connectors), interstate conditions and
// assignments (leaves are containers) and custom write-conflict resolutions (leaves `old` and `new`).
#pragma once
#include <complex>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ir/dtype.h"
#include "symbolic/expr.h"

namespace thalweg::ir::code {

// X(name, arity, text). The text form is `name(args)` unless an operator is given.
// Types: "same" ops have operands and result of one type; comparisons give bool (pybool on Python types).
// clang-format off
#define TW_CODE_OPS(X)                                                                                              \
  X(add, 2, "+") X(sub, 2, "-") X(mul, 2, "*") X(div, 2, "/") X(floor_div, 2, "//") X(mod, 2, "%") X(pow, 2, "**") \
  X(neg, 1, "-") X(abs, 1, "") X(sign, 1, "")                                                                       \
  X(bit_and, 2, "&") X(bit_or, 2, "|") X(bit_xor, 2, "^") X(invert, 1, "~") X(lshift, 2, "<<") X(rshift, 2, ">>")   \
  X(lt, 2, "<") X(le, 2, "<=") X(gt, 2, ">") X(ge, 2, ">=") X(eq, 2, "==") X(ne, 2, "!=")                            \
  X(logical_and, 2, "and") X(logical_or, 2, "or") X(logical_not, 1, "not")                                          \
  X(minimum, 2, "") X(maximum, 2, "") X(fmin, 2, "") X(fmax, 2, "")                                                 \
  X(select, 3, "") /* select(condition, then, else): both sides are pure, either may be evaluated */                \
  X(sqrt, 1, "") X(exp, 1, "") X(exp2, 1, "") X(expm1, 1, "") X(log, 1, "") X(log2, 1, "") X(log10, 1, "")          \
  X(log1p, 1, "") X(libm_exp, 1, "") X(libm_log1p, 1, "") X(sin, 1, "") X(cos, 1, "") X(tan, 1, "")                 \
  X(arcsin, 1, "") X(arccos, 1, "") X(arctan, 1, "")                                                                \
  X(sinh, 1, "") X(cosh, 1, "") X(tanh, 1, "") X(arcsinh, 1, "") X(arccosh, 1, "") X(arctanh, 1, "")                \
  X(cbrt, 1, "") X(arctan2, 2, "") X(hypot, 2, "") X(fmod, 2, "") X(copysign, 2, "") X(floor, 1, "")                \
  X(ceil, 1, "") X(trunc, 1, "") X(rint, 1, "") X(isnan, 1, "") X(isinf, 1, "") X(isfinite, 1, "")                  \
  X(signbit, 1, "") X(real, 1, "") X(imag, 1, "") X(conj, 1, "") X(make_complex, 2, "")
// clang-format on

enum class Op : uint8_t {
  constant,  // value
  symbol,    // an index expression over symbols, type int64 or pyint
  input,     // the scalar behind a connector (or, between states, a scalar container)
  element,   // element of an array behind a connector (or of a container): arguments are the int64 indices, in bounds
  cast,      // conversion of the one argument to `type`, as NumPy's astype / Python's constructor does
#define X(name, arity, text) name,
  TW_CODE_OPS(X)
#undef X
};

using Value = std::variant<bool, int64_t, uint64_t, double, std::complex<double>>;

struct Expr;
using Ptr = std::shared_ptr<const Expr>;  // immutable, shared between trees

struct Expr {
  Op op = Op::constant;
  DType type;
  std::vector<Ptr> args;
  Value value{};          // constant
  symbolic::Expr symbol;  // symbol
  std::string name;       // input, element: connector or container
  base::Span span;        // the user's text, for what it may raise; may be unknown
};

Ptr constant(Value value, DType type);
Ptr symbol(symbolic::Expr expr, DType type = dtypes::int64);
Ptr input(std::string name, DType type);
Ptr element(std::string name, DType type, std::vector<Ptr> indices);
Ptr cast(Ptr value, DType to);  // returns value itself when the type is already right
// The result type follows from op and argument types (see code_types.cpp); a mismatch is a bug.
Ptr make(Op op, std::vector<Ptr> args, base::Span span = {});
inline Ptr make(Op op, Ptr a) { return make(op, std::vector<Ptr>{std::move(a)}); }
inline Ptr make(Op op, Ptr a, Ptr b) { return make(op, std::vector<Ptr>{std::move(a), std::move(b)}); }
// The type rule alone: nothing when the operand types do not fit the operation.
std::optional<DType> result_type(Op op, const std::vector<DType>& args);
// Is this one of the functions of one number that the mathematical library has: exp, sin, arctanh, cbrt ...?
bool is_library_function(Op op);
// Is this a function of Python's math module: of floats of Python's, with CPython's errors?
bool is_python_math(Op op, DType operand);
// Can evaluating this raise (Python's ints, divisions and math module; nothing else)?
bool may_raise(const Expr& expr);

// connector[indices] = value. No indices: the scalar behind the connector.
struct Store {
  std::string connector;
  std::vector<Ptr> indices;
  Ptr value;
};
// Raises `kind` unless the condition holds. "{0}" to "{3}" in the message stand for the values (integers).
struct Check {
  Ptr condition;
  base::ErrorKind kind = base::ErrorKind::value;
  std::string message;
  std::vector<Ptr> values;
  base::Span span;
};
using Statement = std::variant<Store, Check>;
// Statements run in order. A Store to a connector may be read back by a later statement as input of that name.
using Block = std::vector<Statement>;

bool equal(const Expr& a, const Expr& b);  // spans ignored
bool equal(const Block& a, const Block& b);
// Replaces leaves: names of inputs/elements by trees (for inputs), symbols by expressions.
struct Replacement {
  std::map<std::string, Ptr> inputs;         // input name -> tree
  std::map<std::string, std::string> names;  // input/element/connector name -> new name
  symbolic::Substitution symbols;
};
Ptr replace(const Ptr& expr, const Replacement& by);
Block replace(const Block& block, const Replacement& by);
void collect_inputs(const Expr& expr, std::set<std::string>& into);  // names of input and element leaves
void collect_symbols(const Expr& expr, std::set<std::string>& into);
void collect_inputs(const Block& block, std::set<std::string>& into);
void collect_symbols(const Block& block, std::set<std::string>& into);

// Python-like text with explicit casts: "out = a*float64(i) + 0.5"; one statement a line. Literals: 3 is int64,
// 0.5 is float64, 2j is complex128, True is bool; other types are written as casts of literals: float32(0.5), pyint(3).
// Checks print as: check(condition, IndexError, "message {0}", value).
std::string to_string(const Expr& expr);
std::string to_string(const Block& block);
// Types of leaf names come from `types`; other names are symbols (int64).
struct NameTypes {
  std::map<std::string, DType> inputs;   // readable leaves
  std::map<std::string, DType> outputs;  // connectors that may be stored to
};
base::Result<Ptr> parse_expression(std::string_view text, const NameTypes& types);
base::Result<Block> parse_block(std::string_view text, const NameTypes& types);

}  // namespace thalweg::ir::code
