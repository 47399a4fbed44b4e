// np.asarray and its relatives: the array itself where it is already as asked for, else a copy.
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

// Do the elements follow one another in memory, the last dimension (or the first) without gaps? Nothing: not known.
std::optional<bool> is_dense(Builder& b, const Array& array, bool fortran, const Span& span) {
  if (!is_plain(array)) return std::nullopt;
  const std::vector<Expr> strides = b.strides_of(array);
  Expr holds = 1, next = 1;
  for (size_t k = 0; k < array.rank(); ++k) {
    const size_t d = fortran ? k : array.rank() - 1 - k;
    if (!(strides[d] == next))
      holds = symbolic::logical_and(
          holds, symbolic::logical_or(symbolic::eq(strides[d], next), symbolic::eq(array.shape[d], 1)));
    next = next * array.shape[d];
  }
  if (holds.is(1)) return true;
  return b.ask(holds, span, "whether this array's elements follow one another in memory");
}

namespace {

Result<std::optional<DType>> asked_type(Builder& b, const std::optional<Value>& given, const Span& span) {
  if (!given || given->as<NoneObject>()) return std::optional<DType>();
  TW_TRY(DType dtype, b.dtype_of(*given, span));
  return std::optional(dtype);
}

ValueResult as_array(Builder& b, Given& given, const Span& span) {
  TW_TRY(std::optional<DType> dtype, asked_type(b, given[1], span));
  auto* array = given[0]->as<Array>();
  if (array && (!dtype || *dtype == array->dtype)) return *given[0];
  Given made{given[0], dtype ? std::optional(Value(DTypeObject{*dtype})) : std::nullopt, std::nullopt};
  return find_known("numpy.array")->function(b, made, span);
}

KnownFunction as_dense_array(bool fortran) {
  return [fortran](Builder& b, Given& given, const Span& span) -> ValueResult {
    TW_TRY(Value value, as_array(b, given, span));
    auto* found = value.as<Array>();
    if (!found) return about(value, b.error("TW1003", span, describe(value) + " cannot be used as an array"));
    const Array array = *found;
    if (array.rank() == 0) return b.subscript(Value(array), Value(NoneObject{}), span);
    const std::optional<bool> dense = is_dense(b, array, fortran, span);
    if (dense.value_or(false)) return value;
    Array copy = array;
    if (fortran) {
      Array turned = b.new_array(b.name_hint_, array.dtype, {array.shape.rbegin(), array.shape.rend()});
      TW_TRY(Value seen, b.attribute_of(Value(turned), "T", span));
      copy = *seen.as<Array>();
      copy.own_object = false;
    } else {
      copy = b.new_array(b.name_hint_, array.dtype, array.shape);
    }
    TW_TRY_VOID(b.emit_copy(array, copy, span));
    if (!dense) b.unsure_copies_.insert(copy.container);
    return Value(std::move(copy));
  };
}

}  // namespace

std::vector<KnownRow> as_array_rows() {
  return {{"numpy.asarray", "a, dtype?", as_array},
          {"numpy.asanyarray", "a, dtype?", as_array},
          {"numpy.ascontiguousarray", "a, dtype?", as_dense_array(false)},
          {"numpy.asfortranarray", "a, dtype?", as_dense_array(true)}};
}

}  // namespace thalweg::frontend
