// Where something came from in the user's source.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace thalweg::base {

// One stretch of source text. Lines count from 1, columns from 0 in UTF-8 bytes (as CPython's ast does).
struct Span {
  std::shared_ptr<const std::string> file;  // path, "<tasklet>", "<memlet>" ...
  int32_t line = 0, column = 0, end_line = 0, end_column = 0;
  // The call through which this text was reached (inlined at ...), outermost last; null if not inlined.
  std::shared_ptr<const Span> called_from;

  bool known() const { return line > 0; }
  friend bool operator==(const Span& a, const Span& b) {
    bool same_file = a.file == b.file || (a.file && b.file && *a.file == *b.file);
    bool same_call =
        a.called_from == b.called_from || (a.called_from && b.called_from && *a.called_from == *b.called_from);
    return same_file && same_call && a.line == b.line && a.column == b.column && a.end_line == b.end_line &&
           a.end_column == b.end_column;
  }
};

// The location of an element: merging elements unions their spans, splitting copies them.
using Location = std::vector<Span>;
void add_spans(Location& into, const Location& more);  // keeps order, drops repeats
std::string describe(const Span& span);                // "file.py:12"

}  // namespace thalweg::base
