// Whose turn it is on the processors: a parallel region's, or another library's threads'.
#pragma once
#include "thalweg/runtime.h"

namespace thalweg::runtime {

// For the one region at a time that uses the pool; false where another one or another library is at it or waits for
// its turn. What a region wrote is seen by the next.
bool begin_region_turn();
void end_region_turn();

// While one of these lives, the processors are left to another library's threads: ours stop spinning, and parallel
// regions of other callers run serially. Waits for a region in progress; several libraries' calls share a turn.
class OthersTurn {
 public:
  // In the calling thread of a call, which goes on seeing interrupts while it waits.
  explicit OthersTurn(thw_context* context);
  ~OthersTurn();
  OthersTurn(const OthersTurn&) = delete;
  OthersTurn& operator=(const OthersTurn&) = delete;
  bool taken() const { return taken_; }  // false: the call has been stopped meanwhile

 private:
  bool taken_ = false;
};

void forget_turns();       // in a forked child, whose only thread has none
uint32_t forks_so_far();   // how often that was: of this process and its ancestors
void let_workers_sleep();  // pool.cpp

}  // namespace thalweg::runtime
