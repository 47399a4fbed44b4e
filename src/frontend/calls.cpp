// Calls: NumPy's and Python's functions, methods, data types, other programs (inlined here).
#include <algorithm>

#include "base/match.h"
#include "frontend/builder.h"
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

Result<CallArguments> Builder::evaluate_arguments(const syntax::Call& call, const Span& span) {
  CallArguments out{{}, {}, span};
  std::vector<const syntax::Expr*> later;
  for (const auto& argument : call.arguments) later.push_back(argument.get());
  for (const auto& keyword : call.keywords) later.push_back(keyword.value.get());
  const std::string hint = std::exchange(name_hint_, "");
  for (size_t i = 0; i < later.size(); ++i) {
    const bool positional = i < call.arguments.size();
    if (auto* starred = std::get_if<syntax::Starred>(&later[i]->content)) {
      TW_TRY_VOID(unpack_argument(*starred, out));
      continue;
    }
    if (!positional && call.keywords[i - call.arguments.size()].name.empty()) {
      TW_TRY_VOID(unpack_keywords(*later[i], out));
      continue;
    }
    TW_TRY(Value value, evaluate(*later[i]));
    for (size_t j = i + 1; j < later.size(); ++j) {
      TW_TRY(value, freeze_if_called(std::move(value), *later[j], later[i]->span));
    }
    if (positional)
      out.positional.push_back(std::move(value));
    else
      out.keywords.emplace_back(call.keywords[i - call.arguments.size()].name, std::move(value));
  }
  name_hint_ = hint;
  return out;
}

// f(*items)
Status Builder::unpack_argument(const syntax::Starred& argument, CallArguments& into) {
  TW_TRY(Value items, evaluate(*argument.value));
  if (auto* array = items.as<Array>(); array && array->rank() > 0) {
    TW_TRY(items, call_known("builtins.tuple", {{items}, {}, argument.value->span}, argument.value->span));
  }
  auto* tuple = items.as<TupleValue>();
  if (!tuple)
    return error("TW1021", argument.value->span, "unpacking " + describe(items) + " with * is not supported",
                 "a tuple or a list can be unpacked; write other arguments out");
  into.positional.insert(into.positional.end(), tuple->items.begin(), tuple->items.end());
  return base::success();
}

// f(**items)
Status Builder::unpack_keywords(const syntax::Expr& argument, CallArguments& into) {
  TW_TRY(Value items, evaluate(argument));
  auto* dict = items.as<DictValue>();
  if (!dict)
    return error("TW1021", argument.span, "unpacking " + describe(items) + " with ** is not supported",
                 "a dictionary made here can be unpacked; write other arguments out");
  for (size_t i = 0; i < dict->keys.size(); ++i) {
    auto* name = dict->keys[i].as<Text>();
    if (!name) return error("TW1026", argument.span, "keywords must be strings");
    into.keywords.emplace_back(name->value, dict->values[i]);
  }
  return base::success();
}

std::optional<std::pair<std::string, int>> Builder::callback_target(const Value& function) const {
  if (auto* callable = function.as<HostCallable>()) return std::pair{callable->name, callable->handle};
  if (auto* plain = function.as<HostFunction>(); plain && !plain->is_program)
    return std::pair{plain->name, plain->handle};
  return std::nullopt;
}

namespace {

// The generator that is all that this function is called with, if the function takes all its items at once.
const syntax::Comprehension* items_for(const HostKnown& function, const syntax::Call& call) {
  if (call.arguments.size() != 1 || !call.keywords.empty()) return nullptr;
  auto* items = std::get_if<syntax::Comprehension>(&call.arguments[0]->content);
  if (!items || items->kind != syntax::Comprehension::Kind::generator) return nullptr;
  for (const char* path : {"builtins.sum", "builtins.min", "builtins.max", "builtins.tuple", "builtins.list"})
    if (function.path == path) return items;
  return nullptr;
}

}  // namespace

// A tuple of a class that has names for its items; all of them must be given.
ValueResult Builder::make_named_tuple(const HostCallable& made_by, const CallArguments& arguments, const Span& span) {
  TupleValue tuple{arguments.positional};
  for (size_t i = tuple.items.size(); i < made_by.fields.size(); ++i) {
    auto given = std::find_if(arguments.keywords.begin(), arguments.keywords.end(),
                              [&](const auto& keyword) { return keyword.first == made_by.fields[i]; });
    if (given == arguments.keywords.end()) break;
    tuple.items.push_back(given->second);
  }
  if (tuple.items.size() != made_by.fields.size() ||
      arguments.positional.size() + arguments.keywords.size() != tuple.items.size())
    return unsure(
        error("TW1026", span,
              made_by.name + "() takes " + std::to_string(made_by.fields.size()) + " items, by position or name"));
  tuple.made_by = std::make_shared<const HostCallable>(made_by);
  return Value(std::move(tuple));
}

