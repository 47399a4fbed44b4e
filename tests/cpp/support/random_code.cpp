#include "support/random_code.h"

#include <cmath>

namespace thalweg::tests {

namespace code = ir::code;
namespace dtypes = ir::dtypes;
using ir::DType;

namespace {

using Random = std::mt19937_64;

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

code::Ptr random_constant(Random& random, DType type) {
  const int bits = type.bytes() * 8;
  switch (type.kind()) {
    case ir::DTypeKind::boolean:
      return code::constant(random() % 2 == 0, type);
    case ir::DTypeKind::integer:
      return code::constant(
          static_cast<int64_t>(random()) >> (64 - bits + static_cast<int>(below(random, static_cast<size_t>(bits)))),
          type);
    case ir::DTypeKind::unsigned_integer:
      return code::constant(random() >> (64 - bits + static_cast<int>(below(random, static_cast<size_t>(bits)))), type);
    case ir::DTypeKind::floating:
      return code::constant(random_double(random), type);
    case ir::DTypeKind::complex:
      return code::constant(std::complex<double>(random() % 2 ? 0.0 : random_double(random), random_double(random)),
                            type);
  }
  return nullptr;
}

symbolic::Expr random_index(Random& random, const CodeLeaves& leaves) {
  auto symbol = [&] { return symbolic::Expr::symbol(leaves.symbols[below(random, leaves.symbols.size())]); };
  switch (below(random, 4)) {
    case 0:
      return symbol() + 1;
    case 1:
      return symbol() * 2 + symbol();
    case 2:
      return floor_div(symbol(), 3);
    default:
      return symbol();
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

// Every operation and operand types with this result, found by asking the type rule.
std::vector<Shape> shapes_with_result(DType result) {
  std::vector<Shape> out;
  for (int number = static_cast<int>(code::Op::cast) + 1; number <= static_cast<int>(code::Op::make_complex);
       ++number) {
    const auto op = static_cast<code::Op>(number);
    for (DType type : all_types)
      for (std::vector<DType> args :
           {std::vector{type}, {type, type}, {dtypes::bool_, type, type}, {dtypes::pybool, type, type}})
        if (code::result_type(op, args) == result) out.push_back({op, args});
  }
  return out;
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
  const std::vector<Shape> shapes = shapes_with_result(type);
  if (shapes.empty() || below(random, 10) == 0) return random_leaf(random, leaves, type, depth);
  const Shape& shape = shapes[below(random, shapes.size())];
  std::vector<code::Ptr> args;
  for (DType arg : shape.args) args.push_back(random_tree(random, leaves, arg, depth - 1));
  return code::make(shape.op, std::move(args));
}

}  // namespace thalweg::tests
