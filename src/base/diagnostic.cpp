#include "base/diagnostic.h"

#include <algorithm>
#include <sstream>

#include "base/result.h"

namespace thalweg::base {

void add_spans(Location& into, const Location& more) {
  for (const Span& span : more)
    if (std::find(into.begin(), into.end(), span) == into.end()) into.push_back(span);
}

std::string describe(const Span& span) {
  if (!span.known()) return span.file ? *span.file : "<unknown>";
  return (span.file ? *span.file : std::string("<unknown>")) + ":" + std::to_string(span.line);
}

void fail_check(const char* condition, const char* file, int line, const std::string& what) {
  throw InternalError(std::string("internal check failed: ") + condition + " (" + file + ":" + std::to_string(line) +
                      "): " + what);
}

namespace {

std::string source_line(const std::string& source, int line) {
  std::istringstream stream(source);
  std::string text;
  for (int i = 1; i <= line; ++i)
    if (!std::getline(stream, text)) return "";
  return text;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const std::string& source, int first_line) {
  std::string out = diagnostic.message;
  const Span& span = diagnostic.span;
  if (span.known()) {
    out += "\n  --> " + describe(span);
    std::string text = source.empty() ? "" : source_line(source, span.line - first_line + 1);
    if (!text.empty()) {
      out += "\n    " + text + "\n    ";
      int width = span.end_line == span.line ? span.end_column - span.column : 1;
      out += std::string(static_cast<size_t>(std::max(0, span.column)), ' ');
      out += std::string(static_cast<size_t>(std::max(1, width)), '^');
    }
  }
  int shown = 0;
  for (const auto& [note, where] : diagnostic.notes) {
    if (++shown > 4) break;
    out += "\n  note: " + note + (where.known() ? " (" + describe(where) + ")" : "");
  }
  const std::string fix = diagnostic.fix.empty() ? usual_fix(diagnostic) : diagnostic.fix;
  if (!fix.empty()) out += "\n  fix: " + fix;
  return out + (diagnostic.code.empty() ? "" : "\n  [" + diagnostic.code + "]");
}

}  // namespace thalweg::base
