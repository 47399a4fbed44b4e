#include "python/errors.h"

#include <nanobind/stl/string.h>

#include <algorithm>

namespace nb = nanobind;

namespace thalweg::python {

namespace {

const char* family(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::syntax: return "SyntaxError";
    case base::ErrorKind::unsupported: return "UnsupportedError";
    case base::ErrorKind::type: return "TypeError";
    case base::ErrorKind::value: return "ValueError";
    case base::ErrorKind::index: return "IndexError";
    case base::ErrorKind::overflow: return "OverflowError";
    case base::ErrorKind::zero_division: return "ZeroDivisionError";
    case base::ErrorKind::name: return "NameError";
    case base::ErrorKind::internal: return "InternalError";
    case base::ErrorKind::linear_algebra: return "LinAlgError";
  }
  return "InternalError";
}

}  // namespace

std::string render_for_user(const base::Diagnostic& diagnostic, const std::string& source, int first_line) {
  int line = diagnostic.span.line;
  auto lines = std::count(source.begin(), source.end(), '\n') + 1;
  bool inside = !source.empty() && line >= first_line && line < first_line + lines;
  if (inside || line <= 0 || !diagnostic.span.file) return base::render(diagnostic, source, first_line);
  nb::object text =
      nb::module_::import_("linecache").attr("getline")(nb::str(std::string(*diagnostic.span.file).c_str()), line);
  return base::render(diagnostic, nb::cast<std::string>(text), line);
}

void raise_diagnostic(const base::Diagnostic& diagnostic, const std::string& source, int first_line) {
  std::string text = render_for_user(diagnostic, source, first_line);
  nb::object make = nb::module_::import_("thalweg.errors").attr("make");
  nb::object error = make(family(diagnostic.kind), text, diagnostic.code, diagnostic.span.line);
  PyErr_SetObject(error.type().ptr(), error.ptr());
  throw nb::python_error();
}

PyObject* builtin_exception(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::syntax: return PyExc_SyntaxError;
    case base::ErrorKind::unsupported: {
      static PyObject* const found =  // stays as long as the process
          nb::object(nb::module_::import_("thalweg.errors").attr("UnsupportedError")).release().ptr();
      return found;
    }
    case base::ErrorKind::type: return PyExc_TypeError;
    case base::ErrorKind::value: return PyExc_ValueError;
    case base::ErrorKind::index: return PyExc_IndexError;
    case base::ErrorKind::overflow: return PyExc_OverflowError;
    case base::ErrorKind::zero_division: return PyExc_ZeroDivisionError;
    case base::ErrorKind::name: return PyExc_UnboundLocalError;  // other names are looked up when compiling
    case base::ErrorKind::internal: return PyExc_RuntimeError;
    case base::ErrorKind::linear_algebra: {
      static PyObject* const found =  // NumPy's, which stays as long as the process
          nb::object(nb::module_::import_("numpy.linalg").attr("LinAlgError")).release().ptr();
      return found;
    }
  }
  return PyExc_RuntimeError;
}

}  // namespace thalweg::python
