// New arrays: zeros, ones, empty, full and their _like forms, arange, linspace, eye, copies, casts.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

using syntax::BinaryOperator;

Result<std::vector<Expr>> shape_of(Builder& b, const Value& value, const Span& span) {
  std::vector<Expr> shape;
  TW_TRY(const std::vector<Value> items, shape_items(b, value, span));
  for (const Value& item : items) {
    TW_TRY(Expr extent, b.symbol_of(item, span, "an extent of a shape"));
    if (!b.decide(symbolic::ge(extent, 0), span, "this extent is not negative"))
      b.emit_check(symbolic::ge(extent, 0), base::ErrorKind::value, "negative dimensions are not allowed", {}, span);
    shape.push_back(extent);
  }
  return shape;
}

Result<DType> dtype_or(Builder& b, const std::optional<Value>& given, DType otherwise, const Span& span) {
  if (!given || given->as<NoneObject>()) return otherwise;
  return b.dtype_of(*given, span);
}

// A new array filled with a scalar (nothing: left as it is), named after the variable it is assigned to.
ValueResult filled(Builder& b, const std::vector<Expr>& shape, DType dtype, std::optional<Computed> value,
                   const Span& span, const std::vector<size_t>& order = {}) {
  Array array = shape.empty()   ? Array{b.new_scalar(b.name_hint_, dtype), dtype, {}, {}}
                : order.empty() ? b.new_array(b.name_hint_, dtype, shape)
                                : b.new_array_in_order(b.name_hint_, dtype, shape, order);
  if (value) {
    Computed fill = *value;
    if (fill.dtype == dtypes::pycomplex && !dtype.is_complex()) {  // NumPy's loses its other part, with a warning
      TW_TRY(fill, b.cast(fill, dtypes::complex128, span));
    }
    if (fill.dtype == dtypes::pyfloat && dtype.is_integer()) {  // copied from an array of float64, not converted alone
      TW_TRY(fill, b.cast(fill, dtypes::float64, span));
    }
    TW_TRY(fill, b.cast_for_store(fill, dtype, span));
    TW_TRY(fill, b.once(fill, shape, span));
    TW_TRY_VOID(b.broadcast_to(fill.shape, shape, span));
    TW_TRY_VOID(b.emit_computed("fill_" + array.container, fill, array, span));
  }
  return Value(std::move(array));
}

// A new array whose elements NumPy puts in the same order.
ValueResult laid_out(Builder& b, ValueResult made) {
  if (made) b.laid_out_.insert(made->as<Array>()->container);
  return made;
}

// np.empty leaves its elements as they are; complex ones start at 0, since a store of one part reads the other.
std::optional<Computed> begin_with(std::optional<int64_t> fill, DType dtype) {
  if (!fill && !dtype.is_complex()) return std::nullopt;
  return integer_value(fill.value_or(0));
}

KnownFunction constant_array(std::optional<int64_t> fill) {
  return [fill](Builder& b, Given& given, const Span& span) -> ValueResult {
    TW_TRY(std::vector<Expr> shape, shape_of(b, *given[0], span));
    TW_TRY(DType dtype, dtype_or(b, given[1], dtypes::float64, span));
    auto* order = given[2] ? given[2]->as<Text>() : nullptr;
    if (!order || order->value == "C") return laid_out(b, filled(b, shape, dtype, begin_with(fill, dtype), span));
    if (order->value != "F")
      return b.error("TW1064", span, "order='" + order->value + "' is not supported", "write order='C' or 'F'");
    std::reverse(shape.begin(), shape.end());
    TW_TRY(Value turned, laid_out(b, filled(b, shape, dtype, begin_with(fill, dtype), span)));
    TW_TRY(turned, b.attribute_of(turned, "T", span));
    turned.as<Array>()->own_object = false;
    return turned;
  };
}

Result<std::vector<size_t>> order_like(Builder& b, const Value& given, const Computed& model, const Span& span) {
  return given.as<Array>() ? b.order_of_copies({*given.as<Array>()}, span) : b.order_of_result(model, span);
}

