// Expressions as Python text. Products are tight ("2*N//3"), sums and comparisons have blanks.
#include "symbolic/terms.h"

namespace thalweg::symbolic {

namespace {

enum Level { or_level, and_level, not_level, compare_level, sum_level, product_level, unary_level, atom_level };

struct Text {
  std::string text;
  Level level;
};

Text print(const Expr& expr);

std::string at_level(const Expr& expr, Level level) {
  Text printed = print(expr);
  return printed.level < level ? "(" + printed.text + ")" : printed.text;
}

std::string list(std::span<const Expr> operands) {
  std::string out;
  for (const Expr& operand : operands) out += (out.empty() ? "" : ", ") + print(operand).text;
  return out;
}

Text print_integer(int64_t value) { return {std::to_string(value), value < 0 ? unary_level : atom_level}; }

std::string print_factors(std::span<const Expr> factors) {
  std::string out;
  for (const Expr& factor : factors) out += (out.empty() ? "" : "*") + at_level(factor, atom_level);
  return out;
}

Text print_product(const Expr& expr) {
  std::span<const Expr> factors = expr.operands();
  if (Node::of(expr)->flags & Node::unfolded)
    return {"(" + at_level(factors[0], unary_level) + "*" + at_level(factors[1], atom_level) + ")", atom_level};
  std::optional<int64_t> first = factors[0].as_integer();
  if (!first) return {print_factors(factors), product_level};
  std::string rest = print_factors(factors.subspan(1));
  // -N alone binds like a unary minus, -2*N like a product.
  if (*first == -1) return {"-" + rest, factors.size() == 2 ? unary_level : product_level};
  return {std::to_string(*first) + "*" + rest, product_level};
}

bool starts_with_minus(const Expr& term) {
  if (auto value = term.as_integer()) return *value < 0;
  return split(Node::of(term)).coefficient < 0;
}

// The constant goes last, and a term without minus first if there is one: "N - i - 1".
Text print_sum(const Expr& expr) {
  std::span<const Expr> operands = expr.operands();
  if (Node::of(expr)->flags & Node::unfolded)
    return {"(" + at_level(operands[0], product_level) + " + " + at_level(operands[1], product_level) + ")",
            atom_level};
  std::vector<Expr> terms(operands.begin(), operands.end());
  bool has_constant = terms[0].kind() == Kind::integer;
  if (has_constant) {
    terms.push_back(terms[0]);
    terms.erase(terms.begin());
  }
  size_t first = 0;
  while (first < terms.size() && starts_with_minus(terms[first])) ++first;
  if (first < terms.size() && first > 0 && terms[first].kind() != Kind::integer) {
    Expr moved = terms[first];
    terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(first));
    terms.insert(terms.begin(), moved);
  }
  std::string out;
  for (const Expr& term : terms) {
    std::string text = at_level(term, product_level);
    if (out.empty())
      out = text;
    else if (text[0] == '-' && !text.starts_with("-9223372036854775808"))
      out += " - " + text.substr(1);
    else
      out += " + " + text;
  }
  return {out, sum_level};
}

Text print_division(const Expr& expr, const char* op) {
  std::span<const Expr> operands = expr.operands();
  // A product or another division on the left would read correctly, but only to a machine.
  std::string left = at_level(operands[0], atom_level);
  return {left + op + at_level(operands[1], atom_level), product_level};
}

Text print_infix(const Expr& expr, const char* op, Level level) {
  std::string out;
  for (const Expr& operand : expr.operands())
    out += (out.empty() ? "" : op) + at_level(operand, static_cast<Level>(level + 1));
  return {out, level};
}

Text print_select(const Expr& expr) {
  std::span<const Expr> o = expr.operands();
  return {"(" + print(o[1]).text + " if " + print(o[0]).text + " else " + print(o[2]).text + ")", atom_level};
}

Text print(const Expr& expr) {
  switch (expr.kind()) {
    case Kind::integer: return print_integer(expr.integer());
    case Kind::symbol: return {expr.name(), atom_level};
    case Kind::add: return print_sum(expr);
    case Kind::mul: return print_product(expr);
    case Kind::floor_div: return print_division(expr, "//");
    case Kind::mod: return print_division(expr, "%");
    case Kind::min: return {"min(" + list(expr.operands()) + ")", atom_level};
    case Kind::max: return {"max(" + list(expr.operands()) + ")", atom_level};
    case Kind::select: return print_select(expr);
    case Kind::lt: return print_infix(expr, " < ", compare_level);
    case Kind::le: return print_infix(expr, " <= ", compare_level);
    case Kind::eq: return print_infix(expr, " == ", compare_level);
    case Kind::ne: return print_infix(expr, " != ", compare_level);
    case Kind::logical_and: return print_infix(expr, " and ", and_level);
    case Kind::logical_or: return print_infix(expr, " or ", or_level);
    case Kind::logical_not: return {"not " + at_level(expr.operands()[0], not_level), not_level};
    case Kind::element: return {expr.name() + "[" + list(expr.operands()) + "]", atom_level};
    case Kind::call: return {expr.name() + "(" + list(expr.operands()) + ")", atom_level};
  }
  return {"", atom_level};
}

}  // namespace

std::string to_string(const Expr& expr) { return print(expr).text; }

}  // namespace thalweg::symbolic
