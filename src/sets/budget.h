// Every question to isl runs under a fixed count of isl's own operations, so that its answer depends on the question
// alone: never on the machine, the load or the time. Running out means "unknown".
#pragma once
#include <cstdint>

namespace thalweg::sets {

// Opens a question; what is asked inside (nested budgets too) shares its operations.
class Budget {
 public:
  static constexpr unsigned long kUsual = 200'000;
  explicit Budget(unsigned long operations = kUsual);
  ~Budget();
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

 private:
  bool outermost_;
};

// Questions that reached isl in this thread since it began (for measurements).
uint64_t questions_asked();

}  // namespace thalweg::sets
