// One call of a program: choose the build, run it without the GIL, hand back results or raise.
#include <algorithm>

#include "python/bound.h"
#include "python/errors.h"
#include "python/generators.h"
#include "python/gil.h"
#include "thalweg/runtime.h"

namespace nb = nanobind;

namespace thalweg::python {

using driver::Build;
using driver::CallArgument;

namespace {

constexpr size_t kInlinePointers = 32;

driver::CallArgument describe_array(PyObject* object) {
  auto* array = reinterpret_cast<PyArrayObject*>(object);
  CallArgument out;
  out.kind = CallArgument::Kind::array;
  out.dtype = dtype_of(PyArray_DESCR(array)).value_or(ir::dtypes::float64);
  out.data = static_cast<char*>(PyArray_DATA(array));
  out.rank = PyArray_NDIM(array);
  out.shape = reinterpret_cast<const int64_t*>(PyArray_DIMS(array));
  out.strides = reinterpret_cast<const int64_t*>(PyArray_STRIDES(array));
  out.writeable = PyArray_ISWRITEABLE(array);
  return out;
}

}  // namespace

std::shared_ptr<PyProgram::Border> PyProgram::border(Build& build, const Bound& bound) {
  if (build.border) return std::static_pointer_cast<Border>(build.border);
  const driver::Signature& signature = *bound.signature;
  auto made = std::make_shared<Border>();
  made->table = bound.scope->table;
  auto source = [&](const std::string& name) -> Border::Source {
    for (size_t i = 0; i < signature.containers().size(); ++i)
      if (signature.containers()[i] == name) return {Border::Source::Kind::parameter, i};
    for (const auto& closure : build.frontend.closure_arrays)
      if (closure.container == name) return {Border::Source::Kind::closure, static_cast<size_t>(closure.handle)};
    TW_CHECK(false, "a container that no argument gives: " + name);
    return {};
  };
  for (const std::string& name : build.plan.data) made->data.push_back(source(name));
  for (const std::string& name : build.plan.symbols) {
    auto at = std::find(signature.symbols().begin(), signature.symbols().end(), name);
    TW_CHECK(at != signature.symbols().end(), "a symbol that no argument gives: " + name);
    made->symbols.push_back(static_cast<int>(at - signature.symbols().begin()));
  }
  for (const std::string& name : build.frontend.written_arguments) made->written.push_back(source(name));
  for (const std::string& name : build.frontend.apart_arguments) made->apart.push_back(source(name));
  for (size_t i = 0; i < bound.arguments.size(); ++i)
    if (bound.arguments[i].kind == CallArgument::Kind::array)
      made->arrays.push_back({Border::Source::Kind::parameter, i});
  for (const auto& closure : build.frontend.closure_arrays)
    made->arrays.push_back({Border::Source::Kind::closure, static_cast<size_t>(closure.handle)});
  made->callbacks = build.frontend.callbacks;
  build.border = made;
  return made;
}

bool PyProgram::overlaps(const Build&, const Border& border, const Bound& bound) {
  if ((border.written.empty() && border.apart.empty()) || border.arrays.size() < 2) return false;
  auto extent = [&](const Border::Source& source) {
    if (source.kind == Border::Source::Kind::parameter) return driver::extent_of(bound.arguments[source.index]);
    return driver::extent_of(describe_array(border.table->at(source.index)));
  };
  auto meets_another = [&](const Border::Source& one) {
    const driver::MemoryExtent mine = extent(one);
    return std::any_of(border.arrays.begin(), border.arrays.end(), [&](const Border::Source& other) {
      return (other.kind != one.kind || other.index != one.index) && mine.overlaps(extent(other));
    });
  };
  return std::any_of(border.written.begin(), border.written.end(), meets_another) ||
         std::any_of(border.apart.begin(), border.apart.end(), meets_another);
}

// An argument that had to be copied no longer shares memory with the others as the program is entitled to see.
void PyProgram::check_copied(const Border& border, const Bound& bound) {
  auto original = [&](size_t index) {
    for (const auto& copied : bound.copied)
      if (copied.parameter == index) return copied.original;
    return bound.values[index];
  };
  auto object = [&](const Border::Source& source) {
    return source.kind == Border::Source::Kind::parameter ? original(source.index) : border.table->at(source.index);
  };
  auto is_written = [&](const Border::Source& source) {
    auto is_source = [&](const auto& w) { return w.kind == source.kind && w.index == source.index; };
    return std::any_of(border.written.begin(), border.written.end(), is_source) ||
           std::any_of(border.apart.begin(), border.apart.end(), is_source);
  };
  for (const auto& copied : bound.copied) {
    Border::Source mine{Border::Source::Kind::parameter, copied.parameter};
    for (const auto& other : border.arrays) {
      if (object(other) == copied.original && other.kind == mine.kind) continue;  // they share the copy
      if (!is_written(mine) && !is_written(other)) continue;
      auto extent = [](PyObject* array) { return driver::extent_of(describe_array(array)); };
      if (!extent(copied.original).overlaps(extent(object(other)))) continue;
      PyErr_SetString(PyExc_ValueError,
                      (program_.name() + "(): argument " + argument_name(copied.parameter, bound) +
                       " is byte-swapped or unaligned and overlaps another argument, and one of them is "
                       "written; pass a copy in native byte order")
                          .c_str());
      throw nb::python_error();
    }
  }
}

// The generators that the program draws from, those of the arguments and those that it found.
void PyProgram::hold(HeldGenerators& held, const Border& border, const Bound& bound) {
  std::vector<std::pair<nb::object, nb::object>> used = bound.generators;
  for (const auto& source : border.arrays)
    for (const auto& [state, generator] : border.table->generators)
      if (source.kind == Border::Source::Kind::closure && border.table->at(source.index) == state.ptr())
        used.emplace_back(state, generator);
  held.hold(used);
}

// What was written to copies goes to the arguments that they stand for.
void PyProgram::copy_back(const Border& border, const Bound& bound) {
  for (const auto& copied : bound.copied)
    for (const auto& written : border.written)
      if (written.kind == Border::Source::Kind::parameter && written.index == copied.parameter)
        if (PyArray_CopyInto(reinterpret_cast<PyArrayObject*>(copied.original),
                             reinterpret_cast<PyArrayObject*>(bound.values[copied.parameter])) < 0)
          throw nb::python_error();
}

base::Result<std::shared_ptr<Build>> PyProgram::select(Bound& bound, bool aliased) {
  if (auto found = driver::Program::find(*bound.signature, bound.symbols.data(), aliased)) return found;
  const Turn::Hold turn(compiling_);
  auto made = program_.select(*bound.signature, bound.symbols.data(), aliased, context(bound.scope));
  if (!made) return made;
  for (const std::string& line : (*made)->frontend.notices) {
    nb::object category = nb::module_::import_("thalweg.errors").attr("Notice");
    if (PyErr_WarnEx(category.ptr(), line.c_str(), 1) < 0) throw nb::python_error();
  }
  (*made)->frontend.notices.clear();
  return made;
}

// The scope for a new call; a new one when something that the builds were made for has changed.
std::shared_ptr<Scope> PyProgram::current_scope() {
  std::shared_ptr<Scope> scope = scope_;
  if (scope->snapshot->unchanged()) return scope;
  if (scope_ == scope) {  // else another thread has seen the change as well
    program_.forget_builds();
    scope_ = std::make_shared<Scope>();
  }
  return scope_;
}

// The signature of a call, with the scope that its builds belong to.
void PyProgram::sign(Bound& bound) {
  for (;;) {
    bound.scope = current_scope();
    std::vector<std::shared_ptr<void>> kept;
    auto fixed = [&](size_t index) -> frontend::HostObject {
      PythonHost& host = bound.scope->host_of(function_);
      nb::object object = nb::borrow(bound.values[index]);
      const bool apart = bound.arguments[index].kind == CallArgument::Kind::structure;
      if (apart) object = nb::borrow(object.type());
      kept.push_back(std::make_shared<nb::object>(object));
      return host.classify(std::move(object));
    };
    bound.signature = program_.signature(bound.arguments, fixed, bound.extra_names);
    if (!kept.empty()) bound.signature->keep(std::move(kept));  // it is new
    if (bound.scope == scope_) return;
    program_.forget_builds();  // classifying ran Python code, and another thread has begun a new scope meanwhile
  }
}

base::Result<std::shared_ptr<Build>> PyProgram::choose(Bound& bound) {
  sign(bound);
  bound.symbols.resize(bound.signature->symbols().size());
  auto status = bound.signature->bind(bound.arguments, bound.extra_values, bound.symbols.data());
  if (!status) raise(status.error());
  auto build = select(bound, false);
  if (build && overlaps(**build, *border(**build, bound), bound)) build = select(bound, true);
  return build;
}

PyObject* PyProgram::call(PyObject* self, PyObject* args, PyObject* kwargs) {
  check_alive();
  Bound bound;
  bind(args, kwargs, bound);
  auto build = choose(bound);
  if (!build) {
    if (strict_ || !build.error().is_left_to_cpython()) raise(build.error());
    return call_in_pieces(self, args, kwargs, build.error());
  }
  compile(**build);
  std::shared_ptr<Border> border = this->border(**build, bound);
  return run(**build, *border, bound);
}

// The rest of what CPython accepts: it runs the statement that was refused, and programs what is around it.
PyObject* PyProgram::call_in_pieces(PyObject* self, PyObject* args, PyObject* kwargs, const base::Diagnostic& refusal) {
  const std::string source = syntax_ ? syntax_->source : "";
  const int first = syntax_ ? syntax_->source_first_line : 1;
  base::Span place;  // in this function's text: where it calls the function that holds the fault
  auto consider = [&](const base::Span& span) {
    if (syntax_ && span.file && syntax_->span.file && *span.file == *syntax_->span.file && span.line >= first &&
        span.line < first + std::count(source.begin(), source.end(), '\n') + 1)
      place = span;
  };
  consider(refusal.span);
  for (const auto& note : refusal.notes) consider(note.second);
  nb::object run = nb::module_::import_("thalweg.pieces.run").attr("in_pieces");
  return run(nb::handle(self), nb::handle(args), kwargs ? nb::borrow(kwargs) : nb::object(nb::dict()), place.line,
             place.column, refusal.message)
      .release()
      .ptr();
}

PyObject* PyProgram::run(Build& build, Border& border, Bound& bound) {
  if (!bound.copied.empty()) check_copied(border, bound);
  HeldGenerators held;
  hold(held, border, bound);
  void* inline_data[kInlinePointers];
  int64_t inline_symbols[kInlinePointers];
  std::vector<void*> more_data(border.data.size() > kInlinePointers ? border.data.size() : 0);
  std::vector<int64_t> more_symbols(border.symbols.size() > kInlinePointers ? border.symbols.size() : 0);
  void** data = more_data.empty() ? inline_data : more_data.data();
  int64_t* symbols = more_symbols.empty() ? inline_symbols : more_symbols.data();
  for (size_t i = 0; i < border.data.size(); ++i) {
    const auto& source = border.data[i];
    if (source.kind == Border::Source::Kind::closure) {
      data[i] = PyArray_DATA(reinterpret_cast<PyArrayObject*>(border.table->at(source.index)));
    } else {
      CallArgument& argument = bound.arguments[source.index];
      data[i] = argument.kind == CallArgument::Kind::array ? static_cast<void*>(argument.data)
                                                           : static_cast<void*>(argument.scalar.data());
    }
  }
  for (size_t i = 0; i < border.symbols.size(); ++i) symbols[i] = bound.symbols[static_cast<size_t>(border.symbols[i])];

  std::vector<thw_array> results(build.plan.results.size());
  thw_call call{data, symbols, results.data()};
  CallRecord record;
  record.program = this;
  for (int handle : border.callbacks) record.callbacks.push_back(border.table->at(static_cast<size_t>(handle)));
  if (!border.callbacks.empty())
    for (const auto& source : border.arrays) record.arrays.push_back(border.object(source, bound));
  thw_context context;
  thw_context_init(&context, python_runtime());
  context.host = &record;
  record.thread = PyEval_SaveThread();
  int32_t failed = build.entry(&context, &call);
  take_gil(record.thread);
  if (failed || context.stop) {
    try {
      if (record.raised && PyErr_Occurred()) throw nb::python_error();
      raise(build, context);
    } catch (nb::python_error& error) {
      if (build.frontend.changes.empty()) throw;
      error.restore();
      note_of_fields(build, bound);
      throw nb::python_error();
    }
  }
  copy_back(border, bound);
  if (results.empty() && !build.plan.returns_tuple) Py_RETURN_NONE;
  return this->results(build, border, bound, results.data(), record).release().ptr();
}

// Fields are assigned when the program has ended.
void PyProgram::note_of_fields(const Build& build, const Bound& bound) {
  std::string names;
  for (const frontend::FieldChange& change : build.frontend.changes)
    names += (names.empty() ? "" : ", ") + argument_name(change.argument, bound) + "." + change.field;
  PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  nb::module_::import_("thalweg.structures")
      .attr("note")(nb::handle(value), "thalweg: these fields are as they were before the call: " + names);
  PyErr_Restore(type, value, traceback);
}

void PyProgram::raise(const base::Diagnostic& diagnostic) {
  const std::string source = syntax_ ? syntax_->source : "";
  raise_diagnostic(diagnostic, source, syntax_ ? syntax_->source_first_line : 1);
}

// The extents' product is the largest number where it does not fit into 64 bits (thw_bytes): NumPy makes two errors of it.
[[noreturn]] static void raise_no_memory(int64_t bytes) {
  if (bytes == INT64_MAX) {
    PyErr_SetString(PyExc_ValueError,
                    "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.");
  } else if (bytes <= 0) {  // workspace of a library
    PyErr_NoMemory();
  } else {
    char size[32];
    snprintf(size, sizeof size, "%.3g", static_cast<double>(bytes) / (1 << 30));
    PyErr_Format(PyExc_MemoryError, "Unable to allocate %s GiB for an array", size);
  }
  throw nb::python_error();
}

void PyProgram::raise(const Build& build, const thw_context& context) {
  if (context.site == THW_SITE_MEMORY) raise_no_memory(context.values[0]);
  if (context.site < 0 || static_cast<size_t>(context.site) >= build.plan.raise_sites.size()) {
    PyErr_Format(PyExc_RuntimeError, "%s(): the compiled program stopped (site %d)", program_.name().c_str(),
                 context.site);
    throw nb::python_error();
  }
  const driver::RaiseSite& site = build.plan.raise_sites[static_cast<size_t>(context.site)];
  base::Diagnostic error;
  error.kind = site.kind;
  error.message = site.message;
  for (int i = 0; i < THW_MAX_RAISE_VALUES; ++i) {
    std::string mark = "{" + std::to_string(i) + "}";
    for (size_t at; (at = error.message.find(mark)) != std::string::npos;)
      error.message.replace(at, mark.size(), std::to_string(context.values[i]));
  }
  error.span = site.span;
  bool own_file = syntax_ && site.span.file && syntax_->span.file && *site.span.file == *syntax_->span.file;
  PyErr_SetString(
      builtin_exception(site.kind),
      render_for_user(error, own_file ? syntax_->source : "", own_file ? syntax_->source_first_line : 1).c_str());
  throw nb::python_error();
}

}  // namespace thalweg::python
