#include "python/turn.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "python/gil.h"
#include "thalweg/runtime.h"

namespace thalweg::python {

namespace {

constexpr std::chrono::microseconds kFirstNap{200}, kLongestNap{5000};

}  // namespace

bool Turn::is_free_for(uint64_t thread) const {
  return depth_ == 0 || owner_ == thread || process_ != thw_process_id();
}

Turn::Hold::Hold(Turn& turn) : turn_(turn) {
  const uint64_t self = PyThreadState_GetID(PyThreadState_Get());
  // Naps rather than a condition variable, which would count threads that a forked child does not have.
  for (auto nap = kFirstNap; !turn_.is_free_for(self); nap = std::min(2 * nap, kLongestNap)) {
    {
      const WithoutGil released;
      std::this_thread::sleep_for(nap);
    }
    if (PyErr_CheckSignals() != 0) throw nanobind::python_error();
  }
  if (turn_.owner_ != self) turn_.depth_ = 0;  // left behind by a thread of the parent process
  turn_.owner_ = self;
  turn_.process_ = thw_process_id();
  ++turn_.depth_;
}

Turn::Hold::~Hold() { --turn_.depth_; }

}  // namespace thalweg::python
