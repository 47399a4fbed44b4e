#include "analysis/loop_range.h"

#include "analysis/symbols.h"

namespace thalweg::analysis {

using namespace ir;
using symbolic::Expr;

namespace {

using Binary = Expr (*)(const Expr&, const Expr&);
// The operations that mean the same on index expressions.
std::optional<Binary> binary(code::Op op) {
  switch (op) {
    case code::Op::add: return [](const Expr& a, const Expr& b) { return a + b; };
    case code::Op::sub: return [](const Expr& a, const Expr& b) { return a - b; };
    case code::Op::mul: return [](const Expr& a, const Expr& b) { return a * b; };
    case code::Op::minimum: return symbolic::min;
    case code::Op::maximum: return symbolic::max;
    case code::Op::lt: return symbolic::lt;
    case code::Op::le: return symbolic::le;
    case code::Op::gt: return symbolic::gt;
    case code::Op::ge: return symbolic::ge;
    case code::Op::eq: return symbolic::eq;
    case code::Op::ne: return symbolic::ne;
    case code::Op::logical_and: return symbolic::logical_and;
    case code::Op::logical_or: return symbolic::logical_or;
    default: return std::nullopt;
  }
}

bool is_index_type(DType type) {
  return type.is_bool() || (type.is_integer() && !type.is_unsigned() && type.bytes() == 8);
}

// A NumPy product wraps, and then different factors may give one product; not so for a small constant factor, in fewer
// iterations than any loop runs.
bool may_wrap(const code::Expr& code, const Expr& a, const Expr& b) {
  constexpr int64_t kSmall = 1 << 20;
  auto small = [](const Expr& factor) {
    auto value = factor.as_integer();
    return value && -kSmall <= *value && *value <= kSmall;
  };
  return code.op == code::Op::mul && !code.type.python() && !small(a) && !small(b);
}

// By a constant that is not 0, NumPy, Python and index expressions agree; by 0 Python raises and index expressions
// have no value, while NumPy's is 0.
std::optional<Expr> quotient_of(const code::Expr& code) {
  auto a = index_of(code.args[0]), b = index_of(code.args[1]);
  if (!a || !b) return std::nullopt;
  const auto divisor = b->as_integer();
  if (divisor ? *divisor == 0 : !code.type.python()) return std::nullopt;
  return code.op == code::Op::mod ? symbolic::mod(*a, *b) : symbolic::floor_div(*a, *b);
}

}  // namespace

std::optional<Expr> index_of(const code::Ptr& code) {
  if (!code || !is_index_type(code->type)) return std::nullopt;
  if (code->op == code::Op::symbol) return code->symbol;
  if (code->op == code::Op::constant) {
    if (auto* number = std::get_if<int64_t>(&code->value)) return Expr(*number);
    if (auto* truth = std::get_if<bool>(&code->value)) return Expr(*truth ? 1 : 0);
    return std::nullopt;
  }
  if (code->op == code::Op::cast) return code->type.is_bool() ? std::nullopt : index_of(code->args[0]);
  if (code->op == code::Op::logical_not) {
    auto inner = index_of(code->args[0]);
    return inner ? std::optional(symbolic::logical_not(*inner)) : std::nullopt;
  }
  if (code->op == code::Op::floor_div || code->op == code::Op::mod) return quotient_of(*code);
  auto make = binary(code->op);
  if (!make) return std::nullopt;
  auto a = index_of(code->args[0]), b = index_of(code->args[1]);
  if (!a || !b || may_wrap(*code, *a, *b)) return std::nullopt;
  return (*make)(*a, *b);
}

namespace {

bool mentions(const Expr& expr, const Names& names) {
  Names used;
  symbolic::collect_symbols(expr, used);
  for (const auto& name : used)
    if (names.count(name)) return true;
  return false;
}

// variable < end (upwards) or variable > end, from a comparison in canonical form.
std::optional<Expr> end_of(const Expr& condition, const std::string& variable, bool upward) {
  using symbolic::Kind;
  if (condition.kind() != Kind::lt && condition.kind() != Kind::le) return std::nullopt;
  Expr margin = condition.operands()[1] - condition.operands()[0];  // true where it is positive
  if (condition.kind() == Kind::le) margin = margin + 1;
  const Expr counter = Expr::symbol(variable), end = upward ? margin + counter : counter - margin;
  return mentions(end, {variable}) ? std::nullopt : std::optional(end);
}

}  // namespace

CountedLoop counted(const LoopRegion& loop) {
  const LoopFields& fields = loop.get();
  if (fields.variable.empty()) return {{}, "it is a while loop: how often it runs is not known beforehand"};
  if (fields.inverted || !fields.update_before_condition) return {{}, "it tests its condition after the body"};
  auto init = index_of(fields.init), condition = index_of(fields.condition), next = index_of(fields.update);
  if (!init || !condition || !next) return {{}, "its bounds are read from data in each iteration"};
  auto step = (*next - Expr::symbol(fields.variable)).as_integer();
  if (!step || *step == 0 || *step == INT64_MIN) return {{}, "its step is no constant"};
  auto end = end_of(*condition, fields.variable, *step > 0);
  if (!end) return {{}, "its condition is not that the variable stays before an end"};
  Names inside;
  for (const auto& block : loop.blocks()) inside.merge(assigned_symbols(*block));
  for (const auto& edge : loop.edges())
    for (const auto& [name, value] : edge->get().assignments) inside.insert(name);
  if (inside.count(fields.variable)) return {{}, "its body assigns the loop variable " + fields.variable};
  if (mentions(*end, inside)) return {{}, "its body assigns what its end depends on"};
  const Expr distance = *step > 0 ? *end - *init : *init - *end;
  const Expr count = symbolic::max(0, symbolic::ceil_div(distance, *step > 0 ? *step : -*step));
  return {{*init, count, *step}, ""};
}

symbolic::Range not_empty(const symbolic::Range& range) {
  const auto operands = range.size.kind() == symbolic::Kind::max ? range.size.operands() : std::span<const Expr>();
  if (operands.size() != 2 || !(operands[0].is(0) || operands[1].is(0))) return range;
  return {range.begin, operands[operands[0].is(0) ? 1 : 0], range.step};
}

}  // namespace thalweg::analysis
