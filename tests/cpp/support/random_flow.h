// Random programs made of control flow: what the transformations of symbols, scalars, branches and loops look for.
#pragma once
#include "support/random_graph.h"

namespace thalweg::tests {

// Vectors A, B, C of N >= 8 elements, a scalar x; scalars and symbols that hold constants, copies and counters, used in
// conditions, indices and tasklets; branches that are known, unknown or only choose between values; loops of no, one, a
// few or N turns, some empty, with statements inside that are the same in every turn; blocks that nothing leads to.
// Valid, free of races and undefined reads, never raising. The same seed gives the same graph.
RandomGraph random_flow(uint64_t seed);
// The same with temporaries of which each turn of a loop, or each iteration of a map, uses its own part, mostly without
// looking at what others left there.
RandomGraph random_scratch(uint64_t seed);

}  // namespace thalweg::tests