ValueResult Builder::evaluate_call(const syntax::Call& call, const Span& span) {
  TW_TRY(Value function, evaluate(*call.function));
  return call_evaluated(function, call, span);
}

ValueResult Builder::call_evaluated(const Value& function, const syntax::Call& call, const Span& span) {
  if (auto* known = function.as<HostKnown>())
    if (const auto* items = items_for(*known, call)) {  // it takes every item of the generator, in order
      TW_TRY(Value list, evaluate_comprehension(*items, span));
      return call_known(known->path, {{std::move(list)}, {}, span}, span);
    }
  auto* named = function.as<HostCallable>();
  if (named && !named->fields.empty()) {
    TW_TRY(CallArguments arguments, evaluate_arguments(call, span));
    return make_named_tuple(*named, arguments, span);
  }
  if (auto* callable = function.as<HostCallable>())
    return error("TW1025", span, "what '" + callable->name + "' returns is not known before it is called",
                 "bind it to a name with an annotation: y: thalweg.float64[N] = " + callable->name + "(...)");
  TW_TRY(CallArguments arguments, evaluate_arguments(call, span));
  if (auto* local = function.as<LocalFunction>()) return call_function(local->function, arguments, span, local);
  if (auto* method = function.as<Method>(); method && method->object->as<DictValue>())
    return call_dict_method(*method->object->as<DictValue>(), method->name, arguments, span);
  if (auto* method = function.as<Method>(); method && method->object->as<SparseValue>())
    return sparse_dot(*method->object, arguments, span);
  if (auto* known = function.as<HostKnown>()) {
    if (known->path == "builtins.super" && arguments.positional.empty()) return super_object(span);
    if (known->path == "builtins.type" && arguments.positional.size() == 1)
      if (auto* object = arguments.positional[0].as<StructureValue>()) return Value(object->is);
    if (known->path == "dataclasses.replace") return replaced(arguments, span);
    if (known->path == "builtins.object.__setattr__") return set_as_object(arguments, span);
    return call_known(known->path, arguments, span);
  }
  if (auto* of = function.as<HostClass>()) return make_object(*of, arguments, span);
  if (auto* object = function.as<StructureValue>();
      object && member(object->is, "__call__", false, nullptr).kind == HostMember::Kind::method)
    return call_member({std::make_shared<Value>(function), "__call__"}, arguments, span);
  if (auto* method = function.as<Method>();
      method && (method->object->as<StructureValue>() || method->object->as<HostClass>()))
    return call_member(*method, arguments, span);
  if (auto* method = function.as<Method>(); method && (method->object->as<ObjectValue>() || method_path(method->name)))
    return call_method(*method, arguments, span);
  if (auto* program = function.as<HostFunction>()) return call_function(*program, arguments, span);
  if (auto* dtype = function.as<DTypeObject>()) {
    if (arguments.positional.size() != 1 || !arguments.keywords.empty())
      return error("TW1026", span, dtype->dtype.name() + "() takes one argument here");
    TW_TRY(Computed value, computed(arguments.positional[0], span));
    TW_TRY(value, cast_for_store(value, dtype->dtype, span));
    value.mixed = false;
    return Value(std::move(value));
  }
  return about(function, error("TW1027", span, describe(function) + " is not callable"));
}

