// Which containers may stand for the same memory.
#pragma once
#include <string>

#include "ir/sdfg.h"

namespace thalweg::analysis {

// May an access to container `a` touch memory that an access to container `b` touches? True for the same container,
// for views and references and what they may point into, and for arguments that are declared to overlap.
bool may_overlap(const ir::SDFG& graph, const std::string& a, const std::string& b);

}  // namespace thalweg::analysis
