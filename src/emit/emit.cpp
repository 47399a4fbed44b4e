// The whole translation unit: the preludes that are needed, then the functions, callees first.
#include "emit/emit.h"

#include "emit/function_writer.h"
#include "emit/preludes.h"
#include "lower/walk.h"

namespace thalweg::emit {

namespace {

Needs needs_of(const lower::Program& program) {
  Needs needs;
  needs.suffix[3] = true;  // index arithmetic
  for (const auto& [name, buffer] : program.buffers) needs.type(buffer.dtype);
  for (const auto& [name, variable] : program.variables) needs.type(variable.dtype);
  for (const lower::Function& function : program.functions)
    lower::each_statement(const_cast<lower::Body&>(function.body), [&](lower::Statement& s) {
      lower::each_expression(s, [&](lower::Ptr& value) { needs.expression(*value); });
      needs.reduce |= std::holds_alternative<lower::Reduce>(s.node);
    });
  return needs;
}

// All of scalar.h, math.h and reduce.h for these element types.
std::string whole_prelude(const Needs& needs) {
  std::string text = "#define THW_SELECT\n";
  const char* suffixes[] = {"I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64"};
  for (int k = 0; k < 8; ++k)
    if (needs.suffix[k]) text += "#define THW_USE_" + std::string(suffixes[k]) + "\n";
  if (needs.f32) text += "#define THW_USE_F32\n";
  if (needs.f64) text += "#define THW_USE_F64\n";
  if (needs.complex_) text += "#define THW_USE_COMPLEX\n";
  if (needs.python) text += "#define THW_USE_PYTHON\n";
  text += prelude_texts().at("scalar");
  if (needs.math) text += prelude_texts().at("math");
  if (needs.reduce) text += prelude_texts().at("reduce");
  return text;
}

// What emitted programs use beside the runtime's preludes: the functions of src/emit/preludes/ that the text calls.
std::string own_prelude(const std::string& body) {
  std::string text;
  for (const auto& [name, function] : prelude_texts())
    if (name.starts_with("thw_") && body.find(name + "(") != std::string::npos) text += function;
  return text;
}

}  // namespace

std::string emit_body(const lower::Program& program, const Dialect& dialect, const SourceLine& source_line) {
  std::string text;
  for (const lower::Function& function : program.functions) {
    // A device dialect holds the kernels; what launches them is the host's text.
    if (!dialect.host_runtime && function.kind != lower::Function::Kind::kernel) continue;
    if (!text.empty()) text += "\n";
    text += FunctionWriter(program, function, dialect, source_line).write();
  }
  return text;
}

std::string emit_c(const lower::Program& program, const Dialect& dialect, const SourceLine& source_line,
                   const Prelude& prelude) {
  std::string body = emit_body(program, dialect, source_line);
  std::string text = own_prelude(body) + "\n" + body;
  return prelude_texts().at("abi") + (prelude ? prelude(text) : whole_prelude(needs_of(program))) + text;
}

}  // namespace thalweg::emit
