// Scalar computation as C text.
#include "emit/expression_text.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/match.h"
#include "base/planted.h"
#include "base/result.h"

namespace thalweg::emit {

using ir::DType;
using ir::code::Op;
using Node = ir::code::Expr;
namespace dt = ir::dtypes;

namespace {

// The suffix of the plain functions: Python's types share those of their storage.
std::string plain_suffix(DType type) { return type == dt::pyint ? "i64" : type.row().suffix; }

std::string float_text(double value, bool single) {
  if (std::isnan(value)) return single ? "__builtin_nanf(\"\")" : "__builtin_nan(\"\")";
  if (std::isinf(value)) return std::string(value < 0 ? "-" : "") + (single ? "__builtin_inff()" : "__builtin_inf()");
  std::array<char, 64> digits;
  auto end = single ? std::to_chars(digits.begin(), digits.end(), static_cast<float>(value)).ptr
                    : std::to_chars(digits.begin(), digits.end(), value).ptr;
  std::string text(digits.begin(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return single && !base::planted("emit.constants_in_double") ? text + "f" : text;
}

// The function behind an operation; empty where C's operator is right.
const char* function_name(Op op) {
  switch (op) {
    case Op::add: return "add";
    case Op::sub: return "sub";
    case Op::mul: return "mul";
    case Op::div: return "div";
    case Op::floor_div: return "floor_div";
    case Op::mod: return "mod";
    case Op::pow: return "pow";
    case Op::neg: return "neg";
    case Op::abs: return "abs";
    case Op::sign: return "sign";
    case Op::lshift: return "shl";
    case Op::rshift: return "shr";
    case Op::minimum: return "min";
    case Op::maximum: return "max";
    case Op::fmin: return "fmin";
    case Op::fmax: return "fmax";
    case Op::lt: return "lt";
    case Op::le: return "le";
    case Op::gt: return "gt";
    case Op::ge: return "ge";
    case Op::eq: return "eq";
    case Op::ne: return "ne";
    case Op::sqrt: return "sqrt";
    case Op::exp: return "exp";
    case Op::exp2: return "exp2";
    case Op::expm1: return "expm1";
    case Op::log: return "log";
    case Op::log2: return "log2";
    case Op::log10: return "log10";
    case Op::log1p: return "log1p";
    case Op::libm_exp: return "libm_exp";
    case Op::libm_log1p: return "libm_log1p";
    case Op::sin: return "sin";
    case Op::cos: return "cos";
    case Op::tan: return "tan";
    case Op::arcsin: return "asin";
    case Op::arccos: return "acos";
    case Op::arctan: return "atan";
    case Op::sinh: return "sinh";
    case Op::cosh: return "cosh";
    case Op::tanh: return "tanh";
    case Op::arcsinh: return "asinh";
    case Op::arccosh: return "acosh";
    case Op::arctanh: return "atanh";
    case Op::cbrt: return "cbrt";
    case Op::arctan2: return "atan2";
    case Op::hypot: return "hypot";
    case Op::fmod: return "fmod";
    case Op::copysign: return "copysign";
    case Op::floor: return "floor";
    case Op::ceil: return "ceil";
    case Op::trunc: return "trunc";
    case Op::rint: return "rint";
    case Op::isnan: return "isnan";
    case Op::isinf: return "isinf";
    case Op::isfinite: return "isfinite";
    case Op::signbit: return "signbit";
    case Op::conj: return "conj";
    default: return "";
  }
}

bool is_vector_math(Op op) { return ir::code::is_library_function(op) || op == Op::arctan2 || op == Op::hypot; }

struct COperator {
  const char* text;
  int precedence;
};

// C's operator where it has the type's meaning.
std::optional<COperator> c_operator(const Node& node) {
  const DType type = node.args[0]->type;
  bool real = type.is_float(), exact = type.is_integer() || type.is_bool();
  switch (node.op) {
    case Op::add:
      if (real) return COperator{" + ", precedence_add};
      break;
    case Op::sub:
      if (real) return COperator{" - ", precedence_add};
      break;
    case Op::mul:
      if (real) return COperator{" * ", precedence_mul};
      break;
    case Op::div:
      if (real && !type.python()) return COperator{" / ", precedence_mul};
      break;
    case Op::bit_and: return COperator{" & ", precedence_bit_and};
    case Op::bit_or: return COperator{" | ", precedence_bit_or};
    case Op::bit_xor: return COperator{" ^ ", precedence_bit_xor};
    case Op::lt:
      if (real || exact) return COperator{" < ", precedence_compare};
      break;
    case Op::le:
      if (real || exact) return COperator{" <= ", precedence_compare};
      break;
    case Op::gt:
      if (real || exact) return COperator{" > ", precedence_compare};
      break;
    case Op::ge:
      if (real || exact) return COperator{" >= ", precedence_compare};
      break;
    case Op::eq:
      if (real || exact) return COperator{" == ", precedence_equal};
      break;
    case Op::ne:
      if (real || exact) return COperator{" != ", precedence_equal};
      break;
    default: break;
  }
  return std::nullopt;
}

bool reads_memory(const Node& node) {
  if (node.op == Op::element) return true;
  for (const auto& argument : node.args)
    if (reads_memory(*argument)) return true;
  return false;
}

// Python's operations that set flags take them as their last argument.
bool takes_flags(const Node& node) {
  const DType type = node.args[0]->type;
  switch (node.op) {
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg:
    case Op::lshift:
    case Op::rshift: return type == dt::pyint;
    case Op::abs: return type == dt::pyint || type == dt::pycomplex;
    case Op::div:
    case Op::floor_div:
    case Op::mod:
    case Op::pow: return type == dt::pyint || type == dt::pyfloat || type == dt::pycomplex;
    default: return ir::code::is_python_math(node.op, type);
  }
}

class ExpressionWriter {
 public:
  explicit ExpressionWriter(const LeafText& leaves) : leaves_(leaves) {}

  Text write(const Node& node) const {
    switch (node.op) {
      case Op::constant: {
        std::string text = constant_text(node.value, node.type);
        return {text, text[0] == '-' ? precedence_unary : precedence_primary};
      }
      case Op::symbol: return index_text(node.symbol);
      case Op::input: return leaves_.variable(node.name);
      case Op::element: return leaves_.element(node);
      case Op::cast: return cast(node);
      case Op::select:
        return {truth(*node.args[0]).at(precedence_or) + " ? " + write(*node.args[1]).at(precedence_or) + " : " +
                    write(*node.args[2]).at(precedence_select),
                precedence_select};
      case Op::logical_and: return logical(node, " && ", " & ", precedence_and, precedence_bit_and);
      case Op::logical_or: return logical(node, " || ", " | ", precedence_or, precedence_bit_or);
      case Op::logical_not: return {"!" + truth(*node.args[0]).at(precedence_unary), precedence_unary};
      case Op::invert: return invert(node);
      case Op::real: return {write(*node.args[0]).at(precedence_primary) + ".re"};
      case Op::imag: return {write(*node.args[0]).at(precedence_primary) + ".im"};
      case Op::make_complex: return call("thw_make_" + node.type.row().suffix, node);
      default: return operation(node);
    }
  }

 private:
  Text operation(const Node& node) const {
    const DType type = node.args[0]->type;
    if (auto op = c_operator(node)) {
      // Comparisons stand in parentheses beside & and |, though C does not ask for it: compilers warn otherwise.
      bool bits = node.op == Op::bit_and || node.op == Op::bit_or || node.op == Op::bit_xor;
      int least = bits ? precedence_shift : op->precedence;
      Text left = write(*node.args[0]);
      bool same = left.precedence == op->precedence;
      return {left.at(same ? op->precedence : least) + op->text +
                  write(*node.args[1])
                      .at(bits                                         ? least
                          : base::planted("emit.parentheses_left_out") ? op->precedence
                                                                       : op->precedence + 1),
              op->precedence};
    }
    if (node.op == Op::neg && type.is_float())
      return {"-" + write(*node.args[0]).at(precedence_primary), precedence_unary};
    if (type.is_integer() && (node.op == Op::floor || node.op == Op::ceil || node.op == Op::trunc ||
                              node.op == Op::rint || node.op == Op::conj))
      return write(*node.args[0]);
    if (type.is_float() && node.op == Op::conj) return write(*node.args[0]);
    if (type.is_bool() && node.op == Op::abs) return write(*node.args[0]);
    std::string name = function_name(node.op);
    if (name == "min" && base::planted("emit.minimum_drops_nan")) name = "fmin";
    if (!type.is_float() && (name == "fmin" || name == "fmax")) name = name.substr(1);
    if (type == dt::pycomplex && node.op == Op::mul) name = "mul_scalar";
    if (takes_flags(node)) {
      const char* suffix = type == dt::pyint ? "py" : type == dt::pyfloat ? "pyf" : "pyc";
      return {"thw_" + name + "_" + suffix + "(" + arguments(node) + ", &flags)"};
    }
    if (type == dt::pyfloat && node.op == Op::arctan2) return call("thw_atan2_pyf", node);
    return call("thw_" + name + "_" + plain_suffix(type), node);
  }
  Text call(const std::string& function, const Node& node) const { return {function + "(" + arguments(node) + ")"}; }
  std::string arguments(const Node& node) const {
    std::string text;
    for (const auto& argument : node.args) text += (text.empty() ? "" : ", ") + write(*argument).text;
    return text;
  }

  // A value as a C truth.
  Text truth(const Node& node) const {
    if (node.type.is_bool()) return write(node);
    if (node.type.is_complex()) return cast_to_bool(node);
    return {write(node).at(precedence_equal) + " != 0", precedence_equal};
  }
  // Both sides are evaluated where that is harmless: no branch in a vector loop.
  Text logical(const Node& node, const char* lazy, const char* eager, int lazy_level, int eager_level) const {
    const Node &a = *node.args[0], &b = *node.args[1];
    bool branch = ir::code::may_raise(b) || reads_memory(b);
    int level = branch ? lazy_level : eager_level;
    // Comparisons stand in parentheses beside & and |: compilers warn otherwise.
    int least = branch ? level + 1 : precedence_shift;
    return {truth(a).at(least) + (branch ? lazy : eager) + truth(b).at(least), level};
  }
  Text invert(const Node& node) const {
    Text operand = write(*node.args[0]);
    if (node.type.is_bool()) return {"!" + operand.at(precedence_unary), precedence_unary};
    return {"(" + node.type.row().c_name + ")~" + operand.at(precedence_unary), precedence_unary};
  }

  Text cast_to_bool(const Node& value) const {
    if (value.type.is_bool()) return write(value);
    if (base::planted("emit.truth_of_the_integer_part") && value.type.is_float())
      return {"(int64_t)" + write(value).at(precedence_unary) + " != 0", precedence_equal};
    if (!value.type.is_complex()) return {write(value).at(precedence_equal) + " != 0", precedence_equal};
    return {"thw_ne_" + value.type.row().suffix + "(" + write(value).text + ", thw_make_" + value.type.row().suffix +
            "(0, 0))"};
  }
  // Half precision is converted to and from other kinds by way of single precision, as NumPy does it.
  Text by_way_of_single(const Node& node) const {
    Node single, again;
    single.op = again.op = Op::cast;
    single.type = dt::float32;
    single.args = node.args;
    again.type = node.type;
    again.args = {std::make_shared<Node>(single)};
    return cast(again);
  }

  Text cast(const Node& node) const {
    const Node& value = *node.args[0];
    const DType from = value.type, to = node.type;
    if (to.is_bool()) return cast_to_bool(value);
    if ((from == dt::float16 && to != dt::float16 && !(to.is_float() && to.bytes() >= 4)) ||
        (to == dt::float16 && !from.is_float() && !from.is_complex()))
      return by_way_of_single(node);
    if (to == dt::float16 && from.is_float() && from.bytes() == 8)
      return {"thw_f16_from_f64(" + write(value).text + ")"};
    if (to.is_complex()) {
      std::string suffix = to.row().suffix;
      if (from.is_complex())
        return from.row().suffix == suffix
                   ? write(value)
                   : Text{"thw_" + suffix + "_from_" + from.row().suffix + "(" + write(value).text + ")"};
      return {"thw_make_" + suffix + "(" + write(value).text + ", 0)"};
    }
    if (from.is_complex()) {
      Node part;
      part.op = Op::real;
      part.type = from.row().suffix == "c64" ? dt::float32 : dt::float64;
      part.args = node.args;
      Node again;
      again.op = Op::cast;
      again.type = to;
      again.args = {std::make_shared<Node>(part)};
      return part.type == to ? write(part) : cast(again);
    }
    if (from.is_float() && to == dt::pyint) return {"thw_py_from_pyf(" + write(value).text + ", &flags)"};
    if (from.is_float() && to.is_integer())
      return {"thw_" + to.row().suffix + "_from_" + from.row().suffix + "(" + write(value).text + ")"};
    if (from == dt::uint64 && to == dt::pyint) return {"thw_py_from_u64(" + write(value).text + ", &flags)"};
    if (from.row().c_name == to.row().c_name) return write(value);
    return {"(" + to.row().c_name + ")" + write(value).at(precedence_unary), precedence_unary};
  }

  const LeafText& leaves_;
};

}  // namespace

std::string constant_text(const ir::code::Value& value, DType type) {
  if (type == dt::float16) return "(_Float16)" + constant_text(value, dt::float32);
  return base::match(
      value, [](const bool& truth) { return std::string(truth ? "1" : "0"); },
      [&](const int64_t& number) {
        return type.is_float() ? float_text(static_cast<double>(number), type.bytes() == 4) : integer_text(number);
      },
      [&](const uint64_t& number) { return std::to_string(number) + (type.bytes() == 8 ? "ULL" : "u"); },
      [&](const double& number) { return float_text(number, type.bytes() == 4); },
      [&](const std::complex<double>& number) {
        bool single = type.bytes() == 8;
        return "thw_make_" + type.row().suffix + "(" + float_text(number.real(), single) + ", " +
               float_text(number.imag(), single) + ")";
      });
}

Text expression_text(const Node& expr, const LeafText& leaves) { return ExpressionWriter(leaves).write(expr); }

void Needs::type(DType type) {
  if (type.is_complex()) complex_ = true;
  if (type.is_float() && type.bytes() == 4) f32 = true;
  if (type.is_float() && type.bytes() == 8) f64 = true;
  if (!type.is_integer()) return;
  if (type.python()) python = suffix[3] = true;
  int width = type.bytes() == 1 ? 0 : type.bytes() == 2 ? 1 : type.bytes() == 4 ? 2 : 3;
  suffix[(type.is_unsigned() ? 4 : 0) + width] = true;
}

void Needs::expression(const Node& expr) {
  if (expr.op != Op::symbol) type(expr.type);
  if (expr.type.python() && (expr.type.is_float() || expr.type.is_complex())) python = true;
  if (is_vector_math(expr.op) || (expr.op == Op::pow && !expr.type.is_integer()) ||
      (!expr.args.empty() && expr.args[0]->type.is_complex() && (expr.op == Op::abs || expr.op == Op::sqrt)))
    math = true;
  for (const auto& argument : expr.args) expression(*argument);
}

}  // namespace thalweg::emit
