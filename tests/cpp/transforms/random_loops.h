// Random programs of loops, as text: what dependence tests meet. Indices are affine, shifted, strided, mirrored or read
// from an index array; bodies hold temporaries, branches and inner loops (triangular ones too).
#pragma once
#include "support/random_graph.h"

namespace thalweg::tests {

RandomGraph random_loops(uint64_t seed);

}  // namespace thalweg::tests
