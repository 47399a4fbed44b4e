// Jumps out of loops.
#pragma once
#include "ir/block.h"

namespace thalweg::transforms {

// Does a break or continue in the region leave the loop around it (or the region itself, if it is a loop)? Those of
// loops inside do not count.
bool leaves_loop(const ir::ControlFlowRegion& region);
// Is there a return anywhere inside?
bool returns_inside(const ir::ControlFlowRegion& region);

}  // namespace thalweg::transforms
