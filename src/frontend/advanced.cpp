// Indexing with arrays in general: index arrays and masks together with slices, integers and new axes. All of it becomes
// one index per dimension, arrays that broadcast to the shape of the result: a slice is the array of its places, a mask
// those of its true elements.
#include <algorithm>

#include "frontend/builder.h"
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

enum class Part : uint8_t { chosen, slice, axis };  // by arrays and integers; a slice; a new axis

struct Item {
  Part part;
  Value value;
  size_t dim = 0;
};

bool is_array(const Value& item) {
  auto* number = item.as<Computed>();
  return item.as<Array>() || (number && !number->scalar());
}

}  // namespace

// An array with so many dimensions of extent 1 behind its own.
Result<Value> Builder::with_ones_behind(const Value& value, size_t count, const Span& span) {
  TW_TRY(Array array, materialize(value, "", span));
  std::vector<Value> items{Value(EllipsisObject{})};
  items.insert(items.end(), count, Value(NoneObject{}));
  TW_TRY(Array out, index_array(array, items, span));
  return Value(std::move(out));
}

// The places of a slice.
Result<Value> Builder::places_of(const symbolic::Range& range, const Span& span) {
  TW_TRY(Value places, call_known("numpy.arange", {{Value(integer_value(range.size))}, {}, span}, span));
  TW_TRY(places, binary(syntax::BinaryOperator::mul, places, Value(integer_value(range.step)), span));
  return binary(syntax::BinaryOperator::add, places, Value(integer_value(range.begin)), span);
}

// The places of a mask's true elements, one array for each of its dimensions.
Result<std::vector<Value>> Builder::places_of_mask(const Array& array, size_t dim, const Value& mask,
                                                   const Span& span) {
  TW_TRY(Array chosen, materialize(mask, "mask", span));
  TW_TRY(chosen, fitting_mask(array, dim, chosen, span));
  TW_TRY(Value places, call_known("numpy.nonzero", {{Value(chosen)}, {}, span}, span));
  return places.as<TupleValue>()->items;
}

Result<Builder::FullIndex> Builder::full_index(const Array& array, const std::vector<Value>& given, const Span& span) {
  const std::string hint = std::exchange(name_hint_, "");
  // Masks stand for as many dimensions as they have: they are put there after the ellipsis is known.
  std::vector<Value> widened;
  for (const Value& item : given) {
    widened.push_back(item);
    if (!is_mask(item)) continue;
    const size_t rank = item.as<Array>() ? item.as<Array>()->rank() : item.as<Computed>()->shape.size();
    widened.insert(widened.end(), rank - 1, Value(SliceValue{}));
  }
  TW_TRY(std::vector<Value> full, expand_ellipsis(array, widened, span));
  std::vector<Item> items;
  size_t dim = 0;
  for (size_t i = 0; i < full.size(); ++i) {
    if (full[i].as<NoneObject>()) {
      items.push_back({Part::axis, full[i], dim});
    } else if (full[i].as<SliceValue>()) {
      items.push_back({Part::slice, full[i], dim++});
    } else if (is_mask(full[i])) {
      TW_TRY(std::vector<Value> places, places_of_mask(array, dim, full[i], span));
      i += places.size() - 1;
      for (Value& each : places) items.push_back({Part::chosen, std::move(each), dim++});
    } else {
      items.push_back({Part::chosen, full[i], dim++});
    }
  }
  // Indices are looked at before anything else happens, also where slices leave no element; arrays are not where they
  // choose none together.
  std::vector<std::vector<Expr>> shapes;
  std::vector<Value> integers(array.rank(), Value(NoneObject{}));
  for (Item& item : items) {
    if (item.part != Part::chosen) continue;
    if (!is_array(item.value)) {
      integers[item.dim] = item.value;
      continue;
    }
    auto* stored = item.value.as<Array>();
    shapes.push_back(stored ? stored->shape : item.value.as<Computed>()->shape);
  }
  TW_TRY_VOID(check_integers(array, integers, span));
  TW_TRY(std::vector<Expr> chosen_shape, broadcast(shapes, span, true));
  const Expr taken = ir::total_elements(chosen_shape);
  auto own_shape = shapes.begin();
  for (Item& item : items) {
    if (item.part != Part::chosen || !is_array(item.value)) continue;
    const bool alone = own_shape->empty() || *own_shape == chosen_shape;
    ++own_shape;
    TW_TRY(Computed index, bounded_index(item.value, array.shape[item.dim], item.dim, span,
                                         alone ? std::nullopt : std::optional(taken)));
    TW_TRY(item.value, settle(Value(std::move(index)), "index", span));
  }
  // Their dimensions come where they stand if they stand side by side, else first.
  auto is_chosen = [](const Item& item) { return item.part == Part::chosen; };
  auto first = std::find_if(items.begin(), items.end(), is_chosen);
  auto end = std::find_if_not(first, items.end(), is_chosen);
  const bool side_by_side = std::none_of(end, items.end(), is_chosen);
  const size_t before = side_by_side ? static_cast<size_t>(first - items.begin()) : 0;
  FullIndex out;
  size_t rank = chosen_shape.size();
  for (const Item& item : items) rank += item.part == Part::slice;
  size_t place = 0, shown = 0, chosen_place = 0;  // without new axes, and with them
  std::vector<std::pair<size_t, size_t>> sliced;  // dimension of the array, its place
  std::vector<Value> by_dim(array.rank(), Value(NoneObject{}));
  size_t seen = 0;
  auto chosen_here = [&] {
    chosen_place = place;
    place += chosen_shape.size();
    shown += chosen_shape.size();
  };
  for (const Item& item : items) {
    if (seen++ == before) chosen_here();
    if (item.part == Part::axis) {
      out.new_axes.push_back(shown++);
    } else if (item.part == Part::slice) {
      TW_TRY(symbolic::Range range, slice_range(*item.value.as<SliceValue>(), array.shape[item.dim], span));
      TW_TRY(Value places, places_of(range, span));
      TW_TRY(by_dim[item.dim], with_ones_behind(places, rank - place - 1, span));
      sliced.emplace_back(item.dim, place);
      ++place, ++shown;
    }
  }
  for (const Item& item : items) {
    if (item.part != Part::chosen) continue;
    by_dim[item.dim] = item.value;
    if (is_array(item.value)) {
      TW_TRY(by_dim[item.dim], with_ones_behind(item.value, rank - chosen_place - chosen_shape.size(), span));
    }
  }
  // In memory NumPy has the chosen dimensions outside, and the others in the array's order.
  for (size_t d = 0; d < chosen_shape.size(); ++d) out.order.push_back(chosen_place + d);
  if (!sliced.empty()) {
    TW_TRY(const std::vector<size_t> order, order_of_copies({array}, span));
    for (const size_t dim : order)
      for (const auto& [from, to] : sliced)
        if (from == dim) out.order.push_back(to);
  }
  out.indices = std::move(by_dim);
  name_hint_ = hint;
  return out;
}

