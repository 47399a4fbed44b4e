// Helpers on values: subsets of index maps, constants, descriptions.
#include "frontend/values.h"

#include "base/match.h"

namespace thalweg::frontend {

std::string field_name(const std::string& identity, const std::string& field) { return identity + "." + field; }

bool is_field(const std::string& name) { return name.find('.') != std::string::npos; }

Array whole_array(const std::string& container, DType dtype, const std::vector<Expr>& shape) {
  Array array{container, dtype, shape, {}};
  for (size_t d = 0; d < shape.size(); ++d) array.axes.push_back({0, 1, static_cast<int>(d)});
  return array;
}

symbolic::Subset subset_of(const Array& array) {
  symbolic::Subset subset;
  for (const Axis& axis : array.axes)
    subset.ranges.push_back(axis.dim < 0 ? symbolic::Range::index(axis.begin)
                                         : symbolic::Range{axis.begin, array.shape[axis.dim], axis.step});
  return subset;
}

symbolic::Subset element_of(const Array& array, const std::vector<Expr>& position) {
  symbolic::Subset subset;
  for (const Axis& axis : array.axes)
    subset.ranges.push_back(
        symbolic::Range::index(axis.dim < 0 ? axis.begin : axis.begin + axis.step * position[axis.dim]));
  return subset;
}

Array part_of(const Array& array, Component part) {
  Array out = array;
  out.own_object = true;
  out.part = part;
  out.dtype = code::make(code::Op::real, code::input(array.container, array.dtype))->type;
  return out;
}

bool is_plain(const Array& array) {
  std::vector<bool> seen(array.rank(), false);
  for (const Axis& axis : array.axes) {
    if (axis.dim < 0) continue;
    if (seen[static_cast<size_t>(axis.dim)]) return false;
    seen[static_cast<size_t>(axis.dim)] = true;
  }
  return array.part == Component::whole && array.writes == Through::allowed;
}

bool is_whole(const Array& array, const std::vector<Expr>& container_shape) {
  return array == whole_array(array.container, array.dtype, container_shape);
}

Computed constant_bool(bool value) {
  Computed out{dtypes::pybool, {}, code::constant(value, dtypes::pybool)};
  out.condition = Expr(value ? 1 : 0);
  return out;
}

Computed constant_float(double value) { return {dtypes::pyfloat, {}, code::constant(value, dtypes::pyfloat)}; }

Computed integer_value(const Expr& value) {
  Computed out{dtypes::pyint, {}, nullptr};
  if (auto known = value.as_integer())
    out.tree = code::constant(*known, dtypes::pyint);
  else
    out.tree = code::symbol(value, dtypes::pyint);
  out.integer = value;
  return out;
}

std::vector<Value>* parts_of(Value& value) {
  if (auto* tuple = value.as<TupleValue>()) return &tuple->items;
  if (auto* dict = value.as<DictValue>()) return &dict->values;
  if (auto* function = value.as<LocalFunction>()) return &function->held;
  if (auto* object = value.as<ObjectValue>()) return &object->parts;
  return nullptr;
}

const std::vector<Value>* parts_of(const Value& value) { return parts_of(const_cast<Value&>(value)); }

std::optional<code::Value> constant_of(const Computed& value) {
  if (value.tree && value.tree->op == code::Op::constant) return value.tree->value;
  return std::nullopt;
}

std::optional<int64_t> constant_integer(const Value& value) {
  const Computed* computed = value.as<Computed>();
  if (!computed || !computed->scalar()) return std::nullopt;
  if (computed->integer) return computed->integer->as_integer();
  auto known = constant_of(*computed);
  if (!known) return std::nullopt;
  if (auto* integer = std::get_if<int64_t>(&*known)) return *integer;
  if (auto* truth = std::get_if<bool>(&*known); truth && computed->dtype.python())  // NumPy's bool is no index
    return *truth ? 1 : 0;
  return std::nullopt;
}

namespace {

std::string describe_scalar(DType dtype) {
  if (!dtype.python()) return "a " + dtype.name() + " scalar";
  return "a Python " + dtype.name().substr(2);
}

std::string dimensions(size_t rank) { return std::to_string(rank) + (rank == 1 ? " dimension" : " dimensions"); }

}  // namespace

std::string describe(const Value& value) {
  return base::match(
      value.content, [](const Unbound&) { return std::string("an unbound name"); },
      [](const MaybeUnbound& m) { return describe(*m.value); },
      [](const Array& a) { return "a " + a.dtype.name() + " array of " + dimensions(a.rank()); },
      [](const Computed& c) {
        return c.scalar() ? describe_scalar(c.dtype)
                          : "a " + c.dtype.name() + " array of " + dimensions(c.shape.size());
      },
      [](const TupleValue& t) {
        return (t.is_list ? "a list of " : "a tuple of ") + std::to_string(t.items.size()) + " items";
      },
      [](const SliceValue&) { return std::string("a slice"); }, [](const NoneObject&) { return std::string("None"); },
      [](const EllipsisObject&) { return std::string("an ellipsis"); },
      [](const Text&) { return std::string("a string"); },
      [](const DTypeObject& d) { return "the data type " + d.dtype.name(); },
      [](const Method& m) {
        const bool facet = m.name == "flags" || m.name == "flat" || m.name == "finfo" || m.name == "iinfo";
        return (facet ? "the attribute '" : "the method '") + m.name + "'";
      },
      [](const DictValue& d) { return "a dictionary of " + std::to_string(d.keys.size()) + " items"; },
      [](const LocalFunction& f) { return "the function '" + f.function.name + "'"; },
      [](const SparseValue& s) { return "a " + s.is.name(); }, [](const ObjectValue& o) { return "a " + o.path; },
      [](const StructureValue& s) { return "an object of class " + s.is.name; },
      [](const HostKnown& k) { return "'" + k.path + "'"; },
      [](const HostFunction& f) { return "the function '" + f.name + "'"; },
      [](const HostCallable& f) { return "the callable '" + f.name + "'"; },
      [](const HostClass& c) { return "the class '" + c.name + "'"; },
      [](const HostAnnotation&) { return std::string("an annotation"); },
      [](const HostOpaque& o) { return o.description; });
}

namespace {

bool is_known(const Value& value) {
  if (auto* tuple = value.as<TupleValue>()) return std::all_of(tuple->items.begin(), tuple->items.end(), is_known);
  return value.as<Array>() || value.as<Computed>() || value.as<NoneObject>() || value.as<SliceValue>() ||
         value.as<EllipsisObject>() || value.as<Unbound>();
}

}  // namespace

base::Diagnostic about(const Value& value, base::Diagnostic error) {
  return is_known(value) ? error : unsure(std::move(error));
}

base::Diagnostic unsure(base::Diagnostic error) {
  error.unsure = true;
  return error;
}

}  // namespace thalweg::frontend
