// The same elements seen in another way: transposes, inserted and dropped dimensions.
#include <algorithm>
#include <numeric>
#include <set>

#include "base/planted.h"
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

Result<size_t> axis_of(Builder& b, const Value& value, size_t rank, const Span& span) {
  if (auto* number = value.as<Computed>(); number && number->dtype.is_bool())  // some functions take it, some do not
    return unsure(b.error("TW1009", span, "an axis must be an integer, found " + describe(value), "write 0 or 1"));
  auto axis = constant_integer(value);
  if (!axis) {
    TW_TRY(Expr expr, b.symbol_of(value, span, "an axis"));
    axis = b.request_.assumptions->value(expr, b.located(span), "an axis must be known when compiling");
  }
  const int64_t dims = static_cast<int64_t>(rank);
  if (!axis) return b.error("TW1067", span, "an axis must be known when compiling");
  if (*axis < -dims || *axis >= dims)
    return b.error(
        "TW1068", span,
        "axis " + std::to_string(*axis) + " is out of bounds for array of dimension " + std::to_string(dims));
  if (*axis < 0 && base::planted("frontend.axis_from_front")) axis = -dims;
  return static_cast<size_t>(*axis < 0 ? *axis + dims : *axis);
}

Result<std::vector<Value>> shape_items(const Builder& b, const Value& given, const Span& span) {
  if (auto* tuple = given.as<TupleValue>()) return tuple->items;
  auto* number = given.as<Computed>();
  if (given.as<Array>() ? given.as<Array>()->rank() > 0 : number && !number->scalar())
    return b.error("TW1085", span, "a shape in an array is not supported", "write a tuple of extents: (n, m)");
  return std::vector<Value>{given};
}

Status no_list_of_axes(Builder& b, const Value& given, const Span& span) {
  auto* items = given.as<TupleValue>();
  if (!items || !items->is_list) return base::success();
  return about(
      given, b.error("TW1009", span, "an axis must be an integer, found " + describe(given), "write a tuple of axes"));
}

Array without_dimensions(const Array& array, const std::vector<size_t>& dims) {
  Array out{array.container, array.dtype, {}, array.axes, true, array.part, array.writes};
  std::vector<int> now(array.rank(), -1);
  for (size_t d = 0; d < array.rank(); ++d) {
    if (std::find(dims.begin(), dims.end(), d) != dims.end()) continue;
    now[d] = static_cast<int>(out.shape.size());
    out.shape.push_back(array.shape[d]);
  }
  for (Axis& axis : out.axes)
    if (axis.dim >= 0) axis.dim = now[static_cast<size_t>(axis.dim)];
  return out;
}

namespace {

Result<Array> array_of(Builder& b, const std::optional<Value>& value, const Span& span) {
  return b.materialize(*value, "", span);
}

Array permuted(const Array& array, const std::vector<size_t>& order) {
  Array out = array;
  out.own_object = true;
  for (size_t d = 0; d < order.size(); ++d) out.shape[d] = array.shape[order[d]];
  for (Axis& axis : out.axes)
    if (axis.dim >= 0)
      axis.dim = static_cast<int>(std::find(order.begin(), order.end(), static_cast<size_t>(axis.dim)) - order.begin());
  return out;
}

ValueResult transpose(Builder& b, Given& given, const Span& span) {
  TW_TRY_VOID(b.check_not_mixed(*given[0], span));
  if (is_numpy_scalar(*given[0]) && (!given[1] || is_empty_tuple(*given[1]))) return *given[0];
  TW_TRY(Array array, array_of(b, given[0], span));
  std::vector<size_t> order(array.rank());
  std::iota(order.rbegin(), order.rend(), size_t{0});
  std::vector<Value> axes;
  for (size_t i = 1; i < given.size(); ++i)
    if (given[i] && !given[i]->as<NoneObject>()) axes.push_back(*given[i]);
  if (axes.size() == 1)
    if (auto* tuple = axes[0].as<TupleValue>()) axes = std::vector<Value>(tuple->items);
  if (!axes.empty()) {
    if (axes.size() != array.rank()) return b.error("TW1069", span, "axes don't match array");
    std::set<size_t> seen;
    for (size_t d = 0; d < axes.size(); ++d) {
      TW_TRY(order[d], axis_of(b, axes[d], array.rank(), span));
      if (!seen.insert(order[d]).second) return b.error("TW1069", span, "repeated axis in transpose");
    }
  }
  return Value(permuted(array, order));
}

ValueResult swapaxes(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, array_of(b, given[0], span));
  std::vector<size_t> order(array.rank());
  std::iota(order.begin(), order.end(), size_t{0});
  TW_TRY(size_t first, axis_of(b, *given[1], array.rank(), span));
  TW_TRY(size_t second, axis_of(b, *given[2], array.rank(), span));
  std::swap(order[first], order[second]);
  return Value(permuted(array, order));
}

