// Arrays made of several: concatenate, stack; np.mgrid[...].
#include <algorithm>
#include <charconv>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

Result<std::vector<Array>> parts_of(Builder& b, const Value& value, const Span& span) {
  auto* tuple = value.as<TupleValue>();
  if (!tuple)
    return b.error("TW1086", span, "the arrays to join must be a tuple or list of arrays, found " + describe(value),
                   "write np.concatenate((a, b))");
  if (tuple->items.empty()) return b.error("TW1087", span, "need at least one array to join");
  std::vector<Array> parts;
  for (const Value& item : tuple->items) {
    TW_TRY(Value listed, b.array_like(item, span));
    TW_TRY(Array part, b.materialize(listed, "", span));
    parts.push_back(std::move(part));
  }
  return parts;
}

// A check that all extents but those of `axis` agree; the parts go one behind the other along it.
ValueResult join(Builder& b, const std::vector<Array>& parts, size_t axis, const Span& span) {
  const Array& first = parts.front();
  std::vector<Expr> shape = first.shape;
  DType dtype = first.dtype;
  for (size_t p = 1; p < parts.size(); ++p) {
    const Array& part = parts[p];
    if (part.rank() != first.rank())
      return b.error("TW1087", span,
                     "all the input array dimensions must match: " + std::to_string(first.rank()) + " and " +
                         std::to_string(part.rank()));
    dtype = promote(dtype, part.dtype);
    shape[axis] = shape[axis] + part.shape[axis];
    for (size_t d = 0; d < shape.size(); ++d) {
      if (d == axis || b.equal_extents(part.shape[d], first.shape[d], span)) continue;
      b.emit_check(symbolic::eq(part.shape[d], first.shape[d]), base::ErrorKind::value,
                   "all the input array dimensions except for the concatenation axis must match exactly, but along "
                   "dimension " +
                       std::to_string(d) + ", the array at index 0 has size {0} and the array at index " +
                       std::to_string(p) + " has size {1}",
                   {first.shape[d], part.shape[d]}, span);
    }
  }
  TW_TRY(const std::vector<size_t> order, b.order_of_copies(parts, span, shape));
  const Array made = b.new_array_in_order(b.name_hint_, dtype, shape, order);
  Expr at = 0;
  for (const Array& part : parts) {
    Array place = made;
    for (Axis& each : place.axes)
      if (each.dim == static_cast<int>(axis)) each.begin = at;
    place.shape[axis] = part.shape[axis];
    at = at + part.shape[axis];
    TW_TRY_VOID(b.store(place, Value(part), span));
  }
  return Value(std::move(made));
}

ValueResult concatenate(Builder& b, Given& given, const Span& span) {
  TW_TRY(std::vector<Array> parts, parts_of(b, *given[0], span));
  if (given[1] && given[1]->as<NoneObject>()) {
    for (Array& part : parts) {
      TW_TRY(Value flat, b.call_known("numpy.ravel", {{Value(part)}, {}, span}, span));
      part = *flat.as<Array>();
    }
    return join(b, parts, 0, span);
  }
  if (parts[0].rank() == 0) return b.error("TW1087", span, "zero-dimensional arrays cannot be concatenated");
  TW_TRY(size_t axis, axis_of(b, given[1].value_or(Value(integer_value(0))), parts[0].rank(), span));
  return join(b, parts, axis, span);
}

ValueResult stack(Builder& b, Given& given, const Span& span) {
  TW_TRY(std::vector<Array> parts, parts_of(b, *given[0], span));
  TW_TRY(size_t axis, axis_of(b, given[1].value_or(Value(integer_value(0))), parts[0].rank() + 1, span));
  const size_t rank = parts[0].rank();
  for (Array& part : parts) {
    if (part.rank() != rank) return b.error("TW1087", span, "all input arrays must have the same shape");
    std::vector<Value> index(part.rank(), Value(SliceValue{}));
    index.insert(index.begin() + static_cast<std::ptrdiff_t>(axis), Value(NoneObject{}));
    TW_TRY(part, b.index_array(part, index, span));
  }
  return join(b, parts, axis, span);
}

ValueResult hstack(Builder& b, Given& given, const Span& span) {
  TW_TRY(std::vector<Array> parts, parts_of(b, *given[0], span));
  for (Array& part : parts)
    if (part.rank() == 0) {
      TW_TRY(part, b.index_array(part, {Value(NoneObject{})}, span));
    }
  return join(b, parts, parts[0].rank() == 1 ? 0 : 1, span);
}

ValueResult vstack(Builder& b, Given& given, const Span& span) {
  TW_TRY(std::vector<Array> parts, parts_of(b, *given[0], span));
  for (Array& part : parts) {
    if (part.rank() > 1) continue;
    std::vector<Value> places{Value(NoneObject{}), Value(NoneObject{})};
    if (part.rank() == 1) places[1] = Value(SliceValue{});
    TW_TRY(part, b.index_array(part, places, span));
  }
  return join(b, parts, 0, span);
}

}  // namespace

