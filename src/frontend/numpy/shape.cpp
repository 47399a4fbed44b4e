// The same elements in another shape: transposes, inserted and dropped dimensions, reshapes.
#include <algorithm>
#include <numeric>

#include "base/planted.h"
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

Result<size_t> axis_of(Builder& b, const Value& value, size_t rank, const Span& span) {
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

ValueResult expand_dims(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, array_of(b, given[0], span));
  TW_TRY(size_t at, axis_of(b, *given[1], array.rank() + 1, span));
  array.own_object = true;
  array.shape.insert(array.shape.begin() + static_cast<std::ptrdiff_t>(at), Expr(1));
  for (Axis& axis : array.axes)
    if (axis.dim >= static_cast<int>(at)) ++axis.dim;
  return Value(std::move(array));
}

// Drops dimensions of extent 1.
Array without(const Array& array, const std::vector<size_t>& dims) {
  Array out{array.container, array.dtype, {}, array.axes, true};
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

ValueResult squeeze(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, array_of(b, given[0], span));
  std::vector<size_t> dims;
  if (given[1] && !given[1]->as<NoneObject>()) {
    TW_TRY(size_t axis, axis_of(b, *given[1], array.rank(), span));
    if (!b.decide(symbolic::eq(array.shape[axis], 1), span, "this extent is 1"))
      b.emit_check(symbolic::eq(array.shape[axis], 1), base::ErrorKind::value,
                   "cannot select an axis to squeeze out which has size not equal to one", {}, span);
    dims.push_back(axis);
  } else {
    for (size_t d = 0; d < array.rank(); ++d) {
      auto extent = array.shape[d].as_integer();
      if (!extent)
        extent = b.request_.assumptions->value(array.shape[d], b.located(span), "np.squeeze asks whether this is 1");
      if (!extent)
        return b.error("TW1067", span, "whether np.squeeze drops an axis must be known when compiling", "give axis=");
      if (*extent == 1) dims.push_back(d);
    }
  }
  if (dims.empty()) return Value(std::move(array));  // NumPy gives the object itself
  return Value(without(array, dims));
}

// The new shape, a -1 in it replaced.
Result<std::vector<Expr>> new_shape(Builder& b, const Array& array, Given& given, const Span& span) {
  std::vector<Value> items;
  for (size_t i = 1; i < given.size(); ++i)
    if (given[i]) items.push_back(*given[i]);
  if (items.size() == 1)
    if (auto* tuple = items[0].as<TupleValue>()) items = std::vector<Value>(tuple->items);
  const Expr total = ir::total_elements(array.shape);
  std::vector<Expr> shape;
  int unknown = -1;
  Expr known = 1;
  for (const Value& item : items) {
    TW_TRY(Expr extent, b.symbol_of(item, span, "an extent of a shape"));
    if (extent.is(-1)) {
      if (unknown >= 0) return b.error("TW1070", span, "can only specify one unknown dimension");
      unknown = static_cast<int>(shape.size());
    } else {
      known = known * extent;
    }
    shape.push_back(extent);
  }
  if (unknown >= 0) {
    shape[static_cast<size_t>(unknown)] = symbolic::floor_div(total, known);
    if (shape.size() == 1) shape[0] = total;
    known = known * shape[static_cast<size_t>(unknown)];
  }
  if (b.same(known, total)) return shape;
  if (known.as_integer() && total.as_integer())
    return b.error("TW1070", span,
                   "cannot reshape array of size " + symbolic::to_string(total) + " into the shape asked for");
  if (!b.decide(symbolic::eq(known, total), span, "this reshape keeps the number of elements"))
    b.emit_check(symbolic::eq(known, total), base::ErrorKind::value, "cannot reshape array of size {0}", {total}, span);
  return shape;
}

