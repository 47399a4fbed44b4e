// What assignment does to names, tuples of names, and elements of arrays.
#include <algorithm>

#include "base/planted.h"
#include "frontend/builder.h"
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

Status Builder::assign(const syntax::Expr& target, Value value, const Span& span) {
  if (auto* name = std::get_if<syntax::Name>(&target.content)) return assign_name(name->id, std::move(value), span);
  if (auto* tuple = std::get_if<syntax::Tuple>(&target.content)) return assign_tuple(tuple->elements, value, span);
  if (auto* list = std::get_if<syntax::List>(&target.content)) return assign_tuple(list->elements, value, span);
  if (auto* subscript_node = std::get_if<syntax::Subscript>(&target.content))
    return assign_elements(*subscript_node, value, span);
  if (auto* attribute = std::get_if<syntax::Attribute>(&target.content)) {
    TW_TRY(Value held, calls_out(*attribute->value) ? settle(value, "", span) : ValueResult(value));
    TW_TRY(Value object, evaluate(*attribute->value));
    if (auto* structure = object.as<StructureValue>())
      return assign_field(StructureValue(*structure), attribute->attribute, std::move(held), target.span);
    if (attribute->attribute == "flat") return flat_store(object, std::nullopt, held, span);
    TW_TRY(Array part, part_target(object, attribute->attribute, target.span));
    return store(part, held, span);
  }
  return error("TW1042", target.span, "this target of an assignment is not supported",
               "assign to a name or to elements of an array");
}

// a.real or a.imag of a complex array, a.real of any other, as what is assigned to.
Result<Array> Builder::part_target(const Value& object, const std::string& attribute, const Span& span) {
  if (object.as<SparseValue>())
    return error("TW1042", span, "this target of an assignment is not supported",
                 "the arrays of a sparse matrix stay what they are: write their elements, A.data[:] = ...");
  if (object.as<HostOpaque>())
    return error("TW1106", span,
                 "assigning to '" + attribute + "' of " + describe(object) +
                     " is not supported: it is no dataclass, or no argument",
                 "make its class a dataclass, and pass it as an argument");
  const bool real = attribute == "real";
  auto* array = object.as<Array>();
  if (array && (real || attribute == "imag")) {
    if (array->dtype.is_complex()) return part_of(*array, real ? Component::real : Component::imaginary);
    if (real) return *array;
  }
  return error("TW1042", span, "this target of an assignment is not supported",
               "assign to a name, to elements of an array, or to a.real and a.imag of a complex array");
}

// The same where it is updated in place; A.data of a sparse matrix as well.
Result<Array> Builder::updated_part(const Value& object, const std::string& attribute, const Span& span) {
  auto* matrix = object.as<SparseValue>();
  if (!matrix) return part_target(object, attribute, span);
  TW_TRY(Value part, attribute_of_sparse(*matrix, attribute, span));
  if (auto* array = part.as<Array>()) return *array;
  return part_target(object, attribute, span);
}

// A scalar name that a loop carries is written where it lives, unless another name still means the old value.
Status Builder::assign_name(const std::string& name, Value value, const Span& span) {
  auto home = scope_.homes.find(name);
  auto* found = value.as<Computed>();
  if (home != scope_.homes.end() && found && found->scalar() && found->dtype == home->second.dtype && !found->mixed) {
    const std::string& container = home->second.container;
    const bool itself = found->tree->op == code::Op::input && found->tree->name == container;
    const bool used_elsewhere = std::any_of(scope_.names.begin(), scope_.names.end(), [&](const auto& other) {
      return other.first != name && mentions(other.second, container);
    });
    if (!used_elsewhere) {
      if (!itself) TW_TRY_VOID(emit_scalar(container, *found, span));
      scope_.names[name] = Value(Computed{found->dtype, {}, code::input(container, found->dtype)});
      return base::success();
    }
  }
  TW_TRY(Value settled, settle(std::move(value), name, span));
  scope_.names[name] = std::move(settled);
  return base::success();
}