KnownFunction like_array(std::optional<int64_t> fill) {
  return [fill](Builder& b, Given& given, const Span& span) -> ValueResult {
    TW_TRY(Computed model, b.computed(*given[0], span));
    TW_TRY(DType dtype, dtype_or(b, given[1], numpy_type(model.dtype), span));
    TW_TRY(const std::vector<size_t> order, order_like(b, *given[0], model, span));
    return filled(b, model.shape, dtype, begin_with(fill, dtype), span, order);
  };
}

ValueResult full(Builder& b, Given& given, const Span& span) {
  TW_TRY(std::vector<Expr> shape, shape_of(b, *given[0], span));
  TW_TRY(Computed value, b.computed(*given[1], span));
  TW_TRY(DType dtype, dtype_or(b, given[2], numpy_type(value.dtype), span));
  return laid_out(b, filled(b, shape, dtype, value, span));
}

ValueResult full_like(Builder& b, Given& given, const Span& span) {
  TW_TRY(Computed model, b.computed(*given[0], span));
  TW_TRY(Computed value, b.computed(*given[1], span));
  TW_TRY(DType dtype, dtype_or(b, given[2], numpy_type(model.dtype), span));
  TW_TRY(const std::vector<size_t> order, order_like(b, *given[0], model, span));
  return filled(b, model.shape, dtype, value, span, order);
}

// An array whose element k is an expression in its position.
ValueResult from_position(Builder& b, const Expr& count, DType dtype,
                          const std::function<code::Ptr(const Expr&)>& element, const Span& span) {
  Array array = b.new_array(b.name_hint_, dtype, {count});
  Computed value{dtype, {count}, element(Expr::symbol(b.map_parameter(0)))};
  if (count.is(1)) value.tree = element(0);
  TW_TRY_VOID(b.emit_computed("fill_" + array.container, value, array, span));
  return Value(std::move(array));
}

// ceil((stop - start) / step) elements in Python's or NumPy's own arithmetic, in a symbol.
Result<Expr> arange_count(Builder& b, const std::array<Value, 3>& parts, const Span& span) {
  TW_TRY(Value distance, b.binary(BinaryOperator::sub, parts[1], parts[0], span));
  TW_TRY(Value ratio, b.binary(BinaryOperator::div, distance, parts[2], span));
  TW_TRY(Computed steps, b.scalar(ratio, span, "an argument of np.arange"));
  TW_TRY(steps, b.cast(steps, dtypes::float64, span));
  TW_TRY(steps, b.store_scalar(steps, "steps", span));
  const code::Ptr size = code::make(code::Op::abs, steps.tree);
  b.emit_check(code::make(code::Op::eq, steps.tree, steps.tree), base::ErrorKind::value,
               "arange: cannot compute length", {}, span);
  b.emit_check(code::make(code::Op::lt, size, code::constant(9e15, dtypes::float64)), base::ErrorKind::value,
               "Maximum allowed size exceeded", {}, span);
  TW_TRY(Computed count, b.apply(code::Op::ceil, {steps}, dtypes::float64, span));
  TW_TRY(count, b.cast(count, dtypes::int64, span));
  TW_TRY(Expr symbol, b.symbol_of(Value(std::move(count)), span, "a number of elements"));
  return b.named(symbolic::max(symbol, 0), "count");
}

// What NumPy stores itself: the first element and the next, each by its own conversion.
Result<std::array<Computed, 2>> first_two(Builder& b, const std::array<Value, 3>& parts, const Span& span) {
  TW_TRY(Value next, b.binary(BinaryOperator::add, parts[0], parts[2], span));
  TW_TRY(Computed first, b.scalar(parts[0], span, "an argument of np.arange"));
  TW_TRY(Computed second, b.scalar(next, span, "an argument of np.arange"));
  return std::array<Computed, 2>{std::move(first), std::move(second)};
}

