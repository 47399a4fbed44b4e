#include "python/gil.h"

#include <cxxabi.h>
#include <unistd.h>

namespace thalweg::python {

void take_gil(PyThreadState* thread) {
  try {
    PyEval_RestoreThread(thread);
  } catch (abi::__forced_unwind&) {
    for (;;) pause();  // until the process ends
  }
}

}  // namespace thalweg::python
