// Objects of dataclasses and named tuples as arguments: what they hold, by name (python/thalweg/structures.py says of which classes).
#pragma once
#include <nanobind/nanobind.h>

#include <string>
#include <vector>

namespace thalweg::python {

struct StructureClass {
  std::vector<nanobind::object> fields;  // interned names, and
  std::vector<std::string> names;        // their texts
  bool slots = false;                    // there is no __dict__
  bool tuple = false;                    // a class of named tuples
};

// What is known of a class whose objects are taken apart; null of others.
const StructureClass* structure_class(PyTypeObject* type);

// The values that an object holds. True if they are those that its class declares, in order; else `names` says which.
bool fields_of(PyObject* object, const StructureClass& is, std::vector<nanobind::object>& values,
               std::vector<std::string>& names);

}  // namespace thalweg::python
