#include "turns.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace {

using Clock = std::chrono::steady_clock;

// Process-wide because processors are.
constexpr int32_t kRegion = -1;
std::atomic<int32_t> holders{0};  // kRegion, or how many calls of other libraries are going on
std::atomic<int32_t> waiting{0};  // calls of other libraries that wait for a region to end
std::atomic<uint32_t> forks{0};   // between this process and its oldest ancestor

constexpr auto kYielding = std::chrono::microseconds(100);  // about the length of a short region
constexpr useconds_t kFirstNap = 20, kLongestNap = 1000;    // microseconds

bool share_turn() {
  int32_t now = holders.load(std::memory_order_relaxed);
  while (now != kRegion)
    if (holders.compare_exchange_weak(now, now + 1, std::memory_order_acquire)) return true;
  return false;
}

}  // namespace

namespace thalweg::runtime {

bool begin_region_turn() {
  int32_t nobody = 0;
  return waiting.load(std::memory_order_relaxed) == 0 &&
         holders.compare_exchange_strong(nobody, kRegion, std::memory_order_acquire);
}

void end_region_turn() { holders.store(0, std::memory_order_release); }

OthersTurn::OthersTurn(thw_context* context) : taken_(share_turn()) {
  if (!taken_) {
    const uint32_t forks_before = forks_so_far();
    waiting.fetch_add(1, std::memory_order_relaxed);
    useconds_t nap = kFirstNap;
    const auto start = Clock::now();
    while (!(taken_ = share_turn()) && context->stop == 0) {
      if (Clock::now() - start < kYielding) {
        sched_yield();
        continue;
      }
      usleep(nap);
      nap = std::min(2 * nap, kLongestNap);
      context->runtime->poll(context);
    }
    // A poll may run Python code that forks: the child counts anew.
    if (forks_so_far() == forks_before) waiting.fetch_sub(1, std::memory_order_relaxed);
  }
  if (taken_) let_workers_sleep();
}

OthersTurn::~OthersTurn() {
  if (taken_) holders.fetch_sub(1, std::memory_order_release);
}

uint32_t forks_so_far() { return forks.load(std::memory_order_relaxed); }

void forget_turns() {
  forks.fetch_add(1, std::memory_order_relaxed);
  holders.store(0, std::memory_order_relaxed);
  waiting.store(0, std::memory_order_relaxed);
}

}  // namespace thalweg::runtime
