// Which processors the calling thread may use.
#pragma once

#include <sched.h>

namespace thalweg::runtime {

inline constexpr int kMaxThreads = 512;

// The affinity mask of the calling thread, as it was when it last asked for its number of threads (at every call of
// a program); false if it never did.
bool known_mask(cpu_set_t* mask);

}  // namespace thalweg::runtime
