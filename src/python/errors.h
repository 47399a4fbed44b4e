// Diagnostics and raised sites to Python exceptions.
#pragma once
#include <nanobind/nanobind.h>

#include <string>

#include "base/diagnostic.h"

namespace thalweg::python {

// Raises thalweg.errors' class for the diagnostic, rendered with the source it points into.
[[noreturn]] void raise_diagnostic(const base::Diagnostic& diagnostic, const std::string& source, int first_line);
// The diagnostic as the user sees it. A span outside `source` (a called program's) is shown from its file.
std::string render_for_user(const base::Diagnostic& diagnostic, const std::string& source, int first_line);
// The builtin exception of a kind that compiled code raises (IndexError, ValueError ...), borrowed.
PyObject* builtin_exception(base::ErrorKind kind);

}  // namespace thalweg::python
