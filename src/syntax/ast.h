// The one syntax tree: the Python subset that occurs in programs, tasklets, conditions, memlet subsets and
// symbolic text. Built by the parser (text) or from CPython's ast (src/python); plain structs, spans everywhere.
#pragma once
#include <complex>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/location.h"

namespace thalweg::syntax {

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;

struct NoneValue {};
struct EllipsisValue {};
// An integer literal beyond 64 bits keeps its decimal text.
struct BigInteger {
  std::string digits;
};
using ConstantValue =
    std::variant<NoneValue, EllipsisValue, bool, int64_t, BigInteger, double, std::complex<double>, std::string>;

enum class BinaryOperator { add, sub, mul, div, floor_div, mod, pow, matmul, bit_and, bit_or, bit_xor, lshift, rshift };
enum class UnaryOperator { neg, pos, invert, logical_not };
enum class CompareOperator { lt, le, gt, ge, eq, ne, is, is_not, in, not_in };

struct Constant {
  ConstantValue value;
};
struct Name {
  std::string id;
};
struct Attribute {
  ExprPtr value;
  std::string attribute;
};
// value[index]; several indices are a Tuple.
struct Subscript {
  ExprPtr value, index;
};
struct Slice {
  ExprPtr lower, upper, step;  // each may be null
};
struct Tuple {
  std::vector<ExprPtr> elements;
};
struct List {
  std::vector<ExprPtr> elements;
};
struct Dict {
  std::vector<ExprPtr> keys, values;  // a null key is **value
};
struct Unary {
  UnaryOperator op;
  ExprPtr operand;
};
struct Binary {
  BinaryOperator op;
  ExprPtr left, right;
};
struct Bool {
  bool is_and;  // else or
  std::vector<ExprPtr> values;
};
struct Compare {
  ExprPtr left;
  std::vector<CompareOperator> ops;
  std::vector<ExprPtr> comparators;
};
struct Keyword {
  std::string name;  // empty for **value
  ExprPtr value;
  base::Span span;
};
struct Call {
  ExprPtr function;
  std::vector<ExprPtr> arguments;
  std::vector<Keyword> keywords;
};
struct Conditional {
  ExprPtr condition, then_value, else_value;
};
struct Starred {
  ExprPtr value;
};
struct Function;
// Its body is one return statement.
struct Lambda {
  std::shared_ptr<const Function> function;
};
// [element for target in iterable if condition ...]; a generator expression; {key: element for ...}.
struct Comprehension {
  enum class Kind { list, generator, dict };
  struct Clause {
    ExprPtr target, iterable;
    std::vector<ExprPtr> conditions;
  };
  Kind kind;
  ExprPtr key, element;  // the key of a dict, else null
  std::vector<Clause> clauses;
};
// (name := value)
struct Walrus {
  std::string name;
  ExprPtr value;
};
// Anything of CPython's grammar outside the subset: kept so that the frontend can refuse it where it stands.
struct UnsupportedExpr {
  std::string kind;  // CPython's node name, e.g. "JoinedStr", "Await"
};

struct Expr {
  using Content = std::variant<Constant, Name, Attribute, Subscript, Slice, Tuple, List, Dict, Unary, Binary, Bool,
                               Compare, Call, Conditional, Starred, Lambda, Comprehension, Walrus, UnsupportedExpr>;
  Content content;
  base::Span span;
};

struct Assign {
  std::vector<ExprPtr> targets;  // a = b = value has two
  ExprPtr value;
};
struct AnnotatedAssign {
  ExprPtr target, annotation, value;  // value may be null
};
struct AugmentedAssign {
  ExprPtr target;
  BinaryOperator op;
  ExprPtr value;
};
struct ExprStatement {
  ExprPtr value;
};
struct If {
  ExprPtr condition;
  std::vector<StmtPtr> body, orelse;
};
struct For {
  ExprPtr target, iterable;
  std::vector<StmtPtr> body, orelse;
};
struct While {
  ExprPtr condition;
  std::vector<StmtPtr> body, orelse;
};
struct Return {
  ExprPtr value;  // may be null
};
struct Break {};
struct Continue {};
struct Pass {};
struct Delete {
  std::vector<std::string> names;
};
struct Raise {
  ExprPtr exception;               // may be null; of an assertion its message
  std::vector<std::string> names;  // that the statement reads, however deep inside
  bool assertion = false;          // raises AssertionError
};
struct FunctionDef {
  std::shared_ptr<const Function> function;
};
struct With {
  std::vector<ExprPtr> contexts;
  std::vector<StmtPtr> body;
};
struct UnsupportedStmt {
  std::string kind;  // e.g. "Try", "ClassDef"
};

struct Stmt {
  using Content = std::variant<Assign, AnnotatedAssign, AugmentedAssign, ExprStatement, If, For, While, Return, Break,
                               Continue, Pass, Delete, Raise, FunctionDef, With, UnsupportedStmt>;
  Content content;
  base::Span span;
};

struct Parameter {
  std::string name;
  ExprPtr annotation;     // as written; the host evaluates it
  ExprPtr default_value;  // as written; of a function inside another one
  bool has_default = false;
  bool keyword_only = false;
  bool positional_only = false;
  bool rest = false;      // *name: takes what positional arguments are left
  bool keywords = false;  // **name: takes what keywords are left
  base::Span span;
};

struct Function {
  std::string name;
  std::vector<Parameter> parameters;
  std::vector<StmtPtr> body;
  base::Span span;
  std::string source;  // the text that spans count in, starting at source_first_line
  int source_first_line = 1;
};

ExprPtr clone(const Expr& expr);
StmtPtr clone(const Stmt& stmt);
// assert condition, message: if not condition, raise. `names` are read by the message.
StmtPtr assertion(ExprPtr condition, ExprPtr message, std::vector<std::string> names, const base::Span& span);
// Python text of the expression (canonical spacing, minimal parentheses).
std::string to_string(const Expr& expr);

}  // namespace thalweg::syntax
