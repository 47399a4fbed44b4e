// Lists whose items are known when compiling: a value like a tuple, and which list it is, for lists can be changed.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

size_t holders(const Value& value, int identity) {
  auto* list = value.as<TupleValue>();
  size_t count = list && list->identity == identity ? 1 : 0;
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
Status Builder::check_changeable(const TupleValue& list, const Span& span) const {
  size_t count = holders(scope_, list.identity);
  for (const Frame& frame : frames_)
    if (frame.waiting) count += holders(*frame.waiting, list.identity);
  if (list.identity == 0 || count != 1)
    return error("TW1093", span, "changing a list that more than one name may hold is not supported",
                 "make a new list: items = items + [item]");
  if (list.made_at != depth())
    return error("TW1093", span, "changing a list in a loop or branch that it was not made in is not supported",
                 "fill an array, or loop over a tuple or a range of known length");
  return base::success();
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
  TupleValue list = *scope_.names.at(name->id).as<TupleValue>();
  TW_TRY_VOID(check_changeable(list, span));
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
