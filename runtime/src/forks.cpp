// Stretches during which no other thread may fork this process.
//
// A child inherits a lock that is held, and not the thread that would release it: a compile half done, the dynamic
// linker's list being read (glibc resets only one of its two locks), a product in BLAS, whose threads OpenBLAS ends
// before a fork, losing what they were to do. So a fork waits for all of these. Handlers run before a fork in the
// reverse order of their registration: watch_forks() after a library is loaded makes ours come before the library's.
#include <pthread.h>
#include <unistd.h>

#include <atomic>

#include "thalweg/runtime.h"

namespace {

// Process-wide, as a fork is. Sequentially consistent: either side sees the other's mark.
std::atomic<int> stretches{0}, forks_waiting{0};
thread_local int depth = 0;

// Waiting is by naps: a condition variable would count threads that do not exist in the child.
void nap() { usleep(100); }

// One by the forking thread itself does not end by waiting.
int own_stretches() { return depth > 0 ? 1 : 0; }

void before_fork() {
  forks_waiting.fetch_add(1);
  while (stretches.load() > own_stretches()) nap();
}

void after_fork_in_parent() { forks_waiting.fetch_sub(1); }

void after_fork_in_child() {
  forks_waiting.store(0);
  stretches.store(own_stretches());
}

// From the loading of this code on, so before the first stretch.
[[maybe_unused]] const bool watched = (thw_watch_forks(), true);

}  // namespace

extern "C" void thw_watch_forks(void) { pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child); }

extern "C" void thw_hold_forks(void) {
  if (depth++ > 0) return;
  for (;;) {
    stretches.fetch_add(1);
    if (forks_waiting.load() == 0) return;
    stretches.fetch_sub(1);
    nap();
  }
}

extern "C" void thw_let_forks(void) {
  if (--depth == 0) stretches.fetch_sub(1);
}
