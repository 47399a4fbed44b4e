// Milliseconds between two points of a compile.
#pragma once
#include <chrono>

namespace thalweg::jit {

class Stopwatch {
 public:
  // Time since the last call or since the start.
  double lap() {
    auto now = std::chrono::steady_clock::now();
    double ms = std::chrono::duration<double, std::milli>(now - last_).count();
    last_ = now;
    return ms;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace thalweg::jit
