// Python's own functions and the math module, on scalars, by CPython's rules.
#include <array>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

using code::Op;

// int(), float() and the math module take the real part of NumPy's complex numbers.
Result<Computed> real_number(Builder& b, const Value& given, const std::string& function, const Span& span) {
  TW_TRY(Computed value, b.scalar(given, span, "the argument of " + function));
  if (value.dtype == dtypes::pycomplex || (value.dtype.is_complex() && given.as<Array>()))
    return b.error("TW1065", span, function + " argument must be a real number, not complex");
  if (!value.dtype.is_complex()) return value;
  TW_TRY(Value part, b.attribute_of(Value(std::move(value)), "real", span));
  return b.scalar(part, span, "a real part");
}

ValueResult to_int(Builder& b, Given& given, const Span& span) {
  if (!given[0]) return Value(integer_value(0));
  TW_TRY(Computed value, real_number(b, *given[0], "int()", span));
  if (value.integer) return Value(value);
  if (value.condition && value.condition->as_integer()) return Value(integer_value(value.condition->integer()));
  TW_TRY(value, b.cast(value, dtypes::pyint, span));
  value.mixed = false;
  return Value(std::move(value));
}

ValueResult to_float(Builder& b, Given& given, const Span& span) {
  if (!given[0]) return Value(constant_float(0));
  TW_TRY(Computed value, real_number(b, *given[0], "float()", span));
  TW_TRY(value, b.cast(value, dtypes::pyfloat, span));
  value.mixed = false;
  return Value(std::move(value));
}

// complex(x), complex(real, imag) of real numbers
ValueResult to_complex(Builder& b, Given& given, const Span& span) {
  std::array<Computed, 2> parts{constant_float(0), constant_float(0)};
  for (const size_t i : {size_t{0}, size_t{1}}) {
    if (given[i]) {
      TW_TRY(parts[i], b.scalar(*given[i], span, "an argument of complex()"));
    }
    if (i == 0 && !given[1] && parts[0].dtype.is_complex()) {
      TW_TRY(Computed whole, b.cast(parts[0], dtypes::pycomplex, span));
      return Value(std::move(whole));
    }
    if (parts[i].dtype.is_complex())
      return b.error("TW1065", span, "complex() of a complex number and a second one is not supported",
                     "write a + 1j * b");
    TW_TRY(parts[i], b.cast(parts[i], dtypes::pyfloat, span));
    TW_TRY(parts[i], b.cast(parts[i], dtypes::float64, span));
  }
  Computed whole{dtypes::complex128, {}, code::make(Op::make_complex, {parts[0].tree, parts[1].tree})};
  for (const Computed& part : parts) whole.checks.insert(whole.checks.end(), part.checks.begin(), part.checks.end());
  TW_TRY(whole, b.cast(whole, dtypes::pycomplex, span));
  return Value(std::move(whole));
}

ValueResult to_bool(Builder& b, Given& given, const Span& span) {
  if (!given[0]) return Value(constant_bool(false));
  TW_TRY(Computed value, b.truth(*given[0], span));
  TW_TRY(value, b.cast(value, dtypes::pybool, span));
  return Value(std::move(value));
}

ValueResult length(Builder& b, Given& given, const Span& span) {
  if (auto* parts = parts_of(*given[0]); parts && !given[0]->as<LocalFunction>())
    return Value(integer_value(static_cast<int64_t>(parts->size())));
  if (auto* facet = given[0]->as<Method>(); facet && facet->name == "flat")
    return b.attribute_of(*facet->object, "size", span);
  auto* array = given[0]->as<Array>();
  auto* value = given[0]->as<Computed>();
  if (array && array->rank() > 0) return Value(integer_value(array->shape[0]));
  if (value && !value->scalar()) return Value(integer_value(value->shape[0]));
  return about(*given[0], b.error("TW1065", span, "object of type " + describe(*given[0]) + " has no len()"));
}

