// Functions made inside the function being built: def and lambda, inlined where they are called.
#include "frontend/builder.h"

namespace thalweg::frontend {

// Defaults are evaluated here, once; everything else when the function is called.
ValueResult Builder::make_function(const std::shared_ptr<const syntax::Function>& function, const Span& span) {
  LocalFunction made;
  made.function.handle = -1;
  made.function.name = function->name;
  made.function.function = function;
  made.function.host = std::shared_ptr<Host>(std::shared_ptr<Host>(), frames_.back().host);  // outlives the build
  made.function.is_definition = frames_.back().definition;
  made.function.is_python = frames_.back().definition && !frames_.back().in_rows;
  made.maker = frames_.back().number;
  for (const syntax::Parameter& parameter : function->parameters) {
    Value value;
    if (parameter.default_value) {
      TW_TRY(value, evaluate(*parameter.default_value));
      TW_TRY(value, settle(std::move(value), parameter.name, span));
    }
    made.held.push_back(std::move(value));
  }
  return Value(std::move(made));
}

// The call that made these functions ends: its names change no more.
void Builder::keep_what_ended(Value& value, int call, std::set<const syntax::Function*> inside) const {
  if (auto* parts = parts_of(value))
    for (Value& part : *parts) keep_what_ended(part, call, inside);
  auto* local = value.as<LocalFunction>();
  if (!local || local->maker != call || local->ended) return;
  if (!inside.insert(local->function.function.get()).second) return;  // it calls itself: refused when it is called
  local->ended = true;
  for (const std::string& name : free_names(*local->function.function))
    if (auto found = scope_.names.find(name); found != scope_.names.end()) {
      local->kept.push_back(name);
      local->held.push_back(found->second);
      keep_what_ended(local->held.back(), call, inside);
    }
}

// A function inside another one sees the names around it as they are when it is called. It cannot bind them, so they do
// not change while it runs.
Status Builder::take_from_around(const LocalFunction& local, Scope& inner, const Span& span) {
  const size_t parameters = local.held.size() - local.kept.size();
  for (size_t i = 0; i < local.kept.size(); ++i) inner.names[local.kept[i]] = local.held[parameters + i];
  if (local.ended) return base::success();
  const Scope* around = nullptr;
  for (const Frame& frame : frames_)
    if (frame.number == local.maker) around = frame.waiting ? frame.waiting : &scope_;
  if (!around)
    return error("TW1021", span,
                 "calling '" + local.function.name + "' after the function that made it has returned is not supported",
                 "pass what it needs as arguments");
  for (const std::string& name : free_names(*local.function.function))
    if (auto found = around->names.find(name); found != around->names.end()) inner.names[name] = found->second;
  return base::success();
}

// (name := value): bound where every way through the statement comes by.
ValueResult Builder::evaluate_walrus(const syntax::Walrus& walrus, const Span& span) {
  if (perhaps_ > 0 || map_depth_ > 0)
    return error("TW1021", span, "binding '" + walrus.name + "' by := where it may not come to that is not supported",
                 "bind it in a statement of its own before");
  const std::string hint = std::exchange(name_hint_, walrus.name);
  TW_TRY(Value value, evaluate(*walrus.value));
  TW_TRY_VOID(assign_name(walrus.name, std::move(value), span));
  name_hint_ = hint;
  return resolve(walrus.name, span);
}

}  // namespace thalweg::frontend