Status Builder::assign_tuple(const std::vector<syntax::ExprPtr>& targets, const Value& value, const Span& span) {
  std::vector<Value> items;
  auto starred = std::find_if(targets.begin(), targets.end(), [](const syntax::ExprPtr& target) {
    return std::holds_alternative<syntax::Starred>(target->content);
  });
  if (auto* tuple = value.as<TupleValue>()) {
    items = tuple->items;
  } else if (value.as<Array>() || value.as<Computed>()) {
    TW_TRY(Array array, materialize(value, "", span));
    auto count = array.rank() == 0 ? std::nullopt : count_of_items(array.shape[0], span);
    if (!count && array.rank() > 0 && starred == targets.end()) {  // as many as there are names, or an error
      count = static_cast<int64_t>(targets.size());
      const Expr extent = array.shape[0];
      const std::string expected = " values to unpack (expected " + std::to_string(*count);
      emit_check(symbolic::ge(extent, *count), base::ErrorKind::value, "not enough" + expected + ", got {0})", {extent},
                 span);
      emit_check(symbolic::le(extent, *count), base::ErrorKind::value, "too many" + expected + ", got {0})", {extent},
                 span);
    }
    if (!count)
      return unsure(error("TW1043", span, "the number of items to unpack is not known when compiling",
                          "index the array instead"));
    for (int64_t i = 0; i < *count; ++i) {
      TW_TRY(Value item, subscript(Value(array), Value(integer_value(i)), span));
      items.push_back(std::move(item));
    }
  } else {
    if (value.as<SparseValue>()) TW_TRY_VOID(no_sparse(value, span));
    return about(value, error("TW1043", span, "cannot unpack " + describe(value)));
  }
  if (starred != targets.end() && items.size() + 1 >= targets.size()) {  // what the others leave, as a list
    const auto begin = items.begin() + (starred - targets.begin());
    const auto end = begin + static_cast<std::ptrdiff_t>(items.size() + 1 - targets.size());
    Value rest = new_list(std::vector<Value>(begin, end));
    items.insert(items.erase(begin, end), std::move(rest));
  }
  if (items.size() != targets.size())
    return error("TW1043", span,
                 (items.size() < targets.size() ? "not enough" : "too many") +
                     std::string(" values to unpack (expected ") + std::to_string(targets.size()) + ", got " +
                     std::to_string(items.size()) + ")");
  // All right sides are taken before any name changes.
  for (size_t i = 0; i < items.size(); ++i) {
    auto* name = std::get_if<syntax::Name>(&targets[i]->content);
    TW_TRY(items[i], settle(std::move(items[i]), name ? name->id : "", span));
    auto* found = items[i].as<Computed>();
    const bool at_home = found && std::any_of(scope_.homes.begin(), scope_.homes.end(), [&](const auto& home) {
                           return reads_container(*found, home.second.container);
                         });
    if (at_home && targets.size() > 1 && !base::planted("frontend.tuple_in_sequence")) {
      TW_TRY(Computed kept, store_scalar(*found, name ? name->id : "", span));
      items[i] = Value(std::move(kept));
    }
  }
  for (size_t i = 0; i < items.size(); ++i) {
    auto* rest = std::get_if<syntax::Starred>(&targets[i]->content);
    TW_TRY_VOID(assign(rest ? *rest->value : *targets[i], items[i], span));
  }
  return base::success();
}

Status Builder::no_item_assignment(const Value& object, const Span& span) const {
  const auto* list = object.as<TupleValue>();
  if (object.as<SparseValue>()) TW_TRY_VOID(no_sparse(object, span));
  if (object.as<DictValue>())
    return error("TW1093", span, "changing a dictionary by this is not supported",
                 "give it a name, and write items[key] = value");
  if (list && list->is_list)
    return error("TW1093", span, "changing an item of a list is not supported", "make a new list, or use an array");
  return about(object, error("TW1044", span, describe(object) + " does not support item assignment"));
}

Status Builder::assign_elements(const syntax::Subscript& target, const Value& value, const Span& span) {
  Value held = value;
  if (calls_out(*target.value)) {
    TW_TRY(held, settle(value, "", span));
  }
  TW_TRY(Value object, evaluate(*target.value));
  auto* facet = object.as<Method>();
  auto* array = object.as<Array>();
  if (!array && !(facet && facet->name == "flat")) {
    TW_TRY(const bool changed, assign_item(target, held, span));
    return changed ? base::success() : no_item_assignment(object, span);
  }
  TW_TRY(Value index, evaluate_index(*target.index));
  return array ? store_elements(Array(*array), index, held, span) : flat_store(*facet->object, index, held, span);
}

