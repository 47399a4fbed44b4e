#include "frontend/harness.h"

#include <gtest/gtest.h>

#include "ir/verify.h"
#include "syntax/parse.h"
#include "text/text.h"

namespace thalweg::tests {

using namespace frontend;

namespace {

std::vector<std::string> split_arguments(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  for (char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' && depth == 0) {
      parts.push_back(part);
      part.clear();
    } else if (!(part.empty() && c == ' ')) {
      part += c;
    }
  }
  if (!part.empty()) parts.push_back(part);
  return parts;
}

std::vector<symbolic::Expr> shape(const std::string& text) {
  std::vector<symbolic::Expr> out;
  for (const auto& part : split_arguments(text)) {
    auto extent = symbolic::parse(part);
    TW_CHECK(extent.ok(), "a shape in a test");
    out.push_back(*extent);
  }
  return out;
}

HostAnnotation annotation_of(const std::string& text) {
  const size_t bracket = text.find('[');
  std::string name = text.substr(0, bracket);
  if (size_t dot = name.rfind('.'); dot != std::string::npos) name = name.substr(dot + 1);
  HostAnnotation out;
  if (bracket == std::string::npos && (name == "float" || name == "int" || name == "bool")) name = "py" + name;
  auto dtype = ir::find_dtype(name);
  TW_CHECK(dtype.has_value(), "a type in a test: " + text);
  out.dtype = *dtype;
  out.is_array = bracket != std::string::npos;
  if (out.is_array) out.shape = shape(text.substr(bracket + 1, text.size() - bracket - 2));
  return out;
}

}  // namespace

Argument argument(const std::string& text) {
  if (text == "int") return IntArgument{};
  if (text == "none") return FixedArgument{HostNone{}};
  const HostAnnotation annotation = annotation_of(text);
  if (annotation.is_array) return ArrayArgument{annotation.dtype, annotation.shape, {}};
  return ScalarArgument{annotation.dtype};
}

Argument structure(const std::string& name, const std::string& text) {
  StructureArgument out;
  out.is = HostClass{0, "State", false, {}, false};
  for (const std::string& part : split_arguments(text.substr(1, text.size() - 2))) {
    const std::string field = part.substr(0, part.find(':'));
    out.fields.push_back({field, name + "_" + field, argument(part.substr(field.size() + 2))});
  }
  return out;
}

HostObject FakeHost::resolve(const std::string& name) {
  if (auto found = names.find(name); found != names.end()) return found->second;
  if (name == "np") return HostKnown{"numpy"};
  if (name == "math") return HostKnown{"math"};
  if (name == "thalweg") return HostKnown{"thalweg"};
  for (const char* builtin : {"range", "len", "int", "float", "bool", "abs", "min", "max", "pow", "print"})
    if (name == builtin) return HostKnown{"builtins." + name};
  return HostUndefined{};
}

HostObject FakeHost::attribute(const HostObject& object, const std::string& attribute) {
  if (auto* known = std::get_if<HostKnown>(&object)) return HostKnown{known->path + "." + attribute};
  return HostUndefined{};
}

HostObject FakeHost::object(int handle) { return objects.at(static_cast<size_t>(handle)); }

HostObject FakeHost::evaluate_annotation(const syntax::Expr& annotation) {
  return annotation_of(syntax::to_string(annotation));
}

bool FakeAssumptions::assume(const symbolic::Expr& condition, const base::Span&, const std::string&) {
  if (general) return false;
  granted.push_back(symbolic::to_string(condition));
  return true;
}

std::optional<int64_t> FakeAssumptions::value(const symbolic::Expr& expr, const base::Span&, const std::string&) {
  if (auto known = expr.as_integer()) return known;
  return symbolic::evaluate(expr, values);
}

Program::Program(std::string text) {
  const size_t open = text.find('('), close = text.find("):");
  function.name = text.substr(4, open - 4);
  for (const auto& part : split_arguments(text.substr(open + 1, close - open - 1))) {
    const size_t colon = part.find(':');
    syntax::Parameter parameter;
    parameter.name = part.substr(0, colon);
    function.parameters.push_back(std::move(parameter));
    if (colon == std::string::npos) continue;
    const std::string name = part.substr(0, colon), given = part.substr(colon + 2);
    arguments.emplace_back(name, given.starts_with("{") ? structure(name, given) : argument(given));
  }
  // The body keeps its line numbers: line 1 is the signature.
  std::string body = "\n";
  std::string rest = text.substr(text.find('\n', close) + 1);
  for (size_t at = 0; at < rest.size();) {
    size_t end = std::min(rest.find('\n', at), rest.size());
    std::string line = rest.substr(at, end - at);
    body += (line.starts_with("    ") ? line.substr(4) : line) + "\n";
    at = end + 1;
  }
  auto parsed = syntax::parse_statements(body, "test.py");
  if (!parsed) ADD_FAILURE() << base::render(parsed.error(), body);
  if (parsed) function.body = std::move(*parsed);
  function.source = text;
  function.span = {std::make_shared<const std::string>("test.py"), 1, 0, 1, 10, nullptr};
}

void Program::add_function(const std::string& text, bool is_program) {
  auto callee = std::make_shared<Program>(text);
  callees.push_back(callee);
  HostFunction object;
  object.handle = static_cast<int>(callees.size());
  object.name = callee->function.name;
  object.function = std::shared_ptr<const syntax::Function>(callee, &callee->function);
  object.host = std::shared_ptr<Host>(callee, &callee->host);
  object.is_program = is_program;
  if (is_program)
    host.names[object.name] = object;
  else
    host.names[object.name] = frontend::HostCallable{object.handle, object.name};
}

base::Result<Built> Program::build() {
  Request request;
  request.function = &function;
  request.arguments = arguments;
  request.host = &host;
  request.assumptions = &assumptions;
  request.arguments_may_alias = may_alias;
  request.strict = strict;
  return frontend::build(request);
}

std::string Program::text() {
  auto built = build();
  if (!built) {
    ADD_FAILURE() << base::render(built.error(), function.source);
    return "";
  }
  const std::string printed = text::print(*built->sdfg);
  for (const auto& problem : ir::find_problems(*built->sdfg, {true, 20}))
    ADD_FAILURE() << base::render(problem, "") << "\n" << printed;
  return printed;
}

std::string Program::error() {
  auto built = build();
  if (built) {
    ADD_FAILURE() << "builds, though an error was expected:\n" << text::print(*built->sdfg);
    return "";
  }
  return built.error().code + " line " + std::to_string(built.error().span.line) + ": " + built.error().message;
}

}  // namespace thalweg::tests
