// Index expressions: 64-bit integers, where leaving 64 bits is a report, not a wrapped value.
#include <algorithm>

#include "interpret/evaluate.h"

namespace thalweg::interpret {

using symbolic::Kind;

namespace {

class IndexEvaluator {
 public:
  IndexEvaluator(Machine& machine, Scope& scope) : machine_(machine), scope_(scope) {}

  int64_t value(const symbolic::Expr& expr) {
    auto operand = [&](size_t i) { return value(expr.operands()[i]); };
    switch (expr.kind()) {
      case Kind::integer: return expr.integer();
      case Kind::symbol: return symbol(expr.name());
      case Kind::add: return sum(expr);
      case Kind::mul: return product(expr);
      case Kind::floor_div: return floor_div(operand(0), operand(1));
      case Kind::mod: return modulo(operand(0), operand(1));
      case Kind::min: return fold(expr, [](int64_t a, int64_t b) { return std::min(a, b); });
      case Kind::max: return fold(expr, [](int64_t a, int64_t b) { return std::max(a, b); });
      case Kind::select: return operand(0) ? operand(1) : operand(2);
      case Kind::lt: return operand(0) < operand(1);
      case Kind::le: return operand(0) <= operand(1);
      case Kind::eq: return operand(0) == operand(1);
      case Kind::ne: return operand(0) != operand(1);
      case Kind::logical_and:
        for (const auto& part : expr.operands())
          if (!value(part)) return 0;
        return 1;
      case Kind::logical_or:
        for (const auto& part : expr.operands())
          if (value(part)) return 1;
        return 0;
      case Kind::logical_not: return !operand(0);
      case Kind::element: return element(expr);
      case Kind::call:
        machine_.failure.bug("the function '" + expr.name() + "' of an index expression is not known");
        return 0;
    }
    return 0;
  }

 private:
  int64_t overflow() {
    machine_.failure.bug("an index expression leaves 64 bits");
    return 0;
  }
  int64_t symbol(const std::string& name) {
    if (auto found = scope_.symbol(name)) return *found;
    if (machine_.options.symbols_start_at_zero) return 0;
    machine_.failure.bug("the symbol '" + name + "' has no value here");
    return 0;
  }
  int64_t sum(const symbolic::Expr& expr) {
    int64_t total = 0;
    for (const auto& part : expr.operands())
      if (__builtin_add_overflow(total, value(part), &total)) return overflow();
    return total;
  }
  int64_t product(const symbolic::Expr& expr) {
    int64_t total = 1;
    for (const auto& part : expr.operands())
      if (__builtin_mul_overflow(total, value(part), &total)) return overflow();
    return total;
  }
  template <class Better>
  int64_t fold(const symbolic::Expr& expr, Better better) {
    int64_t best = value(expr.operands()[0]);
    for (const auto& part : expr.operands().subspan(1)) best = better(best, value(part));
    return best;
  }
  bool divisor_is_bad(int64_t a, int64_t b) {
    if (b == 0) machine_.failure.bug("an index expression divides by zero");
    if (b == -1 && a == INT64_MIN) overflow();
    return machine_.failed();
  }
  int64_t floor_div(int64_t a, int64_t b) {
    if (divisor_is_bad(a, b)) return 0;
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
  }
  int64_t modulo(int64_t a, int64_t b) {
    if (divisor_is_bad(a, b)) return 0;
    const int64_t rest = a % b;
    return rest + (rest != 0 && (rest < 0) != (b < 0) ? b : 0);
  }
  int64_t element(const symbolic::Expr& expr) {
    std::vector<int64_t> index;
    for (const auto& part : expr.operands()) index.push_back(value(part));
    Variable* variable = machine_.failed() ? nullptr : access(machine_, scope_, expr.name());
    if (!variable) return 0;
    auto at = locate(variable->array, index, expr.name(), machine_.failure);
    if (!at) return 0;
    if (!variable->array.dtype.is_integer() && !variable->array.dtype.is_bool()) {
      machine_.failure.bug("'" + expr.name() + "' is used as an index but holds " + variable->array.dtype.name());
      return 0;
    }
    return to_int64(read_element(machine_, variable->array, *at, expr.name()));
  }

  Machine& machine_;
  Scope& scope_;
};

}  // namespace

int64_t evaluate(Machine& machine, Scope& scope, const symbolic::Expr& expr) {
  return IndexEvaluator(machine, scope).value(expr);
}

Box evaluate(Machine& machine, Scope& scope, const symbolic::Subset& subset) {
  Box box;
  for (const symbolic::Range& range : subset.ranges) {
    box.begin.push_back(evaluate(machine, scope, range.begin));
    box.size.push_back(evaluate(machine, scope, range.size));
    box.step.push_back(evaluate(machine, scope, range.step));
    if (box.size.back() < 0) machine.failure.bug("a subset has the negative size " + std::to_string(box.size.back()));
  }
  return box;
}

}  // namespace thalweg::interpret
