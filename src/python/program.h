// The decorated function as Python sees it: binds arguments, asks the driver for a build, runs it.
#pragma once
#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "driver/program.h"
#include "python/host.h"
#include "python/turn.h"

namespace thalweg::python {

struct CallRecord;
class HeldGenerators;

class PyProgram {
 public:
  // `source` is a callable that gives (ast.FunctionDef, file, text, first line); it is asked once.
  // `annotations` maps parameter names to evaluated annotation objects.
  PyProgram(nanobind::object function, nanobind::object source, nanobind::dict annotations, bool strict, bool optimise,
            bool bounds);

  // `self` is the object that Python sees.
  PyObject* call(PyObject* self, PyObject* args, PyObject* kwargs);
  // The build for the annotations alone (every array parameter annotated), and the one for these arguments: planned, and
  // without machine code until it is compiled. For .compile() and .to_sdfg().
  std::shared_ptr<driver::Build> build_annotated();
  std::shared_ptr<driver::Build> build_for(nanobind::args args, nanobind::kwargs kwargs);
  void compile(driver::Build& build);

  // The call in the reference interpreter, on the frontend's graph or on the optimised one; seed != 0 shuffles orders.
  nanobind::object interpret(nanobind::args args, nanobind::kwargs kwargs, bool optimised, uint64_t seed);

  std::shared_ptr<const syntax::Function> syntax();
  nanobind::object function() const { return function_; }
  const driver::Program& program() const { return program_; }

  // For the garbage collector: a program may lie in the namespace that its function refers to.
  int traverse(visitproc visit, void* argument) const;
  void clear();

  struct Bound;   // arguments of one call
  struct Border;  // what running one build needs, worked out once

 private:
  void bind(PyObject* args, PyObject* kwargs, Bound& bound);
  bool bind_keyword(PyObject* name, PyObject* value, Bound& bound);
  [[noreturn]] void binding_error(PyObject* args, PyObject* kwargs);
  bool is_symbol(PyObject* name) const;
  PyObject* copied(size_t index, ir::DType dtype, Bound& bound);
  void classify(size_t index, Bound& bound);
  void classify_array(size_t index, Bound& bound);
  bool borrow_arrays(size_t index, Bound& bound);
  bool take_apart(size_t index, Bound& bound);
  bool take_structure_apart(size_t index, Bound& bound);
  bool add_parts(size_t index, Bound& bound, std::vector<nanobind::object> held,
                 const std::vector<std::string>* fields);
  std::string argument_name(size_t index, const Bound& bound) const;
  void check_annotation(size_t index, Bound& bound);
  std::shared_ptr<Scope> current_scope();
  void sign(Bound& bound);
  base::Result<std::shared_ptr<driver::Build>> choose(Bound& bound);
  base::Result<std::shared_ptr<driver::Build>> select(Bound& bound, bool aliased);
  PyObject* call_in_pieces(PyObject* self, PyObject* args, PyObject* kwargs, const base::Diagnostic& refusal);
  bool overlaps(const driver::Build& build, const Border& border, const Bound& bound);
  std::shared_ptr<Border> border(driver::Build& build, const Bound& bound);
  driver::BuildContext context(const std::shared_ptr<Scope>& scope);
  void check_alive() const;
  PyObject* run(driver::Build& build, Border& border, Bound& bound);
  void check_copied(const Border& border, const Bound& bound);
  void hold(HeldGenerators& held, const Border& border, const Bound& bound);
  void copy_back(const Border& border, const Bound& bound);
  nanobind::object results(driver::Build& build, Border& border, Bound& bound, const thw_array* values,
                           CallRecord& record);
  nanobind::object result_array(const driver::EntryPlan::Result& plan, bool own_object, const thw_array& value,
                                const Border& border, Bound& bound, CallRecord& record);
  [[noreturn]] void raise(const driver::Build& build, const thw_context& context);
  void note_of_fields(const driver::Build& build, const Bound& bound);
  [[noreturn]] void raise(const base::Diagnostic& diagnostic);

  nanobind::object function_, source_;
  std::vector<nanobind::object> names_, defaults_;  // interned names; invalid default: required
  size_t positional_ = 0;                           // parameters that may be given by position
  size_t positional_only_ = 0;                      // and not by keyword
  driver::Program program_;
  bool strict_, optimise_, bounds_;
  std::shared_ptr<Scope> scope_ = std::make_shared<Scope>();
  std::shared_ptr<const syntax::Function> syntax_;
  Turn compiling_;
};

// The runtime table of calls from Python: interrupts and callbacks reach the interpreter.
const thw_runtime* python_runtime();

// Memory that results were allocated in. Freed with the call, except where an array has taken it over.
class ResultBlocks {
 public:
  ResultBlocks() = default;
  ResultBlocks(const ResultBlocks&) = delete;
  ResultBlocks& operator=(const ResultBlocks&) = delete;
  ~ResultBlocks();
  // Memory from malloc.
  void add(void* data, int64_t bytes) { blocks_.push_back({static_cast<char*>(data), bytes, nullptr, {}}); }
  // Memory from malloc that somebody else frees.
  void forget(const void* data) {
    std::erase_if(blocks_, [&](const Block& block) { return block.data == data; });
  }
  // Memory that lives as long as `keeps`.
  void add(void* data, int64_t bytes, std::shared_ptr<void> keeps) {
    blocks_.push_back({static_cast<char*>(data), bytes, std::move(keeps), {}});
  }
  // The Python object that owns the block around an address; invalid if there is none.
  nanobind::object owner(const void* address);

 private:
  struct Block {
    char* data;
    int64_t bytes;
    std::shared_ptr<void> keeps;
    nanobind::object owner;
  };
  std::vector<Block> blocks_;
};

// What thw_context.host points at during a call.
struct CallRecord {
  PyThreadState* thread = nullptr;  // saved while compiled code runs without the GIL
  PyProgram* program = nullptr;
  std::vector<PyObject*> callbacks;  // borrowed from the build's scope
  std::vector<PyObject*> arrays;     // the array arguments of the call, borrowed (filled if there are callbacks)
  int64_t next_poll = 0;
  bool raised = false;  // a Python exception is set in this thread
  ResultBlocks blocks;
};

}  // namespace thalweg::python
