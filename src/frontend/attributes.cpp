// object.name: what arrays say about themselves, methods, members of modules.
#include <limits>
#include <map>
#include <set>

#include "base/match.h"
#include "frontend/builder.h"
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

ValueResult Builder::evaluate_attribute(const syntax::Attribute& attribute, const Span& span) {
  TW_TRY(Value object, evaluate(*attribute.value));
  return attribute_of(object, attribute.attribute, span);
}

namespace {

Value shape_tuple(const std::vector<Expr>& shape) {
  TupleValue tuple;
  for (const Expr& extent : shape) tuple.items.push_back(Value(integer_value(extent)));
  return Value(std::move(tuple));
}

Array transposed(const Array& array) {
  Array out = array;
  const int last = static_cast<int>(array.rank()) - 1;
  for (size_t d = 0; d < array.rank(); ++d) out.shape[d] = array.shape[last - d];
  for (Axis& axis : out.axes)
    if (axis.dim >= 0) axis.dim = last - axis.dim;
  out.own_object = true;
  return out;
}

// np.finfo(dtype).eps, np.iinfo(dtype).max ...
std::optional<Computed> limit_of(DType dtype, const std::string& kind, const std::string& name) {
  if (kind == "iinfo") {
    const IntegerRange range = integer_range(dtype);
    if (name == "bits") return integer_value(8 * static_cast<int64_t>(dtype.bytes()));
    if (name == "min") return integer_value(static_cast<int64_t>(range.low));
    if (name == "max" && range.high <= INT64_MAX) return integer_value(static_cast<int64_t>(range.high));
    return std::nullopt;
  }
  const DType real = dtype == dtypes::complex64    ? dtypes::float32
                     : dtype == dtypes::complex128 ? dtypes::float64
                                                   : dtype;
  if (name == "bits") return integer_value(8 * static_cast<int64_t>(real.bytes()));
  using Pair = std::pair<double, double>;  // of float32, of float64
  static const std::map<std::string, Pair> values{{"eps", {0x1p-23, 0x1p-52}},
                                                  {"epsneg", {0x1p-24, 0x1p-53}},
                                                  {"max", {0x1.fffffep127, std::numeric_limits<double>::max()}},
                                                  {"min", {-0x1.fffffep127, std::numeric_limits<double>::lowest()}},
                                                  {"tiny", {0x1p-126, 0x1p-1022}},
                                                  {"smallest_normal", {0x1p-126, 0x1p-1022}},
                                                  {"smallest_subnormal", {0x1p-149, 0x1p-1074}}};
  const auto found = values.find(name);
  if (found == values.end() || (real != dtypes::float32 && real != dtypes::float64)) return std::nullopt;
  const double value = real == dtypes::float32 ? found->second.first : found->second.second;
  return Computed{real, {}, code::constant(value, real)};
}

}  // namespace

