// Fields of objects on the ways through a program: calls, branches, loops, and what a name means that is one object or
// another.
#include <algorithm>

#include "base/planted.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

// What fields mean goes into a call and comes out of it.
void Builder::pass_fields(const Scope& from, Scope& to) {
  for (const auto& [name, value] : from.names)
    if (is_field(name)) to.names[name] = value;
}

// One object that is the first on one way and the second on the other. It may be read; nobody may change any of them.
ValueResult Builder::join_objects(const std::string& name, std::vector<Branch*>& arms, const StructureValue& first,
                                  const StructureValue& second, const Span& span) {
  auto refuse = [&](const std::string& why) {
    return error("TW1050", span, "'" + name + "' is one object or another, by the way taken, and " + why,
                 "give it objects of one class with the same fields on both");
  };
  if (first.is.handle != second.is.handle || first.behind || second.behind) return refuse("their classes differ");
  const StructureValue joined = new_object(first.is, name, -1);
  std::vector<std::string> fields = objects_.at(first.identity).fields;
  for (const std::string& field : objects_.at(second.identity).fields)
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
  fields.push_back(kOriginField);
  for (const std::string& field : fields) {
    std::vector<Value> values;
    for (size_t k = 0; k < 2; ++k) {
      auto found = arms[k]->scope.names.find(field_name((k == 0 ? first : second).identity, field));
      if (found == arms[k]->scope.names.end() || found->second.as<Unbound>() || found->second.as<MaybeUnbound>())
        return refuse("one of them may have no '" + field + "'");
      values.push_back(found->second);
    }
    const std::string bound = field_name(joined.identity, field);
    TW_TRY(scope_.names[bound], join_values(bound, arms, std::move(values), span));
    if (field != kOriginField) objects_.at(joined.identity).fields.push_back(field);
  }
  for (const std::string& identity : {first.identity, second.identity, joined.identity}) mark_shared(identity);
  return Value(joined);
}

// Fields where the last ways of a function meet.
Status Builder::join_fields(std::vector<Branch*>& arms, const Span& span) {
  if (arms.empty()) return base::success();
  if (arms.size() == 1) {
    pass_fields(arms[0]->scope, scope_);
    return base::success();
  }
  NameSet names;
  for (const Branch* arm : arms)
    for (const auto& [name, value] : arm->scope.names)
      if (is_field(name)) names.insert(name);
  for (const std::string& name : names) {
    auto first = arms[0]->scope.names.find(name), second = arms[1]->scope.names.find(name);
    const bool both = first != arms[0]->scope.names.end() && second != arms[1]->scope.names.end();
    if (both && same_value(first->second, second->second)) {
      scope_.names[name] = first->second;
    } else if (!both || first->second.as<Unbound>() || second->second.as<Unbound>() ||
               first->second.as<MaybeUnbound>() || second->second.as<MaybeUnbound>()) {
      scope_.names[name] = Value(Unbound{"only one branch on line " + std::to_string(span.line) + " binds it", true});
    } else {
      TW_TRY(scope_.names[name], join_values(name, arms, {first->second, second->second}, span));
    }
  }
  return base::success();
}

// A field that the body assigns is carried as a name is.
void Builder::carry_name(LoopPlan& plan, const std::string& name, const Value& entry) {
  plan.names.insert(name);
  if (auto* scalar = entry.as<Computed>()) plan.scalars.emplace(name, *scalar);
  if (auto* array = entry.as<Array>()) plan.arrays.emplace(name, *array);
}

// Names that mean another object from turn to turn mean one whose fields are carried.
Status Builder::enter_objects(LoopPlan& plan, LoopFrame& frame, const Span& span) {
  for (const auto& [name, sources] : plan.objects) {
    const StructureValue entry = *scope_.names.at(name).as<StructureValue>();
    const StructureValue carried = new_object(entry.is, name, -1);
    std::vector<std::string> fields = objects_.at(entry.identity).fields;
    objects_.at(carried.identity).fields = fields;
    fields.push_back(kOriginField);
    for (const std::string& field : fields) {
      const std::string bound = field_name(carried.identity, field);
      TW_TRY(Value value, resolve(field_name(entry.identity, field), span));
      carry_name(plan, bound, value);
      frame.objects[bound] = value;
      scope_.names[bound] = std::move(value);
    }
    frame.objects[name] = Value(carried);
    mark_shared(entry.identity);
    mark_shared(carried.identity);
    for (const std::string& source : sources)
      if (scope_.names.count(field_name(source, kOriginField))) mark_shared(source);
    scope_.names[name] = Value(carried);
  }
  return base::success();
}

// What the carried objects' fields are at the end of a turn.
void Builder::commit_objects(const LoopFrame& frame, std::map<std::string, Value>& values) const {
  for (const auto& [name, value] : scope_.names)
    if (is_field(name)) values[name] = value;
  for (const auto& [name, sources] : frame.plan->objects) {
    auto *now = scope_.names.at(name).as<StructureValue>(), *carried = frame.objects.at(name).as<StructureValue>();
    if (!now || now->identity == carried->identity) continue;
    for (const auto& [bound, value] : frame.objects)
      if (bound.starts_with(field_name(carried->identity, ""))) {
        auto found = scope_.names.find(now->identity + bound.substr(carried->identity.size()));
        values[bound] = found == scope_.names.end() ? Value(Unbound{}) : found->second;
      }
  }
}

