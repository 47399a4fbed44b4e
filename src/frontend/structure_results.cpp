// Objects among the results, and the fields of arguments that the caller finds changed.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

// What fields hold besides numbers and arrays: texts, and objects that the program only hands on.
bool Builder::form_of_constant(const Value& value, ResultForm& form) {
  if (auto* text = value.as<Text>()) {
    form.kind = ResultForm::Kind::text;
    form.keys.emplace_back(text->value);
    return true;
  }
  if (auto* function = value.as<HostFunction>()) form.made_by = function->handle;
  if (auto* callable = value.as<HostCallable>()) form.made_by = callable->handle;
  if (auto* of = value.as<HostClass>()) form.made_by = of->handle;
  if (auto* opaque = value.as<HostOpaque>()) form.made_by = opaque->handle;
  if (form.made_by >= 0) form.kind = ResultForm::Kind::constant;
  return form.made_by >= 0;
}

Status Builder::form_of_object(const StructureValue& object, ResultForm& form, std::vector<Value>& leaves,
                               const Span& span) {
  const ObjectRecord& record = objects_.at(object.identity);
  form.kind = ResultForm::Kind::object;
  form.argument = record.argument;
  form.made_by = object.is.handle;
  if (record.argument >= 0) return base::success();
  const auto known = std::find(returned_.begin(), returned_.end(), object.identity);
  form.identity = static_cast<int>(known - returned_.begin());
  form.again = known != returned_.end();
  if (form.again) return base::success();
  returned_.push_back(object.identity);
  if (returned_.size() > 1 &&
      std::any_of(returned_.begin(), returned_.end(), [&](const std::string& each) { return is_shared(each); }))
    return error("TW1047", span, "returning objects that may be one object, by the way taken, is not supported",
                 "make each of them anew: dataclasses.replace(object)");
  TW_TRY(Value origin, resolve(field_name(object.identity, kOriginField), span));
  if (constant_integer(origin) != 0) {
    form.asks = true;
    leaves.push_back(std::move(origin));
  }
  for (const std::string& field : std::vector<std::string>(record.fields)) {
    if (!scope_.names.count(field_name(object.identity, field))) continue;
    TW_TRY(Value value, resolve(field_name(object.identity, field), span));
    ++inside_object_;
    auto item = form_of(value, leaves, span);
    --inside_object_;
    if (!item) return std::move(item.error());
    form.keys.emplace_back(field);
    form.items.push_back(std::move(*item));
  }
  return base::success();
}

// The fields of arguments that the caller finds changed.
Status Builder::changed_fields(std::vector<Value>& leaves, const Span& span) {
  std::vector<std::pair<int, std::string>> arguments;
  for (const auto& [identity, record] : objects_)
    if (record.argument >= 0) arguments.emplace_back(record.argument, identity);
  std::sort(arguments.begin(), arguments.end());
  for (const auto& [argument, identity] : arguments)
    for (const std::string& field : std::vector<std::string>(objects_.at(identity).fields)) {
      const std::string name = field_name(identity, field);
      auto now = scope_.names.find(name), entry = entry_fields_.find(name);
      if (now == scope_.names.end()) continue;
      auto at = objects_.at(identity).assigned.find(field);
      const Span& place = at == objects_.at(identity).assigned.end() ? span : at->second;
      if (now->second.as<Unbound>() || now->second.as<MaybeUnbound>())
        return make_error("TW1106", place,
                          "whether the field '" + name + "' is made depends on the way taken, which is not supported",
                          "give the object that field before the call, or on every way");
      if (entry != entry_fields_.end() && same_value(now->second, entry->second)) {
        auto *a = now->second.as<Array>(), *b = entry->second.as<Array>();
        if (!a || a->own_object == b->own_object) continue;
      }
      auto* number = now->second.as<Computed>();
      if (number && number->mixed && (!number->weak || varies_at_run_time(*number->weak)))
        return make_error("TW1106", place, "'" + name + "' is Python's number on one way and NumPy's on another",
                          "convert what is assigned: float(...), int(...) or bool(...)");
      if (objects_read_.count(describe(Value(StructureValue{objects_.at(identity).is, identity, nullptr}))))
        return make_error("TW1106", place,
                          "assigning to '" + name +
                              "' is not supported where another object of its class is read that is no argument",
                          "pass that object as an argument, too");
      TW_TRY(Value value, resolve(name, span));
      ++inside_object_;
      auto form = form_of(value, leaves, place);
      --inside_object_;
      if (!form) return std::move(form.error());
      built_.changes.push_back({static_cast<size_t>(argument), field, std::move(*form)});
    }
  return base::success();
}

}  // namespace thalweg::frontend
