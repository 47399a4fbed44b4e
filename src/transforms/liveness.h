// Which containers may be read after a state has run.
#pragma once
#include <map>
#include <set>
#include <string>

#include "ir/sdfg.h"

namespace thalweg::transforms {

// For each state of the graph the containers that a state running after it may read (its own reads too, where it may
// run again). Nothing is ever taken away by a write in between; reads of transitions and conditions do not count.
std::map<const ir::State*, std::set<std::string>> read_after(ir::SDFG& graph);
// The same for containers that are read or written.
std::map<const ir::State*, std::set<std::string>> used_after(ir::SDFG& graph);

}  // namespace thalweg::transforms