ValueResult absolute(Builder& b, Given& given, const Span& span) {
  auto* value = given[0]->as<Computed>();
  if (!value && !given[0]->as<Array>())
    return about(*given[0], b.error("TW1003", span, describe(*given[0]) + " cannot be used as a number or an array"));
  if (!value || !value->dtype.python()) {
    TW_TRY(Value size, b.call_known("numpy.absolute", {{*given[0]}, {}, span}, span));
    if (value && value->mixed) {
      if (value->dtype.is_bool()) return b.either_differs(*value, span);
      copy_mark(*size.as<Computed>(), *value);
    }
    return size;
  }
  if (value->big) return Value(b.exact_integer(value->big->negative() ? -*value->big : *value->big, span));
  if (value->integer && b.facts_.proves(symbolic::ge(*value->integer, 0))) return *given[0];
  Computed number = *value;
  if (number.dtype == dtypes::pybool) {
    TW_TRY(number, b.cast(number, dtypes::pyint, span));
  }
  number.integer = std::nullopt;
  number.condition = std::nullopt;
  TW_TRY(Computed out, b.apply(Op::abs, {number}, number.dtype, span));
  return Value(std::move(out));
}

// min(a, b, ...): Python keeps the first of equals, and compares in order (which matters for NaN).
KnownFunction choose(bool smallest) {
  return [smallest](Builder& b, Given& given, const Span& span) -> ValueResult {
    std::vector<Value> items;
    for (const auto& item : given)
      if (item) items.push_back(*item);
    if (items.size() == 1) {
      auto* number = items[0].as<Computed>();
      if (items[0].as<Array>() || (number && !number->scalar()))
        return b.call_definition(smallest ? "builtins.min.of_array" : "builtins.max.of_array", {items[0]}, span);
      if (auto* tuple = items[0].as<TupleValue>()) items = std::vector<Value>(tuple->items);
    }
    if (items.size() < 2)
      return b.error("TW1066", span, "min() and max() of fewer than 2 items are not supported", "use the item itself");
    for (const Value& item : items)
      if (auto* number = item.as<Computed>(); item.as<Array>() || (number && !number->scalar()))
        return b.error("TW1066", span, "min() and max() of several arrays are not supported",
                       "use np.minimum or np.maximum");
    for (const Value& item : items) TW_TRY_VOID(b.check_not_mixed(item, span));
    TW_TRY(Computed best, b.scalar(items[0], span, "an argument of min() or max()"));
    for (size_t i = 1; i < items.size(); ++i) {
      TW_TRY(Computed next, b.scalar(items[i], span, "an argument of min() or max()"));
      if (best.integer && next.integer) {
        best = integer_value(smallest ? symbolic::min(*best.integer, *next.integer)
                                      : symbolic::max(*best.integer, *next.integer));
        continue;
      }
      if (best.dtype != next.dtype)
        return b.error("TW1066", span,
                       "min() and max() give one of their arguments, here of different types: " +
                           describe(Value(best)) + " and " + describe(Value(next)),
                       "convert them first");
      if (code::may_raise(*best.tree) || !best.checks.empty()) {
        TW_TRY(best, b.store_scalar(best, "", span));
      }
      const auto order = smallest ? syntax::CompareOperator::lt : syntax::CompareOperator::gt;
      TW_TRY(const Value answer, b.compare(order, Value(next), Value(best), span));
      TW_TRY(const Computed better, b.truth(answer, span));
      Computed out{best.dtype, {}, code::make(Op::select, {better.tree, next.tree, best.tree})};
      out.checks = better.checks;
      best = std::move(out);
    }
    return Value(std::move(best));
  };
}

ValueResult to_power(Builder& b, Given& given, const Span& span) {
  return b.binary(syntax::BinaryOperator::pow, *given[0], *given[1], span);
}

