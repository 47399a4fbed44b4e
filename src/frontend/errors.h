// Diagnostics by their code: the family comes from base/diagnostics.def, the text from the place that found the fault.
#pragma once
#include <string>

#include "base/result.h"

namespace thalweg::frontend {

base::ErrorKind kind_of(const std::string& code);
base::Diagnostic make_error(const std::string& code, const base::Span& span, std::string message, std::string fix = "");
// What CPython raises only where it comes to the text: about values, not a name, the syntax or a call that is always wrong.
bool raised_when_reached(const base::Diagnostic& diagnostic);
// The same as a refusal.
base::Diagnostic refused_operand(const base::Diagnostic& diagnostic);
// An operand that is not evaluated on every way: what it raises is refused, since CPython may never come to it.
template <class T>
base::Result<T> if_asked(base::Result<T> operand) {
  if (operand || !raised_when_reached(operand.error())) return operand;
  return refused_operand(operand.error());
}
// The call sites through which an inlined function's text was reached, as notes, innermost first.
void add_call_notes(base::Diagnostic& diagnostic);

}  // namespace thalweg::frontend
