// value[index]: views by basic indexing, elements, gathers by computed indices, masks, items of tuples.
#include <algorithm>

#include "base/planted.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

ValueResult Builder::evaluate_index(const syntax::Expr& index) {
  const std::string hint = std::exchange(name_hint_, "");
  auto one = [&](const syntax::Expr& expr) -> ValueResult {
    auto* slice = std::get_if<syntax::Slice>(&expr.content);
    if (!slice) {
      TW_TRY(Value item, evaluate(expr));
      auto* list = item.as<TupleValue>();  // a list of numbers is the array of them
      if (!list || !list->is_list || list->items.empty()) return item;
      return call_known("numpy.array", {{item}, {}, expr.span}, expr.span);
    }
    SliceValue out;
    auto bound = [&](const syntax::ExprPtr& from, std::shared_ptr<Value>& to) -> Status {
      if (!from) return base::success();
      TW_TRY(Value value, evaluate(*from));
      to = std::make_shared<Value>(std::move(value));
      return base::success();
    };
    TW_TRY_VOID(bound(slice->lower, out.lower));
    TW_TRY_VOID(bound(slice->upper, out.upper));
    TW_TRY_VOID(bound(slice->step, out.step));
    return Value(std::move(out));
  };
  auto* tuple = std::get_if<syntax::Tuple>(&index.content);
  if (!tuple) {
    TW_TRY(Value value, one(index));
    name_hint_ = hint;
    return value;
  }
  TupleValue items;
  for (const auto& element : tuple->elements) {
    TW_TRY(Value item, one(*element));
    items.items.push_back(std::move(item));
  }
  name_hint_ = hint;
  return Value(std::move(items));
}

bool Builder::is_mask(const Value& value) const {
  if (auto* array = value.as<Array>()) return array->dtype.is_bool() && array->rank() > 0;
  auto* computed = value.as<Computed>();
  return computed && computed->dtype.is_bool() && !computed->scalar();
}

// One item per dimension (and per newaxis): the ellipsis and what is left out become full slices.
Result<std::vector<Value>> Builder::expand_ellipsis(const Array& array, const std::vector<Value>& items,
                                                    const Span& span) {
  size_t used = 0, ellipses = 0;
  for (const Value& item : items) {
    used += !item.as<NoneObject>() && !item.as<EllipsisObject>();
    ellipses += item.as<EllipsisObject>() != nullptr;
  }
  if (ellipses > 1) return error("TW1033", span, "an index can only have a single ellipsis ('...')");
  if (used > array.rank())
    return error("TW1033", span,
                 "too many indices for array: array is " + std::to_string(array.rank()) + "-dimensional, but " +
                     std::to_string(used) + " were indexed");
  std::vector<Value> out;
  for (const Value& item : items) {
    if (!item.as<EllipsisObject>())
      out.push_back(item);
    else
      out.insert(out.end(), array.rank() - used, Value(SliceValue{}));
  }
  if (!ellipses) out.insert(out.end(), array.rank() - used, Value(SliceValue{}));
  return out;
}

Result<Array> Builder::index_array(const Array& array, const std::vector<Value>& items, const Span& span) {
  TW_TRY(std::vector<Value> full, expand_ellipsis(array, items, span));
  Array out{array.container, array.dtype, {}, array.axes, true, array.part, array.writes};
  size_t dim = 0;
  for (const Value& item : full) {
    if (item.as<NoneObject>()) {
      out.shape.push_back(1);
      continue;
    }
    // Axes of the container that follow this dimension (none where it had been inserted).
    auto compose = [&](auto&& change) {
      for (size_t c = 0; c < array.axes.size(); ++c)
        if (array.axes[c].dim == static_cast<int>(dim)) change(array.axes[c], out.axes[c]);
    };
    if (auto* slice = item.as<SliceValue>()) {
      TW_TRY(symbolic::Range range, slice_range(*slice, array.shape[dim], span));
      const int position = static_cast<int>(out.shape.size());
      out.shape.push_back(range.size);
      compose([&](const Axis& old, Axis& now) {
        now = {old.begin + old.step * range.begin, old.step * range.step, position};
      });
    } else {
      if (auto* found = item.as<Computed>(); found && found->dtype.is_bool())
        return error("TW1034", span, "a bool as an index is not supported", "use an integer, or `if`");
      TW_TRY(Expr index, symbol_of(item, span, "an index"));
      TW_TRY(index, plain_index(index, array.shape[dim], dim, span));
      compose([&](const Axis& old, Axis& now) { now = {old.begin + old.step * index, 1, -1}; });
    }
    ++dim;
  }
  return out;
}