// A function of the math module that gives a float for floats, with the errors that the operation has of Python's.
KnownRow math_function(const std::string& name, Op op, size_t count = 1) {
  return {"math." + name, count == 1 ? "x" : "x, y",
          [name, op, count](Builder& b, Given& given, const Span& span) -> ValueResult {
            std::vector<Computed> values;
            for (size_t i = 0; i < count; ++i) {
              TW_TRY(Computed value, real_number(b, *given[i], "math." + name + "()", span));
              TW_TRY(value, b.cast(value, dtypes::pyfloat, span));
              values.push_back(std::move(value));
            }
            TW_TRY(Computed out, b.apply(op, values, dtypes::pyfloat, span));
            return Value(std::move(out));
          }};
}

// log(x), log(x, base).
ValueResult math_log(Builder& b, Given& given, const Span& span) {
  std::vector<Computed> logs;
  for (const auto& each : given) {
    if (!each) continue;
    TW_TRY(Computed value, real_number(b, *each, "math.log()", span));
    TW_TRY(value, b.cast(value, dtypes::pyfloat, span));
    TW_TRY(value, b.apply(Op::log, {value}, dtypes::pyfloat, span));
    if (given[1]) {  // both raise before the division does
      TW_TRY(value, b.store_scalar(value, "log", span));
    }
    logs.push_back(std::move(value));
  }
  if (logs.size() == 1) return Value(std::move(logs[0]));
  return b.binary(syntax::BinaryOperator::div, Value(std::move(logs[0])), Value(std::move(logs[1])), span);
}

// floor, ceil, trunc of the math module give ints.
KnownRow math_rounding(const std::string& name, Op op) {
  return {"math." + name, "x", [name, op](Builder& b, Given& given, const Span& span) -> ValueResult {
            TW_TRY(Computed value, b.scalar(*given[0], span, "an argument of a math function"));
            if (value.integer) return Value(value);
            const bool of_float = value.dtype.python() || value.dtype == dtypes::float64;
            const bool none = op == Op::trunc && (!of_float || given[0]->as<Array>());
            if (none) return b.error("TW1003", span, "type " + value.dtype.name() + " doesn't define __trunc__ method");
            TW_TRY(value, real_number(b, *given[0], "math." + name + "()", span));
            if (value.dtype.is_integer() || value.dtype.is_bool()) return to_int(b, given, span);
            TW_TRY(value, b.cast(value, dtypes::pyfloat, span));
            TW_TRY(value, b.apply(op, {value}, dtypes::pyfloat, span));
            TW_TRY(value, b.cast(value, dtypes::pyint, span));
            return Value(std::move(value));
          }};
}

// The element at a.item(index), by its number in rows or by all of its indices.
ValueResult element_at(Builder& b, const Value& object, std::vector<Value> indices, const Span& span) {
  if (auto* tuple = indices.size() == 1 ? indices[0].as<TupleValue>() : nullptr) indices = std::vector(tuple->items);
  for (const Value& index : indices)
    if (auto* number = index.as<Computed>(); !number || !number->scalar() || !number->dtype.is_integer())
      return b.error("TW1024", span, "item() with " + describe(index) + " is not supported", "give it integers");
  if (indices.size() == 1) return b.flat_subscript(object, indices[0], span);
  TW_TRY(const Array array, b.materialize(object, "", span));
  if (indices.size() != array.rank()) return b.error("TW1070", span, "incorrect number of indices for array");
  TupleValue place;
  place.items = std::move(indices);
  return b.subscript(Value(array), Value(std::move(place)), span);
}

