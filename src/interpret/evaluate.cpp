#include "interpret/evaluate.h"

#include "ir/code_names.h"
#include "thalweg/scalar.h"

namespace thalweg::interpret {

using ir::code::Op;

void report(Machine& machine, const Findings& findings, Op op, const Scalar& operand, const base::Span& where) {
  using base::ErrorKind;
  Failure& failure = machine.failure;
  const base::Span span = where.known() || !machine.at ? where : span_of(*machine.at);
  if (findings.undefined) {
    const std::string name = op == Op::cast ? "cast" : std::string(ir::code::op_name(op).name);
    failure.raise(ErrorKind::unsupported, name + " is not defined for " + operand.type.name(), span);
  } else if (findings.python & THW_ZERO_DIVISION) {
    failure.raise(ErrorKind::zero_division, "division by zero", span);
  } else if (findings.python & THW_NEGATIVE_SHIFT) {
    failure.raise(ErrorKind::value, "negative shift count", span);
  } else if (findings.python & THW_NEGATIVE_POWER) {
    failure.raise(ErrorKind::value, "the power is no longer of the type that was found when compiling", span);
  } else if (findings.python & THW_NOT_A_NUMBER) {
    failure.raise(ErrorKind::value, "cannot convert float NaN to integer", span);
  } else if (findings.python & THW_DOMAIN) {
    failure.raise(ErrorKind::value, "math domain error", span);
  } else if (findings.python & THW_OVERFLOW && ir::code::is_python_math(op, operand.type)) {
    failure.raise(ErrorKind::overflow, "math range error", span);
  } else if (findings.python & THW_OVERFLOW) {
    failure.raise(ErrorKind::overflow,
                  op == Op::cast              ? "the number does not fit into a 64-bit integer"
                  : operand.type.is_integer() ? "a Python int leaves 64 bits here"
                                              : "Numerical result out of range",
                  span);
  }
}

Scalar as_leaf(Machine& machine, Scalar value, ir::DType type, const std::string& name) {
  if (value.type == type) return value;
  if (!same_storage(value.type, type))
    machine.failure.bug("'" + name + "' holds " + value.type.name() + " but is read as " + type.name());
  value.type = type;
  return value;
}

Scalar read_element(Machine& machine, const Array& array, int64_t at, const std::string& name) {
  Scalar value = load(array, at, name, machine.failure);
  if (machine.failed() || machine.options.uninitialised == Uninitialised::poison || is_written(array, at)) return value;
  machine.failure.bug("'" + name + "' is read before it is written" +
                      (array.memory->name == name ? "" : " (memory of '" + array.memory->name + "')"));
  return value;
}

Scalar ContainerLeaves::read(const std::string& name, std::span<const int64_t> index, ir::DType type) {
  Variable* variable = access(machine_, scope_, name);
  if (!variable) return {type, {}};
  auto at = locate(variable->array, index, name, machine_.failure);
  if (!at) return {type, {}};
  return as_leaf(machine_, read_element(machine_, variable->array, *at, name), type, name);
}

Scalar evaluate(Machine& machine, Scope& scope, const ir::code::Expr& expr, Leaves& leaves) {
  auto value_of = [&](size_t i) { return evaluate(machine, scope, *expr.args[i], leaves); };
  Findings findings;
  switch (expr.op) {
    case Op::constant: {
      auto value = from_constant(expr.value, expr.type);
      if (!value) machine.failure.bug("a constant does not fit its type " + expr.type.name());
      return value.value_or(Scalar{expr.type, {}});
    }
    case Op::symbol: return cast(Scalar::int64(evaluate(machine, scope, expr.symbol)), expr.type, findings);
    case Op::input: return leaves.input(expr);
    case Op::element: {
      std::vector<int64_t> index;
      for (size_t i = 0; i < expr.args.size(); ++i) index.push_back(to_int64(value_of(i)));
      return machine.failed() ? Scalar{expr.type, {}} : leaves.element(expr, index);
    }
    case Op::select: return truth(value_of(0)) ? value_of(1) : value_of(2);
    case Op::logical_and: return cast(Scalar::boolean(truth(value_of(0)) && truth(value_of(1))), expr.type, findings);
    case Op::logical_or: return cast(Scalar::boolean(truth(value_of(0)) || truth(value_of(1))), expr.type, findings);
    default: break;
  }
  std::array<Scalar, 3> args;
  for (size_t i = 0; i < expr.args.size(); ++i) args[i] = value_of(i);
  Scalar result = expr.op == Op::cast ? cast(args[0], expr.type, findings)
                                      : apply(expr.op, std::span(args).first(expr.args.size()), expr.type, findings);
  if (findings.python || findings.undefined) report(machine, findings, expr.op, args[0], expr.span);
  return result;
}

}  // namespace thalweg::interpret