// An end as an integer of this type; one that does not fit is an error where the array has such an element.
Result<Computed> end_in_integers(Builder& b, Computed end, size_t at, const Expr& count, DType dtype,
                                 const Span& span) {
  using code::make;
  using code::Op;
  const code::Ptr left_out = make(Op::le, code::symbol(count), code::constant(static_cast<int64_t>(at), dtypes::int64));
  if (!end.dtype.is_integer()) {
    TW_TRY(end, b.cast(end, dtypes::float64, span));
    TW_TRY(end, b.store_scalar(end, "", span));
    const code::Ptr bound = code::constant(0x1p63, dtypes::float64);
    const code::Ptr fits = make(Op::logical_and, make(Op::lt, end.tree, bound),
                                make(Op::ge, end.tree, code::constant(-0x1p63, dtypes::float64)));
    b.emit_check(make(Op::logical_or, fits, left_out), base::ErrorKind::overflow,
                 "Python int too large to convert to C long", {}, span);
    end.tree = make(Op::select, {fits, end.tree, code::constant(0.0, dtypes::float64)});
  } else {
    TW_TRY(end, b.cast(end, dtypes::pyint, span));
    if (const Result<Computed> fitting = b.cast(end, dtype, span); !fitting || !fitting->checks.empty()) {
      TW_TRY(end, b.store_scalar(end, "", span));
      const code::Check check = b.check_fits(end.tree, dtype, span);
      b.emit_check(make(Op::logical_or, code::cast(check.condition, dtypes::bool_), left_out), check.kind,
                   check.message, check.values, span);
    }
  }
  TW_TRY(end, b.cast(end, dtypes::int64, span));
  return b.store_scalar(end, "", span);
}

// The first two elements, cut to integers, say how far apart all are.
ValueResult arange_in_integers(Builder& b, const std::array<Value, 3>& parts, const Expr& count, DType dtype,
                               const Span& span) {
  TW_TRY(auto ends, first_two(b, parts, span));
  for (const size_t at : {size_t{0}, size_t{1}}) {
    TW_TRY(ends[at], end_in_integers(b, ends[at], at, count, dtype, span));
  }
  return from_position(
      b, count, dtype,
      [&](const Expr& k) {
        using code::make;
        const code::Ptr apart = make(code::Op::sub, ends[1].tree, ends[0].tree);
        return code::cast(make(code::Op::add, ends[0].tree, make(code::Op::mul, code::symbol(k), apart)), dtype);
      },
      span);
}

// The first two elements as they are; k * (second - first) + first for the others, in the type of the elements
// (float16 in float32), so that first elements that round to the same number make all the same.
ValueResult arange_in_floats(Builder& b, const std::array<Value, 3>& parts, const Expr& count, DType dtype,
                             const Span& span) {
  using code::make;
  using code::Op;
  const bool narrow = dtype == dtypes::float16 || dtype == dtypes::float32 || dtype == dtypes::complex64;
  const DType real = narrow ? dtypes::float32 : dtypes::float64;
  TW_TRY(auto ends, first_two(b, parts, span));
  for (Computed& end : ends) {
    TW_TRY(end, b.cast(end, dtypes::float64, span));
    TW_TRY(end, b.cast(end, dtype.is_complex() ? real : dtype, span));
    TW_TRY(end, b.cast(end, real, span));
    if (end.tree->op != Op::constant) {
      TW_TRY(end, b.store_scalar(end, "", span));
    }
  }
  const code::Ptr first = ends[0].tree, second = ends[1].tree, apart = make(Op::sub, second, first);
  return from_position(
      b, count, dtype,
      [&](const Expr& k) {
        const code::Ptr index = code::symbol(k);
        auto is = [&](int64_t place) { return make(Op::eq, index, code::constant(place, dtypes::int64)); };
        const code::Ptr far = make(Op::add, first, make(Op::mul, code::cast(index, real), apart));
        return code::cast(make(Op::select, {is(0), first, make(Op::select, {is(1), second, far})}), dtype);
      },
      span);
}

// NumPy knows no third bool.
ValueResult arange_of_bools(Builder& b, const std::array<Value, 3>& parts, const Expr& count, const Span& span) {
  const std::string message = "arange() is only supported for booleans when the result has at most length 2.";
  const std::optional<int64_t> known = count.as_integer();
  if (known && *known > 2) return b.error("TW1026", span, message, "write np.arange(...).astype(bool)");
  if (!known) b.emit_check(symbolic::le(count, 2), base::ErrorKind::type, message, {}, span);
  TW_TRY(auto ends, first_two(b, parts, span));
  for (Computed& end : ends) {
    TW_TRY(end, b.cast(end, dtypes::bool_, span));
    TW_TRY(end, b.store_scalar(end, "", span));
  }
  return from_position(
      b, count, dtypes::bool_,
      [&](const Expr& k) {
        const code::Ptr at_first = code::make(code::Op::eq, code::symbol(k), code::constant(int64_t{0}, dtypes::int64));
        return code::make(code::Op::select, {at_first, ends[0].tree, ends[1].tree});
      },
      span);
}

