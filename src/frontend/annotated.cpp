// What a program's annotations say when another program calls it: the same checks, conversions and values of symbols
// as when it is called from Python.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

// A symbol means what the innermost program around, whose annotations name it, was called with.
ValueResult Builder::symbol_value(const std::string& name, const Span& span) {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
    if (auto found = frame->sizes.find(name); found != frame->sizes.end()) return Value(integer_value(found->second));
  if (request_.symbols && std::count(request_.symbols->begin(), request_.symbols->end(), name) == 0)
    return error("TW1083", span, "symbol '" + name + "' has no value in this call",
                 "name it in the annotation of an argument, or pass it by keyword: " + name + "=...");
  add_entry_symbols(Expr::symbol(name), false);
  return Value(integer_value(Expr::symbol(name)));
}

// An extent of an annotation, with what its symbols stand for: `values`, and else what they mean here.
Result<Expr> Builder::sized(const Expr& extent, std::map<std::string, Expr> values, const Span& span) {
  std::set<std::string> names;
  symbolic::collect_symbols(extent, names);
  for (const std::string& name : names) {
    if (values.count(name)) continue;
    TW_TRY(Value value, symbol_value(name, span));
    values[name] = *value.as<Computed>()->integer;
  }
  return symbolic::substitute(extent, values);
}

// Checks the arguments of a call against the annotations of the callee and converts scalars; gives its symbols their values.
Status Builder::bind_annotations(Frame& callee, Scope& scope, const Span& span) {
  struct Extent {
    std::string parameter;
    size_t dimension;
    Expr expected, found;
  };
  std::vector<Extent> extents;
  for (const auto& parameter : callee.function->parameters) {
    if (!parameter.annotation) continue;
    const HostObject object = callee.host->evaluate_annotation(*parameter.annotation);
    auto* annotation = std::get_if<HostAnnotation>(&object);
    if (!annotation || (!annotation->is_array && annotation->dtype.python())) continue;
    Value& value = scope.names[parameter.name];
    auto mismatch = [&](const std::string& found) {
      return error(
          "TW1084", span,
          "argument " + parameter.name + " of " + callee.function->name + "() is annotated " +
              annotation->dtype.name() +
              (annotation->is_array ? " with " + std::to_string(annotation->shape.size()) + " dimensions" : "") +
              ", found " + found,
          "pass what the annotation says, or leave the annotation out");
    };
    auto* array = value.as<Array>();
    if (annotation->is_array) {
      if (!array || array->dtype != annotation->dtype || array->rank() != annotation->shape.size())
        return mismatch(describe(value));
      for (size_t d = 0; d < array->rank(); ++d) {
        const Expr& extent = annotation->shape[d];
        if (!extent.is_symbol() || !callee.sizes.emplace(extent.name(), array->shape[d]).second)
          extents.push_back({parameter.name, d, extent, array->shape[d]});
      }
      continue;
    }
    auto* number = value.as<Computed>();
    auto rank = [](DType t) { return t.is_bool() ? 0 : t.is_integer() ? 1 : t.is_float() ? 2 : 3; };
    if (!number || !number->scalar() || rank(number->dtype) > rank(annotation->dtype)) return mismatch(describe(value));
    TW_TRY(Computed converted, cast_for_store(*number, annotation->dtype, span));
    TW_TRY(value, settle(Value(std::move(converted)), parameter.name, span));
  }
  for (const Extent& check : extents) {
    TW_TRY(Expr expected, sized(check.expected, callee.sizes, span));
    if (equal_extents(check.found, expected, span)) continue;
    const std::string message = "argument " + check.parameter + " has extent {0} in dimension " +
                                std::to_string(check.dimension) + ", its annotation says " +
                                symbolic::to_string(check.expected) + " = {1}";
    emit_check(symbolic::eq(check.found, expected), base::ErrorKind::value, message, {check.found, expected}, span);
    facts_.assume(symbolic::eq(check.found, expected));
  }
  return base::success();
}

}  // namespace thalweg::frontend
