// Raise sites: which exception, message and line a failing check or a Python operation leads to.
#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

// The flags of scalar.h, by bit.
enum Flag { overflow, zero_division, negative_shift, negative_power, not_a_number, domain };

struct FlagText {
  base::ErrorKind kind;
  const char* message;
};

FlagText flag_text(Flag flag, const ir::code::Expr& node) {
  using base::ErrorKind;
  bool real = !node.args.empty() && node.args[0]->type.is_float();
  bool complex = !node.args.empty() && node.args[0]->type.is_complex();
  switch (flag) {
    case overflow:
      if (complex)
        return {ErrorKind::overflow, node.op == Op::abs ? "absolute value too large" : "complex exponentiation"};
      if (real && node.op == Op::pow) return {ErrorKind::overflow, "(34, 'Numerical result out of range')"};
      if (ir::code::is_python_math(node.op, node.args[0]->type)) return {ErrorKind::overflow, "math range error"};
      if (node.op == Op::cast) return {ErrorKind::overflow, "the number does not fit into a 64-bit integer"};
      return {ErrorKind::overflow, "the result does not fit into a 64-bit integer (Python ints are 64 bits here)"};
    case zero_division:
      if (node.op == Op::div)
        return {ErrorKind::zero_division, real      ? "float division by zero"
                                          : complex ? "complex division by zero"
                                                    : "division by zero"};
      if (node.op == Op::pow)
        return {ErrorKind::zero_division,
                complex ? "0.0 to a negative or complex power" : "0.0 cannot be raised to a negative power"};
      if (real) return {ErrorKind::zero_division, node.op == Op::mod ? "float modulo" : "float floor division by zero"};
      return {ErrorKind::zero_division, "integer division or modulo by zero"};
    case negative_shift: return {ErrorKind::value, "negative shift count"};
    case negative_power:
      return {ErrorKind::unsupported, real ? "a negative float to a fractional power is complex in Python"
                                           : "an int to a negative power is a float in Python: write float(x)"};
    case domain: return {ErrorKind::value, "math domain error"};
    case not_a_number: return {ErrorKind::value, "cannot convert float NaN to integer"};
  }
  return {ErrorKind::value, ""};
}

bool is_natural(const ir::code::Expr& number) {
  auto* value = number.op == Op::constant ? std::get_if<int64_t>(&number.value) : nullptr;
  return value && *value >= 0;
}

// Which flags one node (not its operands) can set, in the order in which they are asked.
std::vector<Flag> flags_of(const ir::code::Expr& node) {
  if (node.args.empty()) return {};
  const ir::DType type = node.args[0]->type;
  if (node.op == Op::cast && node.type == ir::dtypes::pyint) {
    if (type.is_float()) return {overflow, not_a_number};
    return type == ir::dtypes::uint64 ? std::vector{overflow} : std::vector<Flag>{};
  }
  if (!type.python()) return {};
  bool whole = type.is_integer(), real = type.is_float(), complex = type.is_complex();
  switch (node.op) {
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg: return whole ? std::vector{overflow} : std::vector<Flag>{};
    case Op::abs: return whole || complex ? std::vector{overflow} : std::vector<Flag>{};
    case Op::div: return whole || real || complex ? std::vector{zero_division} : std::vector<Flag>{};
    case Op::floor_div: return whole ? std::vector{zero_division, overflow} : std::vector{zero_division};
    case Op::mod: return {zero_division};
    case Op::pow:
      if (complex) return {zero_division, overflow};
      return whole && is_natural(*node.args[1]) ? std::vector{overflow}
                                                : std::vector{overflow, zero_division, negative_power};
    case Op::lshift: return {overflow, negative_shift};
    case Op::rshift: return {negative_shift};
    default: return ir::code::is_python_math(node.op, type) ? std::vector{overflow, domain} : std::vector<Flag>{};
  }
}

}  // namespace

int Lowering::raise_site(base::ErrorKind kind, std::string message, const base::Span& span, int value_count) {
  auto& sites = program_.signature.raise_sites;
  for (size_t i = 0; i < sites.size(); ++i)
    if (sites[i].kind == kind && sites[i].message == message && sites[i].span == span) return static_cast<int>(i);
  sites.push_back({kind, std::move(message), span, value_count});
  return static_cast<int>(sites.size()) - 1;
}

FlagSites Lowering::flag_sites(const Ptr& value, const base::Location& location) {
  FlagSites sites;
  if (!ir::code::may_raise(*value)) return sites;
  int turn = 0;
  auto visit = [&](auto&& self, const ir::code::Expr& node) -> void {
    if (!base::planted("lower.flags_at_the_top"))
      for (const Ptr& argument : node.args) self(self, *argument);
    for (Flag flag : flags_of(node)) {
      if (sites.site[flag] >= 0) continue;
      sites.turn[flag] = ++turn;
      FlagText text = flag_text(flag, node);
      base::Span span = node.span.known() || location.empty() ? node.span : location.front();
      sites.site[flag] = raise_site(text.kind, text.message, span);
    }
  };
  visit(visit, *value);
  return sites;
}

}  // namespace thalweg::lower