// NumPy stores the first two elements and goes on from them.
ValueResult arange_from_two(Builder& b, const std::array<Value, 3>& parts, const Expr& count, DType dtype,
                            const Span& span) {
  if (dtype.is_bool()) return arange_of_bools(b, parts, count, span);
  return dtype.is_integer() ? arange_in_integers(b, parts, count, dtype, span)
                            : arange_in_floats(b, parts, count, dtype, span);
}

// The number of elements between Python's ints.
Result<Expr> counted(Builder& b, const std::array<Value, 3>& parts, const std::array<Expr, 3>& ends, const Span& span) {
  const auto& [start, stop, step] = ends;
  const auto known = step.as_integer();
  if (!known || *known == 0) return arange_count(b, parts, span);
  TW_TRY(const Expr distance, *known > 0 ? b.difference(stop, start, span) : b.difference(start, stop, span));
  Expr count = symbolic::ceil_div(distance, *known > 0 ? step : -step);
  if (!b.decide(symbolic::ge(distance, 0), span, "this np.arange is not reversed")) count = symbolic::max(count, 0);
  return count;
}

ValueResult arange(Builder& b, Given& given, const Span& span) {
  if (given[4]) {  // start=
    if (given[0]) return b.error("TW1026", span, "arange() got multiple values for argument 'start'");
    given[0] = given[4];
  } else if (!is_given(given[1])) {  // np.arange(stop), also with a step
    given[1] = std::exchange(given[0], std::nullopt);
  }
  if (!given[1]) return b.error("TW1026", span, "arange() is missing the argument 'stop'");
  bool floats = false, narrow = false;
  for (size_t i = 0; i < 3; ++i) {
    if (!given[i] || (i == 2 && given[i]->as<NoneObject>())) continue;
    TW_TRY(Computed number, b.scalar(*given[i], span, "an argument of np.arange"));
    TW_TRY_VOID(b.check_one_type(*given[i], span));
    // uint64 beside int64, the type of what is left out
    const bool is_float =
        number.dtype == dtypes::pyfloat || number.dtype == dtypes::float64 || number.dtype == dtypes::uint64;
    if (!is_float && !number.dtype.is_integer())
      return b.error("TW1062", span, "np.arange of " + number.dtype.name() + " is not supported", "use float64 or int");
    floats |= is_float;
    narrow |= number.dtype.is_integer() && !number.dtype.python() && number.dtype != dtypes::int64;
  }
  const bool only_stop = !given[0] && !is_given(given[2]);
  const std::array<Value, 3> parts{given[0].value_or(Value(integer_value(0))), *given[1],
                                   is_given(given[2]) ? *given[2] : Value(integer_value(1))};
  TW_TRY(DType dtype, dtype_or(b, given[3], floats ? dtypes::float64 : dtypes::int64, span));
  if (floats && dtype.is_integer() && dtype != dtypes::int64)
    return b.error("TW1062", span, "np.arange of floats in " + dtype.name() + " is not supported", "use .astype");
  if (floats || (narrow && !only_stop)) {  // stop - start and start + step of NumPy's integers may wrap
    TW_TRY(Expr count, arange_count(b, parts, span));
    return arange_from_two(b, parts, count, dtype, span);
  }
  TW_TRY(Expr start, b.symbol_of(parts[0], span, "an argument of np.arange"));
  TW_TRY(Expr stop, b.symbol_of(parts[1], span, "an argument of np.arange"));
  TW_TRY(Expr step, b.symbol_of(parts[2], span, "an argument of np.arange"));
  TW_TRY(Expr count, counted(b, parts, {start, stop, step}, span));
  if (dtype.is_bool() || (dtype != dtypes::int64 && !only_stop)) return arange_from_two(b, parts, count, dtype, span);
  return from_position(
      b, count, dtype, [&](const Expr& k) { return code::cast(code::symbol(start + step * k), dtype); }, span);
}

