// Objects of the user's classes: their fields, methods and properties, and how they are made. Fields are bound in the
// scope, so that branches join them and loops carry them as they do with names; methods are inlined.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

constexpr const char* kOrigin = "#origin";  // 1 + the argument that the object is, or 0: made here
constexpr const char* kShared = "#shared";  // bound where the object may be one of two

}  // namespace

// A new identity; `hint` is what the object is called in messages.
StructureValue Builder::new_object(const HostClass& is, const std::string& hint, int argument) {
  std::string identity = hint;
  for (int i = 1; !taken_.insert(field_name(identity, "")).second; ++i) identity = hint + "#" + std::to_string(i);
  objects_[identity] = {is, {}, {}, argument};
  scope_.names[field_name(identity, kOrigin)] = Value(integer_value(argument + 1));
  return {is, identity, nullptr};
}

bool Builder::is_shared(const std::string& identity) const {
  return scope_.names.count(field_name(identity, kShared)) > 0;
}

void Builder::mark_shared(const std::string& identity) {
  scope_.names[field_name(identity, kShared)] = Value(Text{"shared"});
}

Status Builder::set_field(const StructureValue& object, const std::string& field, Value value, const Span& span) {
  std::vector<std::string>& fields = objects_.at(object.identity).fields;
  if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
  objects_.at(object.identity).assigned[field] = located(span);
  return assign_name(field_name(object.identity, field), std::move(value), span);
}

// A tuple or a list that is an argument.
ValueResult Builder::tuple_argument(const std::string& name, const StructureArgument& argument) {
  TupleValue tuple;
  auto* known = std::get_if<HostKnown>(&argument.is);
  tuple.is_list = known && known->path == "builtins.list";
  tuple.argument = static_cast<int>(argument.index);
  has_objects_ = has_objects_ || tuple.is_list;
  if (auto* named = std::get_if<HostCallable>(&argument.is))
    tuple.made_by = std::make_shared<const HostCallable>(*named);
  for (const StructureField& field : argument.fields) {
    auto* inner = std::get_if<StructureArgument>(&field.argument);
    TW_TRY(Value item, inner ? structure_argument(name + "[" + field.name + "]", *inner)
                             : argument_value(field.container, field.argument));
    tuple.items.push_back(std::move(item));
  }
  return Value(std::move(tuple));
}

ValueResult Builder::structure_argument(const std::string& name, const StructureArgument& argument) {
  auto* is = std::get_if<HostClass>(&argument.is);
  if (!is) return tuple_argument(name, argument);
  if (argument.same_as >= 0)
    for (const auto& [identity, record] : objects_)
      if (record.argument == argument.same_as) return Value(StructureValue{*is, identity, nullptr});
  has_objects_ = true;
  const StructureValue object = new_object(*is, name, static_cast<int>(argument.index));
  for (const StructureField& field : argument.fields) {
    const std::string bound = field_name(object.identity, field.name);
    auto* inner = std::get_if<StructureArgument>(&field.argument);
    TW_TRY(Value value, inner ? structure_argument(bound, *inner) : argument_value(field.container, field.argument));
    objects_.at(object.identity).fields.push_back(field.name);
    entry_fields_[bound] = value;
    scope_.names[bound] = std::move(value);
  }
  return Value(object);
}

const HostMember& Builder::member(const HostClass& of, const std::string& name, bool setting, const HostClass* behind) {
  const auto key = std::tuple(of.handle, behind ? behind->handle : -1, setting, name);
  auto found = members_.find(key);
  if (found == members_.end()) found = members_.emplace(key, host().member(of, name, setting, behind)).first;
  return found->second;
}

// What the class has under this name, seen through the object or through the class itself.
ValueResult Builder::member_value(const Value& holder, const HostMember& found, const std::string& name,
                                  const Span& span) {
  using Kind = HostMember::Kind;
  const bool of_object = holder.as<StructureValue>() != nullptr;
  if (found.kind == Kind::class_method || (found.kind == Kind::method && of_object))
    return Value(Method{std::make_shared<Value>(holder), name});
  if (found.kind == Kind::method || found.kind == Kind::function || found.kind == Kind::value)
    return from_host(found.object, name, span);
  if (found.kind == Kind::none)
    return unsure(error("TW1024", span, describe(holder) + " has no attribute '" + name + "' that is supported here"));
  return error("TW1105", span,
               "the attribute '" + name + "' of " + describe(holder) + " is not supported: it is computed",
               "methods, properties and plain values are; bind it to a field before the call");
}

