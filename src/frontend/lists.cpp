// Lists whose items are known when compiling: a value like a tuple, and which list it is, for lists can be changed.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

size_t holders(const Value& value, int identity) {
  auto* list = value.as<TupleValue>();
  auto* dict = value.as<DictValue>();
  size_t count = (list && list->identity == identity) || (dict && dict->identity == identity) ? 1 : 0;
  if (auto* maybe = value.as<MaybeUnbound>()) count += holders(*maybe->value, identity);
  if (auto* method = value.as<Method>()) count += holders(*method->object, identity);
  if (auto* parts = parts_of(value))
    for (const Value& part : *parts) count += holders(part, identity);
  return count;
}

size_t holders(const Scope& scope, int identity) {
  size_t count = 0;
  for (const auto& [name, value] : scope.names) count += holders(value, identity);
  return count;
}

}  // namespace

Value Builder::new_list(std::vector<Value> items) {
  return Value(TupleValue{std::move(items), true, ++lists_made_, depth()});
}

// How many items something has, where each becomes a value of its own: a guard where the entry says it.
std::optional<int64_t> Builder::count_of_items(const Expr& count, const Span& span) {
  constexpr int64_t kMost = 64;  // found at the call: another build for each
  if (auto known = count.as_integer()) return known;
  const auto found = request_.assumptions->value(count, located(span), "how many items there are");
  return found && *found <= kMost ? found : std::nullopt;
}

// A list is a value here: it can be changed where one name alone holds it, and where it is sure that the change is made.
Status Builder::check_changeable(const Value& collection, const Span& span) const {
  auto* list = collection.as<TupleValue>();
  auto* dict = collection.as<DictValue>();
  const std::string what = dict ? "a dictionary" : "a list";
  const int identity = dict ? dict->identity : list->identity;
  size_t count = holders(scope_, identity);
  for (const Frame& frame : frames_)
    if (frame.waiting) count += holders(*frame.waiting, identity);
  if (identity == 0 || count != 1)
    return error("TW1093", span, "changing " + what + " that more than one name may hold is not supported",
                 dict ? "make a new one: {**items, key: value}" : "make a new list: items = items + [item]");
  if ((dict ? dict->made_at : list->made_at) != depth())
    return error("TW1093", span, "changing " + what + " in a loop or branch that it was not made in is not supported",
                 "fill an array, or loop over a tuple or a range of known length");
  return base::success();
}

// items[key] = value, where items is the name of a list or of a dictionary: was it that?
Result<bool> Builder::assign_item(const syntax::Subscript& target, const Value& value, const Span& span) {
  auto* name = std::get_if<syntax::Name>(&target.value->content);
  auto found = name ? scope_.names.find(name->id) : scope_.names.end();
  if (found == scope_.names.end()) return false;
  auto* list = found->second.as<TupleValue>();
  auto* dict = found->second.as<DictValue>();
  if (!dict && !(list && list->is_list)) return false;
  TW_TRY(Value index, evaluate(*target.index));
  const auto at = constant_integer(index);
  if (!dict && !at) return false;
  TW_TRY(Value item, settle(value, name->id, span));
  TW_TRY_VOID(check_changeable(found->second, span));
  if (dict) {
    DictValue changed = *dict;
    TW_TRY_VOID(put(changed, std::move(index), std::move(item), span));
    scope_.names[name->id] = Value(std::move(changed));
    return true;
  }
  TupleValue changed = *list;
  const int64_t size = static_cast<int64_t>(changed.items.size());
  if (*at < -size || *at >= size) return error("TW1035", span, "list assignment index out of range");
  changed.items[static_cast<size_t>(*at < 0 ? *at + size : *at)] = std::move(item);
  scope_.names[name->id] = Value(std::move(changed));
  return true;
}

// items.append(item), where items is the name of a list: was it that?
Result<bool> Builder::append_to_list(const syntax::Call& call, const Span& span) {
  auto* method = std::get_if<syntax::Attribute>(&call.function->content);
  auto* name = method ? std::get_if<syntax::Name>(&method->value->content) : nullptr;
  if (!name || (method->attribute != "append" && method->attribute != "extend")) return false;
  auto found = scope_.names.find(name->id);
  if (found == scope_.names.end() || !found->second.as<TupleValue>() || !found->second.as<TupleValue>()->is_list)
    return false;
  TW_TRY(CallArguments arguments, evaluate_arguments(call, span));
  if (arguments.positional.size() != 1 || !arguments.keywords.empty())
    return error("TW1026", span, method->attribute + "() of a list takes exactly one argument");
  TW_TRY(Value item, settle(arguments.positional[0], name->id, span));
  TW_TRY_VOID(check_changeable(scope_.names.at(name->id), span));
  TupleValue list = *scope_.names.at(name->id).as<TupleValue>();
  if (method->attribute == "append") {
    list.items.push_back(std::move(item));
  } else if (auto* more = item.as<TupleValue>()) {
    list.items.insert(list.items.end(), more->items.begin(), more->items.end());
  } else {
    return error("TW1093", span, "extending a list by " + describe(item) + " is not supported",
                 "append its items one by one");
  }
  scope_.names[name->id] = Value(std::move(list));
  return true;
}

}  // namespace thalweg::frontend