// NumPy: arange(n) * step + start, the last element set to stop.
ValueResult linspace_of_numbers(Builder& b, Given& given, const Span& span) {
  const Value count_value = given[2] ? *given[2] : Value(integer_value(50));
  TW_TRY(Expr count, b.symbol_of(count_value, span, "the number of samples"));
  // One sample is the start, and no division by zero may show.
  if (!b.decide(symbolic::ge(count, 0), span, "np.linspace has a number of samples"))
    b.emit_check(symbolic::ge(count, 0), base::ErrorKind::value, "Number of samples, {0}, must be non-negative.",
                 {count}, span);
  TW_TRY(const bool with_step, flag(b, given[5], span));
  TW_TRY(Computed start, b.scalar(*given[0], span, "the start of np.linspace"));
  TW_TRY(Computed stop, b.scalar(*given[1], span, "the end of np.linspace"));
  for (Computed* end : {&start, &stop}) {
    TW_TRY(*end, b.cast(*end, dtypes::float64, span));
    if (end->tree->op != code::Op::constant) {
      TW_TRY(*end, b.store_scalar(*end, "", span));
    }
  }
  using code::make;
  using code::Op;
  TW_TRY(const bool closed, given[3] ? flag(b, given[3], span) : Result<bool>(true));
  const Expr steps = closed ? count - 1 : count;
  const bool several = b.decide(symbolic::ge(steps, 1), span, "np.linspace has at least 1 step");
  const code::Ptr div = code::cast(code::symbol(several ? steps : symbolic::max(steps, 1)), dtypes::float64);
  const code::Ptr delta = make(Op::sub, stop.tree, start.tree);
  const code::Ptr step = make(Op::div, delta, div), zero = code::constant(0.0, dtypes::float64);
  TW_TRY(DType dtype, dtype_or(b, given[4], dtypes::float64, span));
  if (with_step && !several)
    return b.error("TW1063", span, "np.linspace with retstep and no step between two samples is not supported",
                   "ask for at least 2 samples");
  TW_TRY(Value samples, from_position(
                            b, count, dtype,
                            [&](const Expr& k) {
                              const code::Ptr position = code::cast(code::symbol(k), dtypes::float64);
                              // Where the step underflows to 0, NumPy scales by delta instead.
                              const code::Ptr scaled =
                                  make(Op::select, {make(Op::ne, step, zero), make(Op::mul, position, step),
                                                    make(Op::mul, make(Op::div, position, div), delta)});
                              code::Ptr last = make(Op::eq, code::symbol(k), code::symbol(count - 1));
                              if (!several)
                                last = make(Op::logical_and, last,
                                            make(Op::gt, code::symbol(k), code::constant(int64_t{0}, dtypes::int64)));
                              const code::Ptr inner = make(Op::add, scaled, start.tree);
                              const code::Ptr value = closed ? make(Op::select, {last, stop.tree, inner}) : inner;
                              return code::cast(dtype.is_integer() ? make(Op::floor, value) : value, dtype);
                            },
                            span));
  if (!with_step) return samples;
  TW_TRY(Computed apart, b.store_scalar(Computed{dtypes::float64, {}, step}, "step", span));
  return Value(TupleValue{{std::move(samples), Value(std::move(apart))}});
}

ValueResult linspace(Builder& b, Given& given, const Span& span) {
  bool arrays = given[6] && !given[6]->as<NoneObject>() && constant_integer(*given[6]) != 0;
  bool narrow = false;  // or complex: not computed in float64
  for (const size_t end : {size_t{0}, size_t{1}}) {
    TW_TRY(given[end], b.array_like(*given[end], span));
    TW_TRY(Computed value, b.computed(*given[end], span));
    arrays |= !value.scalar();
    narrow |= value.dtype.is_complex() || value.dtype == dtypes::float32 || value.dtype == dtypes::float16;
  }
  if (!arrays && !narrow) return linspace_of_numbers(b, given, span);
  const std::array<Value, 5> otherwise{Value(integer_value(50)), Value(constant_bool(true)), Value(NoneObject{}),
                                       Value(constant_bool(false)), Value(integer_value(0))};
  const std::array<size_t, 5> places{2, 3, 4, 5, 6};  // num, endpoint, dtype, retstep, axis
  std::vector<Value> all{*given[0], *given[1]};
  for (size_t k = 0; k < places.size(); ++k) all.push_back(given[places[k]].value_or(otherwise[k]));
  return b.call_definition("numpy.linspace.between", std::move(all), span);
}

