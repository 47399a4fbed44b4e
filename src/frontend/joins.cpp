// Where ways meet: names that mean different things get one meaning, a scalar container or a reference to arrays.
#include <algorithm>
#include <cmath>

#include "frontend/builder.h"

namespace thalweg::frontend {

bool Builder::same_value(const Value& a, const Value& b) const {
  if (a.content.index() != b.content.index()) return false;
  if (auto *x = a.as<Array>(), *y = b.as<Array>(); x) return *x == *y;
  if (auto *x = a.as<Computed>(), *y = b.as<Computed>(); x)
    return x->dtype == y->dtype && x->shape == y->shape && x->mixed == y->mixed && x->checks.empty() &&
           y->checks.empty() && !x->big == !y->big && (!x->big || *x->big == *y->big) &&
           (x->tree == y->tree || code::equal(*x->tree, *y->tree));
  if (auto *x = a.as<MaybeUnbound>(), *y = b.as<MaybeUnbound>(); x)
    return x->bound == y->bound && same_value(*x->value, *y->value);
  if (auto *x = a.as<SparseValue>(), *y = b.as<SparseValue>(); x)
    return x->is == y->is && x->shape == y->shape && x->parts == y->parts && x->transposed == y->transposed;
  if (auto *x = a.as<StructureValue>(), *y = b.as<StructureValue>(); x)
    return x->identity == y->identity && !x->behind == !y->behind &&
           (!x->behind || x->behind->handle == y->behind->handle);
  if (auto *x = parts_of(a), *y = parts_of(b); x) {
    auto all_same = [&](const std::vector<Value>& s, const std::vector<Value>& t) {
      return std::equal(s.begin(), s.end(), t.begin(), t.end(),
                        [&](const Value& v, const Value& w) { return same_value(v, w); });
    };
    if (auto* f = a.as<LocalFunction>())
      if (f->function.function != b.as<LocalFunction>()->function.function || f->maker != b.as<LocalFunction>()->maker)
        return false;
    if (auto* t = a.as<TupleValue>(); t && t->is_list && t->argument != b.as<TupleValue>()->argument) return false;
    if (auto* o = a.as<ObjectValue>(); o && o->path != b.as<ObjectValue>()->path) return false;
    if (auto* d = a.as<DictValue>(); d && !all_same(d->keys, b.as<DictValue>()->keys)) return false;
    return all_same(*x, *y);
  }
  auto same_parts = [&](const std::shared_ptr<Value>& x, const std::shared_ptr<Value>& y) {
    return !x == !y && (!x || same_value(*x, *y));
  };
  if (auto *x = a.as<SliceValue>(), *y = b.as<SliceValue>(); x)
    return same_parts(x->lower, y->lower) && same_parts(x->upper, y->upper) && same_parts(x->step, y->step);
  if (auto *x = a.as<Method>(), *y = b.as<Method>(); x) return x->name == y->name && same_parts(x->object, y->object);
  if (auto *x = a.as<Text>(), *y = b.as<Text>(); x) return x->value == y->value;
  if (auto *x = a.as<DTypeObject>(), *y = b.as<DTypeObject>(); x) return x->dtype == y->dtype;
  if (auto *x = a.as<HostKnown>(), *y = b.as<HostKnown>(); x) return x->path == y->path;
  if (auto *x = a.as<HostFunction>(), *y = b.as<HostFunction>(); x) return x->handle == y->handle;
  if (auto *x = a.as<HostCallable>(), *y = b.as<HostCallable>(); x) return x->handle == y->handle;
  if (auto *x = a.as<HostClass>(), *y = b.as<HostClass>(); x) return x->handle == y->handle;
  if (auto *x = a.as<HostOpaque>(), *y = b.as<HostOpaque>(); x) return x->handle == y->handle;
  if (auto *x = a.as<Unbound>(), *y = b.as<Unbound>(); x) return x->possibly == y->possibly;
  return a.as<NoneObject>() || a.as<EllipsisObject>();
}

Status Builder::join(std::vector<Branch>& branches, const NameSet& live, const Span& span) {
  std::vector<Branch*> arms;
  for (Branch& branch : branches)
    if (!branch.cursor.left) arms.push_back(&branch);
  if (arms.empty()) return base::success();
  if (arms.size() == 1) {
    scope_ = arms[0]->scope;
    return base::success();
  }
  NameSet names;
  for (Branch* arm : arms)
    for (const auto& [name, value] : arm->scope.names) names.insert(name);
  for (const auto& name : names) {
    std::vector<Value> values;
    for (Branch* arm : arms) {
      auto found = arm->scope.names.find(name);
      values.push_back(found == arm->scope.names.end() ? Value(Unbound{}) : found->second);
    }
    Value& joined = scope_.names[name];
    if (same_value(values[0], values[1])) {
      joined = values[0];
    } else if (!live.count(name) && !is_field(name)) {
      joined = Value(Unbound{"its value depends on the branch taken on line " + std::to_string(span.line)});
    } else if (std::any_of(values.begin(), values.end(),
                           [](const Value& v) { return v.as<Unbound>() || v.as<MaybeUnbound>(); })) {
      joined = Value(Unbound{"only one branch on line " + std::to_string(span.line) + " binds it", true});
    } else {
      TW_TRY(joined, join_values(name, arms, std::move(values), span));
    }
  }
  return base::success();
}

ValueResult Builder::join_values(const std::string& name, std::vector<Branch*>& arms, std::vector<Value> values,
                                 const Span& span) {
  if (same_value(values[0], values[1])) return values[0];
  auto all = [&](auto test) { return std::all_of(values.begin(), values.end(), test); };
  if (all([](const Value& v) { return v.as<Array>() != nullptr; })) {
    std::vector<Array> arrays;
    for (const Value& v : values) arrays.push_back(*v.as<Array>());
    return join_arrays(name, arms, std::move(arrays), span);
  }
  if (all([](const Value& v) { return v.as<Computed>() && v.as<Computed>()->scalar(); })) {
    std::vector<Computed> scalars;
    for (const Value& v : values) scalars.push_back(*v.as<Computed>());
    return join_scalars(name, arms, std::move(scalars), span);
  }
  auto *first = values[0].as<TupleValue>(), *second = values[1].as<TupleValue>();
  auto maker = [](const TupleValue& tuple) { return tuple.made_by ? tuple.made_by->handle : -1; };
  if (first && second && first->is_list == second->is_list && maker(*first) == maker(*second) &&
      first->items.size() == second->items.size()) {
    TupleValue out{{}, first->is_list};
    out.made_by = first->made_by;
    if (first->identity && second->identity)
      out.identity = first->identity == second->identity ? first->identity : ++lists_made_;
    out.made_at = depth();
    for (size_t i = 0; i < first->items.size(); ++i) {
      TW_TRY(Value item, join_values(name, arms, {first->items[i], second->items[i]}, span));
      out.items.push_back(std::move(item));
    }
    return Value(std::move(out));
  }
  if (auto *one = values[0].as<StructureValue>(), *other = values[1].as<StructureValue>(); one && other)
    return join_objects(name, arms, StructureValue(*one), StructureValue(*other), span);
  auto *one = values[0].as<ObjectValue>(), *other = values[1].as<ObjectValue>();
  if (one && other && one->path == other->path && one->parts.size() == other->parts.size()) {
    ObjectValue out{one->path, {}};
    for (size_t i = 0; i < one->parts.size(); ++i) {
      TW_TRY(Value part, join_values(name, arms, {one->parts[i], other->parts[i]}, span));
      out.parts.push_back(std::move(part));
    }
    return Value(std::move(out));
  }
  return error("TW1050", span,
               "'" + name + "' is " + describe(values[0]) + " on one way and " + describe(values[1]) + " on the other",
               "give it the same kind of value on both");
}

// The one type for a scalar that has type a on one way and b on the other.
Result<Computed> Builder::join_type(const std::string& name, const Computed& a, const Computed& b, const Span& span) {
  auto refuse = [&] {
    return error("TW1050", span,
                 "'" + name + "' is " + describe(Value(a)) + " on one way and " + describe(Value(b)) + " on the other",
                 "give it the same type on both, for example by starting from 0.0 or np.float64(0)");
  };
  Computed out{a.dtype, {}, nullptr};
  out.mixed = a.mixed || b.mixed;
  out.twin = a.mixed ? a.twin : b.twin;
  if (a.dtype == b.dtype) {
    if (a.mixed && b.mixed && a.twin != b.twin) return refuse();
    return out;
  }
  const Computed& weak = a.dtype.python() && (!b.dtype.python() || b.dtype == dtypes::pyfloat) ? a : b;
  const Computed& strong = &weak == &a ? b : a;
  if (!weak.dtype.python() || weak.mixed || (strong.mixed && strong.twin != weak.dtype)) return refuse();
  if (strong.dtype.python() && !(weak.dtype == dtypes::pyint && strong.dtype == dtypes::pyfloat)) return refuse();
  // The weak value must be the same number in the strong type.
  bool exact = weak.dtype == dtypes::pyfloat && strong.dtype == dtypes::float64;
  if (weak.dtype == dtypes::pyint && strong.dtype == dtypes::int64) exact = true;
  if (auto known = constant_of(weak)) {
    if (auto* integer = std::get_if<int64_t>(&*known); integer && weak.dtype == dtypes::pyint) {
      const IntegerRange range =
          strong.dtype.is_integer() ? integer_range(strong.dtype) : IntegerRange{-(1 << 11), 1 << 11};
      exact |= !strong.dtype.is_bool() && *integer >= range.low && *integer <= range.high;
      const bool wide = strong.dtype == dtypes::float64 || strong.dtype == dtypes::pyfloat;
      exact |= wide && std::abs(*integer) <= (int64_t{1} << 53);
    }
    if (auto* real = std::get_if<double>(&*known))
      exact |= strong.dtype == dtypes::float32 && static_cast<double>(static_cast<float>(*real)) == *real;
  }
  if (!exact) return refuse();
  out.dtype = strong.dtype;
  out.mixed = true;
  out.twin = weak.dtype;
  return out;
}

ValueResult Builder::join_scalars(const std::string& name, std::vector<Branch*>& arms, std::vector<Computed> values,
                                  const Span& span) {
  TW_TRY(Computed joined, join_type(name, values[0], values[1], span));
  const std::string container = new_scalar(name, joined.dtype);
  for (size_t i = 0; i < arms.size(); ++i) {
    const Cursor kept = std::exchange(cursor_, arms[i]->cursor);
    TW_TRY(Computed value, cast(values[i], joined.dtype, span));
    TW_TRY_VOID(emit_scalar(container, value, span));
    arms[i]->cursor = std::exchange(cursor_, kept);
  }
  joined.tree = code::input(container, joined.dtype);
  const auto first = weak_of(values[0], joined.twin), second = weak_of(values[1], joined.twin);
  if (joined.mixed && first && second)
    joined.weak = *first == *second ? *first : join_flags(name, arms, *first, *second);
  return Value(std::move(joined));
}

// Is it Python's at the end of the arm that was taken?
Expr Builder::join_flags(const std::string& name, std::vector<Branch*>& arms, const Expr& first, const Expr& second) {
  SymbolBounds bounds;
  bounds.low = 0;
  bounds.high = 1;
  return join_extents(name + "_is_python", arms, {first, second}, bounds);
}

ValueResult Builder::join_arrays(const std::string& name, std::vector<Branch*>& arms, std::vector<Array> values,
                                 const Span& span) {
  const Array& first = values[0];
  if (first.dtype != values[1].dtype || first.rank() != values[1].rank())
    return error("TW1050", span,
                 "'" + name + "' is " + describe(Value(first)) + " on one way and " + describe(Value(values[1])) +
                     " on the other",
                 "give it the same kind of value on both");
  for (const Array& value : values)
    TW_TRY_VOID(check_exchangeable(value, "let '" + name + "' mean one array or another", span));
  std::vector<Expr> shape = first.shape, strides = strides_of(first);
  const std::vector<Expr> other = strides_of(values[1]);
  for (size_t d = 0; d < first.rank(); ++d) {
    if (!equal_extents(shape[d], values[1].shape[d], span)) {
      SymbolBounds bounds;
      bounds.low = 0;
      shape[d] = join_extents(name + "_size", arms, {shape[d], values[1].shape[d]}, bounds);
    }
    if (strides[d] != other[d]) strides[d] = join_extents(name + "_stride", arms, {strides[d], other[d]}, {});
  }
  const std::string reference = new_reference(name, first.dtype, shape, strides);
  const auto order = order_of_copies({first}, span), other_order = order_of_copies({values[1]}, span);
  orders_[reference] = order && other_order && *order == *other_order ? *order : std::vector<size_t>();
  for (size_t i = 0; i < arms.size(); ++i) {
    const Cursor kept = std::exchange(cursor_, arms[i]->cursor);
    set_references({{reference, values[i]}}, span);
    arms[i]->cursor = std::exchange(cursor_, kept);
  }
  return Value(whole_array(reference, first.dtype, shape));
}

// A symbol that has one value at the end of each arm.
Expr Builder::join_extents(const std::string& base, std::vector<Branch*>& arms, const std::vector<Expr>& values,
                           SymbolBounds bounds) {
  const std::string symbol = fresh(base);
  bounds.at_run_time = true;
  declare_symbol(symbol, dtypes::int64, bounds);
  for (size_t i = 0; i < arms.size(); ++i) {
    const Cursor kept = std::exchange(cursor_, arms[i]->cursor);
    assign_together({{symbol, code::symbol(values[i])}});
    arms[i]->cursor = std::exchange(cursor_, kept);
  }
  return Expr::symbol(symbol);
}

std::vector<Expr> Builder::strides_of(const Array& array) const {
  std::vector<Expr> out(array.rank(), Expr(0));
  const ir::ContainerFields& fields = fields_of(array.container);
  for (size_t c = 0; c < array.axes.size(); ++c)
    if (array.axes[c].dim >= 0) {
      Expr& stride = out[static_cast<size_t>(array.axes[c].dim)];
      stride = stride + fields.strides[c] * array.axes[c].step;  // a diagonal goes along two
    }
  return out;
}

std::string Builder::new_reference(const std::string& name, DType dtype, const std::vector<Expr>& shape,
                                   const std::vector<Expr>& strides) {
  ir::ContainerFields fields;
  fields.name = fresh(name);
  fields.kind = ir::ContainerKind::reference;
  fields.dtype = dtype;
  fields.shape = shape;
  fields.strides = strides;
  fields.transient = true;
  const std::string made = fields.name;
  cursor_.sdfg->add_container(std::move(fields));
  return made;
}

// Reference := array, all at once in one state.
void Builder::set_references(const std::vector<std::pair<std::string, Array>>& sets, const Span& span) {
  if (sets.empty()) return;
  ir::State& state = new_state("set_" + sets.front().first, span);
  for (const auto& [reference, array] : sets) {
    ir::Container& container = cursor_.sdfg->container(reference);
    auto targets = container->targets;
    std::set<std::string> all(targets.begin(), targets.end());
    for (const auto& memory : memory_of(array.container)) all.insert(memory);
    container.set<&ir::ContainerFields::targets>(std::vector<std::string>(all.begin(), all.end()));
    ir::AccessNode& source = read_node(state, array.container, span);
    ir::AccessNode& target = state.add_access(reference);
    target.set_location({located(span)});
    target.add_in_connector({"set", std::nullopt});
    state.add_edge(source, "", target, "set", ir::memlet(array.container, subset_of(array)))
        .set_location({located(span)});
  }
  track_writable(sets);
}

}  // namespace thalweg::frontend
