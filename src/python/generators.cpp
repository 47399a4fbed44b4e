#include "python/generators.h"

namespace nb = nanobind;

namespace thalweg::python {

nb::object state_array(PyObject* object) {
  if (PyType_Check(object) || object == Py_None || PyUnicode_Check(object) || PyTuple_Check(object)) return {};
  PyObject* random = PyDict_GetItemString(PyImport_GetModuleDict(), "numpy.random");
  PyObject* type = random ? PyDict_GetItemString(PyModule_GetDict(random), "Generator") : nullptr;
  if (reinterpret_cast<PyObject*>(Py_TYPE(object)) != type) return {};
  nb::object state = nb::module_::import_("thalweg.generators").attr("state_array")(nb::handle(object));
  return state.is_none() ? nb::object() : state;
}

void HeldGenerators::hold(const std::vector<std::pair<nb::object, nb::object>>& generators) {
  if (generators.empty()) return;
  nb::list pairs;
  for (const auto& [state, generator] : generators) pairs.append(nb::make_tuple(state, generator));
  held_ = nb::module_::import_("thalweg.generators").attr("Held")(pairs);
}

HeldGenerators::~HeldGenerators() {
  if (!held_.is_valid()) return;
  PyObject *type, *value, *traceback;  // of the error that ends the call
  PyErr_Fetch(&type, &value, &traceback);
  try {
    held_.attr("finish")();
  } catch (nb::python_error& error) {
    error.discard_as_unraisable("the state of a numpy.random.Generator");
  }
  PyErr_Restore(type, value, traceback);
}

}  // namespace thalweg::python