ValueResult eye(Builder& b, Given& given, const Span& span) {
  if (given[0]->as<TupleValue>())
    return b.error("TW1009", span, "the number of rows must be an integer, found " + describe(*given[0]));
  TW_TRY(std::vector<Expr> shape, shape_of(b, *given[0], span));
  if (given[1] && !given[1]->as<NoneObject>()) {
    TW_TRY(Expr columns, b.symbol_of(*given[1], span, "the number of columns"));
    shape.push_back(columns);
  } else {
    shape.push_back(shape[0]);
  }
  TW_TRY(Expr offset, given[2] ? b.symbol_of(*given[2], span, "the diagonal") : Result<Expr>(Expr(0)));
  TW_TRY(DType dtype, dtype_or(b, given[3], dtypes::float64, span));
  Array array = b.new_array(b.name_hint_, dtype, shape);
  auto index = [&](size_t d) { return shape[d].is(1) ? Expr(0) : Expr::symbol(b.map_parameter(d)); };
  const bool known = offset.as_integer().has_value();  // else index + offset may leave 64 bits
  code::Ptr on = known ? code::make(code::Op::eq, code::symbol(index(0) + offset), code::symbol(index(1)))
                       : code::make(code::Op::eq, code::symbol(index(1) - index(0)), code::symbol(offset));
  Computed value{dtype, shape, code::cast(std::move(on), dtype)};
  TW_TRY_VOID(b.emit_computed("fill_" + array.container, value, array, span));
  return laid_out(b, Value(std::move(array)));
}

ValueResult copy_in_order(Builder& b, const Value& given, bool rows, const Span& span) {
  auto* array = given.as<Array>();
  if (!array) return given;
  if (array->rank() == 0) return array_of_number(b, b.leaf(*array), span);
  const Array from = *array;
  std::vector<size_t> order(from.rank());
  std::iota(order.begin(), order.end(), size_t{0});
  if (!rows) {
    TW_TRY(order, b.order_of_copies({from}, span));
  }
  Array made = b.new_array_in_order(b.name_hint_, from.dtype, from.shape, order);
  TW_TRY_VOID(b.emit_copy(from, made, span));
  return Value(std::move(made));
}

// Elements of another type in a new array, in the order of a copy. (Of plain arrays that is the order of what is computed
// element by element, and nothing is stored here; of broadcast ones it is not.)
ValueResult in_type(Builder& b, const Value& given, Computed value, const Span& span) {
  auto* array = given.as<Array>();
  auto is_broadcast = [&](size_t d) {
    return std::none_of(array->axes.begin(), array->axes.end(),
                        [&](const Axis& a) { return a.dim == static_cast<int>(d); });
  };
  bool repeats = false;
  for (size_t d = 0; array && d < array->rank(); ++d) repeats |= is_broadcast(d);
  if (array && array->rank() > 1 && !repeats) {  // an argument may be a broadcast view
    TW_TRY(const std::vector<size_t> computed, b.order_of_result(value, span));
    TW_TRY(const std::vector<size_t> copied, b.order_of_copies({*array}, span));
    repeats = computed != copied;
  }
  if (!repeats) return Value(std::move(value));
  const Array from = *array;
  TW_TRY(const std::vector<size_t> order, b.order_of_copies({from}, span));
  Array made = b.new_array_in_order(b.name_hint_, value.dtype, from.shape, order);
  TW_TRY_VOID(b.emit_computed(made.container, value, made, span));
  return Value(std::move(made));
}

// The method's copy has rows, all others the order of what they copy.
ValueResult copy(Builder& b, Given& given, const Span& span) {
  auto* elements = given[0]->as<Computed>();
  if (!elements || elements->shape.size() < 2) return copy_in_order(b, *given[0], true, span);
  TW_TRY(const std::vector<size_t> order, b.order_of_result(*elements, span));
  if (std::is_sorted(order.begin(), order.end())) return *given[0];
  const Array made = b.new_array(b.name_hint_, elements->dtype, elements->shape);
  TW_TRY_VOID(b.emit_computed(made.container, *elements, made, span));
  return Value(made);
}

