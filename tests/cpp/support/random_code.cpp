#include "support/random_code.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace thalweg::tests {

namespace code = ir::code;
namespace dtypes = ir::dtypes;
using ir::DType;

using Random = std::mt19937_64;

namespace {

size_t below(Random& random, size_t bound) { return random() % bound; }

constexpr DType all_types[] = {dtypes::bool_,   dtypes::int8,    dtypes::int16,     dtypes::int32,      dtypes::int64,
                               dtypes::uint8,   dtypes::uint16,  dtypes::uint32,    dtypes::uint64,     dtypes::float16,
                               dtypes::float32, dtypes::float64, dtypes::complex64, dtypes::complex128, dtypes::pybool,
                               dtypes::pyint,   dtypes::pyfloat, dtypes::pycomplex};

double random_double(Random& random) {
  constexpr double special[] = {0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1e300, 5e-324, 3.0, INFINITY, -INFINITY, NAN, 1e16};
  if (below(random, 3) == 0) return special[below(random, std::size(special))];
  return std::ldexp(static_cast<double>(static_cast<int64_t>(random())), static_cast<int>(below(random, 60)) - 80);
}

}  // namespace

code::Ptr random_constant(Random& random, DType type) {
  const int bits = type.bytes() * 8;
  switch (type.kind()) {
    case ir::DTypeKind::boolean: return code::constant(random() % 2 == 0, type);
    case ir::DTypeKind::integer:
      return code::constant(
          static_cast<int64_t>(random()) >> (64 - bits + static_cast<int>(below(random, static_cast<size_t>(bits)))),
          type);
    case ir::DTypeKind::unsigned_integer:
      return code::constant(random() >> (64 - bits + static_cast<int>(below(random, static_cast<size_t>(bits)))), type);
    case ir::DTypeKind::floating: return code::constant(random_double(random), type);
    case ir::DTypeKind::complex:
      return code::constant(std::complex<double>(random() % 2 ? 0.0 : random_double(random), random_double(random)),
                            type);
  }
  return nullptr;
}

namespace {

symbolic::Expr random_index(Random& random, const CodeLeaves& leaves) {
  auto symbol = [&] { return symbolic::Expr::symbol(leaves.symbols[below(random, leaves.symbols.size())]); };
  switch (below(random, 4)) {
    case 0: return symbol() + 1;
    case 1: return symbol() * 2 + symbol();
    case 2: return floor_div(symbol(), 3);
    default: return symbol();
  }
}

code::Ptr random_leaf(Random& random, const CodeLeaves& leaves, DType type, int depth) {
  if ((type == dtypes::int64 || type == dtypes::pyint) && !leaves.symbols.empty() && below(random, 3) == 0)
    return code::symbol(random_index(random, leaves), type);
  std::vector<code::Ptr> choices;
  for (const auto& [name, of] : leaves.scalars)
    if (of == type) choices.push_back(code::input(name, type));
  for (const auto& [name, of] : leaves.arrays)
    if (of == type && depth > -2)
      choices.push_back(code::element(name, type,
                                      {random_tree(random, leaves, dtypes::int64, depth - 1),
                                       random_tree(random, leaves, dtypes::int64, depth - 2)}));
  if (choices.empty() || below(random, 3) == 0) return random_constant(random, type);
  return choices[below(random, choices.size())];
}

struct Shape {
  code::Op op;
  std::vector<DType> args;
};

using Shapes = std::map<DType, std::vector<Shape>>;

Shapes all_shapes() {
  Shapes out;
  for (int number = static_cast<int>(code::Op::cast) + 1; number <= static_cast<int>(code::Op::make_complex);
       ++number) {
    const auto op = static_cast<code::Op>(number);
    for (DType type : all_types)
      for (std::vector<DType> args :
           {std::vector{type}, {type, type}, {dtypes::bool_, type, type}, {dtypes::pybool, type, type}})
        if (auto result = code::result_type(op, args)) out[*result].push_back({op, args});
  }
  return out;
}

// Every operation and operand types with this result, found once by asking the type rule.
const std::vector<Shape>& shapes_with_result(DType result) {
  static const Shapes shapes = all_shapes();
  return shapes.at(result);
}

}  // namespace

CodeLeaves all_leaves() {
  CodeLeaves leaves;
  for (DType type : all_types) {
    leaves.scalars.emplace_back(type.name() + "_a", type);
    leaves.scalars.emplace_back(type.name() + "_b", type);
    leaves.arrays.emplace_back(type.name() + "_m", type);
  }
  leaves.symbols = {"N", "i"};
  return leaves;
}