// An index into a dimension of this extent, as one that counts from its begin; its checks come with it.
Result<Computed> Builder::bounded_index(const Value& item, const Expr& size, size_t axis, const Span& span,
                                        const std::optional<Expr>& taken) {
  TW_TRY(Computed index, computed(item, span));
  if (index.mixed && !index.dtype.is_integer()) return either_differs(index, span);
  if (index.dtype.is_bool())
    return error("TW1034", span, "a bool as an index is not supported", "use an integer, or `if`");
  if (!index.dtype.is_integer()) return error("TW1094", span, "an index must be an integer, found " + describe(item));
  std::vector<code::Check> checks;
  if (index.scalar() && index.dtype == dtypes::uint64)  // in an array it wraps, and is out of bounds
    checks.push_back(
        {code::make(code::Op::le, index.tree, code::constant(static_cast<uint64_t>(INT64_MAX), dtypes::uint64)),
         base::ErrorKind::overflow,
         "Python int too large to convert to C long",
         {},
         located(span)});
  TW_TRY(index, cast(index, dtypes::int64, span));
  checks.insert(checks.end(), index.checks.begin(), index.checks.end());
  const code::Ptr extent = code::symbol(size), zero = code::constant(int64_t{0}, dtypes::int64);
  const code::Ptr wrapped = code::make(code::Op::add, index.tree, extent);
  code::Ptr inside =
      code::make(code::Op::logical_and, code::make(code::Op::ge, wrapped, zero),
                 code::make(base::planted("frontend.index_at_end") ? code::Op::le : code::Op::lt, index.tree, extent));
  if (taken) inside = code::make(code::Op::logical_or, code::make(code::Op::eq, code::symbol(*taken), zero), inside);
  checks.push_back({inside,
                    base::ErrorKind::index,
                    "index {0} is out of bounds for axis " + std::to_string(axis) + " with size {1}",
                    {index.tree, extent},
                    located(span)});
  Computed out{dtypes::int64, index.shape,
               base::planted("frontend.index_not_wrapped")
                   ? code::make(code::Op::maximum, index.tree, zero)
                   : code::make(code::Op::select, {code::make(code::Op::lt, index.tree, zero), wrapped, index.tree})};
  out.checks = std::move(checks);
  return out;
}

// Integers among index arrays are looked at also where no element is taken; arrays are not then, as in NumPy.
Status Builder::check_integers(const Array& array, const std::vector<Value>& items, const Span& span) {
  for (size_t axis = 0; axis < items.size(); ++axis) {
    auto* number = items[axis].as<Computed>();
    auto* zero_d = items[axis].as<Array>();
    if (!(number && number->scalar()) && !(zero_d && zero_d->rank() == 0)) continue;
    TW_TRY(Computed index, bounded_index(items[axis], array.shape[axis], axis, span));
    TW_TRY_VOID(evaluate_only(Value(std::move(index)), span));
  }
  return base::success();
}

// Elements at computed positions: x[k] with k read from memory, x[indices] with an array of integers.
Result<Value> Builder::index_gather(const Array& array, const std::vector<Value>& items, const Span& span) {
  std::vector<Value> narrowing, dynamic;
  std::vector<size_t> axes;
  for (size_t axis = 0; axis < items.size(); ++axis) {
    auto* known = items[axis].as<Computed>();
    if (known && (known->integer || constant_integer(items[axis]))) {
      narrowing.push_back(items[axis]);
    } else {
      narrowing.push_back(Value(SliceValue{}));
      dynamic.push_back(items[axis]);
      axes.push_back(axis);
    }
  }
  TW_TRY(Array rest, index_array(array, narrowing, span));
  std::vector<code::Ptr> indices;
  std::vector<std::vector<Expr>> shapes;
  std::vector<code::Check> checks;
  for (size_t d = 0; d < dynamic.size(); ++d) {
    TW_TRY(Computed index, bounded_index(dynamic[d], rest.shape[d], axes[d], span));
    shapes.push_back(index.shape);
    checks.insert(checks.end(), index.checks.begin(), index.checks.end());
    indices.push_back(index.tree);
  }
  TW_TRY(std::vector<Expr> shape, broadcast(shapes, span, true));
  reads_.push_back(rest);
  Computed out{array.dtype, std::move(shape),
               code::element("$" + std::to_string(reads_.size() - 1), array.dtype, std::move(indices))};
  out.checks = std::move(checks);
  return Value(std::move(out));
}

// Is a bound or a step of these slices a float or a complex number?
static bool has_numbers(const std::vector<Value>& slices) {
  for (const Value& item : slices)
    if (auto* slice = item.as<SliceValue>())
      for (const auto& part : {slice->lower, slice->upper, slice->step})
        if (auto* number = part ? part->as<Computed>() : nullptr; number && !number->dtype.is_integer()) return true;
  return false;
}

ValueResult Builder::taken_from(const std::vector<Value>& items, size_t chosen, const Span& span) {
  for (size_t i = 0; i < items.size(); ++i)
    if (i != chosen) TW_TRY_VOID(evaluate_only(items[i], span));
  return items[chosen];
}

