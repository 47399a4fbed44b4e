// Copies of parts of a graph.
#pragma once
#include "ir/block.h"

namespace thalweg::ir {

// A free copy of a block with all below it: same structure, fields, labels and locations, new identities.
Ref<ControlFlowBlock> clone_block(ControlFlowBlock& block);

}  // namespace thalweg::ir