ValueResult Builder::attribute_of(const Value& object, const std::string& name, const Span& span) {
  auto* array = object.as<Array>();
  auto* value = object.as<Computed>();
  if (auto* matrix = object.as<SparseValue>()) return attribute_of_sparse(*matrix, name, span);
  static const std::set<std::string> of_shape{"dtype", "size", "ndim", "shape", "itemsize", "nbytes"};
  if (value && !(value->scalar() && value->dtype.python()) && of_shape.count(name))
    TW_TRY_VOID(evaluate_only(object, span));
  if (auto* structure = object.as<StructureValue>()) return attribute_of_object(*structure, name, span);
  if (auto* of = object.as<HostClass>()) return attribute_of_class(*of, name, span);
  if (array || value) {
    const std::vector<Expr>& shape = array ? array->shape : value->shape;
    const DType dtype = array ? array->dtype : value->dtype;
    const bool python = value && value->scalar() && value->dtype.python();
    const bool of_both =
        (name == "real" || name == "imag" || name == "conjugate") && !dtype.is_bool() && !dtype.is_complex();
    if (!of_both && !inside_definition()) TW_TRY_VOID(check_not_mixed(object, span));
    if (!python) {
      if (name == "shape") return shape_tuple(shape);
      if (name == "ndim") return Value(integer_value(static_cast<int64_t>(shape.size())));
      if (name == "dtype") return Value(DTypeObject{dtype});
      if (name == "itemsize") return Value(integer_value(dtype.bytes()));
      if (name == "size") {
        Value size(integer_value(1));
        for (const Expr& extent : shape) {
          TW_TRY(size, binary(syntax::BinaryOperator::mul, size, Value(integer_value(extent)), span));
        }
        return size;
      }
      if (name == "T") {
        if (value && value->scalar()) return object;
        TW_TRY(Array stored, materialize(object, name_hint_, span));
        return Value(transposed(stored));
      }
    }
    if ((name == "real" || name == "imag") && array && dtype.is_complex())
      return Value(part_of(*array, name == "real" ? Component::real : Component::imaginary));
    if (name == "real" || name == "imag") {
      TW_TRY(Computed whole, computed(object, span));
      if (name == "real" && dtype == dtypes::pybool) {  // an int
        TW_TRY(whole, cast(whole, dtypes::pyint, span));
        return Value(std::move(whole));
      }
      if (name == "real" && !dtype.is_complex()) return object;
      if (!python && !dtype.is_complex()) return call_known("numpy.imag", {{object}, {}, span}, span);
      if (dtype.is_complex()) {
        whole.tree = code::make(name == "real" ? code::Op::real : code::Op::imag, whole.tree);
        whole.dtype = whole.tree->type;
        return Value(std::move(whole));
      }
    }
    const bool is_array = array || (value && !value->scalar());
    if (is_array && (name == "flags" || name == "flat")) {
      TW_TRY(Array stored, materialize(object, name_hint_, span));
      return Value(Method{std::make_shared<Value>(array ? object : Value(std::move(stored))), name});
    }
    const bool has_method = !python && (is_array || name != "dot");  // NumPy's scalars have all but that
    if (has_method && method_path(name)) return Value(Method{std::make_shared<Value>(object), name});
    return error("TW1024", span, describe(object) + " has no attribute '" + name + "' that is supported here");
  }
  if (auto* tuple = object.as<TupleValue>(); tuple && tuple->made_by)
    for (size_t i = 0; i < tuple->items.size(); ++i)
      if (tuple->made_by->fields[i] == name) return tuple->items[i];
  if (auto* facet = object.as<Method>(); facet && facet->object->as<DTypeObject>())
    if (auto limit = limit_of(facet->object->as<DTypeObject>()->dtype, facet->name, name)) return Value(*limit);
  if (auto* facet = object.as<Method>(); facet && facet->name == "flags") return flag_value(*facet->object, name, span);
  if (object.as<SliceValue>()) return part_of_slice(*object.as<SliceValue>(), name, span);
  if (object.as<DictValue>())
    for (const char* method : {"keys", "values", "items", "get"})
      if (name == method) return Value(Method{std::make_shared<Value>(object), name});
  if (auto* made = object.as<ObjectValue>()) {
    const std::string path = made->path + "." + name;
    if (!std::holds_alternative<HostUndefined>(host().definition(path)))
      return Value(Method{std::make_shared<Value>(object), name});
    return error("TW1028", span, "'" + path + "' is not supported yet",
                 "call it before the program and pass the result");
  }
  if (object.as<HostKnown>() || object.as<HostOpaque>()) {
    const HostObject holder =
        object.as<HostKnown>() ? HostObject(*object.as<HostKnown>()) : HostObject(*object.as<HostOpaque>());
    if (object.as<HostOpaque>()) objects_read_.insert(object.as<HostOpaque>()->description);
    const HostObject found = host().attribute(holder, name);
    if (!std::holds_alternative<HostUndefined>(found)) return from_host(found, name, span);
  }
  return error("TW1024", span, describe(object) + " has no attribute '" + name + "' that is supported here");
}

}  // namespace thalweg::frontend
