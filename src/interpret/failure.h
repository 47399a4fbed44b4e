// The first thing that went wrong. Later failures are dropped: after the first one the run only winds down, and no
// value computed in between is used for an address.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/diagnostic.h"
#include "interpret/interpret.h"
#include "ir/element.h"

namespace thalweg::interpret {

class Failure {
 public:
  // What the program raises (a check, a Python operation), with the user's span.
  void raise(base::ErrorKind kind, std::string message, base::Span span = {}) {
    const char* code = kind == base::ErrorKind::internal      ? "TW0501"
                       : kind == base::ErrorKind::unsupported ? "TW0502"
                                                              : "TW0503";
    if (!error_) error_ = base::Diagnostic{code, kind, std::move(message), std::move(span), "", {}};
  }
  // A bug in the graph that only running it shows: out of bounds, uninitialised reads, deadlock ...
  void bug(std::string message) { raise(base::ErrorKind::internal, std::move(message)); }
  // Not a bug, as far as the run went: it took more steps than it was given.
  void give_up(int64_t steps) {
    report({given_up, base::ErrorKind::internal, "stopped after " + std::to_string(steps) + " steps", {}, "", {}});
  }
  void report(base::Diagnostic error) {
    if (!error_) error_ = std::move(error);
  }
  bool failed() const { return error_.has_value(); }
  base::Diagnostic& error() { return *error_; }

 private:
  std::optional<base::Diagnostic> error_;
};

// The first known span of an element.
inline base::Span span_of(const ir::Element& element) {
  for (const base::Span& span : element.location())
    if (span.known()) return span;
  return {};
}

}  // namespace thalweg::interpret
