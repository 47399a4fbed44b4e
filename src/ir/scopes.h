// The scope tree of a state: which map or consume scope each node lies in.
#pragma once
#include <map>
#include <vector>

#include "ir/block.h"

namespace thalweg::ir {

// Computed once from the edges; holds as long as the state is not changed. A node lies in the scope of the entry that
// leads to it. An exit lies in the scope that it closes.
class Scopes {
 public:
  explicit Scopes(const State& state);

  // The entry around the node (for an exit: its own); null at the top.
  Node* parent(const Node& node) const;
  // Nodes directly in the scope of this entry (null: at the top), in topological order, the exit last.
  const std::vector<Node*>& children(const Node* entry) const;
  // The other end of the scope; null if it is missing.
  Node* exit(const Node& entry) const;
  Node* entry(const Node& exit) const;
  // Entries around the node, innermost first; not the node itself.
  std::vector<Node*> enclosing(const Node& node) const;
  // The entry at the top level around the node; the node itself when it stands there.
  Node& outermost(Node& node) const;
  // The scope in which data arrives at the node and leaves it: they differ for entries and exits.
  Node* scope_of_inputs(const Node& node) const;
  Node* scope_of_outputs(const Node& node) const;

 private:
  std::map<const Node*, Node*> parents_, partners_;
  std::map<const Node*, std::vector<Node*>> children_;
};

bool is_entry(const Node& node);
bool is_exit(const Node& node);
// Both hold what entry and exit share, or null.
const MapFields* map_of(const Node& node);
const ConsumeFields* consume_of(const Node& node);

}  // namespace thalweg::ir