ValueResult Builder::attribute_of_object(const StructureValue& object, const std::string& name, const Span& span) {
  const HostMember& found = member(object.is, name, false, object.behind.get());
  if (found.kind == HostMember::Kind::property) {
    auto* getter = std::get_if<HostFunction>(&found.object);
    if (!getter) return error("TW1029", span, "the source of '" + object.is.name + "." + name + "' is not available");
    return call_function(*getter, {{Value(StructureValue{object.is, object.identity, nullptr})}, {}, span}, span);
  }
  const std::string field = field_name(object.identity, name);
  if (!object.behind && scope_.names.count(field)) return resolve(field, span);
  return member_value(Value(object), found, name, span);
}

ValueResult Builder::attribute_of_class(const HostClass& of, const std::string& name, const Span& span) {
  if (name == "__name__") return Value(Text{of.name});
  return member_value(Value(of), member(of, name, false, nullptr), name, span);
}

// object.name(...), where the class has a function of that name.
ValueResult Builder::call_member(const Method& method, const CallArguments& arguments, const Span& span) {
  auto* object = method.object->as<StructureValue>();
  const HostClass& of = object ? object->is : *method.object->as<HostClass>();
  const HostMember& found = member(of, method.name, false, object ? object->behind.get() : nullptr);
  auto* function = std::get_if<HostFunction>(&found.object);
  if (!function) return error("TW1029", span, "the source of '" + of.name + "." + method.name + "' is not available");
  const bool of_class = found.kind == HostMember::Kind::class_method;
  CallArguments given = arguments;
  given.positional.insert(given.positional.begin(),
                          of_class ? Value(of) : Value(StructureValue{of, object->identity, nullptr}));
  return call_function(HostFunction(*function), given, span);
}

// Is this, by its text, an object or a class of the user's?
bool Builder::object_at(const syntax::Expr& expr) {
  std::vector<std::string> path;
  const syntax::Expr* at = &expr;
  while (auto* attribute = std::get_if<syntax::Attribute>(&at->content)) {
    path.push_back(attribute->attribute);
    at = attribute->value.get();
  }
  auto* name = std::get_if<syntax::Name>(&at->content);
  if (!name) return std::holds_alternative<syntax::Call>(at->content) && calls_out(*at);
  auto bound = scope_.names.find(name->id);
  if (bound == scope_.names.end()) {
    const HostObject found = host().resolve(name->id);
    return std::holds_alternative<HostClass>(found);
  }
  Value value = bound->second;
  for (; !path.empty(); path.pop_back()) {
    auto* object = value.as<StructureValue>();
    if (!object) return false;
    auto field = scope_.names.find(field_name(object->identity, path.back()));
    if (field == scope_.names.end()) return true;  // a property
    value = field->second;
  }
  return value.as<StructureValue>() || value.as<HostClass>();
}

// super() in a method: the same object, whose members are looked up behind the method's class.
ValueResult Builder::super_object(const Span& span) {
  const HostObject found = host().resolve("__class__");
  auto* of = std::get_if<HostClass>(&found);
  const std::vector<syntax::Parameter>& parameters = frames_.back().function->parameters;
  auto self = parameters.empty() ? scope_.names.end() : scope_.names.find(parameters.front().name);
  auto* object = self == scope_.names.end() ? nullptr : self->second.as<StructureValue>();
  if (!of || !object) return error("TW1028", span, "'builtins.super' is not supported here", "name the class");
  return Value(StructureValue{object->is, object->identity, std::make_shared<const HostClass>(*of)});
}

