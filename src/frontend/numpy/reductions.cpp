// sum, prod, min, max, mean, any, all, argmin, argmax over some axes or all.
#include <algorithm>

#include "base/planted.h"
#include "frontend/numpy/ufunc_rows.h"

namespace thalweg::frontend {

Result<bool> flag(Builder& b, const std::optional<Value>& given, const Span& span) {
  if (!given || given->as<NoneObject>()) return false;
  TW_TRY(Computed truth, b.truth(*given, span));
  if (!truth.condition || !truth.condition->as_integer())
    return b.error("TW1067", span, "this flag must be known when compiling");
  return truth.condition->integer() != 0;
}

Status same_shape(Builder& b, const std::vector<Expr>& shape, const Array& out, const Span& span) {
  if (shape.size() != out.rank())
    return b.error("TW1109", span,
                   "out= must have the shape of the result: found " + std::to_string(out.rank()) +
                       " dimensions, expected " + std::to_string(shape.size()));
  Expr same = symbolic::eq(0, 0);
  for (size_t d = 0; d < shape.size(); ++d)
    if (!b.equal_extents(shape[d], out.shape[d], span))
      same = symbolic::logical_and(same, symbolic::eq(shape[d], out.shape[d]));
  const std::string differs = "the extents of out= are not those of the result";
  if (b.facts_.prove(same) == symbolic::Truth::no) return b.error("TW1109", span, differs);
  if (b.facts_.prove(same) != symbolic::Truth::yes) b.emit_check(same, base::ErrorKind::value, differs, {}, span);
  return base::success();
}

// NumPy is lenient but in means.
Result<std::vector<int64_t>> axes_of(Builder& b, const std::optional<Value>& given, size_t rank, const Span& span,
                                     bool lenient) {
  std::vector<int64_t> axes;
  if (!given || given->as<NoneObject>()) {
    for (size_t d = 0; d < rank; ++d) axes.push_back(static_cast<int64_t>(d));
    return axes;
  }
  std::vector<Value> items{*given};
  TW_TRY_VOID(no_list_of_axes(b, *given, span));
  if (auto* tuple = given->as<TupleValue>()) {
    items = tuple->items;
  } else if (const auto only = constant_integer(*given); lenient && rank == 0 && (only == 0 || only == -1)) {
    return axes;
  }
  for (const Value& item : items) {
    TW_TRY(size_t axis, axis_of(b, item, rank, span));
    axes.push_back(static_cast<int64_t>(axis));
  }
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end())
    return b.error("TW1068", span, "duplicate value in 'axis'");
  return axes;
}

