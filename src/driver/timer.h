// A stopwatch for phase times.
#pragma once
#include <chrono>

namespace thalweg::driver {

class Timer {
 public:
  double milliseconds() const { return std::chrono::duration<double, std::milli>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace thalweg::driver
