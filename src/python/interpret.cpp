// Running a call in the reference interpreter instead of compiled code: the oracle, from Python.
#include "interpret/interpret.h"

#include <cstring>

#include "library/registry.h"
#include "python/bound.h"
#include "python/errors.h"
#include "python/generators.h"

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

// A result as compiled code would hand it over; memory of the run's own lives on in `blocks`.
thw_array handed_over(const interpret::Returned& value, bool scalar, ResultBlocks& blocks) {
  thw_array out = {};
  if (value.kind == ir::ReturnValue::Kind::none) return out;
  if (value.kind == ir::ReturnValue::Kind::symbol) {
    std::memcpy(out.shape, &value.symbol, sizeof value.symbol);
    return out;
  }
  if (scalar) {
    std::memcpy(out.shape, value.data, static_cast<size_t>(value.dtype.bytes()));
    return out;
  }
  out.data = const_cast<std::byte*>(value.data);
  out.rank = static_cast<int64_t>(value.shape.size());
  for (size_t d = 0; d < value.shape.size(); ++d) {
    out.shape[d] = value.shape[d];
    out.strides[d] = value.strides[d] * value.dtype.bytes();
  }
  if (value.keeps && !blocks.owner(value.data).is_valid())
    blocks.add(const_cast<std::byte*>(value.block), value.block_bytes, value.keeps);
  return out;
}

}  // namespace

nb::object PyProgram::interpret(nb::args args, nb::kwargs kwargs, bool optimised, uint64_t seed) {
  check_alive();
  Bound bound;
  bind(args.ptr(), kwargs.ptr(), bound);
  auto chosen = choose(bound);
  if (!chosen) raise(chosen.error());
  std::shared_ptr<driver::Build> build = *chosen;
  const std::shared_ptr<Border> border = this->border(*build, bound);
  if (!bound.copied.empty()) check_copied(*border, bound);
  HeldGenerators held;
  hold(held, *border, bound);
  ir::Ref<ir::SDFG> graph = ir::clone(*build->graph);
  if (optimised && !build->aliased)
    if (auto status = driver::optimise(*graph); !status) raise(status.error());

  interpret::Arguments arguments;
  for (size_t i = 0; i < bound.arguments.size(); ++i) {
    driver::CallArgument& given = bound.arguments[i];
    const std::string& name = bound.signature->containers()[i];
    if (given.kind == driver::CallArgument::Kind::array) {
      interpret::Argument argument{given.data, {}, {}};
      for (int d = 0; d < given.rank; ++d) {
        argument.shape.push_back(given.shape[d]);
        argument.strides.push_back(given.strides[d] / given.dtype.bytes());
      }
      arguments.containers[name] = std::move(argument);
    } else if (given.kind == driver::CallArgument::Kind::scalar) {
      arguments.containers[name] = {given.scalar.data(), {}, {}};
    }
  }
  for (const auto& closure : build->frontend.closure_arrays) {
    PyObject* array = bound.scope->table->at(static_cast<size_t>(closure.handle));
    arguments.containers[closure.container] = {PyArray_DATA(reinterpret_cast<PyArrayObject*>(array)), {}, {}};
  }
  for (size_t s = 0; s < bound.symbols.size(); ++s) arguments.symbols[bound.signature->symbols()[s]] = bound.symbols[s];

  interpret::Options options;
  options.seed = seed;
  options.interrupted = [] { return PyErr_CheckSignals() != 0; };
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
    if (PyErr_Occurred()) throw nb::python_error();  // of a signal's handler
    PyErr_SetString(builtin_exception(outcome.error().kind), outcome.error().message.c_str());
    throw nb::python_error();
  }
  copy_back(*border, bound);
  if (outcome->returns.empty() && !build->plan.returns_tuple) return nb::none();
  CallRecord record;
  std::vector<thw_array> values;
  for (size_t i = 0; i < outcome->returns.size(); ++i)
    values.push_back(handed_over(
        outcome->returns[i], build->plan.results[i].kind == driver::EntryPlan::Result::Kind::scalar, record.blocks));
  return results(*build, *border, bound, values.data(), record);
}

}  // namespace thalweg::python
