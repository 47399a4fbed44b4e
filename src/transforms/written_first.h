// Is every read of a container preceded, in the same run of a region, by writes of all that it reads?
#pragma once
#include <string>

#include "transforms/control_facts.h"

namespace thalweg::transforms {

// Then nothing of what stood there before the region ran is seen in it. Says no wherever that does not follow from
// writes that are certain to happen, at the top level of states in a row. Reads of conditions do not count.
bool written_first(const ir::ControlFlowRegion& region, const std::string& container, const ControlFacts& facts);

}  // namespace thalweg::transforms
