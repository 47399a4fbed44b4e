#include "transforms/control_code.h"

#include <algorithm>

#include "ir/code_values.h"

namespace thalweg::transforms {

using namespace ir;
using code::Op;
using code::Ptr;
using symbolic::Expr;
using symbolic::Facts;
using symbolic::Truth;

Ptr rebuild(const Ptr& expr, const std::function<Ptr(const Ptr&)>& leaf) {
  if (!expr) return expr;
  std::vector<Ptr> args;
  bool same = true;
  for (const Ptr& arg : expr->args) {
    args.push_back(rebuild(arg, leaf));
    same = same && args.back() == arg;
  }
  if (same) return leaf(expr);
  auto made = std::make_shared<code::Expr>(*expr);
  made->args = std::move(args);
  return leaf(made);
}

Ptr index_code(const Expr& expr, DType type) {
  if (auto value = expr.as_integer()) return code::constant(*value, type);
  return code::symbol(expr, type);
}

bool reads_containers(const Ptr& code) {
  if (!code) return false;
  std::set<std::string> names;
  code::collect_inputs(*code, names);
  return !names.empty();
}

bool fits_index(const Expr& expr, const Facts& facts) {
  return expr.as_integer() || expr.is_symbol() || (facts.lower_bound(expr) && facts.upper_bound(expr));
}

// ------------------------------------------------------------------------------------------------ folding

namespace {

bool signed64(DType type) { return type == dtypes::int64 || type == dtypes::pyint; }

template <class T>
const T* value_of(const Ptr& expr) {
  return expr->op == Op::constant ? std::get_if<T>(&expr->value) : nullptr;
}

template <class T>
std::optional<bool> compared(Op op, const T& a, const T& b) {
  switch (op) {
    case Op::lt: return a < b;
    case Op::le: return a <= b;
    case Op::gt: return a > b;
    case Op::ge: return a >= b;
    case Op::eq: return a == b;
    case Op::ne: return a != b;
    default: return std::nullopt;
  }
}

std::optional<bool> compared(Op op, const Ptr& a, const Ptr& b) {
  if (auto *x = value_of<int64_t>(a), *y = value_of<int64_t>(b); x && y) return compared(op, *x, *y);
  if (auto *x = value_of<uint64_t>(a), *y = value_of<uint64_t>(b); x && y) return compared(op, *x, *y);
  if (auto *x = value_of<double>(a), *y = value_of<double>(b); x && y) return compared(op, *x, *y);
  if (auto *x = value_of<bool>(a), *y = value_of<bool>(b); x && y) return compared<int>(op, *x, *y);
  return std::nullopt;
}

// Sums and products of 64-bit integers; nothing where they leave 64 bits (Python's raise there, NumPy's wrap).
std::optional<int64_t> computed(Op op, int64_t a, int64_t b) {
  int64_t out = 0;
  switch (op) {
    case Op::add: return __builtin_add_overflow(a, b, &out) ? std::nullopt : std::optional(out);
    case Op::sub: return __builtin_sub_overflow(a, b, &out) ? std::nullopt : std::optional(out);
    case Op::mul: return __builtin_mul_overflow(a, b, &out) ? std::nullopt : std::optional(out);
    case Op::minimum: return std::min(a, b);
    case Op::maximum: return std::max(a, b);
    default: return std::nullopt;
  }
}

Ptr fold_logic(const Ptr& expr) {
  const bool both = expr->op == Op::logical_and;
  for (size_t k = 0; k < 2; ++k) {
    const bool* known = value_of<bool>(expr->args[k]);
    if (!known) continue;
    if (*known == both) return expr->args[1 - k];          // True and x, False or x
    if (k == 0) return code::constant(!both, expr->type);  // False and x: x is not looked at
    if (!code::may_raise(*expr->args[0])) return code::constant(!both, expr->type);
  }
  return expr;
}

Ptr fold_cast(const Ptr& expr) {
  const Ptr& from = expr->args[0];
  if (from->op != Op::constant || expr->type.is_complex()) return expr;
  if (expr->type.is_bool() != from->type.is_bool()) return expr;
  if (auto value = code::exact_value(from->value, expr->type)) return code::constant(*value, expr->type);
  return expr;
}

Ptr fold_node(const Ptr& expr) {
  if (expr->op == Op::symbol)
    if (auto value = expr->symbol.as_integer()) return code::constant(*value, expr->type);
  if (expr->args.empty()) return expr;
  if (expr->op == Op::cast) return fold_cast(expr);
  if (expr->op == Op::logical_and || expr->op == Op::logical_or) return fold_logic(expr);
  if (expr->op == Op::logical_not)
    if (const bool* value = value_of<bool>(expr->args[0])) return code::constant(!*value, expr->type);
  if (expr->op == Op::select)
    if (const bool* value = value_of<bool>(expr->args[0])) return expr->args[*value ? 1 : 2];
  if (expr->args.size() != 2) return expr;
  if (auto truth = compared(expr->op, expr->args[0], expr->args[1])) return code::constant(*truth, expr->type);
  if (!signed64(expr->type)) return expr;
  if (auto *a = value_of<int64_t>(expr->args[0]), *b = value_of<int64_t>(expr->args[1]); a && b)
    if (auto value = computed(expr->op, *a, *b)) return code::constant(*value, expr->type);
  return expr;
}

}  // namespace

Ptr fold(const Ptr& expr) { return rebuild(expr, fold_node); }

// ------------------------------------------------------------------------------------------------ index expressions

namespace {

using Index = std::optional<Expr>;

Index both(const code::Expr& value, const Facts& facts, Expr (*make)(const Expr&, const Expr&)) {
  auto a = index_of(value.args[0], facts), b = index_of(value.args[1], facts);
  if (!a || !b) return std::nullopt;
  return make(*a, *b);
}

bool comparable(const code::Expr& value) {
  const DType type = value.args[0]->type;
  return signed64(type) || type.is_bool();
}

Index arithmetic(const code::Expr& value, const Facts& facts, Expr (*make)(const Expr&, const Expr&)) {
  if (!signed64(value.type)) return std::nullopt;
  auto out = both(value, facts, make);
  // A Python int raises where it would not fit, so that its value is right wherever there is one.
  if (out && value.type == dtypes::int64 && !fits_index(*out, facts)) return std::nullopt;
  return out;
}

}  // namespace

Index index_of(const Ptr& value, const Facts& facts) {
  if (!value) return std::nullopt;
  switch (value->op) {
    case Op::symbol: return value->symbol;
    case Op::constant:
      if (auto* number = value_of<int64_t>(value)) return Expr(*number);
      if (auto* truth = value_of<bool>(value)) return Expr(*truth ? 1 : 0);
      return std::nullopt;
    case Op::cast:
      if (signed64(value->type) && signed64(value->args[0]->type)) return index_of(value->args[0], facts);
      if (value->type.is_bool() && value->args[0]->type.is_bool()) return index_of(value->args[0], facts);
      return std::nullopt;
    case Op::add: return arithmetic(*value, facts, symbolic::operator+);
    case Op::sub: return arithmetic(*value, facts, symbolic::operator-);
    case Op::mul: return arithmetic(*value, facts, symbolic::operator*);
    default: break;
  }
  if (value->args.size() == 2 && comparable(*value)) switch (value->op) {
      case Op::lt: return both(*value, facts, symbolic::lt);
      case Op::le: return both(*value, facts, symbolic::le);
      case Op::gt: return both(*value, facts, symbolic::gt);
      case Op::ge: return both(*value, facts, symbolic::ge);
      case Op::eq: return both(*value, facts, symbolic::eq);
      case Op::ne: return both(*value, facts, symbolic::ne);
      case Op::logical_and: return both(*value, facts, symbolic::logical_and);
      case Op::logical_or: return both(*value, facts, symbolic::logical_or);
      default: break;
    }
  if (value->op == Op::logical_not)
    if (auto inner = index_of(value->args[0], facts)) return symbolic::logical_not(*inner);
  return std::nullopt;
}

Truth decide(const Ptr& condition, const Facts& facts) {
  if (!condition) return Truth::yes;
  const Ptr folded = fold(condition);
  if (const bool* known = value_of<bool>(folded)) return *known ? Truth::yes : Truth::no;
  if (auto truth = index_of(folded, facts)) return facts.prove(*truth);
  // Of a conjunction one side may be enough.
  if (folded->op != Op::logical_and && folded->op != Op::logical_or) return Truth::unknown;
  const Truth enough = folded->op == Op::logical_and ? Truth::no : Truth::yes;
  const Truth a = decide(folded->args[0], facts), b = decide(folded->args[1], facts);
  if (a == enough || b == enough) return enough;
  return a == b ? a : Truth::unknown;
}

}  // namespace thalweg::transforms