// The parameters' names, bound to what the call gives them.
Status Builder::bind_parameters(const HostFunction& callee, const CallArguments& arguments, const LocalFunction* local,
                                Scope& inner, const Span& span) {
  const std::vector<syntax::Parameter>& parameters = callee.function->parameters;
  auto is_rest = [](const syntax::Parameter& p) { return p.rest; };
  const auto rest = std::find_if(parameters.begin(), parameters.end(), is_rest);
  auto named = [](const syntax::Parameter& p) { return !p.rest && !p.keywords; };
  auto takes_keywords = [](const syntax::Parameter& p) { return p.keywords; };
  const auto more = std::find_if(parameters.begin(), parameters.end(), takes_keywords);
  const size_t places = static_cast<size_t>(std::count_if(parameters.begin(), parameters.end(), named));
  if (rest == parameters.end() && arguments.positional.size() > places)
    return error("TW1026", span,
                 callee.name + "() takes " + std::to_string(places) + " arguments but " +
                     std::to_string(arguments.positional.size()) + " were given");
  TupleValue left;
  for (size_t i = 0; i < arguments.positional.size(); ++i) {
    if (rest != parameters.end() && i >= static_cast<size_t>(rest - parameters.begin())) {
      TW_TRY(Value bound, settle(arguments.positional[i], rest->name, span));
      left.items.push_back(std::move(bound));
      continue;
    }
    if (parameters[i].keyword_only)
      return error("TW1026", span, callee.name + "() takes '" + parameters[i].name + "' only as a keyword");
    TW_TRY(Value bound, settle(arguments.positional[i], parameters[i].name, span));
    inner.names[parameters[i].name] = std::move(bound);
  }
  DictValue left_keywords{{}, {}, ++lists_made_, depth()};
  for (const auto& [name, value] : arguments.keywords) {
    auto is_parameter = [&](const syntax::Parameter& p) { return p.name == name && !p.rest && !p.keywords; };
    const auto parameter = std::find_if(parameters.begin(), parameters.end(), is_parameter);
    if (parameter != parameters.end() && parameter->positional_only && more == parameters.end())
      return error("TW1026", span, callee.name + "() takes '" + name + "' only by position",
                   "write its value without a name");
    const bool known = parameter != parameters.end() && !parameter->positional_only;
    if (!known && more != parameters.end()) {
      TW_TRY(Value bound, settle(value, name, span));
      TW_TRY_VOID(put(left_keywords, Value(Text{name}), std::move(bound), span));
      continue;
    }
    if (!known) return error("TW1026", span, callee.name + "() got an unexpected keyword argument '" + name + "'");
    if (inner.names.count(name))
      return error("TW1026", span, callee.name + "() got multiple values for argument '" + name + "'");
    TW_TRY(Value bound, settle(value, name, span));
    inner.names[name] = std::move(bound);
  }
  if (rest != parameters.end()) inner.names[rest->name] = Value(std::move(left));
  if (more != parameters.end()) inner.names[more->name] = Value(std::move(left_keywords));
  for (size_t i = 0; i < parameters.size(); ++i) {
    const syntax::Parameter& parameter = parameters[i];
    if (inner.names.count(parameter.name)) continue;
    if (!parameter.has_default)
      return error("TW1026", span, callee.name + "() is missing the argument '" + parameter.name + "'");
    if (local) {
      inner.names[parameter.name] = local->held[i];
      continue;
    }
    // The host answers for a parameter's default under "name=".
    TW_TRY(Value bound, from_host(callee.host->resolve(parameter.name + "="), parameter.name, span));
    inner.names[parameter.name] = std::move(bound);
  }
  return base::success();
}

ValueResult Builder::call_function(const HostFunction& callee, const CallArguments& arguments, const Span& span,
                                   const LocalFunction* local) {
  const std::shared_ptr<const syntax::Function> function = callee.function;
  if (!function) return error("TW1029", span, "the source of '" + callee.name + "' is not available");
  for (const Frame& frame : frames_)
    if (frame.function == function.get())
      return error("TW1030", span, "'" + callee.name + "' calls itself", "write the recursion as a loop");
  Scope inner;
  if (callee.self >= 0) {
    CallArguments with_self = arguments;
    TW_TRY(Value self, from_host(callee.host->object(callee.self), "self", span));
    with_self.positional.insert(with_self.positional.begin(), std::move(self));
    TW_TRY_VOID(bind_parameters(callee, with_self, local, inner, span));
  } else {
    TW_TRY_VOID(bind_parameters(callee, arguments, local, inner, span));
  }
  for (const auto& name : assigned_names(function->body))
    if (!inner.names.count(name)) inner.names[name] = Value(Unbound{"it is not bound before this line"});
  if (local) TW_TRY_VOID(take_from_around(*local, inner, span));
  Frame frame{function.get(),
              callee.host.get(),
              std::make_shared<const Span>(located(span)),
              Liveness(function->body),
              name_hint_,
              {},
              callee.is_definition,
              callee.is_definition && !callee.is_python,
              {},
              ++calls_made_};
  if (callee.is_program) TW_TRY_VOID(bind_annotations(frame, inner, span));
  if (!callee.is_definition) pass_fields(scope_, inner);
  Scope outer = std::exchange(scope_, std::move(inner));
  frames_.back().waiting = &outer;
  const int outer_perhaps = std::exchange(perhaps_, 0);
  std::optional<Value> outer_result = std::exchange(result_, std::nullopt);
  frames_.push_back(std::move(frame));
  Status status = statements(sequence(function->body));
  const bool raised = cursor_.left && !result_;  // whatever way it takes: nothing comes after
  Value returned = result_ ? *result_ : Value(NoneObject{});
  // What the callee's names mean must not change when the caller goes on.
  keep_what_ended(returned, frames_.back().number);
  frames_.pop_back();
  frames_.back().waiting = nullptr;
  perhaps_ = outer_perhaps;
  if (!callee.is_definition) pass_fields(scope_, outer);
  scope_ = std::move(outer);
  result_ = std::move(outer_result);
  cursor_.left = raised;
  if (!status) return std::move(status.error());
  return returned;
}

}  // namespace thalweg::frontend
