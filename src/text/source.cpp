#include "text/source.h"

#include <algorithm>

namespace thalweg::text {

namespace {

std::vector<Line> flat_lines(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t indent = std::min(line.find_first_not_of(' '), line.size());
    line.remove_prefix(indent);
    while (!line.empty() && (line.back() == '\r' || (line.back() == ' ' && line.front() != '|'))) line.remove_suffix(1);
    if (!line.empty() && line.front() != '#') lines.push_back({line, indent, {}});
  }
  return lines;
}

}  // namespace

Source::Source(std::string_view text) : text_(text), file_(std::make_shared<const std::string>("<sdfg>")) {}

base::Result<std::vector<Line>> Source::lines() const {
  struct Nest {
    const std::vector<Line> flat;
    size_t at = 0;
    const Line* crooked = nullptr;
    std::vector<Line> block(size_t indent) {
      std::vector<Line> out;
      while (!crooked && at < flat.size() && flat[at].indent >= indent) {
        if (flat[at].indent > indent) {
          crooked = &flat[at];
          break;
        }
        out.push_back(flat[at++]);
        if (at < flat.size() && flat[at].indent > indent) out.back().children = block(flat[at].indent);
      }
      return out;
    }
  } nest{flat_lines(text_)};
  std::vector<Line> out = nest.block(0);
  if (nest.crooked) return error("TW0401", "this line's indentation matches no line above it", nest.crooked->text);
  return out;
}

base::Span Source::span_of(std::string_view piece) const {
  const size_t at = static_cast<size_t>(piece.data() - text_.data());
  TW_CHECK(at <= text_.size(), "a piece of another text");
  base::Span span;
  span.file = file_;
  span.line = span.end_line =
      1 + static_cast<int32_t>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  const size_t start = at == 0 ? std::string_view::npos : text_.rfind('\n', at - 1);
  span.column = static_cast<int32_t>(at - (start == std::string_view::npos ? 0 : start + 1));
  span.end_column = span.column + static_cast<int32_t>(std::min(piece.size(), piece.find('\n')));
  return span;
}

base::Diagnostic Source::error(const char* code, std::string message, std::string_view where, std::string fix) const {
  base::Diagnostic out;
  out.code = code;
  out.kind = base::ErrorKind::syntax;
  out.message = std::move(message);
  out.span = span_of(where);
  out.fix = std::move(fix);
  return out;
}

base::Diagnostic Source::moved(base::Diagnostic diagnostic, std::string_view piece) const {
  const base::Span base = span_of(piece);
  base::Span& span = diagnostic.span;
  if (!span.known()) {
    span = base;
    return diagnostic;
  }
  if (span.line == 1) span.column += base.column;
  if (span.end_line == 1) span.end_column += base.column;
  span.line += base.line - 1;
  span.end_line += base.line - 1;
  span.file = base.file;
  return diagnostic;
}

}  // namespace thalweg::text