namespace {

struct Reduction {
  std::string name;
  ir::Wcr wcr;
};

std::vector<Expr> remaining(const std::vector<Expr>& shape, const std::vector<int64_t>& axes, bool keep) {
  std::vector<Expr> out;
  for (size_t d = 0; d < shape.size(); ++d) {
    const bool reduced = std::find(axes.begin(), axes.end(), static_cast<int64_t>(d)) != axes.end();
    if (!reduced) out.push_back(shape[d]);
    if (reduced && keep) out.push_back(1);
  }
  return out;
}

Expr reduced_count(const std::vector<Expr>& shape, const std::vector<int64_t>& axes) {
  Expr count = 1;
  for (int64_t axis : axes) count = count * shape[static_cast<size_t>(axis)];
  return count;
}

// A fresh place for the result: an array, or a scalar container.
Array result_place(Builder& b, const std::string& label, DType dtype, const std::vector<Expr>& shape) {
  const std::string& name = b.name_hint_.empty() ? label : b.name_hint_;
  if (shape.empty()) return {b.new_scalar(name, dtype), dtype, {}, {}};
  return b.new_array(name, dtype, shape);
}

Value as_result(const Array& place) {
  if (!place.shape.empty()) return Value(place);
  return Value(Computed{place.dtype, {}, code::input(place.container, place.dtype)});
}

// float16 is folded in float32, as NumPy's sums in order are: no number is lost on the way there. NumPy makes float16 of
// other elements first where that is asked for.
ValueResult wider(Builder& b, const Value& value, DType asked, const Span& span) {
  TW_TRY(Computed elements, b.computed(value, span));
  if (asked == dtypes::float16 && !elements.dtype.is_complex()) {
    TW_TRY(elements, b.cast(elements, dtypes::float16, span));
  }
  if (elements.dtype != dtypes::float16) return value;
  TW_TRY(elements, b.cast(elements, dtypes::float32, span));
  return Value(std::move(elements));
}

Result<Array> reduce(Builder& b, const std::string& label, const Array& source, ir::Wcr wcr, DType dtype,
                     const std::vector<int64_t>& axes, bool keep, const Span& span) {
  const Array place = result_place(b, label, dtype, remaining(source.shape, axes, keep));
  ir::LibraryNodeFields fields;
  fields.operation = "Reduce";
  fields.label = label;
  fields.attributes["wcr"] = wcr;
  // Axes of the read subset, which has one dimension per dimension of the container; indexed ones count as reduced.
  std::vector<int64_t> subset_axes;
  for (size_t c = 0; c < source.axes.size(); ++c)
    if (source.axes[c].dim < 0 || std::find(axes.begin(), axes.end(), source.axes[c].dim) != axes.end())
      subset_axes.push_back(static_cast<int64_t>(c));
  fields.attributes["axes"] = subset_axes;
  b.emit_library(std::move(fields), {{"_in", source}}, {{"_out", place}}, span);
  return place;
}

Result<Computed> as_bool(Builder& b, const Value& value, const Span& span) {
  TW_TRY(Computed found, b.computed(value, span));
  if (found.dtype.is_bool()) return b.cast(found, dtypes::bool_, span);
  TW_TRY(Computed zero, b.cast(integer_value(0), found.dtype, span));
  return b.apply(code::Op::ne, {found, zero}, found.dtype, span);
}

ValueResult put(Builder& b, Value result, const std::optional<Value>& out, const Span& span) {
  if (!out || out->as<NoneObject>()) return result;
  auto* target = out->as<Array>();
  if (!target) return about(*out, b.error("TW1060", span, "out= must be an array, found " + describe(*out)));
  TW_TRY(const Computed made, b.computed(result, span));
  TW_TRY_VOID(same_shape(b, made.shape, *target, span));
  if (made.scalar()) {  // an element of the result, not a number to be stored, which would have to fit
    TW_TRY(result, b.cast(made, target->dtype, span));
  }
  TW_TRY(bool open, b.may_write(*target, result, span, true));
  if (open) TW_TRY_VOID(b.store(*target, result, span));
  return *out;
}

// The type of the array that is given for the results, where it is another than theirs.
std::optional<DType> other_type(const std::optional<Value>& out, DType result) {
  const auto* target = is_given(out) ? out->as<Array>() : nullptr;
  return target && target->dtype != result ? std::optional(target->dtype) : std::nullopt;
}

base::Diagnostic other_out(Builder& b, const std::string& name, DType given, DType result, const Span& span) {
  return b.error("TW1064", span,
                 "out= of " + given.name() + " where " + name + " gives " + result.name() + " is not supported",
                 "write out[...] = and the call without out=");
}

Status not_empty(Builder& b, const std::string& name, const std::vector<Expr>& shape, const std::vector<int64_t>& axes,
                 const Span& span) {
  const Expr count = reduced_count(shape, axes);
  bool known = true;
  for (int64_t axis : axes) {
    const Expr& extent = shape[static_cast<size_t>(axis)];
    known &= b.decide(symbolic::ge(extent, 1), span, "this reduction is over at least one element");
  }
  if (known) return base::success();
  // NumPy raises even where no result would be computed: only the reduced extents count.
  b.emit_check(symbolic::ge(count, 1), base::ErrorKind::value,
               "zero-size array to reduction operation " + name + " which has no identity", {}, span);
  return base::success();
}

// The elements that `where` names; the others are what changes nothing.
ValueResult only_where(Builder& b, const Value& source, const std::optional<Value>& where, const Value& neutral,
                       const Span& span) {
  if (!where) return source;
  TW_TRY(Computed mask, b.computed(*where, span));
  if (!mask.dtype.is_bool())
    return unsure(b.error("TW1097", span, "where= must be an array of bool, found " + describe(*where)));
  TW_TRY(Computed values, b.computed(source, span));
  if (mask.shape.size() > values.shape.size())
    return b.error("TW1097", span, "where= has more dimensions than the array that is reduced");
  TW_TRY_VOID(b.broadcast_to(mask.shape, values.shape, span));
  Given sides{*where, source, neutral};
  return find_known("numpy.where")->function(b, sides, span);
}

// What is combined with the reduction, in its type: NumPy stores it as an element.
Result<Computed> initial_value(Builder& b, const Value& given, DType dtype, const Span& span) {
  TW_TRY(Computed initial, b.scalar(given, span, "initial="));
  return b.cast_for_item(initial, dtype, span);
}

// The source with the initial value before it along each reduced axis: for what may be empty.
Result<Array> behind_initial(Builder& b, const Array& source, const Computed& initial, const std::vector<int64_t>& axes,
                             const Span& span) {
  std::vector<Expr> shape = source.shape;
  for (int64_t axis : axes) shape[static_cast<size_t>(axis)] = shape[static_cast<size_t>(axis)] + 1;
  Array joined = b.new_array("", initial.dtype, shape), rest = joined;
  rest.shape = source.shape;
  for (Axis& each : rest.axes)
    if (std::find(axes.begin(), axes.end(), each.dim) != axes.end()) each.begin = 1;
  TW_TRY_VOID(b.store(joined, Value(initial), span));
  TW_TRY_VOID(b.store(rest, Value(source), span));
  return joined;
}

bool surely_not_empty(Builder& b, const Array& source, const std::vector<int64_t>& axes, const Span& span) {
  return std::all_of(axes.begin(), axes.end(), [&](int64_t axis) {
    return b.decide(symbolic::ge(source.shape[static_cast<size_t>(axis)], 1), span,
                    "this reduction is over at least one element");
  });
}

code::Op combining(ir::Wcr wcr) {
  switch (wcr) {
    case ir::Wcr::product: return code::Op::mul;
    case ir::Wcr::min: return code::Op::minimum;
    case ir::Wcr::max: return code::Op::maximum;
    default: return code::Op::add;
  }
}

// dtype= where it is given.
Result<DType> asked_dtype(Builder& b, const std::optional<Value>& given, DType without, const Span& span) {
  if (!is_given(given)) return without;
  return b.dtype_of(*given, span);
}

ValueResult narrowed(Builder& b, const Value& found, DType dtype, const Span& span) {
  TW_TRY(Computed elements, b.computed(found, span));
  TW_TRY(elements, b.cast(elements, dtype, span));
  if (elements.scalar()) return Value(std::move(elements));
  TW_TRY(Array stored, b.materialize(Value(std::move(elements)), b.name_hint_, span));
  return Value(std::move(stored));
}

KnownRow plain(const std::string& name, const std::string& numpy_name, ir::Wcr wcr) {
  return {"numpy." + name, "a, axis?, dtype?, out?, keepdims?, initial?, where?",
          [name, numpy_name, wcr](Builder& b, Given& given, const Span& span) -> ValueResult {
            const bool adds = wcr == ir::Wcr::sum || wcr == ir::Wcr::product;
            if (names_all(given[6])) given[6].reset();
            if (!adds && given[6] && !is_given(given[5]))
              return b.error("TW1097", span,
                             "reduction operation '" + numpy_name +
                                 "' does not have an identity, so to use a where mask one has to specify 'initial'",
                             "give initial=");
            if (auto* number = given[0]->as<Computed>(); number && number->scalar() && number->dtype.python()) {
              TW_TRY(given[0], b.cast(*number, numpy_type(number->dtype), span));
            }
            TW_TRY(Computed whole, b.computed(*given[0], span));
            const DType own = adds ? sum_type(whole.dtype) : whole.dtype;
            if (const auto type = other_type(given[3], own); type && !is_given(given[2])) {
              const DType common = promote(numpy_type(whole.dtype), *type);  // in which NumPy combines
              const bool wraps = adds && !common.is_float() && !common.is_complex();
              // NumPy casts to out= after the first element and whenever its buffer is full
              if (common != *type && !(wraps && same_kind(whole.dtype, *type)))
                return other_out(b, name, *type, own, span);
              given[2] = Value(DTypeObject{common});
            }
            TW_TRY(const DType asked, asked_dtype(b, given[2], own, span));
            if (asked == dtypes::float16 || whole.dtype == dtypes::float16) {
              const std::optional<Value> out = std::exchange(given[3], std::nullopt);
              TW_TRY(given[0], wider(b, *given[0], asked, span));
              given[2] = Value(DTypeObject{asked == dtypes::float16 ? dtypes::float32 : asked});
              TW_TRY(Value found, plain(name, numpy_name, wcr).function(b, given, span));
              TW_TRY(found, narrowed(b, found, asked, span));
              return put(b, found, out, span);
            }
            const int64_t one = wcr == ir::Wcr::product ? 1 : 0;
            std::optional<Computed> initial;
            if (is_given(given[5])) {
              TW_TRY(initial, initial_value(b, *given[5], numpy_type(asked), span));
            }
            const Value neutral = !adds && initial        ? Value(*initial)
                                  : whole.dtype.is_bool() ? Value(constant_bool(one == 1))
                                                          : Value(integer_value(one));
            TW_TRY(Value chosen, only_where(b, *given[0], given[6], neutral, span));
            TW_TRY(Array source, b.ordered(chosen, span));
            TW_TRY(std::vector<int64_t> axes, axes_of(b, given[1], source.rank(), span));
            TW_TRY(bool keep, flag(b, given[4], span));
            const DType dtype = asked;
            if (!initial) {
              if (!adds) TW_TRY_VOID(not_empty(b, numpy_name, source.shape, axes, span));
              TW_TRY(Array place, reduce(b, name, source, wcr, dtype, axes, keep, span));
              return put(b, as_result(place), given[3], span);
            }
            if (!adds && !axes.empty() && !surely_not_empty(b, source, axes, span)) {
              TW_TRY(source, behind_initial(b, source, *initial, axes, span));
            }
            const std::string hint = std::exchange(b.name_hint_, "");
            TW_TRY(Array place, reduce(b, name, source, wcr, dtype, axes, keep, span));
            b.name_hint_ = hint;
            TW_TRY(Computed found, b.computed(as_result(place), span));
            TW_TRY(Computed result, b.apply(combining(wcr), {*initial, found}, dtype, span));
            return put(b, Value(std::move(result)), given[3], span);
          }};
}

KnownRow logical(const std::string& name, ir::Wcr wcr) {
  return {"numpy." + name, "a, axis?, out?, keepdims?, *, where?",
          [name, wcr](Builder& b, Given& given, const Span& span) -> ValueResult {
            if (names_all(given[4])) given[4].reset();
            TW_TRY(Computed truth, as_bool(b, *given[0], span));
            Value value = given[0]->as<Array>() && given[0]->as<Array>()->dtype.is_bool() ? *given[0] : Value(truth);
            TW_TRY(value, only_where(b, value, given[4], Value(constant_bool(wcr == ir::Wcr::logical_and)), span));
            TW_TRY(Array source, b.ordered(value, span));
            TW_TRY(std::vector<int64_t> axes, axes_of(b, given[1], source.rank(), span));
            TW_TRY(bool keep, flag(b, given[3], span));
            TW_TRY(Array place, reduce(b, name, source, wcr, dtypes::bool_, axes, keep, span));
            return put(b, as_result(place), given[2], span);
          }};
}

// The sum in NumPy's type divided by the count; integers are summed as float64.
ValueResult mean(Builder& b, Given& given, const Span& span) {
  if (names_all(given[5])) given[5].reset();
  TW_TRY(Value chosen, only_where(b, *given[0], given[5], Value(integer_value(0)), span));
  TW_TRY(Computed whole, b.computed(chosen, span));
  const bool counts = whole.dtype.is_integer() || whole.dtype.is_bool();
  TW_TRY(const DType dtype, asked_dtype(b, given[2], counts ? dtypes::float64 : numpy_type(whole.dtype), span));
  TW_TRY(chosen, wider(b, chosen, dtype, span));
  TW_TRY(Array source, b.ordered(chosen, span));
  TW_TRY(std::vector<int64_t> axes, axes_of(b, given[1], source.rank(), span, false));
  TW_TRY(bool keep, flag(b, given[4], span));
  if (dtype.is_bool()) return b.error("TW1085", span, "np.mean with dtype=bool is not supported", "write np.any(...)");
  const DType sum_in = dtype == dtypes::float16 ? dtypes::float32 : dtype;
  const DType divided_in = dtype.is_integer() ? dtypes::float64 : sum_in;
  const std::string hint = std::exchange(b.name_hint_, "");
  TW_TRY(Array total, reduce(b, "sum", source, ir::Wcr::sum, sum_in, axes, keep, span));
  b.name_hint_ = hint;
  TW_TRY(Computed sum, b.computed(as_result(total), span));
  if (dtype == dtypes::float16 && is_given(given[2])) {  // asked for, NumPy sums in it; without it does not
    TW_TRY(sum, b.cast(sum, dtypes::float16, span));
    TW_TRY(sum, b.cast(sum, sum_in, span));
  }
  if (base::planted("frontend.mean_of_one_axis")) axes.resize(std::min<size_t>(axes.size(), 1));
  TW_TRY(Computed count, b.cast(integer_value(reduced_count(source.shape, axes)), divided_in, span));
  if (given[5]) {  // as many as `where` names
    TW_TRY(Computed mask, b.computed(*given[5], span));
    Computed ones{dtypes::bool_, source.shape, mask.tree};
    if (mask.scalar() || mask.shape != source.shape) {
      const Array zeros = b.new_array("", dtypes::bool_, source.shape);
      TW_TRY_VOID(b.store(zeros, *given[5], span));
      ones = b.leaf(zeros);
    }
    TW_TRY(Array marks, b.ordered(Value(ones), span));
    TW_TRY(Array counted, reduce(b, "count", marks, ir::Wcr::sum, dtypes::int64, axes, keep, span));
    TW_TRY(count, b.computed(as_result(counted), span));
    TW_TRY(count, b.cast(count, divided_in, span));
  }
  TW_TRY(sum, b.cast(sum, divided_in, span));
  TW_TRY(Computed result, b.apply(code::Op::div, {sum, count}, divided_in, span));
  TW_TRY(result, b.cast(result, dtype, span));
  if (const auto type = other_type(given[3], dtype)) return other_out(b, "mean", *type, dtype, span);
  if (result.scalar()) return put(b, Value(std::move(result)), given[3], span);
  TW_TRY(Array stored, b.materialize(Value(std::move(result)), b.name_hint_, span));
  return put(b, Value(std::move(stored)), given[3], span);
}

KnownRow position(const std::string& name, bool largest) {
  return {"numpy." + name, "a, axis?, out?, *, keepdims?",
          [name, largest](Builder& b, Given& given, const Span& span) -> ValueResult {
            if (given[1] && given[1]->as<TupleValue>())
              return b.error("TW1009", span, "an axis must be an integer, found " + describe(*given[1]));
            TW_TRY(Value numbers, wider(b, *given[0], dtypes::float32, span));
            TW_TRY(Array source, b.ordered(numbers, span));
            TW_TRY(std::vector<int64_t> axes, axes_of(b, given[1], source.rank(), span));
            TW_TRY(bool keep, flag(b, given[3], span));
            const size_t dimensions = source.rank();
            keep = keep && dimensions > 0;
            if (axes.size() != 1) {  // all
              TW_TRY(Value flat, b.call_known("numpy.ravel", {{Value(source)}, {}, span}, span));
              source = *flat.as<Array>();
              axes = {0};
            }
            if (source.axes.size() != source.rank()) {  // the node's axis is one of the array's own dimensions
              const Array copy = b.new_array("", source.dtype, source.shape);
              TW_TRY_VOID(b.emit_copy(source, copy, span));
              source = copy;
            }
            const Expr extent = source.shape[static_cast<size_t>(axes[0])];
            if (!b.decide(symbolic::ge(extent, 1), span, "this reduction is over at least one element"))
              b.emit_check(symbolic::ge(extent, 1), base::ErrorKind::value,
                           "attempt to get " + name + " of an empty sequence", {}, span);
            const Array place = result_place(b, name, dtypes::int64, remaining(source.shape, axes, keep));
            ir::LibraryNodeFields fields;
            fields.operation = "ArgReduce";
            fields.label = name;
            fields.attributes["max"] = largest;
            int64_t axis = 0;
            for (size_t c = 0; c < source.axes.size(); ++c)
              if (source.axes[c].dim == static_cast<int>(axes[0])) axis = static_cast<int64_t>(c);
            fields.attributes["axis"] = axis;
            b.emit_library(std::move(fields), {{"_in", source}}, {{"_out", place}}, span);
            Value result = as_result(place);
            if (keep && source.rank() != dimensions) {  // of all elements
              TupleValue ones;
              ones.items.assign(dimensions, Value(integer_value(1)));
              TW_TRY(result, b.call_known("numpy.reshape", {{result, Value(std::move(ones))}, {}, span}, span));
            }
            if (const auto type = other_type(given[2], dtypes::int64))
              return other_out(b, name, *type, dtypes::int64, span);
            return put(b, std::move(result), given[2], span);
          }};
}

}  // namespace