// The axes that one or a tuple of them names, in a result of this rank: each once.
Result<std::set<size_t>> axes_among(Builder& b, const Value& given, size_t rank, const Span& span) {
  std::vector<Value> items{given};
  if (auto* tuple = given.as<TupleValue>()) items = tuple->items;
  std::set<size_t> axes;
  for (const Value& item : items) {
    TW_TRY(size_t axis, axis_of(b, item, rank, span));
    if (!axes.insert(axis).second) return b.error("TW1069", span, "repeated axis");
  }
  return axes;
}

ValueResult expand_dims(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, array_of(b, given[0], span));
  auto* several = given[1]->as<TupleValue>();
  TW_TRY(std::set<size_t> axes, axes_among(b, *given[1], array.rank() + (several ? several->items.size() : 1), span));
  array.own_object = true;
  for (const size_t at : axes) {
    array.shape.insert(array.shape.begin() + static_cast<std::ptrdiff_t>(at), Expr(1));
    for (Axis& axis : array.axes)
      if (axis.dim >= static_cast<int>(at)) ++axis.dim;
  }
  return Value(std::move(array));
}

ValueResult squeeze(Builder& b, Given& given, const Span& span) {
  TW_TRY_VOID(b.check_not_mixed(*given[0], span));
  if (is_numpy_scalar(*given[0]) && (!given[1] || is_empty_tuple(*given[1]))) return *given[0];
  TW_TRY(Array array, array_of(b, given[0], span));
  std::vector<size_t> dims;
  if (given[1] && !given[1]->as<NoneObject>()) {
    TW_TRY_VOID(no_list_of_axes(b, *given[1], span));
    TW_TRY(std::set<size_t> axes, axes_among(b, *given[1], array.rank(), span));
    for (const size_t axis : axes) {
      if (!b.decide(symbolic::eq(array.shape[axis], 1), span, "this extent is 1"))
        b.emit_check(symbolic::eq(array.shape[axis], 1), base::ErrorKind::value,
                     "cannot select an axis to squeeze out which has size not equal to one", {}, span);
      dims.push_back(axis);
    }
  } else {
    for (size_t d = 0; d < array.rank(); ++d) {
      const auto one = b.ask(symbolic::eq(array.shape[d], 1), span, "np.squeeze asks whether this is 1");
      if (!one)
        return b.error("TW1067", span, "whether np.squeeze drops an axis must be known when compiling", "give axis=");
      if (*one) dims.push_back(d);
    }
  }
  if (dims.empty()) return Value(std::move(array));  // NumPy gives the object itself
  return Value(without_dimensions(array, dims));
}

ValueResult normalized_axis(Builder& b, Given& given, const Span& span) {
  const auto rank = constant_integer(*given[1]);
  if (!rank || *rank < 0) return b.error("TW1067", span, "the number of dimensions must be known when compiling");
  TW_TRY(size_t axis, axis_of(b, *given[0], static_cast<size_t>(*rank), span));
  return Value(integer_value(static_cast<int64_t>(axis)));
}

// np.shape(x), np.ndim(x), np.size(x): numbers have no dimensions.
KnownFunction extent(const std::string& name) {
  return [name](Builder& b, Given& given, const Span& span) -> ValueResult {
    auto* number = given[0]->as<Computed>();
    if (!number || !number->scalar()) return b.attribute_of(*given[0], name, span);
    if (name == "shape") return Value(TupleValue{});
    return Value(integer_value(name == "ndim" ? 0 : 1));
  };
}

}  // namespace

bool is_numpy_scalar(const Value& value) {
  auto* number = value.as<Computed>();
  return number && number->scalar() && !number->dtype.python();
}

bool is_empty_tuple(const Value& value) {
  auto* tuple = value.as<TupleValue>();
  return tuple && !tuple->is_list && tuple->items.empty();
}

std::vector<KnownRow> shape_rows() {
  return {{"numpy.transpose", "a, axes?, ...", transpose},
          {"numpy.swapaxes", "a, axis1, axis2", swapaxes},
          {"numpy.expand_dims", "a, axis", expand_dims},
          {"numpy.squeeze", "a, axis?", squeeze},
          {"numpy.lib.array_utils.normalize_axis_index", "axis, ndim", normalized_axis},
          {"numpy.shape", "a", extent("shape")},
          {"numpy.ndim", "a", extent("ndim")},
          {"numpy.size", "a, axis?", [](Builder& b, Given& given, const Span& span) -> ValueResult {
             if (!given[1] || given[1]->as<NoneObject>()) return extent("size")(b, given, span);
             TW_TRY(Computed array, b.computed(*given[0], span));
             TW_TRY(std::set<size_t> axes, axes_among(b, *given[1], array.shape.size(), span));
             Value count(integer_value(1));
             for (const size_t axis : axes) {
               TW_TRY(count,
                      b.binary(syntax::BinaryOperator::mul, count, Value(integer_value(array.shape[axis])), span));
             }
             return count;
           }}};
}

}  // namespace thalweg::frontend
