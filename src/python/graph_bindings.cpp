// Graphs as Python objects: one live object per element, edits through handles.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "base/counted.h"
#include "ir/sdfg.h"
#include "text/text.h"

namespace nb = nanobind;

namespace thalweg::python {

void bind_graph(nb::module_& module) {
  base::python_hooks() = {
      [](void* object) noexcept {
        nb::gil_scoped_acquire guard;
        Py_INCREF(static_cast<PyObject*>(object));
      },
      [](void* object) noexcept {
        nb::gil_scoped_acquire guard;
        Py_DECREF(static_cast<PyObject*>(object));
      },
  };
  nb::class_<base::Counted>(module, "_Counted", nb::intrusive_ptr<base::Counted>([](base::Counted* object,
                                                                                    PyObject* python) noexcept {
    object->set_python_object(python);
  }));
  nb::class_<ir::SDFG, base::Counted>(module, "SDFG", nb::dynamic_attr())
      .def_prop_ro("name", [](const ir::SDFG& sdfg) { return sdfg.get().name; })
      .def("__str__", [](const ir::SDFG& sdfg) { return text::print(sdfg); });
}

}  // namespace thalweg::python
