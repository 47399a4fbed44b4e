// The runtime table of calls from Python: polls see Ctrl-C, callbacks run Python functions.
#include "thalweg/runtime.h"

#include <chrono>
#include <cstring>

#include "python/gil.h"
#include "python/numpy_api.h"
#include "python/program.h"

namespace nb = nanobind;

namespace thalweg::python {

namespace {

constexpr int64_t kPollEveryNanoseconds = 20'000'000;
constexpr int32_t kPollCountdown = 64;

int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Called by the calling thread only. Takes the GIL at most every 20 ms.
int32_t poll(thw_context* context) {
  context->countdown = kPollCountdown;
  if (context->stop) return 1;
  auto* record = static_cast<CallRecord*>(context->host);
  int64_t time = now();
  if (time < record->next_poll) return 0;
  record->next_poll = time + kPollEveryNanoseconds;
  take_gil(record->thread);
  bool interrupted = PyErr_CheckSignals() != 0;
  if (interrupted) record->raised = true;
  record->thread = PyEval_SaveThread();
  if (interrupted) context->stop = THW_STOP_INTERRUPTED;
  return context->stop;
}

nb::object array_over(const thw_array& value) {
  ir::DType dtype{static_cast<uint16_t>(value.dtype)};
  PyObject* out = PyArray_NewFromDescr(
      &PyArray_Type, descr_of(dtype), static_cast<int>(value.rank), reinterpret_cast<const npy_intp*>(value.shape),
      reinterpret_cast<const npy_intp*>(value.strides), value.data, NPY_ARRAY_WRITEABLE, nullptr);
  if (!out) throw nb::python_error();
  PyArray_UpdateFlags(reinterpret_cast<PyArrayObject*>(out), NPY_ARRAY_UPDATE_ALL);
  return nb::steal(out);
}

// The Python function may keep what it is given. Memory of the call's own arguments is shown as a view of them; the
// program's temporaries are copied, and copied back afterwards in case the function wrote to them.
nb::object to_python(const thw_array& value, const CallRecord& record) {
  if (value.rank <= 0) return nb::steal(scalar_to_python(value.data, ir::DType{static_cast<uint16_t>(value.dtype)}));
  nb::object view = array_over(value);
  auto* array = reinterpret_cast<PyArrayObject*>(view.ptr());
  for (PyObject* argument : record.arrays) {
    auto* base = reinterpret_cast<PyArrayObject*>(argument);
    char *low = static_cast<char*>(PyArray_DATA(base)), *high = low + PyArray_NBYTES(base);
    char* data = static_cast<char*>(value.data);
    if (!PyArray_IS_C_CONTIGUOUS(base) || data < low || data >= high) continue;
    Py_INCREF(argument);
    if (PyArray_SetBaseObject(array, argument) < 0) throw nb::python_error();
    if (!PyArray_ISWRITEABLE(base)) PyArray_CLEARFLAGS(array, NPY_ARRAY_WRITEABLE);
    return view;
  }
  nb::object copy = nb::steal(PyArray_NewCopy(array, NPY_CORDER));
  if (!copy.is_valid()) throw nb::python_error();
  return copy;
}

void copy_back(nb::handle given, const thw_array& value) {
  if (value.rank <= 0) return;
  auto* array = reinterpret_cast<PyArrayObject*>(given.ptr());
  if (PyArray_BASE(array)) return;  // a view: nothing to do
  nb::object target = array_over(value);
  if (PyArray_CopyInto(reinterpret_cast<PyArrayObject*>(target.ptr()), array) < 0) throw nb::python_error();
}

void store_result(nb::handle result, const thw_array& output) {
  ir::DType dtype{static_cast<uint16_t>(output.dtype)};
  nb::object given = nb::steal(PyArray_FromAny(result.ptr(), descr_of(dtype), 0, 0, 0, nullptr));
  if (!given.is_valid()) throw nb::python_error();
  auto* array = reinterpret_cast<PyArrayObject*>(given.ptr());
  bool same = PyArray_NDIM(array) == (output.rank < 0 ? 0 : output.rank) &&
              std::equal(output.shape, output.shape + PyArray_NDIM(array), PyArray_DIMS(array));
  if (!same) {
    PyErr_SetString(PyExc_TypeError,
                    "the result of a call back into Python has another shape than its annotation says");
    throw nb::python_error();
  }
  if (output.rank <= 0) {
    std::memcpy(output.data, PyArray_DATA(array), static_cast<size_t>(dtype.bytes()));
    return;
  }
  nb::object target = array_over(output);
  if (PyArray_CopyInto(reinterpret_cast<PyArrayObject*>(target.ptr()), array) < 0) throw nb::python_error();
}

void* allocate_result(thw_context* context, void* previous, int64_t bytes) {
  ResultBlocks& blocks = static_cast<CallRecord*>(context->host)->blocks;
  blocks.forget(previous);
  void* memory = thw_allocate_result(context, previous, bytes);
  if (memory) blocks.add(memory, bytes);
  return memory;
}

int32_t callback(thw_context* context, int32_t function, const thw_array* inputs, int32_t input_count,
                 thw_array* outputs, int32_t output_count) {
  auto* record = static_cast<CallRecord*>(context->host);
  take_gil(record->thread);
  int32_t failed = 0;
  try {
    nb::object arguments = nb::steal(PyTuple_New(input_count));
    for (int32_t i = 0; i < input_count; ++i)
      PyTuple_SET_ITEM(arguments.ptr(), i, to_python(inputs[i], *record).release().ptr());
    nb::object result =
        nb::steal(PyObject_CallObject(record->callbacks[static_cast<size_t>(function)], arguments.ptr()));
    if (!result.is_valid()) throw nb::python_error();
    for (int32_t i = 0; i < input_count; ++i) copy_back(PyTuple_GET_ITEM(arguments.ptr(), i), inputs[i]);
    if (output_count == 1) store_result(result, outputs[0]);
    for (int32_t i = 0; output_count > 1 && i < output_count; ++i) store_result(nb::object(result[i]), outputs[i]);
  } catch (nb::python_error& error) {
    error.restore();
    record->raised = true;
    context->stop = THW_STOP_RAISED;
    failed = 1;
  }
  record->thread = PyEval_SaveThread();
  return failed;
}

}  // namespace

const thw_runtime* python_runtime() {
  static const thw_runtime table = [] {
    thw_runtime made = *thw_default_runtime();
    made.poll = poll;
    made.callback = callback;
    made.allocate_result = allocate_result;
    return made;
  }();
  return &table;
}

}  // namespace thalweg::python