ValueResult item(Builder& b, Given& given, const Span& span) {
  if (given.size() > 1 && given[1]) {
    std::vector<Value> indices;
    for (size_t k = 1; k < given.size(); ++k) indices.push_back(*given[k]);
    TW_TRY(*given[0], element_at(b, *given[0], std::move(indices), span));
  } else if (auto* array = given[0]->as<Array>(); array && array->rank() > 0) {
    const Expr one = symbolic::eq(ir::total_elements(array->shape), 1);
    const std::string message = "can only convert an array of size 1 to a Python scalar";
    const symbolic::Truth known = b.facts_.prove(one);
    if (known == symbolic::Truth::no) return b.error("TW1070", span, message, "name an element: a.item(0)");
    if (known == symbolic::Truth::unknown) b.emit_check(one, base::ErrorKind::value, message, {}, span);
    TW_TRY(*given[0], element_at(b, *given[0], std::vector(array->rank(), Value(integer_value(0))), span));
  }
  TW_TRY(Computed value, b.scalar(*given[0], span, "what item() is asked of"));
  const DType python = value.dtype.is_bool()      ? dtypes::pybool
                       : value.dtype.is_complex() ? dtypes::pycomplex
                       : value.dtype.is_float()   ? dtypes::pyfloat
                                                  : dtypes::pyint;
  TW_TRY(value, b.cast(value, python, span));
  return Value(std::move(value));
}

// tuple(items) and list(items), where the number of items is known when compiling.
KnownFunction collection(bool is_list) {
  return [is_list](Builder& b, Given& given, const Span& span) -> ValueResult {
    std::vector<Value> items;
    if (auto* value = given[0] ? given[0]->as<Computed>() : nullptr; value && !value->scalar()) {
      TW_TRY(Array stored, b.materialize(*given[0], "", span));
      given[0] = Value(std::move(stored));
    }
    auto* array = given[0] ? given[0]->as<Array>() : nullptr;
    const auto count = array && array->rank() > 0 ? b.count_of_items(array->shape[0], span) : std::nullopt;
    if (auto* dict = given[0] ? given[0]->as<DictValue>() : nullptr) {
      items = dict->keys;
    } else if (auto* tuple = given[0] ? given[0]->as<TupleValue>() : nullptr) {
      items = tuple->items;
    } else if (count) {
      for (int64_t k = 0; k < *count; ++k) {
        TW_TRY(Value item, b.subscript(*given[0], Value(integer_value(k)), span));
        TW_TRY(item, b.settle(std::move(item), "item", span));
        items.push_back(std::move(item));
      }
    } else if (given[0]) {
      return about(*given[0],
                   b.error("TW1065", span, "a list or tuple of " + describe(*given[0]) + " is not supported here",
                           "its length must be known when compiling: use the array itself"));
    }
    return is_list ? b.new_list(std::move(items)) : Value(TupleValue{std::move(items)});
  };
}

// Is the value of this class? Nothing where it is Python's on one way and NumPy's on another, or the class is not known.
std::optional<bool> is_of_class(const Value& value, const std::string& path) {
  auto* tuple = value.as<TupleValue>();
  auto* number = value.as<Computed>();
  const bool array = value.as<Array>() || (number && !number->scalar());
  if (path == "builtins.tuple" || path == "builtins.list") return tuple && tuple->is_list == (path == "builtins.list");
  if (path == "builtins.dict") return value.as<DictValue>() != nullptr;
  if (path == "builtins.slice") return value.as<SliceValue>() != nullptr;
  if (path == "builtins.str") return value.as<Text>() != nullptr;
  if (path == "numpy.ndarray") return array;
  if (path.starts_with("numpy.random.")) return value.as<ObjectValue>() && value.as<ObjectValue>()->path == path;
  const bool scalar = number && number->scalar();
  if (scalar && number->mixed) return std::nullopt;
  const DType type = scalar ? number->dtype : dtypes::int8;
  if (path == "builtins.bool") return scalar && type == dtypes::pybool;
  if (path == "builtins.int") return scalar && (type == dtypes::pyint || type == dtypes::pybool);
  if (path == "builtins.float") return scalar && (type == dtypes::pyfloat || type == dtypes::float64);
  if (path == "builtins.complex") return scalar && (type == dtypes::pycomplex || type == dtypes::complex128);
  if (path == "numpy.generic") return scalar && !type.python();
  if (path == "numpy.integer") return scalar && !type.python() && type.is_integer();
  if (path == "numpy.floating") return scalar && !type.python() && type.is_float();
  if (path == "numpy.complexfloating") return scalar && !type.python() && type.is_complex();
  return std::nullopt;
}

