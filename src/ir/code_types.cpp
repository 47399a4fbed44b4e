// The type rule of every code operation: which operand types it takes and what comes out. One row an operation.
#include <algorithm>

#include "ir/code.h"

namespace thalweg::ir::code {

namespace {

// Classes of types; upper half: Python's own.
enum Class : unsigned { b = 1, i = 2, f = 4, c = 8, pb = 16, pi = 32, pf = 64, pc = 128 };

unsigned class_of(DType type) {
  unsigned plain = 0;
  switch (type.kind()) {
    case DTypeKind::boolean:
      plain = b;
      break;
    case DTypeKind::integer:
    case DTypeKind::unsigned_integer:
      plain = i;
      break;
    case DTypeKind::floating:
      plain = f;
      break;
    case DTypeKind::complex:
      plain = c;
      break;
  }
  return type.python() ? plain << 4 : plain;
}

enum class Gives {
  same,      // operands of one type, which is the result's
  truth,     // operands of one type; bool, or pybool for Python's types
  quotient,  // as same, but pyint / pyint is a pyfloat
  part,      // the real type behind a complex one; else the same
  choice,    // (truth, T, T) -> T
  pair,      // (real, real) -> the complex type made of them
};

struct Rule {
  unsigned operands;
  Gives gives;
};

constexpr unsigned numbers = i | f | c | pi | pf | pc;
constexpr unsigned anything = numbers | b | pb;
constexpr unsigned floats = f | pf;
constexpr unsigned analytic = f | c | pf | pc;
constexpr unsigned bits = b | i | pb | pi;

Rule rule(Op op) {
  using enum Gives;
  switch (op) {
    case Op::constant:
    case Op::symbol:
    case Op::input:
    case Op::element:
    case Op::cast:
      return {0, same};
    case Op::add:
    case Op::mul:
      return {b | numbers, same};  // on bool: or, and
    case Op::sub:
    case Op::neg:
    case Op::pow:
      return {numbers, same};
    case Op::div:
      return {f | c | pi | pf | pc, quotient};
    case Op::floor_div:
    case Op::mod:
      return {i | f | pi | pf, same};
    case Op::fmod:
      return {i | f | pf, same};
    case Op::abs:
      return {numbers, part};
    case Op::sign:
      return {i | f | c, same};
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
      return {bits, same};
    case Op::invert:
      return {b | i | pi, same};
    case Op::lshift:
    case Op::rshift:
      return {i | pi, same};
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
      return {b | i | f | c | pb | pi | pf, truth};
    case Op::eq:
    case Op::ne:
      return {anything, truth};
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
      return {b | pb, same};
    // Python's min and max on floats depend on the order of their arguments (NaN): written with select.
    case Op::minimum:
    case Op::maximum:
      return {b | i | f | c | pi, same};
    case Op::fmin:
    case Op::fmax:
      return {b | i | f | c, same};
    case Op::select:
      return {anything, choice};
    case Op::sqrt:
    case Op::exp:
    case Op::exp2:
    case Op::expm1:
    case Op::log:
    case Op::log2:
    case Op::log10:
    case Op::log1p:
    case Op::sin:
    case Op::cos:
    case Op::tan:
    case Op::arcsin:
    case Op::arccos:
    case Op::arctan:
    case Op::sinh:
    case Op::cosh:
    case Op::tanh:
    case Op::arcsinh:
    case Op::arccosh:
    case Op::arctanh:
      return {analytic, same};
    case Op::cbrt:
    case Op::arctan2:
    case Op::hypot:
    case Op::copysign:
    case Op::floor:
    case Op::ceil:
    case Op::trunc:
      return {floats, same};
    case Op::rint:
      return {f | c | pf, same};
    case Op::isnan:
    case Op::isinf:
    case Op::isfinite:
      return {analytic, truth};
    case Op::signbit:
      return {floats, truth};
    case Op::real:
    case Op::imag:
      return {c | pc, part};
    case Op::conj:
      return {c | pc, same};
    case Op::make_complex:
      return {floats, pair};
  }
  return {0, same};
}

size_t arity(Op op) {
  switch (op) {
#define X(name, arity, text) \
  case Op::name:             \
    return arity;
    TW_CODE_OPS(X)
#undef X
    case Op::cast:
      return 1;
    default:
      return 0;
  }
}

DType part_of(DType type) {
  if (type == dtypes::complex64) return dtypes::float32;
  if (type == dtypes::complex128) return dtypes::float64;
  if (type == dtypes::pycomplex) return dtypes::pyfloat;
  return type;
}

std::optional<DType> complex_of(DType type) {
  if (type == dtypes::float32) return dtypes::complex64;
  if (type == dtypes::float64) return dtypes::complex128;
  if (type == dtypes::pyfloat) return dtypes::pycomplex;
  return std::nullopt;
}

}  // namespace

std::optional<DType> result_type(Op op, const std::vector<DType>& args) {
  if (args.empty() || args.size() != arity(op) || op == Op::cast) return std::nullopt;
  const Rule row = rule(op);
  const bool choice = row.gives == Gives::choice;
  if (choice && !args[0].is_bool()) return std::nullopt;
  const DType type = args.back();
  if (!(class_of(type) & row.operands)) return std::nullopt;
  if (!std::all_of(args.begin() + (choice ? 1 : 0), args.end(), [&](DType arg) { return arg == type; }))
    return std::nullopt;
  switch (row.gives) {
    case Gives::same:
    case Gives::choice:
      return type;
    case Gives::truth:
      return type.python() ? dtypes::pybool : dtypes::bool_;
    case Gives::quotient:
      return type == dtypes::pyint ? dtypes::pyfloat : type;
    case Gives::part:
      return part_of(type);
    case Gives::pair:
      return complex_of(type);
  }
  return std::nullopt;
}

bool may_raise(const Expr& expr) {
  const bool children =
      std::any_of(expr.args.begin(), expr.args.end(), [](const Ptr& argument) { return may_raise(*argument); });
  if (children || expr.args.empty()) return children;
  const DType operand = expr.args.front()->type;
  switch (expr.op) {
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg:
    case Op::abs:
    case Op::lshift:
    case Op::rshift:
      return operand == dtypes::pyint || (expr.op == Op::abs && operand == dtypes::pycomplex);
    case Op::div:
    case Op::floor_div:
    case Op::mod:
    case Op::pow:
      return operand.python();
    case Op::cast:  // int(x) of something that may not fit into 64 bits
      return expr.type == dtypes::pyint && !(operand.is_bool() || (operand.is_integer() && operand != dtypes::uint64));
    default:
      return false;
  }
}

}  // namespace thalweg::ir::code
