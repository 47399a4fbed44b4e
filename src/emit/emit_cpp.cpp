// Export: a C++ source that needs one header, and that header.
#include <regex>

#include "emit/emit.h"
#include "emit/function_writer.h"
#include "emit/preludes.h"
#include "ir/code_names.h"
#include "lower/names.h"
#include "lower/walk.h"

namespace thalweg::emit {

namespace {

// Text as a C string literal.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string list_of(const std::vector<symbolic::Expr>& exprs) {
  std::string text;
  for (const symbolic::Expr& expr : exprs) text += (text.empty() ? "" : ", ") + symbolic::to_string(expr);
  return text;
}

// "A: float64[N, N]", with its strides where they are not those of C's order.
std::string described(const lower::Buffer& buffer) {
  if (buffer.shape.empty()) return buffer.name + ": " + std::string(buffer.dtype.row().name);
  std::string text = buffer.name + ": " + std::string(buffer.dtype.row().name) + "[" + list_of(buffer.shape) + "]";
  symbolic::Expr expected = 1;
  bool plain = true;
  for (size_t d = buffer.shape.size(); d-- > 0;) {
    plain = plain && buffer.strides[d] == expected;
    expected = expected * buffer.shape[d];
  }
  return plain ? text : text + ", strides in elements " + list_of(buffer.strides);
}

std::string head(const lower::Program& program, const std::string& name) {
  std::string text = "// " + name +
                     ": C++17 with OpenMP, exported by Thalweg. thalweg_export.h is all it needs:\n"
                     "//   g++ -O3 -march=native -fopenmp -ffp-contract=off -fno-math-errno -c " +
                     name +
                     ".cpp\n"
                     "// Arrays that are not the same one must not overlap.\n";
  for (const auto& argument : program.arguments)
    if (!argument.by_value) text += "//   " + described(program.buffers.at(argument.name)) + "\n";
  return text + "#include \"thalweg_export.h\"\n\n";
}

std::string sites(const lower::Program& program) {
  if (program.signature.raise_sites.empty()) return "";
  std::string text = "// Where it may raise, and what.\nstatic const thalweg::raise_site sites[] = {\n";
  for (const lower::RaiseSite& site : program.signature.raise_sites)
    text += "    {" + quoted(std::string(ir::code::exception_name(site.kind))) + ", " + quoted(site.message) + ", " +
            quoted(base::describe(site.span)) + "},\n";
  return text + "};\n\n";
}

bool calls_python(const lower::Program& program) {
  bool found = false;
  for (const lower::Function& function : program.functions)
    lower::each_statement(const_cast<lower::Body&>(function.body),
                          [&](lower::Statement& s) { found |= std::holds_alternative<lower::Callback>(s.node); });
  return found;
}

}  // namespace

base::Result<std::string> emit_cpp(const lower::Program& program, const SourceLine& source_line) {
  if (calls_python(program)) {
    base::Diagnostic error;
    error.code = "TW0801";
    error.message = "'" + program.name + "' calls back into Python, which an exported program cannot do";
    error.fix = "write what is called in the language that Thalweg compiles (docs/user-guide.md)";
    return error;
  }
  lower::Program named = program;
  named.name = lower::c_identifier(program.name);
  std::string text = head(named, named.name) + sites(named);
  for (const lower::Function& function : named.functions) {
    text += FunctionWriter(named, function, cpp_dialect(), source_line).write();
    if (&function != &named.functions.back()) text += "\n";
  }
  return text;
}

const std::string& export_header() {
  static const std::string header = [] {
    std::string text =
        "// Everything that a C++ program exported by Thalweg needs. BSD-3-Clause, as Thalweg itself.\n"
        "#pragma once\n"
        "#pragma GCC diagnostic ignored \"-Wpsabi\"  // vectors are arguments of inlined functions only\n";
    for (const char* part : {"abi", "scalar", "math", "reduce"}) text += prelude_texts().at(part);
    for (const auto& [name, part] : prelude_texts())
      if (name.starts_with("thw_") || name.starts_with("program")) text += part;
    text += prelude_texts().at("export_host");
    return std::regex_replace(text, std::regex("#include \"thalweg/[a-z_]+\\.h\"\n"), "");
  }();
  return header;
}

}  // namespace thalweg::emit