ValueResult is_instance(Builder& b, Given& given, const Span& span) {
  std::vector<Value> kinds{*given[1]};
  if (auto* several = given[1]->as<TupleValue>()) {
    if (several->is_list)
      return b.error("TW1108", span, "isinstance() takes a class or a tuple of classes, found " + describe(*given[1]));
    kinds = std::vector<Value>(several->items);
  }
  bool any = false;
  for (const Value& kind : kinds) {
    auto* known = kind.as<HostKnown>();
    auto* type = kind.as<DTypeObject>();
    auto* number = given[0]->as<Computed>();
    std::optional<bool> holds;
    if (known) holds = is_of_class(*given[0], known->path);
    if (auto* of = kind.as<HostClass>()) {
      auto* object = given[0]->as<StructureValue>();
      const bool plain = number || given[0]->as<Array>() || given[0]->as<TupleValue>() || given[0]->as<NoneObject>();
      if (object || plain) holds = b.host().is_kind_of(object ? &object->is : nullptr, *of);
    }
    if (type) holds = number && number->scalar() && !number->mixed && number->dtype == type->dtype;
    if (!holds || (type && number && number->mixed))
      return b.error("TW1089", span,
                     "isinstance() of " + describe(*given[0]) + " and " + describe(kind) + " is not supported",
                     "ask for a class of Python or NumPy, or compare .ndim or .dtype");
    any = any || *holds;
  }
  return Value(constant_bool(any));
}

// Python's and NumPy's numbers, and strings.
ValueResult is_scalar(Builder&, Given& given, const Span&) {
  auto* number = given[0]->as<Computed>();
  return Value(constant_bool(given[0]->as<Text>() || (number && number->scalar() && !number->of_array)));
}

// slice(stop), slice(start, stop, step)
ValueResult make_slice(Builder&, Given& given, const Span&) {
  auto part = [&](size_t i) -> std::shared_ptr<Value> {
    if (!given[i] || given[i]->as<NoneObject>()) return nullptr;
    return std::make_shared<Value>(*given[i]);
  };
  if (!given[1] && !given[2]) return Value(SliceValue{nullptr, part(0), nullptr});
  return Value(SliceValue{part(0), part(1), part(2)});
}

// What np.finfo and np.iinfo are asked for: see attributes.cpp.
KnownFunction limits(const std::string& name) {
  return [name](Builder& b, Given& given, const Span& span) -> ValueResult {
    DType dtype;
    if (auto* number = given[0]->as<Computed>(); number && number->scalar()) {
      dtype = numpy_type(number->dtype);
    } else {
      TW_TRY(dtype, b.dtype_of(*given[0], span));
    }
    if (name == "finfo" ? !dtype.is_float() && !dtype.is_complex() : !dtype.is_integer())
      return b.error("TW1065", span, name + "() of " + dtype.name() + " is an error in NumPy");
    return Value(Method{std::make_shared<Value>(DTypeObject{dtype}), name});
  };
}

ValueResult result_type(Builder& b, Given& given, const Span& span) {
  std::optional<DType> type;
  for (const auto& one : given) {
    if (!one) continue;
    TW_TRY(Computed value, b.computed(*one, span));
    type = type ? common_type(*type, value.dtype) : value.dtype;
  }
  if (!type) return b.error("TW1065", span, "at least one array or dtype is required");
  return Value(DTypeObject{numpy_type(*type)});
}