ValueResult Builder::subscript(const Value& object, const Value& index, const Span& span) {
  std::vector<Value> items{index};
  if (object.as<SparseValue>()) TW_TRY_VOID(no_sparse(object, span));
  if (auto* tuple = index.as<TupleValue>(); tuple && !tuple->is_list) items = tuple->items;
  if (auto* tuple = object.as<TupleValue>()) {
    const int64_t size = static_cast<int64_t>(tuple->items.size());
    if (auto at = constant_integer(index)) {
      if (*at < -size || *at >= size)
        return error("TW1035", span, (tuple->is_list ? "list" : "tuple") + std::string(" index out of range"));
      return taken_from(tuple->items, static_cast<size_t>(*at < 0 ? *at + size : *at), span);
    }
    if (auto* slice = index.as<SliceValue>()) {
      TW_TRY(symbolic::Range range, slice_range(*slice, Expr(size), span));
      auto begin = range.begin.as_integer(), count = range.size.as_integer(), step = range.step.as_integer();
      if (begin && count && step) {
        TW_TRY_VOID(evaluate_only(object, span));
        TupleValue out{{}, tuple->is_list};
        for (int64_t i = 0; i < *count; ++i) out.items.push_back(tuple->items[static_cast<size_t>(*begin + i * *step)]);
        return out.is_list ? new_list(std::move(out.items)) : Value(std::move(out));
      }
    }
    return error("TW1036", span, "an index into a tuple must be known when compiling");
  }
  if (auto* dict = object.as<DictValue>()) return look_up(*dict, index, span);
  if (auto* facet = object.as<Method>(); facet && facet->name == "flat")
    return flat_subscript(*facet->object, index, span);
  if (auto* facet = object.as<Method>(); facet && facet->name == "flags" && index.as<Text>())
    return flag_value(*facet->object, index.as<Text>()->value, span);
  if (auto* found = object.as<Computed>(); found && found->scalar()) {
    auto whole = [](const Value& item) { return item.as<NoneObject>() || item.as<EllipsisObject>(); };
    if (!found->dtype.python() && std::all_of(items.begin(), items.end(), whole)) {
      if (items.empty()) return object;
      return error("TW1085", span, "an array of a scalar by [...] or [None] is not supported", "use np.array(x)");
    }
    auto is_truth = [](const Value& item) {
      auto* computed = item.as<Computed>();
      return computed ? computed->dtype.is_bool() : item.as<Array>() && item.as<Array>()->dtype.is_bool();
    };
    const bool known = found->dtype.python() || std::none_of(items.begin(), items.end(), is_truth);
    const base::Diagnostic problem = error("TW1033", span, "invalid index to scalar variable");
    return known ? problem : unsure(problem);
  }
  if (auto* known = object.as<HostKnown>(); known && known->path == "numpy.mgrid") {
    const bool one = !index.as<TupleValue>();
    if (has_numbers(items)) return call_definition("numpy.mgrid.of_numbers", {index}, span);
    TW_TRY(Value grid, index_grid(items, one, span));
    return one ? subscript(grid, Value(integer_value(0)), span) : ValueResult(std::move(grid));
  }
  if (auto* known = object.as<HostKnown>(); known && (known->path == "numpy.s_" || known->path == "numpy.index_exp")) {
    for (const Value& item : items)
      if (item.as<Array>() || (item.as<Computed>() && !item.as<Computed>()->scalar()) || item.as<Text>())
        return error("TW1037", span, "np.s_ and np.index_exp of " + describe(item) + " are not supported",
                     "write the index where it is used");
    if (known->path == "numpy.s_" || index.as<TupleValue>()) return index;
    return Value(TupleValue{{index}});
  }
  if (auto* known = object.as<HostKnown>(); known && (known->path == "numpy.r_" || known->path == "numpy.c_"))
    return join_items(std::move(items), known->path == "numpy.c_", span);
  if (auto* known = object.as<HostKnown>(); known && known->path == "numpy.ogrid")
    return call_definition(known->path, {index}, span);
  if (!object.as<Array>() && !object.as<Computed>())
    return about(object, error("TW1037", span, describe(object) + " cannot be indexed"));
  TW_TRY(Array array, materialize(object, "", span));
  if (items.size() == 1 && is_mask(items[0])) {
    TW_TRY(Array mask, materialize(items[0], "mask", span));
    if (mask.rank() == array.rank()) return compress(array, mask, span);
    items[0] = Value(mask);
  }
  bool all_numbers = items.size() == array.rank(), dynamic = false, arrays = false, masks = false;
  for (const Value& item : items) {
    auto* number = item.as<Computed>();
    auto* positions = item.as<Array>();
    const bool is_array = (number && !number->scalar()) || positions;
    arrays |= is_array;
    masks |= is_mask(item);
    all_numbers &= (number || positions) && !item.as<SliceValue>();
    dynamic |= is_array || (number && !number->integer && !constant_integer(item));
    if (item.as<Text>()) return error("TW1094", span, "an index must be an integer, found a string");
    if (item.as<TupleValue>())
      return error("TW1038", span, "indexing with " + describe(item) + " is not supported",
                   "use integers, slices or an index array");
  }
  if (arrays && (masks || !all_numbers)) return index_with_arrays(array, items, span);
  if (all_numbers && arrays) TW_TRY_VOID(check_integers(array, items, span));
  if (all_numbers && dynamic) return index_gather(array, items, span);
  TW_TRY(Array view, index_array(array, items, span));
  // An element by integers alone is a NumPy scalar; anything else is a view.
  if (all_numbers && view.rank() == 0) return Value(leaf(view));
  return Value(std::move(view));
}

}  // namespace thalweg::frontend
