// Whether an edge moves data, or only orders.
#pragma once
#include "ir/sdfg.h"

namespace thalweg::transforms {

inline bool carries(const ir::Edge* edge) { return !edge->memlet().is_empty(); }

}  // namespace thalweg::transforms