// Fields alone are carried where a loop is left by return: no name is read then.
Status Builder::commit_fields(LoopFrame& frame, const Span& span) {
  std::map<std::string, Value> values;
  for (const auto& name : frame.plan->names) {
    auto found = scope_.names.find(name);
    values[name] = is_field(name) && found != scope_.names.end() ? found->second : Value(Unbound{});
  }
  for (const auto& [name, value] : scope_.names)
    if (is_field(name)) values[name] = value;
  TW_TRY_VOID(commit_scalars(frame, values, span));
  TW_TRY_VOID(commit_arrays(frame, values, span));
  frame.returns.push_back(std::move(values));
  return base::success();
}

// A value that leaves a loop must not mean what the fields that leave with it are written to. `fields`: those of the
// objects in it, which may have been made in the loop.
ValueResult Builder::apart_from_fields(Value value, std::map<std::string, Value>& fields, const Span& span) {
  if (auto* object = value.as<StructureValue>(); object && objects_.at(object->identity).argument < 0) {
    std::vector<std::string> names = objects_.at(object->identity).fields;
    names.push_back(kOriginField);
    for (const std::string& name : names) {
      const std::string bound = field_name(object->identity, name);
      auto found = scope_.names.find(bound);
      if (found == scope_.names.end() || fields.count(bound)) continue;
      fields[bound] = found->second;
      TW_TRY(fields[bound], apart_from_fields(found->second, fields, span));
    }
    return value;
  }
  if (auto* items = parts_of(value)) {
    for (Value& item : *items) {
      TW_TRY(item, apart_from_fields(std::move(item), fields, span));
    }
    return value;
  }
  for (const LoopFrame* loop : loops_) {
    if (loop->depth != frames_.size()) continue;
    auto* number = value.as<Computed>();
    for (const auto& [name, home] : loop->homes)
      if (is_field(name) && number && reads_container(*number, home.container)) {
        TW_TRY(Computed kept, store_scalar(*number, "result", span));
        return Value(std::move(kept));
      }
    auto changes = [&](const Expr& extent) {
      return extent.is_symbol() && loop->varying.count(extent.name()) && mentions_symbol(value, extent.name());
    };
    const bool changing = std::any_of(loop->arrays.begin(), loop->arrays.end(), [&](const CarriedArray& carried) {
      return is_field(carried.name) && (std::any_of(carried.like.shape.begin(), carried.like.shape.end(), changes) ||
                                        std::any_of(carried.strides.begin(), carried.strides.end(), changes));
    });
    if (changing && (!number || !number->scalar()))
      return error("TW1058", span,
                   "this is returned out of a loop that changes the size of a field's array, which is not supported",
                   "return it behind the loop");
    if (changing) {
      TW_TRY(Computed kept, store_scalar(*number, "result", span));
      return Value(std::move(kept));
    }
    auto* array = value.as<Array>();
    if (!array) continue;
    std::string base = array->container;
    for (auto viewed = views_.find(base); viewed != views_.end(); viewed = views_.find(base))
      base = viewed->second.container;
    for (const CarriedArray& carried : loop->arrays) {
      auto found = scope_.names.find(carried.name);
      if (!is_field(carried.name) || carried.reference != base || found == scope_.names.end()) continue;
      auto* now = found->second.as<Array>();
      if (now && *now == whole_array(base, carried.like.dtype, carried.like.shape)) continue;
      TW_TRY_VOID(check_exchangeable(*array, "return it", span));
      const Array kept = *array;
      const std::string reference = new_reference("result", kept.dtype, kept.shape, strides_of(kept));
      set_references({{reference, kept}}, span);
      Array own = whole_array(reference, kept.dtype, kept.shape);
      own.own_object = kept.own_object;
      return Value(std::move(own));
    }
  }
  return value;
}

// Does the plan know of every field and object that the body has changed? It learns of the others.
Result<bool> Builder::settle_objects(LoopPlan& plan, const LoopFrame& frame, const Scope& before, const Span& span) {
  bool settled = true;
  auto learn = [&](const std::map<std::string, Value>& arrival) {
    for (const auto& [name, value] : arrival) {
      auto entry = before.names.find(name);
      if (!is_field(name) || plan.names.count(name) || entry == before.names.end()) continue;
      if (entry->second.as<Unbound>() || same_value(value, entry->second)) continue;
      if (base::planted("frontend.fields_stay_in_loops")) continue;
      carry_name(plan, name, entry->second);
      settled = false;
    }
  };
  for (const auto& arrival : frame.arrivals) learn(arrival);
  for (const auto& arrival : frame.returns) learn(arrival);
  for (const auto& arrival : frame.arrivals)
    for (const std::string& name : NameSet(plan.names)) {
      auto* now = arrival.at(name).as<StructureValue>();
      if (!now) continue;
      auto found = before.names.find(name);
      auto* entry = found == before.names.end() ? nullptr : found->second.as<StructureValue>();
      if (!entry) {  // first bound inside: so are its fields
        for (const std::string& field : objects_.at(now->identity).fields)
          if (const std::string bound = field_name(now->identity, field); !before.names.count(bound))
            settled &= !plan.names.insert(bound).second;
        if (const std::string bound = field_name(now->identity, kOriginField); !before.names.count(bound))
          settled &= !plan.names.insert(bound).second;
        continue;
      }
      if (now->identity == entry->identity) continue;
      if (now->is.handle != entry->is.handle || now->behind || entry->behind)
        return error("TW1050", span, "'" + name + "' is an object of another class after an iteration",
                     "use another name for one of them");
      settled &= !plan.objects[name].insert(now->identity).second;
      const auto& fields = objects_.at(entry->identity).fields;
      for (const std::string& field : objects_.at(now->identity).fields)
        if (std::find(fields.begin(), fields.end(), field) == fields.end() &&
            arrival.count(field_name(now->identity, field)))
          return error("TW1050", span, "'" + name + "' has a field '" + field + "' only after an iteration",
                       "give it that field before the loop");
    }
  return settled;
}

}  // namespace thalweg::frontend
