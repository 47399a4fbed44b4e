// Giving up the GIL and taking it back, also while the interpreter is shutting down.
#pragma once
#include <nanobind/nanobind.h>

namespace thalweg::python {

// PyEval_RestoreThread. Once the interpreter has begun to shut down, CPython ends a thread that asks for the GIL by
// unwinding its stack; destructors of Python objects would then run without the GIL, and an unwinding that meets a
// noexcept function ends the process. Such a thread is stopped here for good instead, as CPython does from 3.14 on.
void take_gil(PyThreadState* thread);

class WithoutGil {
 public:
  WithoutGil() : thread_(PyEval_SaveThread()) {}
  ~WithoutGil() { take_gil(thread_); }
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;

 private:
  PyThreadState* thread_;
};

}  // namespace thalweg::python
