#include "base/counted.h"

namespace thalweg::base {

PythonHooks& python_hooks() {
  static PythonHooks hooks;  // one table for the process: a process has one Python
  return hooks;
}

// The word is 2 * count + 1 while C++ counts, else the address of the Python object (always even). One word, so that a
// thread that counts while another makes the Python object can lose nothing.
void Counted::inc_ref() const noexcept {
  uintptr_t word = word_.load(std::memory_order_relaxed);
  while (word & 1)
    if (word_.compare_exchange_weak(word, word + 2, std::memory_order_relaxed)) return;
  python_hooks().inc_ref(reinterpret_cast<void*>(word));
}

void Counted::dec_ref() const noexcept {
  uintptr_t word = word_.load(std::memory_order_acquire);
  while (word & 1) {
    if (!word_.compare_exchange_weak(word, word - 2, std::memory_order_acq_rel)) continue;
    if (word == 3) delete this;
    return;
  }
  python_hooks().dec_ref(reinterpret_cast<void*>(word));
}

void Counted::set_python_object(void* object) noexcept {
  // Every reference held so far by C++ becomes one on the Python object.
  uintptr_t word = word_.load(std::memory_order_acquire), moved = 0;
  do {
    for (; moved < word / 2; ++moved) python_hooks().inc_ref(object);
  } while (!word_.compare_exchange_weak(word, reinterpret_cast<uintptr_t>(object), std::memory_order_acq_rel));
  for (; moved > word / 2; --moved) python_hooks().dec_ref(object);
}

}  // namespace thalweg::base
