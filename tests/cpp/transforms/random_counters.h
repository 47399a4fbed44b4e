// Random loops that count: for and while loops that step symbols beside their variable, by constants or a symbol, with
// iterations that end early.
#pragma once
#include "support/random_graph.h"

namespace thalweg::tests {

RandomGraph random_counters(uint64_t seed);

}  // namespace thalweg::tests
