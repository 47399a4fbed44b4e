// What a loop leaves behind that the rest of its graph may look at.
#pragma once
#include "analysis/symbols.h"
#include "ir/sdfg.h"

namespace thalweg::analysis {

// Those of the names (symbols, transient containers) whose values, as the loop leaves them, may be used outside of it:
// there is a way to a use outside on which nothing outside gives the name a value since the loop ran. Containers count
// as given a value by a write of a whole scalar only.
Names needed_outside(const ir::SDFG& graph, const ir::LoopRegion& loop, const Names& names);

}  // namespace thalweg::analysis
