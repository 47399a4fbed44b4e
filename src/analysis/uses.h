// How often each container is used, and by what: the question behind "is this temporary needed anywhere else?".
#pragma once
#include <map>
#include <set>
#include <string>

#include "ir/sdfg.h"

namespace thalweg::analysis {

struct ContainerUses {
  std::map<std::string, int> access_nodes;  // in all states of this graph
  std::set<std::string> elsewhere;          // transitions, loop and branch conditions, returns, reference targets

  int count(const std::string& name) const {
    auto found = access_nodes.find(name);
    return found == access_nodes.end() ? 0 : found->second;
  }
  bool only_in_states(const std::string& name) const { return !elsewhere.count(name); }
};

ContainerUses container_uses(ir::SDFG& graph);
// Does a transition of the loop, or a condition in it (its own, too), read the container?
bool control_reads(const ir::LoopRegion& loop, const std::string& container);

}  // namespace thalweg::analysis
