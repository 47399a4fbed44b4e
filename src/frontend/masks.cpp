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

}  // namespace

// An array as library nodes read it: each of its dimensions a dimension of the container, in the same order.
Result<Array> Builder::ordered(const Value& value, const Span& span) {
  const std::string hint = std::exchange(name_hint_, "");
  TW_TRY(Array array, materialize(value, "", span));
  if (!in_container_order(array)) {
    Array copy = new_array("", array.dtype, array.shape);
    TW_TRY_VOID(emit_copy(array, copy, span));
    array = copy;
  }
  name_hint_ = hint;
  return array;
}

Status Builder::check_mask(const Array& array, const Array& mask, const Span& span) {
  if (mask.rank() != array.rank())
    return error("TW1079", span,
                 "a mask of " + std::to_string(mask.rank()) + " dimensions for an array of " +
                     std::to_string(array.rank()) + " is not supported",
                 "use a mask of the array's shape");
  for (size_t d = 0; d < mask.rank(); ++d)
    if (!equal_extents(mask.shape[d], array.shape[d], span))
      emit_check(symbolic::eq(mask.shape[d], array.shape[d]), base::ErrorKind::index,
                 "boolean index did not match indexed array along axis " + std::to_string(d) +
                     "; size of axis is {0} but size of corresponding boolean axis is {1}",
                 {array.shape[d], mask.shape[d]}, span);
  return base::success();
}

// The number of true elements becomes a symbol, the extent of a new array.
ValueResult Builder::compress(const Array& array, const Array& mask, const Span& span) {
  TW_TRY_VOID(check_mask(array, mask, span));
  const std::string name = name_hint_;
  TW_TRY(Array source, ordered(Value(array), span));
  TW_TRY(Array chosen, ordered(Value(mask), span));
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
  const Array made = new_array(name, array.dtype, {size});
  ir::LibraryNodeFields fields;
  fields.operation = "Compress";
  fields.label = "compress_" + array.container;
  emit_library(std::move(fields), {{"_mask", chosen}, {"_in", source}}, {{"_out", made}}, span);
  return Value(made);
}

// Every element is written: the new value where the mask holds, its own elsewhere.
Status Builder::store_masked(const Array& array, const Array& mask, const Value& value, bool whole, const Span& span) {
  TW_TRY_VOID(check_mask(array, mask, span));
  TW_TRY(Computed fresh_value, computed(value, span));
  if (!whole && !fresh_value.scalar())
    return error("TW1080", span, "storing an array through a mask is not supported", "use np.where(mask, values, a)");
  TW_TRY(fresh_value, cast_for_store(fresh_value, array.dtype, span));
  Computed out{array.dtype, array.shape,
               code::make(code::Op::select, {leaf(mask).tree, fresh_value.tree, leaf(array).tree})};
  out.checks = fresh_value.checks;
  return store(array, Value(std::move(out)), span);
}

}  // namespace thalweg::frontend
