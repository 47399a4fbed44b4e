// Random graphs made of what transformations of maps look for: maps within one another (also with more beside the inner
// one), bodies of several parts, temporaries between them, ranges of one iteration and of few, triangles, steps, several
// maps over the same range, writes that combine, updates in place, views, temporaries that come one after the other.
#pragma once
#include "support/random_graph.h"

namespace thalweg::tests {

// Valid, free of races and undefined reads: every way to run it gives the same bits.
RandomGraph random_maps(uint64_t seed);

}  // namespace thalweg::tests