// Neighbouring elements of a container, in its order: leading dimensions indexed by what never changes, the next one a
// part or all of its extent, the rest whole.
bool is_fixed_block(const Builder& b, const Array& array, const std::vector<Expr>& extents) {
  size_t next = 0;
  for (size_t c = 0; c < array.axes.size(); ++c) {
    const Axis& axis = array.axes[c];
    if (b.varies_at_run_time(axis.begin)) return false;
    if (axis.dim < 0 && next == 0) continue;
    if (axis.dim != static_cast<int>(next) || !axis.step.is(1)) return false;
    if (next > 0 && !(axis.begin.is(0) && array.shape[next] == extents[c])) return false;
    ++next;
  }
  return next == array.rank() && next > 0;
}

ValueResult reshape(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, array_of(b, given[0], span));
  TW_TRY(std::vector<Expr> shape, new_shape(b, array, given, span));
  if (array.rank() == 0 && b.fields_of(array.container).kind == ir::ContainerKind::scalar) {  // a scalar's own array
    Array made = b.new_array(b.name_hint_, array.dtype, shape);
    TW_TRY_VOID(b.emit_computed(made.container, b.leaf(array), made, span));
    return Value(std::move(made));
  }
  auto squeezed = [](const std::vector<Expr>& s) {
    std::vector<Expr> out;
    for (const Expr& e : s)
      if (!e.is(1)) out.push_back(e);
    return out;
  };
  if (squeezed(array.shape) == squeezed(shape)) {  // only extents of 1 come or go: an index map says it
    std::vector<size_t> ones;
    for (size_t d = 0; d < array.rank(); ++d)
      if (array.shape[d].is(1)) ones.push_back(d);
    Array out = without(array, ones);
    for (size_t d = 0; d < shape.size(); ++d) {
      if (!shape[d].is(1)) continue;
      out.shape.insert(out.shape.begin() + static_cast<std::ptrdiff_t>(d), Expr(1));
      for (Axis& axis : out.axes)
        if (axis.dim >= static_cast<int>(d)) ++axis.dim;
    }
    return Value(std::move(out));
  }
  if (auto viewed = b.views_.find(array.container);
      viewed != b.views_.end() && is_whole(array, b.fields_of(array.container).shape))
    array = Array(viewed->second);  // the same elements in the same order
  const ir::ContainerFields& base = b.fields_of(array.container);
  const bool in_place = (is_whole(array, base.shape) || is_fixed_block(b, array, base.shape)) &&
                        ir::is_contiguous(base) && base.kind != ir::ContainerKind::view &&
                        base.kind != ir::ContainerKind::reference;
  if (!in_place) {  // NumPy's view where the extents allow one, else its copy: as long as it is only read, the same
    Array copy = b.new_array("", array.dtype, array.shape);
    TW_TRY_VOID(b.emit_copy(array, copy, span));
    b.unsure_copies_.insert(copy.container);
    array = std::move(copy);
  }
  ir::ContainerFields fields;
  fields.name = b.fresh(b.name_hint_.empty() ? array.container + "_view" : b.name_hint_);
  fields.kind = ir::ContainerKind::view;
  fields.dtype = array.dtype;
  fields.shape = shape;
  fields.transient = true;
  const std::string view = fields.name;
  b.cursor_.sdfg->add_container(std::move(fields));
  b.views_[view] = array;
  Array made = whole_array(view, array.dtype, shape);
  made.own_object = true;
  return Value(std::move(made));
}

ValueResult ravel(Builder& b, Given& given, const Span& span) {
  Given flat{given[0], Value(integer_value(-1))};
  return reshape(b, flat, span);
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

std::vector<KnownRow> shape_rows() {
  return {{"numpy.transpose", "a, axes?, ...", transpose},
          {"numpy.swapaxes", "a, axis1, axis2", swapaxes},
          {"numpy.expand_dims", "a, axis", expand_dims},
          {"numpy.squeeze", "a, axis?", squeeze},
          {"numpy.reshape", "a, shape, ...", reshape},
          {"numpy.ravel", "a", ravel},
          {"numpy.lib.array_utils.normalize_axis_index", "axis, ndim", normalized_axis},
          {"numpy.shape", "a", extent("shape")},
          {"numpy.ndim", "a", extent("ndim")},
          {"numpy.size", "a", extent("size")}};
}

}  // namespace thalweg::frontend
