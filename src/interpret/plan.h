// What is worked out once for each state and graph: which nodes lie in which scope and what they wait for, and which
// containers are born where.
#pragma once
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::interpret {

// One thing to run among its siblings: a node, or a whole scope (its entry).
struct Unit {
  ir::Node* node = nullptr;
  std::vector<size_t> after;        // siblings that must have finished
  bool streams = false;             // some memlet at its border names a stream
  std::vector<std::string> pushes;  // streams it may push to
};
struct Siblings {
  std::vector<Unit> units;  // in topological order
  bool streams = false;
  std::vector<const ir::Edge*> sets;   // `set` edges of references
  std::vector<const ir::Edge*> views;  // `views` edges, a view of a view after it
};
struct StatePlan {
  std::unordered_map<const ir::Node*, const ir::Node*> entry_of;  // the scope around a node (null: the state)
  std::unordered_map<const ir::Node*, Siblings> scopes;           // by entry; null: the state
  const Siblings& inside(const ir::Node* entry) const { return scopes.at(entry); }
};
StatePlan make_plan(const ir::State& state);

struct GraphPlan {
  std::map<std::string, std::vector<std::string>, std::less<>> shaped_by;  // symbol -> containers whose extents use it
  // Transients used in one scope only are born anew in each of its iterations.
  std::map<std::string, const ir::Node*, std::less<>> home;
  std::unordered_map<const ir::Node*, std::vector<std::string>> locals;  // by entry
};

// The ends of the memlet path through scope entries and exits that an edge is part of.
const ir::Edge& outermost_source(const ir::Edge& edge);
const ir::Edge& outermost_target(const ir::Edge& edge);
bool is_stream(const ir::SDFG& sdfg, std::string_view container);

}  // namespace thalweg::interpret