std::vector<KnownRow> reduction_rows() {
  return {plain("sum", "add", ir::Wcr::sum),
          plain("prod", "multiply", ir::Wcr::product),
          {"numpy.min", "a, axis?, out?, keepdims?, initial?, where?",
           [](Builder& b, Given& given, const Span& span) -> ValueResult {
             Given all{given[0], given[1], std::nullopt, given[2], given[3], given[4], given[5]};
             return plain("min", "minimum", ir::Wcr::min).function(b, all, span);
           }},
          {"numpy.max", "a, axis?, out?, keepdims?, initial?, where?",
           [](Builder& b, Given& given, const Span& span) -> ValueResult {
             Given all{given[0], given[1], std::nullopt, given[2], given[3], given[4], given[5]};
             return plain("max", "maximum", ir::Wcr::max).function(b, all, span);
           }},
          {"numpy.amin", "a, axis?, out?, keepdims?, initial?, where?",
           [](Builder& b, Given& given, const Span& span) -> ValueResult {
             return find_known("numpy.min")->function(b, given, span);
           }},
          {"numpy.amax", "a, axis?, out?, keepdims?, initial?, where?",
           [](Builder& b, Given& given, const Span& span) -> ValueResult {
             return find_known("numpy.max")->function(b, given, span);
           }},
          {"numpy.mean", "a, axis?, dtype?, out?, keepdims?, *, where?", mean},
          logical("any", ir::Wcr::logical_or),
          logical("all", ir::Wcr::logical_and),
          position("argmax", true),
          position("argmin", false)};
}

}  // namespace thalweg::frontend
