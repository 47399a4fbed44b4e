// The nanobind module thalweg._thalweg.
#define THALWEG_IMPORT_NUMPY
#include "python/numpy_api.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "driver/explain.h"
#include "emit/emit.h"
#include "frontend/numpy/registry.h"
#include "jit/cache.h"
#include "jit/jit.h"
#include "python/errors.h"
#include "python/program.h"
#include "text/text.h"
#include "thalweg/runtime.h"
#include "verify/cutout.h"

namespace nb = nanobind;

namespace thalweg::python {

void bind_graph(nb::module_& module);  // graph_bindings.cpp

namespace {

// tp_call: positional and keyword arguments as CPython hands them over, without a detour through wrappers.
PyObject* call_program(PyObject* self, PyObject* args, PyObject* kwargs) {
  try {
    return nb::inst_ptr<PyProgram>(self)->call(self, args, kwargs);
  } catch (nb::python_error& error) {
    error.restore();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

// With slots of our own, the instance's dictionary and class are ours to visit as well.
int traverse_program(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (PyObject** attributes = _PyObject_GetDictPtr(self)) Py_VISIT(*attributes);
  return nb::inst_ready(self) ? nb::inst_ptr<PyProgram>(self)->traverse(visit, arg) : 0;
}

int clear_program(PyObject* self) {
  if (PyObject** attributes = _PyObject_GetDictPtr(self)) Py_CLEAR(*attributes);
  if (nb::inst_ready(self)) nb::inst_ptr<PyProgram>(self)->clear();
  return 0;
}

PyType_Slot program_slots[] = {{Py_tp_call, reinterpret_cast<void*>(call_program)},
                               {Py_tp_traverse, reinterpret_cast<void*>(traverse_program)},
                               {Py_tp_clear, reinterpret_cast<void*>(clear_program)},
                               {0, nullptr}};

// Never released: it outlives the interpreter, and nothing may be released then.
nb::handle class_of_programs;

nb::dict times(const driver::Build& build) {
  nb::dict out;
  const driver::BuildTimes& t = build.times;
  out["frontend"] = t.frontend;
  out["cache"] = t.cache;
  out["passes"] = t.passes;
  out["lower"] = t.lower;
  out["emit"] = t.emit;
  out["compile"] = t.compile;
  out["load"] = t.load;
  out["total"] = t.frontend + t.total;
  return out;
}

// What the text of explain_json leaves out: facts of this process.
nb::dict describe(const driver::Build& build) {
  nb::dict out;
  out["aliased"] = build.aliased;
  out["cached"] = build.cached;
  out["compiled"] = build.entry != nullptr;
  out["times"] = times(build);
  return out;
}

std::string explain(const driver::Build& build) {
  auto text = driver::explain_json(build);
  if (!text) raise_diagnostic(text.error(), "", 1);
  return std::move(*text);
}

// None when nothing differs today, else (place, file, line, what).
nb::object replay(const std::string& text) {
  auto found = verify::replay(text);
  if (!found) raise_diagnostic(found.error(), "", 1);
  if (!*found) return nb::none();
  const verify::Guilty& guilty = **found;
  const base::Span span = guilty.location.empty() ? base::Span{} : guilty.location.front();
  return nb::make_tuple(guilty.place, span.file ? *span.file : "", span.line, guilty.what);
}

// The graph of a build at each stage: [("frontend", text), (pass, text), ...].
nb::list stages(const driver::Build& build) {
  nb::list out;
  ir::Ref<ir::SDFG> graph = ir::clone(*build.graph);
  auto status = driver::optimise(*graph, [&](const std::string& stage, const ir::SDFG& now) {
    out.append(nb::make_tuple(stage, text::print(now)));
  });
  if (!status) throw std::runtime_error(status.error().message);
  return out;
}

std::string c_text(const driver::Build& build) {
  if (!build.c_text.empty()) return build.c_text;
  ir::Ref<ir::SDFG> graph = ir::clone(*build.graph);
  if (!build.aliased)
    if (auto status = driver::optimise(*graph); !status) throw std::runtime_error(status.error().message);
  auto emitted = driver::emit_program(*graph, build.aliased, build.source);
  if (!emitted) throw std::runtime_error(emitted.error().message);
  return emitted->c_text;
}

// The program as C++ source, from the same passes.
std::string cpp_text(const driver::Build& build) {
  ir::Ref<ir::SDFG> graph = ir::clone(*build.graph);
  if (!build.aliased)
    if (auto status = driver::optimise(*graph); !status) throw std::runtime_error(status.error().message);
  auto text = driver::export_program(*graph, build.aliased, build.source);
  if (!text) raise_diagnostic(text.error(), build.source.text, build.source.first_line);
  return *text;
}

void bind_program(nb::module_& module) {
  module.def("export_header", &emit::export_header, "The text of thalweg_export.h.");
  nb::class_<driver::Build>(module, "Build")
      .def_prop_ro("c_text", &c_text, "The C text that was compiled.")
      .def_prop_ro("cpp_text", &cpp_text, "The program as C++17 with OpenMP; thalweg_export.h is all that it needs.")
      .def_prop_ro("stages", &stages, "Text of the graph as the frontend made it and after each pass.")
      .def_prop_ro(
          "graph", [](const driver::Build& build) { return build.graph.get(); }, nb::rv_policy::reference,
          "The graph as the frontend made it.")
      .def("describe", &describe, "Whether arguments overlap, whether it came from the cache, times in milliseconds.")
      .def("explain_json", &explain, "Why the build exists, its guards, and every loop nest's verdict, as JSON.");
  class_of_programs =
      nb::class_<PyProgram>(module, "Program", nb::type_slots(program_slots), nb::dynamic_attr(),
                            nb::is_weak_referenceable())
          .def(nb::init<nb::object, nb::object, nb::dict, bool, bool, bool>())
          .def("_build_annotated", &PyProgram::build_annotated)
          .def("_build_for", &PyProgram::build_for)
          .def("_compile", &PyProgram::compile)
          .def(
              "interpret",
              [](PyProgram& program, nb::args args, nb::kwargs kwargs) {
                return program.interpret(args, kwargs, false, 0);
              },
              "Runs the call in the reference interpreter, on the graph as the frontend made it. Slow: an oracle.")
          .def(
              "interpret_optimised",
              [](PyProgram& program, nb::args args, nb::kwargs kwargs) {
                return program.interpret(args, kwargs, true, 1);
              },
              "Runs the call in the reference interpreter on the optimised graph, iterations in a shuffled order.")
          .def_prop_ro(
              "builds", [](const PyProgram& program) { return program.program().builds(); },
              "Every build that was made, in order.")
          .release();
}

void bind_cache(nb::module_& module) {
  module.def("cache_folder", [] { return jit::Cache::from_environment().folder(); });
  module.def("cache_reason", [] { return jit::Cache::from_environment().reason(); });
  module.def("cache_clear", [] { return jit::Cache::from_environment().clear(); });
  module.def("cache_list", [] {
    nb::list out;
    for (const auto& entry : jit::Cache::from_environment().list())
      out.append(nb::make_tuple(entry.key, entry.bytes, entry.stored_at, entry.damaged));
    return out;
  });
}

}  // namespace

nb::handle program_class() { return class_of_programs; }

}  // namespace thalweg::python

static int import_numpy() {
  import_array1(-1);
  return 0;
}

NB_MODULE(_thalweg, module) {
  using namespace thalweg;
  using namespace thalweg::python;
  if (import_numpy() < 0) throw nb::python_error();
  nb::set_leak_warnings(false);  // programs live in module globals, which CPython does not clear at exit
  module.attr("__version__") = THALWEG_VERSION;
  program_syntax() = [](nb::handle object, nb::object& function) {
    auto* program = nb::inst_ptr<PyProgram>(object);
    function = program->function();
    return program->syntax();
  };
  bind_program(module);
  bind_cache(module);
  bind_graph(module);
  module.def("replay", &replay, "Applies what a cut-out of verify mode names, and compares.");
  module.def("preload_compiler", [] { jit::preload(); });
  module.def("compiler_is_open", [] { return jit::compiler_is_open(); });
  module.def("known_functions", [] { return frontend::known_functions(); });
  module.def("default_threads", [] { return thw_default_threads(); });
}
