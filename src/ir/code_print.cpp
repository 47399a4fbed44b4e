// Code trees as Python-like text that reads back as the same tree: every type is visible.
#include <cmath>

#include <fmt/core.h>

#include "base/match.h"
#include "ir/code.h"
#include "ir/code_names.h"
#include "syntax/literal.h"

namespace thalweg::ir::code {

namespace {

// How tightly an operator binds, as in Python.
enum Level {
  lowest,
  disjunction,
  conjunction,
  inversion,
  comparison,
  bit_or,
  bit_xor,
  bit_and,
  shift,
  sum,
  term,
  factor,
  power,
  atom
};

Level level_of(Op op) {
  switch (op) {
    case Op::logical_or: return disjunction;
    case Op::logical_and: return conjunction;
    case Op::logical_not: return inversion;
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::eq:
    case Op::ne: return comparison;
    case Op::bit_or: return bit_or;
    case Op::bit_xor: return bit_xor;
    case Op::bit_and: return bit_and;
    case Op::lshift:
    case Op::rshift: return shift;
    case Op::add:
    case Op::sub: return sum;
    case Op::mul:
    case Op::div:
    case Op::floor_div:
    case Op::mod: return term;
    case Op::neg:
    case Op::invert: return factor;
    case Op::pow: return power;
    default: return atom;
  }
}

std::string spell_double(double value) {
  if (std::isnan(value)) return std::signbit(value) ? "-nan" : "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return syntax::spell(value);
}

std::string spell_float(double value, int bytes) {
  if (bytes < 8 && std::isfinite(value)) {
    std::string text = fmt::format("{}", static_cast<float>(value));
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    if (static_cast<double>(static_cast<float>(std::stod(text))) == value) return text;
  }
  return spell_double(value);
}

std::string spell_complex(const std::complex<double>& value, int bytes) {
  return spell_float(value.real(), bytes / 2) + ", " + spell_float(value.imag(), bytes / 2);
}

struct Text {
  std::string text;
  Level level;
};

Text negative_aware(std::string text) {
  const Level level = text[0] == '-' ? factor : atom;
  return {std::move(text), level};
}

Text print_constant(const Expr& expr) {
  std::string number = base::match(
      expr.value, [](bool value) { return std::string(value ? "True" : "False"); },
      [](int64_t value) { return std::to_string(value); }, [](uint64_t value) { return std::to_string(value); },
      [&](double value) { return spell_float(value, expr.type.bytes()); },
      [&](const std::complex<double>& value) { return spell_complex(value, expr.type.bytes()); });
  if (expr.type == dtypes::bool_ || expr.type == dtypes::int64 || expr.type == dtypes::float64)
    return negative_aware(std::move(number));
  if (expr.type == dtypes::complex128) {
    const auto& value = std::get<std::complex<double>>(expr.value);
    if (value.real() == 0 && !std::signbit(value.real()) && std::isfinite(value.imag()) && !std::signbit(value.imag()))
      return {spell_double(value.imag()) + "j", atom};
  }
  return {expr.type.name() + "(" + number + ")", atom};
}

Text print_symbol(const Expr& expr) {
  const bool plain = expr.symbol.is_symbol() && expr.type == dtypes::int64 && !is_reserved(expr.symbol.name());
  if (plain) return {expr.symbol.name(), atom};
  return {(expr.type == dtypes::pyint ? "pyindex(" : "index(") + symbolic::to_string(expr.symbol) + ")", atom};
}

Text print(const Expr& expr);

std::string wrapped(const Expr& expr, Level at_least) {
  Text inner = print(expr);
  return inner.level < at_least ? "(" + inner.text + ")" : inner.text;
}

std::string list(const std::vector<Ptr>& trees) {
  std::string out;
  for (const Ptr& tree : trees) out += (out.empty() ? "" : ", ") + print(*tree).text;
  return out;
}

Text print_operator(const Expr& expr, Level level, std::string_view text) {
  auto next = static_cast<Level>(level + 1);
  if (expr.op == Op::logical_not) return {"not " + wrapped(*expr.args[0], level), level};
  if (expr.args.size() == 1) {
    // -3 reads back as a constant, so a negated literal is written as a call.
    if (expr.op == Op::neg && expr.args[0]->op == Op::constant) return {"neg(" + print(*expr.args[0]).text + ")", atom};
    return {std::string(text) + wrapped(*expr.args[0], level), level};
  }
  Level left = level, right = next;
  if (level == comparison) left = next;  // no chains
  if (level == power) left = atom, right = atom;
  const std::string sign = level == power ? std::string(text) : " " + std::string(text) + " ";
  return {wrapped(*expr.args[0], left) + sign + wrapped(*expr.args[1], right), level};
}

Text print(const Expr& expr) {
  switch (expr.op) {
    case Op::constant: return print_constant(expr);
    case Op::symbol: return print_symbol(expr);
    case Op::input: return {expr.name, atom};
    case Op::element: return {expr.name + "[" + list(expr.args) + "]", atom};
    case Op::cast: {
      std::string inner = print(*expr.args[0]).text;
      if (expr.args[0]->op == Op::constant) return {"astype(" + inner + ", " + expr.type.name() + ")", atom};
      return {expr.type.name() + "(" + inner + ")", atom};
    }
    default: break;
  }
  const OpName& row = op_name(expr.op);
  if (!row.text.empty()) return print_operator(expr, level_of(expr.op), row.text);
  return {std::string(row.name) + "(" + list(expr.args) + ")", atom};
}

std::string print(const Statement& statement) {
  return base::match(
      statement,
      [](const Store& store) {
        std::string target = store.connector + (store.indices.empty() ? "" : "[" + list(store.indices) + "]");
        return target + " = " + print(*store.value).text;
      },
      [](const Check& check) {
        std::string values = check.values.empty() ? "" : ", " + list(check.values);
        return "check(" + print(*check.condition).text + ", " + std::string(exception_name(check.kind)) + ", " +
               syntax::spell(check.message) + values + ")";
      });
}

}  // namespace

std::string to_string(const Expr& expr) { return print(expr).text; }

std::string to_string(const Block& block) {
  std::string out;
  for (const Statement& statement : block) out += (out.empty() ? "" : "\n") + print(statement);
  return out;
}

}  // namespace thalweg::ir::code
