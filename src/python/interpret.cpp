// Running a call in the reference interpreter instead of compiled code: the oracle, from Python.
#include "interpret/interpret.h"

#include <cstring>

#include "library/registry.h"
#include "python/bound.h"
#include "python/errors.h"

namespace nb = nanobind;

namespace thalweg::python {

namespace {

nb::object array_of(const interpret::ArrayRef& value) {
  if (value.shape.empty()) return nb::steal(scalar_to_python(value.data, value.dtype));
  std::vector<npy_intp> shape(value.shape.begin(), value.shape.end()), strides;
  for (int64_t stride : value.strides) strides.push_back(stride * value.dtype.bytes());
  PyObject* out = PyArray_NewFromDescr(&PyArray_Type, descr_of(value.dtype), static_cast<int>(shape.size()),
                                       shape.data(), strides.data(), value.data, NPY_ARRAY_WRITEABLE, nullptr);
  if (!out) throw nb::python_error();
  PyArray_UpdateFlags(reinterpret_cast<PyArrayObject*>(out), NPY_ARRAY_UPDATE_ALL);
  return nb::steal(out);
}

void fill(const interpret::ArrayRef& target, nb::handle value) {
  nb::object given = nb::steal(PyArray_FromAny(value.ptr(), descr_of(target.dtype), 0, 0, 0, nullptr));
  if (!given.is_valid()) throw nb::python_error();
  auto* array = reinterpret_cast<PyArrayObject*>(given.ptr());
  if (target.shape.empty()) {
    std::memcpy(target.data, PyArray_DATA(array), static_cast<size_t>(target.dtype.bytes()));
    return;
  }
  nb::object view = array_of(target);
  if (PyArray_CopyInto(reinterpret_cast<PyArrayObject*>(view.ptr()), array) < 0) throw nb::python_error();
}

// Fresh results are copied: the interpreter's memory goes with the run.
nb::object result_of(const interpret::Returned& value, nb::handle base) {
  using Kind = ir::ReturnValue::Kind;
  if (value.kind == Kind::none) return nb::none();
  if (value.kind == Kind::symbol) return nb::int_(value.symbol);
  interpret::ArrayRef ref{value.dtype, const_cast<std::byte*>(value.data), value.shape, value.strides};
  if (value.shape.empty() && !base.is_valid()) return nb::steal(scalar_to_python(value.data, value.dtype));
  nb::object array = array_of(ref);
  if (!base.is_valid()) return nb::steal(PyArray_NewCopy(reinterpret_cast<PyArrayObject*>(array.ptr()), NPY_CORDER));
  auto *view = reinterpret_cast<PyArrayObject*>(array.ptr()), *whole = reinterpret_cast<PyArrayObject*>(base.ptr());
  bool same = PyArray_DATA(view) == PyArray_DATA(whole) && PyArray_NDIM(view) == PyArray_NDIM(whole) &&
              std::equal(PyArray_DIMS(view), PyArray_DIMS(view) + PyArray_NDIM(view), PyArray_DIMS(whole)) &&
              std::equal(PyArray_STRIDES(view), PyArray_STRIDES(view) + PyArray_NDIM(view), PyArray_STRIDES(whole));
  if (same) return nb::borrow(base);
  if (PyArray_SetBaseObject(view, nb::object(nb::borrow(base)).release().ptr()) < 0) throw nb::python_error();
  return array;
}

}  // namespace

nb::object PyProgram::interpret(nb::args args, nb::kwargs kwargs, bool optimised, uint64_t seed) {
  check_alive();
  Bound bound;
  bind(args.ptr(), kwargs.ptr(), bound);
  std::shared_ptr<driver::Build> build = choose(bound);
  check_writeable(*border(*build, bound), bound);
  ir::Ref<ir::SDFG> graph = ir::clone(*build->graph);
  if (optimised && !build->aliased)
    if (auto status = driver::optimise(*graph); !status) raise(status.error());

  interpret::Arguments arguments;
  std::map<std::string, PyObject*> objects;
  for (size_t i = 0; i < bound.arguments.size(); ++i) {
    driver::CallArgument& given = bound.arguments[i];
    const std::string& name = program_.parameters()[i].name;
    if (given.kind == driver::CallArgument::Kind::array) {
      interpret::Argument argument{given.data, {}, {}};
      for (int d = 0; d < given.rank; ++d) {
        argument.shape.push_back(given.shape[d]);
        argument.strides.push_back(given.strides[d] / given.dtype.bytes());
      }
      arguments.containers[name] = std::move(argument);
      objects[name] = bound.values[i];
    } else if (given.kind == driver::CallArgument::Kind::scalar) {
      arguments.containers[name] = {given.scalar.data(), {}, {}};
    }
  }
  for (const auto& closure : build->frontend.closure_arrays) {
    objects[closure.container] = bound.scope->table->at(static_cast<size_t>(closure.handle));
    arguments.containers[closure.container] = {
        PyArray_DATA(reinterpret_cast<PyArrayObject*>(objects[closure.container])), {}, {}};
  }
  for (size_t s = 0; s < bound.symbols.size(); ++s) arguments.symbols[bound.signature->symbols()[s]] = bound.symbols[s];

  interpret::Options options;
  options.seed = seed;
  options.expand = [](const ir::LibraryNode& node) { return library::reference(node); };
  options.callback = [&](int64_t index, const std::vector<interpret::ArrayRef>& inputs,
                         const std::vector<interpret::ArrayRef>& outputs) {
    nb::list values;
    for (const auto& input : inputs) values.append(array_of(input));
    const int handle = build->frontend.callbacks.at(static_cast<size_t>(index));
    nb::object function = bound.scope->table->objects.at(static_cast<size_t>(handle));
    nb::object result = function(*nb::tuple(values));
    if (outputs.size() == 1) fill(outputs[0], result);
    for (size_t k = 0; outputs.size() > 1 && k < outputs.size(); ++k) fill(outputs[k], nb::object(result[k]));
    return base::success();
  };
  auto outcome = interpret::run(*graph, arguments, options);
  if (!outcome) {
    PyErr_SetString(builtin_exception(outcome.error().kind), outcome.error().message.c_str());
    throw nb::python_error();
  }
  std::vector<nb::object> values;
  for (const interpret::Returned& value : outcome->returns) {
    auto at = objects.find(value.container);
    values.push_back(result_of(value, at == objects.end() ? nb::handle() : nb::handle(at->second)));
  }
  if (values.empty()) return nb::none();
  if (!build->plan.returns_tuple) return values[0];
  nb::list out;
  for (nb::object& value : values) out.append(value);
  return nb::tuple(out);
}

}  // namespace thalweg::python
