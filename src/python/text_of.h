// str(object) of a Python object, as a C++ string.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>

namespace thalweg::python {

inline std::string text_of(nanobind::handle object) { return nanobind::cast<std::string>(nanobind::str(object)); }

}  // namespace thalweg::python
