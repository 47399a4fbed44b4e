// Answers the frontend's questions about live Python objects, and remembers which answers it gave: a global that
// changes afterwards makes the builds stale.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "frontend/host.h"

namespace thalweg::python {

// Names that were looked up, with what they were. All of it is re-checked at every call (a dictionary look-up each).
class Snapshot {
 public:
  void add(nanobind::object dictionary, nanobind::object key, nanobind::object value);
  void add_cell(nanobind::object cell, nanobind::object value);
  void add_attribute(nanobind::object object, nanobind::object name, nanobind::object value);
  bool unchanged() const;
  int traverse(visitproc visit, void* argument) const;  // for the garbage collector

 private:
  enum class Place : uint8_t { dictionary, cell, attribute };
  struct Entry {
    nanobind::object holder, key, value;
    Place place;
    std::vector<int64_t> layout;  // of an array: data, extents, strides, which may be set in place
  };
  void add(Entry entry);
  std::deque<Entry> entries_;  // entries stay where they are: computed attributes may add some during a check
};

// The table of Python objects that handles stand for; shared by a program and the functions inlined into it.
struct ObjectTable {
  std::vector<nanobind::object> objects;
  std::vector<std::pair<nanobind::object, nanobind::object>> stand_ins;   // plain functions, and programs of their text
  std::vector<std::pair<nanobind::object, nanobind::object>> generators;  // arrays of their states, and they themselves
  int add(nanobind::object object);
  // The program that has the text of a plain function; invalid where the text is not there or no program can have it.
  nanobind::object stand_in(const nanobind::object& function);
  PyObject* at(size_t handle) const { return objects.at(handle).ptr(); }
};

class PythonHost final : public frontend::Host, public std::enable_shared_from_this<PythonHost> {
 public:
  PythonHost(nanobind::object function, std::shared_ptr<ObjectTable> table, std::shared_ptr<Snapshot> snapshot)
      : function_(std::move(function)), table_(std::move(table)), snapshot_(std::move(snapshot)) {}

  frontend::HostObject resolve(const std::string& name) override;
  frontend::HostObject default_of(const std::string& parameter);
  frontend::HostObject attribute(const frontend::HostObject& object, const std::string& attribute) override;
  frontend::HostMember member(const frontend::HostClass& of, const std::string& name, bool setting,
                              const frontend::HostClass* behind) override;
  std::optional<bool> is_kind_of(const frontend::HostClass* is, const frontend::HostClass& of) override;
  frontend::HostConstruction construction(const frontend::HostClass& of) override;
  frontend::HostObject object(int handle) override;
  frontend::HostObject definition(const std::string& path) override;
  bool accepts(const std::string& path, const std::string& keyword) override;
  bool accepts_positional(const std::string& path, size_t count) override;
  frontend::HostObject evaluate_annotation(const syntax::Expr& annotation) override;
  int raising(const frontend::RaiseRequest& request) override;

  frontend::HostObject classify(nanobind::object object);
  // A class whose objects are what they hold; nothing of other classes.
  std::optional<frontend::HostClass> classify_class(const nanobind::object& object);
  // What an annotation object says: thalweg's own, NumPy's and Python's scalar types.
  frontend::HostObject classify_annotation(nanobind::object object);
  nanobind::handle function() const { return function_; }

 private:
  frontend::HostFunction function_of(nanobind::object object, nanobind::handle program);
  nanobind::object function_;
  std::shared_ptr<ObjectTable> table_;
  std::shared_ptr<Snapshot> snapshot_;
};

// What a function refers to, as one generation of builds sees it. When something in it changes, the program starts a
// new one; calls and compilations that are under way keep theirs.
struct Scope {
  std::shared_ptr<ObjectTable> table = std::make_shared<ObjectTable>();
  std::shared_ptr<Snapshot> snapshot = std::make_shared<Snapshot>();
  std::shared_ptr<PythonHost> host;  // made when first needed

  PythonHost& host_of(const nanobind::object& function) {
    if (!host) host = std::make_shared<PythonHost>(function, table, snapshot);
    return *host;
  }
};

// The syntax tree of a thalweg program object, converted once (see PyProgram::syntax).
using ProgramSyntax =
    std::function<std::shared_ptr<const syntax::Function>(nanobind::handle program, nanobind::object& function)>;
ProgramSyntax& program_syntax();
// The Python class of decorated functions.
nanobind::handle program_class();

}  // namespace thalweg::python
