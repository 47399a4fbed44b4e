#include "python/structures.h"

#include <unordered_map>

#include "python/text_of.h"

namespace nb = nanobind;

namespace thalweg::python {

namespace {

struct KnownClass {
  nb::object reference;      // weak: another class may lie where this one has been
  setattrofunc assigns;      // another one when the class has been changed
  const StructureClass* is;  // never let go: calls under way point at its names
};

const StructureClass* ask(PyTypeObject* type) {
  nb::object found =
      nb::module_::import_("thalweg.structures").attr("shape_of")(nb::handle(reinterpret_cast<PyObject*>(type)));
  if (found.is_none()) return nullptr;
  auto* out = new StructureClass();
  for (nb::handle name : nb::object(found[0])) {
    PyObject* interned = nb::borrow(name).release().ptr();
    PyUnicode_InternInPlace(&interned);
    out->fields.push_back(nb::steal(interned));
    out->names.push_back(text_of(name));
  }
  const std::string kind = text_of(found[1]);
  out->slots = kind == "slots";
  out->tuple = kind == "tuple";
  return out;
}

}  // namespace

const StructureClass* structure_class(PyTypeObject* type) {
  // Built-in classes are none, nor are classes that do something when an attribute is read.
  if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || type->tp_getattro != PyObject_GenericGetAttr) return nullptr;
  // Lives as long as the process: its objects must not be let go when the interpreter has ended.
  static auto& known = *new std::unordered_map<PyTypeObject*, KnownClass>();
  auto found = known.find(type);
  auto* object = reinterpret_cast<PyObject*>(type);
  if (found != known.end() && PyWeakref_GetObject(found->second.reference.ptr()) == object &&
      found->second.assigns == type->tp_setattro)
    return found->second.is;
  KnownClass made{nb::steal(PyWeakref_NewRef(object, nullptr)), type->tp_setattro, ask(type)};
  if (!made.reference.is_valid()) throw nb::python_error();
  return (known[type] = std::move(made)).is;
}

bool fields_of(PyObject* object, const StructureClass& is, std::vector<nb::object>& values,
               std::vector<std::string>& names) {
  values.reserve(is.fields.size());
  bool as_declared = true;
  nb::object dictionary;
  if (!is.slots) {
    dictionary = nb::steal(PyObject_GenericGetDict(object, nullptr));
    if (!dictionary.is_valid()) throw nb::python_error();
  }
  for (size_t k = 0; k < is.fields.size(); ++k) {
    PyObject* name = is.fields[k].ptr();
    nb::object value;
    if (is.slots) {
      value = nb::steal(PyObject_GetAttr(object, name));
      if (!value.is_valid()) PyErr_Clear();
    } else if (PyObject* found = PyDict_GetItemWithError(dictionary.ptr(), name)) {
      value = nb::borrow(found);
    }
    as_declared &= value.is_valid();
    if (value.is_valid()) values.push_back(std::move(value));
  }
  if (as_declared && (is.slots || PyDict_Size(dictionary.ptr()) == static_cast<Py_ssize_t>(values.size()))) return true;
  values.clear();
  if (is.slots) {
    for (const nb::object& name : is.fields)
      if (nb::object value = nb::steal(PyObject_GetAttr(object, name.ptr())); value.is_valid()) {
        values.push_back(std::move(value));
        names.push_back(text_of(name));
      } else {
        PyErr_Clear();
      }
    return false;
  }
  PyObject *name, *value;
  Py_ssize_t position = 0;
  while (PyDict_Next(dictionary.ptr(), &position, &name, &value))
    if (PyUnicode_Check(name)) {
      values.push_back(nb::borrow(value));
      names.push_back(text_of(name));
    }
  return false;
}

}  // namespace thalweg::python
