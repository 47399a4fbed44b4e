// The type rule of every code operation: which operand types it takes and what comes out. One row an operation.
#include <algorithm>
#include <iterator>

#include "ir/code.h"

namespace thalweg::ir::code {

namespace {

// Classes of types; upper half: Python's own.
enum Class : unsigned { b = 1, i = 2, f = 4, c = 8, pb = 16, pi = 32, pf = 64, pc = 128 };

unsigned class_of(DType type) {
  unsigned plain = 0;
  switch (type.kind()) {
    case DTypeKind::boolean: plain = b; break;
    case DTypeKind::integer:
    case DTypeKind::unsigned_integer: plain = i; break;
    case DTypeKind::floating: plain = f; break;
    case DTypeKind::complex: plain = c; break;
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

constexpr unsigned numbers = i | f | c | pi | pf | pc;
constexpr unsigned anything = numbers | b | pb;
constexpr unsigned floats = f | pf;
constexpr unsigned analytic = f | c | pf | pc;
constexpr unsigned bits = b | i | pb | pi;

struct Rule {
  Op op;
  unsigned operands;
  Gives gives;
};
using enum Gives;

// In the order of TW_CODE_OPS.
constexpr Rule rules[] = {
    {Op::add, b | numbers, same},  // on bool: or
    {Op::sub, numbers, same},
    {Op::mul, b | numbers, same},  // on bool: and
    {Op::div, f | c | pi | pf | pc, quotient},
    {Op::floor_div, i | f | pi | pf, same},
    {Op::mod, i | f | pi | pf, same},
    {Op::pow, numbers, same},
    {Op::neg, numbers, same},
    {Op::abs, numbers, part},
    {Op::sign, i | f | c, same},
    {Op::bit_and, bits, same},
    {Op::bit_or, bits, same},
    {Op::bit_xor, bits, same},
    {Op::invert, b | i | pi, same},
    {Op::lshift, i | pi, same},
    {Op::rshift, i | pi, same},
    {Op::lt, b | i | f | c | pb | pi | pf, truth},
    {Op::le, b | i | f | c | pb | pi | pf, truth},
    {Op::gt, b | i | f | c | pb | pi | pf, truth},
    {Op::ge, b | i | f | c | pb | pi | pf, truth},
    {Op::eq, anything, truth},
    {Op::ne, anything, truth},
    {Op::logical_and, b | pb, same},
    {Op::logical_or, b | pb, same},
    {Op::logical_not, b | pb, same},
    {Op::minimum, b | i | f | c | pi,
     same},  // Python's min of floats depends on their order (NaN): written with select
    {Op::maximum, b | i | f | c | pi, same},
    {Op::fmin, b | i | f | c, same},
    {Op::fmax, b | i | f | c, same},
    {Op::select, anything, choice},
    {Op::sqrt, analytic, same},
    {Op::exp, analytic, same},
    {Op::exp2, analytic, same},
    {Op::expm1, analytic, same},
    {Op::log, analytic, same},
    {Op::log2, analytic, same},
    {Op::log10, analytic, same},
    {Op::log1p, analytic, same},
    {Op::libm_exp, floats, same},
    {Op::libm_log1p, floats, same},
    {Op::sin, analytic, same},
    {Op::cos, analytic, same},
    {Op::tan, analytic, same},
    {Op::arcsin, analytic, same},
    {Op::arccos, analytic, same},
    {Op::arctan, analytic, same},
    {Op::sinh, analytic, same},
    {Op::cosh, analytic, same},
    {Op::tanh, analytic, same},
    {Op::arcsinh, analytic, same},
    {Op::arccosh, analytic, same},
    {Op::arctanh, analytic, same},
    {Op::cbrt, floats, same},
    {Op::arctan2, floats, same},
    {Op::hypot, floats, same},
    {Op::fmod, i | f | pf, same},
    {Op::copysign, floats, same},
    {Op::floor, floats, same},
    {Op::ceil, floats, same},
    {Op::trunc, floats, same},
    {Op::rint, f | c | pf, same},
    {Op::isnan, analytic, truth},
    {Op::isinf, analytic, truth},
    {Op::isfinite, analytic, truth},
    {Op::signbit, floats, truth},
    {Op::real, c | pc, part},
    {Op::imag, c | pc, part},
    {Op::conj, c | pc, same},
    {Op::make_complex, floats, pair},
};
constexpr size_t first_op = static_cast<size_t>(Op::cast) + 1;
constexpr bool rules_are_in_order() {
  for (size_t k = 0; k < std::size(rules); ++k)
    if (static_cast<size_t>(rules[k].op) != k + first_op) return false;
  return std::size(rules) == static_cast<size_t>(Op::make_complex) + 1 - first_op;
}
static_assert(rules_are_in_order());

size_t arity(Op op) {
  switch (op) {
#define X(name, arity, text) \
  case Op::name: return arity;
    TW_CODE_OPS(X)
#undef X
    case Op::cast: return 1;
    default: return 0;
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
  if (args.empty() || op <= Op::cast || args.size() != arity(op)) return std::nullopt;
  const Rule& row = rules[static_cast<size_t>(op) - first_op];
  const bool choice = row.gives == Gives::choice;
  if (choice && !args[0].is_bool()) return std::nullopt;
  const DType type = args.back();
  if (!(class_of(type) & row.operands)) return std::nullopt;
  if (!std::all_of(args.begin() + (choice ? 1 : 0), args.end(), [&](DType arg) { return arg == type; }))
    return std::nullopt;
  switch (row.gives) {
    case Gives::same:
    case Gives::choice: return type;
    case Gives::truth: return type.python() ? dtypes::pybool : dtypes::bool_;
    case Gives::quotient: return type == dtypes::pyint ? dtypes::pyfloat : type;
    case Gives::part: return part_of(type);
    case Gives::pair: return complex_of(type);
  }
  return std::nullopt;
}

bool is_library_function(Op op) {
  switch (op) {
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
    case Op::cbrt: return true;
    default: return false;
  }
}

bool is_python_math(Op op, DType operand) {
  return operand == dtypes::pyfloat && (op == Op::sqrt || is_library_function(op));
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
    case Op::rshift: return operand == dtypes::pyint || (expr.op == Op::abs && operand == dtypes::pycomplex);
    case Op::div:
    case Op::floor_div:
    case Op::mod:
    case Op::pow: return operand.python();
    case Op::cast:  // int(x) of something that may not fit into 64 bits
      return expr.type == dtypes::pyint && !(operand.is_bool() || (operand.is_integer() && operand != dtypes::uint64));
    default: return is_python_math(expr.op, operand);
  }
}

}  // namespace thalweg::ir::code
