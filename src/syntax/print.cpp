// Expressions as Python text: canonical spacing, parentheses only where the grammar needs them.
#include <cmath>

#include "base/match.h"
#include "syntax/ast.h"
#include "syntax/literal.h"

namespace thalweg::syntax {

namespace {

// Binding strength, loosest first; an operand weaker than its place asks for parentheses.
enum Level {
  tuple_level,
  conditional_level,
  or_level,
  and_level,
  not_level,
  compare_level,
  bit_or_level,
  bit_xor_level,
  bit_and_level,
  shift_level,
  sum_level,
  product_level,
  unary_level,
  power_level,
  atom_level
};

struct BinaryText {
  const char* text;
  Level level;
};

BinaryText binary_text(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::add: return {" + ", sum_level};
    case BinaryOperator::sub: return {" - ", sum_level};
    case BinaryOperator::mul: return {" * ", product_level};
    case BinaryOperator::div: return {" / ", product_level};
    case BinaryOperator::floor_div: return {" // ", product_level};
    case BinaryOperator::mod: return {" % ", product_level};
    case BinaryOperator::matmul: return {" @ ", product_level};
    case BinaryOperator::pow: return {" ** ", power_level};
    case BinaryOperator::bit_and: return {" & ", bit_and_level};
    case BinaryOperator::bit_or: return {" | ", bit_or_level};
    case BinaryOperator::bit_xor: return {" ^ ", bit_xor_level};
    case BinaryOperator::lshift: return {" << ", shift_level};
    case BinaryOperator::rshift: return {" >> ", shift_level};
  }
  return {"", atom_level};
}

const char* compare_text(CompareOperator op) {
  switch (op) {
    case CompareOperator::lt: return " < ";
    case CompareOperator::le: return " <= ";
    case CompareOperator::gt: return " > ";
    case CompareOperator::ge: return " >= ";
    case CompareOperator::eq: return " == ";
    case CompareOperator::ne: return " != ";
    case CompareOperator::is: return " is ";
    case CompareOperator::is_not: return " is not ";
    case CompareOperator::in: return " in ";
    case CompareOperator::not_in: return " not in ";
  }
  return "";
}

struct Text {
  std::string text;
  Level level;
};

Text print(const Expr& expr);

std::string at_level(const Expr& expr, Level level) {
  Text printed = print(expr);
  return printed.level < level ? "(" + printed.text + ")" : printed.text;
}

std::string at_level(const ExprPtr& expr, Level level) { return expr ? at_level(*expr, level) : ""; }

std::string list(const std::vector<ExprPtr>& parts, Level level = conditional_level) {
  std::string out;
  for (const ExprPtr& part : parts) out += (out.empty() ? "" : ", ") + at_level(part, level);
  return out;
}

Text print_complex(const std::complex<double>& value) {
  std::string imaginary = spell(value.imag());
  if (imaginary.ends_with(".0")) imaginary.resize(imaginary.size() - 2);
  if (value.real() == 0 && !std::signbit(value.real()))
    return {imaginary + "j", std::signbit(value.imag()) ? unary_level : atom_level};
  bool negative = std::signbit(value.imag());
  return {spell(value.real()) + (negative ? " - " + imaginary.substr(1) : " + " + imaginary) + "j", sum_level};
}

Text print_constant(const ConstantValue& value) {
  return base::match(
      value, [](NoneValue) -> Text { return {"None", atom_level}; },
      [](EllipsisValue) -> Text { return {"...", atom_level}; },
      [](bool v) -> Text { return {v ? "True" : "False", atom_level}; },
      [](int64_t v) -> Text { return {std::to_string(v), v < 0 ? unary_level : atom_level}; },
      [](const BigInteger& v) -> Text { return {v.digits, v.digits[0] == '-' ? unary_level : atom_level}; },
      [](double v) -> Text { return {spell(v), std::signbit(v) ? unary_level : atom_level}; },
      [](const std::complex<double>& v) -> Text { return print_complex(v); },
      [](const std::string& v) -> Text { return {spell(v), atom_level}; });
}

Text print_unary(const Unary& unary) {
  switch (unary.op) {
    case UnaryOperator::logical_not: return {"not " + at_level(unary.operand, not_level), not_level};
    case UnaryOperator::neg: return {"-" + at_level(unary.operand, unary_level), unary_level};
    case UnaryOperator::pos: return {"+" + at_level(unary.operand, unary_level), unary_level};
    case UnaryOperator::invert: return {"~" + at_level(unary.operand, unary_level), unary_level};
  }
  return {"", atom_level};
}

Text print_binary(const Binary& binary) {
  BinaryText op = binary_text(binary.op);
  // ** binds to the right, and tighter than a sign on its left only.
  bool power = binary.op == BinaryOperator::pow;
  std::string left = at_level(binary.left, power ? atom_level : op.level);
  std::string right = at_level(binary.right, power ? unary_level : static_cast<Level>(op.level + 1));
  return {left + op.text + right, op.level};
}

Text print_slice(const Slice& slice) {
  std::string text = at_level(slice.lower, conditional_level) + ":" + at_level(slice.upper, conditional_level);
  if (slice.step) text += ":" + at_level(slice.step, conditional_level);
  return {text, conditional_level};
}

Text print_tuple(const Tuple& tuple) {
  if (tuple.elements.empty()) return {"()", atom_level};
  return {list(tuple.elements) + (tuple.elements.size() == 1 ? "," : ""), tuple_level};
}

Text print_subscript(const Subscript& subscript) {
  // A tuple of indices stands without parentheses, an empty one cannot.
  return {at_level(subscript.value, atom_level) + "[" + at_level(subscript.index, tuple_level) + "]", atom_level};
}

Text print_dict(const Dict& dict) {
  std::string out;
  for (size_t i = 0; i < dict.keys.size(); ++i) {
    if (i > 0) out += ", ";
    out += dict.keys[i] ? at_level(dict.keys[i], conditional_level) + ": " : "**";
    out += at_level(dict.values[i], dict.keys[i] ? conditional_level : bit_or_level);
  }
  return {"{" + out + "}", atom_level};
}

Text print_compare(const Compare& compare) {
  std::string out = at_level(compare.left, bit_or_level);
  for (size_t i = 0; i < compare.ops.size(); ++i)
    out += compare_text(compare.ops[i]) + at_level(compare.comparators[i], bit_or_level);
  return {out, compare_level};
}

Text print_call(const Call& call) {
  std::string arguments = list(call.arguments);
  for (const Keyword& keyword : call.keywords) {
    if (!arguments.empty()) arguments += ", ";
    arguments += (keyword.name.empty() ? "**" : keyword.name + "=") + at_level(keyword.value, conditional_level);
  }
  return {at_level(call.function, atom_level) + "(" + arguments + ")", atom_level};
}

Text print_bool(const Bool& node) {
  Level level = node.is_and ? and_level : or_level;
  std::string out;
  for (const ExprPtr& value : node.values)
    out += (out.empty() ? "" : node.is_and ? " and " : " or ") + at_level(value, static_cast<Level>(level + 1));
  return {out, level};
}

// 1.real would read as a float: a number takes parentheses before a dot.
std::string before_dot(const ExprPtr& value) {
  auto* constant = std::get_if<Constant>(&value->content);
  bool number = constant && std::holds_alternative<int64_t>(constant->value);
  return number ? "(" + print(*value).text + ")" : at_level(value, atom_level);
}

Text print_lambda(const Lambda& lambda) {
  std::string parameters;
  for (const Parameter& parameter : lambda.function->parameters) {
    parameters += parameters.empty() ? " " : ", ";
    parameters += (parameter.keywords ? "**" : parameter.rest ? "*" : "") + parameter.name;
    if (parameter.default_value) parameters += "=" + at_level(parameter.default_value, conditional_level);
  }
  auto* body = std::get_if<Return>(&lambda.function->body.front()->content);
  return {"lambda" + parameters + ": " + (body ? at_level(body->value, conditional_level) : "..."), conditional_level};
}

Text print_comprehension(const Comprehension& comprehension) {
  std::string out;
  if (comprehension.key) out = at_level(comprehension.key, conditional_level) + ": ";
  out += at_level(comprehension.element, conditional_level);
  for (const Comprehension::Clause& clause : comprehension.clauses) {
    out += " for " + at_level(clause.target, tuple_level) + " in " + at_level(clause.iterable, or_level);
    for (const ExprPtr& condition : clause.conditions) out += " if " + at_level(condition, or_level);
  }
  switch (comprehension.kind) {
    case Comprehension::Kind::list: return {"[" + out + "]", atom_level};
    case Comprehension::Kind::dict: return {"{" + out + "}", atom_level};
    case Comprehension::Kind::generator: break;
  }
  return {"(" + out + ")", atom_level};
}

Text print(const Expr& expr) {
  return base::match(
      expr.content, [](const Constant& n) { return print_constant(n.value); },
      [](const Name& n) -> Text { return {n.id, atom_level}; },
      [](const Attribute& n) -> Text { return {before_dot(n.value) + "." + n.attribute, atom_level}; },
      [](const Subscript& n) { return print_subscript(n); }, [](const Slice& n) { return print_slice(n); },
      [](const Tuple& n) { return print_tuple(n); },
      [](const List& n) -> Text { return {"[" + list(n.elements) + "]", atom_level}; },
      [](const Dict& n) { return print_dict(n); }, [](const Unary& n) { return print_unary(n); },
      [](const Binary& n) { return print_binary(n); }, [](const Bool& n) { return print_bool(n); },
      [](const Compare& n) { return print_compare(n); }, [](const Call& n) { return print_call(n); },
      [](const Conditional& n) -> Text {
        return {at_level(n.then_value, or_level) + " if " + at_level(n.condition, or_level) + " else " +
                    at_level(n.else_value, conditional_level),
                conditional_level};
      },
      [](const Starred& n) -> Text { return {"*" + at_level(n.value, bit_or_level), conditional_level}; },
      [](const Lambda& n) { return print_lambda(n); }, [](const Comprehension& n) { return print_comprehension(n); },
      [](const Walrus& n) -> Text {
        return {"(" + n.name + " := " + at_level(n.value, conditional_level) + ")", atom_level};
      },
      [](const UnsupportedExpr& n) -> Text { return {"<" + n.kind + ">", atom_level}; });
}

}  // namespace

std::string to_string(const Expr& expr) { return print(expr).text; }

}  // namespace thalweg::syntax