// np.can_cast of two types: by what they can hold.
ValueResult can_cast(Builder& b, Given& given, const Span& span) {
  DType from;
  auto* number = given[0]->as<Computed>();
  if (number && number->dtype.python())
    return b.error("TW1065", span, "can_cast() does not support Python ints, floats, and complex", "give a data type");
  if (number || given[0]->as<Array>()) {
    from = number ? number->dtype : given[0]->as<Array>()->dtype;
  } else {
    TW_TRY(from, b.dtype_of(*given[0], span));
  }
  TW_TRY(const DType to, b.dtype_of(*given[1], span));
  const std::string casting = !given[2] ? "safe" : given[2]->as<Text>() ? given[2]->as<Text>()->value : "?";
  if (casting == "safe") return Value(constant_bool(promote(from, to) == to));
  if (casting == "same_kind") return Value(constant_bool(same_kind(from, to)));
  if (casting == "no" || casting == "equiv") return Value(constant_bool(from == to));
  if (casting == "unsafe") return Value(constant_bool(true));
  return b.error("TW1065", span, "this casting rule of np.can_cast is not supported",
                 "'no', 'equiv', 'safe', 'same_kind' and 'unsafe' are");
}

ValueResult promote_types(Builder& b, Given& given, const Span& span) {
  TW_TRY(const DType one, b.dtype_of(*given[0], span));
  TW_TRY(const DType other, b.dtype_of(*given[1], span));
  return Value(DTypeObject{promote(one, other)});
}

ValueResult is_complex_object(Builder& b, Given& given, const Span& span) {
  TW_TRY(Computed value, b.computed(*given[0], span));
  return Value(constant_bool(value.dtype.is_complex()));
}

}  // namespace

std::vector<KnownRow> builtin_rows() {
  return {{"builtins.int", "x?", to_int},
          {"builtins.float", "x?", to_float},
          {"builtins.bool", "x?", to_bool},
          {"builtins.complex", "real?, imag?", to_complex},
          {"builtins.len", "x", length},
          {"builtins.abs", "x", absolute},
          {"builtins.min", "...", choose(true)},
          {"builtins.max", "...", choose(false)},
          {"builtins.tuple", "items?", collection(false)},
          {"builtins.list", "items?", collection(true)},
          {"builtins.isinstance", "object, kind", is_instance},
          {"numpy.isscalar", "element", is_scalar},
          {"builtins.slice", "start, stop?, step?", make_slice},
          {"numpy.finfo", "dtype", limits("finfo")},
          {"numpy.iinfo", "type", limits("iinfo")},
          {"numpy.result_type", "...", result_type},
          {"numpy.can_cast", "from_, to, casting?", can_cast},
          {"numpy.promote_types", "type1, type2, /", promote_types},
          {"numpy.iscomplexobj", "x", is_complex_object},
          {"builtins.pow", "base, exponent", to_power},
          {"numpy.ndarray.item", "self, ...", item},
          {"math.log", "x, base?", math_log},
          math_function("sqrt", Op::sqrt),
          math_function("exp", Op::exp),
          math_function("exp2", Op::exp2),
          math_function("expm1", Op::expm1),
          math_function("log2", Op::log2),
          math_function("log10", Op::log10),
          math_function("log1p", Op::log1p),
          math_function("sin", Op::sin),
          math_function("cos", Op::cos),
          math_function("tan", Op::tan),
          math_function("asin", Op::arcsin),
          math_function("acos", Op::arccos),
          math_function("atan", Op::arctan),
          math_function("sinh", Op::sinh),
          math_function("cosh", Op::cosh),
          math_function("tanh", Op::tanh),
          math_function("asinh", Op::arcsinh),
          math_function("acosh", Op::arccosh),
          math_function("atanh", Op::arctanh),
          math_function("cbrt", Op::cbrt),
          math_function("atan2", Op::arctan2, 2),
          math_function("hypot", Op::hypot, 2),
          math_function("copysign", Op::copysign, 2),
          math_function("fabs", Op::abs),
          math_rounding("floor", Op::floor),
          math_rounding("ceil", Op::ceil),
          math_rounding("trunc", Op::trunc)};
}

}  // namespace thalweg::frontend
