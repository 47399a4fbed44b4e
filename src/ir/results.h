// Which containers a graph makes for its caller.
#pragma once
#include <set>
#include <string>

#include "ir/sdfg.h"

namespace thalweg::ir {

// Non-transient containers that are no arguments: they are allocated when born and handed to the caller. Those named in
// `returns`, and what a returned reference may point at when the graph ends.
std::set<std::string> result_containers(const SDFG& sdfg);

}  // namespace thalweg::ir