Status Builder::assign_field(const StructureValue& object, const std::string& name, Value value, const Span& span) {
  using Kind = HostMember::Kind;
  const HostMember& found = member(object.is, name, true, nullptr);
  if (object.is.frozen)
    return error("TW1106", span, "FrozenInstanceError: cannot assign to field '" + name + "'",
                 "make another object: dataclasses.replace(object, " + name + "=...)");
  if (found.kind == Kind::property) {
    auto* setter = std::get_if<HostFunction>(&found.object);
    if (!setter) return error("TW1029", span, "the source of '" + object.is.name + "." + name + "' is not available");
    TW_TRY(Value unused, call_function(*setter, {{Value(object), std::move(value)}, {}, span}, span));
    (void)unused;
    return base::success();
  }
  const std::vector<std::string>& fields = objects_.at(object.identity).fields;
  const bool known = std::find(fields.begin(), fields.end(), name) != fields.end();
  const bool has_room = !object.is.slots || known ||
                        std::find(object.is.slots->begin(), object.is.slots->end(), name) != object.is.slots->end();
  if (found.kind == Kind::read_only || found.kind == Kind::other || !has_room || object.behind)
    return error("TW1106", span, "assigning to '" + name + "' of " + describe(Value(object)) + " is not supported",
                 "assign to a field of another name");
  return change_field(object, name, std::move(value), span);
}

Status Builder::change_field(const StructureValue& object, const std::string& name, Value value, const Span& span) {
  if (map_depth_ > 0)
    return error("TW1106", span, "assigning to a field of an object inside a map is not supported",
                 "use a loop over range(...), or write to elements of an array");
  if (is_shared(object.identity))
    return error("TW1106", span,
                 "assigning to '" + name + "' of an object that is one of two, by the way taken, is not supported",
                 "make another object: dataclasses.replace(object, " + name + "=...)");
  return set_field(object, name, std::move(value), span);
}

// object.__setattr__(self, name, value), as the __post_init__ of frozen classes does it.
ValueResult Builder::set_as_object(const CallArguments& arguments, const Span& span) {
  const std::vector<Value>& given = arguments.positional;
  auto* object = given.empty() ? nullptr : given[0].as<StructureValue>();
  auto* name = given.size() == 3 ? given[1].as<Text>() : nullptr;
  if (!object || !name || member(object->is, name->value, true, nullptr).kind == HostMember::Kind::property)
    return error("TW1106", span, "this use of object.__setattr__ is not supported", "write object.name = value");
  TW_TRY_VOID(change_field(*object, name->value, given[2], span));
  return Value(NoneObject{});
}

ValueResult Builder::made_by_factory(const HostObject& factory, const Span& span) {
  TW_TRY(Value function, from_host(factory, "factory", span));
  const CallArguments none{{}, {}, span};
  if (auto* known = function.as<HostKnown>(); known && known->path == "builtins.list") return new_list({});
  if (auto* known = function.as<HostKnown>(); known && known->path == "builtins.dict") return Value(DictValue{});
  if (auto* known = function.as<HostKnown>()) return call_known(known->path, none, span);
  if (auto* written = function.as<HostFunction>()) return call_function(*written, none, span);
  if (auto* of = function.as<HostClass>()) return make_object(*of, none, span);
  return error("TW1105", span, "the default factory of this field is not supported", "give the field a value here");
}

