#include "transforms/fusion_cost.h"

#include <cmath>

namespace thalweg::transforms {

namespace {

// Write, fetch for the write, read.
constexpr double kTrips = 3;
// A vector unit does this many simple operations on values of 8 bytes while memory moves one byte: 32 bytes of four
// operations wide in a cycle, against 3 bytes a cycle and core.
constexpr double kOperationsPerByte = 8.0 / 3.0;

}  // namespace

FusionCost fusion_cost(int bytes, int width, const Work& work, int copies) {
  const double wide = width / 8.0;  // narrower values: more of them in a vector
  return {kTrips * bytes, (copies - 1) * work.operations * wide / kOperationsPerByte};
}

std::string to_string(const FusionCost& cost) {
  auto whole = [](double value) { return std::to_string(std::lround(value)); };
  return "computing it again takes as long as moving " + whole(cost.repeated) + " bytes an element, and saves " +
         whole(cost.saved);
}

}  // namespace thalweg::transforms
