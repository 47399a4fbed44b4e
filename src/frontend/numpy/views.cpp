// Views that index maps say: repeated dimensions and diagonals, which NumPy lets nobody write through.
#include <algorithm>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

Result<std::vector<Expr>> extents(Builder& b, const Value& value, const Span& span) {
  TW_TRY(const std::vector<Value> items, shape_items(b, value, span));
  std::vector<Expr> shape;
  for (const Value& item : items) {
    TW_TRY(Expr extent, b.symbol_of(item, span, "an extent of a shape"));
    shape.push_back(extent);
  }
  return shape;
}

// The array in a shape that it can be broadcast to: dimensions of extent 1 stay where they are.
Result<Array> repeated(Builder& b, const Array& array, const std::vector<Expr>& shape, Through writes,
                       const Span& span) {
  if (array.rank() > shape.size())
    return b.error("TW1011", span, "input operand has more dimensions than allowed by the axis remapping");
  const size_t more = shape.size() - array.rank();
  Array out = array;
  out.shape = shape;
  out.own_object = true;
  out.writes = writes;
  for (Axis& axis : out.axes) {
    if (axis.dim < 0) continue;
    const Expr have = array.shape[static_cast<size_t>(axis.dim)];
    axis.dim += static_cast<int>(more);
    const Expr want = shape[static_cast<size_t>(axis.dim)];
    if (have == want) continue;
    if (!have.is(1)) {
      if (b.equal_extents(have, want, span)) continue;
      const auto one = b.ask(symbolic::eq(have, 1), span, "whether this extent is 1");
      if (!one.value_or(false)) {
        b.emit_check(symbolic::eq(have, want), base::ErrorKind::value,
                     "operands could not be broadcast together with remapped shapes", {}, span);
        if (!one)
          return b.error("TW1096", span, "whether an extent is 1, and then repeated, must be known when compiling");
        continue;
      }
    }
    axis = {axis.begin, 1, -1};
  }
  return out;
}

ValueResult broadcast_to(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, b.materialize(*given[0], "", span));
  TW_TRY(std::vector<Expr> shape, extents(b, *given[1], span));
  for (const Expr& extent : shape)
    if (!b.decide(symbolic::ge(extent, 0), span, "this extent is not negative"))
      b.emit_check(symbolic::ge(extent, 0), base::ErrorKind::value,
                   "all elements of broadcast shape must be non-negative", {}, span);
  TW_TRY(Array view, repeated(b, array, shape, Through::read_only, span));
  return Value(std::move(view));
}

ValueResult broadcast_arrays(Builder& b, Given& given, const Span& span) {
  std::vector<Array> arrays;
  std::vector<std::vector<Expr>> shapes;
  for (const auto& one : given) {
    if (!one) continue;
    TW_TRY(Value listed, b.array_like(*one, span));
    TW_TRY(Array array, b.materialize(listed, "", span));
    shapes.push_back(array.shape);
    arrays.push_back(std::move(array));
  }
  TW_TRY(std::vector<Expr> shape, b.broadcast(shapes, span));
  TupleValue out;
  const bool same = std::all_of(shapes.begin(), shapes.end(), [&](const auto& s) { return s == shape; });
  for (Array& array : arrays) {
    if (!same) {
      TW_TRY(array, repeated(b, array, shape, Through::unsupported, span));
    }
    out.items.push_back(Value(std::move(array)));
  }
  return Value(std::move(out));
}

// Do two arrays share memory? Where it is known when compiling: one array, or memory that is surely apart.
ValueResult asks_for_sharing(Builder& b, Given& given, const Span& span) {
  auto *one = given[0]->as<Array>(), *other = given[1]->as<Array>();
  if (!one || !other) {
    if ((one || given[0]->as<Computed>()) && (other || given[1]->as<Computed>())) return Value(constant_bool(false));
    return b.error("TW1064", span, "np.shares_memory of " + describe(*given[one ? 1 : 0]) + " is not supported");
  }
  const bool sure =
      static_cast<bool>(b.check_sure(one->container, span)) && static_cast<bool>(b.check_sure(other->container, span));
  if (sure && !b.may_overlap(one->container, other->container)) {
    b.apart_.merge(b.memory_of(one->container));
    b.apart_.merge(b.memory_of(other->container));
    return Value(constant_bool(false));
  }
  if (sure && one->container == other->container && one->axes == other->axes && one->shape == other->shape &&
      one->part == other->part) {
    const auto empty = b.ask(symbolic::eq(ir::total_elements(one->shape), 0), span, "whether this array is empty");
    if (empty) return Value(constant_bool(!*empty));
  }
  return b.error("TW1064", span, "np.shares_memory of arrays that may overlap in part is not supported");
}

// Two dimensions become one, the last: element k is at (k, k + offset) of them.
ValueResult diagonal(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, b.materialize(*given[0], "", span));
  if (array.rank() < 2) return b.error("TW1070", span, "diag requires an array of at least two dimensions");
  TW_TRY(Expr offset, given[1] ? b.symbol_of(*given[1], span, "the offset") : Result<Expr>(Expr(0)));
  constexpr int64_t most = 2147483647;
  const Expr of_int = symbolic::logical_and(symbolic::ge(offset, -most - 1), symbolic::le(offset, most));
  if (!b.decide(of_int, span, "the diagonal's number is a C int"))
    b.emit_check(of_int, base::ErrorKind::overflow, "Python int too large to convert to C int", {}, span);
  TW_TRY(size_t first, axis_of(b, given[2] ? *given[2] : Value(integer_value(0)), array.rank(), span));
  TW_TRY(size_t second, axis_of(b, given[3] ? *given[3] : Value(integer_value(1)), array.rank(), span));
  if (first == second) return b.error("TW1069", span, "axis1 and axis2 cannot be the same");
  const Expr down = symbolic::max(-offset, 0), right = symbolic::max(offset, 0);
  const Expr size = symbolic::max(symbolic::min(array.shape[first] - down, array.shape[second] - right), 0);
  Array out = array;
  out.shape.clear();
  out.own_object = true;
  out.writes = Through::read_only;
  std::vector<int> now(array.rank(), static_cast<int>(array.rank()) - 2);
  for (size_t d = 0; d < array.rank(); ++d) {
    if (d == first || d == second) continue;
    now[d] = static_cast<int>(out.shape.size());
    out.shape.push_back(array.shape[d]);
  }
  out.shape.push_back(size);
  for (Axis& axis : out.axes) {
    if (axis.dim < 0) continue;
    const size_t dim = static_cast<size_t>(axis.dim);
    if (dim == first) axis.begin = axis.begin + axis.step * down;
    if (dim == second) axis.begin = axis.begin + axis.step * right;
    axis.dim = now[dim];
  }
  return Value(std::move(out));
}

}  // namespace

std::vector<KnownRow> view_rows() {
  return {{"numpy.broadcast_to", "array, shape", broadcast_to},
          {"numpy.broadcast_arrays", "...", broadcast_arrays},
          {"numpy.shares_memory", "a, b, /", asks_for_sharing},
          {"numpy.may_share_memory", "a, b, /", asks_for_sharing},
          {"numpy.diagonal", "a, offset?, axis1?, axis2?", diagonal},
          {"numpy.linalg.diagonal", "x, /, *, offset?", [](Builder& b, Given& given, const Span& span) -> ValueResult {
             Given all{given[0], given[1], Value(integer_value(-2)), Value(integer_value(-1))};
             return diagonal(b, all, span);
           }}};
}

}  // namespace thalweg::frontend
