// What fusing a producer into its consumers costs and saves, in bytes moved between the processor and memory.
//
// Apart, every element of the temporary is written (its cache line is fetched first) and read again: three trips. Fused,
// these are gone, but an element that the consumers read under several indices is computed once for each. Work is
// counted as the bytes that memory moves in its time.
#pragma once
#include <string>

#include "transforms/work.h"

namespace thalweg::transforms {

struct FusionCost {
  double saved = 0;     // bytes an element of the temporary
  double repeated = 0;  // bytes' worth of work an element that is done again
  bool worth() const { return repeated <= saved; }
};

// An element of `bytes` bytes; `work` makes one, in values of `width` bytes, and `copies` are made of it.
FusionCost fusion_cost(int bytes, int width, const Work& work, int copies);
// For people: "computing it again takes as long as moving 40 bytes an element, and saves 24".
std::string to_string(const FusionCost& cost);

}  // namespace thalweg::transforms
