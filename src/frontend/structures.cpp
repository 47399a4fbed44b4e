// Objects of the user's classes: their fields, methods and properties, and how they are made. Fields are bound in the
// scope, so that branches join them and loops carry them as they do with names; methods are inlined.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

// A new identity; `hint` is what the object is called in messages.
StructureValue Builder::new_object(const HostClass& is, const std::string& hint, int argument) {
  std::string identity = hint;
  for (int i = 1; !taken_.insert(field_name(identity, "")).second; ++i) identity = hint + "#" + std::to_string(i);
  objects_[identity] = {is, {}, {}, argument, unsure_part_};
  scope_.names[field_name(identity, kOriginField)] = Value(integer_value(argument + 1));
  return {is, identity, nullptr};
}

bool Builder::is_shared(const std::string& identity) const {
  return scope_.names.count(field_name(identity, kSharedField)) > 0;
}

void Builder::mark_shared(const std::string& identity) {
  scope_.names[field_name(identity, kSharedField)] = Value(Text{"shared"});
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
  if (name == "__class__") return Value(object.is);
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
                 found.kind == Kind::read_only ? "give the property a setter"
                 : !has_room                   ? "declare it in the class"
                                               : "assign to a field of another name");
  return change_field(object, name, std::move(value), span);
}

Status Builder::change_field(const StructureValue& object, const std::string& name, Value value, const Span& span) {
  if (map_depth_ > 0)
    return error("TW1106", span, "assigning to a field of an object inside a map is not supported",
                 "use a loop over range(...), or write to elements of an array");
  if (objects_.at(object.identity).made_in != unsure_part_)
    return error("TW1106", span,
                 "assigning to '" + name + "' in an expression that may not be evaluated is not supported",
                 "write an if statement");
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

}  // namespace thalweg::frontend
