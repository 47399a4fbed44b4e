// Calls back into CPython: an effect in a state of its own, announced in the build's notices.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

ValueResult Builder::call_back(const std::string& name, int handle, const CallArguments& arguments,
                               const std::optional<HostAnnotation>& result, const std::string& target,
                               const Span& span) {
  if (request_.strict)
    return error("TW1077", span, "the call of '" + name + "' would go back into CPython, which strict forbids",
                 "make '" + name + "' a @thalweg.program, or leave strict out");
  if (map_depth_ > 0)
    return error("TW1077", span, "the call of '" + name + "' would go back into CPython from inside a map",
                 "make '" + name + "' a @thalweg.program");
  if (has_states_)
    return error("TW1077", span, "the call of '" + name + "' would go back into CPython, where a generator may be used",
                 "make '" + name + "' a @thalweg.program, or make the generator inside");
  if (has_objects_)
    return error("TW1077", span,
                 "the call of '" + name + "' would go back into CPython, where an argument may be changed",
                 "make '" + name + "' a @thalweg.program");
  if (!arguments.keywords.empty())
    return error("TW1077", span, "a call back into CPython with keyword arguments is not supported",
                 "pass them by position");
  TW_TRY(Value returned, emit_callback(name, handle, arguments, result, target, span));
  built_.notices.push_back("line " + std::to_string(span.line) + ": call back into CPython: " + name + "(...)");
  return returned;
}

ValueResult Builder::emit_callback(const std::string& name, int handle, const CallArguments& arguments,
                                   const std::optional<HostAnnotation>& result, const std::string& target,
                                   const Span& span) {
  std::vector<std::pair<std::string, Array>> inputs, outputs;
  for (const Value& argument : arguments.positional) {
    Array passed;
    auto* number = argument.as<Computed>();
    if (number && number->scalar()) {
      TW_TRY(Computed kept, store_scalar(*number, "argument", span));
      passed = Array{kept.tree->name, kept.dtype, {}, {}};
    } else {
      TW_TRY(passed, materialize(argument, "argument", span));
      TW_TRY_VOID(check_sure(passed.container, span));
      TW_TRY_VOID(check_plain(passed, "hand it to CPython", span));
    }
    inputs.emplace_back("_in" + std::to_string(inputs.size()), passed);
  }
  Value returned(NoneObject{});
  if (result) {
    Array place;
    if (result->is_array) {
      std::vector<Expr> shape;
      for (const Expr& extent : result->shape) {
        TW_TRY(Expr size, sized(extent, {}, span));
        shape.push_back(std::move(size));
      }
      place = new_array(target, result->dtype, shape);
      returned = Value(place);
    } else {
      place = Array{new_scalar(target, result->dtype), result->dtype, {}, {}};
      returned = Value(Computed{result->dtype, {}, code::input(place.container, result->dtype)});
    }
    outputs.emplace_back("_out0", place);
  }
  size_t index = 0;
  while (index < built_.callbacks.size() && built_.callbacks[index] != handle) ++index;
  if (index == built_.callbacks.size()) {
    built_.callbacks.push_back(handle);
    auto names = root_->get().callbacks;
    names.push_back(name);
    root_->set<&ir::SDFGFields::callbacks>(std::move(names));
  }
  ir::LibraryNodeFields fields;
  fields.operation = "Callback";
  fields.label = "call_" + name;
  fields.attributes["function"] = static_cast<int64_t>(index);
  fields.attributes["order"] = static_cast<int64_t>(built_.notices.size());
  emit_library(std::move(fields), inputs, outputs, span);
  return returned;
}

// A call whose result is thrown away: inlined where the function's text is known and compiles.
Status Builder::call_or_call_back(const Value& function, const std::pair<std::string, int>& target,
                                  const CallArguments& arguments, const Span& span) {
  if (auto* plain = function.as<HostFunction>()) {
    const Checkpoint point = checkpoint();
    auto inlined = call_function(*plain, arguments, span);
    if (inlined) return evaluate_only(*inlined, span);
    const bool ours = frames_.back().definition;  // what a definition refuses is refused
    const bool draws =
        has_states_ || std::any_of(arguments.positional.begin(), arguments.positional.end(),
                                   [](const Value& value) { return value.as<ObjectValue>() != nullptr; });
    if (ours || draws || request_.strict || !inlined.error().is_left_to_cpython()) return std::move(inlined.error());
    restore(point);
  }
  TW_TRY(Value unused, call_back(target.first, target.second, arguments, std::nullopt, "", span));
  (void)unused;
  return base::success();
}

// name: annotation = value. An annotation says what a call back into CPython returns; elsewhere it is a comment.
Status Builder::annotated_assign(const syntax::AnnotatedAssign& node, const Span& span) {
  if (!node.value) return base::success();
  auto* name = std::get_if<syntax::Name>(&node.target->content);
  auto* call = std::get_if<syntax::Call>(&node.value->content);
  if (name) name_hint_ = name->id;
  if (call && name) {
    TW_TRY(Value function, evaluate(*call->function));
    if (auto target = callback_target(function)) {
      const HostObject annotation = host().evaluate_annotation(*node.annotation);
      auto* result = std::get_if<HostAnnotation>(&annotation);
      if (!result)
        return error("TW1078", node.annotation->span,
                     "this annotation does not say what '" + target->first + "' returns",
                     "write thalweg.float64[N], np.float64, float, ...");
      TW_TRY(CallArguments arguments, evaluate_arguments(*call, span));
      TW_TRY(Value value, call_back(target->first, target->second, arguments, *result, name->id, span));
      return assign_name(name->id, std::move(value), span);
    }
    TW_TRY(Value value, call_evaluated(function, *call, node.value->span));
    return assign(*node.target, std::move(value), span);
  }
  TW_TRY(Value value, evaluate(*node.value));
  return assign(*node.target, std::move(value), span);
}

}  // namespace thalweg::frontend
