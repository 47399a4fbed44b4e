// Accesses to the same memory that no path of edges orders, where one of the two writes: whoever runs the state may take
// either first. No graph that the frontend makes has any, and no transformation may leave any behind.
#pragma once
#include <string>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::transforms {

// One line for each: the memory, the two nodes, the state. Nested graphs are looked at, too.
std::vector<std::string> unordered_accesses(const ir::SDFG& graph);

}  // namespace thalweg::transforms
