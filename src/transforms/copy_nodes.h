// Copies of nodes within their state.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::transforms {

struct Copies {
  std::map<const ir::Node*, ir::Node*> of;  // each node's copy
  std::vector<ir::Node*> nodes;             // the copies, in the order of the originals
};

// Copies the nodes and all edges that end at one of them: what leads to or comes from other nodes leads to or comes
// from the same ones. Access nodes and memlets name containers as `renamed` says.
Copies copy_nodes(ir::State& state, const std::vector<ir::Node*>& nodes,
                  const std::map<std::string, std::string>& renamed);

}  // namespace thalweg::transforms