ValueResult astype(Builder& b, Given& given, const Span& span) {
  TW_TRY(Computed value, b.computed(*given[0], span));
  TW_TRY(DType dtype, b.dtype_of(*given[1], span));
  if (value.dtype == dtype && !value.scalar()) {
    TW_TRY(bool own, given[2] ? flag(b, given[2], span) : Result<bool>(true));
    return own ? copy_in_order(b, *given[0], false, span) : ValueResult(*given[0]);
  }
  if (value.dtype.is_complex() && !dtype.is_complex())
    return unsure(b.error("TW1006", span, "astype from complex to " + dtype.name() + " drops the imaginary part",
                          "write .real first"));
  TW_TRY(value, b.cast(value, dtype, span));
  if (given[0]->as<Array>() && value.scalar()) return array_of_number(b, value, span);
  return in_type(b, *given[0], std::move(value), span);
}

// What an array of (lists of lists of) numbers and arrays is like.
struct Nested {
  DType dtype;
  std::vector<Expr> shape;
};

Result<Nested> nested_items(Builder& b, const TupleValue& items, const Span& span) {
  if (items.items.empty()) return Nested{dtypes::float64, {Expr(0)}};
  std::optional<Nested> all;
  for (const Value& item : items.items) {
    Nested one;
    if (auto* inner = item.as<TupleValue>()) {
      TW_TRY(one, nested_items(b, *inner, span));
    } else {
      TW_TRY(Computed value, b.computed(item, span));
      one = {numpy_type(value.dtype), value.shape};
    }
    if (!all) {
      all = std::move(one);
      continue;
    }
    all->dtype = promote(all->dtype, one.dtype);
    const char* uneven = "setting an array element with a sequence: the items have an inhomogeneous shape";
    if (one.shape.size() != all->shape.size()) return b.error("TW1045", span, uneven, "give all items one shape");
    for (size_t d = 0; d < one.shape.size(); ++d)
      if (!b.equal_extents(all->shape[d], one.shape[d], span)) {
        b.emit_check(symbolic::eq(all->shape[d], one.shape[d]), base::ErrorKind::value, uneven, {}, span);
        b.facts_.assume(symbolic::eq(all->shape[d], one.shape[d]));
      }
  }
  all->shape.insert(all->shape.begin(), Expr(static_cast<int64_t>(items.items.size())));
  return *all;
}

Status store_nested(Builder& b, const Array& target, const TupleValue& items, const Span& span) {
  if (items.items.empty()) return base::success();
  if (target.rank() == 1) return b.store(target, Value(items), span);
  for (size_t k = 0; k < items.items.size(); ++k) {
    TW_TRY(Array part, b.index_array(target, {Value(integer_value(static_cast<int64_t>(k)))}, span));
    auto* inner = items.items[k].as<TupleValue>();
    TW_TRY_VOID(inner ? store_nested(b, part, *inner, span) : b.store(part, items.items[k], span));
  }
  return base::success();
}

ValueResult array(Builder& b, Given& given, const Span& span) {
  auto* items = given[0]->as<TupleValue>();
  std::optional<DType> dtype;
  if (given[1] && !given[1]->as<NoneObject>()) {
    TW_TRY(dtype, b.dtype_of(*given[1], span));
  }
  if (!items) {
    TW_TRY(Computed value, b.computed(*given[0], span));
    const DType type = dtype.value_or(numpy_type(value.dtype));
    TW_TRY(value, value.dtype.python() ? b.cast_for_store(value, type, span) : b.cast(value, type, span));
    TW_TRY(const Value elements, in_type(b, *given[0], std::move(value), span));
    TW_TRY(Array made, b.materialize(elements, b.name_hint_, span));
    return Value(std::move(made));
  }
  TW_TRY(Nested nested, nested_items(b, *items, span));
  Array made = b.new_array(b.name_hint_, dtype.value_or(nested.dtype), nested.shape);
  TW_TRY_VOID(store_nested(b, made, *items, span));
  return laid_out(b, Value(std::move(made)));
}

