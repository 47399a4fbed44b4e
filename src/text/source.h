// The text being parsed: its lines as a tree by indentation, and errors that point into it.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace thalweg::text {

// One line with the deeper indented lines below it. Views point into the whole text, so that a place can be told from
// any piece of it.
struct Line {
  std::string_view text;  // without indentation
  size_t indent = 0;
  std::vector<Line> children;
};

class Source {
 public:
  explicit Source(std::string_view text);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // Top-level lines; blank lines and lines that begin with '#' are left out.
  base::Result<std::vector<Line>> lines() const;

  base::Diagnostic error(const char* code, std::string message, std::string_view where, std::string fix = "") const;
  // A diagnostic of another parser that was given `piece` alone.
  base::Diagnostic moved(base::Diagnostic diagnostic, std::string_view piece) const;

 private:
  base::Span span_of(std::string_view piece) const;
  std::string_view text_;
  std::shared_ptr<const std::string> file_;
};

}  // namespace thalweg::text
