// Random graphs with what random_graph leaves out, so that every row of the tables is reached: all element types,
// storages and schedules, strided, dynamic and combining memlets, the other library nodes, callbacks. What lowering
// refuses by design (streams, consume scopes, devices, float16) is in graphs of its own, which only the interpreter runs.
#pragma once
#include "support/random_graph.h"

namespace thalweg::tests {

// Can be compiled. Results depend on sizes and data of any kind, and nothing raises.
RandomGraph random_wide_graph(uint64_t seed);
// Streams, consume scopes, devices, float16. Every order gives the same.
RandomGraph random_refused_graph(uint64_t seed);

}  // namespace thalweg::tests
