#include "python/gil.h"

#include <cxxabi.h>

#include <chrono>
#include <thread>

namespace thalweg::python {

void take_gil(PyThreadState* thread) {
  try {
    PyEval_RestoreThread(thread);
  } catch (abi::__forced_unwind&) {
    for (;;) std::this_thread::sleep_for(std::chrono::hours(1));  // until the process ends
  }
}

}  // namespace thalweg::python
