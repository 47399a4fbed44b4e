// One function of the loop IR as C text: its frame and its plain statements. Loops are in loop_writer.cpp, calls and
// reductions in call_writer.cpp.
#include "emit/function_writer.h"

#include <algorithm>
#include <array>

#include "base/match.h"
#include "base/planted.h"
#include "base/result.h"
#include "lower/walk.h"

namespace thalweg::emit {

using lower::Function;
using lower::Home;
using lower::Parameter;
using lower::Ptr;

FunctionWriter::FunctionWriter(const lower::Program& program, const Function& function, const Dialect& dialect,
                               const SourceLine& source_line)
    : program_(program), function_(function), dialect_(dialect), source_line_(source_line) {
  for (const Parameter& parameter : function.parameters) {
    if (parameter.const_) const_.insert(parameter.name);
    if (parameter.kind == Parameter::Kind::inout) has_cleanup_ = true;
  }
  if (!function.heap.empty()) has_cleanup_ = true;
  if (function.kind == Function::Kind::entry) has_cleanup_ = true;
  if (dialect.cplusplus) has_cleanup_ = false;
  lower::each_statement(const_cast<lower::Body&>(function.body), [&](lower::Statement& s) {
    lower::each_expression(s, [&](Ptr& value) { uses_flags_ |= ir::code::may_raise(*value); });
    auto* loop = std::get_if<lower::Loop>(&s.node);
    auto* loose = std::get_if<lower::While>(&s.node);
    looks_ |= function.ranged && ((loop && loop->poll) || (loose && loose->poll));
  });
}

std::string FunctionWriter::c_type(const std::string& variable) const {
  auto found = program_.variables.find(variable);
  TW_CHECK(found != program_.variables.end(), "a name that lower has not declared: " + variable);
  return found->second.dtype.row().c_name;
}

std::string FunctionWriter::pointer_type(const std::string& name, bool constant) const {
  return (constant ? "const " : "") + buffer(name).dtype.row().c_name + "*";
}

std::string FunctionWriter::signature() const {
  std::vector<std::string> parts;
  std::string prefix = dialect_.nest_prefix;
  if (function_.kind == Function::Kind::entry) {
    if (!dialect_.cplusplus) return "int32_t thw_entry(thw_context* context, const thw_call* call)";
    parts = entry_parameters();
    prefix = "void ";
  }
  if (function_.uses_context && function_.kind != Function::Kind::entry) parts.push_back("thw_context* context");
  if (function_.ranged) {
    parts.push_back("int64_t begin");
    parts.push_back("int64_t end");
  }
  for (const Parameter& p : function_.parameters) {
    switch (p.kind) {
      case Parameter::Kind::pointer:
        parts.push_back(pointer_type(p.name, p.const_) + (p.restrict_ ? " " + dialect_.restrict_word : "") + " " +
                        p.name);
        break;
      case Parameter::Kind::value: parts.push_back(c_type(p.name) + " " + p.name); break;
      case Parameter::Kind::inout:
        parts.push_back(c_type(p.name) + (dialect_.cplusplus ? "& __restrict " + p.name : "* " + p.name + "_out"));
        break;
    }
  }
  bool kernel = function_.kind == Function::Kind::kernel && !dialect_.kernel_prefix.empty();
  std::string name = function_.kind == Function::Kind::entry ? program_.name : function_.name;
  std::string text = (kernel ? dialect_.kernel_prefix : prefix) + name + "(", line = text;
  for (size_t i = 0; i < parts.size(); ++i) {
    std::string part = parts[i] + (i + 1 < parts.size() ? ", " : "");
    if (line.size() + part.size() > 116) {
      while (text.back() == ' ') text.pop_back();
      text += "\n    ";
      line = "    ";
    }
    text += part;
    line += part;
  }
  return text + (parts.empty() ? "void)" : ")");
}

// Of an exported entry: arrays (and scalars that the program writes) as pointers, then sizes, strides and integers.
std::vector<std::string> FunctionWriter::entry_parameters() const {
  std::vector<std::string> parts;
  for (const auto& argument : program_.arguments)
    parts.push_back((argument.by_value ? c_type(argument.name) : pointer_type(argument.name, false)) + " " +
                    argument.name);
  for (const std::string& symbol : program_.symbol_variables) parts.push_back("int64_t " + symbol);
  if (!program_.signature.results.empty())
    parts.push_back("thalweg::array (&results)[" + std::to_string(program_.signature.results.size()) + "]");
  return parts;
}

void FunctionWriter::declarations(base::Writer& out) {
  const bool entry = function_.kind == Function::Kind::entry;
  if (entry && dialect_.cplusplus) {
    out.line("thalweg::context scope;");
    out.line("thw_context* const context = &scope;");
  } else if (entry) {
    for (size_t k = 0; k < program_.arguments.size(); ++k) {
      const auto& argument = program_.arguments[k];
      std::string from = "call->data[" + std::to_string(k) + "]";
      if (argument.by_value)
        out.line(c_type(argument.name) + " " + argument.name + " = *(const " + c_type(argument.name) + "*)" + from +
                 ";");
      else
        out.line(pointer_type(argument.name, false) + " " + argument.name + " = " + from + ";");
    }
    for (size_t k = 0; k < program_.symbol_variables.size(); ++k)
      out.line("int64_t " + program_.symbol_variables[k] + " = call->symbols[" + std::to_string(k) + "];");
  }
  for (const std::string& name : function_.heap) {
    if (dialect_.cplusplus) {
      out.line("thalweg::memory<" + buffer(name).dtype.row().c_name + "> " + name + ";");
      continue;
    }
    out.line(pointer_type(name, false) + " " + name + " = 0;");
    out.line("int64_t " + name + "_bytes = 0;");
  }
  for (const std::string& name : function_.pointers) out.line(pointer_type(name, false) + " " + name + " = 0;");
  for (const std::string& name : function_.variables)
    out.line(c_type(name) + " " + name + " = " + (program_.variables.at(name).dtype.is_complex() ? "{0, 0}" : "0") +
             ";");
  for (const Parameter& p : function_.parameters)
    if (p.kind == Parameter::Kind::inout && !dialect_.cplusplus)
      out.line(c_type(p.name) + " " + p.name + " = *" + p.name + "_out;");
  if (uses_flags_) out.line("int32_t flags = 0;");
  if (looks_) out.line("int64_t looks = 65536;");
}

void FunctionWriter::epilogue(base::Writer& out) {
  if (dialect_.cplusplus) {
    if (function_.kind == Function::Kind::entry) out.line(stop_text());
    return;
  }
  if (goes_to_done_) {
    out.dedent();
    out.line("done:;");
    out.indent();
  }
  for (const Parameter& p : function_.parameters)
    if (p.kind == Parameter::Kind::inout && !base::planted("emit.variables_not_returned"))
      out.line("*" + p.name + "_out = " + p.name + ";");
  for (const std::string& name : function_.heap)
    out.line("if (" + name + ") context->runtime->release(context, " + name + ");");
  if (function_.kind == Function::Kind::entry) out.line("return context->stop != 0;");
}

std::string FunctionWriter::write() {
  out_.indent();
  write_body(function_.body);
  std::string body = out_.take();

  base::Writer frame;
  frame.indent();
  declarations(frame);
  std::string head = frame.take();
  base::Writer last;
  last.indent();
  epilogue(last);

  std::string text = signature() + " {\n" + head + body + last.take() + "}\n";
  // A comment of the first line stands above the function.
  if (!last_comment_.empty()) text = last_comment_ + "\n" + text;
  base::Writer wrapper;
  if (function_.ranged && !dialect_.cplusplus) parallel_wrapper(wrapper);
  return text + wrapper.take();
}

// What the runtime calls: unpacks the arguments of a region.
void FunctionWriter::parallel_wrapper(base::Writer& out) const {
  std::string name = function_.name;
  bool any = !function_.parameters.empty();
  if (any) {
    out.open("struct " + name + "_arguments {");
    for (const Parameter& p : function_.parameters)
      out.line((p.kind == Parameter::Kind::pointer ? pointer_type(p.name, p.const_) : c_type(p.name)) + " " + p.name +
               ";");
    out.close("};");
  }
  out.open("static void " + name + "_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {");
  out.line(any ? "const struct " + name + "_arguments* a = arguments;" : "(void)arguments;");
  std::string call = name + "(" + (function_.uses_context ? "context, " : "") + "begin, end";
  if (!function_.uses_context) out.line("(void)context;");
  for (const Parameter& p : function_.parameters) call += ", a->" + p.name;
  out.line(call + ");");
  out.close();
}

void FunctionWriter::write_body(const lower::Body& body) {
  for (size_t k = 0; k < body.size(); ++k) {
    // A variable's declaration and its first value stand on one line.
    auto* declare = std::get_if<lower::Declare>(&body[k].node);
    auto* assign = k + 1 < body.size() ? std::get_if<lower::Assign>(&body[k + 1].node) : nullptr;
    if (declare && assign && declare->name == assign->variable && program_.variables.contains(declare->name)) {
      out_.line(c_type(declare->name) + " " + declare->name + " = " + text(assign->value).text + ";");
      check_flags(assign->flags);
      ++k;
      continue;
    }
    std::visit([&](const auto& s) { write(s); }, body[k].node);
  }
}

// -------------------------------------------------------------------------------------------- expressions
Text FunctionWriter::variable_text(const std::string& name) const { return {name}; }

Text FunctionWriter::text(const Ptr& value) const {
  LeafText leaves{[&](const ir::code::Expr& leaf) { return element_text(leaf.name, leaf.args); },
                  [&](const std::string& name) { return variable_text(name); }};
  return expression_text(*value, leaves);
}

Text FunctionWriter::element_text(const std::string& name, const std::vector<Ptr>& index) const {
  Ptr at = lower::linear_index(buffer(name), index);
  const symbolic::Expr* plain = lower::plain_index(at);
  if (!plain) return {name + "[" + text(at).text + "]"};
  if (!rows_.empty())
    if (auto row = row_part(*plain))
      if (auto found = rows_.find({name, *row}); found != rows_.end())
        return {found->second + "[" + index_text(*plain - *row).text + "]"};
  return {name + "[" + index_text(*plain).text + "]"};
}

std::string FunctionWriter::address_text(const std::string& name, const std::vector<Ptr>& index) const {
  Ptr at = lower::linear_index(buffer(name), index);
  const symbolic::Expr* plain = lower::plain_index(at);
  if (plain && plain->is(0)) return name;
  return name + " + " + text(at).at(precedence_mul);
}

// --------------------------------------------------------------------------------------- plain statements
std::string FunctionWriter::stop_text() {
  if (dialect_.cplusplus && function_.kind == Function::Kind::entry) {
    std::string sites = program_.signature.raise_sites.empty() ? "nullptr" : "sites";
    size_t count = program_.signature.results.size();
    return "return scope.finish(" + sites + (count ? ", results, " : ", nullptr, ") + std::to_string(count) + ");";
  }
  if (!has_cleanup_) return "return;";
  goes_to_done_ = true;
  return "goto done;";
}

void FunctionWriter::check_flags(const lower::FlagSites& sites) {
  if (!sites.any() || base::planted("emit.flags_unchecked")) return;
  std::array bits{0, 1, 2, 3, 4, 5};
  std::sort(bits.begin(), bits.end(), [&](int a, int b) { return sites.turn[a] < sites.turn[b]; });
  std::string site;
  int last = -1;
  for (int bit : bits) {
    if (sites.site[bit] < 0) continue;
    if (last >= 0) site += "flags & " + std::to_string(1 << last) + " ? " + std::to_string(sites.site[last]) + " : ";
    last = bit;
  }
  site += std::to_string(sites.site[last]);
  auto block = out_.block("if (__builtin_expect(flags != 0, 0)) {");
  out_.line("context->runtime->raise(context, " + site + ", 0, 0, 0, 0);");
  out_.line(stop_text());
}

void FunctionWriter::write(const lower::Assign& s) {
  out_.line(s.variable + " = " + text(s.value).text + ";");
  check_flags(s.flags);
}

void FunctionWriter::write(const lower::Store& s) {
  out_.line(element_text(s.buffer, s.index).text + " = " + text(s.value).text + ";");
  check_flags(s.flags);
}

void FunctionWriter::write(const lower::Declare& s) {
  if (auto variable = program_.variables.find(s.name); variable != program_.variables.end()) {
    out_.line(variable->second.dtype.row().c_name + " " + s.name + ";");
    return;
  }
  symbolic::Expr count = 1;
  const lower::Buffer& array = buffer(s.name);
  for (size_t d = 0; d < array.shape.size(); ++d)
    if (!array.strides[d].is(0)) count = count * symbolic::max(array.shape[d], 1);
  out_.line("__attribute__((aligned(64))) " + array.dtype.row().c_name + " " + s.name + "[" + index_text(count).text +
            "];");
}

void FunctionWriter::write(const lower::Allocate& s) {
  const lower::Buffer& array = buffer(s.buffer);
  // Contiguous (apart from contracted dimensions): the product of the extents; else up to the last element.
  std::vector<symbolic::Expr> extents;
  symbolic::Expr expected = 1;
  bool contiguous = array.offset.is(0);
  for (size_t d = array.shape.size(); d-- > 0;) {
    if (array.strides[d].is(0)) continue;
    extents.insert(extents.begin(), array.shape[d]);
    contiguous = contiguous && array.strides[d] == expected;
    expected = expected * array.shape[d];
  }
  if (!contiguous) {
    symbolic::Expr last = array.offset + 1;
    for (size_t d = 0; d < array.shape.size(); ++d)
      last = last + symbolic::max(array.shape[d] - 1, 0) * array.strides[d];
    extents = {last};
  }
  std::string bytes = std::to_string(array.dtype.bytes());
  for (const symbolic::Expr& extent : extents) bytes = "thw_bytes(" + bytes + ", " + index_text(extent).text + ")";
  if (s.gives && !dialect_.cplusplus) {
    auto block = out_.block("{");
    out_.line(pointer_type(s.buffer, false) + " other = " + s.takes + ";");
    out_.line("int64_t other_bytes = " + s.takes + "_bytes;");
    out_.line(s.takes + " = " + s.buffer + ", " + s.takes + "_bytes = " + s.buffer + "_bytes;");
    out_.line(s.buffer + " = other, " + s.buffer + "_bytes = other_bytes;");
  } else if (!s.takes.empty())
    out_.line(dialect_.cplusplus ? s.buffer + ".take(" + s.takes + ");"
                                 : s.buffer + " = " + s.takes + ", " + s.buffer + "_bytes = " + s.takes + "_bytes, " +
                                       s.takes + " = 0;  // " + s.takes + " is no longer needed");
  if (dialect_.cplusplus && array.home != Home::result) {
    out_.line("if (!" + s.buffer + ".reserve(context, " + bytes + ")) " + stop_text());
    return;
  }
  if (array.home == Home::result)
    out_.line(s.buffer + " = " + (dialect_.cplusplus ? "(" + pointer_type(s.buffer, false) + ")" : "") +
              "context->runtime->allocate_result(context, " + s.buffer + ", " + bytes + ");");
  else
    out_.line(s.buffer + " = thw_reserve(context, " + s.buffer + ", &" + s.buffer + "_bytes, " + bytes + ");");
  out_.line("if (!" + s.buffer + ") " + stop_text());
}

void FunctionWriter::write(const lower::SetPointers& s) {
  auto address = [&](const lower::SetPointers::One& one) {
    bool same = buffer(one.pointer).dtype == buffer(one.base).dtype;
    std::string at = address_text(one.base, one.index);
    return same ? at : "(" + pointer_type(one.pointer, false) + ")(void*)(" + at + ")";
  };
  if (s.sets.size() == 1) {
    out_.line(s.sets[0].pointer + " = " + address(s.sets[0]) + ";");
    return;
  }
  auto block = out_.block("{");
  for (const auto& one : s.sets)
    out_.line(pointer_type(one.pointer, false) + " next_" + one.pointer + " = " + address(one) + ";");
  for (const auto& one : s.sets)
    if (&one != &s.sets.back() || !base::planted("emit.last_pointer_kept"))
      out_.line(one.pointer + " = next_" + one.pointer + ";");
}

void FunctionWriter::write(const lower::If& s) {
  Text condition = text(s.condition);
  out_.open("if (" + condition.text + ") {");
  write_body(s.then);
  if (!s.otherwise.empty()) {
    out_.close("} else {");
    out_.indent();
    write_body(s.otherwise);
  }
  out_.close();
}

void FunctionWriter::write(const lower::Check& s) {
  Text condition = text(s.condition);
  if (s.flags.any()) {
    // The condition itself may raise: it is evaluated once, then its flags are looked at.
    out_.open("{");
    out_.line("uint8_t holds = " + condition.text + ";");
    check_flags(s.flags);
    condition = {"holds"};
  }
  {
    auto block = out_.block("if (__builtin_expect(!" + condition.at(precedence_unary) + ", 0)) {");
    std::string values;
    for (size_t k = 0; k < 4; ++k) values += ", " + (k < s.values.size() ? text(s.values[k]).text : std::string("0"));
    out_.line("context->runtime->raise(context, " + std::to_string(s.site) + values + ");");
    out_.line(stop_text());
  }
  if (s.flags.any()) out_.close();
}

void FunctionWriter::write(const lower::Source& s) {
  std::string place = base::describe(s.span);
  place.erase(0, place.rfind('/') + 1);  // the folder differs between machines
  std::string comment = "// " + place;
  if (source_line_) {
    std::string line = source_line_(s.span);
    size_t from = line.find_first_not_of(" \t");
    if (from != std::string::npos) comment += ": " + line.substr(from);
  }
  // Comments must stay one line whatever the user's text holds.
  for (char& c : comment)
    if (c == '\n' || c == '\r' || c == '\\') c = ' ';
  bool first = function_.kind != Function::Kind::entry && out_.str().empty();
  if (first)
    last_comment_ = comment;
  else
    out_.line(comment);
}

}  // namespace thalweg::emit