Status Builder::store_elements(const Array& whole, const Value& index, const Value& held, const Span& span) {
  TW_TRY(bool open, may_write(whole, held, span));
  if (!open) return base::success();
  std::vector<Value> items{index};
  if (auto* tuple = index.as<TupleValue>()) items = tuple->items;
  if (items.size() == 1 && is_mask(items[0])) {
    TW_TRY(Array mask, materialize(items[0], "mask", span));
    if (mask.rank() >= whole.rank()) {
      Value values = held;
      if (held.as<TupleValue>()) {
        TW_TRY(values, call_known("numpy.array", {{held, Value(DTypeObject{whole.dtype})}, {}, span}, span));
      }
      return store_masked(whole, mask, values, false, span);
    }
    items[0] = Value(mask);
  }
  for (Value& item : items) {  // in an array of indices uint64 wraps, where a number is an OverflowError
    if (auto* array = item.as<Array>(); !array || array->dtype != dtypes::uint64 || array->rank() == 0) continue;
    TW_TRY(Computed places, computed(item, span));
    TW_TRY(places, cast(places, dtypes::int64, span));
    item = Value(std::move(places));
  }
  for (const Value& item : items)
    if ((item.as<Array>() && item.as<Array>()->rank() > 0) || (item.as<Computed>() && !item.as<Computed>()->scalar()))
      return store_scattered(whole, items, held, span);
  TW_TRY(Array part, index_array(whole, items, span));
  return store(part, held, span);
}

Status Builder::store(const Array& target, const Value& value, const Span& span) {
  if (auto* tuple = value.as<TupleValue>()) {
    if (target.rank() == 0) return error("TW1045", span, "setting an array element with a sequence");
    const std::vector<Expr> count{Expr(static_cast<int64_t>(tuple->items.size()))};
    TW_TRY_VOID(broadcast_to(count, {target.shape.back()}, span));
    if (tuple->items.size() == 1) return store(target, tuple->items[0], span);
    for (size_t i = 0; i < tuple->items.size(); ++i) {
      std::vector<Value> place{Value(EllipsisObject{}), Value(integer_value(static_cast<int64_t>(i)))};
      TW_TRY(Array part, index_array(target, place, span));
      TW_TRY_VOID(store(part, tuple->items[i], span));
    }
    return base::success();
  }
  TW_TRY(bool open, may_write(target, value, span));
  if (!open) return base::success();
  TW_TRY(Computed source, computed(value, span));
  if (target.rank() == 0 && !source.scalar())
    return error("TW1045", span, "setting an array element with a sequence", "write x[0] for its only element");
  TW_TRY_VOID(broadcast_to(source.shape, target.shape, span));
  auto* array = value.as<Array>();
  TW_TRY(source, array ? cast_for_store(source, target.dtype, span) : cast_for_item(source, target.dtype, span));
  TW_TRY(source, once(source, target.shape, span));
  const std::string label = "assign_" + target.container;
  if (!safe_in_place(source, target) && !base::planted("frontend.overlap_ignored")) {
    Array before = new_array("", target.dtype, source.shape);
    if (source.scalar()) {
      TW_TRY(Computed kept, store_scalar(source, "", span));
      return emit_computed(label, kept, target, span);
    }
    TW_TRY_VOID(emit_computed(before.container, source, before, span));
    return before.shape == target.shape ? emit_copy(before, target, span)
                                        : emit_computed(label, leaf(before), target, span);
  }
  if (array && *array == target) return base::success();
  if (array && array->shape == target.shape && array->dtype == target.dtype && array->container != target.container)
    return emit_copy(*array, target, span);
  return emit_computed(label, source, target, span);
}

// In place, a result is cast as NumPy's ufuncs do it.
Status Builder::check_same_kind(syntax::BinaryOperator op, const Value& result, DType target, const Span& span) const {
  const DType type = result.as<Array>() ? result.as<Array>()->dtype : result.as<Computed>()->dtype;
  if (same_kind(type, target) || base::planted("frontend.update_of_any_kind")) return base::success();
  return error("TW1046", span,
               std::string("UFuncTypeError: cannot cast ufunc '") + ufunc_name(op) + "' output from " + type.name() +
                   " to " + target.name() + " with casting rule 'same_kind'",
               "write a = a " + std::string("op value, or convert with .astype"));
}

