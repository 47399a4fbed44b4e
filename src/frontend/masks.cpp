// a[mask] and a[mask] = value, with a boolean array of a's shape.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

bool in_container_order(const Array& array) {
  int last = -1;
  for (const Axis& axis : array.axes) {
    if (axis.dim < 0) continue;
    if (axis.dim <= last) return false;
    last = axis.dim;
  }
  for (size_t d = 0; d < array.rank(); ++d)
    if (std::none_of(array.axes.begin(), array.axes.end(), [&](const Axis& a) { return a.dim == static_cast<int>(d); }))
      return false;
  return true;
}

base::Diagnostic shared_with_mask_store(const std::string& what, const Span& span) {
  return make_error(
      "TW1107", span,
      what + " of a store through a mask shares memory with the array, and NumPy reads it while it writes",
      "take a copy of it first: " + std::string(what == "the mask" ? "mask" : "value") + ".copy()");
}

}  // namespace

// An array as library nodes read it: each of its dimensions a dimension of the container, in the same order.
Result<Array> Builder::ordered(const Value& value, const Span& span) {
  const std::string hint = std::exchange(name_hint_, "");
  TW_TRY(Array array, materialize(value, "", span));
  if (array.part != Component::whole || !in_container_order(array)) {
    Array copy = new_array("", array.dtype, array.shape);
    TW_TRY_VOID(emit_copy(array, copy, span));
    array = copy;
  }
  name_hint_ = hint;
  return array;
}

// A mask of the array's dimensions from `first` on. One without elements chooses nothing beside any extents.
Result<Array> Builder::fitting_mask(const Array& array, size_t first, const Array& mask, const Span& span) {
  if (first + mask.rank() > array.rank())
    return error("TW1033", span,
                 "too many indices for array: array is " + std::to_string(array.rank()) + "-dimensional, but " +
                     std::to_string(first + mask.rank()) + " were indexed");
  bool empty = false, open = false;
  std::vector<Expr> shape;
  for (size_t d = 0; d < mask.rank(); ++d) {
    const Expr& extent = array.shape[first + d];
    shape.push_back(extent);
    if (equal_extents(mask.shape[d], extent, span)) continue;
    Expr fits = symbolic::eq(mask.shape[d], extent);
    const Expr none = symbolic::eq(mask.shape[d], 0);
    const std::optional<bool> known = ask(none, span, "whether this mask has elements");
    if (known == true) {
      empty = true;
      continue;
    }
    if (!known) {
      open = true;
      fits = symbolic::logical_or(fits, none);
    }
    emit_check(fits, base::ErrorKind::index,
               "boolean index did not match indexed array along axis " + std::to_string(first + d) +
                   "; size of axis is {0} but size of corresponding boolean axis is {1}",
               {extent, mask.shape[d]}, span);
  }
  if (!empty && !open) return mask;
  TW_TRY(const Value nothing, spread(Value(constant_bool(false)), shape, false, span));
  Array whole = *nothing.as<Array>();
  if (!empty) {  // all of it, or nothing
    Array part = whole;
    part.shape = mask.shape;
    TW_TRY_VOID(emit_copy(mask, part, span));
  }
  return whole;
}

// The number of true elements, in a symbol.
Expr Builder::count_true(const Array& chosen, const std::string& name, const Span& span) {
  const std::string count = new_scalar((name.empty() ? "mask" : name) + "_count", dtypes::int64);
  ir::LibraryNodeFields counting;
  counting.operation = "Reduce";
  counting.label = "count_" + chosen.container;
  counting.attributes["wcr"] = ir::Wcr::sum;
  std::vector<int64_t> axes;
  for (size_t c = 0; c < chosen.axes.size(); ++c) axes.push_back(static_cast<int64_t>(c));
  counting.attributes["axes"] = axes;
  emit_library(std::move(counting), {{"_in", chosen}}, {{"_out", Array{count, dtypes::int64, {}, {}}}}, span);
  SymbolBounds bounds;
  bounds.low = 0;
  bounds.high = static_cast<__int128>(1) << 47;
  const Expr size = Expr::symbol(assign_symbol(name.empty() ? "mask_size" : name + "_size",
                                               code::input(count, dtypes::int64), bounds, dtypes::int64));
  facts_.assume(symbolic::ge(size, 0));
  return size;
}

// a[mask]: a new array of as many elements.
ValueResult Builder::compress(const Array& array, const Array& given, const Span& span) {
  TW_TRY(const Array mask, fitting_mask(array, 0, given, span));
  const std::string name = name_hint_;
  TW_TRY(Array source, ordered(Value(array), span));
  TW_TRY(Array chosen, ordered(Value(mask), span));
  for (Array* each : {&source, &chosen}) {  // the node counts dimensions of containers: a row of a matrix has two
    if (each->axes.size() == each->rank()) continue;
    const Array copy = new_array("", each->dtype, each->shape);
    TW_TRY_VOID(emit_copy(*each, copy, span));
    *each = copy;
  }
  const Expr size = count_true(chosen, name, span);
  const Array made = new_array(name, array.dtype, {size});
  ir::LibraryNodeFields fields;
  fields.operation = "Compress";
  fields.label = "compress_" + array.container;
  emit_library(std::move(fields), {{"_mask", chosen}, {"_in", source}}, {{"_out", made}}, span);
  return Value(made);
}