code::NameTypes name_types(const CodeLeaves& leaves) {
  code::NameTypes types;
  for (const auto& [name, type] : leaves.scalars) types.inputs[name] = type;
  for (const auto& [name, type] : leaves.arrays) types.inputs[name] = type;
  return types;
}

code::Ptr random_tree(Random& random, const CodeLeaves& leaves, DType type, int depth) {
  if (depth <= 0) return random_leaf(random, leaves, type, depth);
  if (below(random, 8) == 0) {
    const DType from = all_types[below(random, std::size(all_types))];
    return code::cast(random_tree(random, leaves, from, depth - 1), type);
  }
  const std::vector<Shape>& shapes = shapes_with_result(type);
  if (shapes.empty() || below(random, 10) == 0) return random_leaf(random, leaves, type, depth);
  const Shape& shape = shapes[below(random, shapes.size())];
  std::vector<code::Ptr> args;
  for (DType arg : shape.args) args.push_back(random_tree(random, leaves, arg, depth - 1));
  return code::make(shape.op, std::move(args));
}

namespace {

bool is_exact(code::Op op, DType operand) {
  using code::Op;
  switch (op) {
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg:
    case Op::eq:
    case Op::ne:
    case Op::select:
    case Op::real:
    case Op::imag:
    case Op::conj:
    case Op::make_complex: return true;
    case Op::div:
    case Op::floor_div:
    case Op::mod:
    case Op::abs:
    case Op::sign:
    case Op::bit_and:
    case Op::bit_or:
    case Op::bit_xor:
    case Op::invert:
    case Op::lshift:
    case Op::rshift:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
    case Op::minimum:
    case Op::maximum:
    case Op::fmin:
    case Op::fmax:
    case Op::sqrt:
    case Op::copysign:
    case Op::floor:
    case Op::ceil:
    case Op::trunc:
    case Op::rint:
    case Op::isnan:
    case Op::isinf:
    case Op::isfinite:
    case Op::signbit: return !operand.is_complex();
    default: return false;
  }
}

bool usable(const Shape& shape, const ExpressionOptions& options) {
  const DType operand = shape.args.back();
  auto known = [&](DType type) {
    return type == dtypes::bool_ || std::find(options.types.begin(), options.types.end(), type) != options.types.end();
  };
  if (!std::all_of(shape.args.begin(), shape.args.end(), known) || operand.python()) return false;
  if (options.exact) return is_exact(shape.op, operand);
  // A negative exponent raises on integers; the product's check for it is no part of the operation.
  return !(shape.op == code::Op::pow && operand.is_integer());
}

// The sign of a NaN that an operation made is open (docs/ir.md): clang folds 0/0 to another one than the processor has.
code::Ptr with_sign(const code::Ptr& value) {
  return code::make(code::Op::select, {code::make(code::Op::isnan, {value}), code::constant(1.0, value->type), value});
}

}  // namespace

code::Ptr random_expression(Random& random, const std::vector<code::Ptr>& leaves, DType type, int depth,
                            const ExpressionOptions& options) {
  std::vector<code::Ptr> fitting;
  for (const code::Ptr& leaf : leaves)
    if (leaf->type == type) fitting.push_back(leaf);
  if (depth <= 0) {
    if (!fitting.empty() && below(random, 5) != 0) return fitting[below(random, fitting.size())];
    if (!leaves.empty() && below(random, 3) != 0) return code::cast(leaves[below(random, leaves.size())], type);
    return random_constant(random, type);
  }
  std::vector<Shape> shapes;
  for (const Shape& shape : shapes_with_result(type))
    if (usable(shape, options)) shapes.push_back(shape);
  if (shapes.empty() || below(random, 8) == 0) return random_expression(random, leaves, type, 0, options);
  // Plain arithmetic more often than its share of the table.
  const Shape* shape = &shapes[below(random, shapes.size())];
  for (int round = 0; round < 2 && shape->op > code::Op::mul; ++round) shape = &shapes[below(random, shapes.size())];
  std::vector<code::Ptr> args;
  for (DType arg : shape->args) args.push_back(random_expression(random, leaves, arg, depth - 1, options));
  if (shape->op == code::Op::copysign || shape->op == code::Op::signbit) args.back() = with_sign(args.back());
  return code::make(shape->op, std::move(args));
}

}  // namespace thalweg::tests
