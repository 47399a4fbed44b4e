// Diagnostics by their code: the family comes from base/diagnostics.def, the text from the place that found the fault.
#pragma once
#include <string>

#include "base/result.h"

namespace thalweg::frontend {

base::ErrorKind kind_of(const std::string& code);
base::Diagnostic make_error(const std::string& code, const base::Span& span, std::string message, std::string fix = "");
// The call sites through which an inlined function's text was reached, as notes, innermost first.
void add_call_notes(base::Diagnostic& diagnostic);

}  // namespace thalweg::frontend
