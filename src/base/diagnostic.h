// What went wrong, where in the user's text, and how to mend it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/location.h"

namespace thalweg::base {

// The Python exception family that a diagnostic becomes.
enum class ErrorKind {
  syntax,
  unsupported,
  type,
  value,
  index,
  overflow,
  zero_division,
  name,
  internal,
  linear_algebra
};

struct Diagnostic {
  std::string code;  // "TW0103": an entry of diagnostics.def
  ErrorKind kind = ErrorKind::unsupported;
  std::string message;                              // one sentence: what was found, what was expected
  Span span;                                        // where; line 0 if there is no source
  std::string fix;                                  // what to write instead; may be empty
  std::vector<std::pair<std::string, Span>> notes;  // "called from here", "defined here"
  bool unsure = false;                              // CPython may well take it: it is about an object we do not know

  // Whether CPython is to say what the text means.
  bool is_left_to_cpython() const { return unsure || kind == ErrorKind::unsupported; }
};

// The text shown to the user: message, file:line, the source line with a caret, notes, fix. At most 15 lines.
// `source` is the text that the span's line numbers count in (may be empty: then no caret is shown).
std::string render(const Diagnostic& diagnostic, const std::string& source, int first_line = 1);

// What mends errors of this code or message in general; empty if nothing does.
std::string usual_fix(const Diagnostic& diagnostic);

}  // namespace thalweg::base