// array *= value: NumPy fuses complex products, but not where the array has one element (docs/runtime.md).
ValueResult Builder::product_in_place(const Array& target, const Value& value, const Span& span) {
  const auto times = syntax::BinaryOperator::mul;
  TW_TRY(const Computed given, computed(value, span));
  const bool plain = target.dtype.is_complex() && common_type(target.dtype, given.dtype) == target.dtype;
  const Expr one = symbolic::eq(ir::total_elements(target.shape), 1);
  const auto known = plain ? ask(one, span, "whether this array has one element") : std::optional(false);
  if (known == false) return binary(times, Value(target), value, span);
  Value factor = value;
  if (given.scalar()) {
    TW_TRY(Computed number, cast(given, target.dtype, span));
    TW_TRY(number, store_scalar(number, "factor", span));
    factor = Value(std::move(number));
  } else if (value.as<Computed>()) {
    TW_TRY(Array stored, materialize(value, "factor", span));
    factor = Value(std::move(stored));
  }
  TW_TRY(Value product, binary(times, Value(target), factor, span));
  TW_TRY(Computed out, computed(product, span));
  TW_TRY(Computed read, computed(factor, span));
  TW_TRY(read, cast(read, target.dtype, span));
  const code::Ptr of_one = plain_product(leaf(target).tree, read.tree);
  out.tree = known ? of_one : code::make(code::Op::select, {condition_value(one).tree, of_one, out.tree});
  return Value(std::move(out));
}

// array op= value, in place, as the ufunc with out=array does it.
Status Builder::update(const Array& target, syntax::BinaryOperator op, const Value& value, const Span& span) {
  TW_TRY(bool open, may_write(target, value, span, true));
  if (!open) return base::success();
  const bool product = op == syntax::BinaryOperator::mul && (value.as<Array>() || value.as<Computed>());
  TW_TRY(Value result, product ? product_in_place(target, value, span) : binary(op, Value(target), value, span));
  TW_TRY_VOID(check_same_kind(op, result, target.dtype, span));
  const size_t rank = result.as<Array>() ? result.as<Array>()->rank() : result.as<Computed>()->shape.size();
  if (rank > target.rank() && target.rank() > 0)
    return error("TW1011", span,
                 "non-broadcastable output operand: " + std::to_string(target.rank()) + " dimensions, the result has " +
                     std::to_string(rank));
  if (op == syntax::BinaryOperator::matmul) {
    TW_TRY(const Computed made, computed(result, span));
    if (rank != target.rank())
      return error("TW1011", span,
                   "the product of @= has " + std::to_string(rank) + " dimensions, the array that it goes into has " +
                       std::to_string(target.rank()));
    TW_TRY_VOID(same_shape(*this, made.shape, target, span));
  }
  if (auto* number = result.as<Computed>();
      number && rank == 0 && !number->dtype.python()) {  // not as an element is set
    TW_TRY(result, cast_for_store(*number, target.dtype, span));
  }
  return store(target, result, span);
}

// items[0] += value, of a list or dictionary: an array among the items is updated in place.
Status Builder::update_item(const syntax::Subscript& place, const syntax::AugmentedAssign& node, const Value& object,
                            const Span& span) {
  auto* list = object.as<TupleValue>();
  if (!object.as<DictValue>() && !(list && list->is_list)) return no_item_assignment(object, span);
  TW_TRY(const Value index, evaluate(*place.index));
  TW_TRY(Value current, subscript(object, index, span));
  if (current.as<TupleValue>()) return no_item_assignment(object, span);  // a list would be extended in place
  TW_TRY(current, freeze_if_called(std::move(current), *node.value, span));
  TW_TRY(const Value value, evaluate(*node.value));
  if (auto* array = current.as<Array>()) {
    TW_TRY_VOID(update(Array(*array), node.op, value, span));
  } else {
    TW_TRY(current, binary(node.op, current, value, span));
  }
  TW_TRY(const bool changed, assign_item(place, current, span));
  return changed ? base::success() : no_item_assignment(object, span);
}