// Class(...): what the __init__ of a dataclass does, or the __init__ that the user wrote, inlined.
ValueResult Builder::make_object(const HostClass& of, const CallArguments& arguments, const Span& span) {
  const HostConstruction how = host().construction(of);
  if (!how.refused.empty())
    return error("TW1105", span, "making an object of class '" + of.name + "' is not supported: " + how.refused,
                 "make it before the call and pass it as an argument");
  std::string hint = is_field(name_hint_) || name_hint_.empty() ? of.name : name_hint_;
  const StructureValue made = new_object(of, hint, -1);
  if (how.init) {
    auto* init = std::get_if<HostFunction>(&*how.init);
    if (!init) return error("TW1029", span, "the source of '" + of.name + ".__init__' is not available");
    CallArguments given = arguments;
    given.positional.insert(given.positional.begin(), Value(made));
    TW_TRY(Value unused, call_function(*init, given, span));
    (void)unused;
    return Value(made);
  }
  auto wrong = [&](const std::string& what) { return error("TW1026", span, of.name + ".__init__() " + what); };
  for (const auto& [name, value] : arguments.keywords)
    if (std::none_of(how.fields.begin(), how.fields.end(),
                     [&](const auto& field) { return field.parameter && field.name == name; }))
      return wrong("got an unexpected keyword argument '" + name + "'");
  size_t position = 0;
  std::vector<Value> for_post_init;
  for (const HostConstruction::Field& field : how.fields) {
    auto keyword = std::find_if(arguments.keywords.begin(), arguments.keywords.end(),
                                [&](const auto& each) { return each.first == field.name; });
    Value value;
    if (field.parameter && !field.keyword_only && position < arguments.positional.size()) {
      if (keyword != arguments.keywords.end()) return wrong("got multiple values for argument '" + field.name + "'");
      value = arguments.positional[position++];
    } else if (keyword != arguments.keywords.end()) {
      value = keyword->second;
    } else if (field.value) {
      TW_TRY(value, from_host(*field.value, field.name, span));
    } else if (field.factory) {
      TW_TRY(value, made_by_factory(*field.factory, span));
    } else if (field.parameter) {
      return wrong("is missing the argument '" + field.name + "'");
    } else {
      continue;
    }
    TW_TRY(value, settle(std::move(value), field.name, span));
    if (field.kept)
      TW_TRY_VOID(set_field(made, field.name, std::move(value), span));
    else
      for_post_init.push_back(std::move(value));
  }
  if (position < arguments.positional.size())
    return wrong("takes fewer positional arguments than " + std::to_string(arguments.positional.size()));
  if (how.post_init) {
    TW_TRY(Value unused,
           call_member({std::make_shared<Value>(made), "__post_init__"}, {for_post_init, {}, span}, span));
    (void)unused;
  }
  return Value(made);
}

// dataclasses.replace(object, name=value ...): another object, made of the fields of this one.
ValueResult Builder::replaced(const CallArguments& arguments, const Span& span) {
  auto* object = arguments.positional.size() == 1 ? arguments.positional[0].as<StructureValue>() : nullptr;
  const HostConstruction how = object ? host().construction(object->is) : HostConstruction{};
  if (!object || !how.refused.empty() || how.init)
    return error("TW1105", span, "this use of dataclasses.replace is not supported",
                 "it is for an object of a dataclass whose __init__ is not written by hand");
  CallArguments given{{}, arguments.keywords, span};
  for (const HostConstruction::Field& field : how.fields) {
    const bool changed = std::any_of(given.keywords.begin(), given.keywords.end(),
                                     [&](const auto& each) { return each.first == field.name; });
    if (!field.parameter && changed)
      return error("TW1105", span, "the field '" + field.name + "' is declared with init=False and cannot be replaced",
                   "leave it out");
    if (!field.parameter || changed || (!field.kept && (field.value || field.factory))) continue;
    if (!field.kept)
      return error("TW1105", span, "the value of '" + field.name + "', an InitVar, must be given to replace()",
                   "write " + field.name + "=...");
    TW_TRY(Value value, attribute_of_object(*object, field.name, span));
    given.keywords.emplace_back(field.name, std::move(value));
  }
  return make_object(object->is, given, span);
}

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
  fields.push_back(kOrigin);
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
    if (field != kOrigin) objects_.at(joined.identity).fields.push_back(field);
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
      scope_.names[name] = Value(Unbound{"only one branch on line " + std::to_string(span.line) + " binds it"});
    } else {
      TW_TRY(scope_.names[name], join_values(name, arms, {first->second, second->second}, span));
    }
  }
  return base::success();
}

// ---- results

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
  TW_TRY(Value origin, resolve(field_name(object.identity, kOrigin), span));
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
      if (number && number->mixed && !number->weak)
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

// ---- loops

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
    fields.push_back(kOrigin);
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
      if (scope_.names.count(field_name(source, kOrigin))) mark_shared(source);
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
  if (auto* object = value.as<StructureValue>()) {
    std::vector<std::string> names = objects_.at(object->identity).fields;
    names.push_back(kOrigin);
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
    for (const CarriedArray& carried : loop->arrays) {
      auto now = scope_.names.find(carried.name);
      if (!is_field(carried.name) || now == scope_.names.end() || !mentions(value, carried.reference)) continue;
      auto* array = now->second.as<Array>();
      if (!array || array->container != carried.reference)
        return error("TW1058", span, "this array was '" + carried.name + "' before this loop gave that another one",
                     "copy it: return a.copy()");
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
        if (const std::string bound = field_name(now->identity, kOrigin); !before.names.count(bound))
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
