// raise (and assert, which raises): CPython runs the statement when the program comes to it, so that class, message and
// line are its own. A definition of ours raises as a check that never holds.
#include <algorithm>
#include <set>

#include "base/match.h"
#include "frontend/builder.h"
#include "ir/code_names.h"

namespace thalweg::frontend {

namespace {

// The text between two places of a function's text. Columns count bytes.
std::string text_of(const syntax::Function& function, const Span& span) {
  size_t at = 0;
  auto place = [&](int line, int column) {
    at = 0;
    for (int l = function.source_first_line; l < line && at != std::string::npos; ++l) {
      at = function.source.find('\n', at);
      if (at != std::string::npos) ++at;
    }
    return at == std::string::npos ? function.source.size()
                                   : std::min(at + static_cast<size_t>(column), function.source.size());
  };
  const size_t begin = place(span.line, span.column), end = place(span.end_line, span.end_column);
  return begin < end ? function.source.substr(begin, end - begin) : "";
}

}  // namespace

// What a raise statement may say of an object: numbers, arrays, texts and None under "object.field".
void Builder::fields_for_raise(const std::string& name, const StructureValue& object, RaiseRequest& request,
                               CallArguments& values) const {
  for (const std::string& field : objects_.at(object.identity).fields) {
    auto found = scope_.names.find(field_name(object.identity, field));
    if (found == scope_.names.end()) continue;
    const Value& value = found->second;
    auto* number = value.as<Computed>();
    if (value.as<Array>() || (number && !number->mixed && !number->big)) {
      request.parameters.push_back(name + "." + field);
      values.positional.push_back(value);
    } else if (auto* text = value.as<Text>()) {
      request.constants.emplace_back(name + "." + field, HostText{text->value});
    } else if (value.as<NoneObject>()) {
      request.constants.emplace_back(name + "." + field, HostNone{});
    }
  }
}

Status Builder::raise_statement(const syntax::Raise& statement, const Span& span) {
  if (inside_definition()) return raise_of_definition(statement, span);
  if (map_depth_ > 0) return error("TW1041", span, "raise inside a map is not supported", "use a loop over range(...)");
  RaiseRequest request;
  const syntax::Function& function = *frames_.back().function;
  if (!statement.assertion)
    request.text = text_of(function, span);
  else if (statement.exception)
    request.text = text_of(function, statement.exception->span);
  request.assertion = statement.assertion;
  request.line = span.line;
  CallArguments values{{}, {}, span};
  std::string objects;
  for (const std::string& name : std::set<std::string>(statement.names.begin(), statement.names.end())) {
    if (!scope_.names.count(name)) continue;  // not a name of the function's own
    TW_TRY(Value value, resolve(name, span));
    if (auto* object = value.as<StructureValue>(); object && !object->behind) {
      const size_t before = request.parameters.size() + request.constants.size();
      fields_for_raise(name, *object, request, values);
      if (request.parameters.size() + request.constants.size() == before)
        return error("TW1041", span, "a raise that mentions '" + name + "', " + describe(value) + ", is not supported",
                     "put its text into the message");
      objects += objects.empty() ? name : "', '" + name;
      continue;
    }
    auto* number = value.as<Computed>();
    if (value.as<Array>() || (number && !number->mixed && !number->big)) {
      request.parameters.push_back(name);
      values.positional.push_back(std::move(value));
    } else if (auto* text = value.as<Text>()) {
      request.constants.emplace_back(name, HostText{text->value});
    } else if (value.as<NoneObject>()) {
      request.constants.emplace_back(name, HostNone{});
    } else {
      return error("TW1041", span, "a raise that mentions '" + name + "', " + describe(value) + ", is not supported",
                   "put its text into the message");
    }
  }
  const int handle = frames_.back().host->raising(request);
  if (handle < 0 && !objects.empty())
    return error("TW1041", span, "a raise that mentions more of '" + objects + "' than fields is not supported",
                 "bind what it needs to names of their own before");
  if (handle < 0) return error("TW1041", span, "raise is not supported here", "check the condition before the call");
  TW_TRY(Value unused, emit_callback("raise", handle, values, std::nullopt, "", span));
  (void)unused;
  cursor_.left = true;
  return base::success();
}

// NotImplementedError: what the definition does not do, found when compiling. Others: NumPy's own errors.
Status Builder::raise_of_definition(const syntax::Raise& statement, const Span& span) {
  auto* call = statement.exception ? std::get_if<syntax::Call>(&statement.exception->content) : nullptr;
  auto* reason =
      call && call->arguments.size() == 1 ? std::get_if<syntax::Constant>(&call->arguments[0]->content) : nullptr;
  auto* text = reason ? std::get_if<std::string>(&reason->value) : nullptr;
  if (!text) return error("TW1041", span, "a definition raises one of its exceptions with one text");
  auto* name = std::get_if<syntax::Name>(&call->function->content);
  auto* attribute = std::get_if<syntax::Attribute>(&call->function->content);
  const std::string raised = name ? name->id : attribute ? attribute->attribute : "";
  if (raised == "NotImplementedError") return error("TW1085", span, *text, "write it out with slices and loops");
  const std::optional<base::ErrorKind> kind = ir::code::find_exception(raised);
  if (!kind) return error("TW1041", span, "a definition does not raise '" + raised + "'");
  emit_check(code::constant(false, dtypes::pybool), *kind, *text, {}, located(span));
  cursor_.left = true;
  return base::success();
}

}  // namespace thalweg::frontend