// a[...] with arrays among the items: a new array.
ValueResult Builder::index_with_arrays(const Array& array, const std::vector<Value>& items, const Span& span) {
  TW_TRY(FullIndex index, full_index(array, items, span));
  TW_TRY(Value out, index_gather(array, index.indices, span));
  if (!all_in_rows()) gathered_[reads_.size() - 1] = index.order;
  auto* element = out.as<Computed>();
  const auto ellipsis = std::any_of(items.begin(), items.end(), [](const Value& v) { return v.as<EllipsisObject>(); });
  if (element && element->scalar() && ellipsis) return array_of_number(*this, std::move(*element), span);
  if (index.new_axes.empty()) return out;
  TW_TRY(Array made, materialize(out, name_hint_, span));
  std::vector<Value> shown;
  for (size_t d = 0; d < made.rank() + index.new_axes.size(); ++d) {
    const bool inserted = std::find(index.new_axes.begin(), index.new_axes.end(), d) != index.new_axes.end();
    shown.push_back(inserted ? Value(NoneObject{}) : Value(SliceValue{}));
  }
  TW_TRY(made, index_array(made, shown, span));
  return Value(std::move(made));
}

// a[...] = value with arrays among the items: one element after the other, so that the last of equals stays.
Status Builder::store_with_arrays(const Array& array, const std::vector<Value>& items, const Value& value,
                                  const Span& span) {
  TW_TRY(FullIndex index, full_index(array, items, span));
  std::vector<std::vector<Expr>> shapes;
  for (const Value& each : index.indices) {
    TW_TRY(Computed known, computed(each, span));
    shapes.push_back(known.shape);
  }
  TW_TRY(std::vector<Expr> shape, broadcast(shapes, span, true));
  std::vector<Expr> shown = shape;  // the value's shape, with new axes
  for (size_t place : index.new_axes) shown.insert(shown.begin() + static_cast<std::ptrdiff_t>(place), Expr(1));
  auto flat = [&](const Value& each, const std::vector<Expr>& wanted, bool keep_scalar) -> ValueResult {
    TW_TRY(Value wide, spread(each, wanted, keep_scalar, span));
    if (wide.as<Array>() && wide.as<Array>()->rank() > 1)
      return call_known("numpy.reshape", {{wide, Value(integer_value(-1))}, {}, span}, span);
    return wide;
  };
  TupleValue indices;
  for (const Value& each : index.indices) {
    TW_TRY(Value wide, flat(each, shape, false));
    TW_TRY(wide, apart_from(array, wide, span));
    indices.items.push_back(std::move(wide));
  }
  TW_TRY(Computed given, computed(value, span));
  const bool as_it_is = given.dtype == array.dtype;
  if (given.shape.size() > shown.size() && given.shape.front().is(1)) {  // ones in front do not count
    TW_TRY(Value less, subscript(as_it_is ? value : Value(given), Value(integer_value(0)), span));
    return store_with_arrays(array, items, less, span);
  }
  TW_TRY(given, cast_for_store(given, array.dtype, span));  // all at once, as arrays are cast
  TW_TRY(Value values, flat(as_it_is ? value : Value(given), shown, true));
  TW_TRY(values, apart_from(array, values, span));
  TW_TRY(Value done, call_definition("numpy.put.scattered", {Value(array), Value(std::move(indices)), values}, span));
  (void)done;
  return base::success();
}

// a[...] op= value with arrays among the items: what stands there is taken, changed, and put back.
Status Builder::update_with_arrays(const Array& array, const Value& index, const std::vector<Value>& items,
                                   syntax::BinaryOperator op, const Value& value, const Span& span) {
  TW_TRY(Value taken, subscript(Value(array), index, span));
  TW_TRY(Array changed, materialize(taken, "taken", span));
  TW_TRY_VOID(update(changed, op, value, span));
  TW_TRY(bool open, may_write(array, Value(changed), span));  // also of no places
  if (!open) return base::success();
  if (items.size() == 1 && is_mask(items[0])) {
    TW_TRY(Array mask, materialize(items[0], "mask", span));
    if (mask.rank() == array.rank()) {
      TW_TRY(mask, fitting_mask(array, 0, mask, span));
      return store_through_mask(array, mask, Value(changed), span);
    }
  }
  return store_with_arrays(array, items, Value(changed), span);
}

}  // namespace thalweg::frontend
