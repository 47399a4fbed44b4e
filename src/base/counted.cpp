#include "base/counted.h"

namespace thalweg::base {

PythonHooks& python_hooks() {
  static PythonHooks hooks;
  return hooks;
}

void Counted::inc_ref() const noexcept {
  if (python_object_)
    python_hooks().inc_ref(python_object_);
  else
    count_.fetch_add(1, std::memory_order_relaxed);
}

void Counted::dec_ref() const noexcept {
  if (python_object_)
    python_hooks().dec_ref(python_object_);
  else if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete this;
}

void Counted::set_python_object(void* object) noexcept {
  // Every reference held so far by C++ becomes one on the Python object.
  uint32_t held = count_.exchange(0);
  python_object_ = object;
  for (uint32_t i = 0; i < held; ++i) python_hooks().inc_ref(object);
}

}  // namespace thalweg::base