// np.array(object, ndmin=): dimensions of 1 before those that it has.
ValueResult array_with_more(Builder& b, Given& given, const Span& span) {
  TW_TRY(Value made, array(b, given, span));
  if (!given[2]) return made;
  const auto least = constant_integer(*given[2]);
  if (!least) return b.error("TW1067", span, "ndmin= must be known when compiling");
  const size_t rank = made.as<Array>()->rank();
  if (*least > 32) return b.error("TW1067", span, "ndmin= beyond 32 is not supported");
  if (*least <= static_cast<int64_t>(rank)) return made;
  TupleValue index;
  index.items.assign(static_cast<size_t>(*least) - rank, Value(NoneObject{}));
  index.items.push_back(Value(EllipsisObject{}));
  return b.subscript(made, Value(std::move(index)), span);
}

ValueResult fill(Builder& b, Given& given, const Span& span) {
  auto* target = given[0]->as<Array>();
  if (!target) {
    base::Diagnostic problem = b.error("TW1044", span, describe(*given[0]) + " cannot be filled");
    return given[0]->as<Computed>() ? unsure(problem) : about(*given[0], problem);  // what nobody sees can
  }
  TW_TRY(Computed value, b.scalar(*given[1], span, "the value"));
  TW_TRY_VOID(b.store(*target, given[1]->as<Array>() ? *given[1] : Value(std::move(value)), span));
  return Value(NoneObject{});
}

}  // namespace

ValueResult array_of_number(Builder& b, Computed value, const Span& span) {
  TW_TRY(value, b.cast(value, numpy_type(value.dtype), span));
  Array made{b.new_scalar(b.name_hint_, value.dtype), value.dtype, {}, {}};
  TW_TRY_VOID(b.emit_scalar(made.container, value, span));
  return Value(std::move(made));
}

std::vector<KnownRow> creation_rows() {
  return {{"numpy.zeros", "shape, dtype?, order?", constant_array(0)},
          {"numpy.ones", "shape, dtype?, order?", constant_array(1)},
          {"numpy.empty", "shape, dtype?, order?", constant_array(std::nullopt)},
          {"numpy.full", "shape, fill_value, dtype?", full},
          {"numpy.zeros_like", "a, dtype?", like_array(0)},
          {"numpy.ones_like", "a, dtype?", like_array(1)},
          {"numpy.empty_like", "prototype, /, dtype?", like_array(std::nullopt)},
          {"numpy.full_like", "a, fill_value, dtype?", full_like},
          {"numpy.arange", "start_or_stop?, /, stop?, step?, dtype?, *, start?",
           [](Builder& b, Given& given, const Span& span) { return laid_out(b, arange(b, given, span)); }},
          {"numpy.linspace", "start, stop, num?, endpoint?, *, dtype?, retstep?, axis?", linspace},
          {"numpy.ndarray", "shape, dtype?, order?", constant_array(std::nullopt)},
          {"numpy.eye", "N, M?, k?, dtype?", eye},
          {"numpy.identity", "n, dtype?",
           [](Builder& b, Given& given, const Span& span) -> ValueResult {
             Given all{given[0], std::nullopt, std::nullopt, given[1]};
             return eye(b, all, span);
           }},
          {"numpy.copy", "a",
           [](Builder& b, Given& given, const Span& span) -> ValueResult {
             auto* number = given[0]->as<Computed>();
             return number && number->scalar() ? array_of_number(b, *number, span)
                                               : copy_in_order(b, *given[0], false, span);
           }},
          {"numpy.ndarray.copy", "self", copy},
          {"numpy.array", "object, dtype?, *, ndmin?", array_with_more},
          {"numpy.ndarray.astype", "self, dtype, *, copy?", astype},
          {"numpy.astype", "x, dtype, /, *, copy?", astype},
          {"numpy.ndarray.flatten", "self, order?",
           [](Builder& b, Given& given, const Span& span) -> ValueResult {
             CallArguments into_a_line{{*given[0], Value(integer_value(-1))}, {}, span};
             if (given[1]) into_a_line.keywords.emplace_back("order", *given[1]);
             TW_TRY(Value flat, b.call_known("numpy.reshape", into_a_line, span));
             Given one{flat};
             return copy(b, one, span);
           }},
          {"numpy.ndarray.fill", "self, value", fill}};
}

}  // namespace thalweg::frontend
