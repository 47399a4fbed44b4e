// reshape and ravel: a view where NumPy makes one, else a copy, as far as that is known when compiling.
#include <algorithm>
#include <string>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

// Extents whose product leaves 64 bits are those of no array.
void check_product(Builder& b, const std::vector<Expr>& shape, const Expr& total, const Span& span) {
  if (b.fits(ir::total_elements(shape), span)) return;
  code::Ptr product = code::constant(1.0, dtypes::float64);
  for (const Expr& extent : shape)
    product = code::make(code::Op::mul, product, code::cast(code::symbol(extent), dtypes::float64));
  b.emit_check(code::make(code::Op::lt, product, code::constant(0x1p62, dtypes::float64)), base::ErrorKind::value,
               "cannot reshape array of size {0}", {code::symbol(total)}, span);
}

// The new shape, a negative extent in it replaced.
Result<std::vector<Expr>> new_shape(Builder& b, const Array& array, Given& given, const Span& span) {
  std::vector<Value> items;
  for (size_t i = 1; i < given.size(); ++i)
    if (given[i]) items.push_back(*given[i]);
  if (items.size() == 1) {
    TW_TRY(items, shape_items(b, items[0], span));
  }
  const Expr total = ir::total_elements(array.shape);
  std::vector<Expr> shape;
  int unknown = -1;
  Expr known = 1;
  for (const Value& item : items) {
    TW_TRY(Expr extent, b.symbol_of(item, span, "an extent of a shape"));
    const auto range = b.interval(extent);
    const auto negative = range && range->low >= 0
                              ? std::optional<bool>(false)
                              : b.ask(symbolic::lt(extent, 0), span, "whether this extent is to be found");
    if (!negative)
      b.emit_check(symbolic::ge(extent, 0), base::ErrorKind::value,
                   "an extent of {0} that is not known before the program runs", {extent}, span);
    if (negative.value_or(false)) {
      if (unknown >= 0) return b.error("TW1070", span, "can only specify one unknown dimension");
      unknown = static_cast<int>(shape.size());
    } else {
      known = known * extent;
    }
    shape.push_back(extent);
  }
  if (unknown >= 0) {
    if (!known.is(1) && !b.decide(symbolic::ne(known, 0), span, "no extent of this shape is 0"))
      b.emit_check(symbolic::ne(known, 0), base::ErrorKind::value,
                   "cannot reshape array of size {0} into a shape with an extent of 0 and an unknown one", {total},
                   span);
    shape[static_cast<size_t>(unknown)] = symbolic::floor_div(total, known);
    if (shape.size() == 1) shape[0] = total;
    known = known * shape[static_cast<size_t>(unknown)];
  }
  if (b.same(known, total)) return shape;
  check_product(b, shape, total, span);
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

enum class Sharing : uint8_t { view, copy, unknown };

// Is the array, seen in another shape of as many elements, a view? NumPy's rule: dimensions fall into groups, the
// smallest ones with equal products on both sides, and the old dimensions of a group must follow one another in memory.
// `strides` are those of the view. What is asked of extents and strides holds by facts or becomes a guard.
Sharing shares_memory(Builder& b, const Array& array, const std::vector<Expr>& shape, std::vector<Expr>& strides,
                      const Span& span) {
  std::vector<Expr> old_shape, old_strides;
  bool known_ones = true;  // which of the old extents are 1: they do not count
  for (size_t d = 0; d < array.rank(); ++d) {
    const auto one = b.ask(symbolic::eq(array.shape[d], 1), span, "whether this extent is 1");
    known_ones &= one.has_value();
    if (one.value_or(false)) continue;
    old_shape.push_back(array.shape[d]);
    old_strides.push_back(b.strides_of(array)[d]);
  }
  strides.assign(shape.size(), Expr(1));
  size_t from = 0, to = 0;  // the group is [from, from_end) of the old and [to, to_end) of the new dimensions
  while (from < old_shape.size() && to < shape.size()) {
    size_t from_end = from + 1, to_end = to + 1;
    Expr olds = old_shape[from], news = shape[to];
    for (;;) {
      const auto equal = b.ask(symbolic::eq(olds, news), span, "whether these extents are equal");
      if (equal.value_or(false)) break;
      const auto less = b.ask(symbolic::lt(news, olds), span, "whether these extents end inside those");
      if (!equal || !less) return Sharing::unknown;
      // No elements, or another number of them, which the check of the shape refuses before.
      if (*less ? to_end == shape.size() : from_end == old_shape.size()) return Sharing::copy;
      if (*less)
        news = news * shape[to_end++];
      else
        olds = olds * old_shape[from_end++];
    }
    for (size_t d = from; d + 1 < from_end; ++d) {
      const Expr next = old_shape[d + 1] * old_strides[d + 1];
      const auto follow =
          b.ask(symbolic::eq(old_strides[d], next), span, "whether these dimensions follow one another in memory");
      if (!follow.value_or(false)) return follow && known_ones ? Sharing::copy : Sharing::unknown;
    }
    strides[to_end - 1] = old_strides[from_end - 1];
    for (size_t d = to_end - 1; d > to; --d) strides[d - 1] = strides[d] * shape[d];
    from = from_end;
    to = to_end;
  }
  return Sharing::view;
}

ValueResult in_order_of_rows(Builder& b, Given& given, const Span& span);

// The first dimension runs fastest where order='F': the same of both, turned.
ValueResult reshape(Builder& b, Given& given, const Span& span) {
  std::string order = "C";
  if (given[2] && !given[2]->as<NoneObject>()) order = given[2]->as<Text>() ? given[2]->as<Text>()->value : "?";
  given.erase(given.begin() + 2);
  TW_TRY_VOID(b.check_not_mixed(*given[0], span));
  if (is_numpy_scalar(*given[0]) && given.size() == 2 && given[1] && is_empty_tuple(*given[1])) return *given[0];
  if (order == "C") return in_order_of_rows(b, given, span);
  if (order != "F") return b.error("TW1064", span, "order='" + order + "' is not supported", "write order='C' or 'F'");
  TW_TRY(given[0], b.attribute_of(*given[0], "T", span));
  std::vector<Value> items;
  for (size_t i = 1; i < given.size(); ++i)
    if (given[i]) items.push_back(*given[i]);
  if (items.size() == 1)
    if (auto* tuple = items[0].as<TupleValue>()) items = std::vector<Value>(tuple->items);
  std::reverse(items.begin(), items.end());
  Given turned{given[0], Value(TupleValue{std::move(items)})};
  TW_TRY(Value out, in_order_of_rows(b, turned, span));
  return b.attribute_of(out, "T", span);
}

ValueResult in_order_of_rows(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, b.materialize(*given[0], "", span));
  TW_TRY(std::vector<Expr> shape, new_shape(b, array, given, span));
  if (array.rank() == 0 && b.fields_of(array.container).kind == ir::ContainerKind::scalar) {  // a scalar's own array
    Array seen{array.container, array.dtype, std::vector<Expr>(shape.size(), Expr(1)), {}, true};
    return Value(std::move(seen));
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
    Array out = without_dimensions(array, ones);
    for (size_t d = 0; d < shape.size(); ++d) {
      if (!shape[d].is(1)) continue;
      out.shape.insert(out.shape.begin() + static_cast<std::ptrdiff_t>(d), Expr(1));
      for (Axis& axis : out.axes)
        if (axis.dim >= static_cast<int>(d)) ++axis.dim;
    }
    return Value(std::move(out));
  }
  if (!is_plain(array)) {  // no container's elements: the copy can be read, and says so where it is kept
    Array copy = b.new_array("", array.dtype, array.shape);
    TW_TRY_VOID(b.emit_copy(array, copy, span));
    b.unsure_copies_.insert(copy.container);
    array = std::move(copy);
  }
  if (auto viewed = b.views_.find(array.container);
      viewed != b.views_.end() && is_whole(array, b.fields_of(array.container).shape))
    array = Array(viewed->second);  // the same elements in the same order
  const ir::ContainerFields& base = b.fields_of(array.container);
  const bool in_place = (is_whole(array, base.shape) || is_fixed_block(b, array, base.shape)) &&
                        ir::is_contiguous(base) && base.kind != ir::ContainerKind::view &&
                        base.kind != ir::ContainerKind::reference;
  if (!in_place) {
    std::vector<Expr> strides;
    const Sharing sharing = shares_memory(b, array, shape, strides, span);
    if (sharing == Sharing::view) {
      const std::string reference = b.new_reference(b.name_hint_, array.dtype, shape, strides);
      b.set_references({{reference, array}}, span);
      Array made = whole_array(reference, array.dtype, shape);
      made.own_object = true;
      return Value(std::move(made));
    }
    Array copy = b.new_array("", array.dtype, array.shape);
    TW_TRY_VOID(b.emit_copy(array, copy, span));
    if (sharing == Sharing::unknown) b.unsure_copies_.insert(copy.container);  // as long as it is only read, the same
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

// The dimensions in the order of their strides' sizes, the largest first.
Result<Array> as_in_memory(Builder& b, const Array& array, const Span& span) {
  auto unknown = [&] {
    return b.error("TW1064", span, "order='K' of this array is not supported: its strides are not known",
                   "write order='C' or 'F'");
  };
  if (!is_plain(array)) return unknown();
  const std::vector<Expr> strides = b.strides_of(array);
  std::vector<Value> order;
  for (size_t d = 0; d < array.rank(); ++d) {
    if (b.ask(symbolic::eq(array.shape[d], 1), span, "whether this extent is 1").value_or(false)) {
      order.insert(order.begin(), Value(integer_value(static_cast<int64_t>(d))));
      continue;
    }
    auto at = order.end();
    for (; at != order.begin(); --at) {
      const size_t before = static_cast<size_t>(*constant_integer(*(at - 1)));
      if (array.shape[before].is(1) || b.same(array.shape[before], 1)) break;
      const Expr size = symbolic::max(strides[d], -strides[d]);
      const Expr other = symbolic::max(strides[before], -strides[before]);
      const auto larger = b.ask(symbolic::lt(other, size), span, "which of two strides is larger");
      if (!larger) return unknown();
      if (!*larger) break;
    }
    order.insert(at, Value(integer_value(static_cast<int64_t>(d))));
  }
  TW_TRY(Value turned,
         b.call_known("numpy.transpose", {{Value(array), Value(TupleValue{std::move(order)})}, {}, span}, span));
  return Array(*turned.as<Array>());
}

ValueResult ravel_rows(Builder& b, Array array, const Span& span);

ValueResult ravel(Builder& b, Given& given, const Span& span) {
  TW_TRY(Array array, b.materialize(*given[0], "", span));
  auto* order = given[1] ? given[1]->as<Text>() : nullptr;
  if (order && (order->value == "A" || order->value == "K")) {  // as the elements stand, where they have no gaps
    const bool rows = is_dense(b, array, false, span).value_or(false);
    const bool columns = !rows && is_dense(b, array, true, span).value_or(false);
    if (!rows && !columns && order->value == "K") {
      TW_TRY(array, as_in_memory(b, array, span));
      return ravel_rows(b, std::move(array), span);
    }
    given[1] = Value(Text{columns ? "F" : "C"});
  }
  const bool fortran = given[1] && given[1]->as<Text>() && given[1]->as<Text>()->value == "F";
  // A view of what has no gaps; anything else is copied, even where a view could say it.
  const std::optional<bool> dense = array.rank() == 0 ? true : is_dense(b, array, fortran, span);
  if (!dense.value_or(false)) {
    Array copy = b.new_array("", array.dtype, array.shape);
    if (fortran) {
      copy = b.new_array("", array.dtype, {array.shape.rbegin(), array.shape.rend()});
      TW_TRY(Value turned, b.attribute_of(Value(copy), "T", span));
      copy = *turned.as<Array>();
    }
    TW_TRY_VOID(b.emit_copy(array, copy, span));
    if (!dense) b.unsure_copies_.insert(copy.container);
    array = std::move(copy);
  }
  Given flat{Value(std::move(array)), Value(integer_value(-1)), given[1]};
  return reshape(b, flat, span);
}

ValueResult ravel_rows(Builder& b, Array array, const Span& span) {
  Given rows{Value(std::move(array)), std::nullopt};
  return ravel(b, rows, span);
}

}  // namespace

std::vector<KnownRow> reshape_rows() {
  return {{"numpy.reshape", "a, /, shape, *, order?, ...", reshape}, {"numpy.ravel", "a, order?", ravel}};
}

}  // namespace thalweg::frontend
