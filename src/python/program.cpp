// Making a program object, and compiling it without a call.
#include "python/program.h"

#include <condition_variable>
#include <cstdlib>
#include <thread>

#include "python/ast_convert.h"
#include "python/bound.h"
#include "python/errors.h"
#include "python/gil.h"

namespace nb = nanobind;

namespace thalweg::python {

namespace {

bool logging(const char* topic) {
  const char* value = std::getenv("THALWEG_LOG");
  return value && std::string(value).find(topic) != std::string::npos;
}

// Runs long work while another thread shows, from the second second on, that it is still going.
void with_progress(const std::string& what, const std::function<void()>& work) {
  std::mutex mutex;
  std::condition_variable done;
  bool finished = false;
  std::thread watch;
  try {
    watch = std::thread([&] {
      std::unique_lock lock(mutex);
      for (int seconds = 1; !done.wait_for(lock, std::chrono::seconds(1), [&] { return finished; }); ++seconds)
        fprintf(stderr, "thalweg: compiling %s ... %d s\n", what.c_str(), seconds);
    });
  } catch (const std::system_error&) {  // no more threads to be had: no progress is shown
  }
  auto stop = [&] {
    {
      std::lock_guard lock(mutex);
      finished = true;
    }
    done.notify_one();
    if (watch.joinable()) watch.join();
  };
  try {
    work();
  } catch (...) {
    stop();
    throw;
  }
  stop();
}

std::vector<driver::ParameterInfo> parameters_of(nb::handle function, nb::dict annotations, PythonHost& host) {
  nb::object code = function.attr("__code__");
  size_t count = nb::cast<size_t>(code.attr("co_argcount")) + nb::cast<size_t>(code.attr("co_kwonlyargcount"));
  std::vector<driver::ParameterInfo> out;
  for (size_t i = 0; i < count; ++i) {
    driver::ParameterInfo parameter{nb::cast<std::string>(nb::str(nb::object(code.attr("co_varnames")[i]))), {}, false};
    if (annotations.contains(parameter.name.c_str())) {
      parameter.compiletime = nb::hasattr(nb::object(annotations[parameter.name.c_str()]), "__thalweg_compiletime__");
      auto object = host.classify_annotation(nb::borrow(annotations[parameter.name.c_str()]));
      if (auto* annotation = std::get_if<frontend::HostAnnotation>(&object)) parameter.annotation = *annotation;
    }
    out.push_back(std::move(parameter));
  }
  return out;
}

}  // namespace

PyProgram::PyProgram(nb::object function, nb::object source, nb::dict annotations, bool strict, bool optimise,
                     bool bounds)
    : function_(function),
      source_(std::move(source)),
      program_(nb::cast<std::string>(function.attr("__name__")), {}),
      strict_(strict),
      optimise_(optimise),
      bounds_(bounds) {
  program_ = driver::Program(program_.name(), parameters_of(function_, annotations, scope_->host_of(function_)));
  nb::object code = function_.attr("__code__");
  positional_ = nb::cast<size_t>(code.attr("co_argcount"));
  positional_only_ = nb::cast<size_t>(code.attr("co_posonlyargcount"));
  if (nb::cast<int>(code.attr("co_flags")) & (CO_VARARGS | CO_VARKEYWORDS)) {
    base::Diagnostic error;
    error.code = "TW2004";
    error.message = program_.name() + "() takes *args or **kwargs, which are not supported";
    error.fix = "name every parameter";
    raise(error);
  }
  if (program_.parameters().size() > kMaxParameters) {
    base::Diagnostic error;
    error.code = "TW2003";
    error.message = program_.name() + "() has more than " + std::to_string(kMaxParameters) + " parameters";
    error.fix = "put arrays of one kind into one array with a dimension more";
    raise(error);
  }
  nb::object values = function_.attr("__defaults__"), keyword_values = function_.attr("__kwdefaults__");
  size_t with_default = values.is_none() ? 0 : nb::len(values);
  for (size_t i = 0; i < program_.parameters().size(); ++i) {
    nb::object name = nb::steal(PyUnicode_InternFromString(program_.parameters()[i].name.c_str()));
    nb::object value;
    if (i < positional_ && i + with_default >= positional_) value = values[i + with_default - positional_];
    if (i >= positional_ && !keyword_values.is_none())
      if (PyObject* found = PyDict_GetItemWithError(keyword_values.ptr(), name.ptr())) value = nb::borrow(found);
    names_.push_back(std::move(name));
    defaults_.push_back(std::move(value));
  }
}

std::shared_ptr<const syntax::Function> PyProgram::syntax() {
  if (!syntax_) {
    nb::tuple parts = nb::cast<nb::tuple>(source_());
    auto made = convert_function(parts[0], nb::cast<std::string>(nb::object(parts[1])),
                                 nb::cast<std::string>(nb::object(parts[2])), nb::cast<int>(nb::object(parts[3])));
    if (!syntax_) syntax_ = std::move(made);  // another thread may have been first, and uses what it made
  }
  return syntax_;
}

// The context keeps alive what it points at.
driver::BuildContext PyProgram::context(const std::shared_ptr<Scope>& scope) {
  driver::BuildContext out;
  std::shared_ptr<const syntax::Function> function = syntax();
  out.function = function.get();
  out.host = &scope->host_of(function_);
  out.strict = strict_;
  out.optimise = optimise_;
  out.bounds = bounds_;
  out.without_host = [name = program_.name(), function, scope](const std::function<void()>& work) {
    const WithoutGil released;
    with_progress(name, work);
  };
  if (logging("compile")) out.log = [](const std::string& line) { fprintf(stderr, "thalweg: %s\n", line.c_str()); };
  return out;
}

std::shared_ptr<driver::Build> PyProgram::build_annotated() {
  check_alive();
  Bound bound;
  for (const driver::ParameterInfo& parameter : program_.parameters()) {
    driver::CallArgument argument;
    if (!parameter.annotation) {
      PyErr_SetString(PyExc_TypeError, (program_.name() + "(): parameter " + parameter.name +
                                        " has no annotation that gives dtype and shape; annotate it "
                                        "(thalweg.float64[N]) or pass example arguments")
                                           .c_str());
      throw nb::python_error();
    }
    argument.dtype = parameter.annotation->dtype;
    argument.kind = parameter.annotation->is_array        ? driver::CallArgument::Kind::array
                    : argument.dtype == ir::dtypes::pyint ? driver::CallArgument::Kind::integer
                                                          : driver::CallArgument::Kind::scalar;
    argument.rank = static_cast<int>(parameter.annotation->shape.size());
    bound.arguments.push_back(argument);
  }
  auto none = [](size_t) -> frontend::HostObject { return frontend::HostNone{}; };
  std::shared_ptr<Scope> scope = current_scope();
  auto signature = program_.signature(bound.arguments, none, {});
  const Turn::Hold turn(compiling_);
  auto made = program_.compile_ahead(*signature, context(scope));
  if (!made) raise(made.error());
  return *made;
}

std::shared_ptr<driver::Build> PyProgram::build_for(nb::args args, nb::kwargs kwargs) {
  check_alive();
  Bound bound;
  bind(args.ptr(), kwargs.ptr(), bound);
  auto build = choose(bound);
  if (!build) raise(build.error());
  return *build;
}

void PyProgram::compile(driver::Build& build) {
  if (build.entry) return;
  const Turn::Hold turn(compiling_);
  const driver::BuildContext context = this->context(scope_);  // reads the source when it is the first to do so
  if (build.entry) return;                                     // another thread was first
  if (auto status = driver::compile_build(build, context); !status) raise(status.error());
}

// Each reference that the program holds once: what builds need of them they look up in the scope's table.
int PyProgram::traverse(visitproc visit, void* arg) const {
  Py_VISIT(function_.ptr());
  Py_VISIT(source_.ptr());
  for (const nb::object& value : defaults_) Py_VISIT(value.ptr());
  for (const nb::object& object : scope_->table->objects) Py_VISIT(object.ptr());
  for (const auto& [function, program] : scope_->table->stand_ins) {
    Py_VISIT(function.ptr());
    Py_VISIT(program.ptr());
  }
  if (scope_->host) Py_VISIT(scope_->host->function().ptr());
  return scope_->snapshot->traverse(visit, arg);
}

void PyProgram::clear() {
  program_.forget_builds();
  scope_ = std::make_shared<Scope>();
  for (nb::object& value : defaults_) value.reset();
  source_.reset();
  function_.reset();
}

void PyProgram::check_alive() const {
  if (function_.is_valid()) return;
  PyErr_SetString(PyExc_RuntimeError, (program_.name() + "(): the program is being garbage-collected").c_str());
  throw nb::python_error();
}

}  // namespace thalweg::python