// np.mgrid[a:b, c:d]: index d of every point, for each dimension. A range that is reversed is an error, but where it is
// the only one, not in a tuple.
ValueResult Builder::index_grid(const std::vector<Value>& items, bool may_be_empty, const Span& span) {
  std::vector<Expr> shape{Expr(static_cast<int64_t>(items.size()))}, starts, steps;
  for (const Value& item : items) {
    auto* slice = item.as<SliceValue>();
    if (!slice || !slice->upper)
      return error("TW1088", span, "np.mgrid needs a slice with an end for each dimension", "write np.mgrid[0:n, 0:m]");
    auto part = [&](const std::shared_ptr<Value>& given, int64_t otherwise) -> Result<Expr> {
      if (!given || given->as<NoneObject>()) return Expr(otherwise);
      return symbol_of(*given, span, "a bound of np.mgrid");
    };
    TW_TRY(Expr start, part(slice->lower, 0));
    TW_TRY(Expr stop, part(slice->upper, 0));
    TW_TRY(Expr step, part(slice->step, 1));
    auto known = step.as_integer();
    if (!known || *known <= 0)
      return error("TW1088", span, "np.mgrid needs a known step above 0", "flip the result for a negative one");
    TW_TRY(const Expr distance, difference(stop, start, span));
    Expr count = symbolic::ceil_div(distance, step);
    if (!decide(symbolic::ge(distance, 0), span, "this range of np.mgrid is not reversed")) {
      if (!may_be_empty)
        emit_check(symbolic::ge(count, 0), base::ErrorKind::value, "negative dimensions are not allowed", {}, span);
      count = symbolic::max(count, 0);
    }
    shape.push_back(count);
    starts.push_back(start);
    steps.push_back(step);
  }
  const Array made = new_array(name_hint_, dtypes::int64, shape);
  for (size_t d = 0; d < items.size(); ++d) {
    std::vector<Value> which{Value(integer_value(static_cast<int64_t>(d)))};
    TW_TRY(Array part, index_array(made, which, span));
    const Expr at = part.shape[d].is(1) ? Expr(0) : Expr::symbol(map_parameter(d));
    Computed value{dtypes::int64, part.shape, code::symbol(starts[d] + steps[d] * at)};
    TW_TRY_VOID(emit_computed("fill_" + made.container, value, part, span));
  }
  return Value(made);
}

// np.r_[items], np.c_[items]; a string before them says along which axis, in how many dimensions, and where those
// that an item has stand among them.
ValueResult Builder::join_items(std::vector<Value> items, bool columns, const Span& span) {
  std::vector<int64_t> how = columns ? std::vector<int64_t>{-1, 2, 0} : std::vector<int64_t>{0, 1, -1};
  if (auto* text = items[0].as<Text>()) {
    size_t place = 0;
    for (size_t at = 0; at <= text->value.size(); ++place) {
      const size_t end = std::min(text->value.find(',', at), text->value.size());
      const std::string part = text->value.substr(at, end - at);
      int64_t number = 0;
      const auto [last, failed] = std::from_chars(part.data(), part.data() + part.size(), number);
      if (place > 2 || failed != std::errc() || last != part.data() + part.size())
        return error("TW1086", span, "the directive '" + text->value + "' is not supported",
                     "write an axis, or 'axis,ndim' or 'axis,ndim,place'");
      how[place] = number;
      at = end + 1;
    }
    items.erase(items.begin());
  }
  if (items.empty()) return error("TW1087", span, "need at least one array to join");
  std::vector<Value> all{Value(TupleValue{std::move(items)})};
  for (const int64_t number : how) all.push_back(Value(integer_value(number)));
  return call_definition("numpy.r_.joined", std::move(all), span);
}

// np.atleast_1d and its like: one array, or a tuple where several were given.
static KnownFunction each_alone(const std::string& path) {
  return [path](Builder& b, Given& given, const Span& span) -> ValueResult {
    TupleValue made;
    for (const auto& one : given) {
      if (!one) continue;
      TW_TRY(Value listed, b.array_like(*one, span));
      TW_TRY(listed, b.numpy_number(listed, "a", span));
      TW_TRY(listed, b.call_definition(path, {std::move(listed)}, span));
      made.items.push_back(std::move(listed));
    }
    return made.items.size() == 1 ? made.items[0] : Value(std::move(made));
  };
}

std::vector<KnownRow> joining_rows() {
  return {{"numpy.atleast_1d", "...", each_alone("numpy.atleast_1d.one")},
          {"numpy.atleast_2d", "...", each_alone("numpy.atleast_2d.one")},
          {"numpy.atleast_3d", "...", each_alone("numpy.atleast_3d.one")},
          {"numpy.concatenate", "arrays, /, axis?", concatenate},
          {"numpy.stack", "arrays, axis?", stack},
          {"numpy.hstack", "tup", hstack},
          {"numpy.vstack", "tup", vstack},
          {"numpy.row_stack", "tup", vstack}};
}

}  // namespace thalweg::frontend
