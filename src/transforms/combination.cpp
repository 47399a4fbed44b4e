#include "transforms/combination.h"

#include "ir/unit.h"

namespace thalweg::transforms {

using namespace ir;
using code::Op;
using code::Ptr;

namespace {

bool reads(const Ptr& code, const std::string& name) {
  std::set<std::string> inputs;
  code::collect_inputs(*code, inputs);
  return inputs.count(name) > 0;
}

bool is_input(const Ptr& code, const std::string& name) { return code->op == Op::input && code->name == name; }

Wcr resolution(Op op) {
  switch (op) {
    case Op::add: return Wcr::sum;
    case Op::mul: return Wcr::product;
    case Op::minimum: return Wcr::min;
    case Op::maximum: return Wcr::max;
    case Op::bit_and: return Wcr::bitwise_and;
    case Op::bit_or: return Wcr::bitwise_or;
    case Op::bit_xor: return Wcr::bitwise_xor;
    default: return Wcr::none;
  }
}

// old op a op b: the old value stands as deep as the operation reaches.
std::optional<Combination> operands(const Ptr& code, Wcr op, const std::string& old) {
  for (size_t k = 0; k < 2; ++k) {
    const Ptr &one = code->args[k], &other = code->args[1 - k];
    if (reads(other, old)) continue;
    if (is_input(one, old)) return Combination{op, other};
    auto inner = combination_of(one, old);
    if (inner && inner->op == op) return Combination{op, code::make(code->op, inner->value, other)};
  }
  return std::nullopt;
}

std::optional<Combination> difference(const Ptr& code, const std::string& old) {
  const Ptr &one = code->args[0], &other = code->args[1];
  if (reads(other, old) || code->type.is_bool()) return std::nullopt;
  if (is_input(one, old)) return Combination{Wcr::sum, code::make(Op::neg, other)};
  auto inner = combination_of(one, old);
  if (!inner || inner->op != Wcr::sum) return std::nullopt;
  return Combination{Wcr::sum, code::make(Op::sub, inner->value, other)};
}

// e if e < old else old, and its mirror images.
std::optional<Combination> extreme(const Ptr& code, const std::string& old) {
  const Ptr& condition = code->args[0];
  const bool less = condition->op == Op::lt || condition->op == Op::le;
  if (!less && condition->op != Op::gt && condition->op != Op::ge) return std::nullopt;
  const Ptr &smaller = condition->args[less ? 0 : 1], &larger = condition->args[less ? 1 : 0];
  const Ptr &then = code->args[1], &otherwise = code->args[2];
  const Ptr& value = is_input(smaller, old) ? larger : smaller;
  if (reads(value, old) || !(is_input(smaller, old) || is_input(larger, old))) return std::nullopt;
  if (code::equal(*then, *smaller) && code::equal(*otherwise, *larger)) return Combination{Wcr::min, value};
  if (code::equal(*then, *larger) && code::equal(*otherwise, *smaller)) return Combination{Wcr::max, value};
  return std::nullopt;
}

// A combination that happens under a condition.
std::optional<Combination> choice(const Ptr& code, const std::string& old) {
  if (reads(code->args[0], old)) return extreme(code, old);
  const bool first = is_input(code->args[2], old);
  if (!first && !is_input(code->args[1], old)) return std::nullopt;
  const Ptr& condition = code->args[0];
  const Ptr& made = code->args[first ? 1 : 2];
  auto under = [&](const Ptr& value, const Ptr& unit) {
    return code::make(Op::select, {condition, first ? value : unit, first ? unit : value});
  };
  auto inner = reads(made, old) ? combination_of(made, old) : constant_truth(made);
  if (!inner) return std::nullopt;
  auto unit = unit_of(inner->op, code->type);
  if (!unit) return std::nullopt;
  return Combination{inner->op, under(inner->value, *unit)};
}

}  // namespace

std::optional<Combination> combination_of(const Ptr& code, const std::string& old) {
  if (code->op == Op::select) return choice(code, old);
  if (code->op == Op::sub) return difference(code, old);
  if (code->args.size() != 2) return std::nullopt;
  Wcr op = resolution(code->op);
  // Of numbers, `and` and `or` give one of their operands.
  const bool truths = code->type.is_bool() && code->args[0]->type.is_bool() && code->args[1]->type.is_bool();
  if (truths && code->op == Op::logical_and) op = Wcr::logical_and;
  if (truths && code->op == Op::logical_or) op = Wcr::logical_or;
  return op == Wcr::none ? std::nullopt : operands(code, op, old);
}

std::optional<Combination> constant_truth(const Ptr& code) {
  const Ptr& inner = code->op == Op::cast ? code->args[0] : code;
  if (!code->type.is_bool() || inner->op != Op::constant) return std::nullopt;
  auto* truth = std::get_if<bool>(&inner->value);
  if (!truth) return std::nullopt;
  return Combination{*truth ? Wcr::logical_or : Wcr::logical_and, code};
}

}  // namespace thalweg::transforms
