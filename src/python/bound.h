// The arguments of one call while it runs, and what a build needs of them.
#pragma once
#include <array>
#include <forward_list>

#include "python/numpy_api.h"
#include "python/program.h"

namespace thalweg::python {

inline constexpr size_t kMaxParameters = 64;  // with the parts of sparse matrices and of objects

struct PyProgram::Bound {
  PyObject* values[kMaxParameters] = {};  // borrowed from the caller, or from `owned`
  std::vector<driver::CallArgument> arguments;
  std::vector<nanobind::object> owned;  // copies that had to be made, and arrays over other libraries' memory
  struct Copied {
    size_t parameter;
    PyObject* original;
  };
  std::vector<std::pair<nanobind::object, nanobind::object>> generators;  // arguments' states, each with its generator
  std::vector<Copied> copied;       // byte-swapped or unaligned: written back if the program writes it
  std::vector<size_t> taken_apart;  // the arguments whose parts follow the parameters
  std::forward_list<std::vector<std::string>> field_names;  // of objects that have others than their class says
  std::forward_list<std::array<int64_t, 2>> sparse_shapes;
  std::vector<std::string> extra_names;  // symbols given by keyword
  std::vector<int64_t> extra_values;
  std::shared_ptr<Scope> scope;
  std::shared_ptr<driver::Signature> signature;
  std::vector<int64_t> symbols;
};

struct PyProgram::Border {
  struct Source {
    enum class Kind : uint8_t { parameter, closure } kind;
    size_t index;  // parameter, or handle
  };
  std::shared_ptr<ObjectTable> table;  // of the scope that the build was made in
  std::vector<Source> data;            // for plan.data
  std::vector<int> symbols;            // slot of each plan.symbols
  std::vector<Source> written;         // memory that the program writes
  std::vector<Source> apart;           // and memory that it said to be shared with no other
  std::vector<Source> arrays;          // all memory that it may touch
  std::vector<int> callbacks;          // handles

  PyObject* object(const Source& source, const Bound& bound) const {
    return source.kind == Source::Kind::parameter ? bound.values[source.index] : table->at(source.index);
  }
};

}  // namespace thalweg::python
