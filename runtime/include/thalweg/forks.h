// For as long as it lives no other thread forks this process. A fork waits, perhaps with CPython's GIL: that must not
// be asked for meanwhile.
#pragma once
#include "thalweg/runtime.h"

namespace thalweg::runtime {

class NoForks {
 public:
  NoForks() { thw_hold_forks(); }
  ~NoForks() { thw_let_forks(); }
  NoForks(const NoForks&) = delete;
  NoForks& operator=(const NoForks&) = delete;
};

}  // namespace thalweg::runtime
