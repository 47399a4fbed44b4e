// What running an element reads and writes, as seen from outside of it.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/scopes.h"
#include "ir/sdfg.h"

namespace thalweg::analysis {

struct Access {
  std::string container;  // as named: views and references are not resolved (aliases.h)
  // Which elements, in symbols that hold outside of the element; none: some or all, not known.
  std::optional<symbolic::Subset> subset;
  // Are all elements of `subset` touched whenever the element runs? Else perhaps only some, or none.
  bool certain = false;
  ir::Wcr wcr = ir::Wcr::none;  // writes
};

struct Effects {
  std::vector<Access> reads, writes;
  std::set<std::string> pointers_set;  // references that are set
  std::set<std::string> symbols_read, symbols_assigned;
  bool side_effects = false;  // callbacks, side-effect tasklets, streams: runs once, in order
  bool may_raise = false;     // checks and raising operations
  bool jumps = false;         // break, continue or return leaves the element

  bool reads_container(const std::string& name) const;
  bool writes_container(const std::string& name) const;
};

// A node with its edges. For an entry: what the edges into it carry; for a whole scope ask for the state.
Effects effects_of(const ir::Node& node);
Effects effects_of(const ir::State& state);
// A block with all below it; a loop's accesses are those of all its iterations.
Effects effects_of(const ir::ControlFlowBlock& block);
// Condition and assignments of a transition.
Effects effects_of(const ir::InterstateEdge& edge);

}  // namespace thalweg::analysis