Status Builder::augmented_assign(const syntax::AugmentedAssign& node, const Span& span) {
  if (auto* name = std::get_if<syntax::Name>(&node.target->content)) {
    TW_TRY(Value current, resolve(name->id, node.target->span));
    if (!scope_.names.count(name->id))
      return error("TW1002", span, "'" + name->id + "' is not bound in this function", "bind it before this line");
    TW_TRY(current, freeze_if_called(std::move(current), *node.value, span));
    TW_TRY(Value value, evaluate(*node.value));
    if (auto* array = current.as<Array>()) {
      TW_TRY(bool combined, conflicting_update(*array, node.op, value, span));
      return combined ? base::success() : update(*array, node.op, value, span);
    }
    auto* list = current.as<TupleValue>();
    if (list && list->is_list) TW_TRY_VOID(check_changeable(*list, span));  // in place
    TW_TRY(Value result, binary(node.op, current, value, span));
    if (list && list->is_list && result.as<TupleValue>()) {
      result.as<TupleValue>()->identity = list->identity;
      result.as<TupleValue>()->made_at = list->made_at;
    }
    return assign_name(name->id, std::move(result), span);
  }
  if (auto* attribute = std::get_if<syntax::Attribute>(&node.target->content)) {
    TW_TRY(Value object, evaluate(*attribute->value));
    if (auto* structure = object.as<StructureValue>()) {
      const StructureValue held = *structure;
      TW_TRY(Value current, attribute_of_object(held, attribute->attribute, node.target->span));
      TW_TRY(current, freeze_if_called(std::move(current), *node.value, span));
      TW_TRY(Value value, evaluate(*node.value));
      auto* array = current.as<Array>();
      if (array) {  // in place, and then bound again
        TW_TRY_VOID(update(Array(*array), node.op, value, span));
      } else {
        if (auto* list = current.as<TupleValue>(); list && list->is_list) TW_TRY_VOID(check_changeable(*list, span));
        TW_TRY(current, binary(node.op, current, value, span));
      }
      return assign_field(held, attribute->attribute, std::move(current), node.target->span);
    }
    TW_TRY(Array part, updated_part(object, attribute->attribute, node.target->span));
    TW_TRY(Value value, evaluate(*node.value));
    TW_TRY(bool combined, conflicting_update(part, node.op, value, span));
    return combined ? base::success() : update(part, node.op, value, span);
  }
  auto* place = std::get_if<syntax::Subscript>(&node.target->content);
  if (!place) return error("TW1042", node.target->span, "this target of an assignment is not supported");
  TW_TRY(Value object, evaluate(*place->value));
  if (auto* facet = object.as<Method>(); facet && facet->name == "flat") {
    TW_TRY(Value index, evaluate_index(*place->index));
    TW_TRY(Value before, flat_subscript(*facet->object, index, span));
    TW_TRY(before, freeze_if_called(std::move(before), *node.value, span));
    TW_TRY(Value value, evaluate(*node.value));
    TW_TRY(Value result, binary(node.op, before, value, span));
    return flat_store(*facet->object, index, result, span);
  }
  if (!object.as<Array>()) return update_item(*place, node, object, span);
  TW_TRY(Value index, evaluate_index(*place->index));
  std::vector<Value> items{index};
  if (auto* tuple = index.as<TupleValue>()) items = tuple->items;
  bool only_integers = items.size() == object.as<Array>()->rank();
  if (items.size() == 1 && is_mask(items[0])) {
    TW_TRY(Array mask, materialize(items[0], "mask", span));
    TW_TRY(Value value, evaluate(*node.value));
    const auto* computation = value.as<Computed>();
    const bool array = (value.as<Array>() && value.as<Array>()->rank() > 0) || (computation && !computation->scalar());
    if (array || mask.rank() < object.as<Array>()->rank())
      return update_with_arrays(*object.as<Array>(), Value(mask), {Value(mask)}, node.op, value, span);
    TW_TRY(Value result, binary(node.op, object, value, span));
    TW_TRY_VOID(check_same_kind(node.op, result, object.as<Array>()->dtype, span));
    return store_masked(*object.as<Array>(), mask, result, true, span);
  }
  for (const Value& item : items) {
    only_integers &= item.as<Computed>() != nullptr;
    if ((item.as<Array>() && item.as<Array>()->rank() > 0) || (item.as<Computed>() && !item.as<Computed>()->scalar())) {
      TW_TRY(Value value, evaluate(*node.value));
      return update_with_arrays(*object.as<Array>(), index, items, node.op, value, span);
    }
  }
  TW_TRY(Array part, index_array(*object.as<Array>(), items, span));
  Value before(part);
  if (only_integers) {
    TW_TRY(before, freeze_if_called(Value(leaf(part)), *node.value, span));
  }
  TW_TRY(Value value, evaluate(*node.value));
  TW_TRY(bool combined, conflicting_update(part, node.op, value, span));
  if (combined) return base::success();
  if (!only_integers) return update(part, node.op, value, span);
  // An element is read as a scalar, combined, and stored with assignment's own cast.
  TW_TRY(Value result, binary(node.op, before, value, span));
  return store(part, result, span);
}

}  // namespace thalweg::frontend
