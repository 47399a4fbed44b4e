// Graphs as Python objects: one live object per element, edits through handles (graph.h says which file binds what).
#include "python/graph.h"

#include "base/counted.h"

namespace thalweg::python {

namespace {

// Elements may be let go by threads that do not hold Python, and by static storage after Python has ended.
void count(void* object, bool up) noexcept {
  if (!Py_IsInitialized()) return;
  nb::gil_scoped_acquire guard;
  if (up)
    Py_INCREF(static_cast<PyObject*>(object));
  else
    Py_DECREF(static_cast<PyObject*>(object));
}

}  // namespace

void raise_value_error(const std::string& message) { throw nb::value_error(message.c_str()); }

void bind_graph(nb::module_& module) {
  base::python_hooks() = {[](void* object) noexcept { count(object, true); },
                          [](void* object) noexcept { count(object, false); }};
  nb::class_<base::Counted>(module, "_Counted",
                            nb::intrusive_ptr<base::Counted>([](base::Counted* object, PyObject* python) noexcept {
                              object->set_python_object(python);
                            }));
  bind_nodes(module);
  bind_control_flow(module);
  bind_state(module);
  bind_sdfg(module);
}

}  // namespace thalweg::python
