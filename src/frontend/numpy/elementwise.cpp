// Universal functions: one row a function, by the rule that gives its type.
#include <array>
#include <limits>

#include "frontend/numpy/ufunc_rows.h"

namespace thalweg::frontend {

namespace {

using syntax::BinaryOperator;
using syntax::CompareOperator;

DType common(const std::vector<Computed>& values) {
  std::optional<DType> type;  // Python's numbers last: they are weak beside all others
  for (const bool python : {false, true})
    for (const Computed& value : values)
      if (value.dtype.python() == python) type = type ? common_type(*type, value.dtype) : value.dtype;
  return *type;
}

// The first floating-point loop that each operand can be cast to safely.
DType common_float(const std::vector<Computed>& values) {
  auto own = [](const Computed& value) { return value.dtype.python() ? value.dtype : float_type(value.dtype); };
  for (const Computed& value : values)  // a Python float beside integers means float64
    if (value.dtype == dtypes::pyfloat || value.dtype == dtypes::pycomplex) return float_type(common(values));
  auto has = [&](DType wanted) {
    return std::any_of(values.begin(), values.end(), [&](const Computed& value) { return value.dtype == wanted; });
  };
  if (has(dtypes::pyint) && common(values) == dtypes::int64 && has(dtypes::bool_)) return dtypes::float64;
  DType type = own(values.front());
  for (const Computed& value : values) type = common_type(type, own(value));
  return float_type(type);
}

base::Diagnostic not_for(Builder& b, const Span& span, const std::string& name, DType type) {
  return b.error("TW1059", span, "ufunc '" + name + "' is not supported for the input type " + type.name());
}

Result<Computed> to_bool(Builder& b, const Computed& value, const Span& span) {
  if (value.dtype.is_bool()) return b.cast(value, dtypes::bool_, span);
  TW_TRY(Computed zero, b.cast(integer_value(0), value.dtype, span));
  TW_TRY(Computed truth, b.apply(code::Op::ne, {value, zero}, value.dtype, span));
  return b.cast(truth, dtypes::bool_, span);
}

base::Diagnostic not_here(Builder& b, const Span& span, const std::string& name, DType type) {
  return b.error("TW1064", span, name + "() of " + type.name() + " is not supported");
}

ValueResult complex_function(Builder& b, const std::string& name, const Computed& value, DType type, const Span& span) {
  TW_TRY(Computed z, b.cast(value, type, span));
  z.tree = *of_complex(name, z.tree);
  return Value(std::move(z));
}

// Computed in floating point, integers converted first.
KnownRow floating(const std::string& name, code::Op op, size_t count = 1) {
  return ufunc_row(name, count, [name, op](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    const DType type = common_float(values);
    if (type.is_complex() && of_complex(name, values[0].tree)) return complex_function(b, name, values[0], type, span);
    if (!code::result_type(op, std::vector<DType>(values.size(), type))) return not_for(b, span, name, type);
    TW_TRY(Computed out, b.apply(op, values, type, span));
    return Value(std::move(out));
  });
}

// Computed in the common type.
// Of zeros with different signs float16 takes the first, and the operation (in float32) the second.
void put_zeros_in_order(std::vector<Computed>& values, DType type) {
  if (type == dtypes::float16) std::swap(values[0], values[1]);
}

KnownRow extremum(const std::string& name, code::Op op) {
  return ufunc_row(name, 2, [op](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    const DType type = common(values);
    put_zeros_in_order(values, type);
    TW_TRY(Computed out, b.apply(op, values, type, span));
    return Value(std::move(out));
  });
}

// fmod: bools are computed as int8.
KnownRow remainder_of_c(const std::string& name) {
  return ufunc_row(name, 2, [name](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    const DType type = common(values).is_bool() ? dtypes::int8 : common(values);
    if (!code::result_type(code::Op::fmod, {type, type})) return not_for(b, span, name, type);
    TW_TRY(Computed out, b.apply(code::Op::fmod, values, type, span));
    return Value(std::move(out));
  });
}

// fmin, fmax: the other one where one is NaN; a complex number is where a part is.
KnownRow without_nans(const std::string& name, code::Op op, code::Op ordered) {
  return ufunc_row(name, 2, [op, ordered](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    const DType type = common(values);
    if (!type.is_complex()) {
      put_zeros_in_order(values, type);
      TW_TRY(Computed out, b.apply(op, values, type, span));
      return Value(std::move(out));
    }
    TW_TRY(std::vector<Expr> shape, b.broadcast({values[0].shape, values[1].shape}, span));
    for (Computed& value : values) {
      TW_TRY(value, b.cast(value, type, span));
      TW_TRY(value, b.once(value, shape, span));
    }
    TW_TRY(Computed out, b.apply(ordered, values, type, span));
    const code::Ptr x = values[0].tree, y = values[1].tree;
    out.tree =
        code::make(code::Op::select, {code::make(code::Op::isnan, x), y,
                                      code::make(code::Op::select, {code::make(code::Op::isnan, y), x, out.tree})});
    return Value(std::move(out));
  });
}

// floor, ceil, trunc: integers stay as they are.
KnownRow rounding(const std::string& name, code::Op op) {
  return ufunc_row(name, 1, [name, op](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    if (values[0].dtype.is_integer() || values[0].dtype.is_bool()) return Value(values[0]);
    if (values[0].dtype.is_complex()) return not_for(b, span, name, values[0].dtype);
    TW_TRY(Computed out, b.apply(op, values, values[0].dtype, span));
    return Value(std::move(out));
  });
}

// np.power has the short cuts of NumPy's loops (float32 and float64, of scalars, too), the operator those for Python's numbers.
Status in_its_loop(Builder& b, std::vector<Computed>& values, const Span& span) {
  const DType type = common_type(values[0].dtype, values[1].dtype);
  if (type == dtypes::float32 || type == dtypes::float64) values[0].of_array = true;
  const auto known = constant_of(values[1]);
  const bool root = !known || (std::holds_alternative<double>(*known) && std::get<double>(*known) == 0.5);
  if (values[1].dtype == dtypes::pyfloat && root && (type == dtypes::float16 || type.is_complex())) {
    TW_TRY(values[1], b.cast(values[1], type, span));
  }
  return base::success();
}

KnownRow arithmetic(const std::string& name, BinaryOperator op) {
  return ufunc_row(name, 2, [op](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    if (op == BinaryOperator::pow && values[0].dtype.is_bool() && values[1].dtype == dtypes::pyint) {
      TW_TRY(values[1], b.cast(values[1], dtypes::int64, span));  // only the operator squares booleans as int8
    }
    if (op == BinaryOperator::pow) TW_TRY_VOID(in_its_loop(b, values, span));
    if (op == BinaryOperator::mul) return b.product_of_arrays(values[0], values[1], span);
    return b.binary_numpy(op, values[0], values[1], span);
  });
}

KnownRow comparison(const std::string& name, CompareOperator op) {
  return ufunc_row(
      name, 2,
      [op](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
        return b.compare_computed(op, values[0], values[1], span);
      },
      UfuncLoop::of_truths);
}

KnownRow logical(const std::string& name, code::Op op, size_t count) {
  return ufunc_row(
      name, count,
      [op](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
        for (Computed& value : values) {
          TW_TRY(value, to_bool(b, value, span));
          TW_TRY(value, in_any_case(b, value, span));
        }
        TW_TRY(Computed out, b.apply(op, values, dtypes::bool_, span));
        return Value(std::move(out));
      },
      UfuncLoop::of_truths);
}

ValueResult where(Builder& b, Given& given, const Span& span) {
  if (!given[1] && !given[2]) return b.call_known("numpy.nonzero", {{*given[0]}, {}, span}, span);
  if (!given[1] || !given[2]) return b.error("TW1061", span, "either both or neither of x and y should be given");
  TW_TRY(Computed condition, b.computed(*given[0], span));
  TW_TRY(condition, to_bool(b, condition, span));
  Given sides{given[1], given[2]};
  TW_TRY(std::vector<Computed> values, ufunc_operands(b, sides, 2, span));
  const DType type = common(values);
  for (Computed& value : values)  // a Python int is cast here as arrays are, not checked
    if (value.dtype == dtypes::pyint && type.is_integer() && !value.big) {
      TW_TRY(value, b.cast(value, dtypes::int64, span));
    }
  TW_TRY(Computed x, b.cast(values[0], type, span));
  TW_TRY(Computed y, b.cast(values[1], type, span));
  TW_TRY(std::vector<Expr> shape, b.broadcast({condition.shape, x.shape, y.shape}, span));
  TW_TRY(x, in_any_case(b, x, span));
  TW_TRY(y, in_any_case(b, y, span));
  for (Computed* part : {&condition, &x, &y}) {
    TW_TRY(*part, b.once(*part, shape, span));
  }
  Computed out{type, std::move(shape), code::make(code::Op::select, {condition.tree, x.tree, y.tree})};
  for (const Computed* part : {&condition, &x, &y})
    out.checks.insert(out.checks.end(), part->checks.begin(), part->checks.end());
  if (out.scalar() && !b.inside_definition()) return array_of_number(b, std::move(out), span);
  return Value(std::move(out));
}

// The type in which an array of integers and another bound are compared, where it is not the array's own.
Result<std::optional<DType>> wider_type(Builder& b, const Value& array, const std::optional<Value>& bound,
                                        const Span& span) {
  if (!bound || bound->as<NoneObject>()) return std::optional<DType>();
  TW_TRY(const Computed elements, b.computed(array, span));
  TW_TRY(const Computed values, b.computed(*bound, span));
  if (values.dtype == dtypes::pyint) return std::optional<DType>();
  const DType own = numpy_type(elements.dtype), type = common_type(own, values.dtype);
  return type == own ? std::optional<DType>() : type;
}

// A bound that clips nothing where `beyond` holds.
Result<Computed> bound_unless(Builder& b, const Computed& bound, const code::Ptr& beyond, bool lower, DType type,
                              const Span& span) {
  const size_t own_checks = bound.checks.size();
  TW_TRY(Computed out, b.cast(bound, type, span));
  for (size_t i = own_checks; i < out.checks.size(); ++i)
    out.checks[i].condition = code::make(code::Op::logical_or, beyond, out.checks[i].condition);
  code::Ptr nothing;
  if (!type.is_integer()) {
    const double infinity = std::numeric_limits<double>::infinity();
    nothing = code::constant(lower ? -infinity : infinity, type);
  } else {
    const IntegerRange range = integer_range(type);
    const __int128 last = lower ? range.low : range.high;
    nothing = type.is_unsigned() ? code::constant(static_cast<uint64_t>(last), type)
                                 : code::constant(static_cast<int64_t>(last), type);
  }
  out.tree = code::make(code::Op::select, {beyond, nothing, out.tree});
  return out;
}

// A Python int as a bound of integers: one at or beyond their least or largest value bounds nothing, not even what
// another bound, of the type `wider`, has made of them.
ValueResult bound_of_integers(Builder& b, const Value& bound, const Value& array, bool lower,
                              const std::optional<DType>& wider, const Span& span) {
  auto* number = bound.as<Computed>();
  TW_TRY(Computed of, b.computed(array, span));
  if (!number || number->dtype != dtypes::pyint || number->big || of.dtype.is_bool() || !of.dtype.is_integer())
    return bound;
  const IntegerRange range = integer_range(numpy_type(of.dtype));
  if (!lower && range.high > INT64_MAX) return bound;
  const auto last = static_cast<int64_t>(lower ? range.low : range.high);
  const Value limit(integer_value(last));
  if (wider && number->integer) {
    const Expr beyond = lower ? symbolic::le(*number->integer, last) : symbolic::ge(*number->integer, last);
    const auto nothing = b.ask(beyond, span, "whether this bound clips anything");
    if (nothing) return *nothing ? Value(NoneObject{}) : bound;
  }
  if (wider && !wider->is_complex()) {
    const code::Ptr beyond =
        code::make(lower ? code::Op::le : code::Op::ge, number->tree, code::constant(last, dtypes::pyint));
    TW_TRY(Computed out, bound_unless(b, *number, beyond, lower, *wider, span));
    return Value(std::move(out));
  }
  return b.call_known(lower ? "builtins.max" : "builtins.min", {{bound, limit}, {}, span}, span);
}

// The larger real part is larger, then the larger imaginary one. What equals a bound gives way to it, and a NaN stays.
ValueResult clip_complex(Builder& b, const Computed& x, const Computed& low, const Computed& high, const Span& span) {
  TW_TRY(std::vector<Expr> shape, b.broadcast({x.shape, low.shape, high.shape}, span));
  TW_TRY(Computed value, b.once(x, shape, span));
  for (const auto& [given, op] : {std::pair(&low, code::Op::gt), std::pair(&high, code::Op::lt)}) {
    TW_TRY(Computed bound, b.cast(*given, x.dtype, span));
    TW_TRY(bound, b.once(bound, shape, span));
    auto parts = [&](code::Op of, code::Op compare) {
      return code::make(compare, {code::make(of, value.tree), code::make(of, bound.tree)});
    };
    const code::Ptr inside = code::make(
        code::Op::select, {parts(code::Op::real, code::Op::eq), parts(code::Op::imag, op), parts(code::Op::real, op)});
    const code::Ptr stays = code::make(code::Op::logical_or, {code::make(code::Op::isnan, value.tree), inside});
    Computed out{x.dtype, shape, code::make(code::Op::select, {stays, value.tree, bound.tree})};
    for (const Computed* part : {&value, &bound})
      out.checks.insert(out.checks.end(), part->checks.begin(), part->checks.end());
    TW_TRY(value, b.once(out, shape, span));
  }
  return Value(std::move(value));
}

ValueResult clip_method(Builder& b, Given& given, const Span& span) {
  const Value none{NoneObject{}};
  CallArguments arguments{{*given[0], given[1].value_or(none), given[2].value_or(none)}, {}, span};
  if (given[3]) arguments.keywords.emplace_back("out", *given[3]);
  return b.call_known("numpy.clip", arguments, span);
}

// The function has the array behind the condition.
ValueResult compress_method(Builder& b, Given& given, const Span& span) {
  CallArguments arguments{{*given[1], *given[0]}, {}, span};
  if (given[2]) arguments.keywords.emplace_back("axis", *given[2]);
  if (given[3]) arguments.keywords.emplace_back("out", *given[3]);
  return b.call_known("numpy.compress", arguments, span);
}

ValueResult clip(Builder& b, Given& given, const Span& span) {
  if (given[4] || given[5]) {
    if (given[1] || given[2])
      return b.error("TW1026", span, "clip() got min or max and also a_min or a_max", "write np.clip(a, low, high)");
    given[1] = given[4], given[2] = given[5];
  } else if (given[1].has_value() != given[2].has_value()) {
    return b.error("TW1026", span, std::string("clip() is missing the argument '") + (given[1] ? "a_max'" : "a_min'"),
                   "write None for the bound that is not there");
  }
  for (const size_t i : {size_t{1}, size_t{2}})
    if (given[i] && !given[i]->as<NoneObject>()) {
      TW_TRY(const std::optional<DType> wider, wider_type(b, *given[0], given[3 - i], span));
      TW_TRY(given[i], bound_of_integers(b, *given[i], *given[0], i == 1, wider, span));
    }
  std::vector<Computed> values;
  std::array<int, 3> at{-1, -1, -1};
  Given present;
  for (size_t i = 0; i < 3; ++i) {
    if (!given[i] || given[i]->as<NoneObject>()) continue;
    at[i] = static_cast<int>(present.size());
    present.push_back(given[i]);
  }
  TW_TRY(values, ufunc_operands(b, present, present.size(), span));
  TW_TRY(values[0], b.cast(values[0], numpy_type(values[0].dtype), span));  // np.clip makes an array of it first
  const DType type = common(values);
  TW_TRY(const Computed x, b.cast(values[0], type, span));
  if (present.size() == 1 && type.is_bool())
    return b.error("TW1003", span, "np.clip of bool without bounds is np.positive, which NumPy has not for bool");
  if (present.size() < 3) {
    Computed out = x;
    if (present.size() == 2) {
      std::vector<Computed> pair{x, values[1]};
      put_zeros_in_order(pair, type);
      TW_TRY(out, b.apply(at[1] > 0 ? code::Op::maximum : code::Op::minimum, pair, type, span));
    }
    return ufunc_result(b, Value(std::move(out)), given[3], std::nullopt, span);
  }
  if (type.is_complex()) return ufunc_result(b, clip_complex(b, x, values[1], values[2], span), given[3], {}, span);
  // Of equal zeros scalar bounds leave the array's, and bounds of its elements' own take its place. Which it is of bounds
  // that are broadcast follows from the order in which NumPy walks through memory: here of bounds of one element only.
  auto clipped = [&](bool by_one) -> Result<Computed> {
    auto pair = [&](const Computed& bound, const Computed& of) {
      return by_one ? std::vector{bound, of} : std::vector{of, bound};
    };
    TW_TRY(const Computed low, b.apply(code::Op::maximum, pair(values[1], x), type, span));
    return b.apply(code::Op::minimum, pair(values[2], low), type, span);
  };
  auto single = [](const std::vector<Expr>& shape) {
    Expr out = symbolic::eq(0, 0);
    for (const Expr& extent : shape) out = symbolic::logical_and(out, symbolic::eq(extent, 1));
    return out;
  };
  Expr by_one = symbolic::logical_and(single(values[1].shape), single(values[2].shape));
  if (!values[1].scalar() || !values[2].scalar())
    by_one = symbolic::logical_and(by_one, symbolic::logical_not(single(x.shape)));
  if (type == dtypes::float16) by_one = symbolic::eq(0, 0);  // there the array's zeros always stay
  if (auto known = b.ask(by_one, span, "one bound clips all elements")) {
    TW_TRY(Computed out, clipped(*known));
    return ufunc_result(b, Value(std::move(out)), given[3], std::nullopt, span);
  }
  TW_TRY(const Computed first, clipped(true));
  TW_TRY(Computed out, clipped(false));
  out.tree = code::make(code::Op::select, {b.condition_value(by_one).tree, first.tree, out.tree});
  return ufunc_result(b, Value(std::move(out)), given[3], std::nullopt, span);
}

UfuncRule unary_rule(syntax::UnaryOperator op) {
  return [op](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    return b.unary(op, Value(values[0]), span);
  };
}

UfuncRule test_rule(code::Op op) {  // isnan and the like: integers are tested as floats
  return [op](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    if (op == code::Op::signbit && values[0].dtype.is_complex()) return not_for(b, span, "signbit", values[0].dtype);
    TW_TRY(Computed out, b.apply(op, values, float_type(values[0].dtype), span));
    return Value(std::move(out));
  };
}

// x.real and x.imag: of a Python number Python's own.
KnownRow part(const std::string& name, code::Op op) {
  return {"numpy." + name, "val", [op](Builder& b, Given& given, const Span& span) -> ValueResult {
            if (auto* array = given[0]->as<Array>(); array && array->dtype.is_complex())
              return Value(part_of(*array, op == code::Op::real ? Component::real : Component::imaginary));
            TW_TRY(Computed value, b.computed(*given[0], span));
            if (value.dtype.is_bool() || value.dtype.is_complex()) TW_TRY_VOID(b.check_not_mixed(*given[0], span));
            if (value.dtype.is_complex()) {
              TW_TRY(Computed out, b.apply(op, {value}, value.dtype, span));
              return Value(std::move(out));
            }
            if (value.dtype == dtypes::pybool) {
              TW_TRY(value, b.cast(value, dtypes::pyint, span));
            }
            if (op == code::Op::real) return given[0]->as<Array>() ? *given[0] : Value(value);  // the very object
            TW_TRY(Computed zero, b.cast(integer_value(0), value.dtype, span));
            copy_mark(zero, value);
            if (value.scalar() && !given[0]->as<Array>()) return Value(std::move(zero));
            if (value.scalar()) {
              TW_TRY(Value of_zero, array_of_number(b, std::move(zero), span));
              of_zero.as<Array>()->writes = Through::read_only;
              return of_zero;
            }
            zero.shape = value.shape;
            TW_TRY(Array zeros, b.materialize(Value(std::move(zero)), b.name_hint_, span));
            zeros.writes = Through::read_only;  // as NumPy makes it
            return Value(std::move(zeros));
          }};
}

ValueResult conjugate(Builder& b, std::vector<Computed>& values, const Span& span) {
  if (values[0].dtype.is_complex()) {
    TW_TRY(Computed out, b.apply(code::Op::conj, values, values[0].dtype, span));
    return Value(std::move(out));
  }
  if (values[0].dtype.is_bool()) {
    TW_TRY(values[0], b.cast(values[0], dtypes::int8, span));
  }
  return Value(values[0]);
}

// z / |z|; 0 of 0, the direction of the infinite part, NaN of both parts infinite.
ValueResult sign_of_complex(Builder& b, const Computed& value, const Span& span) {
  using code::make;
  using code::Op;
  TW_TRY(Computed z, b.once(value, value.shape, span));
  const code::Ptr re = make(Op::real, z.tree), im = make(Op::imag, z.tree), size = make(Op::abs, z.tree);
  const code::Ptr zero = code::constant(0.0, re->type), one = code::constant(1.0, re->type);
  const code::Ptr nan = code::constant(std::numeric_limits<double>::quiet_NaN(), re->type);
  auto toward = [&](const code::Ptr& part, const code::Ptr& other) {  // where the size is infinite
    const code::Ptr unit = make(Op::select, {make(Op::gt, part, zero), one, code::constant(-1.0, re->type)});
    return make(Op::select, {make(Op::isinf, part), make(Op::select, {make(Op::isinf, other), nan, unit}), zero});
  };
  auto of = [&](const code::Ptr& part, const code::Ptr& other) {
    const code::Ptr both = make(Op::logical_and, make(Op::isinf, part), make(Op::isinf, other));
    const code::Ptr far = make(Op::select, {both, nan, toward(part, other)});
    const code::Ptr near = make(Op::select, {make(Op::eq, size, zero), zero, make(Op::div, part, size)});
    const code::Ptr known = make(Op::select, {make(Op::isinf, size), far, near});
    return make(Op::select, {make(Op::isnan, size), nan, known});
  };
  z.tree = make(Op::make_complex, {of(re, im), of(im, re)});
  return Value(std::move(z));
}

ValueResult sign(Builder& b, std::vector<Computed>& values, const Span& span) {
  const DType type = values[0].dtype;
  if (type.is_complex()) return sign_of_complex(b, values[0], span);
  if (type.is_bool()) return not_for(b, span, "sign", type);
  TW_TRY(Computed out, b.apply(code::Op::sign, values, type, span));
  return Value(std::move(out));
}

ValueResult positive(Builder& b, std::vector<Computed>& values, const Span& span) {
  if (values[0].dtype.is_bool()) return not_for(b, span, "positive", values[0].dtype);
  return b.unary(syntax::UnaryOperator::pos, Value(values[0]), span);
}

ValueResult square(Builder& b, std::vector<Computed>& values, const Span& span) {
  if (values[0].dtype.is_bool()) {  // NumPy has no loop for bool here
    TW_TRY(values[0], b.cast(values[0], dtypes::int8, span));
  }
  if (values[0].dtype.is_complex() && values[0].scalar()) {  // not fused, other than np.multiply (docs/runtime.md)
    TW_TRY(Computed product, b.product_of_scalars(values[0], values[0], values[0].dtype, span));
    return Value(std::move(product));
  }
  return b.binary_numpy(BinaryOperator::mul, values[0], values[0], span);
}

ValueResult reciprocal(Builder& b, std::vector<Computed>& values, const Span& span) {
  const DType type = values[0].dtype;
  if (type.is_complex()) return complex_function(b, "reciprocal", values[0], type, span);
  if (!type.is_float()) return not_here(b, span, "reciprocal", type);
  TW_TRY(Computed one, b.cast(constant_float(1), values[0].dtype, span));
  return b.binary_numpy(BinaryOperator::div, one, values[0], span);
}

}  // namespace

std::vector<KnownRow> elementwise_rows() {
  using code::Op;
  std::vector<KnownRow> rows{floating("sqrt", Op::sqrt),
                             floating("exp", Op::exp),
                             floating("exp2", Op::exp2),
                             floating("expm1", Op::expm1),
                             floating("log", Op::log),
                             floating("log2", Op::log2),
                             floating("log10", Op::log10),
                             floating("log1p", Op::log1p),
                             floating("sin", Op::sin),
                             floating("cos", Op::cos),
                             floating("tan", Op::tan),
                             floating("arcsin", Op::arcsin),
                             floating("arccos", Op::arccos),
                             floating("arctan", Op::arctan),
                             floating("sinh", Op::sinh),
                             floating("cosh", Op::cosh),
                             floating("tanh", Op::tanh),
                             floating("arcsinh", Op::arcsinh),
                             floating("arccosh", Op::arccosh),
                             floating("arctanh", Op::arctanh),
                             floating("cbrt", Op::cbrt),
                             floating("rint", Op::rint),
                             floating("arctan2", Op::arctan2, 2),
                             floating("hypot", Op::hypot, 2),
                             floating("copysign", Op::copysign, 2),
                             rounding("floor", Op::floor),
                             rounding("ceil", Op::ceil),
                             rounding("trunc", Op::trunc),
                             extremum("maximum", Op::maximum),
                             extremum("minimum", Op::minimum),
                             without_nans("fmax", Op::fmax, Op::maximum),
                             without_nans("fmin", Op::fmin, Op::minimum),
                             remainder_of_c("fmod"),
                             ufunc_row("sign", 1, sign),
                             arithmetic("add", BinaryOperator::add),
                             arithmetic("subtract", BinaryOperator::sub),
                             arithmetic("multiply", BinaryOperator::mul),
                             arithmetic("divide", BinaryOperator::div),
                             arithmetic("true_divide", BinaryOperator::div),
                             arithmetic("floor_divide", BinaryOperator::floor_div),
                             arithmetic("remainder", BinaryOperator::mod),
                             arithmetic("mod", BinaryOperator::mod),
                             arithmetic("power", BinaryOperator::pow),
                             arithmetic("bitwise_and", BinaryOperator::bit_and),
                             arithmetic("bitwise_or", BinaryOperator::bit_or),
                             arithmetic("bitwise_xor", BinaryOperator::bit_xor),
                             arithmetic("left_shift", BinaryOperator::lshift),
                             arithmetic("right_shift", BinaryOperator::rshift),
                             comparison("less", CompareOperator::lt),
                             comparison("less_equal", CompareOperator::le),
                             comparison("greater", CompareOperator::gt),
                             comparison("greater_equal", CompareOperator::ge),
                             comparison("equal", CompareOperator::eq),
                             comparison("not_equal", CompareOperator::ne),
                             logical("logical_and", Op::logical_and, 2),
                             logical("logical_or", Op::logical_or, 2),
                             logical("logical_xor", Op::ne, 2),
                             logical("logical_not", Op::logical_not, 1),
                             ufunc_row("negative", 1, unary_rule(syntax::UnaryOperator::neg)),
                             ufunc_row("positive", 1, positive),
                             ufunc_row("invert", 1, unary_rule(syntax::UnaryOperator::invert)),
                             ufunc_row("bitwise_not", 1, unary_rule(syntax::UnaryOperator::invert)),
                             ufunc_row("isnan", 1, test_rule(Op::isnan), UfuncLoop::of_truths),
                             ufunc_row("isinf", 1, test_rule(Op::isinf), UfuncLoop::of_truths),
                             ufunc_row("isfinite", 1, test_rule(Op::isfinite), UfuncLoop::of_truths),
                             ufunc_row("signbit", 1, test_rule(Op::signbit), UfuncLoop::of_truths),
                             part("real", Op::real),
                             part("imag", Op::imag),
                             ufunc_row("conj", 1, conjugate),
                             ufunc_row("conjugate", 1, conjugate),
                             ufunc_row("square", 1, square),
                             ufunc_row("reciprocal", 1, reciprocal),
                             {"numpy.where", "condition, x?, y?, /", where},
                             {"numpy.clip", "a, a_min?, a_max?, out?, *, min?, max?", clip},
                             {"numpy.ndarray.clip", "self, min?, max?, out?", clip_method},
                             {"numpy.ndarray.compress", "self, condition, axis?, out?", compress_method}};
  rows.push_back(ufunc_row("fabs", 1, [](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
    const DType type = float_type(values[0].dtype);
    if (type.is_complex()) return not_for(b, span, "fabs", type);
    TW_TRY(Computed out, b.apply(code::Op::abs, values, type, span));
    return Value(std::move(out));
  }));
  for (const char* name : {"abs", "absolute"})
    rows.push_back(ufunc_row(name, 1, [](Builder& b, std::vector<Computed>& values, const Span& span) -> ValueResult {
      if (values[0].dtype.is_bool()) return Value(values[0]);
      TW_TRY(Computed out, b.apply(code::Op::abs, values, values[0].dtype, span));
      return Value(std::move(out));
    }));
  return rows;
}

}  // namespace thalweg::frontend
