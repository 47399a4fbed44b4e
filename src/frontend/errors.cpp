#include "frontend/errors.h"

#include <map>

namespace thalweg::frontend {

base::ErrorKind kind_of(const std::string& code) {
  static const std::map<std::string, base::ErrorKind> kinds{
  // constant after its first use
#define TW_DIAGNOSTIC(code, family, message) {#code, base::ErrorKind::family},
#include "base/diagnostics.def"
#undef TW_DIAGNOSTIC
  };
  auto found = kinds.find(code);
  TW_CHECK(found != kinds.end(), "a diagnostic that is not listed: " + code);
  return found->second;
}

base::Diagnostic make_error(const std::string& code, const base::Span& span, std::string message, std::string fix) {
  base::Diagnostic diagnostic{code, kind_of(code), std::move(message), span, std::move(fix), {}};
  add_call_notes(diagnostic);
  return diagnostic;
}

bool raised_when_reached(const base::Diagnostic& diagnostic) {
  const bool of_values = diagnostic.kind == base::ErrorKind::value || diagnostic.kind == base::ErrorKind::index ||
                         diagnostic.kind == base::ErrorKind::type ||
                         diagnostic.kind == base::ErrorKind::zero_division ||
                         diagnostic.kind == base::ErrorKind::overflow;
  // A wrong call is wrong wherever it stands. Whether NumPy stores an array of one element into an element depends on its
  // version and on the type (bool takes one): refused.
  return of_values && !diagnostic.unsure && diagnostic.code != "TW1026" && diagnostic.code != "TW1045";
}

base::Diagnostic refused_operand(const base::Diagnostic& diagnostic) {
  return make_error("TW1020", diagnostic.span,
                    "what is not evaluated on every way raises where it is: " + diagnostic.message,
                    "put it into an if statement");
}

void add_call_notes(base::Diagnostic& diagnostic) {
  for (auto call = diagnostic.span.called_from; call; call = call->called_from)
    diagnostic.notes.emplace_back("called from here", *call);
}

}  // namespace thalweg::frontend
