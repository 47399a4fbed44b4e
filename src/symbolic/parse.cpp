// Expressions from syntax trees: Python's operators, and the function names that graph files use for them.
#include "syntax/parse.h"
#include "base/match.h"
#include "symbolic/expr.h"

namespace thalweg::symbolic {

namespace {

using base::Result;
using syntax::BinaryOperator;
using syntax::CompareOperator;
using syntax::UnaryOperator;

base::Diagnostic error(const syntax::Expr& at, std::string message, std::string fix = "") {
  base::Diagnostic out;
  out.code = "TW0201";
  out.kind = base::ErrorKind::unsupported;
  out.message = std::move(message);
  out.span = at.span;
  out.fix = std::move(fix);
  return out;
}

Result<std::vector<Expr>> convert_list(const std::vector<syntax::ExprPtr>& list) {
  std::vector<Expr> out;
  out.reserve(list.size());
  for (const syntax::ExprPtr& item : list) {
    TW_TRY(Expr value, from_syntax(*item));
    out.push_back(std::move(value));
  }
  return out;
}

Result<Expr> convert_constant(const syntax::Constant& constant, const syntax::Expr& at) {
  if (auto* value = std::get_if<int64_t>(&constant.value)) return Expr(*value);
  if (auto* value = std::get_if<bool>(&constant.value)) return Expr(*value ? 1 : 0);
  if (std::holds_alternative<syntax::BigInteger>(constant.value))
    return error(at, "integer " + to_string(at) + " does not fit into 64 bits");
  return error(at, "found " + to_string(at) + ", but a symbolic expression holds integers only");
}

// a.b.c as one dotted name; nothing if it is no chain of names.
std::optional<std::string> dotted_name(const syntax::Expr& expr) {
  if (auto* name = std::get_if<syntax::Name>(&expr.content)) return name->id;
  auto* attribute = std::get_if<syntax::Attribute>(&expr.content);
  if (!attribute) return std::nullopt;
  auto front = dotted_name(*attribute->value);
  if (!front) return std::nullopt;
  return *front + "." + attribute->attribute;
}

Result<Expr> convert_power(const Expr& base, const Expr& exponent) {
  std::optional<int64_t> n = exponent.as_integer();
  if (!n || *n < 0 || *n > 64) return Expr::call("pow", {base, exponent});
  Expr result = 1;
  for (int64_t i = 0; i < *n; ++i) result = result * base;
  return result;
}

Result<Expr> convert_shift(const Expr& a, const Expr& by, bool left) {
  std::optional<int64_t> n = by.as_integer();
  if (!n || *n < 0 || *n > 62) return Expr::call(left ? "lshift" : "rshift", {a, by});
  Expr power = int64_t{1} << *n;
  return left ? a * power : floor_div(a, power);
}

bool is_condition(const Expr& expr) {
  Kind kind = expr.kind();
  return kind >= Kind::lt && kind <= Kind::logical_not;
}

Result<Expr> convert_bits(BinaryOperator op, const Expr& a, const Expr& b) {
  auto x = a.as_integer(), y = b.as_integer();
  switch (op) {
    case BinaryOperator::bit_and:
      if (x && y) return Expr(*x & *y);
      return is_condition(a) && is_condition(b) ? logical_and(a, b) : Expr::call("bit_and", {a, b});
    case BinaryOperator::bit_or:
      if (x && y) return Expr(*x | *y);
      return is_condition(a) && is_condition(b) ? logical_or(a, b) : Expr::call("bit_or", {a, b});
    default:
      if (x && y) return Expr(*x ^ *y);
      return is_condition(a) && is_condition(b) ? ne(a, b) : Expr::call("bit_xor", {a, b});
  }
}

Result<Expr> convert_binary(const syntax::Binary& binary, const syntax::Expr& at) {
  TW_TRY(Expr a, from_syntax(*binary.left));
  TW_TRY(Expr b, from_syntax(*binary.right));
  switch (binary.op) {
    case BinaryOperator::add: return a + b;
    case BinaryOperator::sub: return a - b;
    case BinaryOperator::mul: return a * b;
    case BinaryOperator::floor_div: return floor_div(a, b);
    case BinaryOperator::mod: return mod(a, b);
    case BinaryOperator::pow: return convert_power(a, b);
    case BinaryOperator::lshift: return convert_shift(a, b, true);
    case BinaryOperator::rshift: return convert_shift(a, b, false);
    case BinaryOperator::bit_and:
    case BinaryOperator::bit_or:
    case BinaryOperator::bit_xor: return convert_bits(binary.op, a, b);
    case BinaryOperator::div: return error(at, "true division has no integer result here", "write a // b");
    case BinaryOperator::matmul: return error(at, "a matrix product is no integer expression");
  }
  return error(at, "unknown operator");
}

Result<Expr> convert_unary(const syntax::Unary& unary) {
  // The most negative integer is written as minus a number that does not fit.
  auto* constant = std::get_if<syntax::Constant>(&unary.operand->content);
  auto* big = constant ? std::get_if<syntax::BigInteger>(&constant->value) : nullptr;
  if (unary.op == UnaryOperator::neg && big && big->digits == "9223372036854775808") return Expr(INT64_MIN);
  TW_TRY(Expr operand, from_syntax(*unary.operand));
  switch (unary.op) {
    case UnaryOperator::neg: return -operand;
    case UnaryOperator::pos: return operand;
    case UnaryOperator::invert: return is_condition(operand) ? logical_not(operand) : -operand - 1;
    case UnaryOperator::logical_not: return logical_not(operand);
  }
  return operand;
}

std::optional<Expr> compare(CompareOperator op, const Expr& a, const Expr& b) {
  switch (op) {
    case CompareOperator::lt: return lt(a, b);
    case CompareOperator::le: return le(a, b);
    case CompareOperator::gt: return gt(a, b);
    case CompareOperator::ge: return ge(a, b);
    case CompareOperator::eq: return eq(a, b);
    case CompareOperator::ne: return ne(a, b);
    default: return std::nullopt;
  }
}

Result<Expr> convert_compare(const syntax::Compare& node, const syntax::Expr& at) {
  TW_TRY(Expr left, from_syntax(*node.left));
  std::optional<Expr> result;
  for (size_t i = 0; i < node.ops.size(); ++i) {
    TW_TRY(Expr right, from_syntax(*node.comparators[i]));
    std::optional<Expr> next = compare(node.ops[i], left, right);
    if (!next) return error(at, "'is' and 'in' have no meaning between integers", "compare with == or !=");
    result = result ? logical_and(*result, *next) : *next;
    left = right;
  }
  return *result;
}

Result<Expr> convert_bool(const syntax::Bool& node) {
  TW_TRY(std::vector<Expr> values, convert_list(node.values));
  Expr result = values[0];
  for (size_t i = 1; i < values.size(); ++i)
    result = node.is_and ? logical_and(result, values[i]) : logical_or(result, values[i]);
  return result;
}

using Binary = Expr (*)(const Expr&, const Expr&);

// Functions of two operands; those marked also take more, folded from the left.
struct NamedFunction {
  std::string_view name;
  Binary function;
  bool any_count;
};
constexpr NamedFunction named_functions[] = {{"min", min, true},
                                             {"Min", min, true},
                                             {"max", max, true},
                                             {"Max", max, true},
                                             {"int_floor", floor_div, false},
                                             {"floor_div", floor_div, false},
                                             {"int_ceil", ceil_div, false},
                                             {"ceil_div", ceil_div, false},
                                             {"__int_floor", floor_div, false},
                                             {"Mod", mod, false},
                                             {"mod", mod, false},
                                             {"PyMod", mod, false},
                                             {"py_mod", mod, false},
                                             {"And", logical_and, true},
                                             {"AND", logical_and, true},
                                             {"Or", logical_or, true},
                                             {"OR", logical_or, true},
                                             {"Eq", eq, false},
                                             {"Ne", ne, false},
                                             {"Lt", lt, false},
                                             {"Le", le, false},
                                             {"Gt", gt, false},
                                             {"Ge", ge, false}};

std::optional<Expr> apply_named(std::string_view name, const std::vector<Expr>& arguments) {
  size_t count = arguments.size();
  for (const NamedFunction& entry : named_functions) {
    if (entry.name != name || !(entry.any_count ? count >= 1 : count == 2)) continue;
    Expr result = arguments[0];
    for (size_t i = 1; i < count; ++i) result = entry.function(result, arguments[i]);
    return result;
  }
  if (count == 1 && (name == "Not" || name == "NOT")) return logical_not(arguments[0]);
  if (count == 1 && (name == "abs" || name == "Abs")) return max(arguments[0], -arguments[0]);
  if (count == 3 && (name == "IfExpr" || name == "select")) return select(arguments[0], arguments[1], arguments[2]);
  return std::nullopt;
}

Result<Expr> convert_call(const syntax::Call& call, const syntax::Expr& at) {
  std::optional<std::string> name = dotted_name(*call.function);
  if (!name) return error(at, "found a call of '" + to_string(*call.function) + "', expected a function's name");
  if (!call.keywords.empty()) return error(at, "keyword arguments cannot be used in a symbolic expression");
  TW_TRY(std::vector<Expr> arguments, convert_list(call.arguments));
  if (auto result = apply_named(*name, arguments)) return *result;
  return Expr::call(*name, std::move(arguments));
}

Result<Expr> convert_subscript(const syntax::Subscript& node, const syntax::Expr& at) {
  std::optional<std::string> name = dotted_name(*node.value);
  if (!name) return error(at, "found a subscript of '" + to_string(*node.value) + "', expected a container's name");
  std::vector<Expr> indices;
  if (auto* tuple = std::get_if<syntax::Tuple>(&node.index->content)) {
    TW_TRY(indices, convert_list(tuple->elements));
  } else {
    TW_TRY(Expr index, from_syntax(*node.index));
    indices.push_back(std::move(index));
  }
  return Expr::element(*name, std::move(indices));
}

Result<Expr> convert_conditional(const syntax::Conditional& node) {
  TW_TRY(Expr condition, from_syntax(*node.condition));
  TW_TRY(Expr a, from_syntax(*node.then_value));
  TW_TRY(Expr b, from_syntax(*node.else_value));
  return select(condition, a, b);
}

}  // namespace

Result<Expr> from_syntax(const syntax::Expr& tree) {
  using R = Result<Expr>;
  return base::match(
      tree.content, [&](const syntax::Constant& n) -> R { return convert_constant(n, tree); },
      [&](const syntax::Name& n) -> R { return Expr::symbol(n.id); },
      [&](const syntax::Attribute&) -> R {
        if (auto name = dotted_name(tree)) return Expr::symbol(*name);
        return error(tree, "found '" + to_string(tree) + "', expected a name");
      },
      [&](const syntax::Subscript& n) -> R { return convert_subscript(n, tree); },
      [&](const syntax::Unary& n) -> R { return convert_unary(n); },
      [&](const syntax::Binary& n) -> R { return convert_binary(n, tree); },
      [&](const syntax::Bool& n) -> R { return convert_bool(n); },
      [&](const syntax::Compare& n) -> R { return convert_compare(n, tree); },
      [&](const syntax::Call& n) -> R { return convert_call(n, tree); },
      [&](const syntax::Conditional& n) -> R { return convert_conditional(n); },
      [&](const auto&) -> R { return error(tree, "found '" + to_string(tree) + "', expected an integer expression"); });
}

Result<Expr> parse(std::string_view text) {
  TW_TRY(syntax::ExprPtr tree, syntax::parse_expression(text, "<symbolic>"));
  return from_syntax(*tree);
}

}  // namespace thalweg::symbolic
