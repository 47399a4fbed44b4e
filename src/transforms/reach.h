// Small questions about the order of nodes in a state and the nodes of a scope.
#pragma once
#include <vector>

#include "ir/block.h"

namespace thalweg::transforms {

// Is there a path of edges from one node to the other (or are they the same)?
bool reaches(const ir::Node& from, const ir::Node& to);

// Would these edges, added all together, make a cycle?
bool closes_cycle(const std::vector<std::pair<ir::Node*, ir::Node*>>& added);

// All nodes between an entry and its exit, nested scopes too, without the two; the exit itself goes to `exit`.
std::vector<ir::Node*> nodes_in_scope(const ir::Node& entry, ir::Node** exit = nullptr);

// Edges of the list at this connector of their source or target.
std::vector<ir::Edge*> edges_from(const ir::Node& node, std::string_view source_connector);
std::vector<ir::Edge*> edges_into(const ir::Node& node, std::string_view target_connector);

// "IN_x" <-> "OUT_x" of a scope's entry or exit.
std::string out_of_in(std::string_view connector);
std::string in_of_out(std::string_view connector);

// May the state run more than once while its graph runs: does a loop or a cycle of transitions hold it?
bool may_repeat(const ir::State& state);

// Removes a node; what was before it by an order edge stays before what was behind it.
void remove_keeping_order(ir::State& state, ir::Node& node);

}  // namespace thalweg::transforms