// Every element is written: the new value where the mask holds, its own elsewhere.
Status Builder::store_masked(const Array& array, const Array& given, const Value& value, bool whole, const Span& span) {
  TW_TRY(const Array mask, fitting_mask(array, 0, given, span));
  if (meets(mask, array)) return shared_with_mask_store("the mask", span);
  TW_TRY(Computed fresh_value, computed(value, span));
  if (!whole && !fresh_value.scalar()) return store_through_mask(array, mask, value, span);
  TW_TRY(fresh_value, cast_for_store(fresh_value, array.dtype, span));
  TW_TRY(fresh_value, once(fresh_value, array.shape, span));
  Computed out{array.dtype, array.shape,
               code::make(code::Op::select, {leaf(mask).tree, fresh_value.tree, leaf(array).tree})};
  out.checks = fresh_value.checks;
  return store(array, Value(std::move(out)), span);
}

// a[mask] = values: one for each true element, in order.
Status Builder::store_through_mask(const Array& array, const Array& mask, const Value& value, const Span& span) {
  TW_TRY(Computed given, computed(value, span));
  const bool as_it_is = given.dtype == array.dtype;
  TW_TRY(given, cast_for_store(given, array.dtype, span));
  TW_TRY(Array values, materialize(as_it_is ? value : Value(given), "values", span));
  if (values.rank() != 1)
    return error("TW1080", span,
                 "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has " +
                     std::to_string(values.rank()) + " dimensions",
                 "use np.where(mask, values, a)");
  if (const auto* view = value.as<Array>(); view && meets(*view, array)) {
    const auto one =
        ask(symbolic::eq(view->shape.empty() ? Expr(1) : view->shape[0], 1), span, "whether this is one element");
    if (one != true) return shared_with_mask_store("the value", span);  // one is written over by itself
  }
  TW_TRY(Array chosen, ordered(Value(mask), span));
  const Expr count = count_true(chosen, "", span), found = values.shape[0];
  if (!same(found, count)) {
    const Expr fits_in = symbolic::logical_or(symbolic::eq(found, count), symbolic::eq(found, 1));
    emit_check(fits_in, base::ErrorKind::value,
               "NumPy boolean array indexing assignment cannot assign {0} input values to the {1} output values where "
               "the mask is true",
               {found, count}, span);
  }
  TW_TRY(Value kept, apart_from(array, Value(values), span));
  TW_TRY(Value kept_mask, apart_from(array, Value(chosen), span));
  TW_TRY(Value done, call_definition("numpy.place.masked", {Value(array), kept_mask, kept}, span));
  (void)done;
  return base::success();
}

// a[i, j, ...] = value with arrays of integers: one element after the other, so that the last of equals stays.
Status Builder::store_scattered(const Array& array, const std::vector<Value>& items, const Value& value,
                                const Span& span) {
  if (items.size() != array.rank() || std::any_of(items.begin(), items.end(), [&](const Value& item) {
        return is_mask(item) || (!item.as<Array>() && !item.as<Computed>());
      }))
    return store_with_arrays(array, items, value, span);
  TupleValue indices;
  std::vector<std::vector<Expr>> shapes;
  for (const Value& item : items) {
    TW_TRY(Computed index, computed(item, span));
    if (index.dtype.is_bool() && index.scalar())
      return error("TW1034", span, "a bool as an index is not supported", "use an integer, or `if`");
    if (!index.dtype.is_integer()) return error("TW1094", span, "an index must be an integer, found " + describe(item));
    shapes.push_back(index.shape);
  }
  TW_TRY(std::vector<Expr> shape, broadcast(shapes, span, true));
  if (shape.size() != 1) return store_with_arrays(array, items, value, span);
  TW_TRY_VOID(check_integers(array, items, span));
  for (const Value& item : items) {
    TW_TRY(Value index, spread(item, shape, false, span));
    TW_TRY(index, apart_from(array, index, span));
    indices.items.push_back(std::move(index));
  }
  TW_TRY(Computed given, computed(value, span));
  const bool as_it_is = given.dtype == array.dtype;
  TW_TRY(given, cast_for_store(given, array.dtype, span));  // all at once, as arrays are cast
  TW_TRY(Value values, spread(as_it_is ? value : Value(given), shape, true, span));
  TW_TRY(values, apart_from(array, values, span));
  TW_TRY(Value done, call_definition("numpy.put.scattered", {Value(array), Value(std::move(indices)), values}, span));
  (void)done;
  return base::success();
}

// A value as an array of this shape.
ValueResult Builder::spread(const Value& value, const std::vector<Expr>& shape, bool keep_scalar, const Span& span) {
  TW_TRY(Computed source, computed(value, span));
  if (source.scalar() && keep_scalar) return settle(value, "", span);
  if (source.dtype.python()) {
    TW_TRY(source, cast(source, numpy_type(source.dtype), span));
  }
  TW_TRY_VOID(broadcast_to(source.shape, shape, span));
  if (value.as<Array>() && source.shape == shape) return value;
  Array made = new_array("", source.dtype, shape);
  TW_TRY_VOID(emit_computed(made.container, source, made, span));
  return Value(std::move(made));
}

// The value, copied if writing to `target` could change it.
ValueResult Builder::apart_from(const Array& target, const Value& value, const Span& span) {
  auto* array = value.as<Array>();
  if (!array || !may_overlap(array->container, target.container)) return value;
  Array copy = new_array("", array->dtype, array->shape);
  TW_TRY_VOID(emit_copy(*array, copy, span));
  return Value(std::move(copy));
}

}  // namespace thalweg::frontend
